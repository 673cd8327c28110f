//! `revoke_invitation`: takes an invitation or a token back, by its inviter or the authority.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Invitation, InviteToken, Layout, Session, Stored},
    },
    anchor_lang::{AccountClose, prelude::*},
    sessions_core::{SessionError, same, state::At},
};

/// Accounts of `revoke_invitation`.
#[derive(Accounts)]
pub struct RevokeInvitation {
    /// The inviter or the session's authority; the transition checks it against the stored ones.
    pub signer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The invitation or the token, which is deleted.
    ///
    /// CHECK: the handler loads it as the one or the other.
    #[account(mut)]
    pub invitation: UncheckedAccount,
    /// Who gets the rent back.
    ///
    /// CHECK: the handler checks that its address is the payer's that the account records; it only receives lamports, so it may be another
    /// party too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: UncheckedAccount,
}

impl RevokeInvitation {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let RevokeInvitation { signer, session, invitation, payer } = &mut ctx.accounts;
        let (view, address) = (*invitation.account(), *session.account());
        let act = act_now(&view, signer)?;
        let session = At { address: address.address(), state: &mut session.state };
        // The discriminator decides which it is; whatever else stands here is no invitation.
        let is_token = view.try_borrow()?.starts_with(InviteToken::DISCRIMINATOR);
        if is_token {
            take_back::<InviteToken>(&view, payer, |token| token.state.revoke(&act, session, &mut Log))
        } else {
            take_back::<Invitation>(&view, payer, |invitation| invitation.state.revoke(&act, session, &mut Log))
        }
    }
}

/// Revokes what stands at `view`, and deletes it.
#[inline(always)]
fn take_back<T: Layout>(
    view: &AccountView,
    payer: &UncheckedAccount,
    revoke: impl FnOnce(&mut Stored<T>) -> sessions_core::Result<()>,
) -> Result<()> {
    let mut account = Stored::<T>::open(view)?;
    if !same(&account.header().payer, payer.address()) {
        return Err(SessionError::WrongRentRecipient.into());
    }
    revoke(&mut account).map_err(refuse)?;
    account.close(*payer.account())
}
