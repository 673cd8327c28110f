//! `write_property`: writes another session's property, through a grant, by a member with WRITE_CROSS_SESSION.

use {
    super::Granted,
    crate::{
        events::Log,
        instructions::{SetPropertyArgs, act_now},
        refusal::refuse,
        state::{AsPassed, Denied, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::state::{Across, At, PropertyKey, PropertyWrite},
};

/// Accounts of `write_property`.
#[derive(Accounts)]
pub struct WriteProperty {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// Who pays the rent of a property that is made, and gets it back. It has no data to alias, so it may be the signer too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session whose member writes; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The session whose property it is.
    #[account(mut)]
    pub owner: Stored<Session>,
    /// What that session grants this one.
    pub grant: Granted,
    /// The property's account, made if it is not there.
    ///
    /// CHECK: where it is made its address is derived by the handler; where it is there the handler loads it as a property, and the transition
    /// checks that it is the owner's. The version that is expected says which one is meant.
    #[account(mut)]
    pub property: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl WriteProperty {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &SetPropertyArgs<'_>) -> Result<()> {
        let WriteProperty { signer, payer, session, member, owner, grant, property, .. } = &mut ctx.accounts;
        let (view, reader, owned_by) = (*property.account(), *session.account(), *owner.account());
        let key = PropertyKey::new(args.key).map_err(|field| refuse(field.into()))?;
        let write = PropertyWrite { key, value: args.value, expected: args.expected_version };
        let act = act_now(&view, signer)?;
        let across = Across {
            reader: At { address: reader.address(), state: session.held() },
            owner: At { address: owned_by.address(), state: &mut owner.state },
            grant: &grant.state,
        };
        let (mut property, made) = args.open(&view, payer, owned_by.address())?;
        let (property, room) = property.with_room();
        property.state.put_across(&act, across, &mut member.state, room, &write, made.as_ref(), &mut Log).map_err(refuse)
    }
}
