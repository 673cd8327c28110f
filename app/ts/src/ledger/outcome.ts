/** A transaction that ran, before it is read. */
import {
  type Address,
  getCompiledTransactionMessageDecoder,
  type ReadonlyUint8Array,
  type Signature,
  type Transaction,
} from '@solana/kit';
import { PROGRAM, SYSTEM_PROGRAM } from '../address.js';
import { eventsFromLogs } from '../event.js';
import { failureOf, type TransactionErrorJson } from '../failure.js';
import type { Receipt } from './types.js';

/** What a ledger tells of a transaction that ran. */
export interface Outcome {
  readonly signature: Signature;
  readonly slot: bigint;
  readonly error: TransactionErrorJson | null;
  readonly computeUnits: bigint;
  readonly fee: bigint;
  readonly logs: readonly string[];
  /** The last program that answered, and what. */
  readonly returned: { readonly program: Address; readonly data: ReadonlyUint8Array } | null;
}

/** The accounts that a transaction itself names, and the program that each of its instructions goes to. */
export function partsOf({ messageBytes }: Pick<Transaction, 'messageBytes'>) {
  const message = getCompiledTransactionMessageDecoder().decode(messageBytes);
  const accounts: readonly Address[] = message.staticAccounts;
  const instructions = 'instructions' in message ? message.instructions : [];
  const programs = instructions.map(({ programAddressIndex }) => accounts[programAddressIndex] ?? SYSTEM_PROGRAM);
  return { accounts, programs };
}

/** The receipt of a transaction. */
export function receiptFrom(outcome: Outcome, transaction: Pick<Transaction, 'messageBytes'>): Receipt {
  const { signature, slot, error, computeUnits, fee, logs, returned } = outcome;
  const { accounts, programs } = partsOf(transaction);
  const failure = error === null ? null : failureOf(error, programs, logs, accounts);
  const own = failure === null && returned?.program === PROGRAM ? returned.data : new Uint8Array();
  return {
    signature,
    slot,
    failure,
    computeUnits,
    fee,
    logs,
    events: failure === null ? eventsFromLogs(logs) : [],
    returned: own,
  };
}
