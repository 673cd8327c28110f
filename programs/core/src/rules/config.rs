//! The configuration of a session: what it is made of and which configurations are sound.

use {
    super::{
        lifecycle::byte_enum,
        permissions::{Permissions, Settings, bit_set},
        quotas::{Elapsed, Quota, Quotas, Usage, Used},
    },
    crate::{Address, NOBODY, error::InvalidField, same},
    bytemuck::{Pod, Zeroable},
};

byte_enum! {
    /// How many a session is for.
    Kind {
        /// Any number of members up to `max_members`.
        Group = 0,
        /// Two: `max_members` must be 2.
        PointToPoint = 1,
    }
}

/// What a creator chooses. Spans are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType, anchor_lang::AnchorSerialize, anchor_lang::AnchorDeserialize))]
#[repr(C)]
pub struct SessionConfig {
    /// Limits that all members share.
    pub quotas: Quotas,
    /// How long the session lasts from its activation on; pauses can lengthen it under PAUSE_STOPS_CLOCK.
    pub max_duration: u32,
    /// How long after its activation the session ends in any case; not less than `max_duration`.
    pub hard_limit: u32,
    /// How long each party has for its step.
    pub step_timeout: u32,
    /// How long a created session waits for the start of its activation; 0 if that is a step like the others.
    pub activation_window: u32,
    /// How long an invitation lasts that says nothing else.
    pub invitation_ttl: u32,
    /// How many active members there can be.
    pub max_members: u32,
    /// What members can be allowed to do at all: bits of [`Permissions`].
    pub permissions: u32,
    /// Bits of [`Settings`].
    pub settings: u16,
    /// A byte of [`Kind`].
    pub kind: u8,
    /// Zero.
    pub reserved: u8,
}

/// `Ok` if the condition holds, otherwise the field.
#[inline(always)]
const fn sound(condition: bool, field: InvalidField) -> Result<(), InvalidField> {
    if condition { Ok(()) } else { Err(field) }
}

impl SessionConfig {
    /// Whether the settings include `setting`.
    #[inline(always)]
    pub const fn has(&self, setting: Settings) -> bool {
        self.settings & setting.bits() != 0
    }

    /// Checks every field; the error names the first that is out of its range.
    #[inline(always)]
    pub fn validate(&self, members: u32) -> Result<(), InvalidField> {
        sound(Kind::from_byte(self.kind).is_some(), InvalidField::Kind)?;
        sound(self.reserved == 0, InvalidField::Reserved)?;
        check_max_members(self.kind, self.max_members, members)?;
        sound(self.max_duration > 0, InvalidField::MaxDuration)?;
        sound(self.hard_limit >= self.max_duration, InvalidField::HardLimit)?;
        sound(self.step_timeout > 0, InvalidField::StepTimeout)?;
        sound(self.invitation_ttl > 0, InvalidField::InvitationTtl)?;
        check_permissions(self.permissions)?;
        sound(Settings::from_bits(self.settings).is_some(), InvalidField::Settings)?;
        check_quotas(&self.quotas, &Usage::NONE)
    }
}

/// A host: someone. The zero address is nobody's, and stands for one that was left out.
#[inline(always)]
pub fn check_host(host: &Address) -> Result<(), InvalidField> {
    sound(!same(host, &NOBODY), InvalidField::Host)
}

/// Seats: at least one, never fewer than the `members` there are, and two if the session is for two.
#[inline(always)]
pub const fn check_max_members(kind: u8, max_members: u32, members: u32) -> Result<(), InvalidField> {
    let fits_kind = kind != Kind::PointToPoint as u8 || max_members == 2;
    sound(max_members > 0 && max_members >= members && fits_kind, InvalidField::MaxMembers)
}

/// Permissions: only bits that have a name.
#[inline(always)]
pub const fn check_permissions(bits: u32) -> Result<(), InvalidField> {
    sound(Permissions::from_bits(bits).is_some(), InvalidField::Permissions)
}

