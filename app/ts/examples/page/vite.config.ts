/** How the example page is served and built: by itself, on the package's sources. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  // The page may lie in any folder of a server.
  base: './',
  resolve: { alias: { '@sessions/client': at('../../src/index.ts') } },
  build: { target: 'es2023', modulePreload: { polyfill: false } },
});
