/** What becomes of what is submitted to a cache, and what its readers see: on whatever ledger, with the real program. */
import { generateKeyPairSigner } from '@solana/kit';
import { describe, expect, test } from 'vitest';
import { isCacheError, LEVELS, lossOf, type Pending, type SessionCache, type Stage } from '../../../src/cache/index.js';
import * as s from '../../../src/index.js';
import { after, eventually, type Opening, PATIENCE, type Room, seen } from '../../help/room.js';

const sure = (cache: SessionCache, { session }: Pick<Room, 'session'>) =>
  LEVELS.indexOf(cache.read(session)?.freshness.level ?? 'predicted');

/** Tells all of it in rooms that are opened so. */
export function stories(open: Opening): void {
  describe('what is submitted', () => {
    test('is seen at once, and becomes what the chain holds', async () => {
      const room = await open();
      const cache = await room.cache();
      expect((await cache.get(room.session)).freshness).toMatchObject({ exact: true });
      expect(sure(cache, room)).toBeGreaterThanOrEqual(LEVELS.indexOf('confirmed'));
      room.ledger.swallows = true;
      const pending = await cache.submit(room.say('hello'));
      expect(pending.exact).toBe(true);
      expect(cache.read(room.session)?.freshness.level).toBe('predicted');
      expect(seen(cache, room.session).messageSequence).toBe(1n);
      expect((await room.held()).messageSequence, 'it did not even arrive yet').toBe(0n);
      await eventually(() => room.ledger.submits.length > 0);
      room.ledger.swallows = false;
      expect((await pending.done).name).toBe('finalized');
      cache.refresh(room.session);
      await eventually(() => cache.read(room.session)?.freshness.level === 'finalized');
      expect(seen(cache, room.session)).toEqual(await room.held());
      expect(await cache.close(PATIENCE)).toBe(0);
    });

    test('is refused at once if the program would refuse it, and costs nothing', async () => {
      const room = await open();
      const cache = await room.cache();
      await expect(cache.submit(room.resume())).rejects.toMatchObject({ name: 'InvalidTransition', instruction: 0 });
      const { session, wallet: signer } = room;
      const late = s.setProperty({ signer, session, key: 'board', value: 'e2e4', expectedVersion: 3 });
      await expect(cache.submit({ session, instructions: [late] })).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(room.ledger.submits).toHaveLength(0);
      expect(cache.pending(room.session)).toEqual([]);
    });

    test('lands in its order, and is sent once', async () => {
      const room = await open();
      const cache = await room.cache({ rebroadcast: 60_000 });
      const pending: Pending[] = [];
      for (let place = 0; place < 10; place += 1) pending.push(await cache.submit(room.say(String(place))));
      expect(seen(cache, room.session).messageSequence).toBe(10n);
      expect(pending.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, place) => BigInt(place + 1)));
      const slots: bigint[] = [];
      for (const one of pending) {
        const stage = await one.landed('finalized');
        slots.push(stage.name === 'finalized' ? stage.slot : 0n);
      }
      expect(slots).toEqual([...slots].sort((a, b) => Number(a - b)));
      expect((await room.held()).messageSequence).toBe(10n);
      expect(room.ledger.submits, 'nothing was sent twice').toHaveLength(10);
    });

    test('follows what it names in another session, and is taken back with it', async () => {
      const room = await open();
      const other = await room.another('other');
      const cache = await room.cache();
      await cache.load(other);
      room.ledger.swallows = true;
      const first = await cache.submit(room.say('first'));
      const second = await cache.submit({ ...room.say('second', other), after: first });
      const third = await cache.submit({ ...room.say('third'), after: second.id });
      await first.until('sent');
      await after(50);
      expect(second.stage.name, 'it waits for the other session').toBe('local');
      expect(await second.cancel()).toBe(true);
      expect(await third.done).toMatchObject({ name: 'rolledBack', cause: { why: 'predecessor', id: second.id } });
      expect(lossOf(third.stage)).toMatchObject({ name: 'PredecessorLost', about: { id: second.id } });
      await expect(cache.submit({ ...room.say('late'), after: second })).rejects.toMatchObject({
        name: 'PredecessorLost',
      });
      const fourth = await cache.submit({ ...room.say('fourth', other), after: first });
      room.ledger.swallows = false;
      expect((await fourth.done).name).toBe('finalized');
      expect([(await room.held()).messageSequence, (await room.held(other)).messageSequence]).toEqual([1n, 1n]);
    });

    test('can be taken back before it was sent, and not afterwards', async () => {
      const room = await open();
      const cache = await room.cache();
      room.ledger.swallows = true;
      const first = await cache.submit(room.say('first'));
      const second = await cache.submit(room.say('second'));
      await first.until('sent');
      expect(await first.cancel()).toBe(false);
      expect(await second.cancel()).toBe(true);
      expect(await second.done).toEqual({
        name: 'rolledBack',
        cause: { why: 'givenUp', reason: { why: 'cancelled' } },
      });
      await expect(second.landed()).rejects.toMatchObject({ name: 'NotDone' });
      expect(seen(cache, room.session).messageSequence).toBe(1n);
      expect(cache.pending(room.session)).toMatchObject([{ id: first.id, stage: { name: 'sent' } }]);
    });

    test('is told of stage by stage', async () => {
      const room = await open();
      const cache = await room.cache();
      const pending = await cache.submit(room.say('hello'));
      const stages: Stage['name'][] = [];
      for await (const { name } of pending) stages.push(name);
      expect(stages[0]).toBe('local');
      expect(stages.at(-1)).toBe('finalized');
      expect(await cache.operation(pending.id)?.done).toEqual(pending.stage);
      expect(cache.operation(99n)).toBeUndefined();
    });
  });

  describe('what becomes of an operation', () => {
    test('that no longer applies is its end with the program’s error, and that of what follows it', async () => {
      const room = await open();
      const cache = await room.cache();
      await cache.get(room.session);
      // The first is on its way and does not arrive, so the others wait behind it.
      room.ledger.swallows = true;
      const first = await cache.submit(room.say('first'));
      const second = await cache.submit(room.say('second'));
      const third = await cache.submit({ ...room.pause(), after: second });
      expect(seen(cache, room.session).status).toBe(s.Status.Paused);
      await first.until('sent');
      await room.aside(s.pauseSession({ authority: room.wallet, session: room.session }));
      expect(await second.done).toMatchObject({ name: 'rolledBack', cause: { why: 'refused' } });
      expect(lossOf(second.stage)).toMatchObject({ name: 'SessionNotActive' });
      expect(await third.done).toMatchObject({ cause: { why: 'predecessor', id: second.id } });
      // The first arrives after all, and fails there.
      room.ledger.swallows = false;
      expect((await first.done).name).toBe('failed');
      expect(lossOf(first.stage)).toMatchObject({ name: 'SessionNotActive' });
      await eventually(() => cache.read(room.session)?.freshness.level !== 'predicted');
      expect(seen(cache, room.session)).toEqual(await room.held());
    });

    test('is not told by an answer that makes no sense', async () => {
      const room = await open();
      const cache = await room.cache();
      room.ledger.garbles = true;
      const pending = await cache.submit(room.say('hello'));
      expect((await pending.done).name).toBe('finalized');
      expect((await room.held()).messageSequence).toBe(1n);
    });

    test('that failed is told, and others go on without its receipt', async () => {
      const room = await open();
      const cache = await room.cache();
      await cache.get(room.session);
      room.ledger.forgets = true;
      room.ledger.swallows = true;
      const pending = await cache.submit(room.say('hello'));
      await pending.until('sent');
      await room.aside(s.pauseSession({ authority: room.wallet, session: room.session }));
      room.ledger.swallows = false;
      const stage = await pending.done;
      if (stage.name !== 'failed') throw new Error(stage.name);
      expect(stage.failure.error, 'only the log tells whose error it is').toBeNull();
      const next = await cache.submit(room.resume());
      expect((await next.done).name).toBe('finalized');
    });

    test('that does not arrive is asked for and sent again as the same bytes', async () => {
      const room = await open();
      const cache = await room.cache();
      room.ledger.swallows = true;
      const pending = await cache.submit(room.say('hello'));
      await eventually(() => room.ledger.submits.length >= 4);
      expect(pending.stage.name).toBe('sent');
      expect(new Set(room.ledger.submits.map((sent) => Object.values(sent.signatures).join())).size).toBe(1);
      room.ledger.swallows = false;
      expect((await pending.done).name).toBe('finalized');
      expect((await room.held()).messageSequence).toBe(1n);
    });

    test('whose payer has nothing is told before anything is sent', async () => {
      const room = await open();
      const cache = await room.cache({ payer: await generateKeyPairSigner() });
      const pending = await cache.submit(room.say('hello'));
      await pending.done;
      expect(lossOf(pending.stage)?.message).toContain('airdrop');
      expect(seen(cache, room.session).messageSequence).toBe(0n);
      expect(room.ledger.submits).toHaveLength(0);
    });

    test('whose signer is missing is told with its address', async () => {
      const room = await open();
      const cache = await room.cache({ payer: await generateKeyPairSigner() });
      const { wallet, session } = room;
      const [built] = await Promise.all(room.say('hello').instructions);
      if (built?.accounts === undefined) throw new Error('no instruction');
      const accounts = built.accounts.map(({ address, role }) => ({ address, role }));
      const pending = await cache.submit({ session, instructions: [{ ...built, accounts }] });
      await pending.done;
      expect(lossOf(pending.stage)?.message).toContain(wallet.address);
    });
  });

  describe('a reader', () => {
    test('has a session loaded once, however many ask', async () => {
      const room = await open();
      const cache = await room.cache();
      const members = await Promise.all(
        Array.from({ length: 100 }, async () => (await cache.get(room.session)).as(s.readSession).members),
      );
      expect(new Set(members)).toEqual(new Set([1]));
      await after(50);
      // One load, and one more behind the subscription.
      expect(room.ledger.reads).toBeLessThanOrEqual(2);
    });

    test('sees what somebody else does', async () => {
      const room = await open();
      const cache = await room.cache();
      await cache.get(room.session);
      const stop = new AbortController();
      const statuses: s.Status[] = [];
      const watching = (async () => {
        for await (const reading of cache.watch(room.session, { signal: stop.signal })) {
          statuses.push(reading.as(s.readSession).status);
          if (statuses.at(-1) === s.Status.Paused) stop.abort();
        }
      })();
      await eventually(() => room.ledger.reads >= 2);
      await room.aside(s.pauseSession({ authority: room.wallet, session: room.session }));
      await watching;
      expect(statuses[0]).toBe(s.Status.Active);
      expect(statuses.at(-1)).toBe(s.Status.Paused);
    });

    test('is not cut off by a subscription that ends: it is renewed, and the session read again', async () => {
      const room = await open();
      const cache = await room.cache();
      room.ledger.hangsUp = true;
      await cache.get(room.session);
      await eventually(() => room.ledger.subscriptions > 2);
      await room.aside(s.pauseSession({ authority: room.wallet, session: room.session }));
      await eventually(() => seen(cache, room.session).status === s.Status.Paused);
    });

    test('is told when the ledger cannot be reached; what is on its way is not lost by that', async () => {
      const room = await open();
      const cache = await room.cache();
      room.ledger.unreachable = true;
      await expect(cache.get(room.session)).rejects.toMatchObject({ name: 'Timeout', message: /http:\/\/node/ });
      expect(cache.read(room.session)).toBeNull();
      room.ledger.unreachable = false;
      expect((await cache.get(room.session)).as(s.readSession).members).toBe(1);
      const pending = await cache.submit(room.say('hello'));
      room.ledger.unreachable = true;
      await after(100);
      expect(pending.stage.name).toBe('sent');
      room.ledger.unreachable = false;
      expect((await pending.done).name).toBe('finalized');
    });

    test('sees accounts that are not there as what they are, and of one moment with the others', async () => {
      const room = await open();
      const cache = await room.cache();
      const property = await s.propertyAddress(room.session, 'board');
      expect(cache.want(room.session, [room.session, property])).toBe(false);
      await cache.load(room.session, [room.session, property]);
      expect(cache.want(room.session, [room.session, property])).toBe(true);
      expect(cache.read(room.session, property)?.account).toBeNull();
      const { wallet: signer, session } = room;
      const write = s.setProperty({ signer, session, key: 'board', value: 'e2e4', capacity: 8 });
      const pending = await cache.submit({ session, instructions: [write] });
      const reading = cache.read(session, property);
      expect(new TextDecoder().decode(reading?.as(s.readProperty).value)).toBe('e2e4');
      expect(reading?.freshness.level).toBe('predicted');
      expect(reading?.age).toBeGreaterThanOrEqual(0);
      expect(reading?.as(s.readProperty), 'what was decoded is kept').toBe(reading?.as(s.readProperty));
      expect(cache.read(session, property), 'and what was read').toBe(reading);
      await pending.landed();
      await eventually(() => cache.read(session, property)?.freshness.level !== 'predicted');
      const [chain] = await room.ledger.inner.read([property]);
      expect(cache.read(session, property)?.account).toEqual(chain?.account);
    });

    test('finds more accounts than are held of a session refused', async () => {
      const room = await open();
      const cache = await room.cache({ limits: { accounts: 2 } });
      const property = await s.propertyAddress(room.session, 'board');
      const member = await s.memberAddress(room.session, room.wallet.address);
      await cache.load(room.session, [room.session, property]);
      await expect(cache.load(room.session, [member])).rejects.toMatchObject({ name: 'TooManyAccounts' });
      expect(cache.read(room.session, property)).not.toBeNull();
    });
  });

  describe('a closed cache', () => {
    test('takes on nothing, and says so', async () => {
      const room = await open();
      const cache = await room.cache();
      await cache.get(room.session);
      const watching = (async () => {
        let count = 0;
        for await (const _ of cache.watch(room.session)) count += 1;
        return count;
      })();
      await after(20);
      expect(await cache.close(PATIENCE)).toBe(0);
      expect(await watching).toBeGreaterThan(0);
      for (const late of [() => cache.submit(room.say('late')), () => cache.get(room.session)])
        await expect(late()).rejects.toSatisfy((error) => isCacheError(error, 'Closed'));
      expect(cache.read(room.session)).toBeNull();
      expect(cache.pending(room.session)).toEqual([]);
      expect(cache.statistics().submitted).toBe(0);
      expect(await cache.close(), 'again').toBe(0);
      const { reads } = room.ledger;
      await after(50);
      expect(room.ledger.reads, 'nobody asks any more').toBe(reads);
    });

    test('waits for what is pending, or tells how much is', async () => {
      const room = await open();
      const patient = await room.cache();
      await patient.submit(room.say('one'));
      expect(await patient.close(PATIENCE)).toBe(0);
      expect((await room.held()).messageSequence).toBe(1n);
      const hasty = await room.cache();
      room.ledger.swallows = true;
      const pending = await hasty.submit(room.say('two'));
      const landing = pending.landed();
      expect(await hasty.close(0)).toBe(1);
      await expect(landing).rejects.toMatchObject({ name: 'Closed' });
      expect(Number.isFinite(hasty.statistics().hits)).toBe(true);
    });
  });
}
