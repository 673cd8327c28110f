/** A node's answers as what they are. */
import {
  type Address,
  assertIsAddress,
  assertIsSignature,
  getBase64Encoder,
  getTransactionDecoder,
  type ReadonlyUint8Array,
  type Signature,
} from '@solana/kit';
import { transactionError } from '../../failure.js';
import { LedgerError } from '../error.js';
import { receiptFrom } from '../outcome.js';
import type { AccountContent, Commitment, Entry, Receipt, Snapshot, TransactionStatus } from '../types.js';

/**
 * What `read` makes of a node's answer.
 *
 * @throws LedgerError: `NotSolana` if it cannot be read, as when a field is missing or is something else.
 */
export function readAnswer<T>(url: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof LedgerError) throw thrown;
    throw new LedgerError('NotSolana', { url, reason: `${what} that it sent cannot be read` }, thrown);
  }
}

/**
 * Checks that a node answers with as many as it was asked for: one that is not there would count as not found.
 *
 * @throws LedgerError: `NotSolana`.
 */
export function checkAnswered(url: string, what: string, answered: readonly unknown[], asked: number): void {
  if (answered.length !== asked)
    throw new LedgerError('NotSolana', { url, reason: `it answers with another number of ${what}` });
}

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
  if (found === null) return null;
  const { owner, lamports, executable, data } = found;
  // Whoever owns an account is shown, and what it has is reckoned with: neither may be anything else.
  assertIsAddress(owner);
  if (typeof lamports !== 'bigint') throw new TypeError('no lamports');
  if (lamports === 0n) return null;
  return { owner, lamports, executable, data: bytesOf(data[0]) };
}

/** An account at an address as of a slot. */
export const snapshotOf = (address: Address, slot: bigint, found: NodeAccount | null): Snapshot => ({
  address,
  slot,
  account: contentOf(found),
});

const COMMITMENTS: ReadonlySet<string> = new Set<Commitment>(['processed', 'confirmed', 'finalized']);

/** How far a transaction has come, as a node says it. */
export function statusOf(found: {
  readonly slot: bigint;
  readonly confirmationStatus: Commitment | null;
  readonly confirmations: bigint | null;
  readonly err: unknown;
}): TransactionStatus {
  const { slot, confirmationStatus, confirmations, err } = found;
  if (typeof slot !== 'bigint') throw new TypeError('no slot');
  if (confirmationStatus && !COMMITMENTS.has(confirmationStatus)) throw new TypeError('no commitment');
  // Older nodes say nothing of what is final but that nobody counts its confirmations any more.
  return {
    slot,
    commitment: confirmationStatus ?? (confirmations === null ? 'finalized' : 'processed'),
    error: transactionError(err),
  };
}

/** A transaction in an account's history, as a node says it. */
export function entryOf(found: {
  readonly signature: Signature;
  readonly slot: bigint;
  readonly blockTime: bigint | null;
  readonly err: unknown;
}): Entry {
  const { signature, slot, blockTime, err } = found;
  assertIsSignature(signature);
  return { signature, slot, time: blockTime === null ? null : BigInt(blockTime), failed: err !== null };
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
  const { meta } = found;
  if (meta === null) throw new TypeError('no outcome');
  const transaction = getTransactionDecoder().decode(bytesOf(found.transaction[0]));
  const outcome = {
    signature,
    slot: found.slot,
    error: transactionError(meta.err),
    computeUnits: meta.computeUnitsConsumed ?? 0n,
    fee: meta.fee,
    logs: meta.logMessages ?? [],
    returned: returnedBy(meta.returnData),
  };
  return receiptFrom(outcome, transaction);
}

/** What a simulation did. */
export function simulatedReceipt(
  transaction: Parameters<typeof receiptFrom>[1],
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
  return receiptFrom(outcome, transaction);
}
