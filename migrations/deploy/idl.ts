/** The program's IDL, written where explorers look for it. What is there already is compared first, and an interrupted upload goes on where it stopped. */
import { readFileSync } from 'node:fs';
import { deflateSync, gunzipSync, inflateSync } from 'node:zlib';
import { type AccountContent, type Asking, type Ledger, MAX_TRANSACTION_BYTES, unsigned } from '@sessions/client';
import { type Address, getTransactionSize } from '@solana/kit';
import { type Cost, lacking, NO_COST, type Rent, rentOf, SIGNATURE_FEE } from './cost.js';
import type { Survey } from './deployment.js';
import { BROKEN, Failed } from './failed.js';
import type { Host } from './host.js';
import { transfer } from './instructions.js';
import type { Keys } from './keys.js';
import * as metadata from './metadata.js';
import { differing, type Range } from './plan.js';
import { dataAddress } from './state.js';
import { type Filling, fill, landOne, readContent, type Tools } from './upload.js';

/** Where the IDL is kept. */
const SEED = 'idl';
/** Where one that is to take the place of another is uploaded: an address that is found again, so that no buffer is ever left over. */
const BUFFER_SEED = 'idl-upload';
/** The most bytes that an IDL on the chain is unpacked to. */
const MOST_UNPACKED = 16 * 1_024 * 1_024;

/** An IDL's file. */
export interface IdlFile {
  /** What it is called. */
  readonly path: string;
  /** Its text. */
  readonly text: Uint8Array;
  /** The program that it says that it is of. */
  readonly program: string;
}

/**
 * The IDL in a file.
 *
 * @throws Failed: IdlUnreadable, IdlInvalid.
 */
export function readIdl(host: Host, path: string): IdlFile {
  let text: Uint8Array;
  try {
    text = readFileSync(host.resolve(path));
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const hint = 'name one that is there with --idl, or leave it out with --no-idl';
    throw new Failed('IdlUnreadable', `the IDL ${path} cannot be read (${code})`, hint);
  }
  const invalid = (what: string) =>
    new Failed(
      'IdlInvalid',
      `${path} is no IDL: ${what}`,
      'make it again with `make protocol`, or leave it out with --no-idl',
    );
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text).toString('utf8'));
  } catch {
    throw invalid('it is no JSON');
  }
  const { address } = (value ?? {}) as { readonly address?: unknown };
  if (typeof address !== 'string') throw invalid('it does not say of which program it is');
  return { path, text: new Uint8Array(text), program: address };
}

/** What there is to do about the IDL. */
export type IdlPlan =
  /** It is there. */
  | { readonly what: 'nothing' }
  /** It is left out, and why. */
  | { readonly what: 'skip'; readonly why: string }
  /** It is not there yet. */
  | { readonly what: 'create'; readonly upload: IdlUpload }
  /** Another one is there, in an account of so many bytes. */
  | { readonly what: 'update'; readonly upload: IdlUpload; readonly bytes: number; readonly lamports: bigint };

/** How the buffer gets its content. */
export interface IdlUpload {
  /** What is there is closed first. */
  readonly closes: boolean;
  /** It is made. */
  readonly makes: boolean;
  /** By how many bytes it grows before it is written. */
  readonly grows: number;
  /** What is written. */
  readonly missing: readonly Range[];
  /** What it holds now, in lamports. */
  readonly held: bigint;
}

/** What is on the chain, and what there is to do. */
export interface IdlSurvey {
  /** What there is to do. */
  readonly plan: IdlPlan;
  /** What it costs, beside the deployment. */
  readonly cost: Cost;
  /** Where the IDL is, or would be. */
  readonly address: Address;
  /** Where it is uploaded. */
  readonly buffer: Address;
  /** What is written: the IDL, compressed. */
  readonly packed: Uint8Array;
  /** What accounts have to hold. */
  readonly rent: Rent;
}

/** What an account keeps as text; `null` if it is none that can be read. */
function textOf(kept: metadata.Kept & { readonly is: 'metadata' }): Uint8Array | null {
  if (!kept.direct) return null;
  try {
    const most = { maxOutputLength: MOST_UNPACKED };
    return (
      [() => kept.data, () => gunzipSync(kept.data, most), () => inflateSync(kept.data, most)][kept.compression]?.() ??
      null
    );
  } catch {
    return null;
  }
}

