//! `resume_session`: Paused → Active, by the authority.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `resume_session`.
#[derive(Accounts)]
pub struct ResumeSession {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl ResumeSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.authority, |state, act| state.resume(act, &mut Log))
    }
}
