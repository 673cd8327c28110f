import {
  type Address,
  createAsyncIterableFromDataPublisher,
  getDataPublisherFromEventEmitter,
  type TypedEventEmitter,
} from '@solana/kit';
import { describe, expect, test } from 'vitest';
import { LedgerError, type Snapshot } from '../../src/index.js';
import { follow } from '../../src/ledger/rpc/follow.js';

const address = 'Vote111111111111111111111111111111111111111' as Address;

const at = (slot: bigint, byte: number): Snapshot => ({
  address,
  slot,
  account: { owner: address, lamports: 1n, executable: false, data: Uint8Array.of(byte) },
});

const never = new Promise<never>(() => {});

/** What all that are followed here have. */
const common = { url: 'ws://node', patience: 10_000, seed: 0 };

async function take(
  snapshots: AsyncIterable<Snapshot>,
  count: number,
): Promise<readonly (readonly [bigint, number | undefined])[]> {
  const found: [bigint, number | undefined][] = [];
  for await (const { slot, account } of snapshots) {
    found.push([slot, account?.data[0]]);
    if (found.length === count) break;
  }
  return found;
}

describe('an account that is followed', () => {
  test('is told of from its present state on, never an older one behind a newer, and nothing twice', async () => {
    async function* told() {
      yield at(4n, 9);
      yield at(5n, 1);
      yield at(6n, 2);
      yield at(6n, 2);
      yield at(7n, 3);
      await never;
    }
    const following = { open: async () => told(), read: async () => at(5n, 1), ...common, readAgain: 10_000 };
    expect(await take(follow(following, new AbortController().signal), 3)).toEqual([
      [5n, 1],
      [6n, 2],
      [7n, 3],
    ]);
  });

  test('loses nothing of what is told before the follower asks for it, as kit does', async () => {
    const node = new EventTarget();
    const tell = (snapshot: Snapshot) => node.dispatchEvent(new CustomEvent('told', { detail: snapshot }));
    const open = async (abortSignal: AbortSignal) => {
      const dataPublisher = getDataPublisherFromEventEmitter(
        node as TypedEventEmitter<{ error: CustomEvent<unknown>; told: CustomEvent<Snapshot> }>,
      );
      const names = { dataChannelName: 'told', errorChannelName: 'error' };
      const told = createAsyncIterableFromDataPublisher<Snapshot>({ abortSignal, dataPublisher, ...names });
      return (async function* () {
        yield* told;
      })();
    };
    const read = async () => {
      // While the node answers what was asked of it before.
      tell(at(6n, 2));
      return at(5n, 1);
    };
    // It ends also where something is lost.
    const stop = AbortSignal.timeout(5_000);
    const found: bigint[] = [];
    for await (const { slot } of follow({ open, read, ...common, readAgain: 10_000 }, stop)) {
      found.push(slot);
      // While the follower is busy with what it was told.
      if (slot < 8n) tell(at(slot + 2n, Number(slot)));
      if (slot === 8n) break;
    }
    expect(found).toEqual([5n, 6n, 7n, 8n]);
  });

  test('is not taken back by what was read at the slot of a notification', async () => {
    async function* told() {
      yield at(5n, 2);
      await new Promise((resolve) => setTimeout(resolve, 60));
      yield at(6n, 3);
      await never;
    }
    const following = { open: async () => told(), read: async () => at(5n, 1), ...common, readAgain: 20 };
    expect(await take(follow(following, new AbortController().signal), 3)).toEqual([
      [5n, 1],
      [5n, 2],
      [6n, 3],
    ]);
  });

  test('is read again when the connection breaks, cannot be made, or says nothing', async () => {
    let opened = 0;
    let read = 0;
    async function* told() {
      if (opened === 3) await never;
      if (opened > 0) throw new Error('broken');
      yield at(0n, 0);
    }
    const open = async () => {
      opened += 1;
      if (opened === 2) throw new LedgerError('Unreachable', { url: 'ws://node', reason: '' });
      return told();
    };
    const reading = async () => {
      read += 1;
      return at(BigInt(read), read);
    };
    const following = { open, read: reading, ...common, readAgain: 50 };
    expect(await take(follow(following, new AbortController().signal), 4)).toEqual([
      [1n, 1],
      [2n, 2],
      [3n, 3],
      [4n, 4],
    ]);
    expect(opened).toBe(3);
  });

  test('cannot be followed without a web socket, which whoever begins is told', async () => {
    const read = async () => at(1n, 1);
    const unreachable = async () =>
      Promise.reject(new LedgerError('Unreachable', { url: 'ws://node', reason: 'gone' }));
    const { signal } = new AbortController();
    const gone = follow({ ...common, open: unreachable, read, readAgain: 20 }, signal);
    await expect(take(gone, 1)).rejects.toMatchObject({ name: 'Unreachable', about: { reason: 'gone' } });
    const silent = follow({ ...common, open: () => never, patience: 20, read, readAgain: 20 }, signal);
    await expect(take(silent, 1)).rejects.toMatchObject({ name: 'Timeout', about: { url: 'ws://node' } });
    const unread = async () => Promise.reject(new LedgerError('RateLimited', { url: 'http://node' }));
    async function* told() {
      await never;
      yield at(0n, 0);
    }
    const busy = follow({ ...common, open: async () => told(), read: unread, readAgain: 20 }, signal);
    await expect(take(busy, 1)).rejects.toMatchObject({ name: 'RateLimited' });
  });

  test('is still read when there is no web socket any more', async () => {
    let opened = 0;
    let read = 0;
    async function* breaking() {
      yield at(1n, 1);
      throw new Error('broken');
    }
    const open = () => {
      opened += 1;
      if (opened === 1) return Promise.resolve(breaking());
      return opened === 2 ? never : Promise.reject(new LedgerError('Unreachable', { url: 'ws://node', reason: '' }));
    };
    const reading = async () => {
      read += 1;
      return at(BigInt(read), read);
    };
    const following = { ...common, open, read: reading, patience: 20, readAgain: 10_000 };
    // It ends also where nothing is read any more.
    expect(await take(follow(following, AbortSignal.timeout(10_000)), 3)).toEqual([
      [1n, 1],
      [2n, 2],
      [3n, 3],
    ]);
    expect(opened).toBe(3);
  });

  test('is followed on where the node fails at a question, until it refuses', async () => {
    let read = 0;
    const failures = [
      new LedgerError('NodeFailed', { url: 'http://node', reason: 'internal error' }),
      new LedgerError('NotSolana', { url: 'http://node', reason: 'half an answer' }),
    ];
    async function* silent() {
      await never;
      yield at(0n, 0);
    }
    const reading = async () => {
      read += 1;
      if (read === 5) throw new LedgerError('Refused', { url: 'http://node', reason: 'no' });
      if (read % 2 === 1) return at(BigInt(read), read);
      throw failures.shift() ?? new Error('it is read too often');
    };
    const following = { ...common, open: async () => silent(), read: reading, readAgain: 20 };
    const followed = follow(following, new AbortController().signal);
    expect(await followed.next()).toMatchObject({ value: { slot: 1n } });
    expect(await followed.next()).toMatchObject({ value: { slot: 3n } });
    await expect(followed.next()).rejects.toMatchObject({ name: 'Refused' });
  });

  test('is given up when the signal says so, or when the node refuses', async () => {
    const stop = new AbortController();
    async function* silent() {
      await never;
      yield at(0n, 0);
    }
    const following = { open: async () => silent(), read: async () => at(1n, 1), ...common, readAgain: 20 };
    setTimeout(() => stop.abort(), 60);
    expect(await take(follow(following, stop.signal), 9)).toEqual([[1n, 1]]);
    const refused = {
      ...following,
      read: async () => Promise.reject(new LedgerError('Refused', { url: 'http://node', reason: 'no' })),
    };
    await expect(take(follow(refused, new AbortController().signal), 1)).rejects.toMatchObject({ name: 'Refused' });
  });
});
