//! The program file that was committed with this crate. `build.rs` compares it with its manifest, so a damaged file does not get this far.

/// The program, as it is deployed.
pub const FILE: &[u8] = include_bytes!(env!("SESSIONS_PROGRAM_FILE"));
