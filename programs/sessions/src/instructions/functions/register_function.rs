//! `register_function`: lets members call a program, by the authority.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Function, Session, Stored},
        vaults,
    },
    anchor_lang::prelude::*,
    sessions_core::{
        FunctionState,
        rules::functions::{MAX_SELECTOR, Selector},
        state::{At, NewFunction},
    },
};

/// Arguments of `register_function`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct RegisterFunctionArgs {
    /// How many units a call costs.
    pub units: u64,
    /// What the data of a call must begin with, with zeros behind it.
    pub selector: [u8; MAX_SELECTOR],
    /// How many bytes of the selector count, at most 8; 0 allows any data.
    pub selector_length: u8,
    /// 1 if it may be composed with others, or 0.
    pub composable: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

/// Accounts of `register_function`.
#[derive(Accounts)]
pub struct RegisterFunction {
    /// The session's authority; the transition checks it against the stored one.
    pub authority: Signer,
    /// Who pays the account's rent and gets it back. It has no data to alias, so it may be the authority too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session.
    #[account(mut)]
    pub session: Stored<Session>,
    /// The program that may be called.
    ///
    /// CHECK: the transition refuses those that are never called, and what is no program.
    pub program: UncheckedAccount,
    /// The session's vault.
    ///
    /// CHECK: the handler compares its address with the session's, or derives it if the session does not know it yet.
    pub vault: UncheckedAccount,
    /// The function's account; must not exist yet.
    ///
    /// CHECK: the handler derives its address and makes it.
    #[account(mut)]
    pub function: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl RegisterFunction {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &RegisterFunctionArgs) -> Result<()> {
        let RegisterFunction { authority, payer, session, program, vault, function, .. } = &mut ctx.accounts;
        let (view, address, program) = (*function.account(), *session.account(), program.account());
        let settled = vaults::settle(vault.account(), address.address(), &session.state)?;
        let selector = Selector { bytes: args.selector, length: args.selector_length };
        let new = NewFunction {
            program: program.address(),
            is_executable: program.executable(),
            selector,
            units: args.units,
            composable: args.composable,
            reserved: args.reserved,
        };
        let seed = selector.seed();
        let seeds = FunctionState::seeds(address.address(), program.address(), &seed);
        let (mut function, made) = Stored::<Function>::create(&view, payer.account(), &seeds, Stored::<Function>::INIT_SPACE)?;
        let act = act_now(&view, authority)?;
        let session = At { address: address.address(), state: &mut session.state };
        function.state.register(&act, session, settled, &new, &made, &mut Log).map_err(refuse)
    }
}
