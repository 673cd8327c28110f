/** What a ledger is asked with, and what it answers. */
import type { Address, Blockhash, ReadonlyUint8Array, Signature } from '@solana/kit';
import type { SessionEvent } from '../event.js';
import type { Failure, TransactionErrorJson } from '../failure.js';

/** How sure it is that something will stay so, from the least to the most: in a block of one node, of two thirds of the stake, for good. */
export type Commitment = 'processed' | 'confirmed' | 'finalized';

const ORDER: readonly Commitment[] = ['processed', 'confirmed', 'finalized'];

/** Whether `found` is at least as sure as `wanted`. */
export const isAtLeast = (found: Commitment, wanted: Commitment): boolean =>
  ORDER.indexOf(found) >= ORDER.indexOf(wanted);

/** A recent blockhash. */
export interface RecentBlockhash {
  /** The hash, to sign with. */
  readonly blockhash: Blockhash;
  /** The last block height at which a transaction signed with it can run. */
  readonly lastValidBlockHeight: bigint;
}

/** How far a transaction has come. */
export interface TransactionStatus {
  /** The slot it ran in. */
  readonly slot: bigint;
  /** How sure it is. */
  readonly commitment: Commitment;
  /** Why it failed, as the node writes it; `null` if it did not. */
  readonly error: TransactionErrorJson | null;
}

/** How far transactions have come. */
export interface Statuses {
  /** As of which slot. */
  readonly slot: bigint;
  /** Of each, in the order asked; `null`: not known at that slot. */
  readonly of: readonly (TransactionStatus | null)[];
}

/** A transaction in an account's history. */
export interface Entry {
  /** Its name. */
  readonly signature: Signature;
  /** The slot it ran in. */
  readonly slot: bigint;
  /** When, in Unix seconds; `null` if the ledger does not know. */
  readonly time: bigint | null;
  /** Whether it failed. */
  readonly failed: boolean;
}

/** What an account's data must have to be found: these bytes, at most 128, at this offset from its beginning. */
export interface Filter {
  /** The offset. */
  readonly offset: number;
  /** The bytes. */
  readonly bytes: ReadonlyUint8Array;
}

/** What an account holds. */
export interface AccountContent {
  /** The program that owns it. */
  readonly owner: Address;
  /** Its balance. */
  readonly lamports: bigint;
  /** Its bytes. */
  readonly data: ReadonlyUint8Array;
  /** Whether it is a program. */
  readonly executable: boolean;
}

/** An account as it was at a slot. */
export interface Snapshot {
  /** Where it is. */
  readonly address: Address;
  /** The slot. */
  readonly slot: bigint;
  /** What it held; `null` if there was none. */
  readonly account: AccountContent | null;
}

/** What became of a transaction. */
export interface Receipt {
  /** Its first signature, which names it. */
  readonly signature: Signature;
  /** The slot it ran in. */
  readonly slot: bigint;
  /** Why it failed; `null` if it did not. */
  readonly failure: Failure | null;
  /** The compute units it took. */
  readonly computeUnits: bigint;
  /** The fee it cost, in lamports. */
  readonly fee: bigint;
  /** Its log. */
  readonly logs: readonly string[];
  /** The session program's events in its log. A transaction that failed has none: what it logged did not happen. */
  readonly events: readonly SessionEvent[];
  /** What the session program answered by return data; empty if the last program that answered was another, or none did. */
  readonly returned: ReadonlyUint8Array;
}

/** The chain's clock. */
export interface Clock {
  /** The slot. */
  readonly slot: bigint;
  /** The time, in Unix seconds. */
  readonly unixTimestamp: bigint;
}

/** How a question can be given up. */
export interface Asking {
  /** Gives the question up; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
