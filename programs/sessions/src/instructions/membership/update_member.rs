//! `update_member`: changes a member's rights, by the authority.

use {
    crate::{
        events::Log,
        instructions::change_member,
        state::{Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::rules::membership::MemberUpdate,
};

/// Accounts of `update_member`.
#[derive(Accounts)]
pub struct UpdateMember {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    pub session: Stored<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member>,
}

impl UpdateMember {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, update: &MemberUpdate) -> Result<()> {
        let UpdateMember { authority, session, member } = &mut ctx.accounts;
        change_member(member, session, authority, |state, act, session| state.update(act, session, update, &mut Log))
    }
}
