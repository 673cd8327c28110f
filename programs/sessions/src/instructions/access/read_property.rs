//! `read_property`: answers with another session's property by return data, through a grant, by a member with READ_CROSS_SESSION.

use {
    super::{Granted, ReadableProperty},
    crate::{
        instructions::act_now,
        refusal::refuse,
        state::{AsPassed, Denied, Member, Session, Stored},
    },
    anchor_lang::{pinocchio::cpi::set_return_data, prelude::*},
    sessions_core::{
        SessionError,
        state::{At, MAX_VALUE},
    },
};

/// Accounts of `read_property`.
#[derive(Accounts)]
pub struct ReadProperty {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session whose member reads; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The session whose property it is.
    pub owner: Stored<Session>,
    /// What that session grants this one.
    pub grant: Granted,
    /// The property.
    pub property: ReadableProperty,
}

impl ReadProperty {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let ReadProperty { signer, session, member, owner, grant, property } = &mut ctx.accounts;
        let (view, address) = (*property.account(), *session.account());
        let act = act_now(&view, signer)?;
        let reader = At { address: address.address(), state: session.held() };
        let owner = At { address: owner.account().address(), state: &owner.state };
        property.state.read_across(&act, reader, &mut member.state, owner, &grant.state).map_err(refuse)?;
        let data = view.try_borrow()?;
        // The value begins behind the layout, and the version in front of it is the one that a write has to expect.
        let length = usize::from(property.state.length);
        let value = data.get(ReadableProperty::INIT_SPACE..).and_then(|room| room.get(..length)).ok_or(SessionError::PropertyNotFound)?;
        let mut answer = [0; size_of::<u64>().strict_add(MAX_VALUE)];
        let (version, rest) = answer.split_at_mut(size_of::<u64>());
        version.copy_from_slice(&property.state.version.to_le_bytes());
        rest.get_mut(..length).ok_or(SessionError::PropertyNotFound)?.copy_from_slice(value);
        set_return_data(answer.get(..length.saturating_add(size_of::<u64>())).unwrap_or_default());
        Ok(())
    }
}
