//! `deposit`: puts SOL or tokens into the session's vault, by anyone.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Session, Stored},
        tokens,
        vaults::{self, Movement, TokenRoute},
    },
    anchor_lang::prelude::*,
    sessions_core::{SessionError, rules::outflow::SOL},
};

/// Arguments of `deposit`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct DepositArgs {
    /// How much leaves the depositor, in lamports or the mint's smallest parts. Of a mint with a fee less arrives.
    pub amount: u64,
}

/// Accounts of `deposit`.
#[derive(Accounts)]
pub struct Deposit {
    /// Who deposits.
    #[account(mut)]
    pub depositor: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The session's vault.
    ///
    /// CHECK: the handler compares its address with the session's, or derives it if the session does not know it yet.
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// Moves lamports.
    pub system_program: Program<System>,
    /// The mint, for tokens. Where it is SOL this program stands here and in the places behind it.
    ///
    /// CHECK: the handler checks that it is a mint of the token program, without an extension that could take value in another way.
    pub mint: UncheckedAccount,
    /// The depositor's token account; writable for tokens.
    ///
    /// CHECK: the handler checks its owner, its mint and its program.
    pub depositor_tokens: UncheckedAccount,
    /// The vault's associated token account; writable for tokens.
    ///
    /// CHECK: the handler checks its address, its owner, its mint and its program.
    pub vault_tokens: UncheckedAccount,
    /// SPL Token or Token-2022.
    ///
    /// CHECK: the handler checks that it is one of the two.
    pub token_program: UncheckedAccount,
}

impl Deposit {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: DepositArgs) -> Result<()> {
        let Deposit { depositor, session, vault, mint, depositor_tokens, vault_tokens, token_program, .. } = &mut ctx.accounts;
        let (view, vault) = (*session.account(), *vault.account());
        let settled = vaults::settle(&vault, view.address(), &session.state)?;
        let act = act_now(&view, depositor)?;
        session.state.check_deposit(&act, args.amount).map_err(refuse)?;
        let route = TokenRoute::of(mint, depositor_tokens, vault_tokens, token_program)?;
        let movement = Movement { from: depositor.account(), to: &vault, route, amount: args.amount };
        let (mint, arrived) = match route {
            None => {
                movement.make(&[])?;
                if vault.lamports() < vaults::rent_minimum()? {
                    return Err(SessionError::VaultBelowRent.into());
                }
                (SOL, args.amount)
            }
            Some(route) => {
                let (program, mint) = (route.program.address(), *route.mint.address());
                // The program is one of the two before anything that it owns means something.
                tokens::decimals(&route.mint, program)?;
                tokens::check_mint(&route.mint)?;
                tokens::check_associated(&route.to, program, &mint, vault.address())?;
                route.balance(depositor.address(), vault.address())?;
                let before = tokens::balance(&route.to, program, &mint, vault.address())?;
                movement.make(&[])?;
                let after = tokens::balance(&route.to, program, &mint, vault.address())?;
                (mint, after.saturating_sub(before))
            }
        };
        session.state.deposit(&act, settled, &mint, arrived, &mut Log).map_err(refuse)
    }
}
