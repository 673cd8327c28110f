/** Whoever submits an operation by its name is answered when it is recorded, whoever did so first. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CacheJournal, memoryJournal, type SessionCache } from '../../../src/cache/index.js';
import { after, eventually, PATIENCE, Room } from '../../help/room.js';

/** A journal that writes nothing until it is let, or does not when it is told to. */
class Held {
  readonly writes: { go(): void; fail(): void }[] = [];
  readonly journal: CacheJournal;
  #isFree = false;

  constructor() {
    const inner = memoryJournal();
    const put: CacheJournal['put'] = async (id, bytes) => {
      if (!this.#isFree)
        await new Promise<void>((go, reject) => {
          this.writes.push({ go, fail: () => reject(new Error('the disk is full')) });
        });
      await inner.put(id, bytes);
    };
    this.journal = { ...inner, put };
  }

  /** A cache with this journal, which holds nothing up any more when the test ends. */
  async cache(room: Room): Promise<SessionCache> {
    const cache = await room.cache({ journal: this.journal });
    onTestFinished(() => {
      this.#isFree = true;
      for (const { go } of this.writes) go();
    });
    return cache;
  }
}

describe('an operation that is submitted twice by its name', () => {
  test('is recorded before either is answered, and is one', async () => {
    const [room, held] = [await Room.open(), new Held()];
    const { writes } = held;
    const cache = await held.cache(room);
    const answered: string[] = [];
    const submit = async (who: string) => {
      const pending = await cache.submit({ ...room.say('hello'), key: 'name' });
      answered.push(who);
      return pending;
    };
    const submitting = [submit('first'), submit('second')];
    await eventually(() => writes.length > 0);
    await after(20);
    expect(answered).toEqual([]);
    writes.shift()?.go();
    const [first, second] = await Promise.all(submitting);
    expect(second?.id).toBe(first?.id);
    // What is signed is recorded, too.
    await eventually(() => writes.length > 0);
    writes.shift()?.go();
    expect(await cache.close(PATIENCE)).toBe(0);
    expect((await room.held()).messageSequence).toBe(1n);
  });

  test('is refused to both if it cannot be recorded', async () => {
    const [room, held] = [await Room.open(), new Held()];
    const { writes } = held;
    const cache = await held.cache(room);
    const submit = () => cache.submit({ ...room.say('hello'), key: 'name' });
    const submitting = [submit(), submit()];
    const both = Promise.allSettled(submitting);
    await eventually(() => writes.length > 0);
    await after(20);
    writes.shift()?.fail();
    for (const one of await both)
      expect(one).toMatchObject({ status: 'rejected', reason: { message: 'the disk is full' } });
    expect(room.ledger.submits).toHaveLength(0);
  });
});
