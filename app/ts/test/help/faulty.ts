/** A chain in virtual time whose node loses, delays and doubles what it is handed, answers late or not at all, and whose blocks can be forked away. */
import {
  type Blockhash,
  getBase58Decoder,
  getSignatureFromTransaction,
  type Signature,
  type Transaction,
} from '@solana/kit';
import {
  BLOCKHASH_BLOCKS,
  blockhashOf,
  type Ledger,
  LedgerError,
  type RecentBlockhash,
  type TransactionStatus,
} from '../../src/index.js';

/** How long a block takes, in milliseconds. */
export const BLOCK = 400;
/** How many blocks behind the newest the confirmed and the finalized one are. */
const CONFIRMED = 2n;
const FINALIZED = 32n;

/** What happens to bytes that are handed over. */
export type Fault =
  | { readonly kind: 'none' | 'lost' | 'broken' | 'garbled' | 'failed' | 'busy' | 'doubled' | 'forked' | 'failing' }
  | { readonly kind: 'late'; readonly after: number };

/** What happens to a question about statuses: nothing, no answer, or an answer that is as old as it may be. */
export type Doubt = 'none' | 'silent' | 'old';

const url = 'http://faulty';

/** The chain. Every fault is used once, in order; then nothing goes wrong any more. */
export class FaultyChain {
  /** What was handed over, by name: how often it ran and stayed. */
  readonly runs = new Map<Signature, number>();
  readonly #landed = new Map<Signature, bigint>();
  readonly #faults: Fault[];
  readonly #doubts: Doubt[];
  readonly #valid = new Map<string, bigint>();
  readonly #failing = new Set<Signature>();
  #told = 0n;

  constructor(faults: readonly Fault[], doubts: readonly Doubt[]) {
    this.#faults = [...faults];
    this.#doubts = [...doubts];
  }

  get height(): bigint {
    return BigInt(Math.floor(performance.now() / BLOCK)) + FINALIZED;
  }

  /** How often anything ran and stayed. */
  get total(): number {
    return [...this.runs.values()].reduce((sum, count) => sum + count, 0);
  }

  #arrive(signature: Signature, blockhash: string, kind: Fault['kind']): void {
    const until = this.#valid.get(blockhash);
    if (this.#landed.has(signature) || until === undefined || this.height > until) return;
    this.#landed.set(signature, this.height);
    this.runs.set(signature, (this.runs.get(signature) ?? 0) + 1);
    if (kind !== 'forked' && kind !== 'failing') return;
    if (kind === 'failing') this.#failing.add(signature);
    // The fork is given up before it was confirmed.
    setTimeout(() => {
      this.#landed.delete(signature);
      this.#failing.delete(signature);
      this.runs.set(signature, (this.runs.get(signature) ?? 1) - 1);
    }, BLOCK);
  }

  /** What the chain knows of a transaction as of a height. */
  #status(signature: Signature, asOf: bigint): TransactionStatus | null {
    const slot = this.#landed.get(signature);
    if (slot === undefined || slot > asOf) return null;
    const behind = asOf - slot;
    return {
      slot,
      commitment: behind >= FINALIZED ? 'finalized' : behind >= CONFIRMED ? 'confirmed' : 'processed',
      error: this.#failing.has(signature) ? 'AccountInUse' : null,
    };
  }

  async #submit(transaction: Transaction): Promise<void> {
    const signature = getSignatureFromTransaction(transaction);
    const blockhash = blockhashOf(transaction);
    const fault = this.#faults.shift() ?? { kind: 'none' };
    const arrive = () => this.#arrive(signature, blockhash, fault.kind);
    if (fault.kind === 'busy') throw new LedgerError('RateLimited', { url });
    if (fault.kind === 'lost') return;
    if (fault.kind === 'late') {
      setTimeout(arrive, fault.after);
      return;
    }
    arrive();
    if (fault.kind === 'doubled') arrive();
    // What is said of these does not say whether they arrived.
    if (fault.kind === 'failed') throw new LedgerError('NodeFailed', { url, reason: 'the node failed' });
    if (fault.kind === 'garbled') throw new LedgerError('NotSolana', { url, reason: 'half an answer' });
    if (fault.kind === 'broken') throw new LedgerError('Unreachable', { url, reason: 'the connection broke' });
  }

  /** The chain as a ledger, as far as landing asks it. */
  ledger(): Ledger {
    const asked: Pick<Ledger, 'submit' | 'statuses' | 'blockHeight' | 'blockhash' | 'commitment'> = {
      commitment: 'confirmed',
      submit: (transaction) => this.#submit(transaction),
      statuses: async (signatures) => {
        const doubt = this.#doubts.shift() ?? 'none';
        if (doubt === 'silent') throw new LedgerError('Timeout', { url });
        const asOf = doubt === 'old' ? this.#told : this.height;
        return { slot: asOf, of: signatures.map((signature) => this.#status(signature, asOf)) };
      },
      blockHeight: async (commitment) => {
        if (commitment !== 'finalized') return this.height;
        this.#told = this.height - FINALIZED;
        return this.#told;
      },
      blockhash: async (): Promise<RecentBlockhash> => {
        const { height } = this;
        const bytes = new Uint8Array(32).fill(1);
        new DataView(bytes.buffer).setBigUint64(0, height, true);
        const blockhash = getBase58Decoder().decode(bytes) as Blockhash;
        this.#valid.set(blockhash, height + BLOCKHASH_BLOCKS);
        return { blockhash, lastValidBlockHeight: height + BLOCKHASH_BLOCKS };
      },
    };
    return asked as Ledger;
  }
}
