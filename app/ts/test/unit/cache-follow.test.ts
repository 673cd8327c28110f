/** How a cache follows sessions on a ledger that tells it nothing. */
import type { Address } from '@solana/kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Following } from '../../src/cache/follow.js';
import type { Shared } from '../../src/cache/shared.js';
import { LedgerError } from '../../src/index.js';

const session = 'Vote111111111111111111111111111111111111111' as Address;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a session that cannot be followed is tried ever less often, and read each time', async () => {
  const tried: number[] = [];
  let read = 0;
  const shared = {
    settings: { poll: 400, seed: 0, followed: 64 },
    ledger: {
      subscribe: () => {
        tried.push(performance.now());
        throw new LedgerError('Unreachable', { url: 'ws://node', reason: 'gone' });
      },
    },
    core: {
      refresh: () => {
        read += 1;
      },
    },
    isStopped: false,
    spawn: (work: Promise<void>) => work,
  };
  const following = new Following(shared as unknown as Shared);
  following.follow(session, [session]);
  await vi.advanceTimersByTimeAsync(60_000);
  following.end();
  const between = tried.slice(1).map((time, place) => time - (tried[place] ?? 0));
  // From 400 on, half as long again each time, up to 4,000; each with up to as much again as jitter.
  expect(between[0]).toBeLessThan(800);
  for (const pause of between.slice(6)) expect(pause).toBeGreaterThanOrEqual(4_000);
  expect(between.length).toBeGreaterThan(10);
  expect(read).toBe(tried.length);
});
