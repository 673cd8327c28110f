/** The optimistic cache: sessions as they are and as they are about to be, at hand. */
import {
  type AccountMeta,
  type AccountSignerMeta,
  type Address,
  type Instruction,
  isSignerRole,
  isWritableRole,
  type ReadonlyUint8Array,
  type TransactionSigner,
} from '@solana/kit';
import { toHex } from '../hex.js';
import type { Ledger } from '../ledger/index.js';
import { sleep } from '../transaction/pause.js';
import { Driver } from './driver.js';
import { CacheError } from './error.js';
import { MAX_KEY_BYTES } from './journal/record.js';
import type { CacheOptions } from './options.js';
import { Pending } from './pending.js';
import type { Reading } from './reading.js';
import { Shared } from './shared.js';
import { rejectionError } from './stage.js';
import type { NotTaken } from './wire/answer.js';
import type { Operation, Stage } from './wire/parts.js';

/** The longest time that a timer takes, in milliseconds. */
const LONGEST_TIMER = 2_147_483_647;

/** What is to be done with a session, in one transaction. */
export interface Submission {
  /** The session under which it is kept: the one whose member acts. */
  readonly session: Address;
  /** The instructions, in their order, as the builders make them. */
  readonly instructions: readonly (Instruction | PromiseLike<Instruction>)[];
  /** An operation without whose success this one makes no sense, of whatever session: it is sent once that one is in a block, and taken back if it is lost. */
  readonly after?: Pending | bigint;
  /**
   * The submitter's own name for it, of at most 64 bytes: while an operation of this name is pending, from this life of the journal or an earlier one, it is that
   * one, and nothing is submitted anew.
   */
  readonly key?: string | ReadonlyUint8Array;
}

/** What was counted since the cache was opened. */
export interface Statistics {
  /** Readings answered from what is held. */
  readonly hits: number;
  /** Readings that need a load. */
  readonly misses: number;
  /** Sessions given up for others. */
  readonly evictions: number;
  /** Loads asked for. */
  readonly loads: number;
  /** Operations submitted. */
  readonly submitted: number;
  /** Operations confirmed. */
  readonly confirmed: number;
  /** Operations that ran and failed. */
  readonly failed: number;
  /** Operations that did not land in time. */
  readonly expired: number;
  /** Operations taken back before they were sent. */
  readonly rolledBack: number;
  /** Sessions whose pending operations were predicted anew. */
  readonly rebases: number;
}

/**
 * A cache of sessions on a ledger, with the core of the Rust client and its promises. A reader is answered from memory; an operation is predicted by the program's own
 * rules and seen at once, then signed, sent, followed and, if it comes to that, rolled back with what follows it.
 *
 * Everything that grows has a bound: sessions, accounts of one, pending operations, followed accounts. Nothing is held for a reader that is gone.
 */
export class SessionCache {
  readonly #shared: Shared;
  readonly #driver: Driver;
  #closed: Promise<number> | undefined;

  private constructor(shared: Shared) {
    this.#shared = shared;
    this.#driver = new Driver(shared);
  }

  /**
   * A cache on `ledger`. What a journal has of an earlier life goes on from where it was: nothing of it is lost, and nothing sent twice. It is to be closed when it is
   * not needed any more.
   *
   * @throws LedgerError if the ledger's clock cannot be read; CacheError if an option is out of its range, or the module or the journal cannot be used.
   */
  static async open(ledger: Ledger, options: CacheOptions): Promise<SessionCache> {
    return new SessionCache(await Shared.open(ledger, options));
  }

  /** An account of a session as a reader sees it, the session itself without one, if it is held; `null` if it is not, or the cache was closed. It does not wait. */
  read(session: Address, account: Address = session): Reading | null {
    return this.#shared.isStopped ? null : this.#shared.readings.read(session, account);
  }

  /**
   * The same, from memory if it is held; if not it is loaded once, however many ask, and held from then on.
   *
   * @throws as {@link SessionCache.load}.
   */
  async get(session: Address, account: Address = session): Promise<Reading> {
    for (;;) {
      const reading = this.read(session, account);
      if (reading !== null) return reading;
      await this.load(session, [account]);
    }
  }

  /**
   * Asks for accounts of a session, the session itself without any. Whether all are held already; if not, one load is on its way, however many ask.
   *
   * @throws CacheError: `TooManyAccounts`, `Closed`.
   */
  want(session: Address, accounts: readonly Address[] = [session]): boolean {
    const { isStopped, core } = this.#shared;
    if (isStopped) throw this.#shared.closed();
    const found = core.want(session, accounts);
    if (found.answer === 'flag') return found.value;
    throw notTaken(found.error);
  }

