/**
 * A chain with blocks that may be forked away, and a node that loses, delays and doubles what it is handed, is busy, breaks off, and is silent; what it notifies of
 * is lost, late, doubled, overtaken, or its subscription breaks off. It never says what is not so as of the slot that it names.
 */
import { type Address, getSignatureFromTransaction, type Signature, type Transaction } from '@solana/kit';
import { type Commitment, LedgerError, type Snapshot, type Statuses } from '../../src/index.js';
import { Wrapped } from './wrapped.js';

const url = 'http://node';

/** What happens to bytes that are handed over, or to a question. */
export type Mishap =
  | 'none'
  | 'lost'
  | 'late'
  | 'doubled'
  | 'forked'
  | 'busy'
  | 'broken'
  | 'nonsense'
  | 'silent'
  | 'old';

/** What happens to a notification: nothing, it never comes, comes twice, some slots later, or behind a later one; or the subscription ends with it. */
export type Slip = 'none' | 'dropped' | 'twice' | 'delayed' | 'overtaken' | 'cut';

/** How many slots behind the newest a block is finalized. */
const FINALIZED = 3n;
/** After how many slots a notification comes that is delayed. */
const DELAY = 4;

/** How a transaction ended on the chain. */
export interface Landed {
  readonly slot: bigint;
  readonly failed: boolean;
}

/** A block that is not voted for yet: what is in it, and how many slots until it is decided. */
interface Block {
  readonly transaction: Transaction;
  left: number;
  readonly forked: boolean;
}

/** The embedded ledger, whose transactions are processed for a while before they run for good. Every mishap is used once, in order; then nothing goes wrong. */
export class Forking extends Wrapped {
  readonly #mishaps: Mishap[] = [];
  readonly #slips: Slip[] = [];
  readonly #blocks = new Map<Signature, Block>();
  #late: { readonly transaction: Transaction; readonly why: Mishap; left: number }[] = [];
  #delayed: { readonly tell: () => void; left: number }[] = [];
  #moving: Promise<void> | undefined;
  /** How often each mishap and each slip came about: what was planned and hit nothing is not counted. */
  readonly came = new Map<Mishap | Slip, number>();
  /** What was in a block at any time, be it one that was forked away. */
  readonly processed = new Set<Signature>();
  /** What ran for good. */
  readonly landed = new Map<Signature, Landed>();

  /** What is to go wrong from now on, with what is asked and with what is notified of. */
  plan(mishaps: readonly Mishap[], slips: readonly Slip[]): void {
    this.#mishaps.push(...mishaps);
    this.#slips.push(...slips);
  }

