/** A session's steps, from its request to the last account reclaimed. */
import type { Address } from '@solana/kit';
import * as s from '../../../src/index.js';
import type { Value } from '../document.js';
import { Fields, listOf, textOf } from '../fields.js';
import { originOf, type Stage } from '../stage.js';
import { bytes, duration, hash, id, kind, reason, small } from '../values.js';
import { about, permissions, present, quotas, type Read, sessionOf, settings } from './common.js';

const made = (opened: boolean): Read => {
  return async (f, { signer, payer }, stage) => {
    const sessionId = await f.needed('id', id);
    const host = f.value('host', (text) => text);
    const config = present({
      kind: f.value('kind', kind),
      maxMembers: f.value('max_members', small),
      maxDuration: f.value('max_duration', duration),
      hardLimit: f.value('hard_limit', duration),
      stepTimeout: f.value('step_timeout', duration),
      activationWindow: f.value('activation_window', duration),
      invitationTtl: f.value('invitation_ttl', duration),
      permissions: permissions(f),
      settings: settings(f),
      quotas: quotas(f),
    });
    const metadata = f.value('metadata', hash) ?? new Uint8Array(32);
    const serving = host === undefined ? signer.address : await stage.address(host);
    const input = { creator: signer, payer, id: sessionId, metadata, config };
    // The builder lets only its creator be the host of a session that is opened.
    if (opened && serving !== signer.address)
      throw new Error('open_session with another host is no call of this client');
    const own = opened ? await s.openSession(input) : await s.requestSession({ ...input, host: serving });
    const address = await s.sessionAddress(signer.address, sessionId);
    stage.made.set(await s.memberAddress(address, signer.address), { payer: payer.address, maker: signer.address });
    const session = { address, creator: signer.address, payer: payer.address, id: sessionId };
    return { session, makes: true, before: [], own };
  };
};

const hostStep = (build: typeof s.beginCreation): Read => {
  return async (f, { signer }, stage) => {
    const session = sessionOf(f, stage);
    return about(session, build({ host: signer, session: session.address }));
  };
};

const authorityStep = (build: typeof s.pauseSession): Read => {
  return async (f, { signer }, stage) => {
    const session = sessionOf(f, stage);
    return about(session, build({ authority: signer, session: session.address }));
  };
};

const anyonesStep = (build: typeof s.expireSession): Read => {
  return async (f, { signer }, stage) => {
    const session = sessionOf(f, stage);
    return about(session, build({ signer, session: session.address }));
  };
};

const update: Read = async (f, { signer }, stage) => {
  const session = sessionOf(f, stage);
  const host = f.value('host', (text) => stage.address(text));
  const changes = present({
    host: await host,
    metadata: f.value('metadata', hash),
    maxMembers: f.value('max_members', small),
    permissions: permissions(f),
    quotas: quotas(f),
    expiresIn: f.value('expires_in', duration),
  });
  return about(session, s.updateSession({ authority: signer, session: session.address, changes }));
};

const close: Read = async (f, { signer }, stage) => {
  const session = sessionOf(f, stage);
  const why = present({ reason: f.value('reason', reason) });
  return about(session, s.closeSession({ authority: signer, session: session.address, ...why }));
};

const abort: Read = async (f, { signer }, stage) => {
  const session = sessionOf(f, stage);
  const why = present({ reason: f.value('reason', reason) });
  return about(session, s.abortSession({ signer, session: session.address, ...why }));
};

/** The address of an account by what it is and whose, like `member: ana`. */
async function child(stage: Stage, session: Address, value: Value): Promise<Address> {
  const f = new Fields('one of the children', value);
  const key = f.first(['member', 'invitation', 'token', 'property', 'function', 'allowance', 'grant']);
  const named = f.get(key ?? '');
  f.finish();
  if (key === 'allowance') {
    const [wallet, mint] = listOf(key, named).map((one) => textOf(key, one));
    const member = await s.memberAddress(session, await stage.address(wallet ?? ''));
    return s.allowanceAddress(member, stage.unit(mint ?? '').tokens?.mint ?? null);
  }
  const text = textOf('one of the children', named);
  if (key === 'property') return s.propertyAddress(session, bytes(text));
  if (key === 'grant') return s.grantAddress(session, stage.session(text).address);
  if (key === 'token') return s.inviteTokenAddress(session, stage.cast.signer(text, 'invite token').address);
  if (key === 'function') {
    const { program, selector } = stage.function(text);
    return s.functionAddress(session, program, selector);
  }
  const wallet = await stage.address(text);
  return key === 'member' ? s.memberAddress(session, wallet) : s.invitationAddress(session, wallet);
}

const reclaimChildren: Read = async (f, { payer }, stage) => {
  const session = sessionOf(f, stage);
  const listed = f.get('children');
  const children: { address: Address; payer: Address }[] = [];
  if (listed === undefined) {
    for (const snapshot of await s.children(stage.ledger, session.address)) {
      const origin = originOf(snapshot);
      if (origin !== null) children.push({ address: snapshot.address, payer: origin.payer });
    }
  } else {
    for (const one of listOf('children', listed)) {
      const address = await child(stage, session.address, one);
      children.push({ address, payer: (await stage.origin(address))?.payer ?? payer.address });
    }
  }
  const own = await s.reclaimChildren({ session: session.address, children });
  return { session, before: [], own, divisible: true };
};

const reclaimSession: Read = async (f, _, stage) => {
  const session = sessionOf(f, stage);
  const { address } = session;
  const { payer, maker: creator } = (await stage.origin(address)) ?? { payer: session.payer, maker: session.creator };
  // Of what is not there any more nothing can be read; the builder needs its address, its payer and its creator.
  const found = { address, creator, header: { payer } } as s.Session;
  return about(session, s.reclaimSession({ session: found }));
};

export const lifecycle: Readonly<Record<string, Read>> = {
  request_session: made(false),
  open_session: made(true),
  begin_creation: hostStep(s.beginCreation),
  complete_creation: hostStep(s.completeCreation),
  begin_activation: authorityStep(s.beginActivation),
  complete_activation: hostStep(s.completeActivation),
  pause_session: authorityStep(s.pauseSession),
  resume_session: authorityStep(s.resumeSession),
  update_session: update,
  close_session: close,
  complete_close: anyonesStep(s.completeClose),
  abort_session: abort,
  expire_session: anyonesStep(s.expireSession),
  reclaim_children: reclaimChildren,
  reclaim_session: reclaimSession,
};
