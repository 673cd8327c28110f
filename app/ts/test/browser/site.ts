/** A page on a server of its own: the example page as it is built or as `npm run example` serves it, or another as it is built. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, createServer, type InlineConfig, preview } from 'vite';

/** A server with the page. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

const common = {
  configFile: fileURLToPath(new URL('../../examples/page/vite.config.ts', import.meta.url)),
  logLevel: 'error',
} as const;
const anyPort = { host: '127.0.0.1', port: 0 };

function urlOf(server: { readonly resolvedUrls: { readonly local: readonly string[] } | null }): string {
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('the server of the page has no URL');
  return url;
}

/** Builds the example page, or another, and serves what was built. */
export async function builtSite(page: InlineConfig = common): Promise<Site> {
  const outDir = mkdtempSync(join(tmpdir(), 'sessions-page-'));
  await build({ ...page, build: { ...page.build, outDir } });
  const server = await preview({ ...page, build: { outDir }, preview: anyPort });
  const close = async () => {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  };
  return { url: urlOf(server), close };
}

/** Serves the page from its sources. */
export async function developmentSite(): Promise<Site> {
  const server = await (await createServer({ ...common, server: anyPort })).listen();
  return { url: urlOf(server), close: () => server.close() };
}
