//! From what the core answers to what crosses the boundary.

use {
    crate::wire::{self, Answer},
    sessions_cache::{Account, Cause, Effect, Freshness, LedgerFailure, Level, Operation, OperationId, Stage, Statistics, SubmitError},
    sessions_core::Refusal,
    sessions_reducer::{Cause as Unpredictable, Rejection},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction, error::InstructionError},
};

/// An instruction's place.
pub fn place(instruction: usize) -> u32 {
    u32::try_from(instruction).unwrap_or(u32::MAX)
}

/// A count.
pub fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn addresses(addresses: &[Address]) -> Vec<wire::Address> {
    addresses.iter().map(Address::to_bytes).collect()
}

impl From<&Account> for wire::Account {
    fn from(account: &Account) -> Self {
        let Account { owner, lamports, executable, data } = account;
        Self { owner: owner.to_bytes(), lamports: *lamports, executable: *executable, data: data.clone() }
    }
}

impl From<&Operation> for wire::Operation {
    fn from(operation: &Operation) -> Self {
        let Operation { session, instructions, after } = operation;
        let instructions = instructions.iter().map(wire::Instruction::from).collect();
        Self { session: session.to_bytes(), instructions, after: after.map(|after| after.0) }
    }
}

impl From<&Instruction> for wire::Instruction {
    fn from(instruction: &Instruction) -> Self {
        let Instruction { program_id, accounts, data } = instruction;
        Self { program: program_id.to_bytes(), accounts: accounts.iter().map(wire::Meta::from).collect(), data: data.clone() }
    }
}

impl From<&AccountMeta> for wire::Meta {
    fn from(meta: &AccountMeta) -> Self {
        let AccountMeta { pubkey, is_signer, is_writable } = meta;
        Self { address: pubkey.to_bytes(), is_signer: *is_signer, is_writable: *is_writable }
    }
}

impl From<Freshness> for wire::Freshness {
    fn from(freshness: Freshness) -> Self {
        let Freshness { level, slot, read_at, exact } = freshness;
        let level = match level {
            Level::Predicted => wire::Level::Predicted,
            Level::Processed => wire::Level::Processed,
            Level::Confirmed => wire::Level::Confirmed,
            Level::Finalized => wire::Level::Finalized,
        };
        Self { level, slot, read_at, exact }
    }
}

impl From<&LedgerFailure> for wire::LedgerFailure {
    fn from(failure: &LedgerFailure) -> Self {
        let LedgerFailure { instruction, error, text } = failure;
        Self { instruction: *instruction, error: error.map(|error| error.code()), text: text.clone() }
    }
}

impl From<&Stage> for wire::Stage {
    fn from(stage: &Stage) -> Self {
        match stage {
            Stage::Local => Self::Local,
            Stage::Sent => Self::Sent,
            Stage::Processed { slot } => Self::Processed(*slot),
            Stage::Confirmed { slot } => Self::Confirmed(*slot),
            Stage::Finalized { slot } => Self::Finalized(*slot),
            Stage::Failed { slot, failure } => Self::Failed(*slot, failure.into()),
            Stage::Expired => Self::Expired,
            Stage::RolledBack(cause) => Self::RolledBack(cause.into()),
        }
    }
}

impl From<&Cause> for wire::Cause {
    fn from(cause: &Cause) -> Self {
        match cause {
            Cause::Refused { instruction, rejection } => Self::Refused { instruction: place(*instruction), rejection: rejection.into() },
            Cause::Predecessor(id) => Self::Predecessor(id.0),
            Cause::Cancelled => Self::GivenUp(wire::Reason::Cancelled),
            Cause::WouldFail(failure) => Self::GivenUp(wire::Reason::WouldFail(failure.into())),
            Cause::NotSent(why) => Self::GivenUp(wire::Reason::NotSent(why.clone())),
        }
    }
}

impl From<&SubmitError> for wire::SubmitError {
    fn from(error: &SubmitError) -> Self {
        match error {
            SubmitError::NotLoaded(accounts) => Self::NotLoaded(addresses(accounts)),
            SubmitError::Refused { instruction, rejection } => {
                Self::Refused { instruction: place(*instruction), rejection: rejection.into() }
            }
            SubmitError::Predecessor(id) => Self::Predecessor(id.0),
            SubmitError::TooManyPending(pending) => Self::TooManyPending(count(*pending)),
            SubmitError::TooManyAccounts(accounts) => Self::TooManyAccounts(count(*accounts)),
        }
    }
}

