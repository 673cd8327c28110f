//! `open_session`: – → Active through every step, by a creator who is also the host.

#![allow(unused_variables, reason = "Anchor's derive binds the arguments also where no seed needs them")]

use {
    super::{RequestSessionArgs, act_now},
    crate::{
        events::Log,
        refusal::refuse,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::SEED_SESSION,
};

/// Accounts of `open_session`.
#[derive(Accounts)]
#[instruction(args: &RequestSessionArgs)]
pub struct OpenSession {
    /// Who asks for the session, serves it and rules it: `args.host` must be the same.
    pub creator: Signer,
    /// Who pays the account's rent and gets it back. It has no data to alias, so it may be the creator too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session's account; must not exist yet.
    #[account(init, payer = payer, seeds = [SEED_SESSION, creator.address().as_ref(), args.id.as_ref()], bump)]
    pub session: Stored<Session>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl OpenSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &RequestSessionArgs) -> Result<()> {
        let OpenSession { creator, payer, session, .. } = &mut ctx.accounts;
        let view = *session.account();
        let request = args.request(payer.address(), ctx.bumps.session);
        session.state.open(&act_now(&view, creator)?, &request, &mut Log).map_err(refuse)
    }
}
