//! `execute_function`: calls a registered function, by a member with EXECUTE_FUNCTIONS.

use {
    crate::{
        calls::{Call, Calls, Stage, execute},
        instructions::act_now,
        state::{AsPassed, Denied, Function, Member, Session, Stored},
    },
    anchor_lang::prelude::*,
};

/// Arguments of `execute_function`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct ExecuteFunctionArgs<'a> {
    /// The accounts that the program is called with, in its order, each by an index: 0 is the vault, which signs, 1 the session, 2 the
    /// membership, and 3 the first of the accounts behind this instruction's own. 128 is added for one that the program may write.
    pub accounts: &'a [u8],
    /// The data that the program is called with.
    pub data: &'a [u8],
}

/// Accounts of `execute_function`. Behind them stand the accounts that the call names, the program that is called, and the member's allowances that
/// are to be charged.
#[derive(Accounts)]
pub struct ExecuteFunction {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The session's vault; writable if the call writes it.
    ///
    /// CHECK: its address is the one that the session knows since the function was registered.
    pub vault: UncheckedAccount,
    /// The function.
    pub function: Stored<Function>,
}

impl ExecuteFunction {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &ExecuteFunctionArgs<'_>) -> Result<()> {
        let rest = ctx.remaining_accounts()?;
        let ExecuteFunction { signer, session, member, vault, function } = &mut ctx.accounts;
        let (address, of) = (*session.account(), *member.account());
        let stage = Stage { vault: vault.account(), session: &address, member: &of, rest: &rest };
        let call = [Call { function: &function.state, accounts: args.accounts, data: args.data }];
        execute(Calls { stage, act: act_now(&of, signer)?, calls: &call, composed: false, session, member })
    }
}
