//! `leave_session`: a member leaves.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::At,
};

/// Accounts of `leave_session`.
#[derive(Accounts)]
pub struct LeaveSession {
    /// The member's wallet; the transition checks it against the membership.
    pub wallet: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
}

impl LeaveSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let LeaveSession { wallet, session, member } = &mut ctx.accounts;
        let (view, address) = (*member.account(), *session.account());
        let session = At { address: address.address(), state: &mut session.state };
        member.state.leave(&act_now(&view, wallet)?, session, &mut Log).map_err(refuse)
    }
}
