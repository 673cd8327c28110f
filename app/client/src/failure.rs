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
    /// What `error` means for a transaction with these `logs`, whose instructions go to `programs`.
    ///
    /// An error number is the session program's only if the instruction that failed was sent to it, and no program that it called failed; a
    /// number that comes up from such a program, or that it does not have, stays a number.
    pub fn new(error: TransactionError, programs: &[Address], logs: &[String]) -> Self {
        match error {
            TransactionError::InstructionError(instruction, error) => {
                let sent_to_it = programs.get(usize::from(instruction)) == Some(&PROGRAM);
                let ours = sent_to_it && first_failed(logs).is_none_or(|(_, program, _)| program == PROGRAM);
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

/// The program that failed and what the log says of it, with the place of that line: the first that did, for those after it had called it.
///
/// `None` if the log does not tell, as when it was cut before.
pub fn first_failed(logs: &[String]) -> Option<(usize, Address, &str)> {
    logs.iter().enumerate().find_map(|(place, line)| {
        let (program, reason) = line.strip_prefix("Program ")?.split_once(" failed: ")?;
        Some((place, program.parse().ok()?, reason))
    })
}
