/** Who is in a session: inviting, joining, leaving; rights, session keys, authority. All of it is the wallet's own to do. */
import type { Address } from '@solana/kit';
import * as s from '../../../src/index.js';
import type { Fields } from '../fields.js';
import type { Caller, Origin, SessionRef, Stage } from '../stage.js';
import { role, small, span } from '../values.js';
import { about, addressOf, permissions, present, quotas, type Read, sessionOf, signedBy } from './common.js';

const ofMember = (build: typeof s.leaveSession): Read => {
  return async (f, { actor, signer }, stage) => {
    const session = sessionOf(f, stage);
    return about(session, signedBy(signer, build({ wallet: actor, session: session.address })));
  };
};

const terms = (f: Fields) =>
  present({
    quotas: quotas(f),
    permissions: permissions(f),
    expiresIn: f.value('expires_in', span),
    role: f.value('role', role),
  });

const invite: Read = async (f, { actor, signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const member = await addressOf(f, stage, 'member');
  const given = { terms: terms(f), ...present({ ttl: f.value('ttl', span) }) };
  const invitation = await s.invitationAddress(session.address, member);
  stage.made.set(invitation, { payer: payer.address, maker: actor.address });
  const own = s.inviteMember({ inviter: actor, payer, session: session.address, member, ...given });
  return about(session, signedBy(signer, own));
};

const createToken: Read = async (f, { actor, signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const token = stage.cast.signer(f.text('token'), 'invite token').address;
  const given = { terms: terms(f), ...present({ ttl: f.value('ttl', span), uses: f.value('uses', small) }) };
  const inviteToken = await s.inviteTokenAddress(session.address, token);
  stage.made.set(inviteToken, { payer: payer.address, maker: actor.address });
  const own = s.createInviteToken({ inviter: actor, payer, session: session.address, token, ...given });
  return about(session, signedBy(signer, own));
};

/** An invitation or a token as far as an instruction has to know it; of one that is not there, what a stranger would have made. */
async function offered(stage: Stage, { payer }: Caller, session: SessionRef, address: Address) {
  const stranger: Origin = { payer: payer.address, maker: session.creator };
  const origin = (await stage.origin(address)) ?? stranger;
  return { address, session: session.address, header: { payer: origin.payer }, offer: { inviter: origin.maker } };
}

const revoke: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const token = f.value('token', (text) => stage.cast.signer(text, 'invite token').address);
  const address =
    token === undefined
      ? await s.invitationAddress(session.address, await addressOf(f, stage, 'member'))
      : await s.inviteTokenAddress(session.address, token);
  const invitation = (await offered(stage, by, session, address)) as s.Invitation;
  return about(session, s.revokeInvitation({ signer: by.signer, invitation }));
};

/** Notes that the actor becomes a member. */
async function enters(stage: Stage, { actor, payer }: Caller, session: SessionRef): Promise<void> {
  const member = await s.memberAddress(session.address, actor.address);
  stage.made.set(member, { payer: payer.address, maker: actor.address });
}

/** The invitation that a step is about: the actor's own, unless another's is asked for. */
async function invited(f: Fields, by: Caller, stage: Stage, session: SessionRef): Promise<s.Invitation> {
  const target = await f.value('member', (text) => stage.address(text));
  const address = await s.invitationAddress(session.address, target ?? by.actor.address);
  return (await offered(stage, by, session, address)) as s.Invitation;
}

const accept: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const invitation = await invited(f, by, stage, session);
  await enters(stage, by, session);
  const own = s.acceptInvitation({ wallet: by.actor, payer: by.payer, invitation });
  return about(session, signedBy(by.signer, own));
};

const decline: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const invitation = await invited(f, by, stage, session);
  return about(session, s.declineInvitation({ wallet: by.signer, invitation }));
};

const joinWithToken: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const token = stage.cast.signer(f.text('token'), 'invite token');
  const address = await s.inviteTokenAddress(session.address, token.address);
  const inviteToken = (await offered(stage, by, session, address)) as unknown as s.InviteToken;
  await enters(stage, by, session);
  const own = s.joinWithToken({ wallet: by.actor, payer: by.payer, token, inviteToken });
  return about(session, signedBy(by.signer, own));
};

const join: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  await enters(stage, by, session);
  const own = s.joinSession({ wallet: by.actor, payer: by.payer, session: session.address });
  return about(session, signedBy(by.signer, own));
};

/** The remover's own membership goes with it, if there is one. */
const remove: Read = async (f, { actor, signer }, stage) => {
  const session = sessionOf(f, stage);
  const wallet = await addressOf(f, stage, 'member');
  const own = await stage.origin(await s.memberAddress(session.address, actor.address));
  const build = own !== null && wallet !== actor.address ? s.removeMember : s.removeExpiredMember;
  return about(session, signedBy(signer, build({ remover: actor, session: session.address, wallet })));
};

const updateMember: Read = async (f, { signer }, stage) => {
  const session = sessionOf(f, stage);
  const wallet = await addressOf(f, stage, 'member');
  return about(session, s.updateMember({ authority: signer, session: session.address, wallet, changes: terms(f) }));
};

const propose: Read = async (f, { signer }, stage) => {
  const session = sessionOf(f, stage);
  const wallet = await addressOf(f, stage, 'member');
  return about(session, s.proposeAuthority({ authority: signer, session: session.address, wallet }));
};

const setKey: Read = async (f, { actor, name, signer }, stage) => {
  const session = sessionOf(f, stage);
  const key = stage.cast.signer(`${name}/${f.text('key')}`, 'session key').address;
  const given = present({ permissions: permissions(f), ttl: f.value('ttl', span) });
  return about(session, signedBy(signer, s.setSessionKey({ wallet: actor, session: session.address, key, ...given })));
};

export const membership: Readonly<Record<string, Read>> = {
  invite_member: invite,
  create_invite_token: createToken,
  revoke_invitation: revoke,
  accept_invitation: accept,
  join_with_token: joinWithToken,
  join_session: join,
  decline_invitation: decline,
  leave_session: ofMember(s.leaveSession),
  remove_member: remove,
  update_member: updateMember,
  propose_authority: propose,
  accept_authority: ofMember(s.acceptAuthority),
  set_session_key: setKey,
  clear_session_key: ofMember(s.clearSessionKey),
};
