/**
 * An account that is followed through a web socket. Whoever begins is told if that is not possible. From then on a connection that breaks is made again,
 * with a pause that grows and jitter, and the account is read again, whether there is a connection or not. An older slot never takes the place of a newer
 * one.
 */
import { pauses, sleep } from '../../transaction/pause.js';
import { LedgerError } from '../error.js';
import type { AccountContent, Snapshot } from '../types.js';

/** How a followed account is asked for. */
export interface Following {
  /** What the web socket is called in errors. */
  readonly url: string;
  /** Begins to listen. */
  open(signal: AbortSignal): Promise<AsyncIterable<Snapshot>>;
  /** How long that may take, in milliseconds. */
  readonly patience: number;
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

/** Asks for the next that is told. */
type Ask = () => Promise<IteratorResult<Snapshot>>;

/**
 * Begins to listen, in as much time as there is for that; answers how to ask.
 *
 * @throws LedgerError: `Timeout`; what opening throws.
 */
async function listen({ url, open, patience }: Following, signal: AbortSignal): Promise<Ask> {
  const timer = new AbortController();
  const late = sleep(patience, AbortSignal.any([timer.signal, signal])).then(() => {
    throw new LedgerError('Timeout', { url });
  });
  const opened = await Promise.race([open(signal), late]).finally(() => timer.abort());
  const told = opened[Symbol.asyncIterator]();
  return () => {
    const next = told.next();
    // It may fail while nobody waits for it any more.
    next.catch(() => {});
    return next;
  };
}

/** Whether a node refuses, and will again. Whatever else it says, a mistake of its own too, may be over a little later. */
const isLasting = (thrown: unknown): boolean =>
  thrown instanceof LedgerError && thrown.isRefusal && !thrown.isRetryable;

/**
 * The account's present state, and every change from then on.
 *
 * @throws LedgerError: what is wrong with the web socket or with reading, before anything was told; later only that the node refuses for good.
 */
export async function* follow(following: Following, signal: AbortSignal): AsyncGenerator<Snapshot, void> {
  const isNews = news();
  let hasTold = false;
  let waits = pauses(...PAUSES, following.seed);
  while (!signal.aborted) {
    const connection = new AbortController();
    const stop = () => connection.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      // Listening begins before the account is read, so that nothing falls in between.
      const ask = await listen(following, connection.signal).catch((thrown: unknown) => {
        if (!hasTold) throw thrown;
        return undefined;
      });
      // What is told before it was asked for may be lost, so there is always somebody who asks, whatever the follower does meanwhile.
      let next = ask?.();
      const first = await following.read(connection.signal);
      hasTold = true;
      if (isNews(first, false)) yield first;
      if (next !== undefined) waits = pauses(...PAUSES, following.seed);
      while (next !== undefined) {
        const timer = new AbortController();
        const pause = sleep(following.readAgain, AbortSignal.any([timer.signal, connection.signal]));
        const came = await Promise.race([next, pause]).finally(() => timer.abort());
        if (came === undefined) {
          const snapshot = await following.read(connection.signal);
          if (isNews(snapshot, false)) yield snapshot;
          continue;
        }
        if (came.done === true) break;
        next = ask?.();
        if (isNews(came.value, true)) yield came.value;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!hasTold || isLasting(thrown)) throw thrown;
    } finally {
      signal.removeEventListener('abort', stop);
      connection.abort();
    }
    await sleep(waits.next().value, signal).catch(() => {});
  }
}
