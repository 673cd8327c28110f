/** Who is in a session. */
import type { Address, TransactionSigner } from '@solana/kit';
import type { Invitation, InviteToken } from '../account.js';
import { memberAddress } from '../address.js';
import { type QuotasChoice, quotas, type TermsChoice, terms } from '../config.js';
import {
  getAcceptAuthorityInstructionAsync,
  getAcceptInvitationInstructionAsync,
  getClearSessionKeyInstructionAsync,
  getCreateInviteTokenInstructionAsync,
  getDeclineInvitationInstructionAsync,
  getInviteMemberInstructionAsync,
  getJoinSessionInstructionAsync,
  getJoinWithTokenInstructionAsync,
  getLeaveSessionInstructionAsync,
  getProposeAuthorityInstruction,
  getRemoveMemberInstruction,
  getRevokeInvitationInstruction,
  getSetSessionKeyInstructionAsync,
  getUpdateMemberInstruction,
} from '../generated/instructions/index.js';
import { Role } from '../generated/types/index.js';
import { ALL_OF_ROLE, NO_EXPIRY, type Permission, permissionBits } from '../value.js';
import type { Paying, SessionInstruction } from './common.js';
import type { AuthorityStep } from './lifecycle.js';

/** What a member does about itself, with its wallet's own signature. */
export interface WalletStep {
  /** The wallet, which signs. */
  readonly wallet: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
}

/** What an inviter gives. */
export interface NewInvitation extends Paying {
  /** The member who invites, with INVITE_MEMBERS; its wallet signs. */
  readonly inviter: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
  /** What it admits to; see `TermsChoice` for what is left out. */
  readonly terms?: TermsChoice;
  /** How long the invitation lasts, in seconds; as long as the session says. */
  readonly ttl?: number;
}

/** `invite_member`: invites the wallet `member`. */
export async function inviteMember(input: NewInvitation & { readonly member: Address }): Promise<SessionInstruction> {
  const { inviter, payer = inviter, session, member, ttl = 0 } = input;
  return getInviteMemberInstructionAsync({ inviter, payer, session, member, terms: terms(input.terms), ttl });
}

/** `create_invite_token`: makes a token that admits whoever holds the key of the address `token`, as often as `uses` says; once. */
export async function createInviteToken(
  input: NewInvitation & { readonly token: Address; readonly uses?: number },
): Promise<SessionInstruction> {
  const { inviter, payer = inviter, session, token, ttl = 0, uses = 1 } = input;
  return getCreateInviteTokenInstructionAsync({ inviter, payer, session, token, terms: terms(input.terms), ttl, uses });
}

/** `revoke_invitation`: takes an invitation or a token back, as it was read, by its inviter or the authority. */
export async function revokeInvitation(input: {
  readonly signer: TransactionSigner;
  readonly invitation: Pick<Invitation | InviteToken, 'address' | 'session' | 'header'>;
}): Promise<SessionInstruction> {
  const { address, session, header } = input.invitation;
  return getRevokeInvitationInstruction({ signer: input.signer, session, invitation: address, payer: header.payer });
}

/** `accept_invitation`: joins with an invitation, as it was read, by whom it is for; `payer` pays for a membership that is made. */
export async function acceptInvitation(
  input: Paying & { readonly wallet: TransactionSigner; readonly invitation: Invitation },
): Promise<SessionInstruction> {
  const { wallet, payer = wallet, invitation } = input;
  const { session, header, offer } = invitation;
  return getAcceptInvitationInstructionAsync({
    wallet,
    payer,
    session,
    invitation: invitation.address,
    invitationPayer: header.payer,
    inviterMember: await memberAddress(session, offer.inviter),
  });
}

/** `join_with_token`: joins with a token, as it was read, whose key `token` signs as well; `payer` pays for a membership that is made. */
export async function joinWithToken(
  input: Paying & {
    readonly wallet: TransactionSigner;
    readonly token: TransactionSigner;
    readonly inviteToken: InviteToken;
  },
): Promise<SessionInstruction> {
  const { wallet, payer = wallet, token, inviteToken } = input;
  const { session, offer } = inviteToken;
  const inviterMember = await memberAddress(session, offer.inviter);
  return getJoinWithTokenInstructionAsync({
    wallet,
    payer,
    token,
    session,
    inviteToken: inviteToken.address,
    inviterMember,
  });
}

