/** Why a transaction failed, by name: from what a node says, and from kit's errors. */
import {
  type Address,
  isSolanaError,
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
} from '@solana/kit';
import { PROGRAM } from './address.js';
import { errorName, SessionsError, type SessionsErrorName } from './error.js';
import { firstFailed, linesOf } from './log.js';
import { printable } from './printable.js';

/** An error as nodes write it: a word, or an object with one key. */
export type TransactionErrorJson = string | { readonly [name: string]: unknown };

/** A value of JSON with numbers in the place of bigints, and texts that can be shown. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [printable(name), plain(inner)]));
}

/** A node's error of a transaction, whose numbers may be bigints; `null` if there is none. */
export function transactionError(found: unknown): TransactionErrorJson | null {
  return found === null || found === undefined ? null : (plain(found) as TransactionErrorJson);
}

/** What to do about the runtime's errors that an application meets. */
const ADVICE: Readonly<Record<string, string>> = {
  AccountNotFound: 'the payer has no lamports; fund it',
  BlockhashNotFound: 'the blockhash is too old, or the node does not know it yet; sign again with a recent one',
  ComputationalBudgetExceeded: 'it needs more compute units than its limit; simulate it again for a new one',
  InsufficientFundsForFee: 'the payer cannot pay the fee; fund it',
  InsufficientFundsForRent: 'the account would have less than its rent; give it more, or nothing at all',
  InvalidProgramForExecution:
    'what an instruction goes to is no program on this cluster; deploy it, or use another cluster',
  InvalidSeeds:
    'an account is not at the address that follows from the others; check the session, the wallet and the key',
  MissingRequiredSignature: 'an account that has to sign did not; give its signer',
  ProgramAccountNotFound: 'a program is not on this cluster; deploy it, or use another cluster',
  SignatureFailure: 'a signature is missing or of something else; sign it again with all its signers',
};

/** A transaction failed for another reason than the program's refusal: the runtime's, or another program's. */
export class TransactionFailed extends Error {
  /** The runtime's own word, like `InsufficientFundsForFee` or `InvalidSeeds`; `Custom` for a number of another program. */
  override readonly name: string;
  /** The place of the instruction that failed, counted from 0; `undefined` if the transaction as a whole was not possible. */
  readonly instruction: number | undefined;
  /** The number, where `name` is `Custom`. */
  readonly code: number | undefined;
  /** What the log says of it, if it does. */
  readonly reason: string | undefined;
  /** The place of the account that the runtime names among the transaction's, where it names one: 0 is the payer. */
  readonly account: number | undefined;
  /** The transaction's log; empty if it did not run. */
  readonly logs: readonly string[];

  constructor(
    name: string,
    context: {
      readonly instruction?: number;
      readonly code?: number;
      readonly account?: number;
      readonly logs?: readonly string[];
      readonly reason?: string;
    } = {},
  ) {
    const { instruction, code, account, logs = [], reason } = context;
    const number = code === undefined ? '' : ` ${code}`;
    const said = reason === undefined ? '' : ` (${reason})`;
    const where = instruction === undefined ? 'the transaction failed' : `instruction ${instruction} failed`;
    const advice = ADVICE[name] === undefined ? '' : `; ${ADVICE[name]}`;
    super(`${where}: ${name}${number}${said}${advice}`);
    this.name = name;
    this.instruction = instruction;
    this.code = code;
    this.reason = reason;
    this.account = account;
    this.logs = logs;
  }
}

/** Why a transaction failed: the program refused it, or something else did not let it be. */
export type Failure = SessionsError | TransactionFailed;

/** The errors that say more in the log, in the line behind their name. */
const DETAILED: ReadonlySet<SessionsErrorName> = new Set([
  'InvalidConfiguration',
  'PermissionDenied',
  'PolicyViolation',
]);

