//! `expire_session`: Active or Paused → Closed, when the session's time is over.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `expire_session`.
#[derive(Accounts)]
pub struct ExpireSession {
    /// The authority or anyone, by the session's settings and the time; the transition checks it.
    pub signer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl ExpireSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.signer, |state, act| state.expire(act, &mut Log))
    }
}
