//! `begin_creation`: Requested → Creating, by the host.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `begin_creation`.
#[derive(Accounts)]
pub struct BeginCreation {
    /// The session's host; the transition checks it against the stored one.
    pub host: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl BeginCreation {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.host, |state, act| state.begin_creation(act, &mut Log))
    }
}
