//! `consume`: charges a member for what it does in another program, which calls this one, and answers how it stands by return data.

use {
    super::{ConsumeArgs, answer},
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{AsPassed, Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::At,
};

/// Accounts of `consume`.
#[derive(Accounts)]
pub struct Consume {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
}

impl Consume {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &ConsumeArgs) -> Result<()> {
        args.validate()?;
        let Consume { signer, session, member } = &mut ctx.accounts;
        let (view, address) = (*member.account(), *session.account());
        let act = act_now(&view, signer)?;
        let session = At { address: address.address(), state: session.held() };
        let standing = member.state.consume(&act, session, args.permissions, args.units, &mut Log);
        standing.map(|standing| answer(&standing)).map_err(refuse)
    }
}
