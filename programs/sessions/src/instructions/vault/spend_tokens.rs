//! `spend_tokens`: pays tokens out of the vault, by a member with SPEND and an allowance of their mint.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Allowance, AsPassed, Denied, Member, Session, Stored},
        vaults::{TokenRoute, VaultSigner},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        SessionError, same,
        state::{At, Payment, session::vault::check_balance},
    },
};

/// Arguments of `spend_tokens`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct SpendTokensArgs {
    /// How much leaves the vault, in the mint's smallest parts. Of a mint with a fee less arrives.
    pub amount: u64,
}

/// Accounts of `spend_tokens`.
#[derive(Accounts)]
pub struct SpendTokens {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The member's allowance of the mint.
    #[account(mut)]
    pub allowance: Stored<Allowance>,
    /// The session's vault.
    ///
    /// CHECK: its address is the one that the session knows since the allowance was made.
    pub vault: UncheckedAccount,
    /// The wallet that is paid.
    ///
    /// CHECK: the transition checks that the allowance lists it; it is only named.
    pub destination: UncheckedAccount,
    /// The mint.
    ///
    /// CHECK: the handler checks that it is a mint of the token program, and the transition that the allowance is of it.
    pub mint: UncheckedAccount,
    /// The vault's token account.
    ///
    /// CHECK: the handler checks its owner, its mint and its program.
    #[account(mut, unsafe(dup))]
    pub vault_tokens: UncheckedAccount,
    /// The destination's token account. It is refused by name where it is the vault's (`unsafe(dup)`).
    ///
    /// CHECK: the handler checks its owner, its mint and its program.
    #[account(mut, unsafe(dup))]
    pub destination_tokens: UncheckedAccount,
    /// SPL Token or Token-2022.
    ///
    /// CHECK: the handler checks that it is one of the two.
    pub token_program: UncheckedAccount,
}

impl SpendTokens {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: SpendTokensArgs) -> Result<()> {
        let SpendTokens { signer, session, member, allowance, vault, destination, mint, vault_tokens, destination_tokens, token_program } =
            &mut ctx.accounts;
        let (view, address, of) = (*allowance.account(), *session.account(), *member.account());
        let (vault, destination) = (vault.account(), destination.account());
        session.state.check_vault(vault.address())?;
        if same(destination.address(), vault.address()) {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        let route = TokenRoute::between(mint, vault_tokens, destination_tokens, token_program);
        let act = act_now(&view, signer)?;
        let bump = [session.state.vault_bump];
        let payment = Payment { mint: route.mint.address(), amount: args.amount, destination: destination.address() };
        let held = At { address: address.address(), state: session.held() };
        let member = At { address: of.address(), state: &mut member.state };
        allowance.state.spend(&act, held, member, &payment, &mut Log).map_err(refuse)?;
        check_balance(route.balance(vault.address(), destination.address())?, args.amount, 0)?;
        VaultSigner { session: address.address(), bump }.sign(|seeds| route.transfer(vault, args.amount, seeds))
    }
}
