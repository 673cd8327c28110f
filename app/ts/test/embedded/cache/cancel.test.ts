/** What was taken back stays so: nobody is told so before no later life of the journal can send it. */
import type { Transaction } from '@solana/kit';
import { expect, test } from 'vitest';
import type { CacheJournal } from '../../../src/cache/index.js';
import type { Receipt } from '../../../src/index.js';
import { after, eventually, PATIENCE, Room } from '../../help/room.js';
import { emptyDisk, Process } from '../../help/store.js';
import { Wrapped } from '../../help/wrapped.js';

test('a process that is killed at any write has taken back for good what it was told to have', async () => {
  const tried = { kills: 0, told: 0, untold: 0 };
  for (let write = 0, killed = true; killed; write += 1)
    for (const written of [false, true]) {
      const [room, disk] = [await Room.open(), emptyDisk()];
      const process = new Process(disk, { write, written });
      const cache = await room.cache({ journal: process.journal(), rebroadcast: 10_000 });
      process.onKilled = () => void cache.close(0);
      // The first is on its way, so the others wait behind it.
      room.ledger.swallows = true;
      const say = (text: string) => cache.submit(room.say(text)).catch(() => undefined);
      const [first, second] = [await say('one'), await say('two')];
      if (second !== undefined) await cache.submit({ ...room.say('three'), after: second }).catch(() => {});
      await first?.until('sent');
      const isTold = (await second?.cancel().catch(() => false)) === true;
      await cache.close(0);
      killed = process.isDead;
      tried.kills += killed ? 1 : 0;
      tried[isTold ? 'told' : 'untold'] += 1;

      room.ledger.swallows = false;
      const next = await room.cache({ journal: new Process(disk).journal() });
      expect(await next.close(PATIENCE)).toBe(0);
      const where = `killed at write ${write}, ${written ? 'after' : 'before'} it was on the disk`;
      const said = (await room.held()).messageSequence;
      if (isTold) expect(said, where).toBe(1n);
      const sent = new Set(room.ledger.submits.map((transaction) => Object.values(transaction.signatures).join()));
      expect(BigInt(sent.size), where).toBe(said);
    }
  expect(tried.kills).toBeGreaterThanOrEqual(8);
  expect(tried.told, 'the one that is not killed').toBeGreaterThanOrEqual(2);
  expect(tried.untold).toBeGreaterThanOrEqual(8);
});

/** A ledger that tries nothing until it is let. */
class Held extends Wrapped {
  asked = false;
  letGo = () => {};
  readonly #free = new Promise<void>((resolve) => {
    this.letGo = resolve;
  });

  override async simulate(transaction: Transaction): Promise<Receipt> {
    this.asked = true;
    await this.#free;
    return super.simulate(transaction);
  }
}

test('what is taken back while it is made ready is not recorded again', async () => {
  const [room, disk] = [await Room.open((inner) => new Held(inner)), emptyDisk()];
  const { ledger } = room;
  if (!(ledger instanceof Held)) throw new Error('another ledger');
  const process = new Process(disk);
  const cache = await room.cache({ journal: process.journal() });
  const pending = await cache.submit(room.say('hello'));
  await eventually(() => ledger.asked);
  expect(await pending.cancel()).toBe(true);
  expect(disk.records.size).toBe(0);
  const { writes } = process;
  ledger.letGo();
  await after(50);
  expect(process.writes).toBe(writes);
  expect(ledger.submits).toHaveLength(0);
});

test('what is taken back while it is recorded is forgotten behind that', async () => {
  const [room, disk] = [await Room.open(), emptyDisk()];
  const inner = new Process(disk).journal();
  const slow: (() => void)[] = [];
  // Its writes are long on their way to the disk, and each by itself.
  const put: CacheJournal['put'] = async (id, bytes) => {
    await new Promise<void>((resolve) => slow.push(resolve));
    await inner.put(id, bytes);
  };
  const cache = await room.cache({ journal: { ...inner, put } });
  const submitting = cache.submit(room.say('hello'));
  await eventually(() => slow.length === 1);
  const cancelling = cache.operation(1n)?.cancel();
  await after(10);
  slow[0]?.();
  expect(await cancelling).toBe(true);
  expect(disk.records.size).toBe(0);
  expect((await submitting).stage.name).toBe('rolledBack');
});
