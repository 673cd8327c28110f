//! `compose_functions`: calls several registered functions, all or none of them, by a member with COMPOSE_FUNCTIONS.

use {
    crate::{
        calls::{Call, Calls, Stage, execute, put},
        instructions::act_now,
        refusal::refuse,
        state::{AsPassed, Denied, Function, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        error::InvalidField,
        rules::functions::{AccountIndex, MAX_CALLS},
    },
};

/// One call of several.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct ComposedCall<'a> {
    /// The index of the function's account, from 3 on.
    pub function: u8,
    /// The accounts that the program is called with, in its order, each by an index: 0 is the vault, which signs, 1 the session, 2 the
    /// membership, and 3 the first of the accounts behind this instruction's own. 128 is added for one that the program may write.
    pub accounts: &'a [u8],
    /// The data that the program is called with.
    pub data: &'a [u8],
}

/// Accounts of `compose_functions`. Behind them stand the functions, the accounts that the calls name, the programs that are called, and the member's
/// allowances that are to be charged.
#[derive(Accounts)]
pub struct ComposeFunctions {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The session's vault; writable if a call writes it.
    ///
    /// CHECK: its address is the one that the session knows since the functions were registered.
    pub vault: UncheckedAccount,
}

impl ComposeFunctions {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, calls: &[ComposedCall<'_>]) -> Result<()> {
        let rest = ctx.remaining_accounts()?;
        let ComposeFunctions { signer, session, member, vault } = &mut ctx.accounts;
        if calls.is_empty() || calls.len() > MAX_CALLS {
            return Err(refuse(InvalidField::Calls.into()));
        }
        let mut functions = Vec::with_capacity(MAX_CALLS);
        for call in calls {
            let place = call.function.checked_sub(AccountIndex::REST).and_then(|place| rest.get(usize::from(place)));
            put(&mut functions, Stored::<Function>::load(*place.ok_or_else(|| refuse(InvalidField::Calls.into()))?)?)?;
        }
        let mut made = Vec::with_capacity(MAX_CALLS);
        for (call, function) in calls.iter().zip(&functions) {
            put(&mut made, Call { function: &function.state, accounts: call.accounts, data: call.data })?;
        }
        let (address, of) = (*session.account(), *member.account());
        let stage = Stage { vault: vault.account(), session: &address, member: &of, rest: &rest };
        execute(Calls { stage, act: act_now(&of, signer)?, calls: &made, composed: true, session, member })
    }
}
