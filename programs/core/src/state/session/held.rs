//! A session as an act holds it: for reading, or for writing too.

use {super::SessionState, crate::error::SessionError, core::ops::Deref};

/// A session that an act reads, and writes only if the session has limits that its members share. Members of one that has none act side by side:
/// each writes its own account alone.
#[derive(Debug)]
pub enum Held<'a> {
    /// To be read.
    ReadOnly(&'a SessionState),
    /// To be written, if there is something to write.
    Writable(&'a mut SessionState),
    /// To be written, in a write that is counted already.
    Counted(&'a mut SessionState),
}

impl Held<'_> {
    /// The session, to be written.
    ///
    /// # Errors
    /// SessionReadOnly.
    #[inline(always)]
    pub(in crate::state) fn write(&mut self) -> Result<&mut SessionState, SessionError> {
        match self {
            Self::ReadOnly(_) => Err(SessionError::SessionReadOnly),
            Self::Writable(session) | Self::Counted(session) => Ok(session),
        }
    }

    /// The session, to be charged: which is a write of its own, unless it is part of one that is counted already.
    ///
    /// # Errors
    /// SessionReadOnly; ArithmeticOverflow if the writes are used up.
    #[inline(always)]
    pub(in crate::state) fn charged(&mut self) -> Result<&mut SessionState, SessionError> {
        match self {
            Self::ReadOnly(_) => Err(SessionError::SessionReadOnly),
            Self::Counted(session) => Ok(session),
            Self::Writable(session) => {
                session.header.count_write()?;
                Ok(session)
            }
        }
    }
}

impl Deref for Held<'_> {
    type Target = SessionState;

    #[inline(always)]
    fn deref(&self) -> &SessionState {
        match self {
            Self::ReadOnly(session) => session,
            Self::Writable(session) | Self::Counted(session) => session,
        }
    }
}
