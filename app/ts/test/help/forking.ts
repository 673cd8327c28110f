/** A chain with blocks that may be forked away, and a node that loses, delays and doubles what it is handed, is busy, breaks off, and is silent. */
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

/** How many slots behind the newest a block is finalized. */
const FINALIZED = 3n;

/** A block that is not voted for yet: what is in it, and how many slots until it is decided. */
interface Block {
  readonly transaction: Transaction;
  left: number;
  readonly forked: boolean;
}

/** The embedded ledger, whose transactions are processed for a while before they run for good. Every mishap is used once, in order; then nothing goes wrong. */
export class Forking extends Wrapped {
  readonly #mishaps: Mishap[] = [];
  readonly #blocks = new Map<Signature, Block>();
  #late: { readonly transaction: Transaction; left: number }[] = [];
  #moving: Promise<void> | undefined;
  /** How often each mishap came about. */
  readonly came = new Map<Mishap, number>();

  /** What is to go wrong from now on. */
  plan(mishaps: readonly Mishap[]): void {
    this.#mishaps.push(...mishaps);
  }

  /** Whether everything that was to go wrong has, and nothing is in a block that may be forked away. */
  get isQuiet(): boolean {
    return this.#mishaps.length === 0 && this.#blocks.size === 0 && this.#late.length === 0;
  }

  #next(can: readonly Mishap[]): Mishap {
    const [mishap = 'none'] = this.#mishaps;
    if (mishap !== 'none' && !can.includes(mishap)) return 'none';
    this.#mishaps.shift();
    this.came.set(mishap, (this.came.get(mishap) ?? 0) + 1);
    return mishap;
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
    const late = this.#late.map(({ transaction, left }) => ({ transaction, left: left - 1 }));
    const arrived = late.filter(({ left }) => left <= 0);
    this.#late = late.filter(({ left }) => left > 0);
    for (const { transaction } of arrived) this.#arrive(transaction, false);
    for (const [signature, block] of [...this.#blocks]) {
      block.left -= 1;
      if (block.left > 0) continue;
      this.#blocks.delete(signature);
      // What is too old for this block now, or was in another fork too, is in none.
      if (!block.forked) await this.inner.submit(block.transaction).catch(() => {});
    }
  }

  #arrive(transaction: Transaction, forked: boolean): void {
    const signature = getSignatureFromTransaction(transaction);
    if (!this.#blocks.has(signature)) this.#blocks.set(signature, { transaction, left: 2, forked });
  }

  override async submit(transaction: Transaction): Promise<void> {
    this.submits.push(transaction);
    const mishap = this.#next(['lost', 'late', 'doubled', 'forked', 'busy', 'broken', 'nonsense']);
    if (mishap === 'busy') throw new LedgerError('RateLimited', { url });
    if (mishap === 'lost') return;
    if (mishap === 'late') this.#late.push({ transaction, left: 4 });
    else this.#arrive(transaction, mishap === 'forked');
    // The same bytes once more, after they ran perhaps.
    if (mishap === 'doubled') this.#late.push({ transaction, left: 6 });
    if (mishap === 'broken') throw new LedgerError('Unreachable', { url, reason: 'the connection broke' });
    if (mishap === 'nonsense') throw new LedgerError('NotSolana', { url, reason: 'the message was cut off' });
  }

  override async statuses(signatures: readonly Signature[]): Promise<Statuses> {
    const mishap = this.#next(['silent', 'old']);
    if (mishap === 'silent') throw new LedgerError('Timeout', { url });
    // Another node, which is behind and knows none of it.
    if (mishap === 'old') return { slot: (await this.slot('finalized')) - 1n, of: signatures.map(() => null) };
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

  override async read(addresses: readonly Address[]): Promise<readonly Snapshot[]> {
    if (this.#next(['silent']) === 'silent') throw new LedgerError('Timeout', { url });
    return super.read(addresses);
  }

  override async blockHeight(commitment: Commitment): Promise<bigint> {
    return (await super.blockHeight(commitment)) - (commitment === 'finalized' ? FINALIZED : 0n);
  }

  override async slot(commitment: Commitment): Promise<bigint> {
    return (await super.slot(commitment)) - (commitment === 'finalized' ? FINALIZED : 0n);
  }
}
