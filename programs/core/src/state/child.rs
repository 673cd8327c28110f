//! What the accounts that belong to a session have in common: each is of one life of one session, and goes before it.
//!
//! Every such layout begins with the [`AccountHeader`] and the session's address, so that any of them can be told from its first bytes.

use {
    super::{
        AccessGrantState, AccountHeader, AllowanceState, DISCRIMINATOR_LEN, FunctionState, InvitationState, InviteTokenState, MemberState,
        PropertyState, SessionState,
    },
    crate::{Address, error::SessionError, rules::lifecycle::Status, same},
    bytemuck::{Pod, Zeroable},
};

/// What an account that belongs to a session begins with, behind its discriminator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Child {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The address of the session that it belongs to.
    pub session: Address,
}

impl Child {
    /// The discriminators of the accounts that belong to a session.
    pub const DISCRIMINATORS: [[u8; DISCRIMINATOR_LEN]; 7] = [
        MemberState::DISCRIMINATOR,
        InvitationState::DISCRIMINATOR,
        InviteTokenState::DISCRIMINATOR,
        PropertyState::DISCRIMINATOR,
        FunctionState::DISCRIMINATOR,
        AllowanceState::DISCRIMINATOR,
        AccessGrantState::DISCRIMINATOR,
    ];

    /// The beginning of the child in an account's data; `None` if it is none. The account's owner is the caller's to check.
    #[inline(always)]
    pub fn read(data: &[u8]) -> Option<Self> {
        let (discriminator, rest) = data.split_first_chunk::<DISCRIMINATOR_LEN>()?;
        let discriminator = u64::from_le_bytes(*discriminator);
        if !Self::DISCRIMINATORS.iter().any(|known| u64::from_le_bytes(*known) == discriminator) {
            return None;
        }
        bytemuck::try_pod_read_unaligned(rest.get(..size_of::<Self>())?).ok()
    }

    /// Checks that the account belongs to this life of the session at `address`.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch.
    #[inline(always)]
    pub(super) fn check(header: &AccountHeader, session: &Address, address: &Address, state: &SessionState) -> Result<(), SessionError> {
        if !same(session, address) {
            Err(SessionError::WrongSession)
        } else if header.epoch != state.header.epoch {
            Err(SessionError::StaleEpoch)
        } else {
            Ok(())
        }
    }
}

/// What every layout of a child has: the check that it belongs to a session.
macro_rules! child {
    ($state:ident) => {
        impl $state {
            /// Checks that the account belongs to this life of the session at `address`.
            ///
            /// # Errors
            /// WrongSession, StaleEpoch.
            #[inline(always)]
            pub fn check_belongs(
                &self,
                address: &$crate::Address,
                session: &$crate::SessionState,
            ) -> core::result::Result<(), $crate::SessionError> {
                $crate::state::Child::check(&self.header, &self.session, address, session)
            }
        }
    };
}
pub(super) use child;

impl SessionState {
    /// Whether `child` may be reclaimed: it belongs to the session at `address`, which is closed, or `state` is a later life of it.
    ///
    /// # Errors
    /// WrongSession; InvalidTransition while the session is not closed.
    #[inline(always)]
    pub fn reclaim_child(&mut self, address: &Address, child: &Child) -> Result<(), SessionError> {
        if !same(&child.session, address) {
            return Err(SessionError::WrongSession);
        }
        if child.header.epoch != self.header.epoch {
            // Of an earlier life, which this one does not count.
            return Ok(());
        }
        if self.status != Status::Closed as u8 {
            return Err(SessionError::InvalidTransition);
        }
        self.release()
    }
}
