//! What an instruction of the session program does to its accounts, by the program's own rules.
//!
//! [`reduce`] takes an instruction's bytes and accounts, what the caller knows of those, and a moment; it answers with the accounts as the chain will
//! hold them, byte for byte, or with the very error that the program would give, or that it cannot tell. What a step does is decided by the
//! transitions of `sessions-core`, which the program runs too; what stands here is the way to them: which accounts an instruction takes, what
//! each has to be, and in which order that is checked. It mirrors the program's instructions, file for folder:
//!
//! | module | what is in it |
//! |---|---|
//! | [`accounts`] | what the caller knows, and how it is changed |
//! | [`outcome`] | what is answered |
//! | `call`, `slot`, `funds` | the instruction at work: its accounts, loaded, made, deleted and paid for |
//! | `lifecycle` … `access` | the instructions, a module for each folder of the program's |
//! | `tokens` | token accounts, as far as they are checked |
//!
//! Invariants: nothing is written unless every check has passed; nothing is read but what the caller gives; nothing panics. The crate knows no
//! clock and does no input or output.

#![forbid(unsafe_code)]
#![deny(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod access;
pub mod accounts;
mod call;
mod consumption;
mod dispatch;
mod events;
mod functions;
mod funds;
mod lifecycle;
mod membership;
mod messages;
pub mod outcome;
mod properties;
mod slot;
mod tokens;
mod vault;

pub use {
    accounts::{Account, Accounts, Known, Overlay},
    events::{Silent, Told},
    outcome::{Cause, Outcome, Rejection},
};

use {sessions_core::events::EventSink, solana_instruction::Instruction};

/// When an instruction runs, and what an account costs then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// `Clock::unix_timestamp`, in seconds.
    pub unix_timestamp: i64,
    /// `Clock::slot`.
    pub slot: u64,
    /// What rent asks for each byte of an account, in lamports: the rent sysvar's first field, [`Moment::LAMPORTS_PER_BYTE`] on every cluster today.
    pub lamports_per_byte: u64,
}

impl Moment {
    /// What rent asks for each byte on the public clusters.
    pub const LAMPORTS_PER_BYTE: u64 = 6_960;
    /// The bytes of an account that rent counts besides its data.
    const OVERHEAD: u64 = 128;

    /// The least that an account with so many bytes of data has to hold, in lamports.
    pub const fn minimum_balance(&self, bytes: usize) -> u64 {
        (bytes as u64).saturating_add(Self::OVERHEAD).saturating_mul(self.lamports_per_byte)
    }
}

/// Runs an instruction of the session program on `accounts`, and tells `events` of what happened.
///
/// The flags of the instruction's accounts are those that they have in the transaction: one that another instruction passes as writable, or
/// that pays the fee, is writable here too. Within the instruction this is looked after: an account that stands in two places has the
/// flags of both.
///
/// Whoever keeps events drops those of an instruction that is refused, as with the program's log.
///
/// # Errors
/// [`Rejection::Foreign`] for another program's instruction; [`Rejection::Refused`] and [`Rejection::Failed`] as on the chain;
/// [`Rejection::Unpredictable`] where that cannot be told from what is known. Nothing is written then.
pub fn reduce<A: Accounts, E: EventSink>(
    instruction: &Instruction,
    accounts: &mut A,
    at: &Moment,
    events: &mut E,
) -> Result<Outcome, Rejection> {
    dispatch::dispatch(instruction, accounts, at, events)
}
