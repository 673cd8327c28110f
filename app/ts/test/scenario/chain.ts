/** A ledger whose time goes as a scenario says. */
import type { Signature } from '@solana/kit';
import {
  failureOf,
  type Landed,
  type Ledger,
  type LedgerError,
  type Receipt,
  type TransactionErrorJson,
} from '../../src/index.js';
import { Embedded } from '../../src/testing/index.js';
import { ARENA, arenaFile } from './arena.js';
import type { Cast } from './cast.js';

/** How many slots go by in two seconds. */
const SLOTS_IN_TWO_SECONDS = 5;

/** How many slots go by in so many seconds, and at least one. */
export const slotsIn = (seconds: number): bigint =>
  BigInt(Math.max(Math.ceil((seconds * SLOTS_IN_TWO_SECONDS) / 2), 1));

/** A ledger that begins with a story. */
export interface Chain {
  readonly ledger: Ledger;
  /** The slot that the story is in. A ledger may be in the one behind, because a transaction's block is over as soon as it ran. */
  readonly slot: bigint;
  /** The time of the story, in Unix seconds. */
  readonly time: bigint;
  /** Goes on to the next slot. */
  nextSlot(): Promise<void>;
  /** Lets so many seconds pass. */
  wait(seconds: number): Promise<void>;
  /** Does what a transaction needs to get into a block, until it has landed or cannot. */
  closing(signature: Signature, landing: Promise<Landed>): Promise<void>;
  /** The receipt of a transaction that was turned away. */
  turnedAway(error: LedgerError<'Rejected'>): Receipt;
}

/** The receipt of a transaction that did not run, in a slot. */
export function notRun({ about }: LedgerError<'Rejected'>, slot: bigint): Receipt {
  const error: TransactionErrorJson = about.error;
  const nothing = { computeUnits: 0n, fee: 0n, logs: [], events: [], returned: new Uint8Array() };
  return { ...nothing, signature: '' as Signature, slot, failure: failureOf(error, [], []) };
}

/** A ledger in this process. */
export class EmbeddedChain implements Chain {
  readonly ledger = new Embedded();
  slot = 1n;
  time: bigint;

  constructor(start: bigint, cast: Cast, funds: ReadonlyMap<string, bigint>) {
    this.time = start;
    this.ledger.svm.addProgram(ARENA, arenaFile());
    this.ledger.setTime(start);
    for (const [name, lamports] of funds)
      if (lamports > 0n) void this.ledger.airdrop(cast.signer(name, 'actor').address, lamports);
  }

  async nextSlot(): Promise<void> {
    this.#goTo(this.slot + 1n, this.time);
  }

  async wait(seconds: number): Promise<void> {
    this.#goTo(this.slot + slotsIn(seconds), this.time + BigInt(seconds));
  }

  async closing(_: Signature, landing: Promise<Landed>): Promise<void> {
    // It is in a block as soon as it is handed over.
    await landing.catch(() => {});
  }

  turnedAway(error: LedgerError<'Rejected'>): Receipt {
    return notRun(error, this.slot);
  }

  #goTo(slot: bigint, time: bigint): void {
    const now = this.ledger.svm.getClock().slot;
    if (now < slot) {
      if (now < slot - 1n) this.ledger.svm.warpToSlot(slot - 1n);
      this.ledger.advance();
    }
    this.ledger.setTime(time);
    this.slot = slot;
    this.time = time;
  }
}
