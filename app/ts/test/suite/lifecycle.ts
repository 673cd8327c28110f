/** A session's whole life, and its exits. */
import { expect, test } from 'vitest';
import * as s from '../../src/index.js';
import type { World } from '../help/world.js';

export function lifecycle(world: World): void {
  test('a session goes through every step, and all rent comes back', async () => {
    const [creator, host] = await world.wallets(2);
    if (!creator || !host) throw new Error('wallets');
    const metadata = new Uint8Array(32).fill(7);
    const request = s.requestSession({
      creator,
      host: host.address,
      id: 'night',
      metadata,
      config: { maxDuration: 3_000, hardLimit: 6_000, settings: ['PAUSE_STOPS_CLOCK'] },
    });
    const requested = await world.send(creator, request);
    expect(requested.events.map(({ name }) => name)).toEqual(['SessionRequested']);
    const session = await s.sessionAddress(creator.address, 'night');
    const found = await world.session(session);
    expect(found).toMatchObject({
      address: session,
      id: await s.idFromText('night'),
      creator: creator.address,
      authority: creator.address,
      host: host.address,
      pendingAuthority: null,
      vault: null,
      metadata,
      status: s.Status.Requested,
      members: 1,
      children: 1,
    });
    expect(found.config).toMatchObject({
      kind: s.Kind.Group,
      maxMembers: 16,
      maxDuration: 3_000,
      hardLimit: 6_000,
      stepTimeout: 60,
      invitationTtl: 600,
    });
    expect(found.config.settings).toEqual(new Set(['PAUSE_STOPS_CLOCK']));
    expect(found.config.permissions).toEqual(new Set(s.ALL_PERMISSIONS));
    expect(found.config.quotas.units).toEqual({ limit: s.UNLIMITED, windowLimit: s.UNLIMITED, windowSeconds: 0n });
    expect(found.header).toMatchObject({ payer: creator.address, revision: 1n, eventRevision: 1n, version: 1 });

    await world.send(host, s.beginCreation({ host, session }));
    const created = await world.send(host, s.completeCreation({ host, session }));
    const [event] = created.events;
    expect(event?.name).toBe('SessionCreated');
    if (event?.name === 'SessionCreated') {
      expect(event.creator).toBe(creator.address);
      expect(event.config).toEqual(found.config);
      expect(event.header).toMatchObject({ address: session, revision: 3n, previous: 2n });
    }
    await world.send(creator, s.beginActivation({ authority: creator, session }));
    const activated = await world.send(host, s.completeActivation({ host, session }));
    expect(activated.events[0]).toMatchObject({ name: 'SessionActivated' });
    const changes = {
      maxMembers: 3,
      permissions: ['SEND_MESSAGES', 'SPEND'],
      quotas: { bytes: { limit: 1_000 } },
      expiresIn: 2_000,
    } as const;
    await world.send(creator, s.updateSession({ authority: creator, session, changes }));
    const updated = await world.session(session);
    expect(updated.config.maxMembers).toBe(3);
    expect(updated.config.permissions).toEqual(new Set(['SEND_MESSAGES', 'SPEND']));
    expect(updated.config.quotas.bytes.limit).toBe(1_000n);
    expect(updated.host).toBe(host.address);
    expect(s.hasSharedLimits(found)).toBe(false);
    expect(s.hasSharedLimits(updated)).toBe(true);
    await world.send(creator, s.pauseSession({ authority: creator, session }));
    expect((await world.session(session)).status).toBe(s.Status.Paused);
    expect(s.dateOf((await world.session(session)).pausedAt)).toBeInstanceOf(Date);
    await world.send(creator, s.resumeSession({ authority: creator, session }));
    const root = new Uint8Array(32).fill(9);
    const noted = await world.send(host, s.commitCheckpoint({ host, session, sequence: 5, root }));
    expect(noted.events[0]).toMatchObject({ name: 'CheckpointCommitted', sequence: 5n, root });
    const closing = await world.send(creator, s.closeSession({ authority: creator, session, reason: 77 }));
    expect(closing.events[0]).toMatchObject({ name: 'SessionClosing', reason: 77 });
    await world.send(host, s.completeClose({ signer: host, session }));
    const belonging = (await s.children(world.ledger, session)).map(s.readChild).filter((child) => child !== null);
    expect(belonging).toEqual([
      { address: await s.memberAddress(session, creator.address), session, payer: creator.address },
    ]);
    await world.send(host, s.reclaimChildren({ session, children: belonging }));
    const over = await world.session(session);
    expect(over).toMatchObject({ status: s.Status.Closed, closeReason: 77, children: 0 });
    const deleted = await world.send(host, s.reclaimSession({ session: over }));
    expect(deleted.events[0]).toMatchObject({ name: 'SessionDeleted', epoch: over.header.epoch });
    const gone = await s.readOne(world.ledger, session);
    expect(gone.account).toBeNull();
    expect(() => s.readSession(gone)).toThrow(expect.objectContaining({ name: 'SessionNotFound', code: 6000 }));
  });

  test('what was requested is called off, and what is over expires', async () => {
    const creator = await world.wallet();
    await world.send(creator, s.requestSession({ creator, host: creator.address, id: 'off' }));
    const off = await s.sessionAddress(creator.address, 'off');
    const aborted = await world.send(creator, s.abortSession({ signer: creator, session: off }));
    expect(aborted.events[0]).toMatchObject({ name: 'SessionClosed', reason: s.CloseReason.Cancelled });
    const { session } = await world.open(creator, { maxDuration: 1, settings: ['AUTO_EXPIRE'] });
    await world.chain.pass(3);
    const expired = await world.send(creator, s.expireSession({ signer: creator, session }));
    expect(expired.events[0]?.name).toBe('SessionExpired');
    expect(await world.session(session)).toMatchObject({ status: s.Status.Closed, closeReason: s.CloseReason.Expired });
  });
}
