/** What the command says of what there is to do, and of what it did. */
import { createHash } from 'node:crypto';
import { PROGRAM } from '@sessions/client';
import type { Address } from '@solana/kit';
import { amount } from './amount.js';
import { isLocal, nameOf } from './cluster.js';
import type { Cost } from './cost.js';
import type { Done } from './deployment.js';
import type { IdlPlan } from './idl.js';
import type { Plan, Upload, Wanted } from './plan.js';
import { told as toldRefusal } from './refusal.js';
import { type Todo, writesIdl } from './together.js';

/** All that was found out. */
export interface Found extends Todo {
  /** The cluster's URL. */
  readonly url: string;
  /** What is wanted. */
  readonly wanted: Wanted;
}

const hash = (file: Uint8Array): string => createHash('sha256').update(file).digest('hex');

function uploading(upload: Upload): string {
  if (upload.how === 'new') return 'its file is uploaded';
  if (upload.how === 'replace') return 'a buffer of another size is closed, and the file uploaded into a new one';
  return upload.missing.length === 0
    ? 'its file is uploaded already'
    : `an interrupted upload goes on with the ${upload.missing.length} chunks that are missing`;
}

function todo(plan: Plan): string {
  switch (plan.what) {
    case 'nothing':
      return 'nothing: the program there is this file already';
    case 'finalize':
      return 'the program there is this file already; its authority is given up';
    case 'deploy':
      return `deploy, with room for ${plan.maxLen} bytes; ${uploading(plan.upload)}`;
    case 'upgrade':
      return `upgrade${plan.extend === null ? '' : `, with room for ${plan.extend} bytes more`}; ${uploading(plan.upload)}`;
    case 'refuse':
      return toldRefusal(plan.refusal).message;
  }
}

function idlTodo(plan: IdlPlan, address: Address): string {
  switch (plan.what) {
    case 'nothing':
      return `is at ${address} already`;
    case 'skip':
      return `is not written: ${plan.why}`;
    case 'create':
      return `is written to ${address}`;
    case 'update':
      return `takes the place of the one at ${address}`;
  }
}

function price({ needs, spends, transactions }: Cost): string {
  const gone = spends < 0n ? `nothing; ${amount(-spends)} come back` : amount(spends);
  return `${gone} in ${transactions} transactions; it takes ${amount(needs)} to begin with`;
}

/** What there is to do and what it costs, a line each, with a word in front. */
export function preview({ url, wanted, survey, idl }: Found): readonly (readonly [string, string])[] {
  const { program, file, authority, payer, last } = wanted;
  const { plan, cost, leftOver } = survey;
  const lines: (readonly [string, string])[] = [
    ['cluster', nameOf(url)],
    ['program', program],
    ['file', `${file.length} bytes, sha256 ${hash(file)}`],
    ['to do', todo(plan)],
  ];
  if (idl !== null) lines.push(['idl', idlTodo(idl.plan, idl.address)]);
  if (plan.what !== 'nothing' || writesIdl(idl)) {
    lines.push(['authority', `${authority}${last ? ', given up at the end: nobody can ever upgrade it' : ''}`]);
    lines.push(['payer', payer]);
  }
  if (plan.what !== 'nothing') lines.push(['costs', price(cost)]);
  if (writesIdl(idl)) lines.push(['idl costs', price(idl.cost)]);
  if ((plan.what === 'nothing' || plan.what === 'finalize') && leftOver !== null) {
    lines.push(['left over', `a buffer with ${amount(leftOver)}; --close-buffer takes it back`]);
  }
  if (plan.what === 'deploy' && program === PROGRAM && !isLocal(url)) {
    lines.push([
      'beware',
      'the key of this address is public, so whoever deploys first owns it; docs/deployment.md says how to take your own',
    ]);
  }
  return lines;
}

/** What was done, a line each. */
export function told({ wanted: { program }, survey: { plan }, idl }: Found, done: Done): readonly string[] {
  const who = done.authority === null ? 'it is final' : `${done.authority} may upgrade it`;
  const compared = `${program} in slot ${done.slot}, compared byte for byte; ${who}`;
  const written = writesIdl(idl) ? [`wrote the IDL to ${idl.address}`] : [];
  if (plan.what === 'nothing' || plan.what === 'refuse') return written;
  if (plan.what === 'finalize') return [...written, `${program} is final`];
  return [`${plan.what === 'deploy' ? 'deployed' : 'upgraded'} ${compared}`, ...written];
}

/** Lamports as a number, which is exact up to a thousandth of all SOL there are. */
const lamports = (value: bigint): number => Number(value);

/** The result as JSON; what was not done is null. The fields are those of `sessions deploy`. */
export function line({ wanted, survey, idl }: Found, done: Done | null): string {
  const { plan, cost, buffer, leftOver } = survey;
  const upload = plan.what === 'deploy' || plan.what === 'upgrade' ? plan.upload : null;
  return `${JSON.stringify({
    type: 'deploy',
    plan: plan.what,
    missing_chunks: upload?.how === 'resume' ? upload.missing.length : null,
    program: wanted.program,
    sha256: hash(wanted.file),
    bytes: wanted.file.length,
    buffer,
    left_over_lamports: leftOver === null ? null : lamports(leftOver),
    needs_lamports: lamports(cost.needs),
    spends_lamports: lamports(cost.spends),
    transactions: cost.transactions,
    idl: idl && {
      plan: idl.plan.what,
      why: idl.plan.what === 'skip' ? idl.plan.why : null,
      address: idl.address,
      missing_chunks: 'upload' in idl.plan ? idl.plan.upload.missing.length : null,
      needs_lamports: lamports(idl.cost.needs),
      spends_lamports: lamports(idl.cost.spends),
      transactions: idl.cost.transactions,
    },
    done: done && { written_chunks: done.written, slot: Number(done.slot), authority: done.authority },
  })}\n`;
}

/** What came of closing the buffer: `closed` came back, in lamports; `null` if there was none. */
export function closedText(json: boolean, program: Address, closed: bigint | null): string {
  if (json) {
    const came = closed === null ? null : lamports(closed);
    return `${JSON.stringify({ type: 'close_buffer', program, lamports: came })}\n`;
  }
  return closed === null
    ? `there is no buffer of an upload for ${program}\n`
    : `closed the buffer of an upload for ${program}; ${amount(closed)} came back\n`;
}
