//! `set_property`: writes a shared value, by a member with WRITE_PROPERTIES.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Denied, Member, Property, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        PropertyState, same,
        state::{At, Creation, PropertyKey, PropertyWrite},
    },
};

/// Arguments of `set_property`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct SetPropertyArgs<'a> {
    /// The version that the property must have; 0 if it must not exist.
    pub expected_version: u64,
    /// How many bytes its values can have, at most 704; for a property that is made, and fixed then.
    pub capacity: u16,
    /// The key, 1 to 32 bytes.
    pub key: &'a [u8],
    /// The value.
    pub value: &'a [u8],
}

impl SetPropertyArgs<'_> {
    /// The property of the session at `session`: loaded if there is one, or else made, which is told with it.
    #[inline(always)]
    pub(crate) fn open<'p>(
        &self,
        view: &AccountView,
        payer: &'p Signer,
        session: &Address,
    ) -> Result<(Stored<Property>, Option<Creation<'p>>)> {
        // What is not a wallet's is loaded as a property, which checks whose it is.
        if !same(view.owner(), &System::id()) {
            return Ok((Stored::open(view)?, None));
        }
        let space = PropertyState::size_with(self.capacity, self.value.len()).map_err(refuse)?;
        let (made, creation) = Stored::create(view, payer.account(), &PropertyState::seeds(session, self.key), space)?;
        Ok((made, Some(creation)))
    }
}

/// Accounts of `set_property`.
#[derive(Accounts)]
pub struct SetProperty {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// Who pays the rent of a property that is made, and gets it back. It has no data to alias, so it may be the signer too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The property's account, made if it is not there.
    ///
    /// CHECK: where it is made its address is derived by the handler; where it is there the handler loads it as a property, and the transition
    /// checks that it is this session's. The version that is expected says which one is meant.
    #[account(mut)]
    pub property: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl SetProperty {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &SetPropertyArgs<'_>) -> Result<()> {
        let SetProperty { signer, payer, session, member, property, .. } = &mut ctx.accounts;
        let (view, address) = (*property.account(), *session.account());
        let key = PropertyKey::new(args.key).map_err(|field| refuse(field.into()))?;
        let write = PropertyWrite { key, value: args.value, expected: args.expected_version };
        let act = act_now(&view, signer)?;
        let session = At { address: address.address(), state: &mut session.state };
        let (mut property, made) = args.open(&view, payer, session.address)?;
        let (property, room) = property.with_room();
        property.state.put(&act, session, &mut member.state, room, &write, made.as_ref(), &mut Log).map_err(refuse)
    }
}
