/** The arena, a program that uses sessions: its instructions, and its errors as its source has them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type AccountMeta,
  AccountRole,
  type AccountSignerMeta,
  type Address,
  getAddressDecoder,
  getAddressEncoder,
  getProgramDerivedAddress,
  type Instruction,
  type TransactionSigner,
} from '@solana/kit';
import { memberAddress, PROGRAM, type Snapshot, SYSTEM_PROGRAM, vaultAddress } from '../../src/index.js';

/** The arena's address. */
export const ARENA = 'Aren4xDshhFcGcLEW3o2m1U2mD4ruuCxxuT9XLWhV7cd' as Address;

const folder = (path: string) => new URL(`../../../../programs/arena/${path}`, import.meta.url);

/** The committed program file. */
export const arenaFile = (): Uint8Array => new Uint8Array(readFileSync(folder('artifact/arena.so')));

/** The instructions, by which a selector can be named. */
export const INSTRUCTIONS = ['open_board', 'make_move', 'make_move_by_vault', 'surrender', 'close_board'];

/** What the arena's error with this number is called and says. */
export function arenaError(code: number): { readonly name: string; readonly message: string } | undefined {
  const source = readFileSync(folder('src/error.rs'), 'utf8');
  const first = Number(/offset = (\d+)\)/.exec(source)?.[1]);
  const found = [...source.matchAll(/#\[msg\("(.*)"\)\]\s+(\w+),/g)];
  const [, message, name] = found[code - first] ?? [];
  return name === undefined || message === undefined ? undefined : { name, message };
}

/** What the data of an instruction begins with. */
export const discriminator = (instruction: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(`global:${instruction}`).digest().subarray(0, 8));

/** Where a session's board is. */
export async function boardAddress(session: Address): Promise<Address> {
  const seeds = ['board', getAddressEncoder().encode(session)];
  return (await getProgramDerivedAddress({ programAddress: ARENA, seeds }))[0];
}

/** Where a board names who paid for it. */
const PAYER_AT = 40;

/** Who paid for the board in an account, if there is one. */
export const boardPayer = ({ account }: Snapshot): Address | null =>
  account?.owner === ARENA && account.data.length >= PAYER_AT + 32
    ? getAddressDecoder().decode(account.data, PAYER_AT)
    : null;

/** Who plays in which session, and whose membership it is. */
export interface Player {
  readonly signer: TransactionSigner;
  readonly session: Address;
  readonly wallet: Address;
}

const read = (address: Address): AccountMeta => ({ address, role: AccountRole.READONLY });
const write = (address: Address): AccountMeta => ({ address, role: AccountRole.WRITABLE });
const signing = (signer: TransactionSigner, role: AccountRole.READONLY_SIGNER | AccountRole.WRITABLE_SIGNER) =>
  ({ address: signer.address, role, signer }) satisfies AccountSignerMeta;

function instruction(
  name: string,
  accounts: readonly (AccountMeta | AccountSignerMeta)[],
  args: readonly number[] = [],
) {
  return { programAddress: ARENA, accounts, data: Uint8Array.from([...discriminator(name), ...args]) };
}

/** `open_board`: opens the session's board. */
export async function openBoard({ signer, session, wallet }: Player, payer: TransactionSigner): Promise<Instruction> {
  const [member, board] = await Promise.all([memberAddress(session, wallet), boardAddress(session)]);
  return instruction('open_board', [
    signing(signer, AccountRole.READONLY_SIGNER),
    signing(payer, AccountRole.WRITABLE_SIGNER),
    ...[read(session), read(member), write(board), read(SYSTEM_PROGRAM)],
  ]);
}

/** `make_move`: takes a tile, and is charged for it. */
export async function makeMove({ signer, session, wallet }: Player, tile: number): Promise<Instruction> {
  const [member, board] = await Promise.all([memberAddress(session, wallet), boardAddress(session)]);
  const accounts = [write(session), write(member), write(board), read(PROGRAM)];
  return instruction('make_move', [signing(signer, AccountRole.READONLY_SIGNER), ...accounts], [tile]);
}

/** `make_move_by_vault`: takes a tile through the session, which has charged for it. */
export async function makeMoveByVault({ session, wallet }: Player, tile: number): Promise<Instruction> {
  const [vault, member, board] = await Promise.all([
    vaultAddress(session),
    memberAddress(session, wallet),
    boardAddress(session),
  ]);
  return instruction('make_move_by_vault', [read(vault), read(session), read(member), write(board)], [tile]);
}

/** `surrender`: gives a tile up. */
export async function surrender({ signer, session, wallet }: Player, tile: number): Promise<Instruction> {
  const [member, board] = await Promise.all([memberAddress(session, wallet), boardAddress(session)]);
  const accounts = [read(session), read(member), write(board)];
  return instruction('surrender', [signing(signer, AccountRole.READONLY_SIGNER), ...accounts], [tile]);
}

/** `close_board`: deletes the board of a session that is over. */
export async function closeBoard(session: Address, payer: Address): Promise<Instruction> {
  return instruction('close_board', [read(session), write(await boardAddress(session)), write(payer)]);
}
