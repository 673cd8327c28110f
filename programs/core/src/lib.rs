//! What a session is, with no framework and no I/O.
//!
//! Everything that decides something lives here, once: the account layouts with their seeds and transitions ([`state`]), the rules they
//! follow ([`rules`]), the errors a caller can meet ([`error`]) and the events that tell what happened ([`events`]). The program runs these
//! functions on chain; the client runs the very same ones to predict what the program will do; other programs use them as a [`guard`].
//!
//! The crate is `no_std`, allocates nothing and knows neither a clock nor a source of randomness: time and identities are passed in, in an
//! [`Act`]. Nothing here panics; arithmetic is checked or saturates where the comment says why that is right.

#![no_std]
#![deny(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

#[cfg(test)]
extern crate std;

pub mod error;
pub mod events;
pub mod guard;
pub mod rules;
pub mod state;
mod texts;

pub use {
    error::{Refusal, SessionError},
    solana_address::Address,
    state::{
        AccessGrantState, Act, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionState,
    },
};

/// Result of a transition.
pub type Result<T> = core::result::Result<T, Refusal>;

/// The program's address on every cluster.
pub const ID: Address = Address::from_str_const("SessGKKphX3HqFASfkrnKYdSKFhjhttP5tn6SdpUei8");

/// The zero address, which is nobody's: no key signs for it.
pub const NOBODY: Address = Address::new_from_array([0; 32]);

/// Whether two addresses are the same.
///
/// Compares four words instead of thirty-two bytes: the derived `==` is a call of `memcmp` on SBF and costs several times as much.
#[inline(always)]
pub fn same(a: &Address, b: &Address) -> bool {
    solana_address::address_eq(a, b)
}
