//! `decline_invitation`: declines an invitation, by whom it is for.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Invitation, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{SessionError, state::At},
};

/// Accounts of `decline_invitation`.
#[derive(Accounts)]
pub struct DeclineInvitation {
    /// Who is invited; the transition checks it against the stored one.
    pub wallet: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The invitation, which is deleted.
    #[account(mut, close = payer)]
    pub invitation: Stored<Invitation>,
    /// Who gets the rent back.
    ///
    /// CHECK: its address is the payer's that the account records; it only receives lamports, so it may be another party too (`unsafe(dup)`).
    #[account(mut, unsafe(dup), address = invitation.state.header.payer @ SessionError::WrongRentRecipient)]
    pub payer: UncheckedAccount,
}

impl DeclineInvitation {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let DeclineInvitation { wallet, session, invitation, .. } = &mut ctx.accounts;
        let (view, address) = (*invitation.account(), *session.account());
        let session = At { address: address.address(), state: &mut session.state };
        invitation.state.decline(&act_now(&view, wallet)?, session, &mut Log).map_err(refuse)
    }
}
