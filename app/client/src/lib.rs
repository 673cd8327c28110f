//! The Rust client of Sessions.
//!
//! | module | job |
//! |---|---|
//! | [`ledger`] | where transactions go: the [`Ledger`] trait and its embedded implementation, a real SVM in this process |
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
pub mod event;
pub mod failure;
pub mod instruction;
pub mod ledger;
pub mod messages;
pub mod program;

pub use {
    ledger::{Embedded, Ledger, LedgerError},
    sessions_core as core,
};
