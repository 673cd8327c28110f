//! `begin_activation`: Created → Activating, by the authority.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `begin_activation`.
#[derive(Accounts)]
pub struct BeginActivation {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl BeginActivation {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.authority, |state, act| state.begin_activation(act, &mut Log))
    }
}
