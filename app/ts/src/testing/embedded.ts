/** A real SVM in this process, with the real program file: for tests. Time moves when it is told to. */
import { readFileSync } from 'node:fs';
import {
  type Address,
  type Blockhash,
  getAddressDecoder,
  getCompiledTransactionMessageDecoder,
  getPublicKeyFromAddress,
  getSignatureFromTransaction,
  type Signature,
  type Transaction,
  lamports as toLamports,
  verifySignature,
} from '@solana/kit';
import { FailedTransactionMetadata, LiteSVM, type TransactionMetadata } from 'litesvm';
import { PROGRAM } from '../address.js';
import type { TransactionErrorJson } from '../failure.js';
import {
  type AccountContent,
  type Asking,
  BLOCKHASH_BLOCKS,
  type Clock,
  type Commitment,
  checkCount,
  type Entry,
  type Filter,
  type Ledger,
  LedgerError,
  MAX_READ,
  MAX_STATUSES,
  type Receipt,
  type RecentBlockhash,
  readHolding,
  type Snapshot,
  type Statuses,
  TOKEN_PROGRAMS,
} from '../ledger/index.js';
import { byAddress } from '../ledger/order.js';
import { receiptFrom } from '../ledger/outcome.js';
import { checkSize } from '../transaction/draft.js';
import { NONCE_AT, nextNonce, nonceAccountOf, readNonce } from '../transaction/nonce.js';
import { epochAt } from './epoch.js';
import { errorJson } from './errors.js';

/** The moment at which an embedded ledger starts, in Unix seconds: 2026-01-01T00:00:00Z. */
export const START = 1_767_225_600n;

/** What a byte of an account costs, in lamports, as on the Rust client's ledger and on `sessions localnet`; LiteSVM's own price is an older one. */
const LAMPORTS_PER_BYTE = 5_080n;

/** How many slots go by in ten seconds. */
const SLOTS_IN_TEN_SECONDS = 25n;

/** The program file that came with this package. */
export function programFile(): Uint8Array {
  return readFileSync(new URL('../../program/sessions.so', import.meta.url));
}

/** A transaction that ran. */
interface Ran {
  readonly receipt: Receipt;
  readonly error: TransactionErrorJson | null;
  readonly time: bigint;
  readonly touched: readonly Address[];
}

/** A ledger in this process. It has no forks: everything is finalized at once. */
export class Embedded implements Ledger {
  readonly commitment: Commitment = 'finalized';
  /** The SVM itself: tests forge with it what no transaction could make. */
  readonly svm: LiteSVM;
  readonly #blockhashes = new Map<string, bigint>();
  readonly #history = new Map<Signature, Ran>();
  readonly #watched = new Map<Address, Set<() => void>>();

  /** A ledger with the session program, from this file or the one that came with the package, at slot 1 and {@link START}. */
  constructor(program: Uint8Array = programFile()) {
    this.svm = new LiteSVM().withBlockhashCheck(false).withSigverify(false).withTransactionHistory(0n);
    const rent = this.svm.getRent();
    rent.lamportsPerByteYear = LAMPORTS_PER_BYTE;
    this.svm.setRent(rent);
    this.svm.addProgram(PROGRAM, program);
    this.svm.warpToSlot(1n);
    this.setTime(START);
  }

  withCommitment(): Embedded {
    return this;
  }

  /** Sets the clock's time, in Unix seconds; the slot stays. */
  setTime(unixTimestamp: bigint): void {
    const clock = this.svm.getClock();
    clock.unixTimestamp = unixTimestamp;
    this.svm.setClock(clock);
  }

  /** Lets so many seconds pass, and at least one slot. */
  advance(seconds = 0): void {
    this.#blockhash();
    const clock = this.svm.getClock();
    const slots = (BigInt(seconds) * SLOTS_IN_TEN_SECONDS + 9n) / 10n;
    this.svm.warpToSlot(clock.slot + (slots > 0n ? slots : 1n));
    const moved = this.svm.getClock();
    moved.unixTimestamp = clock.unixTimestamp + BigInt(seconds);
    // LiteSVM leaves epochs to others when its slots move, and Token-2022 reads them.
    moved.epoch = epochAt(this.svm.getEpochSchedule(), moved.slot);
    this.svm.setClock(moved);
    this.svm.expireBlockhash();
    this.#blockhash();
  }

  /** Puts an account there as it is, whoever owns it. */
  put(address: Address, account: AccountContent): void {
    const { owner, data, executable, lamports } = account;
    const content = {
      address,
      programAddress: owner,
      executable,
      lamports: toLamports(lamports),
      space: BigInt(data.length),
    };
    this.svm.setAccount({ ...content, data: new Uint8Array(data) });
    this.#notify([address]);
  }

