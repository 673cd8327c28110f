/** What a node says, as what it means. */
import { transactionError } from '../../failure.js';
import { printable } from '../../printable.js';
import { LedgerError } from '../error.js';

/** How much of what a node says is passed on, in characters. */
const LONGEST_REASON = 160;

/** An error as a node sends it. Numbers may be bigints. */
interface Said {
  readonly code: number | bigint;
  readonly message: string;
  readonly data?: unknown;
}

/** Whether it is an error as nodes send them. */
export const isSaid = (error: unknown): error is Said =>
  ['number', 'bigint'].includes(typeof field(error, 'code')) && typeof field(error, 'message') === 'string';

/** The first line of what a node says, cut where it becomes long, with nothing in it that a terminal would obey. */
export function short(text: string): string {
  const line = printable((text.split(/\r?\n/)[0] ?? '').trim());
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)} …` : line;
}

/** A field of something that a node sent, if it has it. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** The numbers of JSON-RPC errors: a node that is not ready, by one; requests that it never answers. */
const NODE_UNHEALTHY = -32_005;
const NOT_READY: ReadonlySet<number> = new Set([-32_016, -32_004, -32_014, -32_008]);
const SIGNATURE_FAILURE = -32_003;
const METHOD_NOT_FOUND = -32_601;
/** What JSON-RPC and Solana's nodes have numbers for is said of the request; anything else, of the node. */
const OF_THE_REQUEST: ReadonlySet<number> = new Set([-32_700, -32_600, -32_602]);
const SOLANAS = { first: -32_099, last: -32_001 } as const;
export const TOO_MANY_REQUESTS = 429;

/** What a node's error means. */
export function saidError(url: string, { code, message, data }: Said): LedgerError {
  const failed = transactionError(field(data, 'err'));
  if (failed !== null) return new LedgerError('Rejected', { error: failed });
  // Some nodes say this one in words alone.
  if (message.includes('This transaction has already been processed'))
    return new LedgerError('Rejected', { error: 'AlreadyProcessed' });
  const number = Number(code);
  if (number === NODE_UNHEALTHY) {
    const slots = field(data, 'numSlotsBehind');
    return new LedgerError('NodeBehind', {
      url,
      slots: typeof slots === 'number' || typeof slots === 'bigint' ? BigInt(slots) : null,
    });
  }
  if (NOT_READY.has(number)) return new LedgerError('NodeBehind', { url, slots: null });
  if (number === SIGNATURE_FAILURE) return new LedgerError('Rejected', { error: 'SignatureFailure' });
  if (number === TOO_MANY_REQUESTS) return new LedgerError('RateLimited', { url });
  if (number === METHOD_NOT_FOUND) return new LedgerError('Refused', { url, reason: 'it does not offer this' });
  const ofRequest = OF_THE_REQUEST.has(number) || (number >= SOLANAS.first && number <= SOLANAS.last);
  return new LedgerError(ofRequest ? 'Refused' : 'NodeFailed', { url, reason: short(message) });
}
