//! `commit_checkpoint`: records where the live state stands, by the host.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Arguments of `commit_checkpoint`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct CommitCheckpointArgs {
    /// The checkpoint's number, above the last one's.
    pub sequence: u64,
    /// The root of the live state.
    pub root: [u8; 32],
}

/// Accounts of `commit_checkpoint`.
#[derive(Accounts)]
pub struct CommitCheckpoint {
    /// The session's host; the transition checks it against the stored one.
    pub host: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
}

impl CommitCheckpoint {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &CommitCheckpointArgs) -> Result<()> {
        let CommitCheckpoint { host, session } = &mut ctx.accounts;
        take_step(session, host, |state, act| state.commit_checkpoint(act, args.sequence, &args.root, &mut Log))
    }
}