  async simulate(transaction: Transaction): Promise<Receipt> {
    checkSize(transaction);
    const signature = '' as Signature;
    const result = this.svm.simulateTransaction(transaction);
    const failed = result instanceof FailedTransactionMetadata ? errorJson(result) : null;
    return this.#receipt(transaction, signature, failed, result.meta(), 0n);
  }

  async submit(transaction: Transaction): Promise<void> {
    checkSize(transaction);
    const error = await this.#run(transaction);
    if (error !== null) throw new LedgerError('Rejected', { error });
    // Nobody waits for it: its block is over, and what is read from now on is of a later one.
    this.advance();
  }

  async statuses(signatures: readonly Signature[]): Promise<Statuses> {
    checkCount('statuses', signatures.length, MAX_STATUSES);
    const of = signatures.map((signature) => {
      const ran = this.#history.get(signature);
      return ran === undefined ? null : { slot: ran.receipt.slot, commitment: this.commitment, error: ran.error };
    });
    return { slot: this.svm.getClock().slot, of };
  }

  async receipt(signature: Signature): Promise<Receipt | null> {
    return this.#history.get(signature)?.receipt ?? null;
  }

  async history(
    address: Address,
    { before, limit }: { readonly before?: Signature; readonly limit: number },
  ): Promise<readonly Entry[]> {
    const newest = [...this.#history.values()].reverse().filter(({ touched }) => touched.includes(address));
    const from = before === undefined ? 0 : newest.findIndex(({ receipt }) => receipt.signature === before) + 1;
    return newest.slice(from, from + limit).map(({ receipt, error, time }) => {
      const { signature, slot } = receipt;
      return { signature, slot, time, failed: error !== null };
    });
  }

  async read(addresses: readonly Address[]): Promise<readonly Snapshot[]> {
    checkCount('accounts', addresses.length, MAX_READ);
    return addresses.map((address) => this.#snapshot(address));
  }

  async accounts(filters: readonly Filter[]): Promise<readonly Snapshot[]> {
    const passes = (data: AccountContent['data']) =>
      filters.every(({ offset, bytes }) => bytes.every((byte, place) => data[offset + place] === byte));
    const found = this.svm.getProgramAccounts(PROGRAM).map(({ address }) => this.#snapshot(address));
    // The SVM may still list what a transaction deleted.
    const there = found.filter(({ account }) => account !== null && passes(account.data));
    return there.sort(byAddress);
  }

  async tokenAccounts(owner: Address): Promise<readonly Snapshot[]> {
    const listed = TOKEN_PROGRAMS.flatMap((program) => this.svm.getProgramAccounts(program));
    const found = listed.map(({ address }) => this.#snapshot(address));
    return found.filter((snapshot) => readHolding(snapshot)?.owner === owner).sort(byAddress);
  }

  async *subscribe(address: Address, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<Snapshot, void> {
    const waiting: Snapshot[] = [this.#snapshot(address)];
    let wake = () => {};
    const told = () => {
      waiting.push(this.#snapshot(address));
      wake();
    };
    const watchers = this.#watched.get(address) ?? new Set();
    this.#watched.set(address, watchers.add(told));
    const stop = () => wake();
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next !== undefined) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      watchers.delete(told);
      signal.removeEventListener('abort', stop);
    }
  }

  async clock(): Promise<Clock> {
    const { slot, unixTimestamp } = this.svm.getClock();
    return { slot, unixTimestamp };
  }

  async blockhash(): Promise<RecentBlockhash> {
    return this.#blockhash();
  }

  async blockHeight(): Promise<bigint> {
    return this.svm.getClock().slot;
  }

  async slot(): Promise<bigint> {
    return this.svm.getClock().slot;
  }

  async nextSlot(): Promise<void> {
    this.advance();
  }

  async minimumBalance(bytes: number): Promise<bigint> {
    return this.svm.minimumBalanceForRentExemption(BigInt(bytes));
  }

  async priorityFees(): Promise<readonly bigint[]> {
    return [];
  }

  async airdrop(address: Address, lamports: bigint, _asking?: Asking): Promise<void> {
    const { account } = this.#snapshot(address);
    const empty = {
      owner: '11111111111111111111111111111111' as Address,
      data: new Uint8Array(),
      executable: false,
      lamports: 0n,
    };
    const before = account ?? empty;
    this.put(address, { ...before, lamports: before.lamports + lamports });
  }

  #snapshot(address: Address): Snapshot {
    const found = this.svm.getAccount(address);
    const { slot } = this.svm.getClock();
    // The runtime keeps an account without lamports no longer than its transaction; LiteSVM may still list it.
    if (!found.exists || found.lamports === toLamports(0n)) return { address, slot, account: null };
    const { programAddress: owner, lamports, data, executable } = found;
    return { address, slot, account: { owner, lamports, data: new Uint8Array(data), executable } };
  }

  #blockhash(): RecentBlockhash {
    const blockhash: Blockhash = this.svm.latestBlockhash();
    const { slot } = this.svm.getClock();
    const made = this.#blockhashes.get(blockhash) ?? slot;
    this.#blockhashes.set(blockhash, made);
    return { blockhash, lastValidBlockHeight: made + BLOCKHASH_BLOCKS };
  }

  /** What a validator checks before a transaction runs. */
  async #admit(transaction: Transaction, blockhash: string): Promise<TransactionErrorJson | null> {
    this.#blockhash();
    for (const [signer, signature] of Object.entries(transaction.signatures)) {
      const key = await getPublicKeyFromAddress(signer as Address);
      if (signature === null || !(await verifySignature(key, signature, transaction.messageBytes)))
        return 'SignatureFailure';
    }
    const made = this.#blockhashes.get(blockhash);
    const recent = made !== undefined && this.svm.getClock().slot <= made + BLOCKHASH_BLOCKS;
    return recent || this.#usesNonce(transaction, blockhash) ? null : 'BlockhashNotFound';
  }

  /** Whether a transaction uses a durable nonce as it is, with the signature of who may advance it. */
  #usesNonce(transaction: Transaction, blockhash: string): boolean {
    const address = nonceAccountOf(transaction);
    const held = address === null ? null : readNonce(this.#snapshot(address));
    return held?.nonce === blockhash && held.authority in transaction.signatures;
  }

  /** Runs a transaction, unless it has run before; answers why it was turned away, if it was. */
  async #run(transaction: Transaction): Promise<TransactionErrorJson | null> {
    const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
    const refused = await this.#admit(transaction, message.lifetimeToken);
    const signature = getSignatureFromTransaction(transaction);
    if (this.#history.has(signature)) return null;
    if (refused !== null) return refused;
    const touched = message.staticAccounts;
    const [payer = PROGRAM] = touched;
    const before = this.svm.getBalance(payer) ?? 0n;
    const result = this.svm.sendTransaction(transaction);
    const error = result instanceof FailedTransactionMetadata ? errorJson(result) : null;
    const meta = result instanceof FailedTransactionMetadata ? result.meta() : result;
    // What was turned away has no name.
    if (error !== null && meta.signature().every((byte) => byte === 0)) return error;
    const nonce = error === null ? null : nonceAccountOf(transaction);
    if (nonce !== null) await this.#advanceNonce(nonce);
    // A transaction that fails moves nothing but its fee; one that succeeds costs 5,000 lamports a signature, without a price.
    const base = 5_000n * BigInt(message.header.numSignerAccounts);
    const fee = error === null ? base : before - (this.svm.getBalance(payer) ?? 0n);
    const receipt = this.#receipt(transaction, signature, error, meta, fee);
    this.#history.set(signature, { receipt, error, time: this.svm.getClock().unixTimestamp, touched });
    this.#notify(touched);
    return null;
  }

  /** Moves a nonce on after a transaction that used it and failed, as validators do and LiteSVM does not. */
  async #advanceNonce(address: Address): Promise<void> {
    const { account } = this.#snapshot(address);
    if (account === null || readNonce({ account }) === null) return;
    const data = new Uint8Array(account.data);
    data.set(await nextNonce(this.svm.latestBlockhash()), NONCE_AT);
    this.put(address, { ...account, data });
  }

  #receipt(
    transaction: Transaction,
    signature: Signature,
    error: TransactionErrorJson | null,
    meta: TransactionMetadata,
    fee: bigint,
  ): Receipt {
    const answered = meta.returnData();
    const returned = {
      program: getAddressDecoder().decode(answered.programId()),
      data: new Uint8Array(answered.data()),
    };
    const { slot } = this.svm.getClock();
    const computeUnits = meta.computeUnitsConsumed();
    return receiptFrom({ signature, slot, error, computeUnits, fee, logs: meta.logs(), returned }, transaction);
  }

  #notify(addresses: readonly Address[]): void {
    for (const address of addresses) for (const told of this.#watched.get(address) ?? []) told();
  }
}
