/** Session keys: keys that act for a member without asking its wallet, made here, kept in a store, and taken to the chain by one instruction. */
import {
  type Address,
  createSignerFromKeyPair,
  generateKeyPairSigner,
  type KeyPairSigner,
  type TransactionSigner,
} from '@solana/kit';
import type { Member } from './account.js';
import type { SessionInstruction } from './instruction/common.js';
import { type SessionKeyGrant, setSessionKey } from './instruction/membership.js';

export { indexedDbKeyStore, localStorageKeyStore, type TextStorage } from './session-key-browser.js';

/** Where session keys are kept. Each is found by its address, which the member's account names. */
export interface SessionKeyStore {
  /** Makes a key and keeps it. */
  create(): Promise<KeyPairSigner>;
  /** The key with this address; `null` if it is not kept here. */
  load(key: Address): Promise<KeyPairSigner | null>;
  /** Forgets a key; nothing happens if it is not kept here. */
  remove(key: Address): Promise<void>;
}

/** Keeps keys as long as the page or the process lasts. They cannot be read out. */
export function memoryKeyStore(): SessionKeyStore {
  const keys = new Map<Address, CryptoKeyPair>();
  return {
    async create() {
      const signer = await generateKeyPairSigner();
      keys.set(signer.address, signer.keyPair);
      return signer;
    },
    async load(key) {
      const pair = keys.get(key);
      return pair === undefined ? null : createSignerFromKeyPair(pair);
    },
    async remove(key) {
      keys.delete(key);
    },
  };
}

/** Whose key it is to be, and what it may do: permissions, and how long in seconds. */
export interface NewSessionKey extends Omit<SessionKeyGrant, 'key'> {
  /** The member's wallet, which signs. */
  readonly wallet: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
}

/** A key that was made, and is not yet the member's. */
export interface MadeSessionKey {
  /** The key, which is kept in the store already: what is on the chain is never without it. */
  readonly key: KeyPairSigner;
  /** What makes it the member's, in place of the one it had. */
  readonly instruction: SessionInstruction;
}

/** Makes a session key. The one that the member had, if any, acts until the instruction has run. */
export async function createSessionKey(store: SessionKeyStore, input: NewSessionKey): Promise<MadeSessionKey> {
  const key = await store.create();
  return { key, instruction: await setSessionKey({ ...input, key: key.address }) };
}

/**
 * The session key of a member as it was read; `null` if it has none, if it is not kept here, or if it has expired at `now`, in Unix seconds by the chain's
 * clock.
 */
export async function sessionKeyOf(store: SessionKeyStore, member: Member, now: bigint): Promise<KeyPairSigner | null> {
  if (member.sessionKey === null || member.keyExpiresAt <= now) return null;
  return store.load(member.sessionKey);
}

/**
 * Makes a session key in place of the one that a member has. Call `forget` once the instruction has run: it removes the former one from the store, which
 * until then still acts.
 */
export async function rotateSessionKey(
  store: SessionKeyStore,
  member: Member,
  input: Omit<NewSessionKey, 'session'>,
): Promise<MadeSessionKey & { readonly forget: () => Promise<void> }> {
  const made = await createSessionKey(store, { ...input, session: member.session });
  const former = member.sessionKey;
  return { ...made, forget: async () => (former === null ? undefined : store.remove(former)) };
}
