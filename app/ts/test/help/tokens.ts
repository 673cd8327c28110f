/** SPL tokens out of nothing: a mint, and tokens in a wallet's account. */
import {
  AccountRole,
  type AccountSignerMeta,
  type Address,
  generateKeyPairSigner,
  getAddressEncoder,
  type Instruction,
  type KeyPairSigner,
} from '@solana/kit';
import {
  createTokenAccount,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
  type Tokens,
  tokenAccountAddress,
} from '../../src/index.js';
import type { World } from './world.js';

const MINT_BYTES = 82n;

const addressBytes = (address: Address) => getAddressEncoder().encode(address);

const signing = (
  signer: KeyPairSigner,
  role: AccountRole.READONLY_SIGNER | AccountRole.WRITABLE_SIGNER,
): AccountSignerMeta => ({
  address: signer.address,
  role,
  signer,
});

function numbers(...parts: readonly (readonly [bytes: 4 | 8, value: bigint])[]): Uint8Array {
  const data = new Uint8Array(parts.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of parts) {
    for (let place = 0; place < bytes; place += 1) data[at + place] = Number((value >> BigInt(8 * place)) & 0xffn);
    at += bytes;
  }
  return data;
}

/** Makes a mint of `owner` and gives its associated account so much of it. */
export async function mintTokens(world: World, owner: KeyPairSigner, amount: bigint): Promise<Tokens> {
  const mint = await generateKeyPairSigner();
  const tokens = { mint: mint.address };
  const lamports = await world.ledger.minimumBalance(Number(MINT_BYTES));
  const create: Instruction = {
    programAddress: SYSTEM_PROGRAM,
    accounts: [signing(owner, AccountRole.WRITABLE_SIGNER), signing(mint, AccountRole.WRITABLE_SIGNER)],
    data: Uint8Array.from([...numbers([4, 0n], [8, lamports], [8, MINT_BYTES]), ...addressBytes(TOKEN_PROGRAM)]),
  };
  // InitializeMint2: no decimals, no freezing.
  const initialize: Instruction = {
    programAddress: TOKEN_PROGRAM,
    accounts: [{ address: mint.address, role: AccountRole.WRITABLE }],
    data: Uint8Array.from([20, 0, ...addressBytes(owner.address), 0]),
  };
  const mintTo: Instruction = {
    programAddress: TOKEN_PROGRAM,
    accounts: [
      { address: mint.address, role: AccountRole.WRITABLE },
      { address: await tokenAccountAddress(owner.address, tokens), role: AccountRole.WRITABLE },
      signing(owner, AccountRole.READONLY_SIGNER),
    ],
    data: Uint8Array.from([7, ...numbers([8, amount])]),
  };
  await world.send(owner, create, initialize);
  await world.send(owner, createTokenAccount({ payer: owner, owner: owner.address, tokens }), mintTo);
  return tokens;
}

/** How much the associated account of `owner` has. */
export async function balanceOf(world: World, owner: Address, tokens: Tokens): Promise<bigint> {
  const [snapshot] = await world.ledger.read([await tokenAccountAddress(owner, tokens)]);
  const data = snapshot?.account?.data;
  if (data === undefined) return 0n;
  return Array.from({ length: 8 }, (_, place) => BigInt(data[64 + place] ?? 0) << BigInt(8 * place)).reduce(
    (a, b) => a + b,
  );
}
