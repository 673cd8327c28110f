//! `send_direct_message`: sends a message to another member, by a member with SEND_MESSAGES.

use {
    crate::{
        events::Log,
        instructions::take_step,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Accounts of `send_direct_message`.
#[derive(Accounts)]
pub struct SendDirectMessage {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The sender's membership. It is loaded before the recipient's, which is refused by name if it is the same (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub member: Stored<Member, Denied>,
    /// The recipient's membership.
    pub recipient: Stored<Member>,
}

impl SendDirectMessage {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, data: &[u8]) -> Result<()> {
        let SendDirectMessage { signer, session, member, recipient } = &mut ctx.accounts;
        take_step(session, signer, |state, act| state.send_direct_message(act, &mut member.state, &recipient.state, data, &mut Log))
    }
}
