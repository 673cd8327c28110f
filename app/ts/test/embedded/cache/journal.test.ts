/** What is pending survives its page or process by a journal, and happens once, also where the journal fails or the process is killed. */
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { type CacheJournal, indexedDbJournal, lossOf, SessionCache } from '../../../src/cache/index.js';
import { decodeRecord, encodeRecord } from '../../../src/cache/journal/record.js';
import * as s from '../../../src/index.js';
import { after, PATIENCE, Room } from '../../help/room.js';
import { emptyDisk, Process, pageLocks } from '../../help/store.js';
import { journals } from '../../suite/cache/journal.js';

journals(() => Room.open());

describe('a journal', () => {
  test.each([
    [1, 'finalized'],
    [6, 'expired'],
  ])('that is %d hours old: what a ledger may have forgotten is not done once more', async (hours, end) => {
    const [room, disk] = [await Room.open(), emptyDisk()];
    room.ledger.swallows = true;
    const cache = await room.cache({ journal: new Process(disk).journal() });
    const pending = await cache.submit(room.say('one'));
    await pending.until('sent');
    expect(await cache.close(0)).toBe(1);
    room.ledger.inner.advance(hours * 3_600);
    room.ledger.swallows = false;
    const other = await room.cache({ journal: new Process(disk).journal() });
    const restored = other.operation(pending.id);
    const stage = await restored?.done;
    expect(stage?.name).toBe(end);
    if (end === 'expired' && stage !== undefined) {
      expect(lossOf(stage)).toMatchObject({ name: 'Unknown', message: expect.stringContaining("session's history") });
      await expect(restored?.landed()).rejects.toMatchObject({ name: 'Unknown' });
      expect(other.operation(pending.id)?.stage, 'whoever asks later').toEqual(stage);
    }
    expect((await room.held()).messageSequence).toBe(end === 'finalized' ? 1n : 0n);
  });

  test('that may not have what was signed keeps it from leaving, and it is not said to be over before it is', async () => {
    const [room, disk] = [await Room.open(), emptyDisk()];
    const inner = new Process(disk).journal();
    let fails = true;
    // Its disk takes one signed transaction more, and then says that it did not.
    const put: CacheJournal['put'] = async (id, bytes) => {
      await inner.put(id, bytes);
      if (fails && decodeRecord(id, bytes).signed !== null) throw new Error('the disk is gone');
    };
    const cache = await room.cache({ journal: { ...inner, put } });
    const pending = await cache.submit(room.say('hello'));
    await pending.until('sent');
    await after(200);
    expect([pending.stage.name, room.ledger.submits.length]).toEqual(['sent', 0]);
    expect(decodeRecord(pending.id, disk.records.get(pending.id) ?? new Uint8Array()).signed).not.toBeNull();
    // Once it can land no more it is signed anew, and goes its way.
    fails = false;
    room.ledger.inner.advance(120);
    expect((await pending.done).name).toBe('finalized');
    expect((await room.held()).messageSequence).toBe(1n);
  });

  test('has one encoding of a record, that of the Rust client', () => {
    const session = s.SYSTEM_PROGRAM;
    const operation = {
      session,
      instructions: [
        {
          program: session,
          accounts: [{ address: session, isSigner: true, isWritable: false }],
          data: Uint8Array.of(5),
        },
      ],
      after: 3n,
    };
    const signed = { signature: new Uint8Array(64).fill(7), bytes: Uint8Array.of(8), lastValidBlockHeight: 9n };
    const record = { key: Uint8Array.of(6), operation, signed, attempts: 2 };
    const zeros = (count: number) => Array.from({ length: count }, () => 0);
    const u64 = (low: number) => [low, ...zeros(7)];
    const u32 = (low: number) => [low, ...zeros(3)];
    const layout = [1, 1, ...u32(1), 6, ...zeros(32), ...u32(1), ...zeros(32), ...u32(1), ...zeros(32), 1, 0];
    const rest = [...u32(1), 5, 1, ...u64(3), 1, ...new Uint8Array(64).fill(7), ...u32(1), 8, ...u64(9), ...u32(2)];
    const encoded = encodeRecord(record);
    expect([...encoded]).toEqual([...layout, ...rest]);
    expect(decodeRecord(1n, encoded)).toEqual(record);
    for (const damaged of [encoded.slice(0, -1), Uint8Array.of(...encoded, 0), encoded.with(1, 2), new Uint8Array()])
      expect(() => decodeRecord(1n, damaged)).toThrow(expect.objectContaining({ name: 'RecordUnreadable' }));
    expect(() => decodeRecord(1n, encoded.with(0, 2))).toThrow('version 2');
    const [instruction] = operation.instructions;
    const large = {
      ...operation,
      instructions: [{ ...instruction, data: new Uint8Array(15_000) }],
    } as typeof operation;
    expect(() => encodeRecord({ ...record, operation: large, signed: null })).toThrow('as several operations');
  });

  test('with what is no transaction is not taken for one that sent nothing', async () => {
    const [room, disk] = [await Room.open(), emptyDisk()];
    const operation = { session: room.session, instructions: [], after: null };
    const signed = { signature: new Uint8Array(64), bytes: Uint8Array.of(1, 2, 3), lastValidBlockHeight: 9n };
    disk.records.set(7n, encodeRecord({ key: null, operation, signed, attempts: 1 }));
    await expect(room.cache({ journal: new Process(disk).journal() })).rejects.toThrow(/operation 7 .* no transaction/);
  });

  test('in IndexedDB wants a lock, and is left alone if it is of another version', async () => {
    const room = await Room.open();
    const factory = new IDBFactory();
    const { ledger, wallet: payer } = room;
    const unlocked = indexedDbJournal('journal', factory, undefined);
    const hasLocks = 'locks' in (globalThis.navigator ?? {});
    if (!hasLocks)
      await expect(SessionCache.open(ledger, { payer, journal: unlocked })).rejects.toMatchObject({
        name: 'JournalUnlocked',
      });
    const open = factory.open('journal', 1);
    await new Promise((resolve) => {
      open.onupgradeneeded = () => {
        open.result.createObjectStore('records');
        open.result.createObjectStore('journal').put(2, 'format');
      };
      open.onsuccess = resolve;
    });
    const locks = pageLocks();
    const journal = indexedDbJournal('journal', factory, locks);
    for (const _ of [1, 2])
      await expect(SessionCache.open(ledger, { payer, journal })).rejects.toMatchObject({ name: 'JournalUnknown' });
  });
});

