/** The command's own runner, and the scenarios that are there. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The scenarios of the examples, whichever there are. */
export const EXAMPLES: readonly string[] = readdirSync(`${root}examples`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => `examples/${name}`);

/** The text of a file. */
export const textOf = (file: string): string => readFileSync(root + file, 'utf8');

/** What the command says of a scenario, line by line. */
export function commandLines(file: string): readonly string[] {
  const { SESSIONS_BIN = `${root}target/debug/sessions` } = process.env;
  const told = execFileSync(SESSIONS_BIN, ['run', '--json', file], { cwd: root, encoding: 'utf8' });
  return told.trimEnd().split('\n');
}
