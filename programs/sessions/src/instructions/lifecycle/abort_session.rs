//! `abort_session`: Requested to Activating → Closed, by the creator or the host; from the step's deadline on, by anyone.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Arguments of `abort_session`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct AbortSessionArgs {
    /// Why: a byte of `CloseReason`; 0 leaves it to who signs and when.
    pub reason: u8,
}

/// Accounts of `abort_session`.
#[derive(Accounts)]
pub struct AbortSession {
    /// The creator or the host, or anyone from the step's deadline on; the transition checks it.
    pub signer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl AbortSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &AbortSessionArgs) -> Result<()> {
        take_step(&mut ctx.accounts.session, &ctx.accounts.signer, |state, act| state.abort(act, args.reason, &mut Log))
    }
}
