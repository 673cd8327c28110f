/**
 * Accounts of the token programs, as far as a client of sessions looks into them. SPL Token and Token-2022 keep the same fields in the same places, and
 * Token-2022 has extensions behind them.
 */
import { type Address, getAddressDecoder } from '@solana/kit';
import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from '../address.js';
import type { AccountContent, Snapshot } from './types.js';

/** The token programs: SPL Token and Token-2022. */
export const TOKEN_PROGRAMS: readonly Address[] = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM];

/** The bytes of a token account without extensions; one with extensions is longer, and has its kind behind these. */
const ACCOUNT_BYTES = 165;
/** The bytes of a multisig, which is no token account whatever stands in it. */
const MULTISIG_BYTES = 355;
/** The kind of an account with extensions: a token account. */
const KIND_ACCOUNT = 2;

/** What a token account holds. */
export interface Holding {
  /** The mint. */
  readonly mint: Address;
  /** Whose tokens they are. */
  readonly owner: Address;
  /** How many, in the mint's smallest parts. */
  readonly amount: bigint;
}

const isTokenProgram = ({ owner }: AccountContent): boolean => TOKEN_PROGRAMS.includes(owner);

/** What an account holds; `null` if it is no initialized token account. */
export function readHolding({ account }: Pick<Snapshot, 'account'>): Holding | null {
  if (account === null || !isTokenProgram(account)) return null;
  const { data } = account;
  const isAccount =
    data.length === ACCOUNT_BYTES || (data.length !== MULTISIG_BYTES && data[ACCOUNT_BYTES] === KIND_ACCOUNT);
  // 1 initialized, 2 frozen.
  if (!isAccount || (data[108] !== 1 && data[108] !== 2)) return null;
  const addresses = getAddressDecoder();
  const amount = new DataView(data.buffer, data.byteOffset, data.byteLength).getBigUint64(64, true);
  return { mint: addresses.decode(data, 0), owner: addresses.decode(data, 32), amount };
}

/** A mint's decimals; `null` if it is no initialized mint. */
export function mintDecimals({ account }: Pick<Snapshot, 'account'>): number | null {
  if (account === null || !isTokenProgram(account) || account.data[45] !== 1) return null;
  return account.data[44] ?? null;
}
