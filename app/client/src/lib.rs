//! The Rust client of Sessions.
//!
//! | module | job |
//! |---|---|
//! | [`ledger`] | where transactions go: the [`Ledger`] trait, embedded (a real SVM in this process) and by JSON-RPC |
//! | [`cache`] | the optimistic cache: sessions as they are and as they are about to be, at hand |
//! | [`transaction`] | what transactions are on the wire, and how they land |
//! | [`address`] | the addresses of a session's accounts, and ids made from text |
//! | [`instruction`] | one builder for every instruction, with every account derived |
//! | [`account`] | accounts read back as what they are |
//! | [`event`] | events read from a transaction's log, and only the program's own |
//! | [`failure`] | why a transaction failed, by name |
//! | [`messages`] | whether a session's messages are all there, unaltered and in order |
//! | [`program`] | the program file that was committed with this crate |
//!
//! The rules are not here: they are `sessions-core`, the same functions that run on chain.

pub mod account;
pub mod address;
pub mod cache;
pub mod event;
pub mod failure;
pub mod instruction;
pub mod ledger;
pub mod messages;
pub mod program;
pub mod transaction;

#[cfg(feature = "embedded")]
pub use ledger::Embedded;
#[cfg(feature = "rpc")]
pub use ledger::Rpc;
pub use {
    cache::SessionCache,
    ledger::{Ledger, LedgerError},
    sessions_core as core,
};
