/**
 * Deploying a program. {@link survey} reads what is on the chain and the plan says what there is to do; {@link bring} does it and reads back what came of
 * it, and {@link giveUp} gives up the authority. Interrupted anywhere and run again, it goes on where it stopped.
 */
import { type Asking, type Ledger, readOne } from '@sessions/client';
import type { Address } from '@solana/kit';
import { type Cost, costOf, type Rent, rentOf } from './cost.js';
import { BROKEN, Failed, refusalFailed } from './failed.js';
import * as instructions from './instructions.js';
import type { Keys } from './keys.js';
import { bufferAddress, differing, type Plan, plan, type Upload, type Wanted } from './plan.js';
import {
  BUFFER_HEADER,
  contentOf,
  DATA_HEADER,
  dataAddress,
  isSame,
  LOADER,
  PROGRAM_BYTES,
  readState,
} from './state.js';
import { fill, landOne, programFilling, type Tools } from './upload.js';

/** What is on the chain, and what there is to do. */
export interface Survey {
  /** What there is to do. */
  readonly plan: Plan;
  /** What it costs. */
  readonly cost: Cost;
  /** Where the buffer is, or would be. */
  readonly buffer: Address;
  /** What the buffer holds now, in lamports; `null` if there is none. */
  readonly leftOver: bigint | null;
  /** What the payer has, in lamports. */
  readonly balance: bigint;
  /** Who may upgrade the program now; `null` if nobody may, or if it is not there. */
  readonly owner: Address | null;
  /** What accounts have to hold. */
  readonly rent: Rent;
  /** What is at the buffer's and the program's address already, in lamports. */
  readonly held: { readonly buffer: bigint; readonly program: bigint };
}

/** What was done. */
export interface Done {
  /** How many chunks were written. */
  readonly written: number;
  /** In which slot the program was last deployed, upgraded or extended. It runs from the next on. */
  readonly slot: bigint;
  /** Who may upgrade it now; `null`: nobody. */
  readonly authority: Address | null;
}

/** What accounts have to hold on this ledger. */
export async function rentAt(ledger: Ledger, asking: Asking): Promise<Rent> {
  const base = await ledger.minimumBalance(0, asking);
  return { base, perByte: (await ledger.minimumBalance(1, asking)) - base };
}

/**
 * Reads what is on the chain and decides what there is to do. What cannot be done is no error but a plan to refuse.
 *
 * @throws LedgerError.
 */
export async function survey(ledger: Ledger, keys: Keys, wanted: Wanted, asking: Asking = {}): Promise<Survey> {
  const buffer = await bufferAddress(wanted.authority, wanted.program);
  const addresses = [wanted.program, await dataAddress(wanted.program), buffer, wanted.payer];
  const found = (await ledger.read(addresses, asking)).map(({ account }) => account);
  const [program = null, data = null, there = null, payer = null] = found;
  const rent = await rentAt(ledger, asking);
  const balance = payer?.lamports ?? 0n;
  const seen = { program, data, buffer: there, balance, rent };
  const chunk = instructions.chunkBytes(keys, buffer);
  const decided = plan(wanted, seen, buffer, chunk);
  const state = data === null ? null : readState(data);
  return {
    plan: decided,
    cost: costOf(decided, wanted, seen, chunk),
    buffer,
    leftOver: there?.owner === LOADER ? there.lamports : null,
    balance,
    owner: state?.is === 'data' ? state.authority : null,
    rent,
    held: { buffer: there?.lamports ?? 0n, program: program?.lamports ?? 0n },
  };
}

const atLeastNothing = (lamports: bigint): bigint => (lamports > 0n ? lamports : 0n);

/**
 * Does what the survey found, up to giving up the authority, and compares what came of it byte for byte.
 *
 * @throws Failed: the plan's refusal, `Failed`, `Lost`, `Unverified`; LedgerError.
 */
