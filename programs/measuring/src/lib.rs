//! The session program with the feature `measure`: its own build and nothing more. It records how many compute units executions take, which takes a
//! system call that only some clusters have (`docs/decisions/0008-measured-units.md`).

pub use ::sessions::ID;
