//! `accept_authority`: the proposed authority accepts to rule the session.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `accept_authority`.
#[derive(Accounts)]
pub struct AcceptAuthority {
    /// Who was proposed; the transition checks it against the stored one.
    pub wallet: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The wallet's membership.
    pub member: Stored<Member, Denied>,
}

impl AcceptAuthority {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let AcceptAuthority { wallet, session, member } = &mut ctx.accounts;
        take_step(session, wallet, |state, act| state.accept_authority(act, &member.state, &mut Log))
    }
}
