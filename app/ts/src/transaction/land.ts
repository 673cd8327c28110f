/** Sends a transaction until it is known what became of it. */
import { getSignatureFromTransaction, type Signature, type Transaction } from '@solana/kit';
import { isRetryable, LedgerError } from '../ledger/error.js';
import { BLOCKHASH_BLOCKS, type Ledger, readOne } from '../ledger/index.js';
import type { Commitment, RecentBlockhash, TransactionStatus } from '../ledger/types.js';
import {
  type Answer,
  answerOf,
  handoverOf,
  isOver,
  type Lifetime,
  mayBeUnderway,
  NonceExpiry,
  type Step,
  stepOf,
} from './decide.js';
import { blockhashOf, checkSize } from './draft.js';
import { nonceAccountOf, readNonce } from './nonce.js';
import { mix, pauses, sleep } from './pause.js';

/** How a transaction is landed. Times are in milliseconds. */
export interface LandOptions {
  /** How sure it must be before it counts as done; confirmed. */
  readonly commitment?: Commitment;
  /** How often it may be signed, each time after the one before could no longer run; 3, and 1 at least. */
  readonly signings?: number;
  /** How long after the same bytes were handed over they are handed over again, if they were not seen; 2,000. */
  readonly rebroadcast?: number;
  /** How long to wait before looking for the first time; then longer each time, up to `rebroadcast`, and again with jitter. 200. */
  readonly look?: number;
  /** After how long to stop without knowing; 300,000. */
  readonly patience?: number;
  /** What the jitter is made from; 0. */
  readonly seed?: number;
  /** Stops waiting. What was handed over by then may still run; the rejection's reason is the signal's. */
  readonly signal?: AbortSignal | undefined;
  /** Is told what happens to the transaction on its way. */
  readonly onProgress?: (progress: Progress) => void;
}

/** What happens to a transaction on its way. */
export type Progress =
  /** It was signed, for the n-th time, counted from 1. It has not been sent yet: a caller can note what is about to be. */
  | {
      readonly what: 'signed';
      readonly signature: Signature;
      readonly lifetime: Lifetime;
      readonly time: number;
    }
  /** It was handed over, again and again perhaps. */
  | { readonly what: 'sent'; readonly signature: Signature }
  /** It ran. */
  | { readonly what: 'seen'; readonly signature: Signature; readonly status: TransactionStatus }
  /** It can no longer run. */
  | { readonly what: 'expired'; readonly signature: Signature };

/** What became of a signed transaction: its status if it ran (it may have failed), `null` if it did not run and never will. */
export type Landed = TransactionStatus | null;

/** What landing a signed transaction asks of a ledger. */
export type LandingLedger = Pick<Ledger, 'submit' | 'statuses' | 'blockHeight' | 'withCommitment'>;

async function handOver(
  ledger: LandingLedger,
  transaction: Transaction,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    await ledger.submit(transaction, { signal });
    return null;
  } catch (thrown) {
    return answerOf(thrown);
  }
}

/**
 * What is known of a transaction now. A status that is not there means that it has not run only if it was asked for after the transaction had expired, so
 * then it is asked for again.
 */
async function look(
  ledger: LandingLedger,
  signature: Signature,
  hasExpired: (unseen: bigint) => Promise<boolean>,
  wanted: Commitment,
  signal?: AbortSignal,
): Promise<Step> {
  const status = async () => {
    const { slot, of } = await ledger.statuses([signature], { signal });
    return { slot, found: of[0] ?? null };
  };
  const { slot, found } = await status();
  if (found !== null) return stepOf(false, found, wanted);
  return (await hasExpired(slot)) ? stepOf(true, (await status()).found, wanted) : { step: 'rebroadcast' };
}

/** Asks the finalized chain whether a transaction that had no status as of a slot can no longer run. */
function expiryOf(
  ledger: LandingLedger,
  lifetime: Lifetime,
  signal?: AbortSignal,
): (unseen: bigint) => Promise<boolean> {
  if ('blockhash' in lifetime) return async () => isOver(lifetime, await ledger.blockHeight('finalized', { signal }));
  const expiry = new NonceExpiry();
  const finalized = ledger.withCommitment('finalized');
  return async (unseen) => {
    const snapshot = await readOne(finalized, lifetime.nonceAccount, { signal });
    const standing = { slot: snapshot.slot, nonce: readNonce(snapshot)?.nonce ?? null };
    return expiry.isOver(lifetime, standing, unseen);
  };
}

const same = (a: TransactionStatus | undefined, b: TransactionStatus): boolean =>
  a?.slot === b.slot && a.commitment === b.commitment && JSON.stringify(a.error) === JSON.stringify(b.error);

