/** Puts the committed program file into the package, for `@sessions/client/testing`. */
import { copyFileSync, mkdirSync } from 'node:fs';

const at = (path) => new URL(`../${path}`, import.meta.url);

mkdirSync(at('program'), { recursive: true });
copyFileSync(at('../../programs/sessions/artifact/sessions.so'), at('program/sessions.so'));
