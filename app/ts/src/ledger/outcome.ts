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

/** The program that each instruction of a transaction goes to. */
export function programsOf(transaction: Pick<Transaction, 'messageBytes'>): readonly Address[] {
  const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
  if (!('instructions' in message)) return [];
  const { instructions, staticAccounts } = message;
  return instructions.map(({ programAddressIndex }) => staticAccounts[programAddressIndex] ?? SYSTEM_PROGRAM);
}

/** The receipt, of a transaction whose instructions went to `programs`. */
export function receiptFrom(outcome: Outcome, programs: readonly Address[]): Receipt {
  const { signature, slot, error, computeUnits, fee, logs, returned } = outcome;
  const failure = error === null ? null : failureOf(error, programs, logs);
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
