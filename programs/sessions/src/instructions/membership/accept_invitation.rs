//! `accept_invitation`: joins with the invitation that the wallet was sent.

use {
    super::seat,
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Invitation, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{SessionError, state::At},
};

/// Accounts of `accept_invitation`.
#[derive(Accounts)]
pub struct AcceptInvitation {
    /// Who joins.
    pub wallet: Signer,
    /// Who pays the rent of the membership, if it is made, and gets it back. It has no data to alias, so it may be the wallet too
    /// (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The invitation, which is deleted.
    #[account(mut, close = invitation_payer)]
    pub invitation: Stored<Invitation>,
    /// Who gets the invitation's rent back.
    ///
    /// CHECK: its address is the payer's that the invitation records; it only receives lamports, so it may be another party too
    /// (`unsafe(dup)`).
    #[account(mut, unsafe(dup), address = invitation.state.header.payer @ SessionError::WrongRentRecipient)]
    pub invitation_payer: UncheckedAccount,
    /// The inviter's membership; the transition checks it against the invitation.
    pub inviter_member: Stored<Member>,
    /// The wallet's membership, made if the wallet never had one.
    ///
    /// CHECK: where it is made its address is derived by the handler; where it is there the handler loads it as a membership, and the transition
    /// checks that it is this wallet's in this session. It is not borrowed before, so it may stand in another place too (`unsafe(dup)`), which
    /// is refused by name.
    #[account(mut, unsafe(dup))]
    pub member: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl AcceptInvitation {
    /// Before the membership is opened, which would be in use if it is the inviter's.
    #[inline(always)]
    fn validate(&self) -> Result<()> {
        Ok(self.inviter_member.state.check_is_not(self.wallet.address())?)
    }

    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        ctx.accounts.validate()?;
        let AcceptInvitation { wallet, payer, session, invitation, inviter_member, member, .. } = &mut ctx.accounts;
        let (view, address, invited) = (*member.account(), *session.account(), *invitation.account());
        let (mut member, made) = seat(&view, address.address(), wallet.address(), payer.account())?;
        let session = At { address: address.address(), state: &mut session.state };
        let invitation = At { address: invited.address(), state: &mut invitation.state };
        let act = act_now(&view, wallet)?;
        member.state.accept_invitation(&act, session, invitation, &inviter_member.state, made, &mut Log).map_err(refuse)
    }
}
