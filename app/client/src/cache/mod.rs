//! The optimistic cache: sessions as they are and as they are about to be, at hand.
//!
//! [`SessionCache`] is a handle, cheap to clone; behind all clones stand one [pure core](core), a ledger, and one task that does what the core asks
//! for. A reader is answered from memory; an operation is predicted by the program's own rules and answered at once, then signed, sent, followed
//! and, if it comes to that, rolled back.
//!
//! | module | job |
//! |---|---|
//! | [`core`] | what is held, what is pending, what a reader sees: no I/O, no clock |
//! | [`options`] | how a cache is made |
//! | [`reading`] | what a reader gets, and how fresh it is |
//! | [`submission`] | an operation to be submitted, and what becomes of it |
//! | [`journal`] | pending operations that survive a crash |
//! | [`measures`] | what is counted and measured, and the names of it |
//! | `desk` | the lock and the bells between the handles and the task |
//! | `shared` | what the handles have in common |
//! | `driver` | the task: loads, sends, asks, follows |
//!
//! No lock is held while anything is awaited. Everything that grows has a bound: sessions, accounts of one, pending operations, followed accounts,
//! tasks. When the last handle is dropped, the task stops; [`SessionCache::close`] waits before that for what is pending.

mod clock;
mod desk;
mod driver;
mod follow;
pub mod journal;
mod load;
pub mod measures;
pub mod options;
mod poll;
pub mod reading;
mod send;
mod shared;
pub mod submission;

pub use {
    options::Options,
    reading::{ReadError, Reading, Watch},
    sessions_cache as core,
    submission::{Pending, SubmitError},
};

use {
    crate::ledger::Ledger,
    driver::Driver,
    sessions_cache::{Cache, OperationId, Stage, Statistics},
    shared::Shared,
    std::{sync::Arc, time::Duration},
    tokio::time::timeout,
};

/// What [`desk`] is made of.
mod primitives {
    pub use {
        std::sync::{Mutex, MutexGuard, PoisonError},
        tokio::sync::{Notify, watch},
    };
}

/// A handle to a cache of sessions on a ledger. Clones are handles to the same one.
pub struct SessionCache<L: Ledger> {
    handle: Arc<Handle<L>>,
}

/// What tells the driver, when it goes, that nobody is left.
struct Handle<L: Ledger> {
    shared: Arc<Shared<L>>,
}

impl<L: Ledger> Drop for Handle<L> {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

impl<L: Ledger> Clone for SessionCache<L> {
    fn clone(&self) -> Self {
        Self { handle: Arc::clone(&self.handle) }
    }
}

impl<L: Ledger> SessionCache<L> {
    /// A cache on `ledger`. What a journal has of an earlier life goes on from where it was: nothing of it is lost, and nothing sent twice.
    ///
    /// Whatever commitment the handle reads at, the cache reads and follows at confirmed: so it can say of each reading how sure it is. What is only
    /// processed shows as far as it is an operation of the cache's own.
    ///
    /// To be called within a tokio runtime with time enabled, which its task runs in.
    ///
    /// # Errors
    /// [`SubmitError::Journal`] if the journal cannot be read, [`SubmitError::Ledger`] if the ledger's clock cannot.
    pub async fn open(ledger: L, options: Options) -> Result<Self, SubmitError> {
        let shared = Arc::new(Shared::open(ledger, options).await?);
        tokio::spawn(Driver::new(Arc::clone(&shared)).run());
        Ok(Self { handle: Arc::new(Handle { shared }) })
    }

    /// What was counted since the cache was made.
    pub fn statistics(&self) -> Statistics {
        self.with(|core| core.statistics())
    }

    /// The pending operations, in their order, with their stages.
    pub fn pending(&self, session: &solana_address::Address) -> Vec<(OperationId, Stage)> {
        self.with(|core| core.queue(session).map(|(id, stage)| (id, stage.clone())).collect())
    }

    /// Takes on nothing more, waits until nothing is pending any more or `patience` is over, and stops. Gives how many operations are pending still: with
    /// a journal the next cache on it goes on with them.
    pub async fn close(self, patience: Duration) -> usize {
        let shared = &self.handle.shared;
        shared.read(|state| state.open = false);
        // Whether it was in time, the count tells.
        let _ = timeout(patience, shared.quiet(|state| state.core.pending() == 0)).await;
        shared.stop();
        shared.stopped().await;
        shared.with(|state| state.core.pending())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Cache) -> T) -> T {
        self.handle.shared.with(|state| work(&mut state.core))
    }
}
