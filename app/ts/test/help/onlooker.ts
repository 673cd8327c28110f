/** A reader of a cache who believes nothing: what it sees is to follow from a state that the chain had and from the pending operations that this has not. */
import type { Address, Signature } from '@solana/kit';
import { isLost, type SessionCache, type Stage } from '../../src/cache/index.js';
import * as s from '../../src/index.js';
import { Chronicle, isSame } from './chronicle.js';
import type { Forking } from './forking.js';

/** What an operation does, as the model has it. */
export type Deed =
  | { readonly does: 'say' }
  | { readonly does: 'pause' }
  | { readonly does: 'resume' }
  | { readonly does: 'write'; readonly value: string; readonly version: bigint };

/** An operation, in the model's terms. */
export interface Intent {
  readonly session: Address;
  readonly deed: Deed;
  /** Under which signatures it left, or may have. */
  readonly signatures: Set<Signature>;
  /** How far it is known to have come. */
  readonly stage: () => Stage | undefined;
}

/** What is compared of a session and its board. */
interface Table {
  readonly status: s.Status;
  readonly messages: bigint;
  readonly version: bigint;
  readonly value: string;
}

/** What a deed makes of a session, by the rules in the simplest words; `null` if they refuse it. */
function after(table: Table, deed: Deed): Table | null {
  const { Active, Paused } = s.Status;
  if (deed.does === 'resume') return table.status === Paused ? { ...table, status: Active } : null;
  if (table.status !== Active) return null;
  if (deed.does === 'pause') return { ...table, status: Paused };
  if (deed.does === 'say') return { ...table, messages: table.messages + 1n };
  return deed.version === table.version ? { ...table, version: table.version + 1n, value: deed.value } : null;
}

type Seen = Pick<s.Snapshot, 'address' | 'account'>;

function tableOf(session: Seen, board: Seen | null): Table {
  const { status, messageSequence: messages } = s.readSession({ ...session, slot: 0n });
  if (board === null || board.account === null) return { status, messages, version: 0n, value: '' };
  const { version, value } = s.readProperty({ ...board, slot: 0n });
  return { status, messages, version, value: new TextDecoder().decode(value) };
}

/** The accounts of a session that are looked at: itself, and the board if it has one. */
export interface Looked {
  readonly session: Address;
  readonly board: Address | null;
}

/** The reader. It looks whenever it is told to, and as often as it can while it is {@link Onlooker.during}. */
export class Onlooker {
  readonly #ledger: Forking;
  readonly #looked: readonly Looked[];
  readonly #chronicle: Chronicle;
  readonly #intents: ReadonlyMap<bigint, Intent>;
  readonly #count: (what: string) => void;
  /** The newest slot that was seen of each session, by the cache that is looked at. */
  #newest = new Map<Address, bigint>();
  #cache: SessionCache | undefined;

  private constructor(
    ledger: Forking,
    looked: readonly Looked[],
    chronicle: Chronicle,
    intents: ReadonlyMap<bigint, Intent>,
    count: (what: string) => void,
  ) {
    this.#ledger = ledger;
    this.#looked = looked;
    this.#chronicle = chronicle;
    this.#intents = intents;
    this.#count = count;
  }

  /** One who knows what is submitted by `intents`, and tells `count` what was looked at. */
  static async at(
    ledger: Forking,
    looked: readonly Looked[],
    intents: ReadonlyMap<bigint, Intent>,
    count: (what: string) => void,
  ): Promise<Onlooker> {
    const accounts = looked.flatMap(({ session, board }) => (board === null ? [session] : [session, board]));
    return new Onlooker(ledger, looked, await Chronicle.of(ledger.inner, accounts), intents, count);
  }

  /** Looks at this cache from now on, in place of another. */
  turnTo(cache: SessionCache): void {
    this.#cache = cache;
    this.#newest = new Map();
  }

  /** Looks while something is done, between any two things that happen in it. */
  async during<T>(doing: () => Promise<T>): Promise<T> {
    const wrong: unknown[] = [];
    const timer = setInterval(() => {
      try {
        if (wrong.length === 0) this.look();
      } catch (thrown) {
        wrong.push(thrown);
      }
    }, 1);
    try {
      return await doing();
    } catch (thrown) {
      wrong.push(thrown);
      throw thrown;
    } finally {
      clearInterval(timer);
      // What was seen first is told: what else went wrong may come of it.
      if (wrong.length > 0) await Promise.reject(wrong[0]);
    }
  }

