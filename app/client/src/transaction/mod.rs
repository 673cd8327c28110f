//! Transactions that land: each runs once or not at all, and it is known which.
//!
//! | module | job |
//! |---|---|
//! | [`wire`] | what a transaction is on the wire |
//! | [`nonce`] | transactions that do not expire |
//! | [`budget`] | compute limit and priority fee |
//! | [`draft`] | instructions and keys, made into a transaction again and again |
//! | [`decide`] | when to send again, when to give up, when it is safe to sign again: without clock or I/O |
//! | [`land`] | the same with clock and I/O, on any [`Ledger`](crate::Ledger) |
//!
//! A signed transaction is sent again as the same bytes, so it cannot run twice. Another one is signed in its place only when it cannot run any
//! more: the finalized chain is past its last block, or the nonce it used has moved, and it is not in the history.

pub mod budget;
pub mod decide;
pub mod draft;
pub mod land;
pub mod nonce;
pub mod wire;

pub use {
    budget::{Budget, Price},
    decide::Lifetime,
    draft::Draft,
    land::{Landed, Options, Progress, land, land_resigning},
};
