/** How much a transaction may compute, and what it pays to go first. */
import { type Address, getCompiledTransactionMessageDecoder, type Transaction } from '@solana/kit';

/** The most compute units that a transaction has. */
export const MAX_COMPUTE_UNITS = 1_400_000;
/** What is added to what a simulation took: a tenth, for state that changes in between, and this, for the two instructions that set the budget. */
const EXTRA_UNITS = 1_000n;
/** The most micro-lamports per compute unit that are paid unless a caller says otherwise. */
export const DEFAULT_PRICE_CAP = 100_000n;

/** What a transaction pays for each compute unit beside its fee, in micro-lamports: so many, or what others lately paid, and at most so many. */
export type Price = { readonly exactly: number | bigint } | { readonly cap: number | bigint };

/** How much a transaction may compute, and what it pays for that. */
export interface Budget {
  /** The most compute units it may take. */
  readonly units: number;
  /** The price of one, in micro-lamports. */
  readonly price: bigint;
}

/** The budget of a simulation: everything, for nothing. */
export const SIMULATION_BUDGET: Budget = { units: MAX_COMPUTE_UNITS, price: 0n };

/** What a budget costs beside the fee for signatures, in lamports, rounded up as the runtime does. The limit is paid for, not what is used. */
export function priorityFee({ units, price }: Budget): bigint {
  return (BigInt(units) * price + 999_999n) / 1_000_000n;
}

/** The limit for a transaction that took so many compute units when it was simulated: a tenth and a little more, at most {@link MAX_COMPUTE_UNITS}. */
export function unitLimit(simulated: bigint): number {
  const withMargin = simulated + simulated / 10n + EXTRA_UNITS;
  return withMargin < BigInt(MAX_COMPUTE_UNITS) ? Number(withMargin) : MAX_COMPUTE_UNITS;
}

/** The price that three quarters of `recent` did with, at most `cap`; nothing if none is known. In micro-lamports. */
export function priceOf(recent: readonly bigint[], cap: bigint): bigint {
  const sorted = [...recent].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const price = sorted[Math.min(Math.floor((sorted.length * 3) / 4), sorted.length - 1)] ?? 0n;
  return price < cap ? price : cap;
}

/** The accounts that a transaction locks to write them, which is what it competes with others for. */
export function writableAccounts(transaction: Transaction): readonly Address[] {
  const { header, staticAccounts } = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
  const { numSignerAccounts, numReadonlySignerAccounts, numReadonlyNonSignerAccounts } = header;
  const writableSigners = numSignerAccounts - numReadonlySignerAccounts;
  const readonlyFrom = staticAccounts.length - numReadonlyNonSignerAccounts;
  return staticAccounts.filter((_, place) =>
    place < numSignerAccounts ? place < writableSigners : place < readonlyFrom,
  );
}
