//! Lists that are made with all the room they can need, and never grow.
//!
//! Growing takes a product of 128 bits and a call with six arguments, and the registry build has neither (`docs/decisions/0002-registry-build.md`).

use {crate::refusal::refuse, anchor_lang::prelude::Result, sessions_core::error::InvalidField};

/// Puts `value` at the end of a list.
///
/// # Errors
/// InvalidConfiguration naming the accounts, if there is no room for it.
#[inline(always)]
pub fn put<T>(list: &mut Vec<T>, value: T) -> Result<()> {
    // Seen here, the compiler leaves out what would make the list grow.
    if list.len() == list.capacity() {
        return Err(refuse(InvalidField::Accounts.into()));
    }
    list.push(value);
    Ok(())
}