/** `join_session`: joins without an invitation; `payer` pays for a membership that is made. */
export async function joinSession(input: WalletStep & Paying): Promise<SessionInstruction> {
  return getJoinSessionInstructionAsync({ ...input, payer: input.payer ?? input.wallet });
}

/** `decline_invitation`: declines an invitation, as it was read, by whom it is for. */
export async function declineInvitation(input: {
  readonly wallet: TransactionSigner;
  readonly invitation: Invitation;
}): Promise<SessionInstruction> {
  const { address, session, header } = input.invitation;
  return getDeclineInvitationInstructionAsync({
    wallet: input.wallet,
    session,
    invitation: address,
    payer: header.payer,
  });
}

/** `leave_session`: a member leaves. */
export const leaveSession = async (input: WalletStep): Promise<SessionInstruction> =>
  getLeaveSessionInstructionAsync(input);

/** Whom to remove. */
export interface Removal {
  /** Who signs. */
  readonly remover: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
  /** The wallet of the member to be removed. */
  readonly wallet: Address;
}

/** `remove_member`: removes a member, by a member with REMOVE_MEMBERS. */
export async function removeMember({ remover, session, wallet }: Removal): Promise<SessionInstruction> {
  const [member, removerMember] = await Promise.all([
    memberAddress(session, wallet),
    memberAddress(session, remover.address),
  ]);
  return getRemoveMemberInstruction({ remover, session, member, removerMember });
}

/** `remove_member`: removes a member whose membership has expired, by anyone. */
export async function removeExpiredMember({ remover, session, wallet }: Removal): Promise<SessionInstruction> {
  return getRemoveMemberInstruction({ remover, session, member: await memberAddress(session, wallet) });
}

/** What changes about a member; what is left out stays as it is. */
export interface MemberChanges {
  /** Another role, and its permissions if none are named. */
  readonly role?: Role;
  /** Other permissions. */
  readonly permissions?: Iterable<Permission>;
  /** The time in seconds that the membership has left from now on; `NO_EXPIRY` for no end of its own. */
  readonly expiresIn?: number;
  /** Other limits, not below what is used. */
  readonly quotas?: QuotasChoice;
}

const CHANGED = ['role', 'permissions', 'expiresIn', 'quotas'] as const;

/** `update_member`: changes the rights of the member with this wallet, by the authority. */
export async function updateMember(
  input: AuthorityStep & { readonly wallet: Address; readonly changes: MemberChanges },
): Promise<SessionInstruction> {
  const { authority, session, wallet, changes } = input;
  return getUpdateMemberInstruction({
    authority,
    session,
    member: await memberAddress(session, wallet),
    changed: CHANGED.reduce((bits, field, place) => (changes[field] === undefined ? bits : bits | (1 << place)), 0),
    role: changes.role ?? Role.Observer,
    permissions: permissionBits(changes.permissions ?? []),
    expiresIn: changes.expiresIn ?? 0,
    quotas: quotas(changes.quotas),
  });
}

/** `propose_authority`: proposes the member with this wallet, by the authority. */
export async function proposeAuthority(
  input: AuthorityStep & { readonly wallet: Address },
): Promise<SessionInstruction> {
  const { authority, session, wallet } = input;
  return getProposeAuthorityInstruction({ authority, session, member: await memberAddress(session, wallet) });
}

/** `accept_authority`: rules the session from now on, by who was proposed. */
export const acceptAuthority = async (input: WalletStep): Promise<SessionInstruction> =>
  getAcceptAuthorityInstructionAsync(input);

/** What a member's session key may do, and for how long. */
export interface SessionKeyGrant {
  /** The key's address. */
  readonly key: Address;
  /** What it may do, as far as its member may; all that the member has. */
  readonly permissions?: Iterable<Permission>;
  /** How long it lasts, in seconds; without an end of its own. */
  readonly ttl?: number;
}

/** `set_session_key`: a member gives itself a key that acts for it, in place of the one it had. */
export async function setSessionKey(input: WalletStep & SessionKeyGrant): Promise<SessionInstruction> {
  const { wallet, session, key, permissions, ttl = NO_EXPIRY } = input;
  const bits = permissions === undefined ? ALL_OF_ROLE : permissionBits(permissions);
  return getSetSessionKeyInstructionAsync({ wallet, session, key, permissions: bits, ttl });
}

/** `clear_session_key`: a member takes its session key back. */
export const clearSessionKey = async (input: WalletStep): Promise<SessionInstruction> =>
  getClearSessionKeyInstructionAsync(input);
