//! A program of ill will, for tests only: called through a session, it tries everything that the vault's signature could be good for.
//!
//! It is written without Anchor, on plain account infos, and so it also shows that the guard and a call of `consume` work there, and what they cost:
//! [`Instruction::Guarded`], [`Instruction::GuardedByVault`] and [`Instruction::Consume`] log the compute units that are left before and after.
//!
//! | module | does |
//! |---|---|
//! | [`instruction`] | what there is, and which accounts it takes |
//! | [`lamports`] | what the system program could do with a vault |
//! | [`tokens`] | what a token program could do with a vault's accounts |
//! | [`sessions`] | the guard, and calls of the session program |

pub mod instruction;

mod call;
mod lamports;
mod process;
mod sessions;
mod tokens;

pub use {instruction::Instruction, process::process};

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

#[cfg(not(feature = "no-entrypoint"))]
#[allow(unsafe_code, missing_docs, reason = "the macro makes the program's entrypoint, its heap and its panic handler")]
mod entrypoint {
    use super::process;

    solana_program::entrypoint!(process);
}
