//! `revoke_access`: takes a grant back, by the authority of the session that made it.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{AccessGrant, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{SessionError, state::At},
};

/// Accounts of `revoke_access`.
#[derive(Accounts)]
pub struct RevokeAccess {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session that made the grant.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The grant, which is deleted.
    #[account(mut, close = payer)]
    pub grant: Stored<AccessGrant>,
    /// Who gets the rent back.
    ///
    /// CHECK: its address is the payer's that the grant records; it only receives lamports, so it may be another party too (`unsafe(dup)`).
    #[account(mut, unsafe(dup), address = grant.state.header.payer @ SessionError::WrongRentRecipient)]
    pub payer: UncheckedAccount,
}

impl RevokeAccess {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let RevokeAccess { authority, session, grant, .. } = &mut ctx.accounts;
        let (view, address) = (*grant.account(), *session.account());
        let act = act_now(&view, authority)?;
        grant.state.revoke(&act, At { address: address.address(), state: &mut session.state }, &mut Log).map_err(refuse)
    }
}
