/** Says how large the package is when an application bundles all of it, and fails if it is larger than it may be: `npm run size`. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The most that all of the package may have, minified and compressed, without kit and the module of the cache; in bytes. */
export const MOST = 60 * 1024;
/** The most that it may have with the module. */
export const MOST_WITH_MODULE = 150 * 1024;

/**
 * How large the package is when this is bundled with it, minified and compressed; in bytes.
 *
 * @param {string} source
 * @param {string[]} external
 */
export async function sizeOf(source, external) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external,
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
}

const KIT = ['@solana/kit', '@solana/kit/*'];

/** The sizes that are asserted and told. */
export async function sizes() {
  const all = "export * from './src/index.ts'; export * from './src/cache/index.ts';";
  const withoutCache = "export * from './src/index.ts';";
  const module = new URL('../../wasm/artifact/sessions.wasm', import.meta.url);
  const own = await sizeOf(all, KIT);
  const one = "export { Rpc, send, openSession, sessionAddress } from './src/index.ts';";
  return {
    'all of it, without kit': own,
    'all of it, without kit, and the module of the cache': own + gzipSync(readFileSync(module), { level: 9 }).length,
    'all of it, with kit': await sizeOf(all, []),
    'all but the cache, without kit': await sizeOf(withoutCache, KIT),
    'what opens a session, without kit': await sizeOf(one, KIT),
    'what opens a session, with kit': await sizeOf(one, []),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await sizes();
  for (const [what, bytes] of Object.entries(found))
    console.log(`${(bytes / 1024).toFixed(1).padStart(6)} KB  ${what}`);
  const own = found['all of it, without kit'];
  const withModule = found['all of it, without kit, and the module of the cache'];
  if (own > MOST || withModule > MOST_WITH_MODULE) {
    console.error(
      `the package has ${own} bytes, and ${withModule} with the module; ${MOST} and ${MOST_WITH_MODULE} is the most`,
    );
    process.exitCode = 1;
  }
}
