/** What a reader gets, how fresh it is, and what is kept of it: to ask the module for an account is to copy it out and decode it. */
import { type Address, getAddressEncoder, type ReadonlyUint8Array } from '@solana/kit';
import type { AccountContent, Snapshot } from '../ledger/types.js';
import type { Core } from './core.js';
import type { HeldReading } from './wire/answer.js';

/**
 * How sure a reader can be, from least to most: something in it is a prediction that no block bears out yet; what is predicted in it has happened in a block
 * that may still disappear; it is what the cluster has voted for, or follows from it by operations that are confirmed; it is what cannot disappear.
 */
export const LEVELS = ['predicted', 'processed', 'confirmed', 'finalized'] as const;

/** How sure a reader can be: one of {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** How fresh a reading is. */
export interface Freshness {
  /** How sure it is. */
  readonly level: Level;
  /** The slot of the confirmed state under it. */
  readonly slot: bigint;
  /** When that was read, as `performance.now()` tells time, in milliseconds. */
  readonly readAt: number;
  /** Whether a prediction in it is exact but for what only the chain knows: its clock. Where other programs have a say, it is not. */
  readonly exact: boolean;
}

/** An account as a reader sees it. It is a snapshot, so `readSession`, `readMember` and the others read it; see {@link Reading.as}. */
export class Reading implements Snapshot {
  /** Where the account is. */
  readonly address: Address;
  /** What it holds; `null` if there is none. */
  readonly account: AccountContent | null;
  /** How fresh it is. */
  readonly freshness: Freshness;
  #reader: ((snapshot: Snapshot) => unknown) | undefined;
  #value: unknown;

  /** Of what the module holds of the account. */
  constructor(address: Address, held: HeldReading) {
    const { level, readAt, ...freshness } = held.freshness;
    this.address = address;
    this.account = held.account;
    this.freshness = { ...freshness, level: LEVELS[level] ?? 'predicted', readAt: Number(readAt) };
  }

  /** The slot of the confirmed state under it. */
  get slot(): bigint {
    return this.freshness.slot;
  }

  /** How long ago the confirmed state under it was read, in milliseconds. */
  get age(): number {
    return Math.max(performance.now() - this.freshness.readAt, 0);
  }

  /** What a reader of accounts makes of it, like `reading.as(readSession)`; of the same one it is kept, so that asking again costs nothing. */
  as<T>(read: (snapshot: Snapshot) => T): T {
    if (this.#reader !== read) {
      this.#value = read(this);
      this.#reader = read;
    }
    return this.#value as T;
  }
}

/** What was read of a session. */
interface Kept {
  /** The session's address, as bytes. */
  readonly bytes: ReadonlyUint8Array;
  readonly accounts: Map<Address, Reading>;
  /** The session's revision that the readings are of. */
  revision: number;
  /** The number of all changes as of which that was so. */
  changes: number;
  /** Whether it was read since the module was told so the last time. */
  used: boolean;
}

/** The readings that are kept: of sessions that are held, for as long as nothing that a reader sees of them changes. */
export class Readings {
  readonly #core: Core;
  readonly #kept = new Map<Address, Kept>();
  #used: Address[] = [];
  /** Readings that were kept, less those that the module was told of. */
  #hits = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Readings that the module did not count. */
  get hits(): number {
    return this.#hits;
  }

  /** What is seen of an account of a session; `null` if it is not held. */
  read(session: Address, account: Address): Reading | null {
    const kept = this.#kept.get(session);
    if (kept === undefined) return this.#fetch(session, account);
    const changes = this.#core.changes();
    if (kept.changes !== changes) {
      const revision = this.#core.revision(kept.bytes);
      if (revision !== kept.revision) kept.accounts.clear();
      kept.revision = revision;
      kept.changes = changes;
    }
    const found = kept.accounts.get(account);
    if (found === undefined) return this.#fetch(session, account);
    this.#hits += 1;
    if (!kept.used) {
      kept.used = true;
      this.#used.push(session);
    }
    return found;
  }

  /**
   * Tells the module which sessions were read since the last time, so that it gives up one that nobody reads before one that is. `also` are those that
   * somebody watches.
   */
  tellUses(also: Iterable<Address>): void {
    const used = this.#used;
    this.#used = [];
    for (const session of used) this.#pass(session);
    for (const session of also) this.#pass(session);
  }

  /** Forgets what was read of a session. */
  forget(session: Address): void {
    this.#kept.delete(session);
  }

  #pass(session: Address): void {
    const kept = this.#kept.get(session);
    if (kept === undefined) return;
    kept.used = false;
    const [account] = kept.accounts.keys();
    if (account !== undefined && this.#core.read(session, account) !== null) this.#hits -= 1;
  }

  #fetch(session: Address, account: Address): Reading | null {
    const held = this.#core.read(session, account);
    if (held === null) return null;
    const reading = new Reading(account, held);
    const bytes = this.#kept.get(session)?.bytes ?? getAddressEncoder().encode(session);
    const [revision, changes] = [this.#core.revision(bytes), this.#core.changes()];
    const before = this.#kept.get(session);
    const kept = before ?? { bytes, accounts: new Map(), revision, changes, used: false };
    kept.accounts.set(account, reading);
    if (before === undefined) this.#kept.set(session, kept);
    return reading;
  }
}
