/** Says how large the package is when an application bundles all of it, and fails if it is larger than it may be: `npm run size`. */

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The most that all of the package may have, minified and compressed, without kit; in bytes. */
const MOST = 60 * 1024;

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

/** The sizes that are asserted and told. */
export async function sizes() {
  const all = "export * from './src/index.ts';";
  const one = "export { Rpc, send, openSession, sessionAddress } from './src/index.ts';";
  const kit = ['@solana/kit', '@solana/kit/*'];
  return {
    'all of it, without kit': await sizeOf(all, kit),
    'all of it, with kit': await sizeOf(all, []),
    'what opens a session, without kit': await sizeOf(one, kit),
    'what opens a session, with kit': await sizeOf(one, []),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = await sizes();
  for (const [what, bytes] of Object.entries(found))
    console.log(`${(bytes / 1024).toFixed(1).padStart(6)} KB  ${what}`);
  const own = found['all of it, without kit'];
  if (own > MOST) {
    console.error(`the package has ${own} bytes, and ${MOST} is the most`);
    process.exitCode = 1;
  }
}
