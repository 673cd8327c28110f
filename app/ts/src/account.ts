/** Accounts read back as what they are. */
import type { Address, Decoder, ReadonlyUint8Array } from '@solana/kit';
import { getAddressDecoder } from '@solana/kit';
import { PROGRAM } from './address.js';
import { SessionsError, type SessionsErrorName } from './error.js';
import {
  ACCESS_GRANT_DISCRIMINATOR,
  type AccessGrant as AccessGrantLayout,
  ALLOWANCE_DISCRIMINATOR,
  type Allowance as AllowanceLayout,
  FUNCTION_DISCRIMINATOR,
  type Function as FunctionLayout,
  getAccessGrantDecoder,
  getAllowanceDecoder,
  getFunctionDecoder,
  getInvitationDecoder,
  getInviteTokenDecoder,
  getMemberDecoder,
  getPropertyDecoder,
  getSessionDecoder,
  INVITATION_DISCRIMINATOR,
  INVITE_TOKEN_DISCRIMINATOR,
  type Invitation as InvitationLayout,
  type InviteToken as InviteTokenLayout,
  MEMBER_DISCRIMINATOR,
  type Member as MemberLayout,
  PROPERTY_DISCRIMINATOR,
  type Property as PropertyLayout,
  SESSION_DISCRIMINATOR,
  type Session as SessionLayout,
} from './generated/accounts/index.js';
import type { Snapshot } from './ledger/types.js';
import { type Readable, readable } from './readable.js';
import { UNLIMITED } from './value.js';

/** A layout as it was read, and where. */
type Stored<T> = Readable<T> & { /** Where the account is. */ readonly address: Address };

/** A session. Moments are Unix seconds, 0 while they have not come; see `dateOf`. */
export interface Session extends Stored<SessionLayout> {}
/** A wallet's membership of a session. */
export interface Member extends Stored<MemberLayout> {}
/** An invitation to a wallet. */
export interface Invitation extends Stored<InvitationLayout> {}
/** A token that admits whoever holds its key. */
export interface InviteToken extends Stored<InviteTokenLayout> {}
/** A call that members may make. Only the first `selectorLength` bytes of `selector` count. */
export interface RegisteredFunction extends Stored<FunctionLayout> {}
/** What a member may take out of the vault, of one mint; `mint` is `null` for SOL. */
export interface Allowance extends Stored<AllowanceLayout> {}
/** What a session lets another do with its properties. */
export interface AccessGrant extends Stored<AccessGrantLayout> {}
/** A shared value. */
export interface Property extends Omit<Stored<PropertyLayout>, 'key' | 'room' | 'length' | 'keyLength'> {
  /** The key, 1 to 32 bytes. */
  readonly key: ReadonlyUint8Array;
  /** The value. */
  readonly value: ReadonlyUint8Array;
}

/** The version of the layouts that this package reads. */
const VERSION = 1;
/** Where an account has its layout's version, its session's address, and the payer of its rent. */
const VERSION_AT = 64;
const PAYER_AT = 8;
const SESSION_AT = 72;

const begins = (data: ReadonlyUint8Array, bytes: ReadonlyUint8Array): boolean =>
  bytes.every((byte, place) => data[place] === byte);

/** The layout in an account, or the error that says what is there instead. */
function read<T extends object>(
  snapshot: Snapshot,
  discriminator: ReadonlyUint8Array,
  size: number,
  decoder: Decoder<T>,
  missing: SessionsErrorName,
): Stored<T> {
  const { account, address } = snapshot;
  const data = account?.owner === PROGRAM ? account.data : new Uint8Array();
  if (!begins(data, discriminator) || data.length < size) throw new SessionsError(missing);
  if (data[VERSION_AT] !== VERSION) throw new SessionsError('UnsupportedVersion');
  return { ...readable(decoder.decode(data)), address };
}

