//! `propose_authority`: proposes another authority, by the present one.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Member, Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `propose_authority`.
#[derive(Accounts)]
pub struct ProposeAuthority {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The membership of who is proposed.
    pub member: Stored<Member>,
}

impl ProposeAuthority {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let ProposeAuthority { authority, session, member } = &mut ctx.accounts;
        take_step(session, authority, |state, act| state.propose_authority(act, &member.state, &mut Log))
    }
}
