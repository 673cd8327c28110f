//! From the refusals of `sessions-core` to the error of a transaction.

use {anchor_lang::prelude::*, sessions_core::Refusal};

/// The error of the transaction. What its name leaves open (a field, a reason) goes to the log, for an error code has no room for it.
#[cold]
pub fn refuse(refusal: Refusal) -> Error {
    if let Some(detail) = refusal.detail {
        msg!(refusal.error.name());
        msg!(detail.text());
    }
    refusal.error.into()
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
