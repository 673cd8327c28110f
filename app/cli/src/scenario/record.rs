//! What happened: a [`Record`] for each step, a [`Summary`] for the scenario. Reports show them; nothing here decides how.

use {
    super::{plan::Place, why::Why},
    sessions_client::core::{
        events::AnyEvent,
        rules::lifecycle::{CloseReason, Status},
    },
    std::fmt,
};

/// What became of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where the step stands.
    pub place: Place,
    /// The slot, after the step.
    pub slot: u64,
    /// The time, after the step, in seconds since 1970.
    pub time: i64,
    /// The time since the scenario's start, in seconds.
    pub elapsed: i64,
    /// What it was.
    pub what: What,
}

/// What a step was.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// An instruction.
    Act(Acted),
    /// Time that passed, in seconds.
    Waited(u32),
    /// A check: each claim, and whether it holds.
    Checked(Vec<Verdict>),
}

/// What became of an instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Acted {
    /// Who took the step.
    pub actor: String,
    /// The instruction's name.
    pub instruction: &'static str,
    /// The name of the session it is about.
    pub session: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The session before the step.
    pub before: State,
    /// The session after it.
    pub after: State,
    /// What it took; `None` if it did not run.
    pub compute_units: Option<u64>,
    /// What its transaction cost, in lamports: on the transaction's first step.
    pub fee: Option<u64>,
    /// What it emitted.
    pub events: Vec<AnyEvent>,
    /// What the session program answered, if this is the last step of its transaction.
    pub returned: Vec<u8>,
}

/// What became of an instruction, as far as the scenario cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded, as it must.
    Done,
    /// It was refused, as the scenario expects.
    Refused(Why),
    /// A later step of its transaction was refused, so nothing of it happened.
    Undone,
    /// Its transaction ended at an earlier step, or was never sent, so it did not run.
    NotReached,
    /// It did not go as the scenario expects.
    Failed {
        /// The error that had to come; `None` if it had to succeed.
        expected: Option<String>,
        /// The error that came; `None` if it succeeded.
        came: Option<Why>,
    },
}

/// A session as a report shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// There is none at the address.
    #[default]
    Absent,
    /// It is there.
    Present(Status),
    /// It is closed, for the reason with this byte.
    Closed(u8),
    /// It is there, but of a version that this client does not know.
    Unknown,
}

impl State {
    /// Its name; `None` if there is no session.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Absent => None,
            Self::Present(status) => Some(status.name()),
            Self::Closed(_) => Some(Status::Closed.name()),
            Self::Unknown => Some("Unknown"),
        }
    }

    /// The reason for which it is closed, by name or number.
    pub fn close_reason(&self) -> Option<String> {
        match self {
            Self::Closed(byte) => Some(CloseReason::from_byte(*byte).map_or_else(|| byte.to_string(), |reason| reason.name().to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or("–"))
    }
}

/// One claim of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it is about.
    pub label: String,
    /// What had to be.
    pub expected: String,
    /// What is.
    pub found: String,
    /// Whether they are the same.
    pub holds: bool,
}

impl Record {
    /// Whether the step went as the scenario expects.
    pub fn holds(&self) -> bool {
        match &self.what {
            What::Act(act) => !matches!(act.outcome, Outcome::Failed { .. }),
            What::Waited(_) => true,
            What::Checked(verdicts) => verdicts.iter().all(|verdict| verdict.holds),
        }
    }

    /// Whether the step came to its turn.
    pub fn reached(&self) -> bool {
        !matches!(&self.what, What::Act(Acted { outcome: Outcome::NotReached, .. }))
    }
}

/// What became of a scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many steps the file has.
    pub steps: usize,
    /// How many of them came to their turn.
    pub reached: usize,
    /// How many instructions were refused as expected.
    pub refused: usize,
    /// How many claims were checked and hold.
    pub claims: usize,
    /// The compute units of all transactions.
    pub compute_units: u64,
    /// The fees of all transactions, in lamports.
    pub fees: u64,
    /// What is still bound in accounts: what the actors had, less what they have, less the fees. In lamports.
    pub locked: i128,
    /// How many of the saved sessions still exist.
    pub left: usize,
    /// The step that did not go as expected.
    pub failed_at: Option<Place>,
}

impl Summary {
    /// How many steps did not come to their turn.
    pub const fn not_run(&self) -> usize {
        self.steps.saturating_sub(self.reached)
    }

    /// Whether every expectation held.
    pub const fn passed(&self) -> bool {
        self.failed_at.is_none()
    }
}
