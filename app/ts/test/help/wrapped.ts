/** A ledger around another that fails when it is told to, and counts what it is asked. */
import type { Address, Signature, Transaction } from '@solana/kit';
import {
  type Asking,
  type Clock,
  type Commitment,
  type Entry,
  type Filter,
  type Ledger,
  LedgerError,
  type Receipt,
  type RecentBlockhash,
  type Snapshot,
  type Statuses,
} from '../../src/index.js';
import type { Embedded } from '../../src/testing/index.js';

const url = 'http://node';

/** A ledger with faults: the embedded one, or any other. */
export class Wrapped<Inner extends Ledger = Embedded> implements Ledger {
  readonly commitment: Commitment = 'confirmed';
  readonly inner: Inner;
  /** What is handed over never arrives. */
  swallows = false;
  /** What is handed over arrives, and the answer to it does not make sense. */
  garbles = false;
  /** It tells no receipts, now and for ever. */
  forgets = false;
  /** Nothing can be read. */
  unreachable = false;
  /** Statuses are told by another node, which is behind and knows none. */
  behind = false;
  /** Every subscription ends at once. */
  hangsUp = false;
  /** How often accounts were read. */
  reads = 0;
  /** What was handed over, in its order. */
  readonly submits: Transaction[] = [];
  /** How often an account was subscribed to. */
  subscriptions = 0;

  constructor(inner: Inner) {
    this.inner = inner;
  }

  #reach(): void {
    if (this.unreachable) throw new LedgerError('Timeout', { url });
  }

  withCommitment(): Ledger {
    return this;
  }

  simulate(transaction: Transaction): Promise<Receipt> {
    return this.inner.simulate(transaction);
  }

  async submit(transaction: Transaction): Promise<void> {
    this.submits.push(transaction);
    if (this.swallows) return;
    await this.inner.submit(transaction);
    if (this.garbles) throw new LedgerError('NotSolana', { url, reason: 'the message was cut off' });
  }

  async statuses(signatures: readonly Signature[]): Promise<Statuses> {
    this.#reach();
    if (this.behind) return { slot: 0n, of: signatures.map(() => null) };
    return this.inner.statuses(signatures);
  }

  async receipt(signature: Signature): Promise<Receipt | null> {
    if (this.forgets) throw new LedgerError('NotSolana', { url, reason: 'the message was cut off' });
    return this.inner.receipt(signature);
  }

  history(address: Address, page: { readonly before?: Signature; readonly limit: number }): Promise<readonly Entry[]> {
    return this.inner.history(address, page);
  }

  async read(addresses: readonly Address[]): Promise<readonly Snapshot[]> {
    this.reads += 1;
    this.#reach();
    // As long as a node takes to answer, for whoever else asks meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return this.inner.read(addresses);
  }

  accounts(filters: readonly Filter[]): Promise<readonly Snapshot[]> {
    return this.inner.accounts(filters);
  }

  tokenAccounts(owner: Address): Promise<readonly Snapshot[]> {
    return this.inner.tokenAccounts(owner);
  }

  async *subscribe(address: Address, asking: { readonly signal: AbortSignal }): AsyncGenerator<Snapshot, void> {
    this.subscriptions += 1;
    for await (const snapshot of this.inner.subscribe(address, asking)) {
      yield snapshot;
      if (this.hangsUp) return;
    }
  }

  clock(): Promise<Clock> {
    return this.inner.clock();
  }

  blockhash(): Promise<RecentBlockhash> {
    return this.inner.blockhash();
  }

  blockHeight(commitment: Commitment): Promise<bigint> {
    return this.inner.blockHeight(commitment);
  }

  slot(commitment: Commitment): Promise<bigint> {
    return this.inner.slot(commitment);
  }

  async nextSlot(): Promise<void> {
    // Another node's slots do not move this one's, and a cluster's move by themselves.
    if (this.behind || this.inner.nextSlot === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    else await this.inner.nextSlot();
  }

  minimumBalance(bytes: number): Promise<bigint> {
    return this.inner.minimumBalance(bytes);
  }

  priorityFees(accounts: readonly Address[]): Promise<readonly bigint[]> {
    return this.inner.priorityFees(accounts);
  }

  airdrop(address: Address, lamports: bigint, asking?: Asking): Promise<void> {
    return this.inner.airdrop(address, lamports, asking);
  }
}
