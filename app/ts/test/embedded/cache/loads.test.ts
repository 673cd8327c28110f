/** Sessions that cannot be read for a while: who waits is told, nothing is blocked by it, and they are read again. */
import type { Address } from '@solana/kit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { memoryJournal, type SessionCache } from '../../../src/cache/index.js';
import * as s from '../../../src/index.js';
import { eventually, PATIENCE, Room } from '../../help/room.js';
import { Unreadable } from '../../help/unreadable.js';

/** A room on a ledger that is told when it cannot be read. */
async function open(): Promise<{ readonly room: Room; readonly ledger: Unreadable }> {
  let ledger: Unreadable | undefined;
  const room = await Room.open((inner) => {
    ledger = new Unreadable(inner);
    return ledger;
  });
  if (ledger === undefined) throw new Error('no ledger');
  return { room, ledger };
}

/** Lets everything happen that waits for no timer. */
async function drain(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a session that could not be read', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A cache that holds its session, which could not be read the last time; from now on no timer runs but by the test. */
  async function failed(room: Room, ledger: Unreadable): Promise<SessionCache> {
    const cache = await room.cache({ poll: 1_000 });
    await cache.get(room.session);
    // What changed before the subscription began is read, too.
    await eventually(() => ledger.reads >= 2);
    await drain();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    ledger.fails = true;
    cache.refresh(room.session);
    await drain();
    expect(ledger.failures).toBe(1);
    ledger.fails = false;
    return cache;
  }

  test('is read again after a pause, if nobody waits for it', async () => {
    const { room, ledger } = await open();
    const cache = await failed(room, ledger);
    const { reads } = ledger;
    cache.refresh(room.session);
    await drain();
    expect(ledger.reads).toBe(reads);
    await vi.advanceTimersByTimeAsync(10_000);
    await drain();
    expect(ledger.reads).toBeGreaterThan(reads);
  });

  test('is read at once for whoever comes to wait for it', async () => {
    const { room, ledger } = await open();
    const cache = await failed(room, ledger);
    const property = await s.propertyAddress(room.session, 'board');
    cache.refresh(room.session);
    await drain();
    // No timer runs, so nothing here is waited for but readings.
    await cache.load(room.session, [property]);
    expect(cache.read(room.session, property)?.account).toBeNull();
  });

  test('tells everybody who waits, and whoever asks again is answered', async () => {
    const { room, ledger } = await open();
    const cache = await room.cache();
    ledger.fails = true;
    const [first, second] = [cache.get(room.session), cache.load(room.session)];
    for (const waiting of [first, second]) await expect(waiting).rejects.toMatchObject({ name: 'NodeFailed' });
    expect(ledger.failures).toBe(1);
    ledger.fails = false;
    expect((await cache.get(room.session)).as(s.readSession).members).toBe(1);
  });

  test('is followed with the accounts that are held of it, not with those that could not be had', async () => {
    const { room, ledger } = await open();
    const cache = await room.cache();
    const { session, wallet } = room;
    await cache.get(session);
    ledger.fails = true;
    await expect(cache.load(session, [await s.vaultAddress(session)])).rejects.toMatchObject({ name: 'NodeFailed' });
    ledger.fails = false;
    const member = await s.memberAddress(session, wallet.address);
    await cache.load(session, [member]);
    const before = cache.read(session, member)?.account;
    // Once both of them are heard they are read once more, and then nobody asks for more.
    await eventually(() => ledger.subscribed.has(member));
    await room.aside(s.setProperty({ signer: wallet, session, key: 'board', value: 'e2e4', capacity: 8 }));
    await eventually(() => cache.read(session, member)?.account?.data.join() !== before?.data.join());
  });

  test('for what is said of it cannot be is told to whoever asks, and the cache goes on', async () => {
    const { room, ledger } = await open();
    const other = await room.another('other');
    const cache = await room.cache();
    const owner = 'no address' as Address;
    ledger.said = (snapshots) =>
      snapshots.map((one) =>
        one.address !== other || one.account === null ? one : { ...one, account: { ...one.account, owner } },
      );
    await expect(cache.get(other)).rejects.toMatchObject({ name: 'WrongAccounts', about: { session: other } });
    expect((await cache.get(room.session)).as(s.readSession).members).toBe(1);
    expect((await (await cache.submit(room.say('hello'))).landed()).name).toMatch(/confirmed|finalized/);
    ledger.said = (snapshots) => snapshots;
    expect((await cache.get(other)).as(s.readSession).members).toBe(1);
    expect(await cache.close(PATIENCE)).toBe(0);
  });

  test('does not keep what an earlier life sent from its end, nor anybody from reading it', async () => {
    const [{ room, ledger }, journal] = [await open(), memoryJournal()];
    ledger.swallows = true;
    const cache = await room.cache({ journal });
    const pending = await cache.submit(room.say('hello'));
    await pending.until('sent');
    expect(await cache.close(0)).toBe(1);
    ledger.swallows = false;
    ledger.fails = true;
    const other = await room.cache({ journal });
    const restored = other.operation(pending.id);
    expect((await restored?.until('confirmed'))?.name).toMatch(/confirmed|finalized/);
    expect(ledger.failures).toBeGreaterThan(0);
    ledger.fails = false;
    expect((await restored?.done)?.name).toBe('finalized');
    expect((await other.get(room.session)).as(s.readSession).messageSequence).toBe(1n);
    expect(await other.close(PATIENCE)).toBe(0);
  });
});
