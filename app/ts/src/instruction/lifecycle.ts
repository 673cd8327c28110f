/** A session's steps. */
import { AccountRole, type Address, type ReadonlyUint8Array, type TransactionSigner } from '@solana/kit';
import type { Child, Session } from '../account.js';
import { idBytes, type SessionId, SYSTEM_PROGRAM } from '../address.js';
import { type QuotasChoice, quotas, type SessionChoices, sessionConfig } from '../config.js';
import {
  getAbortSessionInstruction,
  getBeginActivationInstruction,
  getBeginCreationInstruction,
  getCloseSessionInstruction,
  getCompleteActivationInstruction,
  getCompleteCloseInstruction,
  getCompleteCreationInstruction,
  getExpireSessionInstruction,
  getOpenSessionInstructionAsync,
  getPauseSessionInstruction,
  getReclaimChildrenInstruction,
  getReclaimSessionInstructionAsync,
  getRequestSessionInstructionAsync,
  getResumeSessionInstruction,
  getUpdateSessionInstruction,
} from '../generated/instructions/index.js';
import { CloseReason, type Permission, permissionBits } from '../value.js';
import type { Paying, SessionInstruction } from './common.js';

/** What a creator asks for. */
export interface NewSession extends Paying {
  /** Who asks for the session, and is its first member and authority. */
  readonly creator: TransactionSigner;
  /** The creator's name for it. */
  readonly id: SessionId;
  /** A hash of what the session is about, 32 bytes; none. */
  readonly metadata?: ReadonlyUint8Array;
  /** What the creator chooses; see `SessionChoices` for what is left out. */
  readonly config?: SessionChoices;
}

const asked = async ({ creator, payer = creator, id, metadata = new Uint8Array(32), config }: NewSession) => ({
  creator,
  payer,
  id: await idBytes(id),
  metadata,
  config: sessionConfig(config),
});

/** `request_session`: – → Requested, by the creator, with another as its host. */
export async function requestSession(input: NewSession & { readonly host: Address }): Promise<SessionInstruction> {
  return getRequestSessionInstructionAsync({ ...(await asked(input)), host: input.host });
}

/** `open_session`: – → Active through every step, by a creator who is also the host. */
export async function openSession(input: NewSession): Promise<SessionInstruction> {
  return getOpenSessionInstructionAsync({ ...(await asked(input)), host: input.creator.address });
}

/** A step of the host. */
export interface HostStep {
  /** The host, who signs. */
  readonly host: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
}

/** A step of the authority. */
export interface AuthorityStep {
  /** The authority, who signs. */
  readonly authority: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
}

/** A step of more than one, as the protocol's table says. */
export interface AnyonesStep {
  /** Who signs. */
  readonly signer: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
}

/** `begin_creation`: Requested → Creating, by the host. */
export const beginCreation = async (input: HostStep): Promise<SessionInstruction> => getBeginCreationInstruction(input);

/** `complete_creation`: Creating → Created, by the host. */
export const completeCreation = async (input: HostStep): Promise<SessionInstruction> =>
  getCompleteCreationInstruction(input);

/** `begin_activation`: Created → Activating, by the authority. */
export const beginActivation = async (input: AuthorityStep): Promise<SessionInstruction> =>
  getBeginActivationInstruction(input);

/** `complete_activation`: Activating → Active, by the host. */
export const completeActivation = async (input: HostStep): Promise<SessionInstruction> =>
  getCompleteActivationInstruction(input);

/** `pause_session`: Active → Paused, by the authority. */
export const pauseSession = async (input: AuthorityStep): Promise<SessionInstruction> =>
  getPauseSessionInstruction(input);

/** `resume_session`: Paused → Active, by the authority. */
export const resumeSession = async (input: AuthorityStep): Promise<SessionInstruction> =>
  getResumeSessionInstruction(input);

/** What changes in a session; what is left out stays as it is. */
export interface SessionChanges {
  /** Another host. */
  readonly host?: Address;
  /** Another hash of what the session is about, 32 bytes. */
  readonly metadata?: ReadonlyUint8Array;
  /** Another number of seats, not below the members there are. */
  readonly maxMembers?: number;
  /** Other permissions for the session. */
  readonly permissions?: Iterable<Permission>;
  /** Other shared limits, not below what is used. */
  readonly quotas?: QuotasChoice;
  /** The time in seconds that the session has left from now on; before its activation, from then on. Not past the hard end. */
  readonly expiresIn?: number;
}

const CHANGED = ['host', 'metadata', 'maxMembers', 'permissions', 'quotas', 'expiresIn'] as const;

/** `update_session`: changes what may change, by the authority. */
export async function updateSession(
  input: AuthorityStep & { readonly changes: SessionChanges },
): Promise<SessionInstruction> {
  const { authority, session, changes } = input;
  return getUpdateSessionInstruction({
    authority,
    session,
    changed: CHANGED.reduce((bits, field, place) => (changes[field] === undefined ? bits : bits | (1 << place)), 0),
    host: changes.host ?? SYSTEM_PROGRAM,
    metadata: changes.metadata ?? new Uint8Array(32),
    maxMembers: changes.maxMembers ?? 0,
    permissions: permissionBits(changes.permissions ?? []),
    quotas: quotas(changes.quotas),
    expiresIn: changes.expiresIn ?? 0,
  });
}

/** `close_session`: Active or Paused → Closing, by the authority; `reason` is Completed, Cancelled or the application's own, 16 to 255. */
export async function closeSession(input: AuthorityStep & { readonly reason?: number }): Promise<SessionInstruction> {
  return getCloseSessionInstruction({ ...input, reason: input.reason ?? CloseReason.Completed });
}

/** `complete_close`: Closing → Closed, by the host, or by anyone from the step's deadline on. */
export const completeClose = async (input: AnyonesStep): Promise<SessionInstruction> =>
  getCompleteCloseInstruction(input);

/** `abort_session`: Requested to Activating → Closed; without a `reason` it is by who signs and when. */
export async function abortSession(input: AnyonesStep & { readonly reason?: number }): Promise<SessionInstruction> {
  return getAbortSessionInstruction({ ...input, reason: input.reason ?? CloseReason.None });
}

/** `expire_session`: Active or Paused → Closed, when the session's time is over. */
export const expireSession = async (input: AnyonesStep): Promise<SessionInstruction> =>
  getExpireSessionInstruction(input);

/**
 * `reclaim_children`: deletes accounts that belonged to a closed session (see `readChild`); each payer gets its rent back. Nobody has to sign it but
 * whoever pays the fee. About a dozen fit into a transaction, more if they share payers.
 */
export async function reclaimChildren(input: {
  readonly session: Address;
  readonly children: readonly Pick<Child, 'address' | 'payer'>[];
}): Promise<SessionInstruction> {
  const instruction = getReclaimChildrenInstruction({ session: input.session });
  const pairs = input.children.flatMap(({ address, payer }) => [address, payer]);
  const more = pairs.map((address) => ({ address, role: AccountRole.WRITABLE }));
  return { ...instruction, accounts: [...instruction.accounts, ...more] };
}

/**
 * `reclaim_session`: deletes a closed session; its rent goes to the payer and its vault to the creator, as it was read. Nobody has to sign it but whoever
 * pays the fee.
 */
export async function reclaimSession(input: { readonly session: Session }): Promise<SessionInstruction> {
  const { address, header, creator } = input.session;
  return getReclaimSessionInstructionAsync({ session: address, payer: header.payer, creator });
}
