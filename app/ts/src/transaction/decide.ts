/** What to do about a transaction, from what is known of it. No clock, no I/O. */
import { isLedgerError, isRetryable, LedgerError } from '../ledger/error.js';
import { type Commitment, isAtLeast, type RecentBlockhash, type TransactionStatus } from '../ledger/types.js';

/** How often a transaction whose blockhash a node does not know is handed over before that is believed. */
const UNKNOWN_BLOCKHASH_TRIES = 3;

/**
 * Whether a transaction can no longer run: the *finalized* chain is past its last block. To be safe, this must have been answered *before* the status was
 * asked for: only then does no status mean that it has not run.
 */
export function isOver(lifetime: RecentBlockhash, finalizedHeight: bigint): boolean {
  return finalizedHeight > lifetime.lastValidBlockHeight;
}

/** What is to be done about a transaction that was handed over. */
export type Step =
  /** It is where it was wanted to be. */
  | { readonly step: 'done'; readonly status: TransactionStatus }
  /** It ran, but not yet as surely as wanted. */
  | { readonly step: 'wait'; readonly status: TransactionStatus }
  /** It has not been seen; the same bytes are to be handed over again from time to time. */
  | { readonly step: 'rebroadcast' }
  /** It has not run and never will: another can be signed in its place. */
  | { readonly step: 'expired' };

/** What to do about a transaction with this status, which `expired` or not. A status is believed before anything else: what ran has not expired. */
export function stepOf(expired: boolean, status: TransactionStatus | null, wanted: Commitment): Step {
  if (status !== null) return { step: isAtLeast(status.commitment, wanted) ? 'done' : 'wait', status };
  return { step: expired ? 'expired' : 'rebroadcast' };
}

/** What came of handing a transaction over: it may be on its way; it is to be tried again; it was turned away and was never on its way. */
export type Handover = 'underway' | 'again' | { readonly refused: LedgerError };

/** What handing a transaction over answered: nothing if it was taken, or what was thrown. */
export type Answer = LedgerError | null;

const isRejected = (answer: Answer, word: string): boolean =>
  isLedgerError(answer, 'Rejected') && answer.about.error === word;

/**
 * What handing a transaction over came to.
 *
 * `underway` says whether it may have been on its way before: then nothing that a ledger says of the bytes now means that it has not run, for the first
 * copy may have, and a payer without funds may have none because of it. `tries` counts the times before.
 */
export function handoverOf(answer: Answer, underway: boolean, tries: number): Handover {
  if (answer === null || isRejected(answer, 'AlreadyProcessed')) return 'underway';
  // Broken off in between, or answered with what makes no sense, it may have arrived.
  if (isRetryable(answer) || !answer.isRefusal || underway) return 'again';
  if (isRejected(answer, 'BlockhashNotFound') && tries + 1 < UNKNOWN_BLOCKHASH_TRIES) return 'again';
  return { refused: answer };
}

/** Whether bytes may be on their way although handing them over answered this: everything but a clear refusal leaves it open. */
export function mayBeUnderway(answer: Answer): boolean {
  if (answer === null || isRejected(answer, 'AlreadyProcessed')) return true;
  return !answer.isRefusal;
}

/** What was thrown as a ledger's error; anything else is thrown on. */
export function answerOf(thrown: unknown): LedgerError {
  if (thrown instanceof LedgerError) return thrown;
  throw thrown;
}