/** Whether `data` is `text`, compressed by zlib, and nothing is behind it. */
function isPacked(data: Uint8Array, text: Uint8Array): boolean {
  try {
    const unpacked: unknown = inflateSync(data, { maxOutputLength: MOST_UNPACKED, info: true });
    const { buffer, engine } = unpacked as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return engine.bytesWritten === data.length && Buffer.compare(buffer, text) === 0;
  } catch {
    return false;
  }
}

/**
 * What is uploaded: the IDL, compressed. Another compressor, as that of `sessions deploy`, makes other bytes of the same text: what it uploaded to the end is
 * as good.
 */
function packedOf(account: AccountContent | null | undefined, { authority }: Keys, text: Uint8Array): Uint8Array {
  const kept = account ? metadata.readKept(account) : null;
  const isMine = kept?.is === 'buffer' && kept.authority === authority.address;
  return isMine && isPacked(kept.data, text) ? kept.data : new Uint8Array(deflateSync(text));
}

/** How many bytes of the IDL fit into one transaction that writes them. */
function chunkBytes(keys: Keys, of: metadata.Of, buffer: Address): number {
  const empty = metadata.write(of, buffer, 0, new Uint8Array());
  return MAX_TRANSACTION_BYTES - getTransactionSize(unsigned({ payer: keys.payer, instructions: [empty] })) - 1;
}

async function ofProgram(keys: Keys, program: Address): Promise<metadata.Of> {
  return { authority: keys.authority, program, programData: await dataAddress(program) };
}

/**
 * Reads what is on the chain and decides what there is to do about the IDL, by what there is to do about the program.
 *
 * @throws LedgerError.
 */
export async function surveyIdl(
  ledger: Ledger,
  keys: Keys,
  program: Address,
  { plan, owner, rent }: Pick<Survey, 'plan' | 'owner' | 'rent'>,
  idl: IdlFile,
  asking: Asking = {},
): Promise<IdlSurvey> {
  const address = await metadata.metadataAddress(program, SEED);
  const bufferAt = await metadata.metadataAddress(program, BUFFER_SEED);
  const found = await ledger.read([metadata.METADATA, address, bufferAt], asking);
  const [keeper, there, second] = found.map(({ account }) => account);
  const kept = there ? metadata.readKept(there) : null;
  const isNew = kept?.is !== 'metadata';
  const begun = isNew ? there : second;
  const packed = packedOf(begun, keys, idl.text);
  const decided = (plan: IdlPlan): IdlSurvey => {
    const cost = costOf(plan, keys, packed.length, rent);
    return { plan, cost, address, buffer: plan.what === 'create' ? address : bufferAt, packed, rent };
  };
  const skip = (why: string) => decided({ what: 'skip', why });
  if (idl.program !== program) return skip(`${idl.path} is of ${idl.program}; name another with --idl`);
  if (!keeper?.executable) return skip('the cluster has no Program Metadata program');
  if (kept?.is === 'metadata' && Buffer.compare(textOf(kept) ?? new Uint8Array(), idl.text) === 0) {
    return decided({ what: 'nothing' });
  }
  if (plan.what === 'nothing' && owner !== keys.authority.address) {
    return skip(owner === null ? 'the program is final, and so is its IDL' : `only ${owner} can write it`);
  }
  const of = await ofProgram(keys, program);
  const chunk = chunkBytes(keys, of, bufferAt);
  const upload = () => uploadOf(begun ?? null, keys, packed, chunk);
  if (isNew) return decided({ what: 'create', upload: upload() });
  if (!kept.mutable) return skip('the one that is there can never be changed');
  const size = { bytes: there?.data.length ?? 0, lamports: there?.lamports ?? 0n };
  return decided({ what: 'update', upload: upload(), ...size });
}

function uploadOf(account: AccountContent | null, keys: Keys, packed: Uint8Array, chunk: number): IdlUpload {
  const kept = account === null ? null : metadata.readKept(account);
  const held = account?.lamports ?? 0n;
  const all = { grows: packed.length, missing: differing(new Uint8Array(), packed, chunk), held };
  if (kept?.is !== 'buffer') return { closes: false, makes: true, ...all };
  // What is too long, or another authority's, cannot be made right.
  if (kept.data.length > packed.length || kept.authority !== keys.authority.address) {
    return { closes: true, makes: true, ...all };
  }
  const grows = packed.length - kept.data.length;
  return { closes: false, makes: false, grows, missing: differing(kept.data, packed, chunk), held };
}

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

