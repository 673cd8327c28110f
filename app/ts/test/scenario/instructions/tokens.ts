/** Mints and their tokens: what the token programs do, byte for byte as they define it, so that there is something to put into a vault. */
import {
  type AccountMeta,
  AccountRole,
  type AccountSignerMeta,
  type Address,
  getAddressEncoder,
  type Instruction,
  type TransactionSigner,
} from '@solana/kit';
import { SYSTEM_PROGRAM, TOKEN_PROGRAM, tokenAccountAddress } from '../../../src/index.js';
import { Fields, listOf, textOf } from '../fields.js';
import { MINT_DECIMALS, PROGRAMS } from '../stage.js';
import { number, small } from '../values.js';
import type { Read } from './common.js';
import { accountOf, paid } from './vault.js';

const MINT_BYTES = 82;
/** The bytes before a mint's extensions. */
const EXTENDED_BYTES = 166;
/** The bytes of a multisig account, which no other account may have. */
const MULTISIG_BYTES = 355;
/** The type and the length before each extension. */
const EXTENSION_HEADER = 4;
/** The lamports that a ledger asks for each byte of an account, and for as many bytes more. */
const [LAMPORTS_PER_BYTE, ACCOUNT_OVERHEAD] = [6_960, 128];

const writable = (address: Address): AccountMeta => ({ address, role: AccountRole.WRITABLE });
const signing = (signer: TransactionSigner, role: AccountRole.READONLY_SIGNER | AccountRole.WRITABLE_SIGNER) =>
  ({ address: signer.address, role, signer }) satisfies AccountSignerMeta;

function little(value: bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, place) => Number((value >> BigInt(8 * place)) & 0xffn));
}

/** An extension of a Token-2022 mint: its length, and the data of the instruction that initializes it. */
interface Extension {
  readonly bytes: number;
  readonly data: readonly number[];
}

const EXTENSIONS: Readonly<Record<string, (authority: readonly number[]) => Extension>> = {
  permanent_delegate: (authority) => ({ bytes: 32, data: [35, ...authority] }),
  mint_close_authority: (authority) => ({ bytes: 32, data: [25, 1, ...authority] }),
  non_transferable: () => ({ bytes: 0, data: [32] }),
  pausable: (authority) => ({ bytes: 33, data: [44, 0, ...authority] }),
  transfer_hook: (authority) => ({ bytes: 64, data: [36, 0, ...authority, ...new Array<number>(32).fill(0)] }),
};

function transferFee(f: Fields, authority: readonly number[]): Extension {
  const basisPoints = f.needed('basis_points', number);
  const maximum = f.value('maximum', number) ?? 0xffff_ffff_ffff_ffffn;
  f.finish();
  const data = [26, 0, 1, ...authority, 1, ...authority, ...little(basisPoints, 2), ...little(maximum, 8)];
  return { bytes: 108, data };
}

const createMint: Read = async (f, { signer, payer }, stage) => {
  const mint = stage.cast.signer(f.text('mint'), 'mint');
  const decimals = f.value('decimals', small) ?? MINT_DECIMALS;
  const programAddress = PROGRAMS[f.value('program', (text) => text) ?? 'token'] ?? TOKEN_PROGRAM;
  const authority = [...getAddressEncoder().encode(signer.address)];
  const [fee, named] = [f.get('transfer_fee'), f.get('extensions')];
  const extensions = fee === undefined ? [] : [transferFee(new Fields('transfer_fee', fee), authority)];
  for (const one of named === undefined ? [] : listOf('extensions', named)) {
    const make = EXTENSIONS[textOf('extensions', one)];
    if (make === undefined) throw new Error(`the runner does not know the extension ${JSON.stringify(one)}`);
    extensions.push(make(authority));
  }
  const extended = EXTENDED_BYTES + extensions.reduce((sum, { bytes }) => sum + EXTENSION_HEADER + bytes, 0);
  const roomy = extended === MULTISIG_BYTES ? extended + EXTENSION_HEADER / 2 : extended;
  const size = extensions.length === 0 ? MINT_BYTES : roomy;
  const lamports = BigInt((ACCOUNT_OVERHEAD + size) * LAMPORTS_PER_BYTE);
  const owner = getAddressEncoder().encode(programAddress);
  const create: Instruction = {
    programAddress: SYSTEM_PROGRAM,
    accounts: [signing(payer, AccountRole.WRITABLE_SIGNER), signing(mint, AccountRole.WRITABLE_SIGNER)],
    data: Uint8Array.from([0, 0, 0, 0, ...little(lamports, 8), ...little(BigInt(size), 8), ...owner]),
  };
  const initialize = (data: readonly number[]): Instruction => ({
    programAddress,
    accounts: [writable(mint.address)],
    data: Uint8Array.from(data),
  });
  // InitializeMint2, without who could freeze accounts. Nothing but the signature says that the actor takes the step.
  const own = initialize([20, decimals, ...authority, 0]);
  const accounts = [...(own.accounts ?? []), signing(signer, AccountRole.READONLY_SIGNER)];
  return { before: [create, ...extensions.map(({ data }) => initialize(data))], own: { ...own, accounts } };
};

const mintTokens: Read = async (f, by, stage) => {
  const to = await stage.address(f.text('to'));
  const { unit, amount } = paid(f, stage);
  const { tokens } = unit;
  if (tokens === undefined) throw new Error('SOL is not minted');
  const own: Instruction = {
    programAddress: tokens.program ?? TOKEN_PROGRAM,
    accounts: [
      ...[writable(tokens.mint), writable(await tokenAccountAddress(to, tokens))],
      signing(by.signer, AccountRole.READONLY_SIGNER),
    ],
    data: Uint8Array.from([7, ...little(amount, 8)]),
  };
  return { before: await accountOf(by, to, unit), own };
};

export const tokens: Readonly<Record<string, Read>> = { create_mint: createMint, mint_tokens: mintTokens };
