//! What many handles and one worker have in common: a state behind a lock, and bells.
//!
//! All that the cache does at once goes through here; the rest is single-threaded under the lock. What has to hold whoever comes first:
//!
//! - Work that is left in the state reaches the worker: [`Desk::with`] rings after the lock is given back, and a ring before the worker listens
//!   is kept for it.
//! - Whoever waits for quiet ([`Desk::quiet`]) or for the worker's end ([`Desk::stopped`]) is told, also if it came about before they asked.
//! - Nothing is awaited under the lock.
//!
//! `tests/desk` compiles this file with primitives whose interleavings it chooses, which is why they come from `primitives`.

use super::primitives::{Mutex, MutexGuard, Notify, PoisonError, watch};

/// A state that can tell whether there is something to do for the worker.
pub trait Work {
    /// Whether there is.
    fn has_work(&self) -> bool;
}

/// The state, and the bells.
pub struct Desk<S> {
    state: Mutex<S>,
    /// Tells the worker that there is something to do.
    wake: Notify,
    /// Whether the worker is to stop.
    stop: watch::Sender<bool>,
    /// Whether it has.
    stopped: watch::Sender<bool>,
    /// Tells whoever waits for quiet that something ended.
    ended: watch::Sender<()>,
}

impl<S: Work> Desk<S> {
    pub fn new(state: S) -> Self {
        let (stop, stopped, ended) = (watch::channel(false).0, watch::channel(false).0, watch::channel(()).0);
        Self { state: Mutex::new(state), wake: Notify::new(), stop, stopped, ended }
    }

    /// Does something with the state, and wakes the worker if that left it something to do.
    pub fn with<T>(&self, work: impl FnOnce(&mut S) -> T) -> T {
        let mut state = self.lock();
        let result = work(&mut state);
        let busy = state.has_work();
        drop(state);
        if busy {
            self.wake.notify_one();
        }
        result
    }

    /// Looks at the state, in a way that leaves nothing to do.
    // Inlined, what a reader makes of the state is made where the reader has it: a fifth of a reading is copies otherwise.
    #[inline]
    pub fn read<T>(&self, work: impl FnOnce(&mut S) -> T) -> T {
        work(&mut self.lock())
    }

    /// A panic elsewhere in the process leaves the state as it was between two of its methods or within one that only counts; it goes on.
    fn lock(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there was something to do since the last time.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Says that something ended, for those who wait for quiet.
    pub fn something_ended(&self) {
        self.ended.send_replace(());
    }

    /// Waits until the state is quiet, which it can only become when something ends.
    pub async fn quiet(&self, mut is_quiet: impl FnMut(&mut S) -> bool) {
        // From before the state is looked at, so that no end is missed. The sender is `self`'s, so it cannot be gone.
        let mut ended = self.ended.subscribe();
        while !self.read(&mut is_quiet) && ended.changed().await.is_ok() {}
    }

    /// Has the worker stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Whether the worker is to stop, and when.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Says that the worker has stopped.
    pub fn has_stopped(&self) {
        self.stopped.send_replace(true);
    }

    /// Waits until the worker has stopped.
    pub async fn stopped(&self) {
        // The sender is `self`'s, so it cannot be gone.
        let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }
}
