/** How a cache is made. */
import type { TransactionSigner } from '@solana/kit';
import type { Price } from '../transaction/budget.js';
import { CacheError } from './error.js';
import type { CacheJournal } from './journal/index.js';
import type { ModuleSource } from './module.js';

/** How much a cache holds at most. */
export interface Limits {
  /** Sessions without pending operations; those with some are held besides. 1 to 65,536; 1,024. */
  readonly sessions: number;
  /** Accounts of one session. 1 to 100, which is what a ledger reads at one slot; 100. */
  readonly accounts: number;
  /** Pending operations of one session. 1 to 4,096; 256. */
  readonly pendingInSession: number;
  /** Pending operations in all. 1 to 4,096; 4,096. */
  readonly pending: number;
  /** Ended operations whose end can still be asked for. 1 to 65,536; 1,024. */
  readonly ended: number;
}

/** How a cache is made. Everything but the payer has a default. Times are in milliseconds. */
export interface CacheOptions {
  /** Who pays the fees of what is submitted, and signs. */
  readonly payer: TransactionSigner;
  /**
   * Others who may have to sign. The signers of what is submitted need not be among them, but for a journal: it keeps no keys, so what it has of an earlier
   * life is signed by the payer and by these.
   */
  readonly signers?: readonly TransactionSigner[];
  /** Where pending operations are kept; without a journal they are lost when the page or the process ends. */
  readonly journal?: CacheJournal;
  /** How much is held. */
  readonly limits?: Partial<Limits>;
  /**
   * How many sessions are followed by subscription at most: those that were loaded last; 64. The others are read again when a reader asks for more than what
   * is held.
   */
  readonly followed?: number;
  /** How often the ledger is asked of what is on its way; 400. */
  readonly poll?: number;
  /** How long the same bytes are waited for before they are handed over again, at first; then half as long again each time, up to eight times as long. 2,000. */
  readonly rebroadcast?: number;
  /** How often an operation is signed at most; 3. It is signed again only once what was signed before can land no more. */
  readonly signings?: number;
  /** What is paid for each compute unit; what others lately paid, and at most 100,000 micro-lamports. */
  readonly price?: Price;
  /** What the jitter of repeated requests is made from; 0. */
  readonly seed?: number;
  /** The WebAssembly module, compiled or as bytes, or where it is; the file that comes with the package. */
  readonly module?: ModuleSource;
}

const LIMITS: Limits = { sessions: 1_024, accounts: 100, pendingInSession: 256, pending: 4_096, ended: 1_024 };
const MOST: Limits = { sessions: 65_536, accounts: 100, pendingInSession: 4_096, pending: 4_096, ended: 65_536 };

/** The options of a cache with their defaults. */
export type Settings = Required<Pick<CacheOptions, 'followed' | 'poll' | 'rebroadcast' | 'signings' | 'seed'>> &
  Pick<CacheOptions, 'price' | 'payer'> & { readonly signers: readonly TransactionSigner[]; readonly limits: Limits };

function check(option: string, found: number, least: number, most: number): void {
  if (Number.isInteger(found) && found >= least && found <= most) return;
  const count = (number: number) => number.toLocaleString('en');
  throw new CacheError('WrongOption', {
    option,
    found,
    range: `a whole number from ${count(least)} to ${count(most)}`,
  });
}

/**
 * The options with their defaults.
 *
 * @throws CacheError: `WrongOption`.
 */
export function settings(options: CacheOptions): Settings {
  const {
    payer,
    signers = [],
    price,
    followed = 64,
    poll = 400,
    rebroadcast = 2_000,
    signings = 3,
    seed = 0,
  } = options;
  const limits = { ...LIMITS, ...options.limits };
  for (const limit of Object.keys(LIMITS) as (keyof Limits)[]) check(`limits.${limit}`, limits[limit], 1, MOST[limit]);
  check('followed', followed, 0, 65_536);
  for (const [name, time] of Object.entries({ poll, rebroadcast })) check(name, time, 1, 86_400_000);
  check('signings', signings, 1, 1_000);
  return { payer, signers, price, limits, followed, poll, rebroadcast, signings, seed };
}
