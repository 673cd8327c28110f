/** A journal's store that outlives its journals, and dies at a write when it is told to; and locks as a browser has them. */
import type { ReadonlyUint8Array } from '@solana/kit';
import type { CacheJournal, Locks } from '../../src/cache/index.js';

/** What is on the disk. */
export interface Disk {
  readonly records: Map<bigint, ReadonlyUint8Array>;
  next: bigint;
}

export const emptyDisk = (): Disk => ({ records: new Map(), next: 1n });

/** When a process is killed: at the write of this number, counted from 0, before it is on the disk or after. */
export interface Kill {
  readonly write: number;
  readonly written: boolean;
}

/** A process that lives on a disk until it is killed. */
export class Process {
  readonly #disk: Disk;
  readonly #kill: Kill | undefined;
  /** How often it wrote. */
  writes = 0;
  isDead = false;
  /** Is told when it is killed. */
  onKilled = () => {};

  constructor(disk: Disk, kill?: Kill) {
    this.#disk = disk;
    this.#kill = kill;
  }

  /** The journal of this process. */
  journal(): CacheJournal {
    const { records } = this.#disk;
    const entries = () => [...records].map(([id, bytes]) => ({ id, bytes })).sort((a, b) => (a.id < b.id ? -1 : 1));
    const write = async (work: () => void): Promise<void> => {
      this.#live();
      const dies = this.writes === this.#kill?.write;
      this.writes += 1;
      if (dies && this.#kill?.written === false) this.#die();
      work();
      if (dies) this.#die();
    };
    return {
      open: async () => ({ entries: entries(), next: this.#disk.next }),
      put: (id, bytes) =>
        write(() => {
          records.set(id, bytes);
          if (this.#disk.next <= id) this.#disk.next = id + 1n;
        }),
      forget: (ended) => write(() => ended.forEach((id) => void records.delete(id))),
      entries: async () => {
        this.#live();
        return entries();
      },
      close: async () => {},
    };
  }

  #live(): void {
    if (this.isDead) throw new Error('the process was killed');
  }

  #die(): never {
    this.isDead = true;
    this.onKilled();
    throw new Error('the process was killed');
  }
}

/** Locks like a browser's, of one page. */
export function pageLocks(): Locks {
  const held = new Set<string>();
  return {
    async request(name, _options, callback) {
      if (held.has(name)) return callback(null);
      held.add(name);
      try {
        return await callback({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}
