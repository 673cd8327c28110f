/**
 * One transaction: the steps that go together, sent, and what each of them did.
 *
 * A transaction fails as a whole, at one instruction. The expectation of the step at which it failed decides. A failure that belongs to no instruction
 * counts for the step that expects an error, or the first if none does.
 */
import { getSignatureFromTransaction, type Instruction, type KeyPairSigner } from '@solana/kit';
import * as s from '../../src/index.js';
import type { Chain } from './chain.js';
import type { Act } from './stage.js';
import { failureName, isExpected, type Why, whyOf } from './why.js';

/** A step that is sent. */
export interface Step {
  readonly act: Act;
  readonly expect: string | undefined;
}

/** What became of a step. */
export type Outcome =
  | { readonly kind: 'ok' | 'undone' | 'not_run' }
  | { readonly kind: 'refused'; readonly why: Why }
  | { readonly kind: 'failed'; readonly expected: string | null; readonly why: Why | null };

/** What a step did. */
export interface Ran {
  readonly outcome: Outcome;
  readonly computeUnits: bigint | null;
  readonly events: readonly s.SessionEvent[];
}

/** What a transaction did. */
export interface Sent {
  readonly steps: readonly Ran[];
  readonly computeUnits: bigint;
  readonly fee: bigint;
  readonly returned: ArrayLike<number>;
}

/** What came of handing it over: a receipt, or why there is none. */
type Came = s.Receipt | { readonly notSent: string };

/** An instruction in parts that each fit into a transaction: its first account goes with each, those behind it by pairs. */
function divided(payer: KeyPairSigner, own: Instruction): readonly Instruction[] {
  const [first, ...rest] = own.accounts ?? [];
  const pairs = Math.floor(rest.length / 2);
  try {
    s.checkSize(s.unsigned({ payer, instructions: [own] }));
    return [own];
  } catch (error) {
    if (!s.isLedgerError(error, 'TransactionTooLarge') || pairs < 2 || first === undefined) throw error;
  }
  const middle = 2 * Math.floor(pairs / 2);
  const parts = [rest.slice(0, middle), rest.slice(middle)];
  return parts.flatMap((accounts) => divided(payer, { ...own, accounts: [first, ...accounts] }));
}

async function sendOne(chain: Chain, payer: KeyPairSigner, instructions: readonly Instruction[]): Promise<Came> {
  const { ledger } = chain;
  const lifetime = await ledger.blockhash();
  try {
    // The payer of a step signs, whether anything in it is its own or not.
    const transaction = await s.sign({ payer, instructions }, lifetime);
    const signature = getSignatureFromTransaction(transaction);
    const landing = s.land(ledger, transaction, lifetime, { look: 5, rebroadcast: 1_000 });
    await chain.closing(signature, landing);
    const status = await landing;
    const receipt = status && (await ledger.receipt(signature));
    if (receipt === null) throw new Error(`there is no receipt of ${signature}`);
    return receipt;
  } catch (error) {
    if (s.isLedgerError(error, 'Rejected')) return chain.turnedAway(error);
    if (s.isLedgerError(error, 'TransactionTooLarge') || s.isLedgerError(error, 'Unsigned'))
      return { notSent: error.message };
    throw error;
  }
}

/** Adds what another transaction of the same step did. */
const add = (whole: s.Receipt, part: s.Receipt): s.Receipt => ({
  ...part,
  computeUnits: whole.computeUnits + part.computeUnits,
  fee: whole.fee + part.fee,
  logs: [...whole.logs, ...part.logs],
  events: [...whole.events, ...part.events],
});

async function sendAll(chain: Chain, payer: KeyPairSigner, steps: readonly Step[]): Promise<Came> {
  const [only] = steps;
  const together = steps.flatMap(({ act }) => [...act.before, act.own]);
  const alone = steps.length === 1 && only?.act.divisible === true;
  const parts = alone ? divided(payer, only.act.own).map((part) => [part]) : [together];
  let whole: s.Receipt | undefined;
  for (const part of parts) {
    if (whole !== undefined) await chain.nextSlot();
    const came = await sendOne(chain, payer, part);
    if ('notSent' in came) return came;
    whole = whole === undefined ? came : add(whole, came);
    if (whole.failure !== null) break;
  }
  if (whole === undefined) throw new Error('there is nothing to send');
  return whole;
}

const consumed = (line: string): bigint | undefined => {
  const found = /^Program [^ ]+ consumed (\d+) /.exec(line)?.[1];
  return found === undefined ? undefined : BigInt(found);
};

/** What each step did, from the log: an outermost `invoke [1]` begins the next instruction. */
function ranOf(receipt: s.Receipt, steps: readonly Step[]): readonly Omit<Ran, 'outcome'>[] {
  if (steps.length === 1) return [{ computeUnits: receipt.computeUnits, events: receipt.events }];
  const parts: string[][] = [];
  for (const line of receipt.logs) {
    if (!line.startsWith('Program log: ') && line.endsWith(' invoke [1]')) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return steps.map(({ act }) => {
    const own = parts.splice(0, act.before.length + 1);
    const units = own
      .map((part) => part.findLast((line) => consumed(line) !== undefined))
      .map((line) => consumed(line ?? ''));
    const counted = units.filter((unit) => unit !== undefined);
    const computeUnits = counted.length === 0 ? null : counted.reduce((sum, unit) => sum + unit, 0n);
    return { computeUnits, events: receipt.failure === null ? s.eventsFromLogs(own.flat()) : [] };
  });
}

/** The step to which the instruction with this number belongs. */
function stepOf(steps: readonly Step[], instruction: number): number {
  let end = 0;
  return steps.findIndex(({ act }) => {
    end += act.before.length + 1;
    return instruction < end;
  });
}

/** What became of each step. */
function outcomesOf(steps: readonly Step[], came: Came): readonly Outcome[] {
  const expecting = steps.findIndex(({ expect }) => expect !== undefined);
  const notSent = 'notSent' in came;
  const failure = notSent ? null : came.failure;
  const why = notSent ? { name: 'NotSent', message: came.notSent } : failure && whyOf(failure);
  if (why === null && expecting < 0) return steps.map(() => ({ kind: 'ok' }));
  const named = failure?.instruction === undefined ? undefined : stepOf(steps, failure.instruction);
  const at = (why === null ? expecting : named) ?? Math.max(expecting, 0);
  return steps.map(({ expect }, place) => {
    if (place !== at) return { kind: why === null ? 'ok' : place < at && !notSent ? 'undone' : 'not_run' };
    if (why !== null && failure !== null && expect !== undefined && isExpected(failure, expect))
      return { kind: 'refused', why: { ...why, name: failureName(failure) } };
    return { kind: 'failed', expected: expect ?? null, why };
  });
}

/** Sends steps in one transaction, or a step that can be divided in several. */
export async function send(chain: Chain, payer: KeyPairSigner, steps: readonly Step[]): Promise<Sent> {
  const came = await sendAll(chain, payer, steps);
  const outcomes = outcomesOf(steps, came);
  const ran = 'notSent' in came ? [] : ranOf(came, steps);
  const each = steps.map((_, place) => ({
    outcome: outcomes[place] ?? { kind: 'not_run' as const },
    computeUnits: ran[place]?.computeUnits ?? null,
    events: ran[place]?.events ?? [],
  }));
  if ('notSent' in came) return { steps: each, computeUnits: 0n, fee: 0n, returned: [] };
  return { steps: each, computeUnits: came.computeUnits, fee: came.fee, returned: came.returned };
}
