//! The session's vault: what goes in, what members may take out, and what comes back. Without tokens it is SOL.

use {
    super::{Acting, PROGRAM, SYSTEM_PROGRAM, acting::writable, build},
    crate::address,
    sessions::{
        accounts as metas, instruction as data,
        instructions::{DepositArgs, SetAllowanceArgs, SpendArgs, SpendTokensArgs, WithdrawArgs},
    },
    sessions_core::{rules::allowance::AllowanceTerms, rules::outflow::SOL},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// The associated token program.
const ASSOCIATED_TOKEN_PROGRAM: Address = anchor_spl::associated_token::ID;

/// Tokens: their mint and the program that keeps them, SPL Token or Token-2022.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The mint.
    pub mint: Address,
    /// The token program.
    pub program: Address,
}

impl Tokens {
    /// The associated token account of `owner`.
    pub fn of(&self, owner: &Address) -> Address {
        address::associated_token(owner, &self.mint, &self.program)
    }

    /// Makes the associated token account of `owner`, if it is not there: the token program's own instruction, paid for by `payer`.
    pub fn create_account(&self, payer: Address, owner: Address) -> Instruction {
        let accounts = vec![
            AccountMeta::new(payer, true),
            writable(self.of(&owner)),
            AccountMeta::new_readonly(owner, false),
            AccountMeta::new_readonly(self.mint, false),
            AccountMeta::new_readonly(SYSTEM_PROGRAM, false),
            AccountMeta::new_readonly(self.program, false),
        ];
        // CreateIdempotent.
        Instruction { program_id: ASSOCIATED_TOKEN_PROGRAM, accounts, data: vec![1] }
    }
}

/// The accounts between which tokens move; for SOL the session program stands for each of them.
struct Route {
    mint: Address,
    from: Address,
    to: Address,
    program: Address,
}

impl Route {
    fn of(tokens: Option<Tokens>, from: &Address, to: &Address) -> Self {
        match tokens {
            Some(tokens) => Self { mint: tokens.mint, from: tokens.of(from), to: tokens.of(to), program: tokens.program },
            None => Self { mint: PROGRAM, from: PROGRAM, to: PROGRAM, program: PROGRAM },
        }
    }

    /// The instruction with the accounts that tokens move between passed for writing.
    fn pass(&self, mut instruction: Instruction) -> Instruction {
        for meta in instruction.accounts.iter_mut().filter(|meta| meta.pubkey == self.from || meta.pubkey == self.to) {
            meta.is_writable |= meta.pubkey != PROGRAM;
        }
        instruction
    }
}

/// `deposit`: puts SOL or tokens into the vault, by anyone. The vault's token account has to be there; [`Tokens::create_account`] makes it.
pub fn deposit(depositor: Address, session: Address, tokens: Option<Tokens>, amount: u64) -> Instruction {
    let vault = address::vault(&session);
    let route = Route::of(tokens, &depositor, &vault);
    let accounts = metas::Deposit {
        depositor,
        session,
        vault,
        system_program: SYSTEM_PROGRAM,
        mint: route.mint,
        depositor_tokens: route.from,
        vault_tokens: route.to,
        token_program: route.program,
    };
    route.pass(build(accounts, data::Deposit { args: DepositArgs { amount } }))
}

/// `set_allowance`: sets what the member `wallet` may take out of the vault of `mint`, or of SOL, by the authority; `payer` pays for an allowance
/// that is made.
pub fn set_allowance(
    authority: Address,
    payer: Address,
    session: Address,
    wallet: Address,
    mint: Option<Address>,
    terms: AllowanceTerms,
) -> Instruction {
    let (member, mint) = (address::member(&session, &wallet), mint.unwrap_or(SOL));
    let accounts = metas::SetAllowance {
        authority,
        payer,
        session,
        member,
        vault: address::vault(&session),
        allowance: address::allowance(&member, &mint),
        system_program: SYSTEM_PROGRAM,
    };
    build(accounts, data::SetAllowance { args: &SetAllowanceArgs { mint, terms } })
}

/// `spend`, or `spend_tokens`: pays SOL or tokens out of the vault to the wallet `destination`, by a member with SPEND and an allowance. Tokens go to
/// the destination's associated token account, which has to be there.
pub fn spend(acting: Acting, destination: Address, tokens: Option<Tokens>, amount: u64) -> Instruction {
    let Acting { signer, session, .. } = acting;
    let (member, vault) = (acting.member(), address::vault(&session));
    let instruction = match tokens {
        None => {
            let allowance = address::allowance(&member, &SOL);
            let accounts = metas::Spend { signer, session, member, allowance, vault, destination, system_program: SYSTEM_PROGRAM };
            build(accounts, data::Spend { args: SpendArgs { amount } })
        }
        Some(tokens) => {
            let accounts = metas::SpendTokens {
                signer,
                session,
                member,
                allowance: address::allowance(&member, &tokens.mint),
                vault,
                destination,
                mint: tokens.mint,
                vault_tokens: tokens.of(&vault),
                destination_tokens: tokens.of(&destination),
                token_program: tokens.program,
            };
            build(accounts, data::SpendTokens { args: SpendTokensArgs { amount } })
        }
    };
    acting.pass(instruction)
}

/// What is withdrawn from which vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The session's address.
    pub session: Address,
    /// The session's id, which is needed once the session is gone.
    pub session_id: [u8; 32],
    /// The wallet that gets it; once the session is closed or gone, its creator.
    pub recipient: Address,
    /// The tokens; none for SOL. They go to the recipient's associated token account, which has to be there.
    pub tokens: Option<Tokens>,
    /// How much, in lamports or the mint's smallest parts; 2⁶⁴ − 1 for all of it, which it is in any case once the session is closed or gone.
    pub amount: u64,
}

/// `withdraw`: takes SOL or tokens out of the vault, by the authority; once the session is closed or gone by anyone, to its creator.
pub fn withdraw(signer: Address, withdrawal: Withdrawal) -> Instruction {
    let Withdrawal { session, session_id, recipient, tokens, amount } = withdrawal;
    let vault = address::vault(&session);
    let route = Route::of(tokens, &vault, &recipient);
    let accounts = metas::Withdraw {
        signer,
        session,
        vault,
        recipient,
        system_program: SYSTEM_PROGRAM,
        mint: route.mint,
        vault_tokens: route.from,
        recipient_tokens: route.to,
        token_program: route.program,
    };
    route.pass(build(accounts, data::Withdraw { args: &WithdrawArgs { amount, session_id } }))
}
