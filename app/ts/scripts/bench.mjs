/**
 * Says how many readings a second the cache answers from memory, beside a look-up in a bare map, on one core: `npm run bench`. `--seconds=3` measures each for
 * that long.
 */
import { parseArgs } from 'node:util';
import { openSession, readSession, send, sessionAddress } from '@sessions/client';
import { SessionCache } from '@sessions/client/cache';
import { Embedded } from '@sessions/client/testing';
import { generateKeyPairSigner } from '@solana/kit';

const SESSIONS = 100;
const ROUND = 100_000;
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
const seconds = Number(values.seconds);

const ledger = new Embedded();
const payer = await generateKeyPairSigner();
await ledger.airdrop(payer.address, 10_000_000_000n);
const cache = await SessionCache.open(ledger, { payer });
/** @type {import('@solana/kit').Address[]} */
const sessions = [];
for (let place = 0; place < SESSIONS; place += 1) {
  const id = `session ${place}`;
  await send(ledger, { payer, instructions: [await openSession({ creator: payer, id })] }, { price: { exactly: 0 } });
  sessions.push(await sessionAddress(payer.address, id));
}
for (const session of sessions) await cache.get(session);
const bare = new Map(sessions.map((session) => [session, cache.read(session)]));

/**
 * Reads one session after the other until the time is over.
 *
 * @param {string} what
 * @param {(session: import('@solana/kit').Address) => unknown} read
 */
function measure(what, read) {
  let found = 0;
  const round = () => {
    for (let time = 0; time < ROUND; time += 1) if (read(sessions[time % SESSIONS] ?? payer.address)) found += 1;
  };
  round();
  const begun = performance.now();
  let rounds = 0;
  for (; performance.now() - begun < seconds * 1_000; rounds += 1) round();
  const perSecond = (rounds * ROUND) / ((performance.now() - begun) / 1_000);
  if (found !== (rounds + 1) * ROUND) throw new Error(`${what}: ${found} of ${(rounds + 1) * ROUND} readings`);
  console.log(`${(perSecond / 1e6).toFixed(1).padStart(7)} million a second  ${what}`);
}

measure('readings of the cache', (session) => cache.read(session));
measure('the same, decoded', (session) => cache.read(session)?.as(readSession));
measure('look-ups in a bare map', (session) => bare.get(session));
await cache.close(0);
