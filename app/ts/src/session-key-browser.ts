/** Session keys in a browser's storage. */
import {
  type Address,
  createKeyPairSignerFromPrivateKeyBytes,
  createSignerFromKeyPair,
  generateKeyPairSigner,
} from '@solana/kit';
import { fromHex, toHex } from './hex.js';
import { answer, durable, STRICT } from './indexeddb.js';
import type { SessionKeyStore } from './session-key.js';

/** What is needed of `localStorage`. */
export interface TextStorage {
  /** The text under a name. */
  getItem(name: string): string | null;
  /** Keeps a text under a name. */
  setItem(name: string, text: string): void;
  /** Forgets what is under a name. */
  removeItem(name: string): void;
}

/**
 * Keeps keys as text, in `localStorage` or what is like it. Every script of the page can read them: use {@link indexedDbKeyStore} where there is one, and
 * give session keys few permissions and a short time.
 */
export function localStorageKeyStore(
  storage: TextStorage = globalThis.localStorage,
  prefix = 'sessions:key:',
): SessionKeyStore {
  const name = (key: Address) => `${prefix}${key}`;
  return {
    async create() {
      const secret = crypto.getRandomValues(new Uint8Array(32));
      const signer = await createKeyPairSignerFromPrivateKeyBytes(secret);
      storage.setItem(name(signer.address), toHex(secret));
      return signer;
    },
    async load(key) {
      const secret = fromHex(storage.getItem(name(key)) ?? '');
      const signer = secret?.length === 32 ? await createKeyPairSignerFromPrivateKeyBytes(secret) : null;
      // What was altered is no key of this member's.
      return signer?.address === key ? signer : null;
    },
    async remove(key) {
      storage.removeItem(name(key));
    },
  };
}

const STORE = 'keys';

/** Keeps keys in IndexedDB, as the browser's own objects: scripts can sign with them, and cannot read them out. */
export function indexedDbKeyStore(database = 'sessions', factory: IDBFactory = globalThis.indexedDB): SessionKeyStore {
  const open = async (): Promise<IDBDatabase> => {
    const request = factory.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    return answer(request);
  };
  const run = async <T>(mode: IDBTransactionMode, work: (keys: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const opened = await open();
    try {
      const transaction = opened.transaction(STORE, mode, STRICT);
      const answered = answer(work(transaction.objectStore(STORE)));
      // A key that is used before it is kept is lost with its page, and what was granted to it with it.
      const [found] = await Promise.all([answered, durable(transaction)]);
      return found;
    } finally {
      opened.close();
    }
  };
  return {
    async create() {
      const signer = await generateKeyPairSigner();
      await run('readwrite', (keys) => keys.put(signer.keyPair, signer.address));
      return signer;
    },
    async load(key) {
      const pair = await run<CryptoKeyPair | undefined>('readonly', (keys) => keys.get(key));
      return pair === undefined ? null : createSignerFromKeyPair(pair);
    },
    async remove(key) {
      await run('readwrite', (keys) => keys.delete(key));
    },
  };
}
