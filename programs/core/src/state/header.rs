//! What every account begins with.

use {
    crate::{Address, SessionError},
    bytemuck::{Pod, Zeroable},
};

/// The version of the layouts that this crate knows. Later versions use reserved bytes and never move a field.
pub const VERSION: u8 = 1;

/// Bytes of the discriminator before each layout.
pub const DISCRIMINATOR_LEN: usize = 8;

/// The beginning of every account, right behind its discriminator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct AccountHeader {
    /// Who paid the account's rent and gets it back.
    pub payer: Address,
    /// The slot in which the account's session was requested. Together with the address it names one life of the session.
    pub epoch: u64,
    /// How often the account was written.
    pub revision: u64,
    /// The revision that the account's last event told of; 0 before the first.
    pub event_revision: u64,
    /// [`VERSION`].
    pub version: u8,
    /// The canonical bump of the account's address.
    pub bump: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

impl AccountHeader {
    /// The header of an account that is being created, before its first counted write.
    #[inline(always)]
    pub const fn new(payer: Address, epoch: u64, bump: u8) -> Self {
        Self { payer, epoch, revision: 0, event_revision: 0, version: VERSION, bump, reserved: [0; 6] }
    }

    /// Refuses a layout of another version.
    #[inline(always)]
    pub const fn check_version(&self) -> Result<(), SessionError> {
        if self.version == VERSION { Ok(()) } else { Err(SessionError::UnsupportedVersion) }
    }
}
