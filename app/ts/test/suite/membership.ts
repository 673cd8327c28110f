/** Who is in a session: every way in, every way out, and session keys. */
import { expect, test } from 'vitest';
import * as s from '../../src/index.js';
import type { World } from '../help/world.js';

export function membership(world: World): void {
  test('wallets come in by invitation, and invitations are declined and taken back', async () => {
    const [owner, ana, ben] = await world.wallets(3);
    if (!owner || !ana || !ben) throw new Error('wallets');
    const { session } = await world.open(owner);
    const at = (wallet: s.Acting['signer']) => s.invitationAddress(session, wallet.address);
    const invitationOf = async (wallet: s.Acting['signer']) =>
      s.readInvitation(await s.readOne(world.ledger, await at(wallet)));
    const terms = {
      role: s.Role.Moderator,
      permissions: ['SEND_MESSAGES', 'INVITE_MEMBERS'],
      quotas: { operations: { limit: 9 } },
    } as const;
    const invited = await world.send(
      owner,
      s.inviteMember({ inviter: owner, session, member: ana.address, terms, ttl: 500 }),
    );
    expect(invited.events[0]).toMatchObject({
      name: 'MemberInvited',
      target: ana.address,
      inviter: owner.address,
      role: s.Role.Moderator,
    });
    const invitation = await invitationOf(ana);
    expect(invitation).toMatchObject({ session, target: ana.address });
    expect(invitation.offer.rights.permissions).toEqual(new Set(terms.permissions));
    expect(invitation.offer.rights.expiresAt).toBe(s.NEVER);
    const joined = await world.send(ana, s.acceptInvitation({ wallet: ana, invitation }));
    expect(joined.events.map(({ name }) => name)).toEqual(['InvitationAccepted', 'MemberJoined']);
    const member = await world.member(await s.memberAddress(session, ana.address));
    expect(member).toMatchObject({ session, wallet: ana.address, status: s.MemberStatus.Active, sessionKey: null });
    expect(member.rights).toMatchObject({ role: s.Role.Moderator, permissions: new Set(terms.permissions) });
    expect(member.rights.quotas.operations.limit).toBe(9n);
    expect(member.executing).toEqual(new Set());

    await world.send(owner, s.inviteMember({ inviter: owner, session, member: ben.address }));
    await world.send(ben, s.declineInvitation({ wallet: ben, invitation: await invitationOf(ben) }));
    await world.send(owner, s.inviteMember({ inviter: owner, session, member: ben.address }));
    const revoked = await world.send(owner, s.revokeInvitation({ signer: owner, invitation: await invitationOf(ben) }));
    expect(revoked.events[0]).toMatchObject({ name: 'InvitationRevoked', by: owner.address });
    await expect(invitationOf(ben)).rejects.toMatchObject({ name: 'InvitationNotFound' });
  });

  test('a link admits who has it, and only as long as it counts', async () => {
    const [owner, ana] = await world.wallets(2);
    if (!owner || !ana) throw new Error('wallets');
    const { session } = await world.open(owner);
    const link = await s.createInviteLink(session);
    const token = link.token.address;
    await world.send(owner, s.createInviteToken({ inviter: owner, session, token, uses: 2 }));
    const received = await s.parseInviteLink(link.text);
    const read = async () =>
      s.readInviteToken(await s.readOne(world.ledger, await s.inviteTokenAddress(received.session, token)));
    expect(await read()).toMatchObject({ session, token, uses: 2, usesLeft: 2 });
    await world.send(ana, s.joinWithToken({ wallet: ana, token: received.token, inviteToken: await read() }));
    expect((await read()).usesLeft).toBe(1);
    await world.send(owner, s.revokeInvitation({ signer: owner, invitation: await read() }));
    await expect(read()).rejects.toMatchObject({ name: 'InvitationNotFound' });
  });

  test('members join, leave, are changed, removed and outlive their time', async () => {
    const [owner, ana, ben, cas] = await world.wallets(4);
    if (!owner || !ana || !ben || !cas) throw new Error('wallets');
    const { session } = await world.open(owner);
    await world.send(ana, s.joinSession({ wallet: ana, session }));
    await world.send(ben, s.joinSession({ wallet: ben, session }));
    const member = async (wallet: s.Acting['signer']) => world.member(await s.memberAddress(session, wallet.address));
    const changes = {
      role: s.Role.Moderator,
      expiresIn: 100,
      quotas: { units: { windowLimit: 5, windowSeconds: 60 } },
    };
    const changed = await world.send(
      owner,
      s.updateMember({ authority: owner, session, wallet: ana.address, changes }),
    );
    expect(changed.events[0]).toMatchObject({ name: 'MemberUpdated', wallet: ana.address, role: s.Role.Moderator });
    expect((await member(ana)).rights.quotas.units).toEqual({
      limit: s.UNLIMITED,
      windowLimit: 5n,
      windowSeconds: 60n,
    });
    const removed = await world.send(ana, s.removeMember({ remover: ana, session, wallet: ben.address }));
    expect(removed.events[0]).toMatchObject({ name: 'MemberRemoved', wallet: ben.address, by: ana.address });
    expect((await member(ben)).status).toBe(s.MemberStatus.Removed);
    await world.send(ana, s.leaveSession({ wallet: ana, session }));
    expect((await member(ana)).status).toBe(s.MemberStatus.Left);
    await world.send(owner, s.inviteMember({ inviter: owner, session, member: cas.address, terms: { expiresIn: 2 } }));
    const invitation = s.readInvitation(await s.readOne(world.ledger, await s.invitationAddress(session, cas.address)));
    await world.send(cas, s.acceptInvitation({ wallet: cas, invitation, payer: owner }));
    await world.chain.pass(4);
    await world.send(ben, s.removeExpiredMember({ remover: ben, session, wallet: cas.address }));
    expect((await member(cas)).status).toBe(s.MemberStatus.Removed);
    expect((await member(cas)).header.payer).toBe(owner.address);
  });

  test('a session is handed over', async () => {
    const [owner, ana] = await world.wallets(2);
    if (!owner || !ana) throw new Error('wallets');
    const { session } = await world.open(owner);
    await world.send(ana, s.joinSession({ wallet: ana, session }));
    const proposed = await world.send(owner, s.proposeAuthority({ authority: owner, session, wallet: ana.address }));
    expect(proposed.events[0]).toMatchObject({ name: 'AuthorityProposed', proposed: ana.address });
    expect((await world.session(session)).pendingAuthority).toBe(ana.address);
    const accepted = await world.send(ana, s.acceptAuthority({ wallet: ana, session }));
    expect(accepted.events[0]).toMatchObject({ name: 'AuthorityTransferred', from: owner.address, to: ana.address });
    expect((await world.session(session)).authority).toBe(ana.address);
  });

  test('a session key acts for its member until it is changed or taken back', async () => {
    const wallet = await world.wallet();
    const { session } = await world.open(wallet);
    const at = await s.memberAddress(session, wallet.address);
    const store = s.memoryKeyStore();
    const made = await s.createSessionKey(store, { wallet, session, permissions: ['SEND_MESSAGES'], ttl: 600 });
    const set = await world.send(wallet, made.instruction);
    expect(set.events[0]).toMatchObject({ name: 'SessionKeySet', key: made.key.address });
    const member = await world.member(at);
    expect(member.keyPermissions).toEqual(new Set(['SEND_MESSAGES']));
    const { unixTimestamp: now } = await world.ledger.clock();
    expect(await s.sessionKeyOf(store, member, now + 700n)).toBeNull();
    expect(await s.sessionKeyOf(s.memoryKeyStore(), member, now)).toBeNull();
    const key = await s.sessionKeyOf(store, member, now);
    if (key === null) throw new Error('the key is not there');
    const speak = (signer: s.Acting['signer']) =>
      s.broadcastMessage({ signer, session, wallet: wallet.address, message: 'by key' });
    await world.send(wallet, speak(key));
    const rotated = await s.rotateSessionKey(store, member, { wallet });
    await world.send(wallet, rotated.instruction);
    await rotated.forget();
    expect(await store.load(made.key.address)).toBeNull();
    await expect(world.send(wallet, speak(key))).rejects.toMatchObject({
      name: 'PermissionDenied',
      detail: "the signer is neither the member's wallet nor its session key",
    });
    await world.send(wallet, speak(rotated.key));
    const cleared = await world.send(wallet, s.clearSessionKey({ wallet, session }));
    expect(cleared.events[0]).toMatchObject({ name: 'SessionKeyCleared', wallet: wallet.address });
    expect((await world.member(at)).sessionKey).toBeNull();
  });
}
