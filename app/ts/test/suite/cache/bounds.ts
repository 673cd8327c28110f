/** What a cache holds, what it gives up for what, and what readers are counted as: on whatever ledger. */
import type { Address } from '@solana/kit';
import { describe, expect, test } from 'vitest';
import * as s from '../../../src/index.js';
import { eventually, type Opening, PATIENCE, type Room, seen } from '../../help/room.js';

async function sessions(room: Room<s.Ledger>, count: number): Promise<readonly Address[]> {
  const found: Address[] = [];
  for (let place = 0; place < count; place += 1) found.push(await room.another(`session ${place}`));
  return found;
}

/** Tells all of it in rooms that are opened so. */
export function bounds(open: Opening): void {
  describe('a bounded cache', () => {
    test('gives up the session that was used longest ago, also where readings were answered from what is kept', async () => {
      const room = await open();
      const all = await sessions(room, 4);
      const [read, other, left, next] = all as [Address, Address, Address, Address];
      const cache = await room.cache({ limits: { sessions: 3 } });
      for (const session of [read, other, left]) await cache.get(session);
      // The subscriptions have the sessions read once more; until then nothing is kept for long.
      await eventually(() => room.ledger.reads >= 6);
      await room.calm();
      // The module is asked for each of them, for the one that is left last; what is read from then on is answered from what is kept.
      for (const session of [read, left, other]) cache.read(session);
      for (let time = 0; time < 9; time += 1) cache.read(read);
      await cache.get(next);
      await eventually(() => cache.statistics().evictions === 1);
      expect(all.map((session) => cache.read(session) !== null)).toEqual([true, true, false, true]);
      expect((await cache.get(left)).as(s.readSession).status, 'what was given up can be had again').toBe(
        s.Status.Active,
      );
    });

    test('keeps the session that somebody watches', async () => {
      const room = await open();
      const [watched, other, next] = (await sessions(room, 3)) as [Address, Address, Address];
      const cache = await room.cache({ limits: { sessions: 2 } });
      for (const session of [watched, other]) await cache.get(session);
      const stop = new AbortController();
      const watching = cache.watch(watched, { signal: stop.signal });
      await watching.next();
      await eventually(() => room.ledger.reads >= 4);
      await room.calm();
      for (const session of [watched, other]) cache.read(session);
      await cache.get(next);
      await eventually(() => cache.statistics().evictions === 1);
      expect([watched, other].map((session) => cache.read(session) !== null)).toEqual([true, false]);
      stop.abort();
      await watching.return();
    });

    test('never gives up a session with a pending operation', async () => {
      const room = await open();
      const others = await sessions(room, 4);
      const cache = await room.cache({ limits: { sessions: 1 } });
      room.ledger.swallows = true;
      const pending = await cache.submit(room.say('hello'));
      for (const session of others) await cache.get(session);
      expect(seen(cache, room.session).messageSequence, 'predicted still').toBe(1n);
      // A session that was given up while it was being read again is held once more, in place of another.
      expect(cache.statistics().evictions).toBeGreaterThanOrEqual(3);
      expect(others.filter((session) => cache.read(session) !== null)).toHaveLength(1);
      room.ledger.swallows = false;
      expect((await pending.done).name).toBe('finalized');
      expect((await room.held()).messageSequence).toBe(1n);
    });

    test('takes on as many operations as its limits say', async () => {
      const room = await open();
      const cache = await room.cache({ limits: { pendingInSession: 2 } });
      room.ledger.swallows = true;
      const kept = [await cache.submit(room.say('one')), await cache.submit(room.say('two'))];
      await expect(cache.submit(room.say('three'))).rejects.toMatchObject({
        name: 'TooManyPending',
        about: { pending: 2 },
      });
      room.ledger.swallows = false;
      for (const one of kept) await one.landed('finalized');
      expect(await cache.close(PATIENCE)).toBe(0);
    });

    test('counts a reading as a hit, whoever answered it', async () => {
      const room = await open();
      const cache = await room.cache({ limits: { sessions: 1 } });
      await cache.get(room.session);
      await eventually(() => room.ledger.reads >= 2);
      await room.calm();
      const before = cache.statistics();
      for (let time = 0; time < 50; time += 1) cache.read(room.session);
      expect(cache.read(await s.vaultAddress(room.session))).toBeNull();
      // At its limit, the cache tells the module of uses whenever something happens.
      cache.refresh(room.session);
      await room.calm();
      const { hits, misses } = cache.statistics();
      expect([hits - before.hits, misses - before.misses]).toEqual([50, 1]);
    });

    test('forgets what it kept as soon as it is another', async () => {
      const room = await open();
      const cache = await room.cache();
      const first = await cache.get(room.session);
      expect(cache.read(room.session)).not.toBeNull();
      room.ledger.swallows = true;
      await cache.submit(room.say('hello'));
      expect(cache.read(room.session)).not.toBe(first);
      expect(seen(cache, room.session).messageSequence).toBe(1n);
    });
  });
}
