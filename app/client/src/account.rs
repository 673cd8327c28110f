//! Accounts read back as what they are.

use {
    crate::{address::PROGRAM, ledger::Snapshot},
    sessions_core::{SessionError, SessionState},
};

/// The session in an account.
///
/// # Errors
/// SessionNotFound if there is no session at the address, UnsupportedVersion if this client does not know its layout.
pub fn session(snapshot: &Snapshot) -> Result<SessionState, SessionError> {
    match &snapshot.account {
        Some(account) if account.owner == PROGRAM => SessionState::read(&account.data),
        _ => Err(SessionError::SessionNotFound),
    }
}
