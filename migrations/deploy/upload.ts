/**
 * Filling the buffer: many transactions on their way at once, but never more than {@link IN_FLIGHT}. A write is the same however often it runs, so one that
 * was lost is signed again. What counts is what the buffer holds in the end.
 */
import { setMaxListeners } from 'node:events';
import {
  type Failure,
  isLedgerError,
  type LandOptions,
  type Ledger,
  land,
  landResigning,
  readOne,
  sign,
  unsigned,
} from '@sessions/client';
import type { Address, Instruction } from '@solana/kit';
import { bufferChanged, lost, transactionFailed } from './failed.js';
import { gathered } from './gathered.js';
import { chunkBytes, write } from './instructions.js';
import type { Keys } from './keys.js';
import { differing, type Range } from './plan.js';
import type { Progress } from './progress.js';
import { BUFFER_HEADER, contentOf } from './state.js';

/** How many transactions may be on their way at once. */
const IN_FLIGHT = 64;
/** How often everything may expire without a byte more in the buffer, before it is given up. */
const ROUNDS = 3;
/** For how long questions about statuses are gathered, in milliseconds. */
const WINDOW = 50;

/** What a deployment goes by. */
export interface Tools {
  /** The cluster. */
  readonly ledger: Ledger;
  /** Who signs. */
  readonly keys: Keys;
  /** Who is told how far it is. */
  readonly progress: Progress;
  /** How transactions are landed, and what stops them. */
  readonly landing: LandOptions;
}

/**
 * Why a trial failed: what the program says, which stands in the log before the lines in which the runtime says how it ended; or what the runtime says, if it
 * was no instruction that failed.
 */
function whyOf(failure: Failure, logs: readonly string[]): string {
  const said = logs.findLast((line) => !/^Program [1-9A-HJ-NP-Za-km-z]{32,44} /.test(line));
  return failure.instruction === undefined ? failure.message : (said ?? failure.message);
}

/**
 * Sends one transaction, tried out first, and waits until it landed; `what` says which it is.
 *
 * @throws Failed: `Failed`, `Lost`; LedgerError.
 */
export async function landOne(tools: Tools, instructions: readonly Instruction[], what: string): Promise<void> {
  const { ledger, keys, landing } = tools;
  const draft = { payer: keys.payer, instructions };
  const { failure, logs } = await ledger.simulate(unsigned(draft), landing);
  if (failure !== null) throw transactionFailed(what, whyOf(failure, logs));
  const landed = await landResigning(ledger, (lifetime) => sign(draft, lifetime, landing), landing);
  if (landed.status.error !== null) throw transactionFailed(what, JSON.stringify(landed.status.error));
}

/** What fills an account with bytes, a part in each transaction. */
export interface Filling {
  /** What the account is to hold. */
  readonly bytes: Uint8Array;
  /** How many bytes fit into a transaction. */
  readonly chunk: number;
  /** Where it stands, and what it holds. */
  readonly read: () => Promise<Uint8Array>;
  /** Writes a part. */
  readonly write: (range: Range) => Instruction;
  /** What a part is called. */
  readonly what: string;
}

/**
 * Writes `ranges`, and what is missing then, until the account holds all of it, and nothing else. Answers how many writes landed. The account is read in any
 * case: somebody may have thought long about going on, and another run may have written into it meanwhile.
 *
 * @throws Failed: a write fails, or none lands for as long as three blockhashes are valid, or the account is another by now; LedgerError.
 */
export async function fill(tools: Tools, filling: Filling, ranges: readonly Range[]): Promise<number> {
  const { bytes, chunk, what } = filling;
  const total = Math.ceil(bytes.length / chunk);
  let landed = 0;
  for (let [left, idle] = [ranges, 0]; ; ) {
    tools.progress.upload(total - left.length, total);
    if (left.length > 0) landed += await round(tools, filling, left, total);
    const there = await filling.read();
    // Whatever else is in it would be deployed, too.
    if (there.length > bytes.length) throw bufferChanged(what);
    const missing = differing(there, bytes, chunk);
    if (missing.length === 0) break;
    idle = left.length === 0 || missing.length < left.length ? 0 : idle + 1;
    if (idle === ROUNDS) throw lost(what);
    left = missing;
  }
  tools.progress.upload(total, total);
  return landed;
}

/** Nothing of a transaction that was turned away because its blockhash is too old: it has not run, and never will. */
function nullIfOld(thrown: unknown): null {
  if (isLedgerError(thrown, 'Rejected') && thrown.about.error === 'BlockhashNotFound') return null;
  throw thrown;
}

/** Writes ranges until each landed or their blockhash expired; answers how many landed. */
async function round(tools: Tools, filling: Filling, ranges: readonly Range[], total: number): Promise<number> {
  const { ledger, keys, progress, landing } = tools;
  const lifetime = await ledger.blockhash(landing);
  const together = gathered(ledger, Math.min(WINDOW, landing.look ?? WINDOW));
  const stop = new AbortController();
  const signal = landing.signal === undefined ? stop.signal : AbortSignal.any([landing.signal, stop.signal]);
  // Each that is on its way listens, for more than one thing at a time.
  setMaxListeners(IN_FLIGHT * 4, signal);
  const waiting = ranges.values();
  let landed = 0;
  let expired = false;
  const work = async () => {
    for (const range of waiting) {
      if (expired) return;
      const transaction = await sign({ payer: keys.payer, instructions: [filling.write(range)] }, lifetime, { signal });
      const status = await land(together, transaction, lifetime, { ...landing, signal }).catch(nullIfOld);
      if (status === null) {
        expired = true;
        return;
      }
      if (status.error !== null) throw transactionFailed(`a write into ${filling.what}`, JSON.stringify(status.error));
      landed += 1;
      progress.upload(total - ranges.length + landed, total);
    }
  };
  let failed: unknown;
  const guarded = () =>
    work().catch((thrown: unknown) => {
      // The first says why; the others are only stopped.
      if (!stop.signal.aborted) failed = thrown;
      stop.abort();
    });
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, ranges.length) }, guarded));
  if (stop.signal.aborted) throw failed;
  return landed;
}

/** What the account at an address holds behind a header of so many bytes. */
export async function readContent(ledger: Ledger, address: Address, header: number): Promise<Uint8Array> {
  const { account } = await readOne(ledger, address);
  return account === null ? new Uint8Array() : (contentOf(account, header) as Uint8Array);
}

/** The file, as what fills the buffer. */
export const programFilling = ({ ledger, keys }: Tools, buffer: Address, file: Uint8Array): Filling => ({
  bytes: file,
  chunk: chunkBytes(keys, buffer),
  read: () => readContent(ledger, buffer, BUFFER_HEADER),
  write: (range) => write(keys, buffer, file, range),
  what: 'the upload',
});
