/** Puts the committed program file into the package, for `@sessions/client/testing`. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Copies the file, if the package is where it is built and tested. */
export function copyProgram() {
  const [from, to] = ['../../programs/sessions/artifact/sessions.so', 'program/sessions.so'];
  mkdirSync(new URL('../program', import.meta.url), { recursive: true });
  copyFileSync(new URL(`../${from}`, import.meta.url), new URL(`../${to}`, import.meta.url));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) copyProgram();
