/** What is said of a transaction that was handed over is said of that one alone. */
import type { Transaction } from '@solana/kit';
import { expect, test } from 'vitest';
import { LedgerError } from '../../../src/index.js';
import { eventually, PATIENCE, Room } from '../../help/room.js';
import { Wrapped } from '../../help/wrapped.js';

/** A ledger that lets the first answer wait, and keeps what comes after it on its way. */
class Late extends Wrapped {
  /** Answers what was handed over first: it was never taken. */
  refuse = () => {};

  override async submit(transaction: Transaction): Promise<void> {
    this.submits.push(transaction);
    if (this.submits.length > 1) return this.swallows ? undefined : this.inner.submit(transaction);
    await new Promise<void>((_, reject) => {
      this.refuse = () => reject(new LedgerError('Refused', { url: 'http://node', reason: 'it is not signed in' }));
    });
  }
}

test('a refusal that comes late does not give up what was signed in its place and is on its way', async () => {
  const room = await Room.open((inner) => new Late(inner));
  const { ledger } = room;
  if (!(ledger instanceof Late)) throw new Error('another ledger');
  const cache = await room.cache();
  ledger.swallows = true;
  const pending = await cache.submit(room.say('hello'));
  await eventually(() => ledger.submits.length === 1);
  // Blocks go by, more than a blockhash is good for, and it is signed anew.
  ledger.inner.advance(120);
  await eventually(() => ledger.submits.length >= 2);
  ledger.refuse();
  ledger.swallows = false;
  expect((await pending.done).name).toBe('finalized');
  expect((await room.held()).messageSequence).toBe(1n);
  expect(await cache.close(PATIENCE)).toBe(0);
});
