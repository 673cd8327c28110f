/** A wallet as browsers' extensions are: by the interfaces of the Wallet Standard, not by what this package makes of them. */
import {
  generateKeyPairSigner,
  getAddressEncoder,
  getTransactionDecoder,
  getTransactionEncoder,
  type KeyPairSigner,
  partiallySignTransaction,
} from '@solana/kit';
import {
  SolanaSignTransaction,
  type SolanaSignTransactionFeature,
  type SolanaSignTransactionInput,
  type SolanaSignTransactionMethod,
} from '@solana/wallet-standard-features';
import type { Wallet, WalletAccount } from '@wallet-standard/base';
import {
  StandardConnect,
  type StandardConnectFeature,
  StandardEvents,
  type StandardEventsFeature,
} from '@wallet-standard/features';

const DEVNET = 'solana:devnet';

/** A wallet with one account, whose key it keeps to itself. */
export class TestWallet implements Wallet {
  readonly version = '1.0.0';
  readonly name = 'Test';
  readonly icon = 'data:image/svg+xml;base64,PHN2Zy8+';
  readonly chains = [DEVNET] as const;
  readonly accounts: readonly [WalletAccount];
  readonly features: SolanaSignTransactionFeature & StandardConnectFeature & StandardEventsFeature;
  /** What it was asked to sign. */
  readonly asked: SolanaSignTransactionInput[] = [];
  /** Whether its owner signs. */
  isWilling = true;
  readonly #key: KeyPairSigner;

  private constructor(key: KeyPairSigner) {
    this.#key = key;
    const { address } = key;
    const publicKey = new Uint8Array(getAddressEncoder().encode(address));
    this.accounts = [{ address, publicKey, chains: this.chains, features: [SolanaSignTransaction] }];
    this.features = {
      [StandardConnect]: { version: '1.0.0', connect: async () => ({ accounts: this.accounts }) },
      [StandardEvents]: { version: '1.0.0', on: () => () => {} },
      [SolanaSignTransaction]: {
        version: '1.0.0',
        supportedTransactionVersions: ['legacy', 0],
        signTransaction: this.#sign,
      },
    };
  }

  /** One with a new key. */
  static async make(): Promise<TestWallet> {
    return new TestWallet(await generateKeyPairSigner());
  }

  /** Its only account. */
  get account(): WalletAccount {
    return this.accounts[0];
  }

  readonly #sign: SolanaSignTransactionMethod = async (...inputs) => {
    this.asked.push(...inputs);
    if (!this.isWilling) throw new Error('declined');
    const signing = inputs.map(async ({ account, transaction }) => {
      // As wallets do: the account is the one that it gave out, not one with the same address.
      if (account !== this.account) throw new Error('this is no account of this wallet');
      const decoded = getTransactionDecoder().decode(transaction);
      const signed = await partiallySignTransaction([this.#key.keyPair], decoded);
      return { signedTransaction: new Uint8Array(getTransactionEncoder().encode(signed)) };
    });
    return Promise.all(signing);
  };
}
