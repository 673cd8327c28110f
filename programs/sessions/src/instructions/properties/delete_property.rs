//! `delete_property`: deletes a shared value, by a member with WRITE_PROPERTIES.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Denied, Member, Property, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{SessionError, state::At},
};

/// Arguments of `delete_property`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct DeletePropertyArgs {
    /// The version that the property must have.
    pub expected_version: u64,
}

/// Accounts of `delete_property`.
#[derive(Accounts)]
pub struct DeleteProperty {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The property, which is deleted.
    #[account(mut, close = payer)]
    pub property: Stored<Property>,
    /// Who gets the rent back.
    ///
    /// CHECK: its address is the payer's that the property records; it only receives lamports, so it may be another party too (`unsafe(dup)`).
    #[account(mut, unsafe(dup), address = property.state.header.payer @ SessionError::WrongRentRecipient)]
    pub payer: UncheckedAccount,
}

impl DeleteProperty {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &DeletePropertyArgs) -> Result<()> {
        let DeleteProperty { signer, session, member, property, .. } = &mut ctx.accounts;
        let (view, address) = (*property.account(), *session.account());
        let session = At { address: address.address(), state: &mut session.state };
        let act = act_now(&view, signer)?;
        property.state.delete(&act, session, &mut member.state, args.expected_version, &mut Log).map_err(refuse)
    }
}
