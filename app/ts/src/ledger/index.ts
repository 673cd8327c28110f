/** Where transactions go. */
import { type Address, getAddressEncoder, type Signature, type Transaction } from '@solana/kit';
import { readChild } from '../account.js';
import { LedgerError } from './error.js';
import type {
  Asking,
  Clock,
  Commitment,
  Entry,
  Filter,
  Receipt,
  RecentBlockhash,
  Snapshot,
  Statuses,
} from './types.js';

export * from './error.js';
export { type Holding, mintDecimals, readHolding, TOKEN_PROGRAMS } from './token.js';
export * from './types.js';

/** The most accounts that can be read at once. */
export const MAX_READ = 100;
/** The most transactions whose status can be asked for at once. */
export const MAX_STATUSES = 256;
/** How many blocks a blockhash can be used for. */
export const BLOCKHASH_BLOCKS = 150n;

/** What the client needs of a chain. It reads at one {@link Commitment}; what fails throws a {@link LedgerError}. */
export interface Ledger {
  /** The commitment that this handle reads at. */
  readonly commitment: Commitment;
  /** The same ledger, read at another commitment. */
  withCommitment(commitment: Commitment): Ledger;
  /** Runs a transaction without keeping what it does. Neither its signatures nor its blockhash are looked at. */
  simulate(transaction: Transaction, asking?: Asking): Promise<Receipt>;
  /**
   * Hands a signed transaction over and does not wait for it. It is safe to repeat with the same bytes, which run once at most.
   *
   * @throws LedgerError: `Rejected` if it was turned away at once and has not run. That it was not does not mean that it will.
   */
  submit(transaction: Transaction, asking?: Asking): Promise<void>;
  /**
   * What is known of transactions, history included, in the order asked; at most {@link MAX_STATUSES}. It is no older than what the ledger last told of
   * the finalized chain.
   */
  statuses(signatures: readonly Signature[], asking?: Asking): Promise<Statuses>;
  /** What became of a transaction; `null` if it has not run, or not yet at the handle's commitment, or if the ledger no longer keeps it. */
  receipt(signature: Signature, asking?: Asking): Promise<Receipt | null>;
  /** The transactions that name an account, newest first, from behind `before` on, at most `limit` of them. */
  history(
    address: Address,
    page: { readonly before?: Signature; readonly limit: number },
    asking?: Asking,
  ): Promise<readonly Entry[]>;
  /** Reads accounts, all at one slot, in the order asked; at most {@link MAX_READ}. */
  read(addresses: readonly Address[], asking?: Asking): Promise<readonly Snapshot[]>;
  /** The session program's accounts that pass every filter, in the order of their addresses. */
  accounts(filters: readonly Filter[], asking?: Asking): Promise<readonly Snapshot[]>;
  /** The accounts of SPL Token and of Token-2022 whose tokens are this address's, in the order of their addresses: `readHolding` reads them. */
  tokenAccounts(owner: Address, asking?: Asking): Promise<readonly Snapshot[]>;
  /**
   * Follows an account: its present state, and every change from then on, never an older one behind a newer, until the signal is aborted.
   *
   * @throws LedgerError: why it cannot be followed, before its present state is told; later only that it is refused for good.
   */
  subscribe(address: Address, asking: { readonly signal: AbortSignal }): AsyncIterable<Snapshot>;
  /** The chain's clock. */
  clock(asking?: Asking): Promise<Clock>;
  /** A recent blockhash to sign with, and for how long it serves; confirmed, whatever the handle's commitment. */
  blockhash(asking?: Asking): Promise<RecentBlockhash>;
  /** The number of blocks up to the newest of this commitment. */
  blockHeight(commitment: Commitment, asking?: Asking): Promise<bigint>;
  /** The newest slot of this commitment. */
  slot(commitment: Commitment, asking?: Asking): Promise<bigint>;
  /** Waits for the next slot, or makes it where that is for the ledger to do. Without it, whoever waits asks again after a while. */
  nextSlot?(asking?: Asking): Promise<void>;
  /** The least lamports that an account with so many bytes of data must have. */
  minimumBalance(bytes: number, asking?: Asking): Promise<bigint>;
  /**
   * What transactions that write one of these accounts lately paid for priority, in micro-lamports per compute unit, one number for each recent slot, in
   * no order. Empty if the ledger has no such market.
   */
  priorityFees(writable: readonly Address[], asking?: Asking): Promise<readonly bigint[]>;
  /** Gives lamports out of nothing, where the chain does so: test clusters, and ledgers in this process. */
  airdrop(address: Address, lamports: bigint, asking?: Asking): Promise<void>;
}

/**
 * Checks that no more is asked for at once than a ledger answers.
 *
 * @throws LedgerError: `TooMany`.
 */
export function checkCount(what: string, asked: number, most: number): void {
  if (asked > most) throw new LedgerError('TooMany', { what, asked, most });
}

/** Reads one account. */
export async function readOne(ledger: Ledger, address: Address, asking?: Asking): Promise<Snapshot> {
  const [snapshot] = await ledger.read([address], asking);
  return snapshot ?? { address, slot: 0n, account: null };
}

/** Where a child has its session's address. */
const SESSION_AT = 72;

/**
 * The accounts that belong to the session at an address, in the order of their addresses, of any of its lives, whether the session itself is still there
 * or not.
 */
export async function children(ledger: Ledger, session: Address, asking?: Asking): Promise<readonly Snapshot[]> {
  const found = await ledger.accounts([{ offset: SESSION_AT, bytes: getAddressEncoder().encode(session) }], asking);
  // What is no child may have the session's address in the same place.
  return found.filter((snapshot) => readChild(snapshot)?.session === session);
}
