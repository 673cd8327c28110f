/**
 * The journal: pending operations, kept so that they survive the end of a page or a process and are never sent twice.
 *
 * The order of writes is what makes that hold:
 *
 * 1. An operation is recorded when it is taken on, before its submitter is told so.
 * 2. A signed transaction is recorded before it leaves. Whoever finds it recorded must take it for sent: it is asked for, and the same bytes are sent again,
 *    until the ledger has said that it can land no more.
 * 3. What has ended is forgotten, and who takes an operation back is answered after that. To forget late what was sent, or twice, does no harm: it is found
 *    ended again. What was rolled back for another cause is told at once: if its page or process ends right after that, it may be tried again in the next life.
 *
 * The numbers of operations rise over all lives of a journal, even of one that has forgotten everything.
 */
import type { ReadonlyUint8Array } from '@solana/kit';

export { indexedDbJournal, type Locks } from './indexeddb.js';
export { memoryJournal } from './memory.js';

/** What a journal has of an operation. */
export interface JournalEntry {
  /** The operation's number. */
  readonly id: bigint;
  /** The record's bytes, as they were given. */
  readonly bytes: ReadonlyUint8Array;
}

/** What a journal has when it is opened. */
export interface JournalContent {
  /** Everything that is recorded, in the order of the numbers. */
  readonly entries: readonly JournalEntry[];
  /** The first number that was never recorded: one more than the highest that ever was. */
  readonly next: bigint;
}

/**
 * Where pending operations are kept: bytes by number, for one cache at a time. What a call wrote is durable when its promise is fulfilled. When the store fails in
 * the middle of a write, all of it is there or nothing of it; whoever was about to send what could not be recorded does not send it.
 */
export interface CacheJournal {
  /**
   * Opens the journal for this cache alone.
   *
   * @throws CacheError: `JournalInUse`, and whatever makes that it cannot be read.
   */
  open(): Promise<JournalContent>;
  /** Records an operation as it stands now, in place of what was recorded of it; and, in the same write, that its number was given. */
  put(id: bigint, bytes: ReadonlyUint8Array): Promise<void>;
  /** Forgets operations that have ended, all of them or none. One that is not recorded is no error. */
  forget(ended: readonly bigint[]): Promise<void>;
  /** Everything that is recorded, in the order of the numbers. */
  entries(): Promise<readonly JournalEntry[]>;
  /** Lets others have it. */
  close(): Promise<void>;
}
