//! What only the program's handlers give, and no step of `sessions-core`: it is about how accounts are passed, or about accounts of other
//! programs. The test `protocol` holds the rest against the steps; these, `tests/svm` tries on the program.

use sessions_core::{
    SessionError::{self, *},
    error::Violation::{self, *},
};

/// What an instruction's handler adds to what its step gives.
pub struct Handler {
    /// The instruction.
    pub instruction: &'static str,
    /// Errors among its refusals.
    pub errors: &'static [SessionError],
    /// Fields that an InvalidConfiguration of its names.
    pub fields: &'static [&'static str],
    /// Reasons of its PolicyViolation.
    pub violations: &'static [Violation],
}

/// Every handler that adds something.
pub const HANDLERS: &[Handler] = &[
    Handler {
        instruction: "execute_function",
        errors: &[InvalidConfiguration, VaultBelowRent, AllowanceNotFound],
        fields: &["accounts"],
        violations: &[ForeignAccount, WritableState],
    },
    Handler {
        instruction: "compose_functions",
        errors: &[InvalidConfiguration, VaultBelowRent, AllowanceNotFound],
        fields: &["calls", "accounts"],
        violations: &[ForeignAccount, WritableState],
    },
    Handler { instruction: "deposit", errors: &[InvalidTokenAccount, UnsupportedMint, VaultBelowRent], fields: &[], violations: &[] },
    Handler { instruction: "consume", errors: &[], fields: &["reserved"], violations: &[] },
    Handler { instruction: "validate_session", errors: &[], fields: &["reserved"], violations: &[] },
    Handler { instruction: "read_property", errors: &[], fields: &[], violations: &[GrantMissing] },
    Handler { instruction: "write_property", errors: &[], fields: &[], violations: &[GrantMissing] },
];

/// What the handler of the instruction with this name adds.
pub fn handler_of(instruction: &str) -> Option<&'static Handler> {
    HANDLERS.iter().find(|handler| handler.instruction == instruction)
}
