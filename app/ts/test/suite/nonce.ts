/** Transactions that use a durable nonce: they wait as long as it takes, and run once. */
import {
  AccountRole,
  type Address,
  appendTransactionMessageInstructions,
  createTransactionMessage,
  generateKeyPairSigner,
  getAddressEncoder,
  getSignatureFromTransaction,
  getU64Encoder,
  type Instruction,
  type KeyPairSigner,
  type Nonce as KitNonce,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingDurableNonce,
  signTransactionMessageWithSigners,
  type Transaction,
} from '@solana/kit';
import { expect, test } from 'vitest';
import * as s from '../../src/index.js';
import type { World } from '../help/world.js';

const RECENT_BLOCKHASHES = 'SysvarRecentB1ockHashes11111111111111111111' as Address;
const RENT = 'SysvarRent111111111111111111111111111111111' as Address;
const BYTES = 80n;

/** Makes a nonce account of `authority`. */
async function nonceAccount(world: World, authority: KeyPairSigner): Promise<Address> {
  const account = await generateKeyPairSigner();
  const lamports = await world.ledger.minimumBalance(Number(BYTES));
  const [u64, address] = [getU64Encoder(), getAddressEncoder()];
  const writableSigner = (signer: KeyPairSigner) =>
    ({ address: signer.address, role: AccountRole.WRITABLE_SIGNER, signer }) as const;
  const create: Instruction = {
    programAddress: s.SYSTEM_PROGRAM,
    accounts: [writableSigner(authority), writableSigner(account)],
    data: Uint8Array.from([
      0,
      0,
      0,
      0,
      ...u64.encode(lamports),
      ...u64.encode(BYTES),
      ...address.encode(s.SYSTEM_PROGRAM),
    ]),
  };
  const initialize: Instruction = {
    programAddress: s.SYSTEM_PROGRAM,
    accounts: [
      { address: account.address, role: AccountRole.WRITABLE },
      ...[RECENT_BLOCKHASHES, RENT].map((sysvar) => ({ address: sysvar, role: AccountRole.READONLY })),
    ],
    data: Uint8Array.from([6, 0, 0, 0, ...address.encode(authority.address)]),
  };
  await world.send(authority, create, initialize);
  return account.address;
}

async function held(world: World, account: Address): Promise<s.Nonce> {
  const found = s.readNonce(await s.readOne(world.ledger, account));
  if (found === null) throw new Error('no nonce');
  return found;
}

/** A transaction that uses the nonce as it is now. */
async function signed(
  world: World,
  payer: KeyPairSigner,
  account: Address,
  instruction: Instruction,
): Promise<Transaction> {
  const { nonce: value, authority } = await held(world, account);
  const message = pipe(
    createTransactionMessage({ version: 'legacy' }),
    (empty) => setTransactionMessageFeePayerSigner(payer, empty),
    (paid) => {
      const lifetime = { nonce: value as KitNonce, nonceAccountAddress: account, nonceAuthorityAddress: authority };
      return setTransactionMessageLifetimeUsingDurableNonce(lifetime, paid);
    },
    (timed) => appendTransactionMessageInstructions([instruction], timed),
  );
  return signTransactionMessageWithSigners(message);
}

const options = { look: 20, rebroadcast: 500 };

/** What a nonce is for, with a wait of `patience` seconds in between. */
export function nonce(world: World, patience: number): void {
  test('a transaction with a nonce runs whenever it is handed over, and another with the same nonce never does', async () => {
    const owner = await world.wallet();
    const account = await nonceAccount(world, owner);
    const open = (id: string) => s.openSession({ creator: owner, id });
    const first = await signed(world, owner, account, await open('first'));
    const second = await signed(world, owner, account, await open('second'));
    expect(s.nonceAccountOf(first)).toBe(account);
    const lifetime = await s.lifetimeOf(world.ledger, first);
    expect(lifetime).toEqual({ nonceAccount: account, nonce: (await held(world, account)).nonce });
    await world.chain.pass(patience);
    expect(await s.land(world.ledger, first, lifetime, options)).toMatchObject({ error: null });
    const told: string[] = [];
    const underway = { ...options, underway: true, onProgress: ({ what }: s.Progress) => told.push(what) };
    expect(await s.land(world.ledger, second, lifetime, underway)).toBeNull();
    expect(told).toContain('expired');
    expect((await s.readOne(world.ledger, await s.sessionAddress(owner.address, 'second'))).account).toBeNull();
  });
}

/** What a validator does, and LiteSVM and what is built on it do not: a transaction that fails moves its nonce, too. */
export function nonceOfFailed(world: World): void {
  test('a transaction with a nonce that fails moves it too', async () => {
    const [owner, stranger] = await world.wallets(2);
    if (!owner || !stranger) throw new Error('wallets');
    const { session } = await world.open(owner);
    const account = await nonceAccount(world, stranger);
    const before = await held(world, account);
    const refused = await signed(world, stranger, account, await s.pauseSession({ authority: stranger, session }));
    const lifetime = await s.lifetimeOf(world.ledger, refused);
    const status = await s.land(world.ledger, refused, lifetime, options);
    expect(status?.error).toMatchObject({ InstructionError: [1, { Custom: 6_003 }] });
    expect((await world.ledger.receipt(getSignatureFromTransaction(refused)))?.failure?.name).toBe('PermissionDenied');
    expect((await held(world, account)).nonce).not.toBe(before.nonce);
  });
}
