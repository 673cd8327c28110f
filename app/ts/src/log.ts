/** A transaction's log: which program a line is from, and which failed. */
import { type Address, isAddress } from '@solana/kit';

/** The lines of a log that a program itself wrote while it ran, without their beginnings. */
export interface OwnLine {
  /** `log` for a message, `data` for bytes. */
  readonly kind: 'log' | 'data';
  /** What stands behind the beginning. */
  readonly text: string;
}

const LOG = 'Program log: ';
const DATA = 'Program data: ';

/**
 * The lines that `program` wrote, in order. Any program can print any line, so one counts only while that program itself is the one that runs: the
 * log's `invoke` and `success` or `failed` lines tell which that is.
 */
export function linesOf(program: Address, logs: Iterable<string>): OwnLine[] {
  const running: string[] = [];
  const found: OwnLine[] = [];
  for (const line of logs) {
    const kind = line.startsWith(LOG) ? 'log' : line.startsWith(DATA) ? 'data' : undefined;
    if (kind !== undefined) {
      if (running.at(-1) === program) found.push({ kind, text: line.slice((kind === 'log' ? LOG : DATA).length) });
      continue;
    }
    const [, id, what] = /^Program (\S+) (.*)$/.exec(line) ?? [];
    if (id === undefined || what === undefined) continue;
    if (what.startsWith('invoke [')) running.push(id);
    else if ((what === 'success' || what.startsWith('failed')) && running.at(-1) === id) running.pop();
  }
  return found;
}

/** A program that failed. */
export interface FailedProgram {
  /** Its address. */
  readonly program: Address;
  /** What the log says of it. */
  readonly reason: string;
  /** The place of that line in the log. */
  readonly line: number;
}

/** The program that failed first, for those after it had called it; `undefined` if the log does not tell, as when it was cut before. */
export function firstFailed(logs: readonly string[]): FailedProgram | undefined {
  for (const [line, text] of logs.entries()) {
    const [, program, reason] = /^Program (\S+) failed: (.*)$/.exec(text) ?? [];
    if (program !== undefined && reason !== undefined && isAddress(program)) return { program, reason, line };
  }
  return undefined;
}

/**
 * Whether a log was cut: it ends after some ten thousand bytes, and whatever was told behind that is in no log. Whoever relies on events then reads the
 * accounts again, whose revisions tell that something is missing.
 */
export function isTruncated(logs: Iterable<string>): boolean {
  for (const line of logs) if (line === 'Log truncated') return true;
  return false;
}
