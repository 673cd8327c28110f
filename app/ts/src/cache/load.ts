/** Reading a session's accounts, all at one slot. */
import type { Address } from '@solana/kit';
import { isRetryable } from '../ledger/error.js';
import type { Snapshot } from '../ledger/types.js';
import { mix, pauses, sleep } from '../transaction/pause.js';
import { CacheError, isCacheError } from './error.js';
import type { Shared } from './shared.js';

/** How often a load is tried again that failed for a reason that may go away. */
const TRIES = 6;
/** The longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE = 10_000;
/** After how many polls a session is read again that could not be read and that nobody waits for; it takes no longer than the longest pause. */
const RECOVERY = 25;

/** Reads these accounts at one slot that is not before `since`, and hands them to the core. */
export async function load(
  shared: Shared,
  session: Address,
  accounts: readonly Address[],
  since: bigint,
): Promise<void> {
  let snapshots: readonly Snapshot[];
  try {
    if (shared.unread.has(session)) await recover(shared, session);
    snapshots = await read(shared, session, accounts, since);
  } catch (thrown) {
    if (!shared.isStopped) shared.loadFailed(session, thrown);
    return;
  }
  if (shared.isStopped) return;
  // Of no accounts nothing is known, as of whatever slot.
  const slot = snapshots.length === 0 ? since : slotOf(snapshots);
  const held = snapshots.map(({ address, account }) => [address, account] as const);
  try {
    shared.core.loaded(session, { slot, readAt: BigInt(Math.floor(performance.now())), accounts: held }, shared.now());
  } catch (thrown) {
    // The module failed, or does not do what it should.
    if (shared.isStopped || isCacheError(thrown)) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    shared.loadFailed(session, new CacheError('WrongAccounts', { session, reason }, thrown));
    return;
  }
  shared.failed.delete(session);
  shared.unread.delete(session);
  if (snapshots.length > 0 && shared.newest < slot) shared.newest = slot;
}

/** The slot that all of them are of, or are not before. */
function slotOf(snapshots: readonly Snapshot[]): bigint {
  let least = snapshots[0]?.slot ?? 0n;
  for (const { slot } of snapshots) if (slot < least) least = slot;
  return least;
}

/** Waits before a session is read again that could not be read, unless somebody comes to wait for it. */
async function recover(shared: Shared, session: Address): Promise<void> {
  const early = new AbortController();
  const leave = shared.hurried.on(session, () => early.abort());
  try {
    await sleep(Math.min(shared.settings.poll * RECOVERY, LONGEST_PAUSE), early.signal).catch(() => {});
  } finally {
    leave();
  }
  shared.signal.throwIfAborted();
}

/** Reads until the ledger has come as far as `since`; what may go away by itself is tried again, with growing pauses. */
async function read(
  shared: Shared,
  session: Address,
  accounts: readonly Address[],
  since: bigint,
): Promise<readonly Snapshot[]> {
  if (accounts.length === 0) return [];
  const { poll, seed } = shared.settings;
  const waits = pauses(poll, LONGEST_PAUSE, mix(seed, session));
  for (let tries = 0; ; ) {
    let snapshots: readonly Snapshot[];
    try {
      snapshots = await shared.ask((asking) => shared.ledger.read(accounts, asking));
    } catch (thrown) {
      tries += 1;
      if (shared.isStopped || !isRetryable(thrown) || tries > TRIES) throw thrown;
      await sleep(waits.next().value, shared.signal);
      continue;
    }
    if (slotOf(snapshots) >= since) return snapshots;
    // It is behind what was heard of already, and will come to it.
    await shared.nextSlot();
  }
}
