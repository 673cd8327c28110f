//! `invite_member`: invites a wallet, by a member with INVITE_MEMBERS.

#![allow(unused_variables, reason = "Anchor's derive binds the arguments also where no seed needs them")]

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Denied, Invitation, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        rules::membership::Terms,
        state::{At, Creation, SEED_INVITATION},
    },
};

/// Arguments of `invite_member`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct InviteMemberArgs {
    /// Who is invited.
    pub member: Address,
    /// What the invitation admits to.
    pub terms: Terms,
    /// How long it lasts, in seconds; 0 for as long as the session says.
    pub ttl: u32,
    /// Zero.
    pub reserved: u32,
}

/// Accounts of `invite_member`.
#[derive(Accounts)]
#[instruction(args: &InviteMemberArgs)]
pub struct InviteMember {
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
    /// The invitation's account; must not exist yet.
    #[account(init, payer = payer, seeds = [SEED_INVITATION, session.account().address().as_ref(), args.member.as_ref()], bump)]
    pub invitation: Stored<Invitation>,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl InviteMember {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &InviteMemberArgs) -> Result<()> {
        let InviteMember { inviter, payer, session, inviter_member, invitation, .. } = &mut ctx.accounts;
        let (view, address) = (*invitation.account(), *session.account());
        let made = Creation { payer: payer.address(), bump: ctx.bumps.invitation };
        let act = act_now(&view, inviter)?;
        let session = At { address: address.address(), state: &mut session.state };
        invitation
            .state
            .invite(&act, session, &inviter_member.state, &args.member, &args.terms, [args.ttl, args.reserved], &made, &mut Log)
            .map_err(refuse)
    }
}
