/**
 * An account that is followed through a web socket. A connection that breaks is made again, with a pause that grows and jitter, and then the account is
 * read again. An older slot never takes the place of a newer one.
 */
import { pauses, sleep } from '../../transaction/pause.js';
import { isRetryable } from '../error.js';
import type { AccountContent, Snapshot } from '../types.js';

/** How a followed account is asked for. */
export interface Following {
  /** Begins to listen. */
  open(signal: AbortSignal): Promise<AsyncIterable<Snapshot>>;
  /** Reads the account. */
  read(signal: AbortSignal): Promise<Snapshot>;
  /** What the jitter is made from. */
  readonly seed: number;
  /** How often the account is read again although the connection seems to stand, in milliseconds: a notification can be lost. */
  readonly readAgain: number;
}

/** The pause before a connection is made again, at first and at most, in milliseconds. */
const PAUSES = [200, 10_000] as const;

const sameBytes = (a: AccountContent['data'], b: AccountContent['data']): boolean =>
  a.length === b.length && a.every((byte, place) => byte === b[place]);

function sameContent(a: AccountContent | null, b: AccountContent | null): boolean {
  if (a === null || b === null) return a === b;
  return a.owner === b.owner && a.lamports === b.lamports && a.executable === b.executable && sameBytes(a.data, b.data);
}

/**
 * Tells what is news: no older slot behind a newer one, and nothing that was told already. At the same slot a notification is the newer: what was read at a
 * slot can be from before its last change.
 */
function news(): (snapshot: Snapshot, notified: boolean) => boolean {
  let last: Snapshot | undefined;
  return (snapshot, notified) => {
    if (last !== undefined && (snapshot.slot < last.slot || (snapshot.slot === last.slot && !notified))) return false;
    const isNew = last === undefined || !sameContent(last.account, snapshot.account);
    last = snapshot;
    return isNew;
  };
}

/** Asks for the next that is told. It may fail while nobody waits for it any more. */
function ask(told: AsyncIterator<Snapshot>): Promise<IteratorResult<Snapshot>> {
  const next = told.next();
  next.catch(() => {});
  return next;
}

/** The account's present state, and every change from then on. */
export async function* follow(following: Following, signal: AbortSignal): AsyncGenerator<Snapshot, void> {
  const isNews = news();
  let waits = pauses(...PAUSES, following.seed);
  while (!signal.aborted) {
    const connection = new AbortController();
    const stop = () => connection.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      // Listening begins before the account is read, so that nothing falls in between.
      const told = (await following.open(connection.signal))[Symbol.asyncIterator]();
      // What is told before it was asked for may be lost, so there is always somebody who asks, whatever the follower does meanwhile.
      let next = ask(told);
      const first = await following.read(connection.signal);
      waits = pauses(...PAUSES, following.seed);
      if (isNews(first, false)) yield first;
      for (;;) {
        const timer = new AbortController();
        const pause = sleep(following.readAgain, AbortSignal.any([timer.signal, connection.signal]));
        const came = await Promise.race([next, pause]).finally(() => timer.abort());
        if (came === undefined) {
          const snapshot = await following.read(connection.signal);
          if (isNews(snapshot, false)) yield snapshot;
          continue;
        }
        if (came.done === true) break;
        next = ask(told);
        if (isNews(came.value, true)) yield came.value;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      // The account cannot be read at all: what the node refuses now it refuses later, too.
      if (thrown instanceof Error && 'isRetryable' in thrown && !isRetryable(thrown)) throw thrown;
    } finally {
      signal.removeEventListener('abort', stop);
      connection.abort();
    }
    await sleep(waits.next().value, signal).catch(() => {});
  }
}
