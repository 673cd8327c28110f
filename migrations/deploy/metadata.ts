/**
 * The Program Metadata program, which keeps a program's IDL where explorers look for it: at the address that follows from the program and the seed `idl`,
 * written by whoever may upgrade the program. Layouts and instructions as in its published IDL.
 */
import type { AccountContent } from '@sessions/client';
import {
  type Address,
  getAddressDecoder,
  getAddressEncoder,
  getProgramDerivedAddress,
  getU16Encoder,
  getU32Encoder,
  type Instruction,
  type KeyPairSigner,
  type ReadonlyUint8Array,
} from '@solana/kit';
import { joined, reads, signs, writes } from './instructions.js';

/** The program's address. */
export const METADATA = 'ProgM6JCCvbYkfKqJYHePx4xxSUSqJp7rh8Lyv7nk7S' as Address;
/** The bytes before the data, in a buffer and in what it becomes. */
export const HEADER = 96;
/** The most bytes by which an account grows in one instruction. */
export const MOST_GROWTH = 10_240;

const SYSTEM = '11111111111111111111111111111111' as Address;
const RENT = 'SysvarRent111111111111111111111111111111111' as Address;

/** How data is written down: as text of JSON, compressed by zlib, and itself in the account. */
const PACKED = { encoding: 1, compression: 2, format: 1, source: 0 } as const;
const PACKING = Uint8Array.of(PACKED.encoding, PACKED.compression, PACKED.format, PACKED.source);

/** What there is at an address. */
export type Kept =
  /** Data that is being written. */
  | { readonly is: 'buffer'; readonly authority: Address; readonly data: Uint8Array }
  /** Data that can be read; `direct` if it is text in the account itself, with the number of its compression. */
  | {
      readonly is: 'metadata';
      readonly mutable: boolean;
      readonly direct: boolean;
      readonly compression: number;
      readonly data: Uint8Array;
    };

/** What an account of the program is; `null` if it is not the program's, or nothing that it writes. */
export function readKept({ owner, data }: Pick<AccountContent, 'owner' | 'data'>): Kept | null {
  if (owner !== METADATA || data.length < HEADER) return null;
  const bytes = data as Uint8Array;
  const rest = bytes.subarray(HEADER);
  if (bytes[0] === 1) return { is: 'buffer', authority: getAddressDecoder().decode(bytes, 33), data: rest };
  if (bytes[0] !== 2) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(87, true);
  return {
    is: 'metadata',
    mutable: bytes[65] === 1,
    direct: bytes[83] === PACKED.encoding && bytes[85] === PACKED.format && bytes[86] === PACKED.source,
    compression: bytes[84] ?? 0,
    data: rest.subarray(0, length),
  };
}

/** A seed: text of at most 16 bytes, filled up with zeros. */
function seedBytes(seed: string): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(new TextEncoder().encode(seed));
  return bytes;
}

/** Where a program's metadata under a seed are, if its upgrade authority writes them. */
export async function metadataAddress(program: Address, seed: string): Promise<Address> {
  const seeds = [getAddressEncoder().encode(program), seedBytes(seed)];
  const [found] = await getProgramDerivedAddress({ programAddress: METADATA, seeds });
  return found;
}

/** Whose metadata are written, and by whom. */
export interface Of {
  /** Who may upgrade the program. */
  readonly authority: KeyPairSigner;
  /** The program. */
  readonly program: Address;
  /** Where its code is. */
  readonly programData: Address;
}

const instruction = (accounts: Instruction['accounts'], ...data: readonly ReadonlyUint8Array[]): Instruction => ({
  programAddress: METADATA,
  accounts: accounts ?? [],
  data: joined(...data),
});

const owners = ({ program, programData }: Of) => [reads(program), reads(programData)];

/** Makes a buffer of what is at the address of a seed and has its rent. */
export const allocate = (of: Of, buffer: Address, seed: string): Instruction =>
  instruction([writes(buffer), signs(of.authority), ...owners(of), reads(SYSTEM)], Uint8Array.of(7), seedBytes(seed));

/** Lets an account grow by so many bytes, in as many instructions as that takes. */
export function extend(of: Of, account: Address, more: number): readonly Instruction[] {
  const parts = Array.from({ length: Math.ceil(more / MOST_GROWTH) }, (_, place) =>
    Math.min(MOST_GROWTH, more - place * MOST_GROWTH),
  );
  const accounts = [writes(account), signs(of.authority), ...owners(of)];
  return parts.map((part) => instruction(accounts, Uint8Array.of(8), getU16Encoder().encode(part)));
}

/** Writes bytes into a buffer. */
export const write = ({ authority }: Of, buffer: Address, offset: number, bytes: Uint8Array): Instruction =>
  instruction(
    [writes(buffer), signs(authority), reads(METADATA)],
    Uint8Array.of(0),
    getU32Encoder().encode(offset),
    bytes,
  );

/** Makes metadata of the buffer at their own address. */
export const initialize = (of: Of, metadata: Address, seed: string): Instruction =>
  instruction(
    [writes(metadata), signs(of.authority), ...owners(of), reads(METADATA)],
    Uint8Array.of(1),
    seedBytes(seed),
    PACKING,
  );

/** Puts what a buffer holds into the place of what metadata are there. */
export const setData = (of: Of, metadata: Address, buffer: Address): Instruction =>
  instruction([writes(metadata), signs(of.authority), writes(buffer), ...owners(of)], Uint8Array.of(3), PACKING);

/** Gives back what an account holds beyond the rent of its data. */
export const trim = (of: Of, account: Address, destination: Address): Instruction =>
  instruction(
    [writes(account), signs(of.authority), ...owners(of), writes(destination), reads(RENT)],
    Uint8Array.of(5),
  );

/** Closes a buffer. */
export const close = (of: Of, account: Address, destination: Address): Instruction =>
  instruction([writes(account), signs(of.authority), ...owners(of), writes(destination)], Uint8Array.of(6));
