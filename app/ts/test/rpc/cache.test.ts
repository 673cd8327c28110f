/** The cache over JSON-RPC: two who write into one session, each with a cache of its own. */
import { generateKeyPairSigner } from '@solana/kit';
import { expect, inject, onTestFinished, test } from 'vitest';
import { lossOf, type Pending, SessionCache } from '../../src/cache/index.js';
import * as s from '../../src/index.js';
import { eventually, PATIENCE, seen } from '../help/room.js';
import { World } from '../help/world.js';

const webSocket = inject('webSocketUrl');
const ledger = s.Rpc.connect(inject('rpcUrl'), webSocket === '' ? {} : { webSocket });
const world = new World({ ledger, pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)) });

async function cacheOf(payer: Awaited<ReturnType<World['wallet']>>): Promise<SessionCache> {
  const cache = await SessionCache.open(ledger, { payer, poll: 50 });
  onTestFinished(async () => {
    await cache.close(0);
  });
  return cache;
}

test('two who write into one session see each other, and in the end the same', async () => {
  const [gm, zoe] = await world.wallets(2);
  if (!gm || !zoe) throw new Error('wallets');
  const { session } = await world.open(gm, { maxMembers: 2 });
  const token = await generateKeyPairSigner();
  const [host, guest] = [await cacheOf(gm), await cacheOf(zoe)];
  const invite = s.createInviteToken({ inviter: gm, session, token: token.address });
  await (await host.submit({ session, instructions: [invite] })).landed();
  const at = await s.inviteTokenAddress(session, token.address);
  const inviteToken = (await guest.get(session, at)).as(s.readInviteToken);
  const join = await guest.submit({ session, instructions: [s.joinWithToken({ wallet: zoe, token, inviteToken })] });
  expect(seen(guest, session).members, 'before it was sent').toBe(2);
  await join.landed();

  // The host is told by its subscription.
  await host.get(session);
  await eventually(() => seen(host, session).members === 2);
  const board = await s.propertyAddress(session, 'board');
  await Promise.all([host, guest].map((cache) => cache.load(session, [session, board])));
  const write = (signer: typeof gm, value: string) => ({
    session,
    instructions: [s.setProperty({ signer, session, key: 'board', value, capacity: 16 })],
  });
  // Both make the same property: one of them is first, and the other is told that it was not.
  const both = await Promise.all([host.submit(write(gm, 'e2e4')), guest.submit(write(zoe, 'd2d4'))]);
  const ends = await Promise.all(both.map(({ done }) => done));
  expect(ends.map(({ name }) => name).filter((name) => name === 'finalized')).toHaveLength(1);
  const lost = ends.find(({ name }) => name !== 'finalized');
  expect(lost && lossOf(lost)).toMatchObject({ name: 'VersionConflict' });

  const said: Pending[] = [];
  for (let place = 0; place < 4; place += 1)
    for (const [cache, signer] of [
      [host, gm],
      [guest, zoe],
    ] as const)
      said.push(
        await cache.submit({ session, instructions: [s.broadcastMessage({ signer, session, message: `${place}` })] }),
      );
  for (const one of said) await one.landed('finalized');
  const same = () => [host, guest].every((cache) => seen(cache, session).messageSequence === 8n);
  await eventually(same);
  await eventually(() => [host, guest].every((cache) => cache.read(session)?.freshness.level === 'finalized'));
  const chain = await ledger.read([session, board]);
  for (const cache of [host, guest])
    for (const { address, account } of chain) expect(cache.read(session, address)?.account).toEqual(account);
  expect(await Promise.all([host.close(PATIENCE), guest.close(PATIENCE)])).toEqual([0, 0]);
});

test('a node that is not there is told when a cache is opened', async () => {
  const payer = await generateKeyPairSigner();
  const nowhere = s.Rpc.connect('http://127.0.0.1:9');
  await expect(SessionCache.open(nowhere, { payer })).rejects.toMatchObject({ name: 'Unreachable' });
});
