/** What a deployment costs, told to the lamport before it begins. */
import type { AccountContent } from '@sessions/client';
import type { Plan, Seen, Wanted } from './plan.js';
import { BUFFER_HEADER, DATA_HEADER, PROGRAM_BYTES } from './state.js';

/** What one signature costs, in lamports. */
export const SIGNATURE_FEE = 5_000n;

/** What an account has to hold, in lamports: so much, and so much for each byte. */
export interface Rent {
  /** For an account without data. */
  readonly base: bigint;
  /** For each byte of data. */
  readonly perByte: bigint;
}

/** What an account with so many bytes of data has to hold, in lamports. */
export const rentOf = ({ base, perByte }: Rent, bytes: number): bigint => base + perByte * BigInt(bytes);

/** What it costs, in lamports. */
export interface Cost {
  /** What the payer has to have when it begins. The buffer's part comes back. */
  readonly needs: bigint;
  /** What is gone in the end: the rent of what stays, and the fees, less what comes back of a buffer that is there already. */
  readonly spends: bigint;
  /** How many transactions it takes. */
  readonly transactions: number;
}

/** What nothing costs. */
export const NO_COST: Cost = { needs: 0n, spends: 0n, transactions: 0 };

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What an account with so many bytes lacks of its rent, in lamports. */
export const lacking = (rent: Rent, bytes: number, account: Pick<AccountContent, 'lamports'> | null): bigint =>
  most(rentOf(rent, bytes) - (account?.lamports ?? 0n), 0n);

/** What a plan costs, by chunks of at most `chunk` bytes. */
export function costOf(plan: Plan, wanted: Wanted, seen: Seen, chunk: number): Cost {
  if (plan.what === 'nothing' || plan.what === 'refuse') return NO_COST;
  const { rent } = seen;
  const { length } = wanted.file;
  const held = seen.buffer?.lamports ?? 0n;
  const upload = plan.what === 'finalize' ? null : plan.upload;
  const program = lacking(rent, PROGRAM_BYTES, seen.program);
  const { steps, stays } = stepsOf(plan, seen, program);
  const { adds, writes } = uploadCost();
  const transactions = steps + (wanted.last && plan.what !== 'finalize' ? 1 : 0) + writes;
  const signers = wanted.payer === wanted.authority ? 1 : 2;
  const fees = BigInt(transactions * signers + (plan.what === 'deploy' ? 1 : 0)) * SIGNATURE_FEE;
  // A deployment takes the buffer's lamports back once it has paid for the program's account, and before it pays for the code's; an upgrade takes them
  // back at its end.
  const takes = plan.what === 'deploy' ? most(adds + program, stays - held) : adds + stays;
  // A payer must not be left with less than a wallet's rent unless that is nothing, and where it has only fees to pay at the end it is in between.
  const paysOnlyFeesLast = plan.what === 'upgrade' || (plan.what === 'deploy' && wanted.last);
  const needs = takes + (paysOnlyFeesLast ? rentOf(rent, 0) : 0n);
  return { needs: needs + fees, spends: stays + fees - (upload === null ? 0n : held), transactions };

  /** What the payer adds to the buffer, and how many transactions fill it. */
  function uploadCost(): { readonly adds: bigint; readonly writes: number } {
    const whole = Math.ceil(length / chunk);
    switch (upload?.how) {
      case undefined:
        return { adds: 0n, writes: 0 };
      case 'resume':
        return { adds: 0n, writes: upload.missing.length };
      case 'new':
        return { adds: lacking(rent, BUFFER_HEADER + length, seen.buffer), writes: 1 + whole };
      case 'replace':
        return { adds: most(rentOf(rent, BUFFER_HEADER + length) - held, 0n), writes: 2 + whole };
    }
  }
}

/** How many transactions a plan takes beside those that fill the buffer, and what stays on the chain, in lamports. */
function stepsOf(
  plan: Exclude<Plan, { readonly what: 'nothing' | 'refuse' }>,
  { rent, data }: Seen,
  program: bigint,
): { readonly steps: number; readonly stays: bigint } {
  switch (plan.what) {
    case 'finalize':
      return { steps: 1, stays: 0n };
    case 'deploy':
      return { steps: 1, stays: program + rentOf(rent, DATA_HEADER + plan.maxLen) };
    case 'upgrade':
      return plan.extend === null
        ? { steps: 1, stays: 0n }
        : { steps: 2, stays: lacking(rent, (data?.data.length ?? 0) + plan.extend, data) };
  }
}
