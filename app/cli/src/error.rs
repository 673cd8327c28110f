//! What can go wrong before and beside a run, each as one line that says what to do.
//!
//! A scenario whose expectations do not hold is no error of this kind but a result: see [`mod@crate::scenario::run`].

use {
    sessions_client::LedgerError,
    std::{fmt, io, path::PathBuf},
};

/// What is wrong with a scenario, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; `None` if it is about the file as a whole.
    pub line: Option<usize>,
    /// What is wrong, in one line.
    pub what: String,
}

/// Everything that is wrong with one scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    /// The file's name, as the user wrote it.
    pub file: String,
    /// The problems, by line.
    pub list: Vec<Problem>,
}

impl Problems {
    /// A single problem of the file as a whole.
    pub fn of_file(file: impl Into<String>, what: impl Into<String>) -> Self {
        Self { file: file.into(), list: vec![Problem { line: None, what: what.into() }] }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.list.iter().enumerate() {
            let separator = if i == 0 { "" } else { "\n" };
            match problem.line {
                Some(line) => write!(f, "{separator}{}:{line}: {}", self.file, problem.what)?,
                None => write!(f, "{separator}{}: {}", self.file, problem.what)?,
            }
        }
        Ok(())
    }
}

/// Why a command could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Scenario files that say something unreadable or impossible. Nothing ran.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Scenarios(Vec<Problems>),
    /// A program file that is not there.
    #[error("the program file {} cannot be read ({reason}); \
             name one that is there, or leave --program out for the built-in one", .path.display())]
    ProgramUnreadable {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A program file that no SVM can load.
    #[error("the program file {} is damaged or no Solana program ({reason}); \
             build it again with `make program`, or leave --program out", .path.display())]
    ProgramDamaged {
        /// The file.
        path: PathBuf,
        /// What the SVM says.
        reason: String,
    },
    /// The ledger could not be set up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The result could not be written.
    #[error("the result cannot be written: {0}; check where the output goes")]
    Output(#[from] io::Error),
}

impl Error {
    /// The exit code: 2 if what was given cannot be used, 1 if something broke on the way.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Scenarios(_) | Self::ProgramUnreadable { .. } | Self::ProgramDamaged { .. } => 2,
            Self::Ledger(_) | Self::Output(_) => 1,
        }
    }
}
