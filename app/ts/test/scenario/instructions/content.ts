/** What is shared and recorded in a session, and properties across sessions. */
import * as s from '../../../src/index.js';
import type { Fields } from '../fields.js';
import { bytes, hash, number, small, span } from '../values.js';
import { about, acting, addressOf, permissions, present, type Read, rights, sessionOf } from './common.js';

const written = (f: Fields) => ({
  key: f.needed('key', bytes),
  value: f.needed('value', bytes),
  expectedVersion: f.value('expect_version', number) ?? 0n,
  // Room for the longest value, unless less is asked for.
  capacity: f.value('capacity', small) ?? s.MAX_VALUE,
});

const setProperty: Read = async (f, { actor, signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const write = written(f);
  const property = await s.propertyAddress(session.address, write.key);
  if (write.expectedVersion === 0n) stage.made.set(property, { payer: payer.address, maker: actor.address });
  return about(session, s.setProperty({ signer, payer, session: session.address, wallet: actor.address, ...write }));
};

const deleteProperty: Read = async (f, { actor, signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const [key, version] = [f.needed('key', bytes), f.needed('expect_version', number)];
  const address = await s.propertyAddress(session.address, key);
  const origin = await stage.origin(address);
  const header = { payer: origin?.payer ?? payer.address } as s.Property['header'];
  const property = { address, session: session.address, header, version };
  return about(session, s.deleteProperty({ signer, wallet: actor.address, property }));
};

const broadcast: Read = async (f, { actor, signer }, stage) => {
  const session = sessionOf(f, stage);
  const message = f.needed('data', bytes);
  return about(session, s.broadcastMessage({ signer, session: session.address, wallet: actor.address, message }));
};

const sendDirect: Read = async (f, { actor, signer }, stage) => {
  const session = sessionOf(f, stage);
  const to = await addressOf(f, stage, 'to');
  const message = f.needed('data', bytes);
  return about(session, s.sendDirectMessage({ signer, session: session.address, wallet: actor.address, to, message }));
};

const checkpoint: Read = async (f, { signer }, stage) => {
  const session = sessionOf(f, stage);
  const [sequence, root] = [f.needed('sequence', number), f.needed('root', hash)];
  return about(session, s.commitCheckpoint({ host: signer, session: session.address, sequence, root }));
};

const charge = (build: typeof s.consume): Read => {
  return async (f, by, stage) => {
    const session = sessionOf(f, stage);
    const asked = present({ permissions: permissions(f), units: f.value('units', number) });
    return about(session, build({ ...acting(by, session), ...asked }));
  };
};

const grant: Read = async (f, { signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const reader = f.needed('reader', stage.session).address;
  const given = { rights: rights(f) ?? [], ...present({ ttl: f.value('ttl', span) }) };
  const address = await s.grantAddress(session.address, reader);
  stage.made.set(address, { payer: payer.address, maker: signer.address });
  return about(session, s.grantAccess({ authority: signer, payer, session: session.address, reader, ...given }));
};

const revoke: Read = async (f, { signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const reader = f.needed('reader', stage.session).address;
  const address = await s.grantAddress(session.address, reader);
  const origin = await stage.origin(address);
  // Of what is not there any more nothing can be read; the builder needs its addresses and its payer.
  const found = { address, session: session.address, header: { payer: origin?.payer ?? payer.address } };
  return about(session, s.revokeAccess({ authority: signer, grant: found as s.AccessGrant }));
};

const readProperty: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const owner = f.needed('owner', stage.session).address;
  const key = f.needed('key', bytes);
  return about(session, s.readForeignProperty({ ...acting(by, session), owner, key }));
};

const writeProperty: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const owner = f.needed('owner', stage.session).address;
  const write = written(f);
  const property = await s.propertyAddress(owner, write.key);
  const origin = { payer: by.payer.address, maker: by.actor.address };
  if (write.expectedVersion === 0n) stage.made.set(property, origin);
  return about(session, s.writeForeignProperty({ ...acting(by, session), payer: by.payer, owner, ...write }));
};

export const content: Readonly<Record<string, Read>> = {
  set_property: setProperty,
  delete_property: deleteProperty,
  broadcast_message: broadcast,
  send_direct_message: sendDirect,
  commit_checkpoint: checkpoint,
  consume: charge(s.consume),
  validate_session: charge(s.validateSession),
  grant_access: grant,
  revoke_access: revoke,
  read_property: readProperty,
  write_property: writeProperty,
};
