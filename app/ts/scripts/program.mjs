/** Puts the committed program file into the package, for `@sessions/client/testing`, and the module of the cache. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILES = {
  'programs/sessions/artifact/sessions.so': 'sessions.so',
  'app/wasm/artifact/sessions.wasm': 'sessions.wasm',
};

/** Copies the files, if the package is where it is built and tested. */
export function copyProgram() {
  mkdirSync(new URL('../program', import.meta.url), { recursive: true });
  for (const [from, to] of Object.entries(FILES))
    copyFileSync(new URL(`../../../${from}`, import.meta.url), new URL(`../program/${to}`, import.meta.url));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) copyProgram();
