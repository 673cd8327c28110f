//! The session's vault: what goes in, what members may take out, and what comes back.
//!
//! `deposit` and `withdraw` are for SOL or for tokens: without a mint it is SOL; with one, the accounts that tokens need are all there. What members
//! pay, and pay often, has an instruction for each, with no account that it does not use.

mod deposit;
mod set_allowance;
mod spend;
mod spend_tokens;
mod withdraw;

pub use {deposit::*, set_allowance::*, spend::*, spend_tokens::*, withdraw::*};
