//! `set_session_key`: a member gives itself a key that acts for it.

use {
    crate::{
        events::Log,
        instructions::change_member,
        state::{Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Arguments of `set_session_key`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct SetSessionKeyArgs {
    /// The key; not the zero address, which stands for none.
    pub key: Address,
    /// What it may do: bits of `Permissions` that the member has; 2³² − 1 for all of them.
    pub permissions: u32,
    /// How long it lasts, in seconds; 2³² − 1 for as long as the membership.
    pub ttl: u32,
}

/// Accounts of `set_session_key`.
#[derive(Accounts)]
pub struct SetSessionKey {
    /// The member's wallet; the transition checks it against the membership.
    pub wallet: Signer,
    /// The session.
    pub session: Stored<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
}

impl SetSessionKey {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &SetSessionKeyArgs) -> Result<()> {
        let SetSessionKey { wallet, session, member } = &mut ctx.accounts;
        change_member(member, session, wallet, |state, act, session| {
            state.set_session_key(act, session, &args.key, args.permissions, args.ttl, &mut Log)
        })
    }
}
