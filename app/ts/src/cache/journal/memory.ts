/** A journal that lasts as long as the page or the process. */
import type { ReadonlyUint8Array } from '@solana/kit';
import { CacheError } from '../error.js';
import type { CacheJournal, JournalEntry } from './index.js';

/** A journal in memory: what is pending survives the cache, and nothing else. */
export function memoryJournal(): CacheJournal {
  const records = new Map<bigint, ReadonlyUint8Array>();
  let next = 1n;
  let isOpen = false;
  const entries = (): readonly JournalEntry[] =>
    [...records].map(([id, bytes]) => ({ id, bytes })).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    async open() {
      if (isOpen) throw new CacheError('JournalInUse', { journal: 'the journal in memory' });
      isOpen = true;
      return { entries: entries(), next };
    },
    async put(id, bytes) {
      records.set(id, bytes);
      if (next <= id) next = id + 1n;
    },
    async forget(ended) {
      for (const id of ended) records.delete(id);
    },
    async entries() {
      return entries();
    },
    async close() {
      isOpen = false;
    },
  };
}
