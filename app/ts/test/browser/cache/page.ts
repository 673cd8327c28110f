/** A page with the cache and its journal in IndexedDB, which its test uses from outside. */
import * as sessions from '@sessions/client';
import { indexedDbJournal, type Milestone, SessionCache } from '@sessions/client/cache';
import { type Address, createKeyPairSignerFromPrivateKeyBytes, type TransactionSigner } from '@solana/kit';

/** What the page is asked to open, as what a test can pass. */
export interface Opening {
  /** The node's URL, and its web socket's; empty where that follows from it. */
  readonly url: string;
  readonly webSocket: string;
  /** The wallet's private key. */
  readonly secret: readonly number[];
  readonly session: Address;
}

/** What is seen of a session, as what a page can answer. */
export interface Seen {
  readonly messages: string;
  readonly level: string;
}

let wallet: TransactionSigner | undefined;
let cache: SessionCache | undefined;
let session: Address | undefined;

function opened() {
  if (cache === undefined || session === undefined || wallet === undefined) throw new Error('nothing is open');
  return { cache, session, wallet };
}

const page = {
  /** Opens the cache; answers how many operations its journal had pending. */
  async open(opening: Opening): Promise<number> {
    const signer = await createKeyPairSignerFromPrivateKeyBytes(Uint8Array.from(opening.secret));
    const { url, webSocket } = opening;
    const ledger = sessions.Rpc.connect(url, webSocket === '' ? {} : { webSocket });
    cache = await SessionCache.open(ledger, { payer: signer, journal: indexedDbJournal() });
    [wallet, session] = [signer, opening.session];
    const before = cache.pending(session).length;
    await cache.load(session, [session, await sessions.memberAddress(session, signer.address)]);
    return before;
  },

  /** Submits a message and answers its number. */
  async say(message: string): Promise<string> {
    const { cache, session, wallet } = opened();
    const say = sessions.broadcastMessage({ signer: wallet, session, message });
    const { id } = await cache.submit({ session, instructions: [say] });
    return String(id);
  },

  /** Waits until an operation has come so far; answers how far it is. */
  async until(id: string, milestone: Milestone): Promise<string> {
    const stage = await opened().cache.operation(BigInt(id))?.until(milestone);
    return stage?.name ?? 'unknown';
  },

  /** Waits until nothing is pending. */
  async quiet(): Promise<void> {
    const { cache, session } = opened();
    for (const { id } of cache.pending(session)) await cache.operation(id)?.until('confirmed');
  },

  /** What is seen of the session's messages. */
  see(): Seen {
    const { cache, session } = opened();
    const reading = cache.read(session);
    const { messageSequence } = reading?.as(sessions.readSession) ?? {};
    return { messages: String(messageSequence), level: String(reading?.freshness.level) };
  },
};

/** What the page offers its test. */
export type Page = typeof page;

Object.assign(globalThis, { underTest: page });
