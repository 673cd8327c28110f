/** What a stage of an operation says. */
import type { Address, Transaction } from '@solana/kit';
import { ERROR_NAMES, errorName, SessionsError } from '../error.js';
import { type Failure, TransactionFailed } from '../failure.js';
import { partsOf } from '../ledger/outcome.js';
import { CacheError } from './error.js';
import type { Cause, LedgerFailure, Rejection, Stage } from './wire/parts.js';

/** Whether nothing more becomes of an operation. */
export const isFinal = (stage: Stage): boolean => stage.name === 'finalized' || isLost(stage);

/** Whether an operation did not happen and never will, as far as that is known. */
export const isLost = ({ name }: Stage): boolean => name === 'failed' || name === 'expired' || name === 'rolledBack';

/** How far an operation can be waited for. */
export type Milestone = 'sent' | 'processed' | 'confirmed' | 'finalized';

const WAY: readonly Stage['name'][] = ['local', 'sent', 'processed', 'confirmed', 'finalized'];

/** Whether an operation has come as far as `wanted`, or never will. */
export const hasReached = (stage: Stage, wanted: Milestone): boolean =>
  isLost(stage) || WAY.indexOf(stage.name) >= WAY.indexOf(wanted);

/** What the program would answer, as what would be thrown if it did. */
export function rejectionError(instruction: number, rejection: Rejection): Failure | CacheError {
  switch (rejection.why) {
    case 'refused': {
      const name = errorName(rejection.code);
      if (name !== undefined) return new SessionsError(name, { detail: rejection.detail ?? undefined, instruction });
      return new TransactionFailed('Custom', { instruction, code: rejection.code, reason: rejection.name });
    }
    case 'failed': {
      const { name, custom } = rejection;
      return new TransactionFailed(name, custom === null ? { instruction } : { instruction, code: custom });
    }
    case 'foreign':
      return new CacheError('Unpredictable', { instruction, reason: "it is another program's" });
    case 'unknown':
      return new CacheError('Unpredictable', { instruction, reason: `${rejection.account} is not known` });
    case 'tooManyAccounts':
      return new CacheError('Unpredictable', {
        instruction,
        reason: 'it names more accounts than a transaction can lock',
      });
  }
}

const COMPUTE_BUDGET = 'ComputeBudget111111111111111111111111111111';

/**
 * The place of an instruction among the `count` of an operation, from its place in a transaction whose instructions go to `programs`: the operation's stand behind
 * those that set the budget. `null` if it is none of the operation's.
 */
export function ownPlace(place: number, programs: readonly Address[], count: number): number | null {
  let first = 0;
  while (first < programs.length - count && programs[first] === COMPUTE_BUDGET) first += 1;
  const own = place - first;
  return own >= 0 && own < count ? own : null;
}

/** Why an operation of so many instructions ran and failed in this transaction, in the module's terms. */
export function ledgerFailure(
  failure: Failure,
  transaction: Pick<Transaction, 'messageBytes'>,
  count: number,
): LedgerFailure {
  const place = failure.instruction;
  const instruction = place === undefined ? null : ownPlace(place, partsOf(transaction).programs, count);
  if (failure instanceof SessionsError) {
    const error = ERROR_NAMES.includes(failure.name) ? failure.code : null;
    return { instruction, error, text: failure.message };
  }
  // Its message says the place.
  const { name, code, account, reason } = failure;
  const context = {
    ...(code !== undefined && { code }),
    ...(account !== undefined && { account }),
    ...(reason !== undefined && { reason }),
  };
  const own = new TransactionFailed(name, instruction === null ? context : { ...context, instruction });
  return { instruction, error: null, text: own.message };
}

function failureError({ instruction, error, text }: LedgerFailure): Error {
  const name = error === null ? undefined : errorName(error);
  if (name === undefined) return new CacheError('NotDone', { reason: text });
  return new SessionsError(name, { instruction: instruction ?? undefined, cause: text });
}

function causeError(cause: Cause): Error {
  if (cause.why === 'refused') return rejectionError(cause.instruction, cause.rejection);
  if (cause.why === 'predecessor') return new CacheError('PredecessorLost', { id: cause.id });
  const { reason } = cause;
  if (reason.why === 'wouldFail') return failureError(reason.failure);
  return new CacheError('NotDone', { reason: reason.why === 'cancelled' ? 'it was taken back' : reason.text });
}

/**
 * Why an operation did not happen; `undefined` if it did, or still may: a SessionsError if the program refuses it, which also stands where it was only predicted
 * to; otherwise a TransactionFailed or a CacheError with the ledger's words. `Unknown` is one that may have happened so long ago that the ledger has forgotten it.
 */
export function lossOf(stage: Stage): Error | undefined {
  if (stage.name === 'failed') return failureError(stage.failure);
  if (stage.name === 'expired' && stage.isUnknown === true) return new CacheError('Unknown', {});
  if (stage.name === 'expired')
    return new CacheError('NotDone', { reason: 'it did not land before its blockhash expired; submit it again' });
  return stage.name === 'rolledBack' ? causeError(stage.cause) : undefined;
}
