//! `update_session`: changes what may change of a session from Created to Paused, by the authority.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::rules::config::SessionUpdate,
};

/// Accounts of `update_session`.
#[derive(Accounts)]
pub struct UpdateSession {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl UpdateSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, update: &SessionUpdate) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.authority, |state, act| state.update(act, update, &mut Log))
    }
}
