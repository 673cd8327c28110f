//! `close_session`: Active or Paused → Closing, by the authority.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Arguments of `close_session`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct CloseSessionArgs {
    /// Why: `CloseReason::Completed`, `CloseReason::Cancelled` or one of the application's own, 16 to 255.
    pub reason: u8,
}

/// Accounts of `close_session`.
#[derive(Accounts)]
pub struct CloseSession {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl CloseSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &CloseSessionArgs) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.authority, |state, act| state.close(act, args.reason, &mut Log))
    }
}
