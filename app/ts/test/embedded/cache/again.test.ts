/** What could not be read is read in the end, though nobody asks for it: the core has it read again. */
import { expect, test } from 'vitest';
import { memoryJournal } from '../../../src/cache/index.js';
import * as s from '../../../src/index.js';
import { eventually, PATIENCE, Room, seen } from '../../help/room.js';
import { Unreadable } from '../../help/unreadable.js';

async function open(): Promise<{ readonly room: Room; readonly ledger: Unreadable }> {
  const room = await Room.open((inner) => new Unreadable(inner));
  const { ledger } = room;
  if (!(ledger instanceof Unreadable)) throw new Error('another ledger');
  return { room, ledger };
}

test('a change that was heard of is seen, though the session could not be read when it was', async () => {
  const { room, ledger } = await open();
  const cache = await room.cache();
  await cache.get(room.session);
  // What changed before the subscription began is read, too.
  await eventually(() => ledger.reads >= 2);
  ledger.fails = true;
  await room.aside(s.pauseSession({ authority: room.wallet, session: room.session }));
  await eventually(() => ledger.failures > 0);
  ledger.fails = false;
  await eventually(() => seen(cache, room.session).status === s.Status.Paused);
});

test('what an earlier life took on is sent, though its session could not be read at first', async () => {
  const [{ room, ledger }, journal] = [await open(), memoryJournal()];
  const { inner } = ledger;
  // Nothing is made ready in the first life.
  let isReady = false;
  ledger.simulate = (transaction) => (isReady ? inner.simulate(transaction) : new Promise(() => {}));
  const cache = await room.cache({ journal });
  const pending = await cache.submit(room.say('hello'));
  expect(await cache.close(0)).toBe(1);
  isReady = true;
  ledger.fails = true;
  const other = await room.cache({ journal });
  await eventually(() => ledger.failures > 0);
  ledger.fails = false;
  expect((await other.operation(pending.id)?.done)?.name).toBe('finalized');
  expect((await room.held()).messageSequence).toBe(1n);
  expect(await other.close(PATIENCE)).toBe(0);
});
