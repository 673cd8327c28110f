/** The program and its IDL together: one price, and one order in which both are brought to the chain. */
import type { Asking, Ledger } from '@sessions/client';
import { amount } from './amount.js';
import { bring, type Done, giveUp, type Survey, survey } from './deployment.js';
import { Failed, refusalFailed } from './failed.js';
import { type IdlFile, type IdlSurvey, surveyIdl, writeIdl } from './idl.js';
import type { Keys } from './keys.js';
import type { Wanted } from './plan.js';
import type { Tools } from './upload.js';

/** All that was found out. */
export interface Todo {
  /** What there is to do about the program. */
  readonly survey: Survey;
  /** What there is to do about its IDL; `null` if that is left out. */
  readonly idl: IdlSurvey | null;
}

/** Whether there is anything to do about the IDL. */
export const writesIdl = (idl: IdlSurvey | null): idl is IdlSurvey =>
  idl !== null && (idl.plan.what === 'create' || idl.plan.what === 'update');

/**
 * What is on the chain, and what there is to do, if the chain allows it and the payer can pay for all of it.
 *
 * @throws Failed: why it cannot be done; LedgerError.
 */
export async function findOut(
  ledger: Ledger,
  keys: Keys,
  wanted: Wanted,
  file: IdlFile | null,
  asking: Asking = {},
): Promise<Todo> {
  const found = await survey(ledger, keys, wanted, asking);
  const { plan, cost, balance } = found;
  if (plan.what === 'refuse') throw refusalFailed(plan.refusal);
  const idl = file && (await surveyIdl(ledger, keys, wanted.program, found, file, asking));
  // The IDL is paid for by what the program leaves, and giving up the authority by what both leave.
  const needs = cost.spends + (idl?.cost.needs ?? 0n);
  if (writesIdl(idl) && needs > balance) {
    throw new Failed(
      'Funds',
      `with its IDL this takes ${amount(needs)} and ${wanted.payer} has ${amount(balance)}`,
      'send it some SOL, or leave the IDL out with --no-idl',
    );
  }
  return { survey: found, idl };
}

/**
 * Does it: the program first, then its IDL, and the authority is given up last, since nobody can write the IDL of a program that nobody may upgrade.
 *
 * @throws Failed, LedgerError: what broke on the way. Done again, it goes on from there.
 */
export async function carryOut(tools: Tools, wanted: Wanted, { survey, idl }: Todo): Promise<Done> {
  const done = await bring(tools, wanted, survey);
  if (writesIdl(idl)) await writeIdl(tools, wanted.program, idl);
  return wanted.last && survey.plan.what !== 'nothing' ? giveUp(tools, wanted, done) : done;
}