/**
 * Hands a signed transaction over, as the same bytes, until it has run or can no longer. `underway` says that it may have been handed over before, as by a
 * page that was left.
 *
 * @throws LedgerError: those that are final, if the transaction was turned away before it was on its way: it has not run, and never will if it is not
 * handed over again. `Unresolved` if it is not known what became of it: it may still run, so nothing may be signed in its place; this can be called again
 * with `underway`.
 */
export async function land(
  ledger: LandingLedger,
  transaction: Transaction,
  lifetime: Lifetime,
  options: LandOptions & { readonly underway?: boolean } = {},
): Promise<Landed> {
  const { commitment = 'confirmed', rebroadcast = 2_000, look: first = 200, patience = 300_000, seed = 0 } = options;
  const { signal, onProgress: tell = () => {} } = options;
  checkSize(transaction);
  const signature = getSignatureFromTransaction(transaction);
  const hasExpired = expiryOf(ledger, lifetime, signal);
  const begun = performance.now();
  const waits = pauses(first, rebroadcast, mix(seed, signature));
  let { underway = false } = options;
  let handedOver: number | undefined;
  let tries = 0;
  let seen: TransactionStatus | undefined;
  for (;;) {
    signal?.throwIfAborted();
    if (seen === undefined && (handedOver === undefined || performance.now() - handedOver >= rebroadcast)) {
      const answer = await handOver(ledger, transaction, signal);
      const came = handoverOf(answer, underway, tries);
      if (typeof came === 'object') throw came.refused;
      if (came === 'underway') {
        handedOver = performance.now();
        tell({ what: 'sent', signature });
      } else tries += 1;
      underway ||= mayBeUnderway(answer);
    }
    try {
      const step = await look(ledger, signature, hasExpired, commitment, signal);
      if (step.step === 'done' || step.step === 'wait') {
        const { status } = step;
        if (!same(seen, status)) tell({ what: 'seen', signature, status });
        if (step.step === 'done') return status;
        seen = status;
      } else if (step.step === 'expired') {
        tell({ what: 'expired', signature });
        return null;
      } else {
        // What was seen and is not any more was on a fork.
        seen = undefined;
      }
    } catch (thrown) {
      const error = answerOf(thrown);
      if (!isRetryable(error) && !underway) throw error;
    }
    if (performance.now() - begun >= patience) throw new LedgerError('Unresolved', { signature });
    await sleep(waits.next().value, signal);
  }
}

/**
 * How long a transaction that somebody else signed can run at most: until its nonce moves, if it begins with advancing one; a blockhash that exists now was
 * made at the present height at the latest.
 */
export async function lifetimeOf(ledger: Ledger, transaction: Transaction, signal?: AbortSignal): Promise<Lifetime> {
  const nonceAccount = nonceAccountOf(transaction);
  if (nonceAccount !== null) return { nonceAccount, nonce: blockhashOf(transaction) };
  const height = await ledger.blockHeight('processed', { signal });
  return {
    blockhash: blockhashOf(transaction) as RecentBlockhash['blockhash'],
    lastValidBlockHeight: height + BLOCKHASH_BLOCKS,
  };
}

/** What landed. */
export interface LandedTransaction {
  /** Its name. */
  readonly signature: Signature;
  /** How far it has come; it may have failed. */
  readonly status: TransactionStatus;
}

/**
 * Signs a transaction and lands it; if it expires, signs it again, at most as often as `options` say.
 *
 * @throws LedgerError: `BlockhashExpired` if it never ran and never will; otherwise as {@link land} and `sign`.
 */
export async function landResigning(
  ledger: Ledger,
  sign: (lifetime: RecentBlockhash) => Promise<Transaction>,
  options: LandOptions = {},
): Promise<LandedTransaction> {
  const { signal, onProgress: tell = () => {} } = options;
  const signings = Math.max(options.signings ?? 3, 1);
  for (let time = 1; time <= signings; time += 1) {
    const asked = await ledger.blockhash({ signal });
    const transaction = await sign(asked);
    // A wallet may have signed with a blockhash or a nonce of its own, which lives longer than what it was given.
    const lifetime =
      blockhashOf(transaction) === asked.blockhash ? asked : await lifetimeOf(ledger, transaction, signal);
    const signature = getSignatureFromTransaction(transaction);
    tell({ what: 'signed', signature, lifetime, time });
    const status = await land(ledger, transaction, lifetime, options);
    if (status !== null) return { signature, status };
  }
  throw new LedgerError('BlockhashExpired', { signed: signings });
}
