//! In place of the standard library's primitives and tokio's.

pub use {
    shuttle_tokio::sync::{Notify, watch},
    std::sync::PoisonError,
};

use {
    shuttle::sync::{
        LockResult,
        atomic::{AtomicBool, Ordering},
    },
    std::{
        ops::{Deref, DerefMut},
        thread::panicking,
    },
};

/// A lock after whose release others get their turn. Shuttle's own has none there, and what follows (a `subscribe`) may have none before it.
pub struct Mutex<T>(shuttle::sync::Mutex<T>);

/// Its guard.
pub struct MutexGuard<'a, T>(Option<shuttle::sync::MutexGuard<'a, T>>);

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self(shuttle::sync::Mutex::new(value))
    }

    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        match self.0.lock() {
            Ok(guard) => Ok(MutexGuard(Some(guard))),
            Err(poisoned) => Err(PoisonError::new(MutexGuard(Some(poisoned.into_inner())))),
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("until it is dropped")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("until it is dropped")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        drop(self.0.take());
        if !panicking() {
            // Any access to an atomic is a turn for others.
            AtomicBool::new(false).load(Ordering::SeqCst);
        }
    }
}
