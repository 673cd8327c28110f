/** Why a step failed, in the words of the command. */
import {
  errorMessage,
  errorName,
  type Failure,
  isSessionsError,
  type SessionsErrorName,
  type TransactionFailed,
} from '../../src/index.js';
import { firstFailed } from '../../src/log.js';
import { ARENA, arenaError } from './arena.js';
import { oneLine } from './show.js';
import { PROGRAMS } from './stage.js';

/** An error: its name, and what it says. */
export interface Why {
  readonly name: string;
  readonly message: string;
}

const LOG = 'Program log: ';

/** What an error of the session program says, with what is known of it besides. */
function refusal(name: SessionsErrorName, detail: string | undefined): string {
  const what = name === 'InvalidConfiguration' ? 'field' : 'reason';
  return detail === undefined ? errorMessage(name) : `${errorMessage(name)} (${what}: ${detail})`;
}

/** What a program logged right before it failed: a line that begins with `Error: `, or a line of the runtime's own programs. */
function saidBefore(logs: readonly string[]): string | undefined {
  const last = logs.findLast((line) => !line.includes(' consumed ') || line.startsWith(LOG));
  if (last?.startsWith(LOG)) return /^Error: (.*)$/.exec(last.slice(LOG.length))?.[1];
  return last === undefined || last.startsWith('Program ') ? undefined : last;
}

/** Which program failed, and what it says; nothing if the log does not tell. */
function ofProgram({ code, logs }: TransactionFailed): string | undefined {
  const failed = firstFailed(logs);
  if (failed === undefined) return undefined;
  const { program, reason, line } = failed;
  const name = Object.entries(PROGRAMS).find(([, address]) => address === program)?.[0] ?? program;
  const own = program === ARENA && code !== undefined ? arenaError(code) : undefined;
  const handedOn = program === ARENA && code !== undefined ? errorName(code) : undefined;
  const said =
    (own && `${own.name}: ${own.message}`) ??
    (handedOn && `${handedOn}: ${refusal(handedOn, handedOnDetail(handedOn, logs))}`) ??
    saidBefore(logs.slice(0, line)) ??
    (code === undefined ? reason : `its error number ${code}`);
  return `the program ${name} failed: ${said}`;
}

/** What the log says behind the name of an error that another program handed on. */
function handedOnDetail(name: SessionsErrorName, logs: readonly string[]): string | undefined {
  const next = logs[logs.lastIndexOf(LOG + name) + 1];
  return next?.startsWith(LOG) ? next.slice(LOG.length) : undefined;
}

/** The name of a failure, as a scenario expects it. */
export const failureName = (failure: Failure): string =>
  !isSessionsError(failure) && failure.code !== undefined ? `${failure.name}(${failure.code})` : failure.name;

/** Why a transaction failed. */
export function whyOf(failure: Failure): Why {
  const message = isSessionsError(failure)
    ? refusal(failure.name, failure.detail)
    : (ofProgram(failure) ?? failure.message);
  return { name: failureName(failure), message: oneLine(message) };
}

/** Whether a failure is the error that was expected, of which the name without its details is enough. */
export function isExpected(failure: Failure, expected: string): boolean {
  return failure.name === expected || failureName(failure) === expected;
}
