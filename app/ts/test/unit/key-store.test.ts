/** Session keys in IndexedDB are kept before anybody is told of them. */
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { indexedDbKeyStore } from '../../src/index.js';

afterEach(() => vi.restoreAllMocks());

/** Does something when a request of this kind has succeeded, while its transaction still runs. */
function whenDone(kind: 'put' | 'delete', then: (transaction: IDBTransaction) => void): void {
  const original = IDBObjectStore.prototype[kind] as (...given: readonly unknown[]) => IDBRequest;
  vi.spyOn(IDBObjectStore.prototype, kind).mockImplementation(function (this: IDBObjectStore, ...given: unknown[]) {
    const request = original.apply(this, given);
    request.addEventListener('success', () => then(this.transaction));
    return request;
  });
}

describe('a session key in IndexedDB', () => {
  test.each(['put', 'delete'] as const)(
    'that the disk does not take is not said to be kept, nor removed: %s',
    async (kind) => {
      const store = indexedDbKeyStore('sessions', new IDBFactory());
      const { address } = await store.create();
      whenDone(kind, (transaction) => transaction.abort());
      const done = kind === 'put' ? store.create() : store.remove(address);
      await expect(done).rejects.toMatchObject({ name: 'AbortError' });
      vi.restoreAllMocks();
      expect((await store.load(address))?.address).toBe(address);
    },
  );

  test('is there as soon as it is made', async () => {
    const store = indexedDbKeyStore('sessions', new IDBFactory());
    const complete: string[] = [];
    whenDone('put', (transaction) => {
      expect(transaction.durability).toBe('strict');
      transaction.addEventListener('complete', () => complete.push('complete'));
    });
    await store.create();
    expect(complete).toEqual(['complete']);
  });
});
