/** A node's answers as what they are. */
import {
  type Address,
  getBase64Encoder,
  getTransactionDecoder,
  type ReadonlyUint8Array,
  type Signature,
} from '@solana/kit';
import { transactionError } from '../../failure.js';
import { programsOf, receiptFrom } from '../outcome.js';
import type { AccountContent, Commitment, Receipt, Snapshot, TransactionStatus } from '../types.js';

const bytesOf = (base64: string): ReadonlyUint8Array => getBase64Encoder().encode(base64);

/** An account as a node sends it in base64. */
export interface NodeAccount {
  readonly owner: Address;
  readonly lamports: bigint;
  readonly executable: boolean;
  readonly data: readonly [string, string];
}

/** What an account holds; `null` if there is none, or nothing but an empty place. */
export function contentOf(found: NodeAccount | null): AccountContent | null {
  if (found === null || found.lamports === 0n) return null;
  const { owner, lamports, executable, data } = found;
  return { owner, lamports, executable, data: bytesOf(data[0]) };
}

/** An account at an address as of a slot. */
export const snapshotOf = (address: Address, slot: bigint, found: NodeAccount | null): Snapshot => ({
  address,
  slot,
  account: contentOf(found),
});

/** How far a transaction has come, as a node says it. */
export function statusOf(found: {
  readonly slot: bigint;
  readonly confirmationStatus: Commitment | null;
  readonly confirmations: bigint | null;
  readonly err: unknown;
}): TransactionStatus {
  const { slot, confirmationStatus, confirmations, err } = found;
  // Older nodes say nothing of what is final but that nobody counts its confirmations any more.
  return {
    slot,
    commitment: confirmationStatus ?? (confirmations === null ? 'finalized' : 'processed'),
    error: transactionError(err),
  };
}

/** What a program returned, as a node says it. */
type ReturnData = { readonly programId: Address; readonly data: readonly [string, string] } | null | undefined;

const returnedBy = (found: ReturnData) => (found ? { program: found.programId, data: bytesOf(found.data[0]) } : null);

/** What became of a transaction. */
export function receiptOf(
  signature: Signature,
  found: {
    readonly slot: bigint;
    readonly transaction: readonly [string, string];
    readonly meta: {
      readonly err: unknown;
      readonly fee: bigint;
      readonly computeUnitsConsumed?: bigint;
      readonly logMessages?: readonly string[] | null;
      readonly returnData?: ReturnData;
    } | null;
  },
): Receipt {
  const transaction = getTransactionDecoder().decode(bytesOf(found.transaction[0]));
  const outcome = {
    signature,
    slot: found.slot,
    error: transactionError(found.meta?.err),
    computeUnits: found.meta?.computeUnitsConsumed ?? 0n,
    fee: found.meta?.fee ?? 0n,
    logs: found.meta?.logMessages ?? [],
    returned: returnedBy(found.meta?.returnData),
  };
  return receiptFrom(outcome, programsOf(transaction));
}

/** What a simulation did. */
export function simulatedReceipt(
  transaction: Parameters<typeof programsOf>[0],
  signature: Signature,
  slot: bigint,
  found: {
    readonly err: unknown;
    readonly fee?: bigint | null;
    readonly unitsConsumed?: bigint;
    readonly logs: readonly string[] | null;
    readonly returnData?: ReturnData;
  },
): Receipt {
  const outcome = {
    signature,
    slot,
    error: transactionError(found.err),
    computeUnits: found.unitsConsumed ?? 0n,
    fee: found.fee ?? 0n,
    logs: found.logs ?? [],
    returned: returnedBy(found.returnData),
  };
  return receiptFrom(outcome, programsOf(transaction));
}
