//! The session program: Anchor accounts and instructions over `sessions-core`.
//!
//! This file only delegates. An instruction's arguments, accounts, checks and handler are in its own file in [`instructions`]; what a step
//! does to an account, and who may take it when, is a transition in `sessions_core::state`. A handler calls that transition, and the
//! transition logs its event.
//!
//! Invariants of every instruction: each account is checked for its owner, discriminator and version before it is read; an address is
//! derived when its account is created; nothing is written unless every check has passed; no arithmetic wraps unnoticed and nothing panics.

#![deny(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs, reason = "Anchor's macros make modules, structs and fields without documentation")]

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

pub mod events;
pub mod instructions;
pub mod refusal;
pub mod security;
pub mod state;

use {anchor_lang::prelude::*, instructions::*, sessions_core::rules::config::SessionUpdate};

declare_id!("SessGKKphX3HqFASfkrnKYdSKFhjhttP5tn6SdpUei8");

/// The instructions, in the order of a session's life.
#[program]
pub mod sessions {
    use super::*;

    /// – → Requested, by the creator.
    pub fn request_session(ctx: &mut Context<RequestSession>, args: &RequestSessionArgs) -> Result<()> {
        RequestSession::handler(ctx, args)
    }

    /// – → Active through every step, by a creator who is also the host.
    pub fn open_session(ctx: &mut Context<OpenSession>, args: &RequestSessionArgs) -> Result<()> {
        OpenSession::handler(ctx, args)
    }

    /// Requested → Creating, by the host.
    pub fn begin_creation(ctx: &mut Context<BeginCreation>) -> Result<()> {
        BeginCreation::handler(ctx)
    }

    /// Creating → Created, by the host.
    pub fn complete_creation(ctx: &mut Context<CompleteCreation>) -> Result<()> {
        CompleteCreation::handler(ctx)
    }

    /// Created → Activating, by the authority.
    pub fn begin_activation(ctx: &mut Context<BeginActivation>) -> Result<()> {
        BeginActivation::handler(ctx)
    }

    /// Activating → Active, by the host.
    pub fn complete_activation(ctx: &mut Context<CompleteActivation>) -> Result<()> {
        CompleteActivation::handler(ctx)
    }

    /// Active → Paused, by the authority.
    pub fn pause_session(ctx: &mut Context<PauseSession>) -> Result<()> {
        PauseSession::handler(ctx)
    }

    /// Paused → Active, by the authority.
    pub fn resume_session(ctx: &mut Context<ResumeSession>) -> Result<()> {
        ResumeSession::handler(ctx)
    }

    /// Changes host, metadata, seats, permissions, shared quotas or expiry of a session from Created to Paused, by the authority.
    pub fn update_session(ctx: &mut Context<UpdateSession>, update: &SessionUpdate) -> Result<()> {
        UpdateSession::handler(ctx, update)
    }

    /// Active or Paused → Closing, by the authority.
    pub fn close_session(ctx: &mut Context<CloseSession>, args: CloseSessionArgs) -> Result<()> {
        CloseSession::handler(ctx, &args)
    }

    /// Closing → Closed, by the host; from the step's deadline on, by anyone.
    pub fn complete_close(ctx: &mut Context<CompleteClose>) -> Result<()> {
        CompleteClose::handler(ctx)
    }

    /// Requested to Activating → Closed, by the creator or the host; from the step's deadline on, by anyone.
    pub fn abort_session(ctx: &mut Context<AbortSession>, args: AbortSessionArgs) -> Result<()> {
        AbortSession::handler(ctx, &args)
    }

    /// Active or Paused → Closed, when the session's time is over.
    pub fn expire_session(ctx: &mut Context<ExpireSession>) -> Result<()> {
        ExpireSession::handler(ctx)
    }

    /// Deletes a closed session and pays its rent back, by anyone.
    pub fn reclaim_session(ctx: &mut Context<ReclaimSession>) -> Result<()> {
        ReclaimSession::handler(ctx)
    }
}
