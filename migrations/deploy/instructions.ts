/** The instructions of a deployment: the system program's and the upgradeable loader's. */
import { MAX_TRANSACTION_BYTES, unsigned } from '@sessions/client';
import {
  type AccountMeta,
  AccountRole,
  type AccountSignerMeta,
  type Address,
  getAddressEncoder,
  getTransactionSize,
  getU32Encoder,
  getU64Encoder,
  type Instruction,
  type KeyPairSigner,
  type ReadonlyUint8Array,
} from '@solana/kit';
import type { Keys } from './keys.js';
import { bufferSeed, type Range } from './plan.js';
import { BUFFER_HEADER, dataAddress, LOADER, PROGRAM_BYTES } from './state.js';

const SYSTEM = '11111111111111111111111111111111' as Address;
const RENT = 'SysvarRent111111111111111111111111111111111' as Address;
const CLOCK = 'SysvarC1ock11111111111111111111111111111111' as Address;

const u32 = (value: number) => getU32Encoder().encode(value);
const u64 = (value: number | bigint) => getU64Encoder().encode(value);
const key = (value: Address) => getAddressEncoder().encode(value);

/** Bytes one behind the other. */
export function joined(...parts: readonly ReadonlyUint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** An account that is written. */
export const writes = (address: Address): AccountMeta => ({ address, role: AccountRole.WRITABLE });
/** An account that is only read. */
export const reads = (address: Address): AccountMeta => ({ address, role: AccountRole.READONLY });
/** An account that signs and is only read. */
export const signs = (signer: KeyPairSigner): AccountSignerMeta => ({
  address: signer.address,
  role: AccountRole.READONLY_SIGNER,
  signer,
});
const signsAndWrites = (signer: KeyPairSigner): AccountSignerMeta => ({
  address: signer.address,
  role: AccountRole.WRITABLE_SIGNER,
  signer,
});

type Metas = readonly (AccountMeta | AccountSignerMeta)[];

const system = (tag: number, accounts: Metas, ...data: readonly ReadonlyUint8Array[]): Instruction => ({
  programAddress: SYSTEM,
  accounts,
  data: joined(u32(tag), ...data),
});

const loader = (tag: number, accounts: Metas, ...data: readonly ReadonlyUint8Array[]): Instruction => ({
  programAddress: LOADER,
  accounts,
  data: joined(u32(tag), ...data),
});

/** Gives an account lamports; none are given by no instruction. */
export function transfer(from: KeyPairSigner, to: Address, lamports: bigint): readonly Instruction[] {
  return lamports === 0n ? [] : [system(2, [signsAndWrites(from), writes(to)], u64(lamports))];
}

/** Makes the buffer, by transfer and allocation: lamports that somebody sent to its address count, where a creation would fail by them. */
export async function createBuffer(
  { payer, authority }: Keys,
  program: Address,
  buffer: Address,
  length: number,
  lamports: bigint,
): Promise<readonly Instruction[]> {
  const seed = new TextEncoder().encode(await bufferSeed(program));
  const allocated = [key(authority.address), u64(seed.length), seed, u64(BUFFER_HEADER + length), key(LOADER)];
  return [
    ...transfer(payer, buffer, lamports),
    system(9, [writes(buffer), signs(authority)], ...allocated),
    loader(0, [writes(buffer), reads(authority.address)]),
  ];
}

/** Writes bytes of the file into the buffer. */
export function write({ authority }: Keys, buffer: Address, file: Uint8Array, { start, end }: Range): Instruction {
  const bytes = file.subarray(start, end);
  return loader(1, [writes(buffer), signs(authority)], u32(start), u64(bytes.length), bytes);
}

/** How many bytes of a file fit into one transaction that writes them. */
export function chunkBytes(keys: Keys, buffer: Address): number {
  const empty = write(keys, buffer, new Uint8Array(), { start: 0, end: 0 });
  // The length of an instruction with a chunk takes two bytes, and that of an empty one takes one.
  return MAX_TRANSACTION_BYTES - getTransactionSize(unsigned({ payer: keys.payer, instructions: [empty] })) - 1;
}

/** Makes the program of the buffer, with room for so many bytes. */
export async function deploy(
  { payer, authority }: Keys,
  program: KeyPairSigner,
  buffer: Address,
  lamports: bigint,
  maxLen: number,
): Promise<readonly Instruction[]> {
  const accounts = [
    signsAndWrites(payer),
    writes(await dataAddress(program.address)),
    writes(program.address),
    writes(buffer),
    reads(RENT),
    reads(CLOCK),
    reads(SYSTEM),
    signs(authority),
  ];
  return [
    ...transfer(payer, program.address, lamports),
    system(8, [signsAndWrites(program)], u64(PROGRAM_BYTES)),
    system(1, [signsAndWrites(program)], key(LOADER)),
    loader(2, accounts, u64(maxLen)),
  ];
}

/** Lets the program's code grow by so many bytes. */
export async function extend({ payer }: Keys, program: Address, more: number): Promise<Instruction> {
  const accounts = [writes(await dataAddress(program)), writes(program), reads(SYSTEM), signsAndWrites(payer)];
  return loader(6, accounts, u32(more));
}

/** Puts the buffer into the program's place; what is over goes to the payer. */
export async function upgrade({ payer, authority }: Keys, program: Address, buffer: Address): Promise<Instruction> {
  const data = await dataAddress(program);
  const accounts = [writes(data), writes(program), writes(buffer), writes(payer.address), reads(RENT), reads(CLOCK)];
  return loader(3, [...accounts, signs(authority)]);
}

/** Gives up the authority. */
export async function finalize({ authority }: Keys, program: Address): Promise<Instruction> {
  return loader(4, [writes(await dataAddress(program)), signs(authority)]);
}

/** Closes the buffer; its lamports go to the payer. */
export const closeBuffer = ({ payer, authority }: Keys, buffer: Address): Instruction =>
  loader(5, [writes(buffer), writes(payer.address), signs(authority)]);
