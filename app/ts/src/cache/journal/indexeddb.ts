/** A journal in a browser's IndexedDB. */
import type { ReadonlyUint8Array } from '@solana/kit';
import { answer, durable, STRICT } from '../../indexeddb.js';
import { CacheError } from '../error.js';
import type { CacheJournal, JournalEntry } from './index.js';

/** What is needed of Web Locks: a lock that is held for as long as a promise lasts, in all pages of an origin. */
export interface Locks {
  /** Asks for a lock; with `ifAvailable` the callback is given `null` if another has it. */
  request(
    name: string,
    options: { readonly ifAvailable: true },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

const RECORDS = 'records';
const JOURNAL = 'journal';
const FORMAT = 'format';
const NEXT = 'next';
/** The version of what is stored. A record's own layout has its own version. */
const KNOWN_FORMAT = 1;
/** Numbers are stored as text of one length, for their order: IndexedDB has no keys of 64 bits. */
const DIGITS = 20;

const keyOf = (id: bigint): string => id.toString().padStart(DIGITS, '0');

/** Takes the lock of that name; answers how to let it go, or `undefined` if another has it. */
const take = (locks: Locks, name: string): Promise<(() => void) | undefined> =>
  new Promise((resolve, reject) => {
    const held = (lock: unknown): Promise<void> =>
      lock === null ? Promise.resolve(resolve(undefined)) : new Promise<void>((release) => resolve(release));
    locks.request(name, { ifAvailable: true }, held).catch(reject);
  });

/** What a journal has open while a cache uses it. */
interface Opened {
  readonly database: IDBDatabase;
  readonly release: () => void;
}

/**
 * A journal in IndexedDB, under the name of a database of its own: what is pending survives that the page is left or reloaded. A lock sees to it that one cache
 * uses it at a time, in all pages of the origin: of the others `SessionCache.open` is rejected with `JournalInUse`.
 */
export function indexedDbJournal(
  name = 'sessions-journal',
  factory: IDBFactory = globalThis.indexedDB,
  locks: Locks | undefined = (globalThis as { readonly navigator?: { readonly locks?: Locks } }).navigator?.locks,
): CacheJournal {
  const journal = `the journal ${name}`;
  let opened: Opened | undefined;

  const connect = async (): Promise<IDBDatabase> => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(RECORDS);
      const fields = request.result.createObjectStore(JOURNAL);
      fields.put(KNOWN_FORMAT, FORMAT);
      fields.put('1', NEXT);
    };
    return answer(request);
  };

  const begin = (mode: IDBTransactionMode): IDBTransaction => {
    if (opened === undefined) throw new CacheError('JournalFailed', { reason: 'it is closed' });
    return opened.database.transaction([RECORDS, JOURNAL], mode, STRICT);
  };

  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof CacheError) throw thrown;
      throw new CacheError('JournalFailed', { reason: String(thrown) }, thrown);
    }
  };

  const entries = async (): Promise<readonly JournalEntry[]> => {
    const records = begin('readonly').objectStore(RECORDS);
    const [keys, found] = await Promise.all([answer(records.getAllKeys()), answer(records.getAll())]);
    return keys.map((key, place) => ({ id: BigInt(String(key)), bytes: found[place] as Uint8Array }));
  };

  const content = async () => {
    const fields = begin('readonly').objectStore(JOURNAL);
    const [format, next] = await Promise.all([answer(fields.get(FORMAT)), answer(fields.get(NEXT))]);
    if (format !== KNOWN_FORMAT) throw new CacheError('JournalUnknown', { journal, format: String(format) });
    return { entries: await entries(), next: BigInt(next as string) };
  };

  const close = async (): Promise<void> => {
    opened?.database.close();
    opened?.release();
    opened = undefined;
  };

  return {
    open: () =>
      failing(async () => {
        if (locks === undefined) throw new CacheError('JournalUnlocked', { journal });
        const release = await take(locks, `sessions:${name}`);
        if (release === undefined) throw new CacheError('JournalInUse', { journal });
        try {
          opened = { database: await connect(), release };
          return await content();
        } catch (thrown) {
          if (opened === undefined) release();
          await close();
          throw thrown;
        }
      }),
    put: (id: bigint, bytes: ReadonlyUint8Array) =>
      failing(async () => {
        const transaction = begin('readwrite');
        const [records, fields] = [transaction.objectStore(RECORDS), transaction.objectStore(JOURNAL)];
        records.put(bytes, keyOf(id));
        const next = fields.get(NEXT);
        next.onsuccess = () => {
          if (BigInt(next.result as string) <= id) fields.put(String(id + 1n), NEXT);
        };
        await durable(transaction);
      }),
    forget: (ended: readonly bigint[]) =>
      failing(async () => {
        const transaction = begin('readwrite');
        for (const id of ended) transaction.objectStore(RECORDS).delete(keyOf(id));
        await durable(transaction);
      }),
    entries: () => failing(entries),
    close,
  };
}
