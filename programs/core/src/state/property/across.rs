//! Properties across sessions: what a member of one session, the reader, does with the properties of another, the owner.
//!
//! It takes a permission in the one and a grant in the other. The member and its own session are charged; the property, its version and its
//! event are the owner's.

use {
    super::{PropertyState, PropertyWrite},
    crate::{
        Result,
        events::EventSink,
        rules::{access::AccessRights, lifecycle::When, quotas::Cost},
        state::{AccessGrantState, Act, Asked, At, Creation, Held, MemberState, SessionState},
    },
};

/// The sessions between which a property is written, and what the one grants the other.
#[derive(Debug)]
pub struct Across<'a> {
    /// The session whose member acts.
    pub reader: At<'a, Held<'a>>,
    /// The session whose property it is.
    pub owner: At<'a, &'a mut SessionState>,
    /// What the owner grants the reader.
    pub grant: &'a AccessGrantState,
}

impl PropertyState {
    /// Reads the property, by a member of `reader` with READ_CROSS_SESSION or its session key, while `reader` is active and `owner` active, paused
    /// or closing. The member and, if it has shared limits, its session are charged for one operation. `act` is on the property.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; those of [`authorize`](crate::state::authorize); SessionNotActive, SessionExpired of the owner; PolicyViolation, StaleEpoch of the grant;
    /// SessionReadOnly.
    #[inline(always)]
    pub fn read_across(
        &self,
        act: &Act<'_>,
        reader: At<'_, Held<'_>>,
        member: &mut MemberState,
        owner: At<'_, &SessionState>,
        grant: &AccessGrantState,
    ) -> Result<()> {
        let At { address, state: mut session } = reader;
        self.check_belongs(owner.address, owner.state)?;
        let ask = Asked::new(act, address, AccessRights::READ.permission(), Cost::of_bytes(0));
        ask.check(&session, member)?;
        owner.state.check_allows(When::Serving, act.now)?;
        grant.check_allows(owner, At { address, state: &session }, AccessRights::READ, act.now)?;
        ask.charge(&mut session, member)
    }

    /// Makes a property of `owner`, by a member of `reader` with WRITE_CROSS_SESSION or its session key, while both are active: `self` is the zeroed
    /// account, `made` how it came about. Or writes another value into the one that is there. `room` is what stands behind the layout, which is the
    /// property's capacity. The member and, if it has shared limits, its session are charged for one operation and the value's bytes.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; those of [`authorize`](crate::state::authorize); SessionNotActive, SessionExpired of the owner; PolicyViolation,
    /// StaleEpoch of the grant; VersionConflict; ValueTooLong; SessionReadOnly.
    #[inline(always)]
    pub fn put_across(
        &mut self,
        act: &Act<'_>,
        across: Across<'_>,
        writer: &mut MemberState,
        room: &mut [u8],
        write: &PropertyWrite<'_>,
        made: Option<&Creation<'_>>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let Across { mut reader, owner: At { address, state: owner }, grant } = across;
        if made.is_none() {
            self.check_belongs(address, owner)?;
        }
        let ask = Asked::new(act, reader.address, AccessRights::WRITE.permission(), Cost::of_bytes(write.value.len()));
        ask.check(&reader.state, writer)?;
        owner.check_allows(When::Acting, act.now)?;
        let read_by = At { address: reader.address, state: &*reader.state };
        grant.check_allows(At { address, state: owner }, read_by, AccessRights::WRITE, act.now)?;
        let version = self.next_version(owner, room, write)?;
        let revision = owner.header.next_revision()?;
        ask.charge(&mut reader.state, writer)?;
        owner.header.revision = revision;
        if let Some(made) = made {
            self.begin(address, owner, room, write, made)?;
        }
        self.write(act, owner, writer, version, room, write.value, events)
    }
}