export async function bring(tools: Tools, wanted: Wanted, { plan: todo, ...survey }: Survey): Promise<Done> {
  const { keys, progress } = tools;
  const { program, file } = wanted;
  if (todo.what === 'refuse') throw refusalFailed(todo.refusal);
  let written = 0;
  if (todo.what === 'deploy') {
    if (keys.program === null) throw refusalFailed({ why: 'KeyMissing', program });
    written = await upload(tools, wanted, survey, todo.upload);
    progress.step('deploying the program');
    const lamports = atLeastNothing(rentOf(survey.rent, PROGRAM_BYTES) - survey.held.program);
    const deploying = await instructions.deploy(keys, keys.program, survey.buffer, lamports, todo.maxLen);
    await landOne(tools, deploying, 'the deployment');
  }
  if (todo.what === 'upgrade') {
    written = await upload(tools, wanted, survey, todo.upload);
    if (todo.extend !== null) {
      progress.step('making room for the program');
      await waitPastChange(tools, program);
      await landOne(tools, [await instructions.extend(keys, program, todo.extend)], 'making room for the program');
    }
    progress.step('upgrading the program');
    await waitPastChange(tools, program);
    await landOne(tools, [await instructions.upgrade(keys, program, survey.buffer)], 'the upgrade');
  }
  progress.step('comparing what is on the chain');
  return { written, ...(await verify(tools, program, file)) };
}

/**
 * Gives up the authority, after all else.
 *
 * @throws as {@link bring}.
 */
export async function giveUp(tools: Tools, { program, file }: Wanted, { written }: Done): Promise<Done> {
  tools.progress.step('giving up the authority');
  await landOne(tools, [await instructions.finalize(tools.keys, program)], 'giving up the authority');
  return { written, ...(await verify(tools, program, file)) };
}

/**
 * Closes the buffer, if there is one, and answers what came back, in lamports; `null` if there is none. The upload in it is given up.
 *
 * @throws Failed: `BufferTaken`, `Failed`, `Lost`; LedgerError.
 */
export async function closeBuffer(tools: Tools, program: Address): Promise<bigint | null> {
  const { ledger, keys, landing } = tools;
  const authority = keys.authority.address;
  const buffer = await bufferAddress(authority, program);
  const { account } = await readOne(ledger, buffer, landing);
  if (account?.owner !== LOADER) return null;
  const state = readState(account);
  if (state?.is !== 'buffer' || state.authority !== authority) {
    throw refusalFailed({ why: 'BufferTaken', buffer, authority });
  }
  await landOne(tools, [instructions.closeBuffer(keys, buffer)], 'closing the buffer');
  return account.lamports;
}

/** Brings the buffer to hold the file; answers how many chunks were written. */
async function upload(
  tools: Tools,
  { program, file }: Wanted,
  { buffer, rent, held }: Omit<Survey, 'plan'>,
  how: Upload,
): Promise<number> {
  const { keys, progress } = tools;
  const filling = programFilling(tools, buffer, file);
  if (how.how === 'resume') return fill(tools, filling, how.missing);
  if (how.how === 'replace') {
    progress.step('closing a buffer of another size');
    await landOne(tools, [instructions.closeBuffer(keys, buffer)], 'closing the buffer');
  }
  progress.step('making the buffer');
  const there = how.how === 'replace' ? 0n : held.buffer;
  const lamports = atLeastNothing(rentOf(rent, BUFFER_HEADER + file.length) - there);
  const making = await instructions.createBuffer(keys, program, buffer, file.length, lamports);
  await landOne(tools, making, 'making the buffer');
  return fill(tools, filling, differing(new Uint8Array(), file, filling.chunk));
}

/** How long to wait before the slot is asked for again, in milliseconds: about a slot. */
const SLOT = 400;

/** Waits until a slot later than the program's last change, since the loader allows one in a slot. */
async function waitPastChange({ ledger, landing }: Tools, program: Address): Promise<void> {
  const slot = (await changed(ledger, program, landing))?.slot ?? 0n;
  while ((await ledger.slot('confirmed', landing)) <= slot) {
    landing.signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, Math.min(landing.look ?? SLOT, SLOT)));
  }
}

/** When a program was last changed, who may upgrade it, and its code. */
async function changed(ledger: Ledger, program: Address, asking: Asking) {
  const { account } = await readOne(ledger, await dataAddress(program), asking);
  const state = account === null ? null : readState(account);
  if (account === null || state?.is !== 'data') return null;
  return { slot: state.slot, authority: state.authority, code: contentOf(account, DATA_HEADER) as Uint8Array };
}

async function verify({ ledger, landing }: Tools, program: Address, file: Uint8Array) {
  const found = await changed(ledger, program, landing);
  if (found === null || !isSame(found.code, file)) {
    throw new Failed(
      'Unverified',
      `the program at ${program} is not the file that was deployed`,
      'somebody else may have upgraded it, so compare the authority and run this again',
      BROKEN,
    );
  }
  return { slot: found.slot, authority: found.authority };
}
