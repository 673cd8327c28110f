/** The session's vault: what goes in, what members may take out, and what comes back. Without tokens it is SOL. */
import { AccountRole, type Address, type Instruction, type TransactionSigner } from '@solana/kit';
import {
  ASSOCIATED_TOKEN_PROGRAM,
  allowanceAddress,
  associatedTokenAddress,
  idBytes,
  memberAddress,
  type SessionId,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
  vaultAddress,
} from '../address.js';
import { type AllowanceChoice, allowanceTerms } from '../config.js';
import {
  getDepositInstructionAsync,
  getSetAllowanceInstructionAsync,
  getSpendInstructionAsync,
  getSpendTokensInstructionAsync,
  getWithdrawInstructionAsync,
} from '../generated/instructions/index.js';
import { memberOf, type Paying, type SessionInstruction, type SharedActing, sharing } from './common.js';
import type { AuthorityStep } from './lifecycle.js';

/** Tokens: their mint and the program that keeps them. */
export interface Tokens {
  /** The mint. */
  readonly mint: Address;
  /** SPL Token or Token-2022; SPL Token. */
  readonly program?: Address;
}

/** What moves. */
export interface Moving {
  /** The tokens; SOL. */
  readonly tokens?: Tokens;
  /** How much, in lamports or the mint's smallest parts. */
  readonly amount: number | bigint;
}

const programOf = ({ program = TOKEN_PROGRAM }: Tokens): Address => program;

/** The address of the associated token account of `owner`. */
export const tokenAccountAddress = (owner: Address, tokens: Tokens): Promise<Address> =>
  associatedTokenAddress(owner, tokens.mint, programOf(tokens));

/** Makes the associated token account of `owner`, if it is not there: the token program's own instruction, paid for by `payer`. */
export async function createTokenAccount(input: {
  readonly payer: TransactionSigner;
  readonly owner: Address;
  readonly tokens: Tokens;
}): Promise<Instruction> {
  const { payer, owner, tokens } = input;
  const readonly = [owner, tokens.mint, SYSTEM_PROGRAM, programOf(tokens)];
  const accounts = [
    { address: payer.address, role: AccountRole.WRITABLE_SIGNER, signer: payer },
    { address: await tokenAccountAddress(owner, tokens), role: AccountRole.WRITABLE },
    ...readonly.map((address) => ({ address, role: AccountRole.READONLY })),
  ];
  // CreateIdempotent.
  return { programAddress: ASSOCIATED_TOKEN_PROGRAM, accounts, data: Uint8Array.of(1) };
}

/** The accounts between which tokens move; nothing for SOL. */
async function route(tokens: Tokens | undefined, from: Address, to: Address) {
  if (tokens === undefined) return undefined;
  const [source, target] = await Promise.all([tokenAccountAddress(from, tokens), tokenAccountAddress(to, tokens)]);
  return { from: source, to: target, mint: tokens.mint, tokenProgram: programOf(tokens) };
}

/** `deposit`: puts SOL or tokens into the vault, by anyone. The vault's token account has to be there; `createTokenAccount` makes it. */
export async function deposit(
  input: Moving & { readonly depositor: TransactionSigner; readonly session: Address },
): Promise<SessionInstruction> {
  const { depositor, session, tokens, amount } = input;
  const vault = await vaultAddress(session);
  const moved = await route(tokens, depositor.address, vault);
  const accounts = moved && {
    mint: moved.mint,
    depositorTokens: moved.from,
    vaultTokens: moved.to,
    tokenProgram: moved.tokenProgram,
  };
  return getDepositInstructionAsync({ depositor, session, vault, ...accounts, amount });
}

/** `set_allowance`: sets what the member `wallet` may take out of the vault, by the authority; `payer` pays for an allowance that is made. */
export async function setAllowance(
  input: AuthorityStep &
    Paying & {
      /** The member's wallet. */
      readonly wallet: Address;
      /** Of which mint; SOL. */
      readonly mint?: Address;
      /** What it may take; everything that is left out is unlimited. */
      readonly terms: AllowanceChoice;
    },
): Promise<SessionInstruction> {
  const { authority, payer = authority, session, wallet, mint = SYSTEM_PROGRAM } = input;
  const member = await memberAddress(session, wallet);
  return getSetAllowanceInstructionAsync({
    authority,
    payer,
    session,
    member,
    mint,
    terms: allowanceTerms(input.terms),
  });
}

/**
 * `spend`, or `spend_tokens`: pays SOL or tokens out of the vault to the wallet `destination`, by a member with SPEND and an allowance. Tokens go to the
 * destination's associated token account, which has to be there.
 */
export async function spend(
  input: SharedActing & Moving & { readonly destination: Address },
): Promise<SessionInstruction> {
  const { signer, session, destination, tokens, amount } = input;
  const [member, vault] = await Promise.all([memberOf(input), vaultAddress(session)]);
  const moved = await route(tokens, vault, destination);
  const allowance = await allowanceAddress(member, tokens?.mint ?? null);
  const accounts = { signer, session, member, vault, destination, allowance };
  if (moved === undefined) return sharing(input, await getSpendInstructionAsync({ ...accounts, amount }));
  const { mint, tokenProgram, from: vaultTokens, to: destinationTokens } = moved;
  const tokenAccounts = { mint, tokenProgram, vaultTokens, destinationTokens };
  return sharing(input, await getSpendTokensInstructionAsync({ ...accounts, ...tokenAccounts, amount }));
}

/** What is withdrawn from which vault. */
export interface Withdrawal extends Moving {
  /** Who signs. */
  readonly signer: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
  /** The session's id, which is needed once the session is gone. */
  readonly id: SessionId;
  /** The wallet that gets it; once the session is closed or gone, its creator. Tokens go to its associated token account, which has to be there. */
  readonly recipient: Address;
}

/**
 * `withdraw`: takes SOL or tokens out of the vault, by the authority; once the session is closed or gone by anyone, to its creator. `UNLIMITED` as the
 * amount is all of it, which it is in any case once the session is closed or gone.
 */
export async function withdraw(input: Withdrawal): Promise<SessionInstruction> {
  const { signer, session, recipient, tokens, amount } = input;
  const [vault, sessionId] = await Promise.all([vaultAddress(session), idBytes(input.id)]);
  const moved = await route(tokens, vault, recipient);
  const accounts = moved && {
    mint: moved.mint,
    vaultTokens: moved.from,
    recipientTokens: moved.to,
    tokenProgram: moved.tokenProgram,
  };
  return getWithdrawInstructionAsync({ signer, session, vault, recipient, ...accounts, amount, sessionId });
}