  #next(can: readonly Mishap[]): Mishap {
    const [mishap = 'none'] = this.#mishaps;
    if (mishap !== 'none' && !can.includes(mishap)) return 'none';
    this.#mishaps.shift();
    return mishap;
  }

  #count(what: Mishap | Slip): void {
    this.came.set(what, (this.came.get(what) ?? 0) + 1);
  }

  /** A slot goes by: what is late arrives, and blocks are voted for, or not. */
  override nextSlot(): Promise<void> {
    this.#moving ??= this.#move().finally(() => {
      this.#moving = undefined;
    });
    return this.#moving;
  }

  async #move(): Promise<void> {
    this.inner.advance();
    const due = <T extends { left: number }>(waiting: readonly T[]): readonly [T[], T[]] => {
      for (const one of waiting) one.left -= 1;
      return [waiting.filter(({ left }) => left <= 0), waiting.filter(({ left }) => left > 0)];
    };
    const [arrived, late] = due(this.#late);
    this.#late = late;
    for (const { transaction, why } of arrived) {
      this.#count(why);
      this.#arrive(transaction, false);
    }
    const [told, delayed] = due(this.#delayed);
    this.#delayed = delayed;
    for (const { tell } of told) tell();
    for (const [signature, block] of [...this.#blocks]) {
      block.left -= 1;
      if (block.left > 0) continue;
      this.#blocks.delete(signature);
      if (block.forked) this.#count('forked');
      // What is too old for this block now, or was in another fork too, is in none.
      else await this.inner.submit(block.transaction).catch(() => {});
      const [status] = (await this.inner.statuses([signature])).of;
      if (status) this.landed.set(signature, { slot: status.slot, failed: status.error !== null });
    }
  }

  #arrive(transaction: Transaction, forked: boolean): void {
    const signature = getSignatureFromTransaction(transaction);
    if (this.#blocks.has(signature)) return;
    this.processed.add(signature);
    this.#blocks.set(signature, { transaction, left: 2, forked });
  }

  override async submit(transaction: Transaction): Promise<void> {
    this.submits.push(transaction);
    const mishap = this.#next(['lost', 'late', 'doubled', 'forked', 'busy', 'broken', 'nonsense']);
    if (['busy', 'lost', 'broken', 'nonsense'].includes(mishap)) this.#count(mishap);
    if (mishap === 'busy') throw new LedgerError('RateLimited', { url });
    if (mishap === 'lost') return;
    if (mishap === 'late') this.#late.push({ transaction, why: mishap, left: 4 });
    else this.#arrive(transaction, mishap === 'forked');
    // The same bytes once more, after they ran perhaps.
    if (mishap === 'doubled') this.#late.push({ transaction, why: mishap, left: 6 });
    if (mishap === 'broken') throw new LedgerError('Unreachable', { url, reason: 'the connection broke' });
    if (mishap === 'nonsense') throw new LedgerError('NotSolana', { url, reason: 'the message was cut off' });
  }

  override async statuses(signatures: readonly Signature[]): Promise<Statuses> {
    const mishap = this.#next(['silent', 'old']);
    if (mishap === 'silent') {
      this.#count(mishap);
      throw new LedgerError('Timeout', { url });
    }
    if (mishap === 'old') return this.#behind(signatures);
    // Time goes by with the questions.
    await this.nextSlot();
    const { slot, of } = await this.inner.statuses(signatures);
    const told = signatures.map((signature, place) => {
      const status = of[place] ?? null;
      if (status !== null)
        return { ...status, commitment: status.slot + FINALIZED <= slot ? 'finalized' : 'confirmed' } as const;
      return this.#blocks.has(signature) ? ({ slot, commitment: 'processed', error: null } as const) : null;
    });
    return { slot, of: told };
  }

  /** What another node says, which is behind, and knows nothing of what came later. */
  async #behind(signatures: readonly Signature[]): Promise<Statuses> {
    const slot = (await this.slot('finalized')) - 1n;
    const { of } = await this.inner.statuses(signatures);
    const told = of.map((status) => (status !== null && status.slot <= slot ? status : null));
    if (signatures.some((signature, place) => (of[place] ?? this.#blocks.get(signature)) && !told[place]))
      this.#count('old');
    return { slot, of: told };
  }

  override async read(addresses: readonly Address[]): Promise<readonly Snapshot[]> {
    if (this.#next(['silent']) === 'silent') {
      this.#count('silent');
      throw new LedgerError('Timeout', { url });
    }
    return super.read(addresses);
  }

  override async *subscribe(
    address: Address,
    asking: { readonly signal: AbortSignal },
  ): AsyncGenerator<Snapshot, void> {
    const end = new AbortController();
    const signal = AbortSignal.any([asking.signal, end.signal]);
    const told: Snapshot[] = [];
    let wake = () => {};
    signal.addEventListener('abort', () => wake());
    const tell = (snapshot: Snapshot) => {
      told.push(snapshot);
      wake();
    };
    const listening = this.#slip(super.subscribe(address, { signal }), tell).finally(() => end.abort());
    try {
      for (;;) {
        const next = told.shift();
        if (next !== undefined) yield next;
        else if (signal.aborted) break;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      end.abort();
      await listening;
    }
  }

  /** Passes notifications on, with what goes wrong; until they end, or it ends them. */
  async #slip(notifications: AsyncIterable<Snapshot>, tell: (snapshot: Snapshot) => void): Promise<void> {
    let isFirst = true;
    let overtaken: Snapshot | undefined;
    for await (const snapshot of notifications) {
      // The first is no notification, but what was read when the subscription stood.
      const slip = isFirst ? 'none' : (this.#slips.shift() ?? 'none');
      isFirst = false;
      if (slip === 'overtaken' && overtaken === undefined) {
        overtaken = snapshot;
        continue;
      }
      if (slip !== 'delayed' && slip !== 'overtaken') this.#count(slip);
      if (slip === 'cut') return;
      if (slip === 'dropped') continue;
      if (slip === 'delayed') {
        const later = () => {
          this.#count(slip);
          tell(snapshot);
        };
        this.#delayed.push({ tell: later, left: DELAY });
        continue;
      }
      tell(snapshot);
      if (slip === 'twice') tell(snapshot);
      if (overtaken === undefined) continue;
      this.#count('overtaken');
      tell(overtaken);
      overtaken = undefined;
    }
  }

  override async blockHeight(commitment: Commitment): Promise<bigint> {
    return (await super.blockHeight(commitment)) - (commitment === 'finalized' ? FINALIZED : 0n);
  }

  override async slot(commitment: Commitment): Promise<bigint> {
    return (await super.slot(commitment)) - (commitment === 'finalized' ? FINALIZED : 0n);
  }

  /** The newest slot that is finalized, without being asked. */
  get finalized(): bigint {
    return this.inner.svm.getClock().slot - FINALIZED;
  }
}
