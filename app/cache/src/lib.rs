//! The optimistic cache of sessions: confirmed accounts, pending operations, and what they make together.
//!
//! This is the part without I/O and without a clock: inputs are methods of [`Cache`], and what has to be done comes out of
//! [`Cache::poll_effect`]. `sessions-client` puts a ledger, a journal and tasks around it.
//!
//! | module | job |
//! |---|---|
//! | [`cache`] | the sessions that are held, least recently used first out; loads; what is sent when |
//! | [`entry`] | one session: its base, its queue, and what a reader sees |
//! | [`operation`] | what is to be done with a session, and how far it has come |
//! | [`overlay`] | predicted accounts over confirmed ones |
//! | [`effect`] | what the cache asks to be done |
//! | [`freshness`] | how sure a reader can be |
//!
//! What it promises:
//!
//! - **A base is one moment.** All confirmed accounts of a session are read at one slot, so a reader never sees half a transaction. A notification
//!   is only a hint that something changed: lost, doubled, late or in another order, it costs at most another read.
//! - **What a reader sees is the base and, in their order, the pending operations that it does not include**, by the program's own rules. An
//!   operation is included if it landed in a slot before the base's; a base is taken only once that is known of every operation that was sent.
//! - **An older base never replaces a newer one.**
//! - **An entry with pending operations is never evicted**, and one session's operations never cost another's time.
//! - **What was sent is never given up** before the ledger has said what became of it; what was not sent can be.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod cache;
pub mod effect;
pub mod entry;
pub mod freshness;
pub mod operation;
pub mod overlay;

pub use {
    cache::{Cache, Limits, Statistics, SubmitError},
    effect::Effect,
    entry::Base,
    freshness::{Freshness, Level},
    operation::{Cause, LedgerFailure, Operation, OperationId, Sighting, Stage},
    sessions_reducer::{Account, Moment},
};

/// A slot's number.
pub type Slot = u64;
