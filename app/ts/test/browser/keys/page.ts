/** A page that keeps session keys in its browser, which its test uses from outside. */
import * as sessions from '@sessions/client';
import { type Address, createKeyPairSignerFromPrivateKeyBytes, type KeyPairSigner } from '@solana/kit';

/** Where the page keeps keys. */
export type Kind = 'IndexedDB' | 'localStorage';

/** What the page is asked to open, as what a test can pass. */
export interface Opening {
  /** The node's URL, and its web socket's; empty where that follows from it. */
  readonly url: string;
  readonly webSocket: string;
  /** The wallet's private key. */
  readonly secret: readonly number[];
  readonly session: Address;
  readonly kind: Kind;
}

interface Opened {
  readonly ledger: sessions.Ledger;
  readonly wallet: KeyPairSigner;
  readonly session: Address;
  readonly store: sessions.SessionKeyStore;
}

const GRANT = { permissions: ['SEND_MESSAGES'], ttl: 3_600 } as const;

let opened: Opened | undefined;

function open(): Opened {
  if (opened === undefined) throw new Error('nothing is open');
  return opened;
}

async function member(): Promise<sessions.Member> {
  const { ledger, wallet, session } = open();
  return sessions.readMember(await sessions.readOne(ledger, await sessions.memberAddress(session, wallet.address)));
}

/** The key of the member, as an application finds it after a reload. */
async function found(): Promise<KeyPairSigner | null> {
  const { ledger, store } = open();
  return sessions.sessionKeyOf(store, await member(), (await ledger.clock()).unixTimestamp);
}

async function sayBy(signer: KeyPairSigner, message: string): Promise<void> {
  const { ledger, wallet, session } = open();
  const say = await sessions.broadcastMessage({ signer, wallet: wallet.address, session, message });
  await sessions.send(ledger, { payer: wallet, instructions: [say] });
}

const page = {
  async open({ url, webSocket, secret, session, kind }: Opening): Promise<void> {
    const wallet = await createKeyPairSignerFromPrivateKeyBytes(Uint8Array.from(secret));
    const ledger = sessions.Rpc.connect(url, webSocket === '' ? {} : { webSocket });
    const store = kind === 'IndexedDB' ? sessions.indexedDbKeyStore() : sessions.localStorageKeyStore();
    opened = { ledger, wallet, session, store };
  },

  /** Makes a key and has it made the member's; answers its address. */
  async create(): Promise<string> {
    const { ledger, wallet, session, store } = open();
    const { key, instruction } = await sessions.createSessionKey(store, { wallet, session, ...GRANT });
    await sessions.send(ledger, { payer: wallet, instructions: [instruction] });
    return key.address;
  },

  /** The address of the member's key, if it is kept here. */
  async find(): Promise<string | null> {
    return (await found())?.address ?? null;
  },

  /** Says something, signed by the key that is found. */
  async say(message: string): Promise<void> {
    const key = await found();
    if (key === null) throw new Error('there is no session key');
    await sayBy(key, message);
  },

  /** Makes another key in place of the member's; answers its address, and the program's word for what the former one does then. */
  async rotate(): Promise<{ readonly key: string; readonly former: string }> {
    const { ledger, wallet, store } = open();
    const before = await found();
    if (before === null) throw new Error('there is no session key');
    const { key, instruction, forget } = await sessions.rotateSessionKey(store, await member(), { wallet, ...GRANT });
    await sessions.send(ledger, { payer: wallet, instructions: [instruction] });
    await forget();
    const former = await sayBy(before, 'me again').then(
      () => 'accepted',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    return { key: key.address, former };
  },

  /** Whether a key is kept here. */
  async keeps(key: string): Promise<boolean> {
    return (await open().store.load(key as Address)) !== null;
  },

  /** What a script of the page gets that wants to read the private key out. */
  async readOut(key: string): Promise<string> {
    const signer = await open().store.load(key as Address);
    if (signer === null) return 'no key';
    const { privateKey } = signer.keyPair;
    const exported = crypto.subtle.exportKey('pkcs8', privateKey).then(
      () => 'exported',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    return `${privateKey.extractable ? 'extractable' : 'not extractable'}, ${await exported}`;
  },

  /** The names under which texts are kept. */
  texts(): readonly string[] {
    return Object.keys(localStorage).sort();
  },
};

/** What the page offers its test. */
export type Page = typeof page;

Object.assign(globalThis, { underTest: page });
