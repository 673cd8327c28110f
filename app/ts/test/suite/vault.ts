/** What goes into a session's vault, what members take out, and functions. */
import { AccountRole, type Address, generateKeyPairSigner } from '@solana/kit';
import { expect, test } from 'vitest';
import * as s from '../../src/index.js';
import { balanceOf, mintTokens } from '../help/tokens.js';
import type { World } from '../help/world.js';

/** SPL Memo, which takes any text, and wants the signature of every account that it is called with. */
const MEMO = 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr' as Address;

const SOL = 1_000_000_000n;

export function vault(world: World): void {
  const balance = async (address: Address) => (await s.readOne(world.ledger, address)).account?.lamports ?? 0n;

  test('SOL goes in, is paid out on an allowance, and comes back', async () => {
    const [owner, shop] = await world.wallets(2);
    if (!owner || !shop) throw new Error('wallets');
    const { session, id } = await world.open(owner);
    const deposited = await world.send(owner, s.deposit({ depositor: owner, session, amount: SOL }));
    expect(deposited.events[0]).toMatchObject({ name: 'Deposited', depositor: owner.address, mint: null, amount: SOL });
    const vaultAt = await s.vaultAddress(session);
    expect((await world.session(session)).vault).toBe(vaultAt);
    expect(await balance(vaultAt)).toBe(SOL);
    const terms = { limit: SOL / 2n, perCall: SOL / 4n, destinations: [shop.address] };
    await world.send(owner, s.setAllowance({ authority: owner, session, wallet: owner.address, terms }));
    const member = await s.memberAddress(session, owner.address);
    const allowance = async () => s.readAllowance(await s.readOne(world.ledger, await s.allowanceAddress(member)));
    expect(await allowance()).toMatchObject({
      session,
      member,
      mint: null,
      terms: { perCall: SOL / 4n, destinationCount: 1 },
    });
    const before = await balance(shop.address);
    const spent = await world.send(
      owner,
      s.spend({ signer: owner, session, destination: shop.address, amount: SOL / 4n }),
    );
    expect(spent.events[0]).toMatchObject({
      name: 'AllowanceSpent',
      mint: null,
      destination: shop.address,
      amount: SOL / 4n,
    });
    expect(await balance(shop.address)).toBe(before + SOL / 4n);
    expect((await allowance()).used.total).toBe(SOL / 4n);
    const tooMuch = s.spend({ signer: owner, session, destination: shop.address, amount: SOL / 2n });
    await expect(world.send(owner, tooMuch)).rejects.toMatchObject({ name: 'AllowanceExceeded' });
    const back = s.withdraw({ signer: owner, session, id, recipient: owner.address, amount: s.UNLIMITED });
    const withdrawn = await world.send(owner, back);
    expect(withdrawn.events[0]).toMatchObject({ name: 'Withdrawn', recipient: owner.address, mint: null });
    expect(await balance(vaultAt)).toBe(0n);
  });

  test('less than the rent of a new account is not paid out, and it is said whose that is', async () => {
    const owner = await world.wallet();
    const { session } = await world.open(owner);
    await world.send(owner, s.deposit({ depositor: owner, session, amount: SOL }));
    const terms = { limit: SOL, perCall: SOL, destinations: [] };
    await world.send(owner, s.setAllowance({ authority: owner, session, wallet: owner.address, terms }));
    const { address: destination } = await generateKeyPairSigner();
    const thrown: unknown = await world
      .send(owner, s.spend({ signer: owner, session, destination, amount: 1_000n }))
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(s.TransactionFailed);
    expect(thrown).toMatchObject({ name: 'InsufficientFundsForRent', message: expect.stringContaining(destination) });
    const enough = await world.ledger.minimumBalance(0);
    await world.send(owner, s.spend({ signer: owner, session, destination, amount: enough }));
    expect(await balance(destination)).toBe(enough);
  });

  test('tokens go the same way', async () => {
    const [owner, shop] = await world.wallets(2);
    if (!owner || !shop) throw new Error('wallets');
    const { session, id } = await world.open(owner, { quotas: { operations: { limit: 5 } } });
    const tokens = await mintTokens(world, owner, 1_000n);
    const vaultAt = await s.vaultAddress(session);
    const account = (holder: Address) => s.createTokenAccount({ payer: owner, owner: holder, tokens });
    await world.send(owner, account(vaultAt), account(shop.address));
    await world.send(owner, s.deposit({ depositor: owner, session, tokens, amount: 600 }));
    const held = (await world.ledger.tokenAccounts(vaultAt)).map(s.readHolding);
    expect(held).toEqual([{ mint: tokens.mint, owner: vaultAt, amount: 600n }]);
    expect(s.mintDecimals(await s.readOne(world.ledger, tokens.mint))).toBe(0);
    expect(await world.ledger.tokenAccounts(session)).toEqual([]);
    const terms = { windowLimit: 100, windowSeconds: 3_600 };
    await world.send(
      owner,
      s.setAllowance({ authority: owner, session, wallet: owner.address, mint: tokens.mint, terms }),
    );
    const paying = { signer: owner, session, shared: true, destination: shop.address, tokens, amount: 100 };
    const spent = await world.send(owner, s.spend(paying));
    expect(spent.events[0]).toMatchObject({ name: 'AllowanceSpent', mint: tokens.mint, amount: 100n });
    expect(await balanceOf(world, shop.address, tokens)).toBe(100n);
    await expect(world.send(owner, s.spend(paying))).rejects.toMatchObject({ name: 'AllowanceExceeded' });
    await world.send(owner, s.withdraw({ signer: owner, session, id, recipient: owner.address, tokens, amount: 500 }));
    expect(await balanceOf(world, owner.address, tokens)).toBe(900n);
  });

  test('members call registered functions with the signature of the vault, alone and several in one', async () => {
    const signer = await world.wallet();
    const { session } = await world.open(signer, { settings: ['LOG_EXECUTION'] });
    const selector = new TextEncoder().encode('hi');
    const registering = { authority: signer, session, program: MEMO, units: 3 };
    const registered = await world.send(
      signer,
      s.registerFunction({ ...registering, selector }),
      s.registerFunction({ ...registering, composable: true }),
    );
    expect(registered.events[0]).toMatchObject({
      name: 'FunctionRegistered',
      program: MEMO,
      units: 3n,
      composable: false,
    });
    expect(registered.events[1]).toMatchObject({ name: 'FunctionRegistered', composable: true, selectorLength: 0 });
    const vaultAt = await s.vaultAddress(session);
    const memo = (words: string) => ({
      programAddress: MEMO,
      accounts: [{ address: vaultAt, role: AccountRole.READONLY_SIGNER }],
      data: new TextEncoder().encode(words),
    });
    const executed = await world.send(
      signer,
      s.executeFunction({ signer, session, call: { selector, instruction: memo('hi there') } }),
    );
    expect(executed.events[0]).toMatchObject({ name: 'FunctionExecuted', program: MEMO, units: 3n, selectorLength: 2 });
    expect(executed.logs.join('\n')).toContain('hi there');
    const calls = [{ instruction: memo('one') }, { instruction: memo('two') }];
    const composed = await world.send(signer, s.composeFunctions({ signer, session, calls }));
    expect(composed.events.map(({ name }) => name)).toEqual(['FunctionExecuted', 'FunctionExecuted']);
    const wrong = s.executeFunction({ signer, session, call: { selector, instruction: memo('no') } });
    await expect(world.send(signer, wrong)).rejects.toMatchObject({
      name: 'PolicyViolation',
      detail: 'the data does not begin with the bytes that the function is registered for',
    });
    const found = s.readFunction(await s.readOne(world.ledger, await s.functionAddress(session, MEMO, selector)));
    expect(found).toMatchObject({ session, program: MEMO, units: 3n, selectorLength: 2, composable: false });
    const gone = await world.send(signer, s.unregisterFunction({ authority: signer, function: found }));
    expect(gone.events[0]).toMatchObject({ name: 'FunctionUnregistered', program: MEMO });
  });
}
