/** Ten operations of which each follows the one before, and the first does not happen: none of the others does, and each is told why. */
import { describe, expect, test } from 'vitest';
import { lossOf, type Pending, type SessionCache } from '../../../src/cache/index.js';
import * as s from '../../../src/index.js';
import { eventually, PATIENCE, Room, seen } from '../../help/room.js';

const TEN = 10;

/** Writes the board, and submits nine messages behind that, of which each follows the one before: in turn here and in another session. */
async function ten(room: Room, cache: SessionCache): Promise<readonly [Pending, ...Pending[]]> {
  const { session, wallet: signer } = room;
  const other = await room.another('other');
  const board = await s.propertyAddress(session, 'board');
  await cache.load(session, [session, board]);
  const write = s.setProperty({ signer, session, key: 'board', value: 'mine', expectedVersion: 0, capacity: 8 });
  const first = await cache.submit({ session, instructions: [write] });
  const all: [Pending, ...Pending[]] = [first];
  for (let after = first; all.length < TEN; all.push(after))
    after = await cache.submit({ ...room.say(`${all.length}`, all.length % 2 === 0 ? session : other), after });
  expect([seen(cache, session), seen(cache, other)].map(({ messageSequence }) => messageSequence)).toEqual([4n, 5n]);
  expect(cache.read(session, board)?.as(s.readProperty).version).toBe(1n);
  return all;
}

/** Each but the first is lost by the one before, and was never sent; afterwards a reader sees what the chain holds. */
async function allAreLost(room: Room, cache: SessionCache, all: readonly Pending[]): Promise<void> {
  for (const [place, pending] of all.entries()) {
    if (place === 0) continue;
    const id = all[place - 1]?.id;
    expect(await pending.done).toEqual({ name: 'rolledBack', cause: { why: 'predecessor', id } });
    expect(lossOf(pending.stage)).toMatchObject({ name: 'PredecessorLost', about: { id } });
  }
  const other = await s.sessionAddress(room.wallet.address, 'other');
  const board = await s.propertyAddress(room.session, 'board');
  const { slot } = await room.ledger.inner.clock();
  for (const session of [room.session, other]) {
    expect(cache.pending(session)).toEqual([]);
    cache.refresh(session);
    await eventually(() => (cache.read(session)?.slot ?? 0n) >= slot);
  }
  for (const [session, account] of [
    [room.session, room.session],
    [room.session, board],
    [other, other],
  ] as const) {
    const [chain] = await room.ledger.inner.read([account]);
    const reading = cache.read(session, account);
    expect(reading?.account).toEqual(chain?.account);
    expect(reading?.freshness).toMatchObject({ exact: true, level: expect.stringMatching(/^(confirmed|finalized)$/) });
  }
  expect((await room.held()).messageSequence).toBe(0n);
  expect((await room.held(other)).messageSequence).toBe(0n);
  expect(await cache.close(PATIENCE)).toBe(0);
}

describe('ten operations in a row', () => {
  test('are lost with the first, which fails on the chain', async () => {
    const room = await Room.open();
    const cache = await room.cache();
    room.ledger.swallows = true;
    const all = await ten(room, cache);
    await all[0].until('sent');
    const { session, wallet: signer } = room;
    // Somebody is faster; what is said behind it would do as well without it.
    await room.aside(s.setProperty({ signer, session, key: 'board', value: 'theirs', capacity: 8 }));
    room.ledger.swallows = false;
    expect((await all[0].done).name).toBe('failed');
    expect(lossOf(all[0].stage)).toMatchObject({ name: 'VersionConflict' });
    await allAreLost(room, cache, all);
    const board = s.readProperty(await s.readOne(room.ledger.inner, await s.propertyAddress(session, 'board')));
    expect(new TextDecoder().decode(board.value)).toBe('theirs');
    const sent = new Set(room.ledger.submits.map((transaction) => Object.values(transaction.signatures).join()));
    expect(sent.size, 'nothing but the first left').toBe(1);
    expect(cache.statistics()).toMatchObject({ submitted: TEN, failed: 1, rolledBack: TEN - 1, confirmed: 0 });
  });

  test('are lost with the first, which expires', async () => {
    const room = await Room.open();
    const cache = await room.cache({ signings: 1 });
    room.ledger.swallows = true;
    const all = await ten(room, cache);
    await all[0].until('sent');
    await eventually(() => room.ledger.submits.length > 0);
    // Blocks go by, more than a blockhash is good for.
    room.ledger.inner.advance(120);
    expect(await all[0].done).toEqual({ name: 'expired' });
    expect(lossOf(all[0].stage)).toMatchObject({ name: 'NotDone', message: /blockhash expired/ });
    room.ledger.swallows = false;
    await allAreLost(room, cache, all);
    expect(cache.statistics()).toMatchObject({ submitted: TEN, expired: 1, rolledBack: TEN - 1, confirmed: 0 });
  });
});
