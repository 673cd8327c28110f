//! `create_invite_token`: makes a token that admits whoever holds its key, by a member with INVITE_MEMBERS.

#![allow(unused_variables, reason = "Anchor's derive binds the arguments also where no seed needs them")]

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Denied, InviteToken, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        rules::membership::Terms,
        state::{At, Creation, SEED_TOKEN},
    },
};

/// Arguments of `create_invite_token`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct CreateInviteTokenArgs {
    /// The token's key: the public half of the secret that a link carries.
    pub token: Address,
    /// What the token admits to.
    pub terms: Terms,
    /// How long it lasts, in seconds; 0 for as long as the session says.
    pub ttl: u32,
    /// How many wallets it admits; at least one.
    pub uses: u32,
}

/// Accounts of `create_invite_token`.
#[derive(Accounts)]
#[instruction(args: &CreateInviteTokenArgs)]
pub struct CreateInviteToken {
    /// The member's wallet; the transition checks it against the membership.
    pub inviter: Signer,
    /// Who pays the account's rent and gets it back. It has no data to alias, so it may be the inviter too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The inviter's membership.
    pub inviter_member: Stored<Member, Denied>,
    /// The token's account; must not exist yet.
    #[account(init, payer = payer, seeds = [SEED_TOKEN, session.account().address().as_ref(), args.token.as_ref()], bump)]
    pub invite_token: Stored<InviteToken>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl CreateInviteToken {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &CreateInviteTokenArgs) -> Result<()> {
        let CreateInviteToken { inviter, payer, session, inviter_member, invite_token, .. } = &mut ctx.accounts;
        let (view, address) = (*invite_token.account(), *session.account());
        let made = Creation { payer: payer.address(), bump: ctx.bumps.invite_token };
        let act = act_now(&view, inviter)?;
        let session = At { address: address.address(), state: &mut session.state };
        invite_token
            .state
            .create(&act, session, &inviter_member.state, &args.token, &args.terms, [args.ttl, args.uses], &made, &mut Log)
            .map_err(refuse)
    }
}