/** What the log says of an error beside its name. */
function detailOf(name: SessionsErrorName, logs: readonly string[]): string | undefined {
  if (!DETAILED.has(name)) return undefined;
  const lines = linesOf(PROGRAM, logs.slice(0, firstFailed(logs)?.line));
  const place = lines.findLastIndex(({ kind, text }) => kind === 'log' && text === name);
  const next = place < 0 ? undefined : lines[place + 1];
  return next?.kind === 'log' ? printable(next.text) : undefined;
}

function single(value: unknown): readonly [string, unknown] {
  if (typeof value === 'string') return [value, undefined];
  if (typeof value === 'object' && value !== null) return Object.entries(value)[0] ?? ['Unknown', undefined];
  return ['Unknown', undefined];
}

/** The account that an error of the runtime names, if it names one, by its place and its address among those of the transaction. */
function named(value: unknown, accounts: readonly Address[]): { readonly account?: number; readonly reason?: string } {
  const [key, place] = single(value);
  if (key !== 'account_index' || typeof place !== 'number') return {};
  return { account: place, reason: accounts[place] ?? `account ${place}` };
}

/**
 * What a node's error means for a transaction with these logs, whose instructions go to `programs`; `accounts` are the transaction's, of which an error may
 * name one.
 *
 * A number is the session program's only if the instruction that failed was sent to it, and no program that it called failed; a number that comes up
 * from such a program, or that it does not have, stays a number.
 */
export function failureOf(
  error: TransactionErrorJson,
  programs: readonly Address[],
  logs: readonly string[],
  accounts: readonly Address[] = [],
): Failure {
  const [name, value] = single(error);
  if (name !== 'InstructionError' || !Array.isArray(value))
    return new TransactionFailed(name, { logs, ...named(value, accounts) });
  const instruction = Number(value[0]);
  const [what, argument] = single(value[1]);
  const failed = firstFailed(logs);
  if (what !== 'Custom') return new TransactionFailed(what, { instruction, logs, ...reason(failed?.reason) });
  const code = Number(argument);
  const known = errorName(code);
  const ours = programs[instruction] === PROGRAM && (failed === undefined || failed.program === PROGRAM);
  if (ours && known !== undefined)
    return new SessionsError(known, { detail: detailOf(known, logs), instruction, logs });
  return new TransactionFailed('Custom', { instruction, code, logs, ...reason(failed && `by ${failed.program}`) });
}

const reason = (text: string | undefined): { readonly reason?: string } =>
  text === undefined ? {} : { reason: printable(text) };

/**
 * The program's error in something that kit threw: a failed preflight, simulation or transaction. `undefined` if it is none of the program's.
 *
 * Kit's errors do not say which program failed, so an application that also calls other programs says which `programs` its instructions go to;
 * without them each is taken to go to this one, unless the log tells another.
 */
export function sessionsErrorFrom(error: unknown, programs?: readonly Address[]): SessionsError | undefined {
  if (error instanceof SessionsError) return error;
  const logs = logsIn(error);
  for (let found = error; found instanceof Error; found = found.cause) {
    if (found instanceof SessionsError) return found;
    if (!isSolanaError(found, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) continue;
    const { code, index } = found.context;
    const places = programs ?? Array.from({ length: Number(index) + 1 }, () => PROGRAM);
    const failure = failureOf({ InstructionError: [Number(index), { Custom: Number(code) }] }, places, logs);
    if (!(failure instanceof SessionsError)) return undefined;
    return new SessionsError(failure.name, {
      detail: failure.detail,
      instruction: failure.instruction,
      logs,
      cause: error,
    });
  }
  return undefined;
}

/** The log in an error of kit's, or in what caused it. */
function logsIn(error: unknown): readonly string[] {
  for (let found = error; found instanceof Error; found = found.cause) {
    if (isSolanaError(found, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE))
      return found.context.logs ?? [];
    const { context } = found as { readonly context?: { readonly logs?: unknown } };
    if (Array.isArray(context?.logs)) return context.logs.filter((line): line is string => typeof line === 'string');
  }
  return [];
}
