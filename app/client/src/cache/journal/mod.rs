//! The journal: pending operations, kept so that they survive a crash and are never sent twice.
//!
//! The order of writes is what makes that hold:
//!
//! 1. An operation is recorded when it is taken on, before its submitter is told so.
//! 2. A signed transaction is recorded before it leaves. Whoever finds it recorded must take it for sent: it is asked for, and the same bytes are sent again,
//!    until the ledger has said that it can land no more.
//! 3. What has ended is forgotten, and who takes an operation back is answered after that. To forget late what was sent, or twice, does no harm: it is found
//!    ended again. What was given up unsent right before a crash, for another cause, may be tried again.
//!
//! The numbers of operations rise over all lives of a journal, even of one that has forgotten everything.

mod record;
mod stored;
mod unfinished;

pub use {
    record::{MAX_KEY_BYTES, MAX_RECORD_BYTES, Record, RecordError, Signed},
    stored::{Stored, StoredError},
};

use sessions_cache::OperationId;

/// Why a journal could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoredError),
    /// A record is not one that can be kept. Nothing is wrong with the journal.
    #[error("operation {id} cannot be recorded: {reason}")]
    Refused {
        /// The operation.
        id: OperationId,
        /// What is wrong with it.
        reason: RecordError,
    },
    /// A record was written by a version that this one does not know, or is damaged.
    #[error("operation {id} in the journal cannot be read ({reason}); use the version of sessions that wrote it, or move the file away")]
    Unreadable {
        /// The operation.
        id: OperationId,
        /// What is wrong with it.
        reason: RecordError,
    },
}

/// Where pending operations are kept. Every method may block; what it wrote is durable when it returns.
///
/// When the store fails in the middle of a write, all of it is there or nothing of it, and which of the two shows when the journal is opened again: until then
/// it answers with errors. Whoever was about to send what could not be recorded does not send it.
pub trait Journal: Send + Sync + 'static {
    /// Everything that is recorded, in the order of the operations' numbers.
    ///
    /// # Errors
    /// [`JournalError::Store`], [`JournalError::Unreadable`].
    fn records(&self) -> Result<Vec<Record>, JournalError>;

    /// The first number that was never given to an operation: one more than the highest that was ever recorded.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    fn next(&self) -> Result<OperationId, JournalError>;

    /// Records an operation as it stands now, in place of what was recorded of it. One that was recorded can be recorded again with any transaction that a
    /// ledger takes.
    ///
    /// # Errors
    /// [`JournalError::Store`], [`JournalError::Refused`].
    fn record(&self, record: &Record) -> Result<(), JournalError>;

    /// Forgets operations that have ended, all of them or none. One that is not recorded is no error.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    fn forget(&self, ended: &[OperationId]) -> Result<(), JournalError>;
}
