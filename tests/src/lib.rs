//! What the tests share: a world with named actors on an embedded ledger, and the invariants that hold after every step.

pub mod compute_units;
pub mod idl;
pub mod invariants;
pub mod session;
pub mod world;

pub use world::{Actor, World};
