/** One call from instructions to a receipt. */
import type { Signature } from '@solana/kit';
import { isLedgerError, LedgerError } from '../ledger/error.js';
import type { Ledger } from '../ledger/index.js';
import type { Receipt } from '../ledger/types.js';
import type { Price } from './budget.js';
import { type Draft, prepare, sign } from './draft.js';
import { type LandOptions, landResigning } from './land.js';
import { pauses, sleep } from './pause.js';

/** How a transaction is sent. */
export interface SendOptions extends LandOptions {
  /** What it pays for each compute unit; what others lately paid, and at most 100,000 micro-lamports. */
  readonly price?: Price;
}

const unread = (signature: Signature, thrown: LedgerError) =>
  new LedgerError('NoReceipt', { signature, reason: thrown.message }, thrown);

/** The receipt of a transaction that has run, as soon as the ledger has it. A node that fails at the question may answer it a little later. */
async function receiptOf(
  ledger: Ledger,
  signature: Signature,
  { patience = 300_000, signal }: LandOptions,
): Promise<Receipt> {
  const begun = performance.now();
  let last: LedgerError | undefined;
  for (const pause of pauses(100, 1_000, 0)) {
    try {
      const receipt = await ledger.receipt(signature, { signal });
      if (receipt !== null) return receipt;
      last = undefined;
    } catch (thrown) {
      if (!(thrown instanceof LedgerError)) throw thrown;
      // It ran, so that is no reason to try it again.
      if (!thrown.isRetryable && thrown.name !== 'NodeFailed') throw unread(signature, thrown);
      last = thrown;
    }
    if (performance.now() - begun >= patience) break;
    await sleep(pause, signal);
  }
  throw isLedgerError(last, 'NodeFailed') ? unread(signature, last) : new LedgerError('Unresolved', { signature });
}

/**
 * Sends instructions in one transaction and waits until it is as sure as `options` say: simulated for its compute limit, signed, handed over as the same
 * bytes until it was seen or can no longer run, and only then signed anew. It runs once or not at all.
 *
 * @throws SessionsError if the program refuses it, in the simulation or in its block; TransactionFailed if something else does; LedgerError if it could
 * not be sent, or if it is not known what became of it (`Unresolved`, `NoReceipt`).
 */
export async function send(ledger: Ledger, draft: Draft, options: SendOptions = {}): Promise<Receipt> {
  const { price, signal } = options;
  const prepared = await prepare(ledger, draft, price, { signal });
  if (prepared.simulated.failure !== null) throw prepared.simulated.failure;
  const landed = await landResigning(ledger, (lifetime) => sign(prepared.draft, lifetime, { signal }), options);
  const receipt = await receiptOf(ledger, landed.signature, options);
  if (receipt.failure !== null) throw receipt.failure;
  return receipt;
}

/**
 * Runs instructions without keeping what they do: what the program would answer, without a signature.
 *
 * @throws what it would fail with, as {@link send}.
 */
export async function simulate(
  ledger: Ledger,
  draft: Draft,
  options: Pick<SendOptions, 'signal'> = {},
): Promise<Receipt> {
  const { simulated } = await prepare(ledger, draft, { exactly: 0 }, options);
  if (simulated.failure !== null) throw simulated.failure;
  return simulated;
}
