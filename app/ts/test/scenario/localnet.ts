/** `sessions localnet` as a chain whose time goes as a scenario says. Everything goes through JSON-RPC; only time passes by the validator's cheat codes. */
import type { Signature } from '@solana/kit';
import { type Landed, type LedgerError, type Receipt, Rpc } from '../../src/index.js';
import { type Localnet, startLocalnet } from '../rpc/localnet.js';
import type { Cast } from './cast.js';
import { type Chain, notRun, slotsIn } from './chain.js';
import { decimal } from './show.js';

/**
 * How many slots of the validator's a slot of the story has: how many blocks have to be closed until a transaction is in one is the validator's own. Its
 * chain has some slots before the story begins, and so it has that many times ten.
 */
const SLOTS = 100n;
const SLOTS_BEFORE = 10n;

/** The slot of the story that one of the validator's is in. */
export const storySlot = (slot: bigint): bigint => slot / SLOTS - SLOTS_BEFORE;

/** How often something that has to come by itself is looked for, in milliseconds. */
const POLL = 10;

/** A validator of the story's own. Its chain makes no block by itself: moving on is what closes one, and with it confirms what is in it. */
export class LocalnetChain implements Chain {
  readonly ledger: Rpc;
  readonly #localnet: Localnet;
  slot = 1n;
  time: bigint;
  /** The slot that the validator is in. */
  #at = (SLOTS_BEFORE + 1n) * SLOTS;

  private constructor(localnet: Localnet, start: bigint) {
    this.#localnet = localnet;
    this.ledger = Rpc.connect(localnet.url, { webSocket: localnet.webSocket });
    this.time = start;
  }

  /** Starts a validator with funded actors, at the time of the story. */
  static async start(start: bigint, cast: Cast, funds: ReadonlyMap<string, bigint>): Promise<LocalnetChain> {
    const given = [...funds].map(([name, lamports]) => `${cast.signer(name, 'actor').address}=${decimal(lamports, 9)}`);
    const localnet = await startLocalnet(['--slot-time', '50', ...given.flatMap((one) => ['--fund', one])]);
    const chain = new LocalnetChain(localnet, start);
    try {
      await chain.#cheat('surfnet_pauseClock', []);
      await chain.#travel();
    } catch (error) {
      await localnet.stop();
      throw error;
    }
    return chain;
  }

  stop(): Promise<void> {
    return this.#localnet.stop();
  }

  nextSlot(): Promise<void> {
    return this.#goTo(this.slot + 1n, this.time);
  }

  wait(seconds: number): Promise<void> {
    return this.#goTo(this.slot + slotsIn(seconds), this.time + BigInt(seconds));
  }

  /** Closes blocks until the transaction is in one: what was handed over runs a little later. */
  async closing(_: Signature, landing: Promise<Landed>): Promise<void> {
    let landed = false;
    const done = () => {
      landed = true;
    };
    landing.then(done, done);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL));
      if (landed) return;
      this.#at += 1n;
      if (storySlot(this.#at) !== this.slot) throw new Error('a transaction does not get into a block');
      await this.#travel();
    }
  }

  turnedAway(error: LedgerError<'Rejected'>): Receipt {
    return notRun(error, this.slot);
  }

  async #goTo(slot: bigint, time: bigint): Promise<void> {
    this.#at = (SLOTS_BEFORE + slot) * SLOTS;
    this.time = time;
    this.slot = slot;
    await this.#travel();
  }

  /** Closes the block of the open slot, and opens this one. */
  async #travel(): Promise<void> {
    const to = { slot: Number(this.#at), timestamp: Number(this.time) * 1_000 };
    const landed = (await this.#cheat('surfnet_timeTravel', [{ absoluteSlotAt: to }])) as { absoluteSlot?: number };
    if (landed.absoluteSlot !== to.slot) throw new Error(`the validator is in another slot: ${JSON.stringify(landed)}`);
  }

  async #cheat(method: string, params: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#localnet.url, { method: 'POST', headers, body });
    const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }
}
