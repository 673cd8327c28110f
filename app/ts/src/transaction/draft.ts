/** What is to be sent, before it is signed: it can be simulated without its keys, and signed as often as needed. */
import {
  appendTransactionMessageInstructions,
  type Blockhash,
  compileTransaction,
  createTransactionMessage,
  getCompiledTransactionMessageDecoder,
  getTransactionSize,
  type Instruction,
  isFullySignedTransaction,
  partiallySignTransactionMessageWithSigners,
  pipe,
  setTransactionMessageComputeUnitLimit,
  setTransactionMessageComputeUnitPrice,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  type Transaction,
  type TransactionSigner,
} from '@solana/kit';
import { TransactionFailed } from '../failure.js';
import { LedgerError, MAX_TRANSACTION_BYTES } from '../ledger/error.js';
import type { Ledger } from '../ledger/index.js';
import type { Asking, Receipt, RecentBlockhash } from '../ledger/types.js';
import {
  type Budget,
  DEFAULT_PRICE_CAP,
  type Price,
  priceOf,
  SIMULATION_BUDGET,
  unitLimit,
  writableAccounts,
} from './budget.js';

/** Instructions to be sent in one transaction. */
export interface Draft {
  /** Who pays the fee. */
  readonly payer: TransactionSigner;
  /** The instructions, in order. */
  readonly instructions: readonly Instruction[];
  /** What it may compute and what it pays for that; left to the cluster's defaults. */
  readonly budget?: Budget | undefined;
}

/** A blockhash of zeros, where none counts. */
const NO_BLOCKHASH: RecentBlockhash = {
  blockhash: '11111111111111111111111111111111' as Blockhash,
  lastValidBlockHeight: 0n,
};

function message({ payer, instructions, budget }: Draft, lifetime: RecentBlockhash) {
  return pipe(
    createTransactionMessage({ version: 'legacy' }),
    (empty) => setTransactionMessageFeePayerSigner(payer, empty),
    (paid) => setTransactionMessageLifetimeUsingBlockhash(lifetime, paid),
    (timed) => setTransactionMessageComputeUnitLimit(budget?.units, timed),
    (limited) =>
      setTransactionMessageComputeUnitPrice(
        budget === undefined || budget.price === 0n ? undefined : budget.price,
        limited,
      ),
    (priced) => appendTransactionMessageInstructions(instructions, priced),
  );
}

/**
 * Checks that a transaction fits into a packet of the network.
 *
 * @throws LedgerError: `TransactionTooLarge` if it has more than 1,232 bytes.
 */
export function checkSize(transaction: Transaction): void {
  const bytes = getTransactionSize(transaction);
  if (bytes > MAX_TRANSACTION_BYTES) throw new LedgerError('TransactionTooLarge', { bytes });
}

/** The blockhash that a transaction was signed with. */
export function blockhashOf(transaction: Transaction): string {
  return getCompiledTransactionMessageDecoder().decode(transaction.messageBytes).lifetimeToken;
}

/** The transaction without signatures. */
export function unsigned(draft: Draft): Transaction {
  return compileTransaction(message(draft, NO_BLOCKHASH));
}

/**
 * The transaction, signed by its signers to live as long as `lifetime`.
 *
 * @throws LedgerError: `TransactionTooLarge`, before anybody is asked to sign; `Unsigned` if a signer did not sign. What a signer itself throws, as a
 * wallet whose owner declines, is thrown on.
 */
export async function sign(draft: Draft, lifetime: RecentBlockhash, asking: Asking = {}): Promise<Transaction> {
  const toSign = message(draft, lifetime);
  checkSize(compileTransaction(toSign));
  const { signal } = asking;
  const signed: Transaction = await partiallySignTransactionMessageWithSigners(
    toSign,
    signal && { abortSignal: signal },
  );
  if (!isFullySignedTransaction(signed)) {
    const missing = Object.entries(signed.signatures).filter(([, signature]) => signature === null);
    throw new LedgerError('Unsigned', { reason: `no signature of ${missing.map(([address]) => address).join(', ')}` });
  }
  checkSize(signed);
  return signed;
}

/** What a simulation did, and the draft with a budget by that. */
export interface Prepared {
  /** The draft; without a budget of its own if the simulation failed, and then there is little point in sending it. */
  readonly draft: Draft;
  /** What the simulation did. */
  readonly simulated: Receipt;
}

/** Whether a payer cannot pay, in the runtime's words. Whose rent is short may be another account's, such as a new one's that is paid too little. */
function isUnpaid({ name, account, instruction }: TransactionFailed): boolean {
  if (instruction !== undefined) return false;
  return (
    name === 'AccountNotFound' ||
    name === 'InsufficientFundsForFee' ||
    (name === 'InsufficientFundsForRent' && account === 0)
  );
}

/**
 * Simulates a draft and gives it a budget by that: the limit with a margin, the price as asked for.
 *
 * @throws LedgerError: `TransactionTooLarge`, `NoFunds`, and what the ledger throws.
 */
export async function prepare(
  ledger: Ledger,
  draft: Draft,
  price: Price = { cap: DEFAULT_PRICE_CAP },
  asking: Asking = {},
): Promise<Prepared> {
  const trial = unsigned({ ...draft, budget: SIMULATION_BUDGET });
  checkSize(trial);
  const simulated = await ledger.simulate(trial, asking);
  const { failure } = simulated;
  if (failure instanceof TransactionFailed && isUnpaid(failure))
    throw new LedgerError('NoFunds', { payer: draft.payer.address });
  if (failure !== null) return { draft, simulated };
  const perUnit =
    'exactly' in price
      ? BigInt(price.exactly)
      : priceOf(await ledger.priorityFees(writableAccounts(trial), asking), BigInt(price.cap));
  const prepared = { ...draft, budget: { units: unitLimit(simulated.computeUnits), price: perUnit } };
  checkSize(unsigned(prepared));
  return { draft: prepared, simulated };
}
