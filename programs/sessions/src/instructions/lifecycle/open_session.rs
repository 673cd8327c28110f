//! `open_session`: – → Active through every step, by a creator who is also the host.

#![allow(unused_variables, reason = "Anchor's derive binds the arguments also where no seed needs them")]

use {
    super::RequestSessionArgs,
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::{At, Creation, SEED_MEMBER, SEED_SESSION},
};

/// Accounts of `open_session`.
#[derive(Accounts)]
#[instruction(args: &RequestSessionArgs)]
pub struct OpenSession {
    /// Who asks for the session, serves it and rules it: `args.host` must be the same.
    pub creator: Signer,
    /// Who pays the accounts' rent and gets it back. It has no data to alias, so it may be the creator too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session's account; must not exist yet.
    #[account(init, payer = payer, seeds = [SEED_SESSION, creator.address().as_ref(), args.id.as_ref()], bump)]
    pub session: Stored<Session>,
    /// The creator's membership; must not exist yet.
    #[account(init, payer = payer, seeds = [SEED_MEMBER, session.account().address().as_ref(), creator.address().as_ref()], bump)]
    pub member: Stored<Member>,
    /// Creates the accounts.
    pub system_program: Program<System>,
}

impl OpenSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &RequestSessionArgs) -> Result<()> {
        let OpenSession { creator, payer, session, member, .. } = &mut ctx.accounts;
        let view = *session.account();
        let act = act_now(&view, creator)?;
        let request = args.request(payer.address(), ctx.bumps.session);
        session.state.open(&act, &request, &mut Log).map_err(refuse)?;
        let made = Creation { payer: payer.address(), bump: ctx.bumps.member };
        member.state.found(&act, &At { address: act.account, state: &session.state }, &made);
        Ok(())
    }
}
