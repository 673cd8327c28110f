/** A session on a ledger, the wallet that opened it, and caches on it. */
import { type Address, generateKeyPairSigner, type Instruction, type KeyPairSigner } from '@solana/kit';
import { onTestFinished } from 'vitest';
import { type CacheOptions, SessionCache, type Stage } from '../../src/cache/index.js';
import * as s from '../../src/index.js';
import { Embedded } from '../../src/testing/index.js';
import { Wrapped } from './wrapped.js';

/** Longer than anything takes that ends at all, in milliseconds. */
export const PATIENCE = 30_000;

type Building = Instruction | Promise<Instruction>;

/** How fast a ledger goes, in milliseconds: how often it is asked, after how long the same bytes are sent again, and within which time it has said what it was asked. */
export interface Pace {
  readonly poll: number;
  readonly rebroadcast: number;
  readonly calm: number;
}

/** That of a ledger in the process. */
export const AT_ONCE: Pace = { poll: 4, rebroadcast: 20, calm: 30 };

/** Opens a room of its own for each story, on whatever ledger. */
export type Opening = () => Promise<Room<s.Ledger>>;

/** A session, and what is done in it. */
export class Room<Inner extends s.Ledger = Embedded> {
  readonly ledger: Wrapped<Inner>;
  readonly wallet: KeyPairSigner;
  readonly session: Address;
  readonly #pace: Pace;
  #asides = 0;

  private constructor(ledger: Wrapped<Inner>, wallet: KeyPairSigner, session: Address, pace: Pace) {
    this.ledger = ledger;
    this.wallet = wallet;
    this.session = session;
    this.#pace = pace;
  }

  /** An open session of a wallet with ten SOL; on a ledger that wraps the embedded one. */
  static open(wrap: (inner: Embedded) => Wrapped = (inner) => new Wrapped(inner)): Promise<Room> {
    return Room.on(wrap(new Embedded()), AT_ONCE);
  }

  /** The same on a ledger that is there already. */
  static async on<Inner extends s.Ledger>(ledger: Wrapped<Inner>, pace: Pace): Promise<Room<Inner>> {
    const wallet = await generateKeyPairSigner();
    await ledger.inner.airdrop(wallet.address, 10_000_000_000n);
    const room = new Room(ledger, wallet, await s.sessionAddress(wallet.address, 'room'), pace);
    await room.aside(
      s.openSession({ creator: wallet, id: 'room', config: { maxMembers: 4, maxDuration: 86_400, hardLimit: 86_400 } }),
    );
    return room;
  }

  /** Another open session of the same wallet on the same ledger. */
  async another(id: string): Promise<Address> {
    await this.aside(s.openSession({ creator: this.wallet, id }));
    return s.sessionAddress(this.wallet.address, id);
  }

  /** Somebody does something without the cache. */
  async aside(...instructions: readonly Building[]): Promise<void> {
    const draft = { payer: this.wallet, instructions: await Promise.all(instructions) };
    // At a price of its own, so that no other transaction has the same bytes.
    this.#asides += 1;
    await s.send(this.ledger.inner, draft, { look: this.#pace.poll, price: { exactly: this.#asides } });
  }

  /** A cache whose times are short. It is closed when the test ends. */
  async cache(options: Partial<CacheOptions> = {}): Promise<SessionCache> {
    const { poll, rebroadcast } = this.#pace;
    const short = { payer: this.wallet, poll, rebroadcast, price: { exactly: 0 } } as const;
    const cache = await SessionCache.open(this.ledger, { ...short, ...options });
    onTestFinished(async () => {
      await cache.close(0);
    });
    return cache;
  }

  /** Lets what was asked be answered. */
  calm(): Promise<void> {
    return after(this.#pace.calm);
  }

  /** A message, as what is submitted. */
  say(message: string, session = this.session) {
    return { session, instructions: [s.broadcastMessage({ signer: this.wallet, session, message })] };
  }

  pause() {
    return { session: this.session, instructions: [s.pauseSession({ authority: this.wallet, session: this.session })] };
  }

  resume() {
    const { session } = this;
    return { session, instructions: [s.resumeSession({ authority: this.wallet, session })] };
  }

  /** The session as the chain holds it. */
  async held(session = this.session): Promise<s.Session> {
    return s.readSession(await s.readOne(this.ledger.inner, session));
  }
}

/** The session as a reader sees it. */
export function seen(cache: SessionCache, session: Address): s.Session {
  const reading = cache.read(session);
  if (reading === null) throw new Error('the session is not held');
  return reading.as(s.readSession);
}

/** Waits until something is so. */
export async function eventually(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** So many milliseconds. */
export const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A stage's name, with why it is what it is. */
export const told = (stage: Stage): string =>
  JSON.stringify(stage, (_, value) => (typeof value === 'bigint' ? String(value) : value));
