//! What the tests share: a world with named actors on an embedded ledger, the invariants that hold after every step, and the prediction that each
//! step is held against.

pub mod agreement;
pub mod compute_units;
pub mod everything;
pub mod idl;
pub mod invariants;
pub mod prediction;
pub mod programs;
pub mod real_time;
pub mod session;
pub mod test_validator;
pub mod tokens;
pub mod witness;
pub mod world;

pub use world::{Actor, World};