  /**
   * Has accounts of a session held, and waits until they are.
   *
   * @throws LedgerError if they cannot be read, CacheError: `WrongAccounts`, `TooManyAccounts`, `Closed`. What was held before is held still.
   */
  async load(session: Address, accounts: readonly Address[] = [session]): Promise<void> {
    const { failed, changes } = this.#shared;
    failed.delete(session);
    let wake = () => {};
    const leave = changes.on(session, () => wake());
    try {
      for (;;) {
        const rung = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const error = failed.get(session);
        if (error !== undefined) throw error;
        if (this.want(session, accounts)) return;
        this.#shared.hurry(session);
        await rung;
      }
    } finally {
      // The reason is for those who waited when it came: they are told before this one is gone.
      leave();
    }
  }

  /** Has a session read again, whatever is held of it. */
  refresh(session: Address): void {
    if (!this.#shared.isStopped) this.#shared.core.refresh(session);
  }

  /**
   * An account of a session as a reader sees it now and after every change, the session itself without one; of changes that come at once, the last. It waits while
   * nothing is held, and loads nothing. It ends with the signal or the cache.
   */
  async *watch(
    session: Address,
    { account = session, signal }: { readonly account?: Address; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<Reading, void> {
    const { changes } = this.#shared;
    let wake = () => {};
    const told = () => wake();
    const leave = changes.on(session, told);
    signal?.addEventListener('abort', told);
    try {
      let last: Reading | null = null;
      while (!this.#shared.isStopped && signal?.aborted !== true) {
        const rung = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const reading = this.read(session, account);
        if (reading !== null && reading !== last) {
          last = reading;
          yield reading;
        } else await rung;
      }
    } finally {
      leave();
      signal?.removeEventListener('abort', told);
    }
  }

  /**
   * Takes on an operation: from now on readers see what it does, and it is sent once what it depends on has landed. What it needs to know is loaded first if it is not
   * held. With a journal it is recorded before this answers.
   *
   * @throws SessionsError or TransactionFailed if the program would refuse it; LedgerError if what it needs cannot be read; CacheError: `WrongAccounts`,
   * `TooManyPending`, `TooManyAccounts`, `PredecessorLost`, `KeyTooLong`, `OperationTooLarge`, `Unpredictable`, `Closed`, and what the journal throws. Nothing is sent then.
   */
  async submit(submission: Submission): Promise<Pending> {
    const shared = this.#shared;
    const { session } = submission;
    const key = submission.key === undefined ? null : keyBytes(submission.key);
    const instructions = await Promise.all(submission.instructions);
    const operation = operationOf(submission, instructions);
    const accounts = new Set([session]);
    for (const { address, isSigner } of operation.instructions.flatMap((one) => one.accounts))
      if (!isSigner) accounts.add(address);
    for (;;) {
      await this.load(session, [...accounts]);
      const known = key === null ? undefined : shared.keys.get(toHex(key));
      if (known !== undefined) {
        const pending = this.#pending(known, false);
        // Whoever submitted it first may not have been answered yet.
        await shared.takingOn.get(known);
        return pending;
      }
      if (!shared.isOpen) throw shared.closed();
      const taken = shared.core.submit(operation, shared.now());
      if (taken.answer === 'notTaken') {
        if (taken.error.why !== 'notLoaded') throw notTaken(taken.error);
        // It was given up for another between being loaded and being used, or an instruction needs more than it names.
        for (const account of taken.error.accounts) accounts.add(account);
        continue;
      }
      const { id, exact } = taken;
      if (key !== null) shared.keys.set(toHex(key), id);
      shared.signers.set(id, signersOf(instructions));
      const pending = this.#pending(id, exact);
      const recording = this.#record(id, key, operation).finally(() => shared.takingOn.delete(id));
      shared.takingOn.set(id, recording);
      shared.spawn(recording.catch(() => {}));
      await recording;
      return pending;
    }
  }

  /** A pending operation by its number, or one that ended not long ago; `undefined` of any other. */
  operation(id: bigint): Pending | undefined {
    const track = this.#shared.isStopped ? undefined : this.#shared.follow(id);
    return track && new Pending(this.#shared, id, track, false);
  }

  /** The pending operations of a session, in their order, with their stages. */
  pending(session: Address): readonly { readonly id: bigint; readonly stage: Stage }[] {
    if (this.#shared.isStopped) return [];
    return this.#shared.core.queue(session).map(([id, stage]) => ({ id, stage }));
  }

  /** What was counted since the cache was opened. */
  statistics(): Statistics {
    const { core, readings } = this.#shared;
    const counted = Object.entries(core.statistics()).map(([name, count]) => [name, Number(count)] as const);
    const { hits, ...rest } = Object.fromEntries(counted) as { -readonly [Name in keyof Statistics]: number };
    return { ...rest, hits: hits + readings.hits };
  }

  /**
   * Takes on nothing more, waits until nothing is pending any more or `patience` is over, in milliseconds, and stops. Gives how many operations are pending still:
   * with a journal the next cache on it goes on with them; without one they may still land, and nobody looks after them.
   *
   * @throws CacheError: `Closed` with its cause, if the cache failed and cannot tell how many; the journal is let go all the same.
   */
  close(patience = 30_000): Promise<number> {
    const shared = this.#shared;
    shared.isOpen = false;
    this.#closed ??= this.#close();
    // The count tells whether it was in time. Who closes it again with less patience is waited for no longer.
    sleep(Math.min(patience, LONGEST_TIMER), shared.signal).then(
      () => shared.stop(),
      () => {},
    );
    return this.#closed;
  }

  async #close(): Promise<number> {
    const shared = this.#shared;
    await shared.quiet().catch((thrown: unknown) => shared.fail(thrown));
    shared.stop();
    await this.#driver.end();
    try {
      if (shared.failure === undefined) return shared.core.pending();
    } catch (thrown) {
      shared.fail(thrown);
    }
    throw shared.closed();
  }

  #pending(id: bigint, exact: boolean): Pending {
    const track = this.#shared.follow(id);
    if (track === undefined) throw this.#shared.closed();
    return new Pending(this.#shared, id, track, exact);
  }

  /** Records an operation and then lets it be sent. */
  async #record(id: bigint, key: Uint8Array | null, operation: Operation): Promise<void> {
    const shared = this.#shared;
    try {
      await shared.record(id, { key, operation, signed: null, attempts: 0 });
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      if (shared.failure === undefined) shared.core.giveUp(id, { why: 'notSent', text }, shared.now());
      await shared.forget([id]);
      throw thrown;
    }
    if (shared.failure !== undefined) return;
    shared.core.release(id);
    // It was taken back meanwhile, and may have been forgotten before it was recorded.
    if (shared.hasEnded(id)) await shared.forget([id]);
  }
}

/** @throws CacheError: `KeyTooLong`. */
function keyBytes(key: string | ReadonlyUint8Array): Uint8Array {
  const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : new Uint8Array(key);
  if (bytes.length > MAX_KEY_BYTES) throw new CacheError('KeyTooLong', { bytes: bytes.length, most: MAX_KEY_BYTES });
  return bytes;
}

function operationOf({ session, after }: Submission, instructions: readonly Instruction[]): Operation {
  return {
    session,
    instructions: instructions.map(({ programAddress, accounts = [], data = new Uint8Array() }) => ({
      program: programAddress,
      accounts: accounts.map(({ address, role }) => ({
        address,
        isSigner: isSignerRole(role),
        isWritable: isWritableRole(role),
      })),
      data,
    })),
    after: after === undefined ? null : typeof after === 'bigint' ? after : after.id,
  };
}

/** The signers that instructions came with. */
function signersOf(instructions: readonly Instruction[]): ReadonlyMap<Address, TransactionSigner> {
  const metas = instructions.flatMap(({ accounts = [] }) => accounts as readonly (AccountMeta | AccountSignerMeta)[]);
  return new Map(metas.flatMap((meta) => ('signer' in meta ? [[meta.address, meta.signer] as const] : [])));
}

function notTaken(error: NotTaken): Error {
  switch (error.why) {
    case 'refused':
      return rejectionError(error.instruction, error.rejection);
    case 'predecessor':
      return new CacheError('PredecessorLost', { id: error.id });
    case 'tooManyPending':
      return new CacheError('TooManyPending', { pending: Number(error.count) });
    case 'tooManyAccounts':
      return new CacheError('TooManyAccounts', { accounts: Number(error.count) });
    case 'notLoaded':
      return new CacheError('Unpredictable', { instruction: 0, reason: `${error.accounts.join(', ')} are not held` });
  }
}
