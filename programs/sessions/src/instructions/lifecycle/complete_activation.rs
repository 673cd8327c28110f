//! `complete_activation`: Activating → Active, by the host.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `complete_activation`.
#[derive(Accounts)]
pub struct CompleteActivation {
    /// The session's host; the transition checks it against the stored one.
    pub host: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl CompleteActivation {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.host, |state, act| state.complete_activation(act, &mut Log))
    }
}