/**
 * The session in an account.
 *
 * @throws SessionsError: SessionNotFound if there is no session at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readSession(snapshot: Snapshot): Session {
  return read(snapshot, SESSION_DISCRIMINATOR, 688, getSessionDecoder(), 'SessionNotFound');
}

/**
 * The membership in an account.
 *
 * @throws SessionsError: MemberNotFound if there is no membership at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readMember(snapshot: Snapshot): Member {
  return read(snapshot, MEMBER_DISCRIMINATOR, 400, getMemberDecoder(), 'MemberNotFound');
}

/**
 * The invitation in an account.
 *
 * @throws SessionsError: InvitationNotFound if there is none at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readInvitation(snapshot: Snapshot): Invitation {
  return read(snapshot, INVITATION_DISCRIMINATOR, 288, getInvitationDecoder(), 'InvitationNotFound');
}

/**
 * The invite token in an account.
 *
 * @throws SessionsError: InvitationNotFound if there is no token at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readInviteToken(snapshot: Snapshot): InviteToken {
  return read(snapshot, INVITE_TOKEN_DISCRIMINATOR, 296, getInviteTokenDecoder(), 'InvitationNotFound');
}

/**
 * The property in an account, with its value.
 *
 * @throws SessionsError: VersionConflict if there is none at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readProperty(snapshot: Snapshot): Property {
  const found = read(snapshot, PROPERTY_DISCRIMINATOR, 200, getPropertyDecoder(), 'VersionConflict');
  const { room, length, keyLength, key, ...rest } = found;
  return { ...rest, key: key.slice(0, keyLength), value: room.slice(0, length) };
}

/**
 * The function in an account.
 *
 * @throws SessionsError: FunctionNotFound if there is none at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readFunction(snapshot: Snapshot): RegisteredFunction {
  return read(snapshot, FUNCTION_DISCRIMINATOR, 168, getFunctionDecoder(), 'FunctionNotFound');
}

/**
 * The allowance in an account.
 *
 * @throws SessionsError: AllowanceNotFound if there is none at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readAllowance(snapshot: Snapshot): Allowance {
  return read(snapshot, ALLOWANCE_DISCRIMINATOR, 384, getAllowanceDecoder(), 'AllowanceNotFound');
}

/**
 * The grant in an account.
 *
 * @throws SessionsError: AccessNotFound if there is none at the address, UnsupportedVersion if this package does not know its layout.
 */
export function readGrant(snapshot: Snapshot): AccessGrant {
  return read(snapshot, ACCESS_GRANT_DISCRIMINATOR, 168, getAccessGrantDecoder(), 'AccessNotFound');
}

/** What an account that belongs to a session begins with. */
export interface Child {
  /** Where the account is. */
  readonly address: Address;
  /** The session's address. */
  readonly session: Address;
  /** Who paid for it, and gets its rent back. */
  readonly payer: Address;
}

const CHILDREN = [
  MEMBER_DISCRIMINATOR,
  INVITATION_DISCRIMINATOR,
  INVITE_TOKEN_DISCRIMINATOR,
  PROPERTY_DISCRIMINATOR,
  FUNCTION_DISCRIMINATOR,
  ALLOWANCE_DISCRIMINATOR,
  ACCESS_GRANT_DISCRIMINATOR,
];

/** What an account that belongs to a session begins with: whose it is, and who paid for it; `null` of any other account. */
export function readChild(snapshot: Snapshot): Child | null {
  const { account, address } = snapshot;
  if (account?.owner !== PROGRAM || account.data.length < SESSION_AT + 32) return null;
  if (!CHILDREN.some((discriminator) => begins(account.data, discriminator))) return null;
  const decoder = getAddressDecoder();
  return { address, payer: decoder.decode(account.data, PAYER_AT), session: decoder.decode(account.data, SESSION_AT) };
}

/** Whether a session has limits that its members share: acts in it then write it, and are built with `shared`. */
export function hasSharedLimits(session: Session): boolean {
  const { operations, units, bytes } = session.config.quotas;
  return [operations, units, bytes].some((quota) => quota.limit !== UNLIMITED || quota.windowLimit !== UNLIMITED);
}