/// Quotas, a session's or a member's: sound, and with room for what is used, or `used ≤ limit` would stop holding.
#[inline(always)]
pub fn check_quotas(quotas: &Quotas, usage: &Usage) -> Result<(), InvalidField> {
    let fits = |quota: &Quota, used: &Used| quota.is_sound() && used.is_within(quota);
    sound(fits(&quotas.operations, &usage.operations), InvalidField::QuotaOfOperations)?;
    sound(fits(&quotas.units, &usage.units), InvalidField::QuotaOfUnits)?;
    sound(fits(&quotas.bytes, &usage.bytes), InvalidField::QuotaOfBytes)
}

/// What `update_session` changes; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionChanges {
    /// Another host.
    pub host: Option<Address>,
    /// Another hash of the session's metadata.
    pub metadata: Option<[u8; 32]>,
    /// Another number of seats, not below the members there are.
    pub max_members: Option<u32>,
    /// Other permissions for the session.
    pub permissions: Option<u32>,
    /// Other shared limits, not below what is used.
    pub quotas: Option<Quotas>,
    /// The time in seconds that the session has left from now on; before its activation, from then on. Not past the hard end.
    pub expires_in: Option<u32>,
}

bit_set! {
    /// Which fields of a [`SessionUpdate`] count.
    Changed: u32 {
        /// `host`
        HOST = 0,
        /// `metadata`
        METADATA = 1,
        /// `max_members`
        MAX_MEMBERS = 2,
        /// `permissions`
        PERMISSIONS = 3,
        /// `quotas`
        QUOTAS = 4,
        /// `expires_in`
        EXPIRES_IN = 5,
    }
}

/// [`SessionChanges`] as they travel: a field counts if its bit is set, and is not read if not. Plain data, so that the program reads it where it
/// lies; options of addresses would cost it more than the update itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType, anchor_lang::AnchorSerialize, anchor_lang::AnchorDeserialize))]
#[cfg_attr(feature = "anchor", wincode(assert_zero_copy))]
#[repr(C)]
pub struct SessionUpdate {
    /// Other shared limits, not below what is used.
    pub quotas: Quotas,
    /// Another host.
    pub host: Address,
    /// Another hash of the session's metadata.
    pub metadata: [u8; 32],
    /// What changes: bits of [`Changed`].
    pub changed: u32,
    /// Another number of seats, not below the members there are.
    pub max_members: u32,
    /// Other permissions for the session.
    pub permissions: u32,
    /// The time in seconds that the session has left from now on; before its activation, from then on. Not past the hard end.
    pub expires_in: u32,
}

impl From<SessionChanges> for SessionUpdate {
    fn from(changes: SessionChanges) -> Self {
        let bits = [
            (changes.host.is_some(), Changed::HOST),
            (changes.metadata.is_some(), Changed::METADATA),
            (changes.max_members.is_some(), Changed::MAX_MEMBERS),
            (changes.permissions.is_some(), Changed::PERMISSIONS),
            (changes.quotas.is_some(), Changed::QUOTAS),
            (changes.expires_in.is_some(), Changed::EXPIRES_IN),
        ];
        let changed = bits.iter().filter(|(is, _)| *is).fold(Changed::NONE, |all, (_, bit)| all.or(*bit));
        Self {
            quotas: changes.quotas.unwrap_or(Quotas::zeroed()),
            host: changes.host.unwrap_or_default(),
            metadata: changes.metadata.unwrap_or_default(),
            changed: changed.bits(),
            max_members: changes.max_members.unwrap_or_default(),
            permissions: changes.permissions.unwrap_or_default(),
            expires_in: changes.expires_in.unwrap_or_default(),
        }
    }
}

impl SessionUpdate {
    /// Whether this changes.
    #[inline(always)]
    pub const fn has(&self, change: Changed) -> bool {
        self.changed & change.bits() != 0
    }

