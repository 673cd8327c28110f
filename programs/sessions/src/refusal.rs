//! From the refusals of `sessions-core` to the error of a transaction.

use {
    anchor_lang::prelude::*,
    sessions_core::{Refusal, SessionError},
};

/// The error of the transaction. What its name leaves open (a field, a reason) goes to the log, for an error code has no room for it.
#[inline(always)]
pub fn refuse(refusal: Refusal) -> Error {
    explain(refusal).into()
}

/// The refusal's error, after the log has what its name leaves open.
#[cold]
#[inline(never)]
pub fn explain(refusal: Refusal) -> SessionError {
    if let Some(detail) = refusal.detail {
        // Only three errors leave anything open; the table of all names is longer than the rest of this.
        msg!(detail.error().name());
        msg!(detail.text());
    }
    refusal.error
}

/// The list of errors once more as Anchor's own, from the same list: this is how they come into the IDL.
#[cfg(feature = "idl-build")]
pub mod idl {
    use {anchor_lang::prelude::*, sessions_core::for_each_error};

    macro_rules! define_errors {
        ($($name:ident = $message:literal),+ $(,)?) => {
            /// The program's errors.
            #[error_code]
            pub enum Errors { $(#[msg($message)] #[doc = $message] $name),+ }
        };
    }

    for_each_error!(define_errors);
}
