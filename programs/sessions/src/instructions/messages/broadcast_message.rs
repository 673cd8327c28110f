//! `broadcast_message`: sends a message to everyone, by a member with SEND_MESSAGES.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `broadcast_message`.
#[derive(Accounts)]
pub struct BroadcastMessage {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The sender's membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
}

impl BroadcastMessage {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, data: &[u8]) -> Result<()> {
        let BroadcastMessage { signer, session, member } = &mut ctx.accounts;
        take_step(session, signer, |state, act| state.broadcast_message(act, &mut member.state, data, &mut Log))
    }
}
