//! Properties: values that members of a session share, each under a key, each write with the version that its writer expected.
//!
//! A version is the session-wide number of the write that made it, so none is ever used twice, also not by a property that was deleted and
//! made again. The value stands behind the layout, in the room that was paid for when the property was made. What another session's members
//! do with a property is in [`across`].

mod across;

pub use across::Across;

use {
    super::{
        AccountHeader, Act, Asked, At, Creation, Held, MemberState, SessionState, all_hold, authorize,
        child::child,
        header::{account, tell},
    },
    crate::{
        Address, Result,
        error::{InvalidField, SessionError},
        events::{About, Event, EventSink, PropertyDeleted, PropertySet},
        rules::{permissions::Permissions, quotas::Cost},
    },
    bytemuck::{Pod, Zeroable},
};

/// First seed of a property's address; the session's address and the key follow.
pub const SEED_PROPERTY: &[u8] = b"property";
/// The most bytes that a key can have; it is a seed.
pub const MAX_KEY: usize = 32;
/// The most bytes that a value can have.
pub const MAX_VALUE: usize = 704;

/// A property, without its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct PropertyState {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The address of the session.
    pub session: Address,
    /// The key, with zeros behind it.
    pub key: [u8; 32],
    /// The member who wrote it last.
    pub writer: Address,
    /// The number of the write that made this value: the session counts all writes of properties.
    pub version: u64,
    /// When it was written, in Unix seconds.
    pub written_at: i64,
    /// How many bytes a value can have; fixed when the property was made.
    pub capacity: u16,
    /// How many bytes the value has.
    pub length: u16,
    /// How many bytes the key has.
    pub key_length: u8,
    /// Zero.
    pub padding: [u8; 3],
    /// Zero; for later versions.
    pub reserved: [u8; 8],
}

/// A key: 1 to 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PropertyKey<'a>(&'a [u8]);

impl<'a> PropertyKey<'a> {
    /// The key with these bytes.
    ///
    /// # Errors
    /// The field `key` if there are none, or too many.
    #[inline(always)]
    pub const fn new(bytes: &'a [u8]) -> core::result::Result<Self, InvalidField> {
        if bytes.is_empty() || bytes.len() > MAX_KEY { Err(InvalidField::Key) } else { Ok(Self(bytes)) }
    }

    /// The key with zeros behind it.
    #[inline(always)]
    fn padded(&self) -> [u8; 32] {
        let mut padded = [0; 32];
        if let Some(room) = padded.get_mut(..self.0.len()) {
            room.copy_from_slice(self.0);
        }
        padded
    }
}

/// What a member writes.
#[derive(Clone, Copy, Debug)]
pub struct PropertyWrite<'a> {
    /// The key.
    pub key: PropertyKey<'a>,
    /// The value.
    pub value: &'a [u8],
    /// The version that the property must have; 0 if it must not exist.
    pub expected: u64,
}

account!(PropertyState = "Property", 0xc3f7_45b5_c32f_9813, VersionConflict);
child!(PropertyState);

