/** What members share and say, and what one session lets another do with it. */
import { expect, test } from 'vitest';
import * as s from '../../src/index.js';
import type { World } from '../help/world.js';

const text = (bytes: Iterable<number>): string => new TextDecoder().decode(Uint8Array.from(bytes));

export function content(world: World): void {
  test('values are written at the version that was read, and deleted', async () => {
    const signer = await world.wallet();
    const { session } = await world.open(signer);
    const read = async () => s.readProperty(await s.readOne(world.ledger, await s.propertyAddress(session, 'board')));
    await expect(read()).rejects.toMatchObject({ name: 'VersionConflict' });
    const set = await world.send(signer, s.setProperty({ signer, session, key: 'board', value: 'e2e4', capacity: 64 }));
    expect(set.events[0]).toMatchObject({ name: 'PropertySet' });
    const first = await read();
    expect([text(first.key), text(first.value), first.version, first.capacity]).toEqual(['board', 'e2e4', 1n, 64]);
    expect(first.writer).toBe(signer.address);
    await world.send(
      signer,
      s.setProperty({ signer, session, key: 'board', value: 'e7', expectedVersion: first.version, capacity: 64 }),
    );
    expect(text((await read()).value)).toBe('e7');
    const stale = s.setProperty({ signer, session, key: 'board', value: 'x', expectedVersion: first.version });
    await expect(world.send(signer, stale)).rejects.toMatchObject({ name: 'VersionConflict' });
    const deleted = await world.send(signer, s.deleteProperty({ signer, property: await read() }));
    expect(deleted.events[0]).toMatchObject({ name: 'PropertyDeleted' });
    await expect(read()).rejects.toMatchObject({ name: 'VersionConflict' });
  });

  test('messages are links of a chain in which one that is missing or altered shows', async () => {
    const [ana, ben] = await world.wallets(2);
    if (!ana || !ben) throw new Error('wallets');
    const { session } = await world.open(ana);
    await world.send(ben, s.joinSession({ wallet: ben, session }));
    const long = 'x'.repeat(s.MAX_MESSAGE);
    const receipts = [
      await world.send(ana, s.broadcastMessage({ signer: ana, session, message: 'Shall we begin?' })),
      await world.send(ben, s.sendDirectMessage({ signer: ben, session, to: ana.address, message: 'yes' })),
      await world.send(ana, s.broadcastMessage({ signer: ana, session, message: long })),
    ];
    const events = receipts.flatMap((receipt) => receipt.events);
    const said = events.filter(s.isMessage);
    expect(said.map(({ message }) => text(message))).toEqual(['Shall we begin?', 'yes', long]);
    expect(said[1]).toMatchObject({ name: 'MessageSent', sender: ben.address, recipient: ana.address, sequence: 2n });
    const chain = new s.MessageChain(session);
    expect(await chain.follow(events)).toBeNull();
    expect(chain.against(await world.session(session))).toBeNull();
    const gap = new s.MessageChain(session);
    expect(await gap.follow(events.slice(1))).toEqual({ what: 'missing', first: 1n, last: 1n });
    expect(gap.against(await world.session(session))).toEqual({ what: 'missing', first: 1n, last: 3n });
    const [first, second] = said;
    if (first === undefined || second === undefined) throw new Error('messages');
    expect(await new s.MessageChain(session).follow([second, first])).toEqual({
      what: 'outOfPlace',
      expected: 1n,
      found: 2n,
    });
    const altered = { ...first, message: new TextEncoder().encode('Shall we stop?') };
    expect(await new s.MessageChain(session).follow([altered])).toEqual({ what: 'altered', sequence: 1n });
    const tooLong = s.broadcastMessage({ signer: ana, session, message: `${long}y` });
    await expect(world.send(ana, tooLong)).rejects.toMatchObject({ name: 'ValueTooLong' });
  });

  test('a session reads and writes what another grants it, and no longer than it does', async () => {
    const [owner, reader] = await world.wallets(2);
    if (!owner || !reader) throw new Error('wallets');
    const { session: library } = await world.open(owner);
    const { session: room } = await world.open(reader, { quotas: { operations: { limit: 100 } } });
    await world.send(owner, s.setProperty({ signer: owner, session: library, key: 'book', value: 'one', capacity: 8 }));
    const granting = { authority: owner, session: library, reader: room };
    const granted = await world.send(owner, s.grantAccess({ ...granting, rights: ['READ', 'WRITE'], ttl: 1_000 }));
    expect(granted.events[0]).toMatchObject({
      name: 'AccessGranted',
      reader: room,
      rights: new Set(['READ', 'WRITE']),
    });
    const grant = s.readGrant(await s.readOne(world.ledger, await s.grantAddress(library, room)));
    expect(grant).toMatchObject({ session: library, reader: room, rights: new Set(['READ', 'WRITE']) });
    const acting = { signer: reader, session: room, owner: library, shared: true, key: 'book' };
    const answer = await world.simulate(reader, s.readForeignProperty(acting));
    expect(text(answer.returned.slice(8))).toBe('one');
    await world.send(reader, s.readForeignProperty(acting));
    await world.send(reader, s.writeForeignProperty({ ...acting, value: 'two', expectedVersion: 1, capacity: 8 }));
    await expect(world.send(reader, s.readForeignProperty({ ...acting, shared: false }))).rejects.toMatchObject({
      name: 'SessionReadOnly',
    });
    const revoked = await world.send(owner, s.revokeAccess({ authority: owner, grant }));
    expect(revoked.events[0]).toMatchObject({ name: 'AccessRevoked', reader: room });
    await expect(world.send(reader, s.readForeignProperty(acting))).rejects.toMatchObject({
      name: 'PolicyViolation',
      detail: 'the other session grants this one no access',
    });
  });

  test('other programs ask how a member stands, and charge it', async () => {
    const signer = await world.wallet();
    const { session } = await world.open(signer, { quotas: { units: { limit: 50 } }, settings: ['LOG_EXECUTION'] });
    const asked = { signer, session, shared: true, units: 20 };
    const charged = await world.send(signer, s.consume(asked));
    expect(s.standingOf(charged.returned)).toMatchObject({
      unitsLeft: 30n,
      operationsLeft: s.UNLIMITED,
      bytesLeft: s.UNLIMITED,
    });
    expect(charged.events[0]).toMatchObject({ name: 'UsageRecorded', wallet: signer.address, units: 20n });
    const answered = await world.simulate(signer, s.validateSession(asked));
    const standing = s.standingOf(answered.returned);
    expect(standing?.permissions).toEqual(new Set(s.ALL_PERMISSIONS));
    expect(s.standingOf(new Uint8Array(3))).toBeNull();
    await expect(world.send(signer, s.consume({ ...asked, units: 31 }))).rejects.toMatchObject({
      name: 'QuotaExceeded',
    });
  });
}
