//! `request_session`: – → Requested, by the creator.

#![allow(unused_variables, reason = "Anchor's derive binds the arguments also where no seed needs them")]

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        rules::config::SessionConfig,
        state::{At, Creation, Request, SEED_MEMBER, SEED_SESSION},
    },
};

/// Arguments of `request_session` and `open_session`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct RequestSessionArgs {
    /// The creator's name for the session; with the creator it makes the address.
    pub id: [u8; 32],
    /// Who is to serve it.
    pub host: Address,
    /// A hash of what it is about; zero if there is nothing.
    pub metadata: [u8; 32],
    /// What it is to be.
    pub config: SessionConfig,
}

impl RequestSessionArgs {
    /// The request that these arguments make.
    #[inline(always)]
    pub(super) fn request<'a>(&'a self, payer: &'a Address, bump: u8) -> Request<'a> {
        Request { id: &self.id, host: &self.host, metadata: &self.metadata, config: &self.config, payer, bump }
    }
}

/// Accounts of `request_session`.
#[derive(Accounts)]
#[instruction(args: &RequestSessionArgs)]
pub struct RequestSession {
    /// Who asks, and rules the session.
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

impl RequestSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &RequestSessionArgs) -> Result<()> {
        let RequestSession { creator, payer, session, member, .. } = &mut ctx.accounts;
        let view = *session.account();
        let act = act_now(&view, creator)?;
        let request = args.request(payer.address(), ctx.bumps.session);
        session.state.request(&act, &request, &mut Log).map_err(refuse)?;
        let made = Creation { payer: payer.address(), bump: ctx.bumps.member };
        member.state.found(&act, &At { address: act.account, state: &session.state }, &made);
        Ok(())
    }
}
