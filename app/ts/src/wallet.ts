/** Wallets of the Wallet Standard as signers: any framework's wallet account, without depending on one. */
import {
  address,
  assertIsTransactionWithinSizeLimit,
  getCompiledTransactionMessageDecoder,
  getTransactionDecoder,
  getTransactionEncoder,
  getTransactionLifetimeConstraintFromCompiledTransactionMessage,
  type TransactionModifyingSigner,
} from '@solana/kit';

/** An account of a wallet, as the Wallet Standard has it. */
export interface StandardAccount {
  /** Its address. */
  readonly address: string;
  /** What it can do, by name. */
  readonly features: readonly string[];
}

/** What a wallet is asked to sign. */
interface SignInput {
  readonly account: StandardAccount;
  readonly transaction: Uint8Array;
  readonly chain?: string;
}

/** A wallet, as the Wallet Standard has it. */
export interface StandardWallet {
  /** Its name. */
  readonly name: string;
  /** What it can do, by name. */
  readonly features: Readonly<Record<string, unknown>>;
}

const SIGN = 'solana:signTransaction';

/** A wallet that cannot sign a transaction without sending it: what it signs cannot be handed over as the same bytes again. */
export class WalletCannotSign extends Error {
  override readonly name = 'WalletCannotSign';

  constructor(wallet: string) {
    super(`the wallet ${wallet} does not offer ${SIGN}; use a wallet that signs without sending, or a session key`);
  }
}

type Sign = (...inputs: readonly SignInput[]) => Promise<readonly { readonly signedTransaction: Uint8Array }[]>;

/**
 * A wallet's account as a signer of kit. `chain` says for which cluster, like `solana:mainnet` or `solana:devnet`. The wallet may change what it signs, as
 * by a priority fee of its own.
 *
 * @throws WalletCannotSign if the wallet does not offer `solana:signTransaction`.
 */
export function walletSigner(
  wallet: StandardWallet,
  account: StandardAccount,
  chain?: `solana:${string}`,
): TransactionModifyingSigner {
  const feature = wallet.features[SIGN] as { readonly signTransaction?: Sign } | undefined;
  const signTransaction = feature?.signTransaction;
  if (signTransaction === undefined) throw new WalletCannotSign(wallet.name);
  return {
    address: address(account.address),
    async modifyAndSignTransactions(transactions, config) {
      config?.abortSignal?.throwIfAborted();
      const encoder = getTransactionEncoder();
      const inputs = transactions.map((transaction) => ({
        account,
        transaction: new Uint8Array(encoder.encode(transaction)),
        ...(chain && { chain }),
      }));
      const outputs = await signTransaction(...inputs);
      const signed = outputs.map(async ({ signedTransaction }, place) => {
        const transaction = getTransactionDecoder().decode(signedTransaction);
        assertIsTransactionWithinSizeLimit(transaction);
        const given = transactions[place];
        const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
        const lifetimeConstraint =
          given !== undefined && 'lifetimeConstraint' in given
            ? given.lifetimeConstraint
            : await getTransactionLifetimeConstraintFromCompiledTransactionMessage(
                message as Parameters<typeof getTransactionLifetimeConstraintFromCompiledTransactionMessage>[0],
              );
        return { ...transaction, lifetimeConstraint };
      });
      return Promise.all(signed);
    },
  };
}
