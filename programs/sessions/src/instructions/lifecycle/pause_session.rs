//! `pause_session`: Active → Paused, by the authority.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `pause_session`.
#[derive(Accounts)]
pub struct PauseSession {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl PauseSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.authority, |state, act| state.pause(act, &mut Log))
    }
}