function costOf(plan: IdlPlan, { payer, authority }: Keys, length: number, rent: Rent): Cost {
  if (plan.what === 'nothing' || plan.what === 'skip') return NO_COST;
  const { closes, makes, grows, missing, held } = plan.upload;
  const whole = metadata.HEADER + length;
  const transactions = (closes ? 1 : 0) + (makes || grows > 0 ? 1 : 0) + missing.length + 1;
  const fees = BigInt(transactions * (payer === authority ? 1 : 2)) * SIGNATURE_FEE;
  const adds = most(rentOf(rent, whole) - held, 0n);
  // The payer pays for room first and for writes then, and no account may be left with less than the rent of an empty one in between.
  const stays = fees + rentOf(rent, 0);
  if (plan.what === 'create') {
    const returned = closes ? most(held - rentOf(rent, whole), 0n) : 0n;
    return { needs: adds + stays, spends: adds + fees - returned, transactions };
  }
  const more = lacking(rent, whole, plan);
  const less = plan.bytes > whole ? most(plan.lamports - rentOf(rent, whole), 0n) : 0n;
  return { needs: adds + more + stays, spends: more - less + fees - held, transactions };
}

/**
 * Does what the survey found, and reads back what came of it.
 *
 * @throws Failed: `Failed`, `Lost`, `Unverified`; LedgerError.
 */
export async function writeIdl(tools: Tools, program: Address, found: IdlSurvey): Promise<void> {
  const { ledger, keys, progress } = tools;
  const { plan, address, buffer, packed, rent } = found;
  if (plan.what === 'nothing' || plan.what === 'skip') return;
  const of = await ofProgram(keys, program);
  const { payer } = keys;
  const seed = plan.what === 'create' ? SEED : BUFFER_SEED;
  const { closes, makes, grows, missing, held } = plan.upload;
  progress.step('making room for the IDL');
  if (closes) await landOne(tools, [metadata.close(of, buffer, payer.address)], 'closing an old upload of the IDL');
  if (makes || grows > 0) {
    const lamports = most(rentOf(rent, metadata.HEADER + packed.length) - (closes ? 0n : held), 0n);
    const making = makes ? [metadata.allocate(of, buffer, seed)] : [];
    const first = [...transfer(payer, buffer, lamports), ...making, ...metadata.extend(of, buffer, grows)];
    await landOne(tools, first, 'making room for the IDL');
  }
  progress.step('uploading the IDL');
  const filling: Filling = {
    bytes: packed,
    chunk: chunkBytes(keys, of, buffer),
    read: () => readContent(ledger, buffer, metadata.HEADER),
    write: ({ start, end }) => metadata.write(of, buffer, start, packed.subarray(start, end)),
    what: 'the upload of the IDL',
  };
  await fill(tools, filling, missing);
  progress.step('writing the IDL');
  const last = plan.what === 'create' ? [metadata.initialize(of, address, SEED)] : replacing(of, found, plan, keys);
  await landOne(tools, last, 'writing the IDL');
  const there = await readContent(ledger, address, metadata.HEADER);
  if (Buffer.compare(there, packed) !== 0) {
    const hint = 'somebody else may have written it, so compare the authority and run this again';
    throw new Failed('Unverified', `the IDL at ${address} is not the one that was written`, hint, BROKEN);
  }
}

/** Puts the buffer into the place of the IDL that is there, with as much room as it takes, and takes back what is over. */
function replacing(
  of: metadata.Of,
  { address, buffer, packed, rent }: IdlSurvey,
  plan: IdlPlan & { readonly what: 'update' },
  { payer }: Keys,
) {
  const whole = metadata.HEADER + packed.length;
  const grows = whole - plan.bytes;
  return [
    ...transfer(payer, address, lacking(rent, whole, plan)),
    ...(grows > metadata.MOST_GROWTH ? metadata.extend(of, address, grows) : []),
    metadata.setData(of, address, buffer),
    metadata.close(of, buffer, payer.address),
    ...(grows < 0 ? [metadata.trim(of, address, payer.address)] : []),
  ];
}
