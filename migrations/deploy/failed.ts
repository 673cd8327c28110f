/** Why the command did not do what it was asked to: one line that says what was wrong, and one that says what to do. */
import { isLedgerError, type LedgerError, type LedgerErrorName, printable } from '@sessions/client';
import { type Refusal, told } from './refusal.js';

/** The exit code of what broke on the way. */
export const BROKEN = 1;
/** The exit code of what was given and cannot be used, or is not allowed by the chain. Nothing was sent. */
export const UNUSABLE = 2;

/** How far what was begun has come, as far as anything has to be done about it. */
const GOES_ON = 'run this again: it goes on where it stopped';

/** Why the command did not do what it was asked to. `name` is the condition, in one word that programs can tell. */
export class Failed extends Error {
  override readonly name: string;
  /** What to do about it, in one line. */
  readonly hint: string;
  /** The exit code. */
  readonly code: number;

  constructor(name: string, message: string, hint: string, code: number = UNUSABLE, cause?: unknown) {
    super(oneLine(message), cause === undefined ? undefined : { cause });
    this.name = name;
    this.hint = oneLine(hint);
    this.code = code;
  }

  /** What a terminal is shown. */
  get text(): string {
    return `error: ${this.name}: ${this.message}\n hint: ${this.hint}\n`;
  }

  /** What programs are given: one line of JSON. */
  get json(): string {
    return `${JSON.stringify({ error: { name: this.name, message: this.message, hint: this.hint } })}\n`;
  }
}

/** A text in one line, with nothing in it that a terminal would obey: it may be what a node or a program says. */
const oneLine = (text: string): string => printable(text.split(/\s+/).filter(Boolean).join(' '));

/** An argument that cannot be used. */
export const badArgument = (message: string, hint: string): Failed => new Failed('InvalidArgument', message, hint);

/** What the chain does not allow. */
export function refusalFailed(refusal: Refusal): Failed {
  const { message, hint } = told(refusal);
  return new Failed(refusal.why, message, hint);
}

/** A transaction failed: which, and what the ledger says. */
export const transactionFailed = (what: string, why: string): Failed =>
  new Failed('Failed', `${what} failed: ${why}`, `mend that and ${GOES_ON}`, BROKEN);

/** A transaction never landed. */
export const lost = (what: string): Failed =>
  new Failed(
    'Lost',
    `${what} did not land before its blockhash expired`,
    'run this again, it goes on where it stopped',
    BROKEN,
  );

/** Another run made the account anew that was to be filled. */
export const bufferChanged = (what: string): Failed =>
  new Failed(
    'BufferChanged',
    `the buffer of ${what} was made anew by another run, for more bytes than there are to write`,
    'wait until that run has ended, and run this again',
    BROKEN,
  );

/** The command was stopped. */
export const interrupted = (): Failed =>
  new Failed('Interrupted', 'it was stopped on the way', 'run this again, it goes on where it stopped', BROKEN);

const REACHED: ReadonlySet<LedgerErrorName> = new Set([
  'Unreachable',
  'Timeout',
  'RateLimited',
  'NodeBehind',
  'NotSolana',
  'Refused',
]);

/** Why the ledger did not answer, without its advice and its URL, which may hold a key. */
function reasonOf(error: LedgerError): string {
  if (isLedgerError(error, 'Unreachable') || isLedgerError(error, 'Refused')) return error.about.reason;
  if (isLedgerError(error, 'NotSolana')) return `what answers there is no Solana node: ${error.about.reason}`;
  if (isLedgerError(error, 'Timeout')) return 'it did not answer in time';
  if (isLedgerError(error, 'RateLimited')) return 'the node answers no more requests for now';
  return 'the node is behind its cluster';
}

/** What was thrown, as why the command failed. */
export function failedOf(thrown: unknown): Failed {
  if (thrown instanceof Failed) return thrown;
  if (!isLedgerError(thrown)) {
    const hint =
      'this is a mistake of the command: report it with what was called; what was sent stays, and running it again is safe';
    return new Failed('Unexpected', String(thrown), hint, BROKEN, thrown);
  }
  if (REACHED.has(thrown.name)) {
    const message = `the cluster cannot be reached (${reasonOf(thrown)})`;
    return new Failed('Unreachable', message, `check --url and the network, then ${GOES_ON}`, BROKEN, thrown);
  }
  if (isLedgerError(thrown, 'WrongUrl')) return advised(thrown, UNUSABLE);
  if (isLedgerError(thrown, 'BlockhashExpired')) return lost('a transaction');
  return advised(thrown, BROKEN);
}

/** An error that says in one line what was wrong and, behind a semicolon, what to do. */
function advised(error: LedgerError, code: number): Failed {
  const place = error.message.lastIndexOf('; ');
  const [message, hint] =
    place < 0 ? [error.message, GOES_ON] : [error.message.slice(0, place), error.message.slice(place + 2)];
  return new Failed(error.name, message, hint, code, error);
}
