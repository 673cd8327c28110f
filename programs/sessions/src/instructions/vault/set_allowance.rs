//! `set_allowance`: sets what a member may take out of the vault, of one mint, by the authority.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Allowance, Member, Session, Stored},
        vaults,
    },
    anchor_lang::prelude::*,
    sessions_core::{AllowanceState, rules::allowance::AllowanceTerms, state::At},
};

/// Arguments of `set_allowance`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct SetAllowanceArgs {
    /// The mint; zeros for SOL.
    pub mint: Address,
    /// What is allowed.
    pub terms: AllowanceTerms,
}

/// Accounts of `set_allowance`.
#[derive(Accounts)]
pub struct SetAllowance {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// Who pays the rent of an allowance that is made, and gets it back. It has no data to alias, so it may be the authority too
    /// (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The membership.
    pub member: Stored<Member>,
    /// The session's vault.
    ///
    /// CHECK: the handler compares its address with the session's, or derives it if the session does not know it yet.
    pub vault: UncheckedAccount,
    /// The allowance's account, made if it is not there.
    ///
    /// CHECK: where it is made its address is derived by the handler; where it is there the handler loads it as an allowance, and the transition
    /// checks that it is this member's and this mint's.
    #[account(mut)]
    pub allowance: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl SetAllowance {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &SetAllowanceArgs) -> Result<()> {
        let SetAllowance { authority, payer, session, member, vault, allowance, .. } = &mut ctx.accounts;
        let (view, address, of) = (*allowance.account(), *session.account(), *member.account());
        let settled = vaults::settle(vault.account(), address.address(), &session.state)?;
        let seeds = AllowanceState::seeds(of.address(), &args.mint);
        let (mut allowance, made) = Stored::<Allowance>::open_or_create(&view, payer.account(), &seeds)?;
        let act = act_now(&view, authority)?;
        let member = At { address: of.address(), state: &member.state };
        let session = At { address: address.address(), state: &mut session.state };
        allowance.state.set(&act, session, settled, member, &args.mint, &args.terms, made.as_ref(), &mut Log).map_err(refuse)
    }
}
