//! The `sessions` command, as a library: the scenario engine and its reports.
//!
//! | module | job |
//! |---|---|
//! | [`command`] | what the commands do |
//! | [`scenario`] | reading scenarios and running them |
//! | [`report`] | showing what happened: lines, a table, JSON |
//! | [`output`] | where it goes |
//! | [`error`] | what can go wrong, each in one line with a hint |
//!
//! A scenario is read and checked completely before anything runs; what runs is deterministic on the embedded ledger, byte for byte.

pub mod command;
pub mod error;
pub mod output;
pub mod report;
pub mod scenario;
