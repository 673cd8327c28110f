//! Why a transaction failed, by name.

use {
    crate::address::PROGRAM, sessions_core::SessionError, solana_address::Address, solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
};

/// Why a transaction failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The session program refused an instruction.
    #[error("{error}")]
    Session {
        /// The instruction's place in the transaction.
        instruction: u8,
        /// The condition under which it did.
        error: SessionError,
    },
    /// An instruction failed for another reason: another program's, or the runtime's.
    #[error("instruction {instruction}: {error}")]
    Instruction {
        /// The instruction's place in the transaction.
        instruction: u8,
        /// What the runtime says.
        error: InstructionError,
    },
    /// The transaction as a whole was not possible.
    #[error("{0}")]
    Transaction(TransactionError),
}

impl Failure {
    /// What `error` means for a transaction whose instructions go to `programs`.
    ///
    /// An error number is the session program's only if the instruction that failed was sent to it; a number that comes up from a program
    /// it called, or that it does not have, stays a number.
    pub fn new(error: TransactionError, programs: &[Address]) -> Self {
        match error {
            TransactionError::InstructionError(instruction, error) => {
                let ours = programs.get(usize::from(instruction)) == Some(&PROGRAM);
                match error {
                    InstructionError::Custom(code) if ours && let Some(error) = SessionError::from_code(code) => {
                        Self::Session { instruction, error }
                    }
                    error => Self::Instruction { instruction, error },
                }
            }
            other => Self::Transaction(other),
        }
    }

    /// The failure's name: an error of the program, or the runtime's own word.
    pub fn name(&self) -> String {
        match self {
            Self::Session { error, .. } => error.name().to_owned(),
            Self::Instruction { error, .. } => format!("{error:?}"),
            Self::Transaction(error) => format!("{error:?}"),
        }
    }

    /// The program's error, if it is one.
    pub fn session_error(&self) -> Option<SessionError> {
        match self {
            Self::Session { error, .. } => Some(*error),
            _ => None,
        }
    }
}
