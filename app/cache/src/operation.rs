//! What is to be done with a session, and how far it has come.
//!
//! ```text
//! Local → Sent ⇄ Processed → Confirmed → Finalized
//!   ↓       ↓         ↓
//! RolledBack  Failed, Expired
//! ```
//!
//! Only a Local operation is rolled back: what was sent may land, whatever the rules now say of it, until the ledger has said that it can no more.
//! Then it is Expired, or Local once more.

use {
    crate::Slot, core::fmt, sessions_core::SessionError, sessions_reducer::Rejection, solana_address::Address,
    solana_instruction::Instruction,
};

/// An operation's number, rising in the order of submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(pub u64);

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is to be done: instructions that go together, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The session under which it is kept: the one whose member acts.
    pub session: Address,
    /// The instructions.
    pub instructions: Vec<Instruction>,
    /// An operation without whose success this one makes no sense. (Whether it still applies is asked of the rules in any case.)
    pub after: Option<OperationId>,
}

/// How far an operation has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Predicted, and not sent yet.
    Local,
    /// Sent: it may land at any time.
    Sent,
    /// Seen in a block that may still disappear.
    Processed {
        /// The block's slot.
        slot: Slot,
    },
    /// In a block that the cluster has voted for.
    Confirmed {
        /// The block's slot.
        slot: Slot,
    },
    /// In a block that cannot disappear.
    Finalized {
        /// The block's slot.
        slot: Slot,
    },
    /// It ran, and failed: nothing of it happened but its fee.
    Failed {
        /// The block's slot.
        slot: Slot,
        /// Why.
        failure: LedgerFailure,
    },
    /// Its time to land is over, and it did not, as far as the ledger remembers.
    Expired,
    /// It was taken back before it was sent.
    RolledBack(Cause),
}

impl Stage {
    /// Whether nothing more becomes of it.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Finalized { .. } | Self::Failed { .. } | Self::Expired | Self::RolledBack(_))
    }

    /// Whether it did not happen and never will.
    pub const fn is_lost(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Expired | Self::RolledBack(_))
    }

    /// Whether a block has it.
    pub const fn has_landed(&self) -> bool {
        matches!(self, Self::Processed { .. } | Self::Confirmed { .. } | Self::Finalized { .. })
    }

    /// The stage's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Sent => "sent",
            Self::Processed { .. } => "processed",
            Self::Confirmed { .. } => "confirmed",
            Self::Finalized { .. } => "finalized",
            Self::Failed { .. } => "failed",
            Self::Expired => "expired",
            Self::RolledBack(_) => "rolled back",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Failed { failure, .. } => write!(f, ": {failure}"),
            Self::RolledBack(cause) => write!(f, ": {cause}"),
            _ => Ok(()),
        }
    }
}

/// Why an operation was taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// It no longer applies: the rules refuse it on what the session is by now.
    #[error("instruction {instruction} no longer applies: {rejection}")]
    Refused {
        /// The instruction's place in the operation.
        instruction: usize,
        /// What the program would answer.
        rejection: Rejection,
    },
    /// The operation that it was to follow did not happen.
    #[error("operation {0}, which it was to follow, did not happen")]
    Predecessor(OperationId),
    /// Its submitter took it back.
    #[error("it was taken back")]
    Cancelled,
    /// It was tried without being sent, and failed.
    #[error("it would fail: {0}")]
    WouldFail(LedgerFailure),
    /// It could not be sent.
    #[error("it could not be sent: {0}")]
    NotSent(String),
}

/// Why an operation that ran failed, in the ledger's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFailure {
    /// The place of the instruction that failed; `None` if it was the transaction as a whole.
    pub instruction: Option<u8>,
    /// The program's error, if it is the session program's.
    pub error: Option<SessionError>,
    /// What happened, in words.
    pub text: String,
}

impl fmt::Display for LedgerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a ledger said of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// It is in no block that the ledger knows.
    Unseen,
    /// It succeeded, in a block that may still disappear.
    Processed(Slot),
    /// It failed, in a block that may still disappear: nothing that follows it goes, and it is not lost yet either.
    Failing,
    /// It succeeded, in a block that the cluster has voted for.
    Confirmed(Slot),
    /// It succeeded, in a block that cannot disappear.
    Finalized(Slot),
    /// It failed, in a block that the cluster has voted for.
    Failed(Slot, LedgerFailure),
}
