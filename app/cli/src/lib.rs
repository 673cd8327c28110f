//! The `sessions` command, as a library: commands on a cluster, the scenario engine, and what both show.
//!
//! | module | job |
//! |---|---|
//! | [`arguments`] | the command line |
//! | [`commands`] | commands on a cluster: one for every instruction, and some that look |
//! | [`cluster`], [`who`], [`keys`] | which cluster, who signs and pays, key files |
//! | [`place`], [`invite`], [`book`] | how sessions are named, links, what things are called |
//! | [`context`] | what a command works with, and reads |
//! | [`draft`], [`preview`], [`confirm`], [`send`] | what a command is going to do, what that costs, asking, and sending |
//! | [`ready`], [`landing`] | transactions with their budgets and keys, and how they land |
//! | [`describe`] | accounts by their fields |
//! | [`failed`] | why a command did not do what it was asked to |
//! | [`mod@localnet`] | a local validator |
//! | [`mod@deploy`] | deploying the program |
//! | [`command`] | what `demo` and `run` do |
//! | [`scenario`] | reading scenarios and running them |
//! | [`report`] | showing what happened: lines, a table, JSON |
//! | [`output`] | where it goes |
//! | [`error`] | what can go wrong, each in one line with a hint |
//!
//! A scenario is read and checked completely before anything runs; what runs is deterministic on the embedded ledger, byte for byte.

pub mod arguments;
pub mod book;
pub mod cluster;
pub mod command;
pub mod commands;
pub mod confirm;
pub mod context;
pub mod deploy;
pub mod describe;
pub mod draft;
pub mod error;
pub mod failed;
pub mod invite;
pub mod keys;
pub mod landing;
pub mod localnet;
pub mod output;
pub mod place;
pub mod preview;
pub mod ready;
pub mod report;
pub mod scenario;
pub mod send;
pub mod who;
