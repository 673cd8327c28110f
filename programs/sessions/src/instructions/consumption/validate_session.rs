//! `validate_session`: answers by return data how a member stands, if it could be charged so, and charges nothing.

use {
    super::{ConsumeArgs, answer},
    crate::{
        instructions::act_now,
        refusal::refuse,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::At,
};

/// Accounts of `validate_session`.
#[derive(Accounts)]
pub struct ValidateSession {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session.
    pub session: Stored<Session>,
    /// The membership.
    pub member: Stored<Member, Denied>,
}

impl ValidateSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &ConsumeArgs) -> Result<()> {
        args.validate()?;
        let ValidateSession { signer, session, member } = &ctx.accounts;
        let act = act_now(member.account(), signer)?;
        let session = At { address: session.account().address(), state: &session.state };
        let standing = member.state.validate(&act, session, args.permissions, args.units);
        standing.map(|standing| answer(&standing)).map_err(refuse)
    }
}
