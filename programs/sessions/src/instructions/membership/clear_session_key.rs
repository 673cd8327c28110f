//! `clear_session_key`: a member takes its session key back.

use {
    crate::{
        events::Log,
        instructions::change_member,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `clear_session_key`.
#[derive(Accounts)]
pub struct ClearSessionKey {
    /// The member's wallet; the transition checks it against the membership.
    pub wallet: Signer,
    /// The session.
    pub session: Stored<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
}

impl ClearSessionKey {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let ClearSessionKey { wallet, session, member } = &mut ctx.accounts;
        change_member(member, session, wallet, |state, act, session| state.clear_session_key(act, session, &mut Log))
    }
}
