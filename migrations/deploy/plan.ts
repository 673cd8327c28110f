/**
 * What there is to do, given what is on the chain: {@link plan} decides, and nothing else does. The rules stand in docs/deployment.md, in the same order;
 * `sessions deploy` follows them too.
 */
import type { AccountContent } from '@sessions/client';
import { type Address, createAddressWithSeed, getAddressEncoder } from '@solana/kit';
import { costOf, type Rent } from './cost.js';
import type { Refusal } from './refusal.js';
import {
  BUFFER_HEADER,
  contentOf,
  DATA_HEADER,
  isSame,
  LOADER,
  MAX_PROGRAM,
  MINIMUM_EXTENSION,
  readState,
} from './state.js';

/** What is wanted. */
export interface Wanted {
  /** The program's address. */
  readonly program: Address;
  /** Whether the program's key pair is at hand, which a first deployment takes. */
  readonly key: boolean;
  /** Who may upgrade it. */
  readonly authority: Address;
  /** Who pays. */
  readonly payer: Address;
  /** The program. */
  readonly file: Uint8Array;
  /** How many bytes of code there is to be room for; left out: the file's, and what there is already. */
  readonly maxLen?: number | undefined;
  /** Whether nobody is to be able to upgrade it afterwards. */
  readonly last: boolean;
}

/** What is on the chain. */
export interface Seen {
  /** The account at the program's address. */
  readonly program: AccountContent | null;
  /** The one at the address of its code. */
  readonly data: AccountContent | null;
  /** The one at the address of the buffer that this authority uses for this program. */
  readonly buffer: AccountContent | null;
  /** What the payer has, in lamports. */
  readonly balance: bigint;
  /** What accounts have to hold. */
  readonly rent: Rent;
}

/** Bytes of the file, from `start` to before `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How the buffer gets its content. */
export type Upload =
  /** There is no buffer: all of it is written into a new one. */
  | { readonly how: 'new' }
  /** There is one of the right size: what is missing or differs is written. Nothing: it is complete. */
  | { readonly how: 'resume'; readonly missing: readonly Range[] }
  /** There is one of another size: it is closed, and a new one is made. */
  | { readonly how: 'replace' };

/** What there is to do. */
export type Plan =
  /** The program is there with these bytes and needs nothing. */
  | { readonly what: 'nothing' }
  /** The bytes are there; only the authority is to be given up. */
  | { readonly what: 'finalize' }
  /** The program is not there yet; for `maxLen` bytes of code there will be room. */
  | { readonly what: 'deploy'; readonly maxLen: number; readonly upload: Upload }
  /** The program is there with other bytes; its data has to grow by `extend` bytes first, if by any. */
  | { readonly what: 'upgrade'; readonly extend: number | null; readonly upload: Upload }
  /** It cannot be done. */
  | { readonly what: 'refuse'; readonly refusal: Refusal };

const SEED_PREFIX = new TextEncoder().encode('sessions deploy ');
/** How many bytes of a hash are the seed of a buffer's address, by twice as many hex digits: no seed has more than 32 bytes. */
const SEED_BYTES = 16;

/** The seed of the buffer's address: one buffer for each authority and program, so that an interrupted upload is found again from anywhere. */
export async function bufferSeed(program: Address): Promise<string> {
  const text = new Uint8Array([...SEED_PREFIX, ...getAddressEncoder().encode(program)]);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return Buffer.from(digest.subarray(0, SEED_BYTES)).toString('hex');
}

/** Where the buffer is. */
export async function bufferAddress(authority: Address, program: Address): Promise<Address> {
  const seed = await bufferSeed(program);
  return createAddressWithSeed({ baseAddress: authority, programAddress: LOADER, seed });
}

/** What there is to do to have what is wanted, by chunks of at most `chunk` bytes. */
export function plan(wanted: Wanted, seen: Seen, buffer: Address, chunk: number): Plan {
  const decided = decide(wanted, seen, buffer, chunk);
  const { needs } = costOf(decided, wanted, seen, chunk);
  if (needs <= seen.balance) return decided;
  return refused({ why: 'Funds', payer: wanted.payer, needs, has: seen.balance });
}

const refused = (refusal: Refusal): Plan => ({ what: 'refuse', refusal });

function decide(wanted: Wanted, seen: Seen, buffer: Address, chunk: number): Plan {
  const { program, file, maxLen: length = file.length } = wanted;
  if (length < file.length || length > MAX_PROGRAM) {
    return refused({ why: 'Length', least: file.length, given: length });
  }
  if (seen.program === null || isBare(seen.program)) {
    if (!wanted.key) return refused({ why: 'KeyMissing', program });
    const upload = uploadOf(wanted, seen, buffer, chunk);
    return 'why' in upload ? refused(upload) : { what: 'deploy', maxLen: length, upload };
  }
  if (readState(seen.program)?.is !== 'program') {
    return refused({ why: 'NotAProgram', program, owner: seen.program.owner });
  }
  const state = seen.data === null ? null : readState(seen.data);
  if (seen.data === null || state?.is !== 'data') return refused({ why: 'Closed', program });
  const there = contentOf(seen.data, DATA_HEADER) as Uint8Array;
  const { authority: owner } = state;
  const isThere = isSame(there, file) && there.length >= length;
  if (isThere && (!wanted.last || owner === null)) return { what: 'nothing' };
  if (owner === null) return refused({ why: 'Final', program });
  if (owner !== wanted.authority) return refused({ why: 'NotYours', program, owner, given: wanted.authority });
  if (isThere) return { what: 'finalize' };
  const upload = uploadOf(wanted, seen, buffer, chunk);
  return 'why' in upload ? refused(upload) : { what: 'upgrade', extend: extension(there.length, length), upload };
}

/** Whether somebody only sent lamports to an address, which is no reason not to use it. */
const isBare = ({ owner, data }: AccountContent): boolean =>
  owner === '11111111111111111111111111111111' && data.length === 0;

/** By how much code of `has` bytes grows to hold `needs`: the loader grants no less than a minimum, but where that would be too much. */
function extension(has: number, needs: number): number | null {
  return needs <= has ? null : Math.min(Math.max(needs - has, MINIMUM_EXTENSION), MAX_PROGRAM - has);
}

function uploadOf(wanted: Wanted, seen: Seen, buffer: Address, chunk: number): Upload | Refusal {
  const { file, authority } = wanted;
  if (seen.buffer === null || isBare(seen.buffer)) return { how: 'new' };
  const state = readState(seen.buffer);
  if (state?.is !== 'buffer' || state.authority !== authority) return { why: 'BufferTaken', buffer, authority };
  const there = contentOf(seen.buffer, BUFFER_HEADER) as Uint8Array;
  return there.length === file.length ? { how: 'resume', missing: differing(there, file, chunk) } : { how: 'replace' };
}

/** The ranges of `file`, each of at most `chunk` bytes, in which `there` differs. */
export function differing(there: Uint8Array, file: Uint8Array, chunk: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let start = 0; start < file.length; start += chunk) {
    const end = Math.min(start + chunk, file.length);
    const same = there.length >= end && Buffer.compare(there.subarray(start, end), file.subarray(start, end)) === 0;
    if (!same) ranges.push({ start, end });
  }
  return ranges;
}
