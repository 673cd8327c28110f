/** The addresses of a session's accounts, and ids made from text. */
import { type Address, getAddressEncoder, getProgramDerivedAddress, type ReadonlyUint8Array } from '@solana/kit';
import {
  findAccessGrantPda,
  findAllowancePda,
  findFunctionPda,
  findInvitationPda,
  findInviteTokenPda,
  findMemberPda,
  findPropertyPda,
  findSessionPda,
  findVaultPda,
} from './generated/pdas/index.js';
import { SESSIONS_PROGRAM_ADDRESS } from './generated/programs/index.js';
import { fromHex } from './hex.js';
import { type Selector, selectorBytes } from './selector.js';

/** The program's address. */
export const PROGRAM: Address = SESSIONS_PROGRAM_ADDRESS;
/** The system program's address; the same 32 zero bytes stand for nobody, and for SOL where a mint is asked for. */
export const SYSTEM_PROGRAM = '11111111111111111111111111111111' as Address;
/** SPL Token's address. */
export const TOKEN_PROGRAM = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA' as Address;
/** Token-2022's address. */
export const TOKEN_2022_PROGRAM = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb' as Address;
/** The associated token program's address. */
export const ASSOCIATED_TOKEN_PROGRAM = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL' as Address;

/** The most bytes that a property's key has. */
const MAX_KEY = 32;

/** A session's id: 32 bytes, or the text that stands for them (see {@link idFromText}). */
export type SessionId = ReadonlyUint8Array | string;

/** The 32 bytes that a text stands for: 64 hex digits are the id itself, any other text is its SHA-256. */
export async function idFromText(text: string): Promise<Uint8Array> {
  const bytes = fromHex(text);
  if (bytes?.length === 32) return bytes;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/**
 * The 32 bytes of an id.
 *
 * @throws RangeError if bytes are given that are not 32.
 */
export async function idBytes(id: SessionId): Promise<ReadonlyUint8Array> {
  if (typeof id === 'string') return idFromText(id);
  if (id.length !== 32) throw new RangeError(`a session's id has 32 bytes, and this one ${id.length}`);
  return id;
}

/** The address of the session that `creator` calls `id`. */
export async function sessionAddress(creator: Address, id: SessionId): Promise<Address> {
  return (await findSessionPda({ creator, id: await idBytes(id) }))[0];
}

/** The address of the vault of the session at `session`. */
export async function vaultAddress(session: Address): Promise<Address> {
  return (await findVaultPda({ session }))[0];
}

/** The address of the membership of `wallet` in the session at `session`. */
export async function memberAddress(session: Address, wallet: Address): Promise<Address> {
  return (await findMemberPda({ session, wallet }))[0];
}

/** The address of the invitation of `target` to the session at `session`. */
export async function invitationAddress(session: Address, target: Address): Promise<Address> {
  return (await findInvitationPda({ session, target }))[0];
}

/** The address of the account of the token with the key `token` of the session at `session`. */
export async function inviteTokenAddress(session: Address, token: Address): Promise<Address> {
  return (await findInviteTokenPda({ session, token }))[0];
}

/** The address of the property `key` of the session at `session`. Only the first 32 bytes of a key count here; the program refuses more. */
export async function propertyAddress(session: Address, key: PropertyKey): Promise<Address> {
  return (await findPropertyPda({ session, key: keyBytes(key).slice(0, MAX_KEY) }))[0];
}

/** The address of the function of the session at `session` that calls `program` with data that begins with `selector`. */
export async function functionAddress(session: Address, program: Address, selector: Selector): Promise<Address> {
  const { bytes, length } = selectorBytes(selector);
  return (await findFunctionPda({ session, program, selectorLength: length, selector: bytes }))[0];
}

/** The address of the allowance of `mint`, or of SOL without one, for the member whose account is at `member`. */
export async function allowanceAddress(member: Address, mint: Address | null = null): Promise<Address> {
  return (await findAllowancePda({ member, mint: mint ?? SYSTEM_PROGRAM }))[0];
}

/** The address of what the session at `owner` grants the one at `reader`. */
export async function grantAddress(owner: Address, reader: Address): Promise<Address> {
  return (await findAccessGrantPda({ owner, reader }))[0];
}

/** The address of the associated token account of `owner` for `mint`, by the token program `tokenProgram`. */
export async function associatedTokenAddress(owner: Address, mint: Address, tokenProgram: Address): Promise<Address> {
  const seeds = [owner, tokenProgram, mint].map((seed) => getAddressEncoder().encode(seed));
  return (await getProgramDerivedAddress({ programAddress: ASSOCIATED_TOKEN_PROGRAM, seeds }))[0];
}

/** A property's key: its bytes, or text as UTF-8; 1 to 32 bytes. */
export type PropertyKey = ReadonlyUint8Array | string;

/** The bytes of a key, or of a value or a message that is given in the same way. */
export function keyBytes(key: ReadonlyUint8Array | string): ReadonlyUint8Array {
  return typeof key === 'string' ? new TextEncoder().encode(key) : key;
}
