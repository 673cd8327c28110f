//! Functions: what a session calls with its vault's signature.

mod accounts;
mod between_calls;
mod compose_functions;
mod execute_function;
mod outflow;
mod outflow_tokens;
mod register_function;
mod unregister_function;

use {
    rogue::Instruction as Rogue,
    sessions_client::{
        address,
        core::{
            SessionError,
            rules::{
                functions::Selector,
                lifecycle::Status,
                membership::{Role, Terms},
                permissions::Settings,
                quotas::{Quota, Quotas},
            },
        },
        instruction::{self, Acting, FunctionCall, NewFunction, Tokens},
        ledger::Receipt,
    },
    sessions_tests::{
        Actor, World,
        everything::{Everything, memo_call, memo_function},
        programs::{ROGUE, committed},
        session::{TestSession, config},
        tokens::{MEMO, TOKEN, allowing},
        world::{SOL, names},
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    spl_token_2022_interface::instruction as token,
};

/// Everything, and the program of ill will as a function that takes any data and costs one unit.
struct Stage {
    all: Everything,
}

fn stage() -> Stage {
    stage_with(Everything::new())
}

fn stage_with(all: Everything) -> Stage {
    let Everything { world, session, .. } = &all;
    world.deploy(ROGUE, &committed("rogue"));
    let by = session.creator.address();
    let new = NewFunction { program: ROGUE, ..memo_function(1) };
    world.ok(instruction::register_function(by, by, session.address, new), &session.creator);
    Stage { all }
}

impl Stage {
    fn vault(&self) -> Address {
        address::vault(&self.all.session.address)
    }

    /// The vault, which signs and is written.
    fn signer(&self) -> AccountMeta {
        AccountMeta::new(self.vault(), true)
    }

    fn member(&self) -> Address {
        address::member(&self.all.session.address, &self.all.ana.address())
    }

    fn acting(&self) -> Acting {
        let Everything { world, session, ana, .. } = &self.all;
        Acting::wallet(session.address, ana.address()).in_session(&world.session(&session.address))
    }

    /// Ana's allowance of SOL.
    fn allowance(&self) -> Address {
        address::allowance(&self.member(), &Address::default())
    }

    /// Ana calls the program of ill will with these accounts, and these allowances.
    fn call(&self, what: &Rogue, accounts: Vec<AccountMeta>, allowances: &[Address]) -> Instruction {
        instruction::execute_function(self.acting(), &call(what, accounts), allowances)
    }

    #[track_caller]
    fn ok(&self, act: Instruction) -> Receipt {
        self.all.world.ok(act, &self.all.ana)
    }

    #[track_caller]
    fn refused(&self, act: Instruction, error: SessionError) -> Receipt {
        self.all.world.refused(act, &self.all.ana, error)
    }

    /// Sends what the session's policy must refuse, for the reason that the log gives; nothing of it happens.
    #[track_caller]
    fn violates(&self, act: Instruction, reason: &str) {
        let receipt = self.refused(act, SessionError::PolicyViolation);
        assert!(receipt.logs.contains(&format!("Program log: {reason}")), "{reason}: {:#?}", receipt.logs);
    }
}

/// A call of the program of ill will.
fn call(what: &Rogue, accounts: Vec<AccountMeta>) -> FunctionCall {
    let instruction = Instruction { program_id: ROGUE, accounts, data: what.data() };
    FunctionCall { selector: Selector::default(), instruction }
}

fn reads(address: Address) -> AccountMeta {
    AccountMeta::new_readonly(address, false)
}

fn writes(address: Address) -> AccountMeta {
    AccountMeta::new(address, false)
}