  /** Looks at everything, and throws if it is not what it may be. */
  look(): void {
    for (const one of this.#looked) this.#lookAt(one);
  }

  /** Ends what it writes down. */
  leave(): void {
    this.#chronicle.end();
  }

  #lookAt({ session, board }: Looked): void {
    const cache = this.#cache;
    const reading = cache?.read(session) ?? null;
    if (cache === undefined || reading === null) return;
    const { slot } = reading.freshness;
    const claim = (is: boolean, what: string) => {
      if (is) return;
      const queue = cache.pending(session).map(({ id, stage }) => `${id} ${stage.name}`);
      throw new Error(`${what}; session ${session}, slot ${slot}, level ${reading.freshness.level}, queue ${queue}`);
    };
    claim(slot >= (this.#newest.get(session) ?? 0n), 'a confirmed state is older than the one that was seen before');
    this.#newest.set(session, slot);

    // Whatever is not over, and not in the confirmed state, is in the queue, in the order of submission, and nothing else.
    const queue = cache.pending(session);
    const ids = queue.map(({ id }) => id);
    const open = [...this.#intents].filter(
      ([, intent]) => intent.session === session && !isOver(intent.stage()) && !this.#isIn(intent, slot),
    );
    const known = ([id, { stage, signatures }]: readonly [bigint, Intent]) =>
      `${id} ${stage()?.name} ${[...signatures].map((signature) => this.#ledger.landed.get(signature)?.slot ?? '-')}`;
    claim(ids.join() === open.map(([id]) => id).join(), `the queue should be ${open.map(known)}`);

    const [base, boardBase] = [session, board].map((at) => at && this.#chronicle.at(at, slot));
    const found = board === null ? null : cache.read(session, board);
    const hasBoard = found !== null && board !== null;
    let table = tableOf(
      { address: session, account: base ?? null },
      hasBoard ? { address: board, account: boardBase ?? null } : null,
    );
    const applied: { readonly intent: Intent; readonly stage: Stage }[] = [];
    for (const { id, stage } of queue) {
      const intent = this.#intents.get(id);
      if (intent === undefined) continue;
      // Without its account a write is not predicted.
      if (intent.deed.does === 'write' && !hasBoard) continue;
      const next = after(table, intent.deed);
      claim(next !== null || stage.name !== 'local', `operation ${id} does not apply, was not sent, and is kept`);
      if (next === null) continue;
      table = next;
      applied.push({ intent, stage });
    }
    const seen = tableOf(reading, found);
    const told = (of: Table) => `${s.Status[of.status]}, ${of.messages} messages, version ${of.version} "${of.value}"`;
    claim(told(seen) === told(table), `seen is ${told(seen)}, and ${told(table)} follows from the chain`);

    for (const [one, chain] of [[reading, base] as const, [found, boardBase] as const]) {
      if (one === null) continue;
      const { level, exact } = one.freshness;
      claim(exact, 'every prediction here is exact');
      claim(one.freshness.slot === slot, 'accounts of one session are of one slot');
      const isConfirmed = isSame(one.account, chain ?? null);
      const stages = applied.map(({ stage }) => stage.name);
      claim(isConfirmed || applied.length > 0, 'nothing is pending, and what is seen is not what the chain had');
      if (level === 'finalized') claim(isConfirmed && slot <= this.#ledger.finalized, 'what is seen is not finalized');
      if (level === 'confirmed')
        claim(isConfirmed || applied.every(({ intent }) => this.#isIn(intent)), 'what is seen is not confirmed');
      if (level === 'processed')
        claim(applied.length > 0 && applied.every(({ intent }) => this.#was(intent)), 'what is seen was in no block');
      if (level === 'predicted')
        claim(stages.includes('local') || stages.includes('sent'), 'nothing is predicted in what is seen');
      this.#count(`seen ${level}`);
    }
    this.#count('looked');
    if (applied.length > 0) this.#count('looked at what is pending');
  }

  /** Whether an operation happened; as of this slot, if one is given. */
  #isIn({ signatures }: Intent, slot?: bigint): boolean {
    return [...signatures].some((signature) => {
      const landed = this.#ledger.landed.get(signature);
      return landed !== undefined && !landed.failed && (slot === undefined || landed.slot < slot);
    });
  }

  /** Whether an operation was in a block at any time. */
  #was({ signatures }: Intent): boolean {
    return [...signatures].some((signature) => this.#ledger.processed.has(signature));
  }
}

/** Whether an operation is out of the queue for good, whatever the chain holds: it was lost. */
const isOver = (stage: Stage | undefined): boolean => stage !== undefined && isLost(stage);