impl PropertyState {
    /// The seeds of a property's address, without the bump. A key of more than 32 bytes is no seed.
    pub const fn seeds<'a>(session: &'a Address, key: &'a [u8]) -> [&'a [u8]; 3] {
        [SEED_PROPERTY, session.as_array(), key]
    }

    /// The size of the account of a property that is made with this capacity for a value of this length.
    ///
    /// # Errors
    /// ValueTooLong; InvalidConfiguration naming the capacity if it is above 704 bytes.
    #[inline(always)]
    pub fn size_with(capacity: u16, length: usize) -> Result<usize> {
        let capacity = usize::from(capacity);
        if capacity > MAX_VALUE {
            Err(InvalidField::Capacity.into())
        } else if length > capacity {
            Err(SessionError::ValueTooLong.into())
        } else {
            Ok(Self::SIZE.saturating_add(capacity))
        }
    }

    /// The state in an account's data, and the value behind it.
    ///
    /// # Errors
    /// VersionConflict if the data is no property's, which is one at version 0; UnsupportedVersion if its layout is another version's. The
    /// account's owner is the caller's to check.
    pub fn read_with_value(data: &[u8]) -> core::result::Result<(Self, &[u8]), SessionError> {
        let state = Self::read(data)?;
        let value = data.get(Self::SIZE..).and_then(|room| room.get(..usize::from(state.length)));
        Ok((state, value.ok_or(Self::NOT_FOUND)?))
    }

    /// Makes a property, by a member with WRITE_PROPERTIES or its session key, while the session is active. `self` is the zeroed account, `room`
    /// what stands behind it, which is its capacity. The member and, if it has shared limits, the session are charged for one operation and the
    /// value's bytes.
    ///
    /// # Errors
    /// Those of [`authorize`]; VersionConflict if the property was expected to be there; ValueTooLong.
    #[inline(always)]
    pub fn create(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        writer: &mut MemberState,
        room: &mut [u8],
        write: &PropertyWrite<'_>,
        made: &Creation<'_>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.put(act, session, writer, room, write, Some(made), events)
    }

    /// Writes another value, by a member with WRITE_PROPERTIES or its session key, while the session is active. `room` is what stands behind
    /// the layout; the charge is that of [`PropertyState::create`].
    ///
    /// The key is not compared: no two properties of a session are ever at the same version, so the one that is expected says which property
    /// is meant.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; those of [`authorize`]; VersionConflict; ValueTooLong.
    #[inline(always)]
    pub fn set(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        writer: &mut MemberState,
        room: &mut [u8],
        write: &PropertyWrite<'_>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.put(act, session, writer, room, write, None, events)
    }

    /// Makes the property ([`PropertyState::create`]) or, if it was not made for that, writes another value ([`PropertyState::set`]).
    ///
    /// # Errors
    /// Those of the two.
    #[inline(always)]
    pub fn put(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        writer: &mut MemberState,
        room: &mut [u8],
        write: &PropertyWrite<'_>,
        made: Option<&Creation<'_>>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: session } = session;
        if made.is_none() {
            self.check_belongs(address, session)?;
        }
        let cost = Cost::of_bytes(write.value.len());
        let permit = authorize(session, writer, act, address, Permissions::WRITE_PROPERTIES, &cost)?;
        let version = self.next_version(session, room, write)?;
        let revision = session.header.next_revision()?;
        permit.charge(writer, session)?;
        session.header.revision = revision;
        if let Some(made) = made {
            self.begin(address, session, room, write, made)?;
        }
        self.write(act, session, writer, version, room, write.value, events)
    }

    /// Makes the zeroed account a property of `session`, in a write of that which is counted already.
    #[inline(always)]
    fn begin(
        &mut self,
        address: &Address,
        session: &mut SessionState,
        room: &[u8],
        write: &PropertyWrite<'_>,
        made: &Creation<'_>,
    ) -> Result<()> {
        session.children = session.children.checked_add(1).ok_or(SessionError::ArithmeticOverflow)?;
        self.header = AccountHeader::new(*made.payer, session.header.epoch, made.bump);
        self.session = *address;
        self.key = write.key.padded();
        self.key_length = write.key.0.len() as u8;
        self.capacity = room.len() as u16;
        Ok(())
    }

    /// The version that a write makes, if the property is at the one that its writer expected and the value fits.
    #[inline(always)]
    fn next_version(&self, session: &SessionState, room: &[u8], write: &PropertyWrite<'_>) -> core::result::Result<u64, SessionError> {
        // Of one that is not there yet the version is 0.
        if self.version != write.expected {
            return Err(SessionError::VersionConflict);
        }
        if write.value.len() > room.len() {
            return Err(SessionError::ValueTooLong);
        }
        session.property_version.checked_add(1).ok_or(SessionError::ArithmeticOverflow)
    }

    /// Writes what was checked; the property's own count cannot fail, for the session counts all of its writes too. What a longer value left behind this one stays: nobody reads past the length, and it was public all the same.
    #[inline(always)]
    fn write(
        &mut self,
        act: &Act<'_>,
        session: &mut SessionState,
        writer: &MemberState,
        version: u64,
        room: &mut [u8],
        value: &[u8],
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.header.count_write()?;
        session.property_version = version;
        self.version = version;
        self.writer = writer.wallet;
        self.written_at = act.now;
        self.length = value.len() as u16;
        if let Some(place) = room.get_mut(..value.len()) {
            place.copy_from_slice(value);
        }
        self.tell(act, &session.id, events, |state, about| PropertySet::new(about, state.version, state.writer));
        Ok(())
    }

    /// Deletes the property, by a member with WRITE_PROPERTIES or its session key, while the session is active. The account is the caller's to
    /// delete.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; those of [`authorize`]; VersionConflict.
    #[inline(always)]
    pub fn delete(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        writer: &mut MemberState,
        expected: u64,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: session } = session;
        self.check_belongs(address, session)?;
        let ask = Asked::new(act, address, Permissions::WRITE_PROPERTIES, Cost::of_bytes(0));
        ask.check(session, writer)?;
        if self.version != expected {
            return Err(SessionError::VersionConflict.into());
        }
        session.header.check_writes(1)?;
        self.header.check_writes(1)?;
        ask.charge(&mut Held::Counted(session), writer)?;
        self.header.count_write()?;
        session.release()?;
        let Self { version, key, key_length, .. } = *self;
        tell(&mut self.header, &session.id, act.account, act, events, |about| {
            PropertyDeleted::new(about, version, writer.wallet, key, key_length, [0; 7])
        });
        Ok(())
    }

    /// Tells of the write just counted.
    #[inline(always)]
    fn tell<E: Event>(
        &mut self,
        act: &Act<'_>,
        session_id: &[u8; 32],
        events: &mut impl EventSink,
        event: impl FnOnce(&Self, About<'_>) -> E,
    ) {
        let revision = self.header.revision;
        let previous = self.header.note_event();
        events.emit(&event(self, About { session_id, address: act.account, revision, previous, time: act.now }));
    }

    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> core::result::Result<(), &'static str> {
        let key_length = usize::from(self.key_length);
        let rules = [
            (self.padding == [0; 3] && self.reserved == [0; 8], "reserved bytes are zero"),
            ((1..=MAX_KEY).contains(&key_length), "a key has 1 to 32 bytes"),
            (self.key.iter().skip(key_length).all(|byte| *byte == 0), "there is nothing behind the key"),
            (self.length <= self.capacity && usize::from(self.capacity) <= MAX_VALUE, "the value fits its room"),
            (self.version > 0 && self.written_at != 0, "a property was written"),
        ];
        all_hold(self.header.invariant().iter().chain(&rules))
    }
}
