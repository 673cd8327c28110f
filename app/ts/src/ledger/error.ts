/** Why a ledger could not do what it was asked to, with what to do about it. */
import type { Address, Signature } from '@solana/kit';
import { PROGRAM } from '../address.js';
import type { TransactionErrorJson } from '../failure.js';

/** The most bytes that a transaction has: what fits into one packet of the network. */
export const MAX_TRANSACTION_BYTES = 1_232;

/** What a ledger's error is about, by its name. */
interface About {
  /** The node could not be reached, or the connection broke. */
  Unreachable: { readonly url: string; readonly reason: string };
  /** The node did not answer in time. */
  Timeout: { readonly url: string };
  /** The node answers no more requests for now. */
  RateLimited: { readonly url: string };
  /** The node is behind its cluster, or still starting; by how many slots, if it says. */
  NodeBehind: { readonly url: string; readonly slots: bigint | null };
  /** What was given is no URL of a node. */
  WrongUrl: { readonly url: string; readonly reason: string };
  /** What answers does not speak Solana's JSON-RPC. */
  NotSolana: { readonly url: string; readonly reason: string };
  /** The node refuses the request, and will again. */
  Refused: { readonly url: string; readonly reason: string };
  /** The node failed at the request in a way of its own. What was handed over to it may have gone on its way. */
  NodeFailed: { readonly url: string; readonly reason: string };
  /** The cluster is another one than was asked for: its genesis hash says so. */
  WrongCluster: { readonly url: string; readonly expected: string; readonly found: string };
  /** The cluster does not have the session program. */
  ProgramMissing: { readonly url: string };
  /** At the session program's address is something that cannot be run. */
  ProgramNotExecutable: { readonly url: string };
  /** A wallet cannot pay for the transaction. */
  NoFunds: { readonly payer: Address };
  /** The transaction was turned away and did not run. */
  Rejected: { readonly error: TransactionErrorJson };
  /** The transaction did not run in the time that its blockhashes gave it, and can no longer. */
  BlockhashExpired: { readonly signed: number };
  /** It is not known what became of a transaction, and it may still run. */
  Unresolved: { readonly signature: Signature };
  /** The transaction ran, and the node does not say what came of it. */
  NoReceipt: { readonly signature: Signature; readonly reason: string };
  /** The transaction does not fit into a packet. */
  TransactionTooLarge: { readonly bytes: number };
  /** The keys of some signers are missing, or signed something else. */
  Unsigned: { readonly reason: string };
  /** More was asked for at once than the ledger can answer. */
  TooMany: { readonly what: string; readonly asked: number; readonly most: number };
}

/** The name of a ledger's error. */
export type LedgerErrorName = keyof About;

const SENTENCES: { readonly [N in LedgerErrorName]: (about: About[N]) => string } = {
  Unreachable: ({ url, reason }) =>
    `no node answers at ${url} (${reason}); check the URL and the network, or start a node there`,
  Timeout: ({ url }) => `the node at ${url} did not answer in time; try again, or use another node`,
  RateLimited: ({ url }) =>
    `the node at ${url} answers no more requests for now; try again later, or use a node of your own`,
  NodeBehind: ({ url }) => `the node at ${url} is behind its cluster; try again later, or use another node`,
  WrongUrl: ({ url, reason }) =>
    `${url} is no node's URL (${reason}); one looks like https://api.devnet.solana.com or http://127.0.0.1:8899`,
  NotSolana: ({ url, reason }) => `what answers at ${url} is no Solana node (${reason}); check the URL`,
  Refused: ({ url, reason }) => `the node at ${url} refuses the request: ${reason}`,
  NodeFailed: ({ url, reason }) => `the node at ${url} failed: ${reason}; try again, or use another node`,
  WrongCluster: ({ url, expected, found }) =>
    `the node at ${url} is of another cluster, with the genesis hash ${found} and not ${expected}; use a node of the cluster you mean`,
  ProgramMissing: ({ url }) =>
    `the session program ${PROGRAM} is not on the cluster at ${url}; deploy it with \`sessions deploy\`, or use another cluster`,
  ProgramNotExecutable: ({ url }) =>
    `what is at the session program's address ${PROGRAM} on ${url} cannot be run; deploy the program there, or use another cluster`,
  NoFunds: ({ payer }) =>
    `${payer} cannot pay for the transaction; fund it, with \`sessions airdrop\` or \`solana airdrop\` on a test cluster`,
  Rejected: ({ error }) =>
    `the transaction was turned away and has not run: ${typeof error === 'string' ? error : JSON.stringify(error)}`,
  BlockhashExpired: ({ signed }) =>
    `the transaction did not run before its blockhash expired, signed ${signed} times; try again, with a higher priority fee`,
  Unresolved: ({ signature }) =>
    `it is not known yet what became of the transaction ${signature}; do not send another in its place, and look for it later`,
  NoReceipt: ({ signature, reason }) =>
    `the transaction ${signature} has run, and what came of it cannot be read (${reason}); do not send another in its place, and look for it elsewhere`,
  TransactionTooLarge: ({ bytes }) =>
    `the transaction has ${bytes} bytes and ${MAX_TRANSACTION_BYTES} is the most; send less data, or fewer instructions in one`,
  Unsigned: ({ reason }) =>
    `the transaction could not be signed (${reason}); give the signers of all its accounts that sign`,
  TooMany: ({ what, asked, most }) => `${asked} ${what} were asked for at once and ${most} is the most; ask for fewer`,
};

const RETRYABLE: ReadonlySet<LedgerErrorName> = new Set(['Unreachable', 'Timeout', 'RateLimited', 'NodeBehind']);

/** What says for sure that nothing was taken: for now, as a node says that is too busy or behind; or for good. */
const REFUSALS: ReadonlySet<LedgerErrorName> = new Set([
  'RateLimited',
  'NodeBehind',
  'Rejected',
  'Refused',
  'WrongUrl',
  'TransactionTooLarge',
  'Unsigned',
  'TooMany',
]);

/** Why a ledger could not do what it was asked to. `name` says what it is, `about` the rest, and the message what to do. */
export class LedgerError<N extends LedgerErrorName = LedgerErrorName> extends Error {
  /** What it is. */
  override readonly name: N;
  /** What it is about. */
  readonly about: About[N];

  constructor(name: N, about: About[N], cause?: unknown) {
    super(SENTENCES[name](about), cause === undefined ? undefined : { cause });
    this.name = name;
    this.about = about;
  }

  /** Whether the same request may well be answered a little later, with nothing changed. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.name);
  }

  /** Whether it says for sure that what was handed over was not taken. An answer that makes no sense does not: it may have arrived. */
  get isRefusal(): boolean {
    return REFUSALS.has(this.name);
  }
}

/** Whether something that was thrown is a ledger's error; with `name`, that one. */
export function isLedgerError<N extends LedgerErrorName>(error: unknown, name?: N): error is LedgerError<N> {
  return error instanceof LedgerError && (name === undefined || error.name === name);
}

/** Whether the same request may well be answered a little later, with nothing changed. */
export function isRetryable(error: unknown): boolean {
  return error instanceof LedgerError && error.isRetryable;
}
