/** What the upgradeable loader keeps in its accounts. */
import type { AccountContent } from '@sessions/client';
import { type Address, getAddressDecoder, getAddressEncoder, getProgramDerivedAddress } from '@solana/kit';

/** The upgradeable loader's address. */
export const LOADER = 'BPFLoaderUpgradeab1e11111111111111111111111' as Address;
/** The bytes before a buffer's content. */
export const BUFFER_HEADER = 37;
/** The bytes before a program's code in its program data. */
export const DATA_HEADER = 45;
/** The bytes of a program's own account. */
export const PROGRAM_BYTES = 36;
/** The most bytes of code that a program can have: what an account holds, without the header. */
export const MAX_PROGRAM = 10 * 1_024 * 1_024 - DATA_HEADER;
/** The fewest bytes by which the loader lets a program grow. */
export const MINIMUM_EXTENSION = 10_240;

/** An account of the loader. An authority that is `null` is nobody's any more. */
export type State =
  /** A buffer was here, or will be. */
  | { readonly is: 'uninitialized' }
  /** Where code is written before it is deployed. */
  | { readonly is: 'buffer'; readonly authority: Address | null }
  /** A program, and where its code is. */
  | { readonly is: 'program'; readonly data: Address }
  /** A program's code, and when it was last deployed, upgraded or extended: it cannot be again in the same slot. */
  | { readonly is: 'data'; readonly slot: bigint; readonly authority: Address | null };

/** An address at an offset; `undefined` if the bytes end before. */
function addressAt(bytes: AccountContent['data'], offset: number): Address | undefined {
  return bytes.length < offset + 32 ? undefined : getAddressDecoder().decode(bytes, offset);
}

/** An address that may be left out, at an offset; `undefined` if the bytes end before, or are something else. */
function optionAt(bytes: AccountContent['data'], offset: number): Address | null | undefined {
  if (bytes[offset] === 0) return null;
  return bytes[offset] === 1 ? addressAt(bytes, offset + 1) : undefined;
}

/** What an account of the loader is; `null` if it is not the loader's, or nothing that the loader writes. */
export function readState({ owner, data }: Pick<AccountContent, 'owner' | 'data'>): State | null {
  if (owner !== LOADER || data.length < 4) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  switch (view.getUint32(0, true)) {
    case 0:
      return { is: 'uninitialized' };
    case 1: {
      const authority = optionAt(data, 4);
      return authority === undefined ? null : { is: 'buffer', authority };
    }
    case 2: {
      const at = addressAt(data, 4);
      return at === undefined ? null : { is: 'program', data: at };
    }
    case 3: {
      const authority = optionAt(data, 12);
      return authority === undefined ? null : { is: 'data', slot: view.getBigUint64(4, true), authority };
    }
    default:
      return null;
  }
}

/** The code in a program's data, or in a buffer; empty if the account is shorter than its header. */
export const contentOf = ({ data }: Pick<AccountContent, 'data'>, header: number) => data.subarray(header);

/** Whether `there` is `file` with nothing but zeros behind it, as where a program has room to grow. */
export function isSame(there: Uint8Array, file: Uint8Array): boolean {
  return there.length >= file.length && there.every((byte, place) => byte === (file[place] ?? 0));
}

/** Where a program's code is. */
export async function dataAddress(program: Address): Promise<Address> {
  const seeds = [getAddressEncoder().encode(program)];
  const [found] = await getProgramDerivedAddress({ programAddress: LOADER, seeds });
  return found;
}
