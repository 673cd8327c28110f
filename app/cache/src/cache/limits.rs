//! How much the cache holds, what it counts, and why it does not take an operation on.

use {crate::operation::OperationId, sessions_reducer::Rejection, solana_address::Address, std::num::NonZeroUsize};

/// How much the cache holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sessions without pending operations. Those with some are held besides.
    pub sessions: NonZeroUsize,
    /// Accounts of one session; a ledger reads at most 100 at one slot.
    pub accounts: usize,
    /// Pending operations of one session.
    pub pending_in_session: usize,
    /// Pending operations in all.
    pub pending: usize,
    /// Ended operations whose end can still be asked for.
    pub ended: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        const THOUSAND: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1_023);
        Self { sessions: THOUSAND, accounts: 100, pending_in_session: 256, pending: 4_096, ended: THOUSAND }
    }
}

/// What was counted since the cache was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Readings answered from what is held.
    pub hits: u64,
    /// Readings that need a load.
    pub misses: u64,
    /// Sessions given up for others.
    pub evictions: u64,
    /// Loads asked for.
    pub loads: u64,
    /// Operations submitted.
    pub submitted: u64,
    /// Operations confirmed.
    pub confirmed: u64,
    /// Operations that ran and failed.
    pub failed: u64,
    /// Operations that did not land in time.
    pub expired: u64,
    /// Operations taken back before they were sent.
    pub rolled_back: u64,
    /// Sessions whose pending operations were predicted anew.
    pub rebases: u64,
}

/// Why an operation was not taken on. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// These accounts of the session have to be loaded first: [`Cache::want`] asks for it.
    #[error("{} accounts have to be loaded first", .0.len())]
    NotLoaded(Vec<Address>),
    /// The program would refuse it.
    #[error("instruction {instruction} would be refused: {rejection}")]
    Refused {
        /// The instruction's place in the operation.
        instruction: usize,
        /// What the program would answer.
        rejection: Rejection,
    },
    /// The operation that it is to follow did not happen, or is none that is known.
    #[error("operation {0}, which it is to follow, did not happen or is not known")]
    Predecessor(OperationId),
    /// So many operations are pending that no more are taken on.
    #[error("{0} operations are pending, and no more are taken on; wait for some to land")]
    TooManyPending(usize),
    /// The operation has more accounts than are held of a session.
    #[error("the session would have {0} accounts, more than the cache holds of one")]
    TooManyAccounts(usize),
}
