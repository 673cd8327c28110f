//! `spend`: pays SOL or tokens out of the vault, by a member with SPEND and an allowance.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Allowance, AsPassed, Denied, Member, Session, Stored},
        vaults::{self, Movement, TokenRoute, VaultSigner},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        SessionError,
        rules::outflow::SOL,
        same,
        state::{At, Payment, session::vault::check_balance},
    },
};

/// Arguments of `spend`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct SpendArgs {
    /// How much leaves the vault, in lamports or the mint's smallest parts. Of a mint with a fee less arrives.
    pub amount: u64,
}

/// Accounts of `spend`.
#[derive(Accounts)]
pub struct Spend {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The member's allowance of the mint, or of SOL.
    #[account(mut)]
    pub allowance: Stored<Allowance>,
    /// The session's vault; writable for SOL.
    ///
    /// CHECK: its address is the one that the session knows since the allowance was made.
    pub vault: UncheckedAccount,
    /// The wallet that is paid; writable for SOL.
    ///
    /// CHECK: the transition checks that the allowance lists it; it only receives.
    pub destination: UncheckedAccount,
    /// Moves lamports.
    pub system_program: Program<System>,
    /// The mint, for tokens. Where it is SOL this program stands here and in the places behind it.
    ///
    /// CHECK: the handler checks that it is a mint of the token program, and the transition that the allowance is of it.
    pub mint: UncheckedAccount,
    /// The vault's token account; writable for tokens.
    ///
    /// CHECK: the handler checks its owner, its mint and its program.
    pub vault_tokens: UncheckedAccount,
    /// The destination's token account; writable for tokens.
    ///
    /// CHECK: the handler checks its owner, its mint and its program.
    pub destination_tokens: UncheckedAccount,
    /// SPL Token or Token-2022.
    ///
    /// CHECK: the handler checks that it is one of the two.
    pub token_program: UncheckedAccount,
}

impl Spend {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: SpendArgs) -> Result<()> {
        let Spend { signer, session, member, allowance, vault, destination, mint, vault_tokens, destination_tokens, token_program, .. } =
            &mut ctx.accounts;
        let (view, address, of) = (*allowance.account(), *session.account(), *member.account());
        let (vault, destination) = (vault.account(), destination.account());
        session.state.check_vault(vault.address())?;
        if same(destination.address(), vault.address()) {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        let route = TokenRoute::of(mint, vault_tokens, destination_tokens, token_program)?;
        let paid_in = route.map_or(SOL, |route| *route.mint.address());
        let act = act_now(&view, signer)?;
        let bump = [session.state.vault_bump];
        let payment = Payment { mint: &paid_in, amount: args.amount, destination: destination.address() };
        let held = At { address: address.address(), state: session.held() };
        let member = At { address: of.address(), state: &mut member.state };
        allowance.state.spend(&act, held, member, &payment, &mut Log).map_err(refuse)?;
        match &route {
            None => vaults::check_lamports(vault, args.amount)?,
            Some(route) => check_balance(route.balance(vault.address(), destination.address())?, args.amount, 0)?,
        }
        let movement = Movement { from: vault, to: destination, route, amount: args.amount };
        VaultSigner { session: address.address(), bump }.sign(|seeds| movement.make(seeds))
    }
}
