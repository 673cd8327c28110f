//! `remove_member`: removes a member, by a member with REMOVE_MEMBERS, or by anyone once the membership has expired.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::At,
};

/// Accounts of `remove_member`.
#[derive(Accounts)]
pub struct RemoveMember {
    /// Who removes; the transition checks it against the membership.
    pub remover: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The membership that ends. It is loaded before the remover's, which is refused by name if it is the same (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub member: Stored<Member>,
    /// The remover's membership; left out when the membership that ends has expired.
    pub remover_member: Option<Stored<Member, Denied>>,
}

impl RemoveMember {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let RemoveMember { remover, session, member, remover_member } = &mut ctx.accounts;
        let (view, address) = (*member.account(), *session.account());
        let session = At { address: address.address(), state: &mut session.state };
        let by = remover_member.as_ref().map(|member| &member.state);
        member.state.remove(&act_now(&view, remover)?, session, by, &mut Log).map_err(refuse)
    }
}
