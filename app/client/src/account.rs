//! Accounts read back as what they are.

use {
    crate::{address::PROGRAM, ledger::Snapshot},
    sessions_core::{
        AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionError,
        SessionState, state::Child,
    },
};

/// The data of an account that the program owns; none of any other.
fn data(snapshot: &Snapshot) -> &[u8] {
    match &snapshot.account {
        Some(account) if account.owner == PROGRAM => &account.data,
        _ => &[],
    }
}

/// The session in an account.
///
/// # Errors
/// SessionNotFound if there is no session at the address, UnsupportedVersion if this client does not know its layout.
pub fn session(snapshot: &Snapshot) -> Result<SessionState, SessionError> {
    SessionState::read(data(snapshot))
}

/// The membership in an account.
///
/// # Errors
/// MemberNotFound if there is no membership at the address, UnsupportedVersion if this client does not know its layout.
pub fn member(snapshot: &Snapshot) -> Result<MemberState, SessionError> {
    MemberState::read(data(snapshot))
}

/// The invitation in an account.
///
/// # Errors
/// InvitationNotFound if there is no invitation at the address, UnsupportedVersion if this client does not know its layout.
pub fn invitation(snapshot: &Snapshot) -> Result<InvitationState, SessionError> {
    InvitationState::read(data(snapshot))
}

/// The invite token in an account.
///
/// # Errors
/// InvitationNotFound if there is no token at the address, UnsupportedVersion if this client does not know its layout.
pub fn invite_token(snapshot: &Snapshot) -> Result<InviteTokenState, SessionError> {
    InviteTokenState::read(data(snapshot))
}

/// The property in an account, and its value.
///
/// # Errors
/// VersionConflict if there is no property at the address, UnsupportedVersion if this client does not know its layout.
pub fn property(snapshot: &Snapshot) -> Result<(PropertyState, &[u8]), SessionError> {
    PropertyState::read_with_value(data(snapshot))
}

/// The function in an account.
///
/// # Errors
/// FunctionNotFound if there is no function at the address, UnsupportedVersion if this client does not know its layout.
pub fn function(snapshot: &Snapshot) -> Result<FunctionState, SessionError> {
    FunctionState::read(data(snapshot))
}

/// The allowance in an account.
///
/// # Errors
/// AllowanceNotFound if there is no allowance at the address, UnsupportedVersion if this client does not know its layout.
pub fn allowance(snapshot: &Snapshot) -> Result<AllowanceState, SessionError> {
    AllowanceState::read(data(snapshot))
}

/// The grant in an account.
///
/// # Errors
/// AccessNotFound if there is no grant at the address, UnsupportedVersion if this client does not know its layout.
pub fn grant(snapshot: &Snapshot) -> Result<AccessGrantState, SessionError> {
    AccessGrantState::read(data(snapshot))
}

/// What an account that belongs to a session begins with: whose it is, and who paid for it. `None` of any other account.
pub fn child(snapshot: &Snapshot) -> Option<Child> {
    Child::read(data(snapshot))
}