    /// Checks that something changes, and that each thing that does is sound in a session with this configuration, these members and, at this
    /// time, this usage. The expiry is left to the session, which knows its end.
    #[inline(always)]
    pub fn validate(&self, config: &SessionConfig, members: u32, usage: &Usage, time: Elapsed) -> Result<(), InvalidField> {
        sound(self.changed != 0 && Changed::from_bits(self.changed).is_some(), InvalidField::Changes)?;
        if self.has(Changed::HOST) {
            check_host(&self.host)?;
        }
        if self.has(Changed::MAX_MEMBERS) {
            check_max_members(config.kind, self.max_members, members)?;
        }
        if self.has(Changed::PERMISSIONS) {
            check_permissions(self.permissions)?;
        }
        if self.has(Changed::QUOTAS) {
            check_quotas(&self.quotas, &usage.under(&config.quotas, &self.quotas, time))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::rules::quotas::UNLIMITED};

    pub(crate) const SOUND: SessionConfig = SessionConfig {
        quotas: Quotas::UNLIMITED,
        max_duration: 3_600,
        hard_limit: 3_600,
        step_timeout: 60,
        activation_window: 0,
        invitation_ttl: 600,
        max_members: 4,
        permissions: Permissions::ALL.bits(),
        settings: Settings::ALL.bits(),
        kind: Kind::Group as u8,
        reserved: 0,
    };

    #[test]
    fn each_field_out_of_range_is_named() {
        assert_eq!(SOUND.validate(1), Ok(()));
        let unsound = Quota { limit: 1, window_limit: 1, window_seconds: 0 };
        let cases = [
            (SessionConfig { kind: 2, ..SOUND }, InvalidField::Kind),
            (SessionConfig { reserved: 1, ..SOUND }, InvalidField::Reserved),
            (SessionConfig { max_members: 0, ..SOUND }, InvalidField::MaxMembers),
            (SessionConfig { kind: Kind::PointToPoint as u8, ..SOUND }, InvalidField::MaxMembers),
            (SessionConfig { kind: Kind::PointToPoint as u8, max_members: 1, ..SOUND }, InvalidField::MaxMembers),
            (SessionConfig { max_duration: 0, hard_limit: 0, ..SOUND }, InvalidField::MaxDuration),
            (SessionConfig { hard_limit: 3_599, ..SOUND }, InvalidField::HardLimit),
            (SessionConfig { step_timeout: 0, ..SOUND }, InvalidField::StepTimeout),
            (SessionConfig { invitation_ttl: 0, ..SOUND }, InvalidField::InvitationTtl),
            (SessionConfig { permissions: 1 << 9, ..SOUND }, InvalidField::Permissions),
            (SessionConfig { settings: 1 << 5, ..SOUND }, InvalidField::Settings),
            (SessionConfig { quotas: Quotas { operations: unsound, ..Quotas::UNLIMITED }, ..SOUND }, InvalidField::QuotaOfOperations),
            (SessionConfig { quotas: Quotas { units: unsound, ..Quotas::UNLIMITED }, ..SOUND }, InvalidField::QuotaOfUnits),
            (SessionConfig { quotas: Quotas { bytes: unsound, ..Quotas::UNLIMITED }, ..SOUND }, InvalidField::QuotaOfBytes),
        ];
        for (config, field) in cases {
            assert_eq!(config.validate(0), Err(field));
        }
    }

    #[test]
    fn a_point_to_point_session_is_for_two() {
        let config = SessionConfig { kind: Kind::PointToPoint as u8, max_members: 2, ..SOUND };
        assert_eq!(config.validate(1), Ok(()));
    }

    #[test]
    fn seats_do_not_fall_below_the_members() {
        assert_eq!(SOUND.validate(4), Ok(()));
        assert_eq!(SOUND.validate(5), Err(InvalidField::MaxMembers));
    }

    #[test]
    fn a_limit_does_not_fall_below_its_use() {
        let used = Used { total: 5, in_window: 0, window: 0 };
        let none = Used { total: 0, in_window: 0, window: 0 };
        let usage = Usage { operations: none, units: used, bytes: none };
        let quotas = |limit| Quotas { units: Quota { limit, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
        assert_eq!(check_quotas(&quotas(5), &usage), Ok(()));
        assert_eq!(check_quotas(&quotas(UNLIMITED), &usage), Ok(()));
        assert_eq!(check_quotas(&quotas(4), &usage), Err(InvalidField::QuotaOfUnits));
    }
}
