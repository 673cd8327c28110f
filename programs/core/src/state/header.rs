//! What every account begins with.

use {
    super::Act,
    crate::{
        Address, SessionError,
        events::{About, Event, EventHeader, EventSink},
    },
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

    /// Counts a write.
    #[inline(always)]
    pub(super) fn count_write(&mut self) -> Result<(), SessionError> {
        self.revision = self.next_revision()?;
        Ok(())
    }

    /// The revision that the next write makes.
    #[inline(always)]
    pub(super) fn next_revision(&self) -> Result<u64, SessionError> {
        self.revision.checked_add(1).ok_or(SessionError::ArithmeticOverflow)
    }

    /// Checks that so many writes can still be counted, before the first of several accounts is changed.
    #[inline(always)]
    pub(super) const fn check_writes(&self, writes: u64) -> Result<(), SessionError> {
        if self.revision <= u64::MAX.wrapping_sub(writes) { Ok(()) } else { Err(SessionError::ArithmeticOverflow) }
    }

    /// Notes that an event tells of the write just counted; gives the revision that the event before it told of.
    #[inline(always)]
    pub(super) fn note_event(&mut self) -> u64 {
        core::mem::replace(&mut self.event_revision, self.revision)
    }

    /// What the event begins with that tells of the write just counted. Not inlined: every event has one.
    #[inline(never)]
    pub(super) fn begin_event(&mut self, session_id: &[u8; 32], address: &Address, time: i64) -> EventHeader {
        let previous = self.note_event();
        About { session_id, address, revision: self.revision, previous, time }.into()
    }

    /// What must hold of every header between two instructions.
    pub(super) fn invariant(&self) -> [(bool, &'static str); 3] {
        [
            (self.version == VERSION, "the version is this one"),
            (self.revision > 0 && self.event_revision <= self.revision, "events do not run ahead of writes"),
            (self.reserved == [0; 6], "the header's reserved bytes are zero"),
        ]
    }

    /// Refuses a layout of another version.
    #[inline(always)]
    pub const fn check_version(&self) -> Result<(), SessionError> {
        if self.version == VERSION { Ok(()) } else { Err(SessionError::UnsupportedVersion) }
    }
}

/// Tells of the write just counted of the account at `account`.
#[inline(always)]
pub(super) fn tell<E: Event>(
    header: &mut AccountHeader,
    session_id: &[u8; 32],
    account: &Address,
    act: &Act<'_>,
    events: &mut impl EventSink,
    event: impl FnOnce(EventHeader) -> E,
) {
    events.emit(&event(header.begin_event(session_id, account, act.now)));
}

/// What every account's layout has besides its fields: the account's name, its discriminator, its size, and how it is read.
macro_rules! account {
    ($state:ident = $name:literal, $discriminator:literal, $not_found:ident) => {
        impl $state {
            /// The account's name in the IDL.
            pub const NAME: &'static str = $name;
            /// The first eight bytes of SHA-256 over `account:` and the name, as Anchor has it.
            pub const DISCRIMINATOR: [u8; $crate::state::DISCRIMINATOR_LEN] = u64::to_be_bytes($discriminator);
            /// The layout's size in bytes, with its discriminator.
            pub const SIZE: usize = $crate::state::DISCRIMINATOR_LEN + size_of::<Self>();
            /// What answers where there is no such account.
            pub const NOT_FOUND: $crate::SessionError = $crate::SessionError::$not_found;

            /// The state in an account's data. The account's owner is the caller's to check: only the program's own accounts mean anything.
            ///
            /// # Errors
            #[doc = concat!(stringify!($not_found), " if the data is another account's or cut short, UnsupportedVersion if its layout is another version's.")]
            pub fn read(data: &[u8]) -> core::result::Result<Self, $crate::SessionError> {
                let layout = data.strip_prefix(&Self::DISCRIMINATOR).and_then(|layout| layout.get(..size_of::<Self>()));
                let state: Self = bytemuck::pod_read_unaligned(layout.ok_or(Self::NOT_FOUND)?);
                state.header.check_version()?;
                Ok(state)
            }
        }
    };
}
pub(super) use account;
