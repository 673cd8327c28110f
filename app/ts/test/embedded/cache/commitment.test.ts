/** At which commitment the cache asks what, whatever handle it was given. */
import type { Address, Transaction } from '@solana/kit';
import { expect, test } from 'vitest';
import type { Commitment, Ledger, Receipt, Snapshot } from '../../../src/index.js';
import { Embedded } from '../../../src/testing/index.js';
import { AT_ONCE, Room } from '../../help/room.js';
import { Wrapped } from '../../help/wrapped.js';

/** A handle that notes what is asked through it and those that were made of it, and at which commitment. */
class Noting extends Wrapped {
  override readonly commitment: Commitment;
  readonly asked: Set<string>;

  constructor(inner: Embedded, commitment: Commitment, asked = new Set<string>()) {
    super(inner);
    this.commitment = commitment;
    this.asked = asked;
  }

  override withCommitment(commitment: Commitment = this.commitment): Ledger {
    return new Noting(this.inner, commitment, this.asked);
  }

  #note(what: string): void {
    this.asked.add(`${what} at ${this.commitment}`);
  }

  override simulate(transaction: Transaction): Promise<Receipt> {
    this.#note('simulate');
    return super.simulate(transaction);
  }

  override submit(transaction: Transaction): Promise<void> {
    this.#note('submit');
    return super.submit(transaction);
  }

  override read(addresses: readonly Address[]): Promise<readonly Snapshot[]> {
    this.#note('read');
    return super.read(addresses);
  }

  override subscribe(address: Address, asking: { readonly signal: AbortSignal }): AsyncGenerator<Snapshot, void> {
    this.#note('subscribe');
    return super.subscribe(address, asking);
  }
}

test.each(['processed', 'confirmed', 'finalized'] as const)(
  'given a handle at %s, what is held is confirmed, and what follows something is tried where that can be seen',
  async (commitment) => {
    const ledger = new Noting(new Embedded(), commitment);
    const room = await Room.on(ledger, AT_ONCE);
    ledger.asked.clear();
    const cache = await room.cache();
    const first = await cache.submit(room.say('one'));
    const second = await cache.submit({ ...room.say('two'), after: first });
    expect((await second.done).name).toBe('finalized');
    expect([...ledger.asked].sort()).toEqual([
      'read at confirmed',
      'simulate at processed',
      'submit at processed',
      'subscribe at confirmed',
    ]);
  },
);
