/** Whatever says which instruction of an operation is refused, the rules, a trial or the chain: it counts the operation's own. */
import type { Address, Transaction } from '@solana/kit';
import { describe, expect, test } from 'vitest';
import { lossOf } from '../../../src/cache/index.js';
import { ledgerFailure, ownPlace } from '../../../src/cache/stage.js';
import * as s from '../../../src/index.js';
import { unsigned } from '../../../src/transaction/draft.js';
import { Room } from '../../help/room.js';
import { Unreadable } from '../../help/unreadable.js';

const BUDGET = 'ComputeBudget111111111111111111111111111111' as Address;

/** A ledger that hears of nothing that happens beside it, and where something happens before it tries anything. */
class Deaf extends Unreadable {
  happens: () => Promise<void> = async () => {};

  override async simulate(transaction: Transaction): Promise<s.Receipt> {
    await this.happens();
    return super.simulate(transaction);
  }
}

async function open() {
  const room = await Room.open((inner) => new Deaf(inner));
  const { ledger } = room;
  if (!(ledger instanceof Deaf)) throw new Error('another ledger');
  const cache = await room.cache({ price: { exactly: 7 } });
  await cache.get(room.session);
  const close = () => room.aside(s.pauseSession({ authority: room.wallet, session: room.session }));
  return { room, ledger, cache, close };
}

describe('the place of an instruction that is refused', () => {
  test('is its own where the rules refuse it', async () => {
    const { room, cache } = await open();
    const instructions = [...room.say('hello').instructions, ...room.resume().instructions];
    await expect(cache.submit({ session: room.session, instructions })).rejects.toMatchObject({
      name: 'InvalidTransition',
      instruction: 1,
    });
  });

  test('is its own where it is refused when it is tried', async () => {
    const { room, ledger, cache, close } = await open();
    ledger.happens = async () => {
      // The rules are not told.
      const isFirst = !ledger.fails;
      ledger.fails = true;
      if (isFirst) await close();
    };
    const pending = await cache.submit(room.say('hello'));
    expect(await pending.done).toMatchObject({ name: 'rolledBack', cause: { reason: { why: 'wouldFail' } } });
    expect(lossOf(pending.stage)).toMatchObject({ name: 'SessionNotActive', instruction: 0 });
  });

  test('is its own where it landed and failed, behind two that set its budget', async () => {
    const { room, ledger, cache, close } = await open();
    ledger.swallows = true;
    const pending = await cache.submit(room.say('hello'));
    await pending.until('sent');
    await close();
    ledger.swallows = false;
    expect((await pending.done).name).toBe('failed');
    expect(lossOf(pending.stage)).toMatchObject({ name: 'SessionNotActive', instruction: 0 });
  });

  test('is none where it is none of the operation’s', async () => {
    const other = s.SYSTEM_PROGRAM;
    const programs = [BUDGET, BUDGET, s.PROGRAM, BUDGET, other];
    // The last was added by a wallet, and the last but one is the operation's own.
    expect([0, 1, 2, 3, 4].map((place) => ownPlace(place, programs, 2))).toEqual([null, null, 0, 1, null]);
    expect(ownPlace(0, [BUDGET], 1), 'an operation that is nothing else').toBe(0);
    const room = await Room.open();
    const [say] = await Promise.all(room.say('hello').instructions);
    if (say === undefined) throw new Error('no instruction');
    const tried = unsigned({ payer: room.wallet, instructions: [say], budget: { units: 1, price: 1n } });
    const failed = (instruction: number) =>
      ledgerFailure(new s.TransactionFailed('InvalidSeeds', { instruction, reason: 'why' }), tried, 1);
    expect(failed(2)).toMatchObject({
      instruction: 0,
      text: expect.stringMatching(/^instruction 0 failed: .*\(why\)/),
    });
    expect(failed(1)).toMatchObject({ instruction: null, text: expect.stringMatching(/^the transaction failed/) });
  });
});
