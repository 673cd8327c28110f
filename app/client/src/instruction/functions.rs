//! Calls of other programs with the vault's signature.

use {
    super::{Acting, SYSTEM_PROGRAM, acting::writable, build},
    crate::address,
    sessions::{
        accounts as metas, instruction as data,
        instructions::{ComposedCall, ExecuteFunctionArgs, RegisterFunctionArgs},
    },
    sessions_core::{
        FunctionState,
        rules::functions::{AccountIndex, Selector},
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// What an authority registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFunction {
    /// The program that may be called.
    pub program: Address,
    /// What the data of a call must begin with.
    pub selector: Selector,
    /// How many units a call costs.
    pub units: u64,
    /// Whether it may be composed with others.
    pub composable: bool,
}

/// `register_function`: lets members call a program, by the authority.
pub fn register_function(authority: Address, payer: Address, session: Address, function: NewFunction) -> Instruction {
    let NewFunction { program, selector, units, composable } = function;
    let accounts = metas::RegisterFunction {
        authority,
        payer,
        session,
        program,
        vault: address::vault(&session),
        function: address::function(&session, &program, &selector),
        system_program: SYSTEM_PROGRAM,
    };
    let Selector { bytes, length } = selector;
    let args = RegisterFunctionArgs { units, selector: bytes, selector_length: length, composable: u8::from(composable), reserved: [0; 6] };
    build(accounts, data::RegisterFunction { args: &args })
}

/// `unregister_function`: no longer lets members call a program, by the authority; the rent goes back to the payer that `function` names.
pub fn unregister_function(authority: Address, session: Address, function: &FunctionState) -> Instruction {
    let (account, payer) = (address::function(&session, &function.program, &function.selector()), function.header.payer);
    build(metas::UnregisterFunction { authority, session, function: account, payer }, data::UnregisterFunction {})
}

/// A call of a registered function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCall {
    /// The bytes that the function is registered for.
    pub selector: Selector,
    /// What is called, as it would be called directly. Where it names the vault, the vault signs; nobody else does.
    pub instruction: Instruction,
}

/// The accounts behind an execution's own, and calls that name them by their places.
struct Places {
    own: [Address; 3],
    rest: Vec<AccountMeta>,
}

impl Places {
    fn of(acting: &Acting) -> Self {
        Self { own: [address::vault(&acting.session), acting.session, acting.member()], rest: Vec::new() }
    }

    /// The index of an account behind the execution's own, which is added if it is not there. More than fit in an index have none.
    fn rest(&mut self, meta: AccountMeta) -> u8 {
        let place = self.rest.iter().position(|known| known.pubkey == meta.pubkey).unwrap_or_else(|| {
            self.rest.push(AccountMeta { is_signer: false, is_writable: false, ..meta });
            self.rest.len().saturating_sub(1)
        });
        if let Some(known) = self.rest.get_mut(place) {
            known.is_writable |= meta.is_writable;
        }
        u8::try_from(place).unwrap_or(u8::MAX).saturating_add(AccountIndex::REST).min(AccountIndex::WRITABLE - 1)
    }

    /// The indexes of a call's accounts. The program that is called is added behind them.
    fn call(&mut self, call: &Instruction) -> Vec<u8> {
        let index = |places: &mut Self, meta: &AccountMeta| {
            let own = places.own.iter().position(|own| *own == meta.pubkey).and_then(|place| u8::try_from(place).ok());
            let place = own.unwrap_or_else(|| places.rest(meta.clone()));
            if meta.is_writable { place | AccountIndex::WRITABLE } else { place }
        };
        let indexes = call.accounts.iter().map(|meta| index(self, meta)).collect();
        self.rest(AccountMeta::new_readonly(call.program_id, false));
        indexes
    }

    /// Whether a call writes the vault.
    fn writes_vault<'a>(&self, mut calls: impl Iterator<Item = &'a Instruction>) -> bool {
        calls.any(|call| call.accounts.iter().any(|meta| meta.is_writable && self.own.first() == Some(&meta.pubkey)))
    }

    /// The execution with the accounts behind its own, and the allowances that it may charge.
    fn append(self, mut execution: Instruction, writes_vault: bool, allowances: &[Address]) -> Instruction {
        for meta in execution.accounts.iter_mut().filter(|meta| self.own.first() == Some(&meta.pubkey)) {
            meta.is_writable |= writes_vault;
        }
        execution.accounts.extend(self.rest);
        execution.accounts.extend(allowances.iter().copied().map(writable));
        execution
    }
}

/// `execute_function`: calls a registered function, by a member with EXECUTE_FUNCTIONS. What it takes out of the vault is charged to `allowances`,
/// each the address of one of the member's.
pub fn execute_function(acting: Acting, call: &FunctionCall, allowances: &[Address]) -> Instruction {
    let FunctionCall { selector, instruction } = call;
    let mut places = Places::of(&acting);
    let indexes = places.call(instruction);
    let accounts = metas::ExecuteFunction {
        signer: acting.signer,
        session: acting.session,
        member: acting.member(),
        vault: address::vault(&acting.session),
        function: address::function(&acting.session, &instruction.program_id, selector),
    };
    let args = ExecuteFunctionArgs { accounts: &indexes, data: &instruction.data };
    let writes_vault = places.writes_vault(std::iter::once(instruction));
    acting.pass(places.append(build(accounts, data::ExecuteFunction { args }), writes_vault, allowances))
}

/// `compose_functions`: calls up to eight registered functions, all or none of them, by a member with COMPOSE_FUNCTIONS. What they take out of the
/// vault is charged to `allowances`, each the address of one of the member's.
pub fn compose_functions(acting: Acting, calls: &[FunctionCall], allowances: &[Address]) -> Instruction {
    let mut places = Places::of(&acting);
    let named: Vec<(u8, Vec<u8>)> = calls
        .iter()
        .map(|FunctionCall { selector, instruction }| {
            let function = address::function(&acting.session, &instruction.program_id, selector);
            (places.rest(AccountMeta::new_readonly(function, false)), places.call(instruction))
        })
        .collect();
    let pairs = calls.iter().zip(&named);
    let composed =
        pairs.map(|(call, (function, accounts))| ComposedCall { function: *function, accounts, data: &call.instruction.data }).collect();
    let accounts = metas::ComposeFunctions {
        signer: acting.signer,
        session: acting.session,
        member: acting.member(),
        vault: address::vault(&acting.session),
    };
    let writes_vault = places.writes_vault(calls.iter().map(|call| &call.instruction));
    acting.pass(places.append(build(accounts, data::ComposeFunctions { calls: composed }), writes_vault, allowances))
}