describe('a process that is killed', () => {
  /** Lives with the journal of a process, whose ledger is cut off with it, until all it was told to do has ended or it is killed. */
  async function live(room: Room, process: Process, texts: readonly string[]): Promise<readonly string[]> {
    const cut = new AbortController();
    process.onKilled = () => cut.abort();
    const cache = await room.cache({ journal: process.journal(), rebroadcast: 10_000 });
    cut.signal.addEventListener('abort', () => void cache.close(0));
    const taken: string[] = [];
    for (const text of texts) {
      try {
        await cache.submit({ ...room.say(text), key: text });
        taken.push(text);
      } catch (thrown) {
        if (!process.isDead) throw thrown;
      }
    }
    await cache.close(process.isDead ? 0 : PATIENCE);
    return taken;
  }

  test('at any write loses nothing that it took on, and does nothing twice', async () => {
    const tried = { kills: 0, left: 0, signed: 0 };
    for (let write = 0, killed = true; killed; write += 1)
      for (const written of [false, true]) {
        const [room, disk] = [await Room.open(), emptyDisk()];
        const process = new Process(disk, { write, written });
        const taken = await live(room, process, ['one', 'two']);
        killed = process.isDead;
        if (!killed) continue;
        tried.kills += 1;
        tried.left += disk.records.size;
        tried.signed += [...disk.records].filter(([id, bytes]) => decodeRecord(id, bytes).signed !== null).length;
        // What was recorded may have been lost to its submitter only; by its name it is the same operation.
        const known = [...disk.records.entries()].map(([id, bytes]) =>
          new TextDecoder().decode(decodeRecord(id, bytes).key ?? new Uint8Array()),
        );
        const missing = ['one', 'two'].filter((text) => !taken.includes(text) && !known.includes(text));
        const next = new Process(disk);
        await live(room, next, missing);
        const where = `killed at write ${write}, ${written ? 'after' : 'before'} it was on the disk`;
        expect((await room.held()).messageSequence, where).toBe(2n);
        const last = await room.cache({ journal: new Process(disk).journal() });
        expect(await last.close(PATIENCE), where).toBe(0);
        expect((await room.held()).messageSequence, where).toBe(2n);
        const sent = new Set(room.ledger.submits.map((transaction) => Object.values(transaction.signatures).join()));
        expect(sent.size, where).toBe(2);
      }
    expect(tried.kills).toBeGreaterThanOrEqual(10);
    expect(tried.left).toBeGreaterThanOrEqual(8);
    expect(tried.signed).toBeGreaterThanOrEqual(3);
  });
});
