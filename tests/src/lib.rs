//! What the tests share: a world with named actors on an embedded ledger, and the invariants that hold after every step.

pub mod compute_units;
pub mod everything;
pub mod idl;
pub mod invariants;
pub mod programs;
pub mod session;
pub mod tokens;
pub mod world;

pub use world::{Actor, World};
