/** The chain's clock, as far as it is known: what it said last, and how long ago. */
import type { Ledger } from '../ledger/index.js';
import type { Asking, Clock } from '../ledger/types.js';
import type { Moment } from './wire/parts.js';

/** The bytes that rent counts besides an account's data. */
const OVERHEAD = 128n;
/** How long a slot is about, in milliseconds. */
const SLOT_MILLISECONDS = 400;
/** How long what the chain's clock said is gone on from, in milliseconds: a computer's own stops while it sleeps. */
const LASTS = 60_000;

/** Tells a moment on the chain without asking it each time. */
export class ChainClock {
  #said: Clock;
  #at = performance.now();
  readonly #lamportsPerByte: bigint;

  private constructor(said: Clock, lamportsPerByte: bigint) {
    this.#said = said;
    this.#lamportsPerByte = lamportsPerByte;
  }

  /** Asks a ledger. */
  static async ask(ledger: Ledger, asking: Asking): Promise<ChainClock> {
    const [said, minimum] = await Promise.all([ledger.clock(asking), ledger.minimumBalance(0, asking)]);
    return new ChainClock(said, minimum / OVERHEAD);
  }

  /** Asks again, if what was said is old. */
  async keep(ledger: Ledger, asking: Asking): Promise<void> {
    if (performance.now() - this.#at < LASTS) return;
    this.#said = await ledger.clock(asking);
    this.#at = performance.now();
  }

  /** What it says by now, if it runs as clocks do. */
  now(): Moment {
    const elapsed = performance.now() - this.#at;
    return {
      unixTimestamp: this.#said.unixTimestamp + BigInt(Math.floor(elapsed / 1_000)),
      slot: this.#said.slot + BigInt(Math.floor(elapsed / SLOT_MILLISECONDS)),
      lamportsPerByte: this.#lamportsPerByte,
    };
  }
}
