//! `join_with_token`: joins with a token, whose key signs as well.

use {
    super::seat,
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{InviteToken, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::At,
};

/// Accounts of `join_with_token`.
#[derive(Accounts)]
pub struct JoinWithToken {
    /// Who joins.
    pub wallet: Signer,
    /// Who pays the rent of the membership, if it is made, and gets it back. It has no data to alias, so it may be the wallet too
    /// (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The token's key, so that nobody who only sees the token can use it; the transition checks it against the stored one.
    pub token: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The token's account.
    #[account(mut)]
    pub invite_token: Stored<InviteToken>,
    /// The inviter's membership; the transition checks it against the token.
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

impl JoinWithToken {
    /// Before the membership is opened, which would be in use if it is the inviter's.
    #[inline(always)]
    fn validate(&self) -> Result<()> {
        Ok(self.inviter_member.state.check_has_not_made(self.wallet.address())?)
    }

    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        ctx.accounts.validate()?;
        let JoinWithToken { wallet, payer, token, session, invite_token, inviter_member, member, .. } = &mut ctx.accounts;
        let (view, address, tokens) = (*member.account(), *session.account(), *invite_token.account());
        let (mut member, made) = seat(&view, address.address(), wallet.address(), payer.account())?;
        let session = At { address: address.address(), state: &mut session.state };
        let invite_token = At { address: tokens.address(), state: &mut invite_token.state };
        let act = act_now(&view, wallet)?;
        let (holder, inviter) = (token.address(), &inviter_member.state);
        member.state.join_with_token(&act, session, invite_token, holder, inviter, made, &mut Log).map_err(refuse)
    }
}
