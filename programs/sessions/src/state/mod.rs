//! The accounts as Anchor sees them: the layouts of `sessions-core` behind their discriminators.

mod stored;

pub use stored::{Layout, Stored};

use {
    anchor_lang::prelude::*,
    sessions_core::{
        SessionError,
        state::{AccountHeader, SessionState},
    },
};

/// A session: the PDA of [`SessionState::seeds`].
#[account]
pub struct Session {
    /// Everything about the session.
    pub state: SessionState,
}

impl Layout for Session {
    const NOT_FOUND: SessionError = SessionError::SessionNotFound;
    const ALREADY_EXISTS: SessionError = SessionError::SessionAlreadyExists;

    fn header(&self) -> &AccountHeader {
        &self.state.header
    }
}