impl From<&Rejection> for wire::Rejection {
    fn from(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::Foreign => Self::Foreign,
            Rejection::Refused(refusal) => Self::Refused(refusal.into()),
            Rejection::Failed(error) => Self::Failed(error.into()),
            Rejection::Unpredictable(Unpredictable::Unknown(account)) => Self::Unknown(account.to_bytes()),
            Rejection::Unpredictable(Unpredictable::TooManyAccounts) => Self::TooManyAccounts,
        }
    }
}

impl From<&Refusal> for wire::Refusal {
    fn from(refusal: &Refusal) -> Self {
        let Refusal { error, detail } = refusal;
        Self { code: error.code(), name: error.name().to_owned(), detail: detail.map(|detail| detail.text().to_owned()) }
    }
}

impl From<&InstructionError> for wire::InstructionError {
    fn from(error: &InstructionError) -> Self {
        let custom = match error {
            InstructionError::Custom(number) => Some(*number),
            _ => None,
        };
        Self { name: name(error).to_owned(), custom }
    }
}

/// The name of an error as ledgers have it, of those that the rules answer with. Written out, for what prints any error brings all of printing with it.
#[expect(deprecated, reason = "the program answers so")]
const fn name(error: &InstructionError) -> &'static str {
    match error {
        InstructionError::AccountBorrowFailed => "AccountBorrowFailed",
        InstructionError::Custom(_) => "Custom",
        InstructionError::ExternalAccountLamportSpend => "ExternalAccountLamportSpend",
        InstructionError::IllegalOwner => "IllegalOwner",
        InstructionError::IncorrectProgramId => "IncorrectProgramId",
        InstructionError::InvalidArgument => "InvalidArgument",
        InstructionError::InvalidInstructionData => "InvalidInstructionData",
        InstructionError::InvalidSeeds => "InvalidSeeds",
        InstructionError::MissingAccount => "MissingAccount",
        InstructionError::MissingRequiredSignature => "MissingRequiredSignature",
        InstructionError::NotEnoughAccountKeys => "NotEnoughAccountKeys",
        InstructionError::PrivilegeEscalation => "PrivilegeEscalation",
        _ => "GenericError",
    }
}

impl From<&Effect> for wire::Effect {
    fn from(effect: &Effect) -> Self {
        match effect {
            Effect::Load { session, accounts, since } => {
                Self::Load { session: session.to_bytes(), accounts: addresses(accounts), since: *since }
            }
            Effect::Send(id) => Self::Send(id.0),
            Effect::Ask { session, as_of } => Self::Ask { session: session.to_bytes(), as_of: *as_of },
            Effect::Staged(id, stage) => Self::Staged(id.0, stage.into()),
            Effect::Changed(session) => Self::Changed(session.to_bytes()),
            Effect::Evicted(session) => Self::Evicted(session.to_bytes()),
        }
    }
}

impl From<Statistics> for wire::Statistics {
    fn from(statistics: Statistics) -> Self {
        let Statistics { hits, misses, evictions, loads, submitted, confirmed, failed, expired, rolled_back, rebases } = statistics;
        Self { hits, misses, evictions, loads, submitted, confirmed, failed, expired, rolled_back, rebases }
    }
}

impl From<Result<bool, SubmitError>> for Answer {
    fn from(held: Result<bool, SubmitError>) -> Self {
        held.map_or_else(|error| Self::NotTaken((&error).into()), Self::Flag)
    }
}

impl From<Result<(OperationId, bool), SubmitError>> for Answer {
    fn from(taken: Result<(OperationId, bool), SubmitError>) -> Self {
        taken.map_or_else(|error| Self::NotTaken((&error).into()), |(id, exact)| Self::Submitted { id: id.0, exact })
    }
}

impl From<Option<(Option<&Account>, Freshness)>> for Answer {
    fn from(found: Option<(Option<&Account>, Freshness)>) -> Self {
        Self::Reading(found.map(|(account, freshness)| wire::Reading { freshness: freshness.into(), account: account.map(Into::into) }))
    }
}
