/** Why a cache does not do what it was asked to, with what to do about it. */
import type { Address } from '@solana/kit';

/** What a cache's error is about, by its name. */
interface About {
  /** The cache was closed. */
  Closed: Record<never, never>;
  /** So many operations are pending, and no more are taken on. */
  TooManyPending: { readonly pending: number };
  /** The session would have so many accounts, more than are held of one. */
  TooManyAccounts: { readonly accounts: number };
  /** What the ledger says of a session's accounts is nothing that accounts can be. */
  WrongAccounts: { readonly session: Address; readonly reason: string };
  /** The operation that another was to follow did not happen, or is none that is known. */
  PredecessorLost: { readonly id: bigint };
  /** It cannot be told what an instruction would do. */
  Unpredictable: { readonly instruction: number; readonly reason: string };
  /** An option is out of its range. */
  WrongOption: { readonly option: string; readonly found: unknown; readonly range: string };
  /** The WebAssembly module cannot be had, is another one, or failed. */
  WrongModule: { readonly reason: string };
  /** The submitter's own name for an operation is too long. */
  KeyTooLong: { readonly bytes: number; readonly most: number };
  /** An operation is larger than a journal keeps. */
  OperationTooLarge: { readonly bytes: number; readonly most: number };
  /** What a journal has of an operation cannot be read. */
  RecordUnreadable: { readonly id: bigint; readonly reason: string };
  /** A journal is in use by another cache. */
  JournalInUse: { readonly journal: string };
  /** A journal cannot be kept for one cache alone. */
  JournalUnlocked: { readonly journal: string };
  /** A journal is of a later version, or none at all. */
  JournalUnknown: { readonly journal: string; readonly format: string };
  /** A journal cannot be read or written. */
  JournalFailed: { readonly reason: string };
  /** It is not known whether an operation of an earlier life happened. */
  Unknown: Record<never, never>;
  /** An operation did not happen. */
  NotDone: { readonly reason: string };
}

/** The name of a cache's error. */
export type CacheErrorName = keyof About;

const SENTENCES: { readonly [N in CacheErrorName]: (about: About[N]) => string } = {
  Closed: () => 'the cache was closed; open another',
  TooManyPending: ({ pending }) =>
    `${pending} operations are pending, and no more are taken on; wait for some of them, or raise the limits`,
  TooManyAccounts: ({ accounts }) =>
    `the session would have ${accounts} accounts, more than the cache holds of one; raise its limit of accounts, up to 100`,
  WrongAccounts: ({ session, reason }) =>
    `what the ledger says of the accounts of ${session} cannot be (${reason}); use another node`,
  PredecessorLost: ({ id }) =>
    `operation ${id}, which it is to follow, did not happen or is not known; submit that one first`,
  Unpredictable: ({ instruction, reason }) =>
    `it cannot be told what instruction ${instruction} would do: ${reason}; send it without the cache`,
  WrongOption: ({ option, found, range }) => `the option ${option} is ${found}; give ${range}`,
  WrongModule: ({ reason }) =>
    `the WebAssembly module of the cache cannot be used (${reason}); serve sessions.wasm of the package, or give it as the option module`,
  KeyTooLong: ({ bytes, most }) =>
    `the operation's key has ${bytes} bytes, and ${most} is the most; give a shorter one`,
  OperationTooLarge: ({ bytes, most }) =>
    `the operation takes ${bytes} bytes with its transaction, and ${most} is the most; submit its instructions as several operations`,
  RecordUnreadable: ({ id, reason }) =>
    `operation ${id} in the journal cannot be read (${reason}); use the version of the package that wrote it, or give another journal`,
  JournalInUse: ({ journal }) => `${journal} is in use by another cache; close that one, or its page, or name another`,
  JournalUnlocked: ({ journal }) =>
    `${journal} cannot be kept for this page alone, since it has no Web Locks; serve the page over https, or give locks`,
  JournalUnknown: ({ journal, format }) =>
    `${journal} has the format ${format}, which this version of the package does not know; use the version that wrote it, or name another`,
  JournalFailed: ({ reason }) => `the journal failed (${reason}); make room in the browser's storage, or give another`,
  Unknown: () =>
    "the operation was sent so long ago that the ledger may have forgotten it, and it is not known whether it happened; look in the session's history before it is submitted again",
  NotDone: ({ reason }) => `the operation did not happen: ${reason}`,
};

/** Why a cache does not do what it was asked to. `name` says what it is, `about` the rest, and the message what to do. */
export class CacheError<N extends CacheErrorName = CacheErrorName> extends Error {
  /** What it is. */
  override readonly name: N;
  /** What it is about. */
  readonly about: About[N];

  constructor(name: N, about: About[N], cause?: unknown) {
    super(SENTENCES[name](about), cause === undefined ? undefined : { cause });
    this.name = name;
    this.about = about;
  }
}

/** Whether something that was thrown is a cache's error; with `name`, that one. */
export function isCacheError<N extends CacheErrorName>(error: unknown, name?: N): error is CacheError<N> {
  return error instanceof CacheError && (name === undefined || error.name === name);
}
