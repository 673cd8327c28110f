//! `join_session`: joins a session without an invitation, where it allows that.

use {
    super::seat,
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::At,
};

/// Accounts of `join_session`.
#[derive(Accounts)]
pub struct JoinSession {
    /// Who joins.
    pub wallet: Signer,
    /// Who pays the rent of the membership, if it is made, and gets it back. It has no data to alias, so it may be the wallet too
    /// (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The wallet's membership, made if the wallet never had one.
    ///
    /// CHECK: where it is made its address is derived by the handler; where it is there the handler loads it as a membership, and the transition
    /// checks that it is this wallet's in this session.
    #[account(mut)]
    pub member: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl JoinSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let JoinSession { wallet, payer, session, member, .. } = &mut ctx.accounts;
        let (view, address) = (*member.account(), *session.account());
        let (mut member, made) = seat(&view, address.address(), wallet.address(), payer.account())?;
        let session = At { address: address.address(), state: &mut session.state };
        member.state.join(&act_now(&view, wallet)?, session, made, &mut Log).map_err(refuse)
    }
}
