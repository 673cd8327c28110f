//! How many compute units a call takes.
//!
//! A program can ask for the units that are left only where the cluster has the system call for it, which is behind a feature gate that no public
//! cluster has opened; a program that names it cannot even be deployed elsewhere (`docs/decisions/0008-measured-units.md`). So there are two
//! builds of this one: with the feature `measure` the units are asked for, and recorded; without it the runtime writes them to the
//! transaction's log before and after the call, where a reader finds the difference.

/// Looks at the meter before a call.
#[cfg(feature = "measure")]
pub fn start() -> u64 {
    remaining()
}

/// Looks at the meter behind a call: how many units it took.
#[cfg(feature = "measure")]
pub fn stop(start: u64) -> u64 {
    start.saturating_sub(remaining())
}

#[cfg(feature = "measure")]
#[allow(unsafe_code, reason = "system calls are")]
fn remaining() -> u64 {
    #[cfg(target_os = "solana")]
    // SAFETY: the system call takes nothing and changes nothing.
    return unsafe { solana_define_syscall::definitions::sol_remaining_compute_units() };
    #[cfg(not(target_os = "solana"))]
    0
}

/// Looks at the meter before a call: it is written to the log.
#[cfg(not(feature = "measure"))]
pub fn start() -> u64 {
    log();
    0
}

/// Looks at the meter behind a call: it is written to the log, and nothing is recorded.
#[cfg(not(feature = "measure"))]
pub fn stop(_start: u64) -> u64 {
    log();
    0
}

#[cfg(not(feature = "measure"))]
#[allow(unsafe_code, reason = "system calls are")]
fn log() {
    #[cfg(target_os = "solana")]
    // SAFETY: the system call takes nothing and changes nothing but the log.
    unsafe {
        solana_define_syscall::definitions::sol_log_compute_units_();
    }
}
