//! The session's vault: what goes in, what members may take out, and what comes back.
//!
//! Each of these is for SOL or for tokens: without a mint it is SOL; with one, the accounts that tokens need are all there.

mod deposit;
mod set_allowance;
mod spend;
mod withdraw;

pub use {deposit::*, set_allowance::*, spend::*, withdraw::*};
