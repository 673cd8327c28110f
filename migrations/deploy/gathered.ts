/**
 * A ledger that is asked once for what many ask at the same time. Transactions land each by itself, and an upload has many on their way; a node is not to be
 * asked as often as that.
 */
import type { LandingLedger, Ledger, Statuses } from '@sessions/client';
import type { Signature } from '@solana/kit';

/** Who waits for a status. */
interface Waiting {
  readonly signature: Signature;
  readonly resolve: (statuses: Statuses) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * `ledger`, with the statuses of single transactions gathered for `window` milliseconds into one question, and the block height asked once at a time. A
 * status is never one that was asked for before the caller asked. No more may wait at a time than a ledger is asked about at once.
 */
export function gathered(ledger: Ledger, window: number): LandingLedger {
  let waiting: Waiting[] = [];
  let height: Promise<bigint> | undefined;
  const ask = async () => {
    const asked = waiting;
    waiting = [];
    try {
      const { slot, of } = await ledger.statuses(asked.map(({ signature }) => signature));
      for (const [place, { resolve }] of asked.entries()) resolve({ slot, of: [of[place] ?? null] });
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  return {
    submit: (transaction, asking) => ledger.submit(transaction, asking),
    withCommitment: (commitment) => ledger.withCommitment(commitment),
    // An older height is only more careful.
    blockHeight: (commitment) => {
      height ??= ledger.blockHeight(commitment).finally(() => {
        height = undefined;
      });
      return height;
    },
    statuses: ([signature]) =>
      new Promise((resolve, reject) => {
        if (signature === undefined) return resolve({ slot: 0n, of: [] });
        if (waiting.length === 0) setTimeout(ask, window);
        waiting.push({ signature, resolve, reject });
      }),
  };
}
