//! What is answered of an instruction.

use {
    sessions_core::{
        Address, Refusal, SessionError,
        error::{InvalidField, Violation},
    },
    solana_instruction::error::InstructionError,
};

/// What an instruction did that went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether every account that is known is now as the chain will hold it, and every event as it will be told. Not so where another program
    /// had a say, or an account that is not known: then the instruction may also fail with that program's error, what tokens and wallets
    /// hold is not told, and neither is what an execution takes from an allowance. The other accounts of the session program are then still as
    /// the chain will hold them if the instruction succeeds.
    pub exact: bool,
    /// The return data; empty if there is none.
    pub returned: Vec<u8>,
}

/// Why an instruction did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It is another program's.
    Foreign,
    /// The program refuses it.
    Refused(Refusal),
    /// The framework or the runtime answers with this error.
    Failed(InstructionError),
    /// What it does cannot be told.
    Unpredictable(Cause),
}

/// Why it cannot be told what an instruction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// This account is not known.
    Unknown(Address),
    /// It names more accounts than a transaction can lock.
    TooManyAccounts,
}

/// Anchor's AccountNotEnoughKeys, by the runtime's own word.
#[expect(deprecated, reason = "the program answers so")]
pub(crate) const TOO_FEW_ACCOUNTS: Rejection = Rejection::Failed(InstructionError::NotEnoughAccountKeys);
/// Anchor's ConstraintMut: an account was not passed as writable.
pub(crate) const CONSTRAINT_MUT: Rejection = Rejection::Failed(InstructionError::Custom(2_000));
/// Anchor's ConstraintExecutable: an account is no program.
pub(crate) const CONSTRAINT_EXECUTABLE: Rejection = Rejection::Failed(InstructionError::Custom(2_007));
/// Anchor's ConstraintClose: an account would be closed to itself.
pub(crate) const CONSTRAINT_CLOSE: Rejection = Rejection::Failed(InstructionError::Custom(2_011));
/// Anchor's ConstraintDuplicateMutableAccount.
pub(crate) const DUPLICATE: Rejection = Rejection::Failed(InstructionError::Custom(2_040));
/// The runtime's answer where a program would pass on a right that it was not passed.
pub(crate) const ESCALATION: Rejection = Rejection::Failed(InstructionError::PrivilegeEscalation);
/// The system program's answer where an account is there that is to be made.
pub(crate) const IN_USE: Rejection = Rejection::Failed(InstructionError::Custom(0));
/// The system program's answer where a wallet does not have what it is to pay.
pub(crate) const NO_FUNDS: Rejection = Rejection::Failed(InstructionError::Custom(1));

impl Rejection {
    /// The program's error, if the program refuses the instruction.
    pub const fn session_error(&self) -> Option<SessionError> {
        match self {
            Self::Refused(refusal) => Some(refusal.error),
            _ => None,
        }
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<SessionError> for Rejection {
    fn from(error: SessionError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<InvalidField> for Rejection {
    fn from(field: InvalidField) -> Self {
        Self::Refused(field.into())
    }
}

impl From<Violation> for Rejection {
    fn from(violation: Violation) -> Self {
        Self::Refused(violation.into())
    }
}

impl From<InstructionError> for Rejection {
    fn from(error: InstructionError) -> Self {
        Self::Failed(error)
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(address) => write!(f, "the account {address} is not known"),
            Self::TooManyAccounts => write!(f, "the instruction names more accounts than a transaction can lock"),
        }
    }
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Foreign => write!(f, "the instruction is another program's"),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Failed(error) => error.fmt(f),
            Self::Unpredictable(cause) => write!(f, "it cannot be told what the instruction does: {cause}"),
        }
    }
}

impl std::error::Error for Rejection {}
