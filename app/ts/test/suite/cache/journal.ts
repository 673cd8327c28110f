/** What is pending survives its page or process by a journal, and happens once: on whatever ledger. */
import { getTransactionDecoder, type KeyPairSigner } from '@solana/kit';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { type CacheJournal, indexedDbJournal, memoryJournal } from '../../../src/cache/index.js';
import { decodeRecord } from '../../../src/cache/journal/record.js';
import { type Opening, PATIENCE, seen } from '../../help/room.js';
import { emptyDisk, Process, pageLocks } from '../../help/store.js';

/** Each kind of journal, as it is opened in each life. */
const KINDS: readonly (readonly [string, () => () => CacheJournal])[] = [
  [
    'memory',
    () => {
      const journal = memoryJournal();
      return () => journal;
    },
  ],
  [
    'IndexedDB',
    () => {
      const [factory, locks] = [new IDBFactory(), pageLocks()];
      return () => indexedDbJournal('journal', factory, locks);
    },
  ],
];

async function idsOf(journal: CacheJournal): Promise<readonly bigint[]> {
  const { entries } = await journal.open();
  await journal.close();
  return entries.map(({ id }) => id);
}

/** Tells all of it in rooms that are opened so. */
export function journals(open: Opening): void {
  describe.each(KINDS)('what is pending, in a journal in %s,', (_, kind) => {
    test('survives its process, and happens once', async () => {
      const [room, journal] = [await open(), kind()];
      room.ledger.swallows = true;
      const cache = await room.cache({ journal: journal(), rebroadcast: 10_000 });
      const first = await cache.submit({ ...room.say('one'), key: 'first' });
      const second = await cache.submit(room.say('two'));
      await first.until('sent');
      await expect(room.cache({ journal: journal() }), 'one cache at a time').rejects.toMatchObject({
        name: 'JournalInUse',
      });
      expect(await cache.close(0)).toBe(2);

      // A journal keeps no keys: what comes of it is signed by the payer and by the signers of the options.
      const other = await room.cache({ journal: journal() });
      const again = await other.submit({ ...room.say('one'), key: 'first' });
      expect(again.id, 'the same name is the same operation, also now').toBe(first.id);
      room.ledger.swallows = false;
      for (const { id } of [first, second]) expect((await other.operation(id)?.done)?.name).toBe('finalized');
      const third = await other.submit(room.say('three'));
      expect(third.id, 'numbers rise over all lives').toBeGreaterThan(second.id);
      expect((await third.done).name).toBe('finalized');
      expect(await other.close(PATIENCE)).toBe(0);
      expect((await room.held()).messageSequence).toBe(3n);
      expect(await idsOf(journal())).toEqual([]);
      const last = await room.cache({ journal: journal() });
      expect((await last.submit(room.say('four'))).id, 'also of one that has forgotten everything').toBeGreaterThan(
        third.id,
      );
    });

    test('does not come back when it was taken back', async () => {
      const [room, journal] = [await open(), kind()];
      room.ledger.swallows = true;
      const cache = await room.cache({ journal: journal() });
      const first = await cache.submit(room.say('one'));
      const second = await cache.submit(room.say('two'));
      await first.until('sent');
      const cancelled = second.cancel();
      // At once, before anybody could do anything about it.
      expect(await cache.close(0)).toBe(1);
      expect(await cancelled).toBe(true);
      expect(await idsOf(journal())).toEqual([first.id]);
    });

    test('is asked for by its name only while it is pending', async () => {
      const [room, journal] = [await open(), kind()];
      const cache = await room.cache({ journal: journal() });
      const first = await cache.submit({ ...room.say('one'), key: 'name' });
      expect((await first.done).name).toBe('finalized');
      const second = await cache.submit({ ...room.say('two'), key: new TextEncoder().encode('name') });
      expect(second.id).not.toBe(first.id);
      await expect(cache.submit({ ...room.say('x'), key: 'x'.repeat(65) })).rejects.toMatchObject({
        name: 'KeyTooLong',
      });
    });
  });

  describe('a journal', () => {
    test('that fails to forget what was taken back does so when it is closed', async () => {
      const [room, disk] = [await open(), emptyDisk()];
      const inner = new Process(disk).journal();
      let failures = 0;
      const forget: CacheJournal['forget'] = async (ended) => {
        failures += 1;
        if (failures === 1) throw new Error('the disk is busy');
        await inner.forget(ended);
      };
      const cache = await room.cache({ journal: { ...inner, forget } });
      room.ledger.swallows = true;
      const first = await cache.submit(room.say('one'));
      const second = await cache.submit(room.say('two'));
      await expect(second.cancel()).rejects.toThrow('the disk is busy');
      expect(second.stage.name, 'it is taken back here').toBe('rolledBack');
      expect(disk.records.has(second.id)).toBe(true);
      expect(await cache.close(0)).toBe(1);
      expect([...disk.records.keys()]).toEqual([first.id]);
    });

    test('that cannot be written takes nothing on', async () => {
      const room = await open();
      const process = new Process(emptyDisk(), { write: 0, written: false });
      const cache = await room.cache({ journal: process.journal() });
      await expect(cache.submit(room.say('hello'))).rejects.toThrow('killed');
      expect(seen(cache, room.session).messageSequence).toBe(0n);
      expect(room.ledger.submits).toHaveLength(0);
    });
  });

  test('a transaction is in the journal before it leaves', async () => {
    const [room, disk] = [await open(), emptyDisk()];
    const { ledger } = room;
    const recorded: boolean[] = [];
    const submit = ledger.submit.bind(ledger);
    ledger.submit = async (transaction) => {
      const records = [...disk.records].map(([id, bytes]) => decodeRecord(id, bytes).signed);
      const own = Object.values(transaction.signatures).join();
      recorded.push(
        records.some(
          (signed) =>
            signed !== null && Object.values(getTransactionDecoder().decode(signed.bytes).signatures).join() === own,
        ),
      );
      return submit(transaction);
    };
    const wallet: KeyPairSigner = room.wallet;
    const cache = await room.cache({ payer: wallet, journal: new Process(disk).journal() });
    for (const text of ['one', 'two', 'three']) await cache.submit(room.say(text));
    expect(await cache.close(PATIENCE)).toBe(0);
    expect(recorded).toEqual([true, true, true]);
  });
}
