//! `complete_close`: Closing → Closed, by the host; from the step's deadline on, by anyone.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `complete_close`.
#[derive(Accounts)]
pub struct CompleteClose {
    /// The host, or anyone from the step's deadline on; the transition checks it.
    pub signer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl CompleteClose {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.signer, |state, act| state.complete_close(act, &mut Log))
    }
}
