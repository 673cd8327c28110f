//! `grant_access`: lets another session read or write this one's properties, by its authority.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{AccessGrant, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        AccessGrantState,
        state::{At, NewGrant},
    },
};

/// Arguments of `grant_access`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct GrantAccessArgs {
    /// What is granted: bits of `AccessRights`, at least one.
    pub rights: u32,
    /// How long it lasts, in seconds; 2³² − 1 for as long as the sessions.
    pub ttl: u32,
}

/// Accounts of `grant_access`.
#[derive(Accounts)]
pub struct GrantAccess {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// Who pays the rent of a grant that is made, and gets it back. It has no data to alias, so it may be the authority too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session whose properties they are. It is loaded before the other, which is refused by name if it is the same (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub session: Stored<Session>,
    /// The session that is granted access.
    pub reader: Stored<Session>,
    /// The grant's account, made if it is not there.
    ///
    /// CHECK: where it is made its address is derived by the handler; where it is there the handler loads it as a grant, and the transition
    /// checks that it is between these sessions.
    #[account(mut)]
    pub grant: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl GrantAccess {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: GrantAccessArgs) -> Result<()> {
        let GrantAccess { authority, payer, session, reader, grant, .. } = &mut ctx.accounts;
        let (view, address, read_by) = (*grant.account(), *session.account(), *reader.account());
        let seeds = AccessGrantState::seeds(address.address(), read_by.address());
        let (mut grant, made) = Stored::<AccessGrant>::open_or_create(&view, payer.account(), &seeds)?;
        let act = act_now(&view, authority)?;
        let reader = At { address: read_by.address(), state: &reader.state };
        let new = NewGrant { rights: args.rights, ttl: args.ttl };
        let owner = At { address: address.address(), state: &mut session.state };
        grant.state.set(&act, owner, reader, &new, made.as_ref(), &mut Log).map_err(refuse)
    }
}
