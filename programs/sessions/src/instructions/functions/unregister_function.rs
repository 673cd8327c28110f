//! `unregister_function`: no longer lets members call a program, by the authority.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Function, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{SessionError, state::At},
};

/// Accounts of `unregister_function`.
#[derive(Accounts)]
pub struct UnregisterFunction {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The function, which is deleted.
    #[account(mut, close = payer)]
    pub function: Stored<Function>,
    /// Who gets the rent back.
    ///
    /// CHECK: its address is the payer's that the function records; it only receives lamports, so it may be another party too (`unsafe(dup)`).
    #[account(mut, unsafe(dup), address = function.state.header.payer @ SessionError::WrongRentRecipient)]
    pub payer: UncheckedAccount,
}

impl UnregisterFunction {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let UnregisterFunction { authority, session, function, .. } = &mut ctx.accounts;
        let (view, address) = (*function.account(), *session.account());
        let act = act_now(&view, authority)?;
        function.state.unregister(&act, At { address: address.address(), state: &mut session.state }, &mut Log).map_err(refuse)
    }
}
