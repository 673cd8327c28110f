/** Wallets: what this package wants of them is what the Wallet Standard says that they have. */
import type { Address } from '@solana/kit';
import type {
  SolanaSignAndSendTransactionFeature,
  SolanaSignTransactionInput,
  SolanaSignTransactionOutput,
} from '@solana/wallet-standard-features';
import type { IdentifierString, Wallet, WalletAccount } from '@wallet-standard/base';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as s from '../../src/index.js';
import { TestWallet } from '../help/wallet.js';

const blockhash = 'Vote111111111111111111111111111111111111111' as Address;
const lifetime = { blockhash: blockhash as never, lastValidBlockHeight: 9n };

/** Wallets and accounts of the standard are taken as they are; `npm run check` compiles this. */
const taken = (wallet: Wallet, account: WalletAccount): readonly [s.StandardWallet, s.StandardAccount] => [
  wallet,
  account,
];

describe('a wallet of the Wallet Standard', () => {
  test('is one of this package, and so is its account', async () => {
    expectTypeOf<Wallet>().toExtend<s.StandardWallet>();
    expectTypeOf<WalletAccount>().toExtend<s.StandardAccount>();
    expectTypeOf(s.walletSigner).toBeCallableWith({} as Wallet, {} as WalletAccount, 'solana:mainnet');
    type Chain = NonNullable<Parameters<typeof s.walletSigner>[2]>;
    expectTypeOf<Chain>().toExtend<IdentifierString>();
    expectTypeOf<Chain>().toExtend<NonNullable<SolanaSignTransactionInput['chain']>>();
    expectTypeOf<SolanaSignTransactionOutput>().toExtend<{ readonly signedTransaction: Uint8Array }>();
    const wallet = await TestWallet.make();
    expect(taken(wallet, wallet.account)).toEqual([wallet, wallet.account]);
  });

  test('signs as a signer of kit', async () => {
    const wallet = await TestWallet.make();
    const signer = s.walletSigner(wallet, wallet.account, 'solana:devnet');
    expect(signer.address).toBe(wallet.account.address);
    const signed = await s.sign({ payer: signer, instructions: [] }, lifetime);
    expect(signed.signatures[signer.address]).not.toBeNull();
    expect(s.blockhashOf(signed)).toBe(blockhash);
    expect(wallet.asked).toEqual([
      { account: wallet.account, chain: 'solana:devnet', transaction: expect.any(Uint8Array) },
    ]);
  });

  test('is not told a chain that nobody named, and may decline', async () => {
    const wallet = await TestWallet.make();
    wallet.isWilling = false;
    const payer = s.walletSigner(wallet, wallet.account);
    await expect(s.sign({ payer, instructions: [] }, lifetime)).rejects.toThrow('declined');
    expect(wallet.asked).toEqual([{ account: wallet.account, transaction: expect.any(Uint8Array) }]);
  });

  test('that only sends what it signs is refused', async () => {
    const wallet = await TestWallet.make();
    const features: SolanaSignAndSendTransactionFeature = {
      'solana:signAndSendTransaction': {
        version: '1.0.0',
        supportedTransactionVersions: [0],
        signAndSendTransaction: async () => [],
      },
    };
    const sender: Wallet = { ...wallet, name: 'Sender', features };
    expect(() => s.walletSigner(sender, wallet.account)).toThrow(
      'the wallet Sender does not offer solana:signTransaction',
    );
  });
});
