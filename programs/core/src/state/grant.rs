//! Grants: what one session lets another do with its properties, and for how long.
//!
//! A grant is between one life of the one session and one life of the other: when either id is used again it is of a former epoch.

use {
    super::{
        AccountHeader, Act, At, Creation, SessionState, all_hold,
        child::child,
        header::{account, tell},
        session::only,
    },
    crate::{
        Address, Result,
        error::{InvalidField, Refusal, SessionError, Violation},
        events::{AccessGranted, AccessRevoked, EventSink},
        rules::{access::AccessRights, lifecycle::When, membership::expiry, time},
        same,
    },
    bytemuck::{Pod, Zeroable},
};

/// First seed of a grant's address; the addresses of the session that grants and of the one that is granted access follow.
pub const SEED_GRANT: &[u8] = b"grant";

/// What one session, the owner, lets another, the reader, do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct AccessGrantState {
    /// What every account begins with. Its epoch is the owner's.
    pub header: AccountHeader,
    /// The address of the session that grants access: the owner.
    pub session: Address,
    /// The address of the session that is granted access.
    pub reader: Address,
    /// The slot in which the reader was requested.
    pub reader_epoch: u64,
    /// When the grant expires, in Unix seconds; the largest number if it does not.
    pub expires_at: i64,
    /// Bits of [`AccessRights`].
    pub rights: u32,
    /// Zero.
    pub padding: [u8; 4],
    /// Zero; for later versions.
    pub reserved: [u8; 8],
}

account!(AccessGrantState = "AccessGrant", 0xa737_b8ed_4af2_006d, AccessNotFound);
child!(AccessGrantState);

/// What an authority grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// Bits of [`AccessRights`]; at least one.
    pub rights: u32,
    /// How long it lasts, in seconds; 2³² − 1 for as long as the sessions.
    pub ttl: u32,
}

impl AccessGrantState {
    /// The seeds of a grant's address, without the bump.
    pub const fn seeds<'a>(owner: &'a Address, reader: &'a Address) -> [&'a [u8]; 3] {
        [SEED_GRANT, owner.as_array(), reader.as_array()]
    }

    /// Grants `reader` access to `owner`, by the owner's authority, from Created to Active: `self` is the zeroed account, `made` how it came about.
    /// Or grants something else, also to a later life of the reader.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; AccessNotFound if it is another reader's; PermissionDenied; SessionNotActive, StepTimedOut, SessionExpired;
    /// InvalidConfiguration with the field's name.
    #[inline(always)]
    pub fn set(
        &mut self,
        act: &Act<'_>,
        owner: At<'_, &mut SessionState>,
        reader: At<'_, &SessionState>,
        grant: &NewGrant,
        made: Option<&Creation<'_>>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: session } = owner;
        if made.is_none() {
            self.check_belongs(address, session)?;
            if !same(&self.reader, reader.address) {
                return Err(SessionError::AccessNotFound.into());
            }
        }
        grant.check(act, address, session, reader.address)?;
        if let Some(made) = made {
            session.adopt()?;
            self.header = AccountHeader::new(*made.payer, session.header.epoch, made.bump);
            self.session = *address;
            self.reader = *reader.address;
        }
        self.header.count_write()?;
        self.reader_epoch = reader.state.header.epoch;
        self.rights = grant.rights;
        self.expires_at = expiry(grant.ttl, act.now);
        let Self { expires_at, rights, .. } = *self;
        tell(&mut self.header, &session.id, act.account, act, events, |about| {
            AccessGranted::new(about, *reader.address, expires_at, rights, [0; 4])
        });
        Ok(())
    }

    /// Takes the grant back, by the owner's authority, in any status before Closed. The account is the caller's to delete.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive.
    #[inline(always)]
    pub fn revoke(&mut self, act: &Act<'_>, owner: At<'_, &mut SessionState>, events: &mut impl EventSink) -> Result<()> {
        let At { address, state: session } = owner;
        self.check_belongs(address, session)?;
        only(&session.authority, act)?;
        session.check_allows(When::Leaving, act.now)?;
        self.header.check_writes(1)?;
        session.release()?;
        self.header.count_write()?;
        let reader = self.reader;
        tell(&mut self.header, &session.id, act.account, act, events, |about| AccessRevoked::new(about, reader));
        Ok(())
    }

    /// Checks that the grant is between these sessions as they live now, and includes `right` still.
    ///
    /// # Errors
    /// PolicyViolation if it is between others, StaleEpoch if it is of a former life of one of them; PolicyViolation if it does not include the
    /// right, or has expired.
    #[inline(always)]
    pub fn check_allows(
        &self,
        owner: At<'_, &SessionState>,
        reader: At<'_, &SessionState>,
        right: AccessRights,
        now: i64,
    ) -> core::result::Result<(), Refusal> {
        if !same(&self.session, owner.address) || !same(&self.reader, reader.address) {
            return Err(Violation::GrantOfAnother.into());
        }
        if self.header.epoch != owner.state.header.epoch || self.reader_epoch != reader.state.header.epoch {
            return Err(SessionError::StaleEpoch.into());
        }
        if self.rights & right.bits() != right.bits() {
            return Err(Violation::GrantTooNarrow.into());
        }
        if time::has_passed(now, self.expires_at) {
            return Err(Violation::GrantExpired.into());
        }
        Ok(())
    }

    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> core::result::Result<(), &'static str> {
        let rules = [
            (self.padding == [0; 4] && self.reserved == [0; 8], "reserved bytes are zero"),
            (AccessRights::from_bits(self.rights).is_some() && self.rights != 0, "a right is granted, and each has a name"),
            (!same(&self.session, &self.reader), "a session needs no grant of its own"),
            (self.expires_at != 0, "the grant has an end"),
        ];
        all_hold(self.header.invariant().iter().chain(&rules))
    }
}

impl NewGrant {
    /// Checks who grants, when, and what.
    #[inline(always)]
    fn check(&self, act: &Act<'_>, address: &Address, session: &SessionState, reader: &Address) -> Result<()> {
        only(&session.authority, act)?;
        session.check_allows(When::Joining, act.now)?;
        if same(address, reader) {
            return Err(InvalidField::Reader.into());
        }
        if self.rights == 0 || AccessRights::from_bits(self.rights).is_none() {
            return Err(InvalidField::AccessRights.into());
        }
        if self.ttl == 0 { Err(InvalidField::Ttl.into()) } else { Ok(()) }
    }
}
