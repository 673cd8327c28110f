/** The command's own runner, and the scenarios that are there. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERROR_NAMES } from '../../src/index.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The scenarios of the examples: everything that is there but what says what they are. */
export const EXAMPLES: readonly string[] = readdirSync(`${root}examples`)
  .filter((name) => name !== 'README.md')
  .map((name) => `examples/${name}`);

/** The text of a file. */
export const textOf = (file: string): string => readFileSync(root + file, 'utf8');

/** What the command says of a scenario in a folder, line by line. What it cannot use is an error. */
export function commandLines(file: string, cwd = root): readonly string[] {
  const { SESSIONS_BIN = `${root}target/debug/sessions` } = process.env;
  const { status, stdout, stderr, error } = spawnSync(SESSIONS_BIN, ['run', '--json', file], { cwd, encoding: 'utf8' });
  // 1 says that an expectation did not hold.
  if (status !== 0 && status !== 1) throw new Error(`the command cannot play ${file}: ${stderr}`, { cause: error });
  return stdout.trimEnd().split('\n');
}

const NAMES: ReadonlySet<string> = new Set([...ERROR_NAMES, 'NotSent']);

/**
 * A line of a report as it can be compared: what the runtime's own errors say, each client says in its own words, so of those the name is left. What the
 * program, another program or a ledger says is the same in both.
 */
export const comparable = (line: string): string =>
  line.replace(/"error":"([^"]+)","message":"((?:[^"\\]|\\.)*)"/, (same, name: string, message: string) =>
    NAMES.has(name) || message.startsWith('the program ') ? same : `"error":"${name}"`,
  );
