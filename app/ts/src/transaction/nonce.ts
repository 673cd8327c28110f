/**
 * Durable nonces: transactions that wait as long as it takes. A transaction whose first instruction advances a nonce account, and whose blockhash is what
 * that account holds, does not expire: it can run until the nonce moves, and running moves it, whether the transaction succeeds or fails.
 */
import {
  type Address,
  type Blockhash,
  getAddressDecoder,
  getBase58Decoder,
  getBase58Encoder,
  getCompiledTransactionMessageDecoder,
  type Transaction,
} from '@solana/kit';
import { SYSTEM_PROGRAM } from '../address.js';
import type { Snapshot } from '../ledger/types.js';
import { writableAccounts } from './budget.js';

/** What a nonce account holds. */
export interface Nonce {
  /** Who may advance it. */
  readonly authority: Address;
  /** What takes the place of the blockhash in the next transaction that uses it. */
  readonly nonce: string;
}

/** The bytes of a nonce account: its version, its state, its authority, the nonce, and a fee. */
const NONCE_BYTES = 80;
const AUTHORITY_AT = 8;
/** Where a nonce account has the nonce. */
export const NONCE_AT = 40;
/** The present version, and the state of an account that holds a nonce. */
const CURRENT = 1;
const INITIALIZED = 1;
/** The system program's number of `AdvanceNonceAccount`. */
const ADVANCE = [4, 0, 0, 0];

/** The nonce in an account; `null` if the account is not an initialized nonce account of the present kind. */
export function readNonce({ account }: Pick<Snapshot, 'account'>): Nonce | null {
  if (account?.owner !== SYSTEM_PROGRAM || account.data.length < NONCE_BYTES) return null;
  const { data } = account;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (view.getUint32(0, true) !== CURRENT || view.getUint32(4, true) !== INITIALIZED) return null;
  const nonce = getBase58Decoder().decode(data.slice(NONCE_AT, NONCE_AT + 32));
  return { authority: getAddressDecoder().decode(data, AUTHORITY_AT), nonce };
}

/** The nonce account that a transaction begins with advancing; `null` if it depends on a blockhash. */
export function nonceAccountOf(transaction: Transaction): Address | null {
  const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
  const [first] = 'instructions' in message ? message.instructions : [];
  if (first === undefined || message.staticAccounts[first.programAddressIndex] !== SYSTEM_PROGRAM) return null;
  const address = message.staticAccounts[first.accountIndices?.[0] ?? -1];
  const advances = ADVANCE.every((byte, place) => first.data?.[place] === byte);
  return advances && address !== undefined && writableAccounts(transaction).includes(address) ? address : null;
}

/** The nonce that a blockhash makes of any. */
export async function nextNonce(blockhash: Blockhash): Promise<Uint8Array> {
  const bytes = [...new TextEncoder().encode('DURABLE_NONCE'), ...getBase58Encoder().encode(blockhash)];
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
}
