/** What a browser's IndexedDB answers, as promises. */

/** What a request answers. That something is written does not mean that it stays: see {@link durable}. */
export const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Waits until a transaction is on the disk, where it was begun with {@link STRICT}. */
export const durable = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = () => reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'));
    transaction.oncomplete = () => resolve();
    transaction.onabort = failed;
    transaction.onerror = failed;
  });

/** How a transaction is begun that is to be on the disk when it is complete. */
export const STRICT: IDBTransactionOptions = { durability: 'strict' };
