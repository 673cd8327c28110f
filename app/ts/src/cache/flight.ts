/** A transaction on its way. */
import type { Signature, Transaction } from '@solana/kit';

/** A transaction on its way, or of an earlier life of the journal. */
export interface Flight {
  readonly transaction: Transaction;
  readonly signature: Signature;
  readonly lastValidBlockHeight: bigint;
  /** How often the operation was signed. */
  readonly attempts: number;
  /**
   * When it is sent again, and how long it was waited for since the last time, in milliseconds. `null` while it is being handed over for the first time, and
   * for one that stays here, because the journal may have lost it: that is asked for until it can land no more, and never sent.
   */
  again: { readonly at: number; readonly waited: number } | null;
  /** Whether it is of an earlier life of the journal. */
  readonly restored: boolean;
}
