//! What the authority changes about a member.

use {
    super::{Rights, Role, expiry},
    crate::{
        error::InvalidField,
        rules::{
            config::{check_permissions, check_quotas},
            permissions::bit_set,
            quotas::{Elapsed, Quotas, Usage},
        },
    },
    bytemuck::{Pod, Zeroable},
};

/// What `update_member` changes; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberChanges {
    /// Another role, and its permissions if none are named.
    pub role: Option<Role>,
    /// Other permissions.
    pub permissions: Option<u32>,
    /// The time in seconds that the membership has left from now on; [`NO_EXPIRY`](super::NO_EXPIRY) for no end of its own.
    pub expires_in: Option<u32>,
    /// Other limits, not below what is used.
    pub quotas: Option<Quotas>,
}

bit_set! {
    /// Which fields of a [`MemberUpdate`] count.
    MemberChanged: u32 {
        /// `role`
        ROLE = 0,
        /// `permissions`
        PERMISSIONS = 1,
        /// `expires_in`
        EXPIRES_IN = 2,
        /// `quotas`
        QUOTAS = 3,
    }
}

/// [`MemberChanges`] as they travel: a field counts if its bit is set, and is not read if not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType, anchor_lang::AnchorSerialize, anchor_lang::AnchorDeserialize))]
#[cfg_attr(feature = "anchor", wincode(assert_zero_copy))]
#[repr(C)]
pub struct MemberUpdate {
    /// Other limits, not below what is used.
    pub quotas: Quotas,
    /// What changes: bits of [`MemberChanged`].
    pub changed: u32,
    /// Other permissions.
    pub permissions: u32,
    /// The time in seconds that the membership has left from now on; 2³² − 1 for no end of its own.
    pub expires_in: u32,
    /// A byte of [`Role`]; its permissions come with it if none are named.
    pub role: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl From<MemberChanges> for MemberUpdate {
    fn from(changes: MemberChanges) -> Self {
        let bits = [
            (changes.role.is_some(), MemberChanged::ROLE),
            (changes.permissions.is_some(), MemberChanged::PERMISSIONS),
            (changes.expires_in.is_some(), MemberChanged::EXPIRES_IN),
            (changes.quotas.is_some(), MemberChanged::QUOTAS),
        ];
        let changed = bits.iter().filter(|(is, _)| *is).fold(MemberChanged::NONE, |all, (_, bit)| all.or(*bit));
        Self {
            quotas: changes.quotas.unwrap_or(Quotas::zeroed()),
            changed: changed.bits(),
            permissions: changes.permissions.unwrap_or_default(),
            expires_in: changes.expires_in.unwrap_or_default(),
            role: changes.role.map_or(0, |role| role as u8),
            reserved: [0; 3],
        }
    }
}

impl MemberUpdate {
    /// Whether this changes.
    #[inline(always)]
    pub const fn has(&self, change: MemberChanged) -> bool {
        self.changed & change.bits() != 0
    }

    /// The rights that this makes of `rights`, of which `usage` is used.
    ///
    /// # Errors
    /// The field that is out of its range.
    #[inline(always)]
    pub fn applied_to(&self, rights: &Rights, usage: &Usage, time: Elapsed) -> Result<Rights, InvalidField> {
        if self.changed == 0 || MemberChanged::from_bits(self.changed).is_none() {
            return Err(InvalidField::Changes);
        }
        if self.reserved != [0; 3] {
            return Err(InvalidField::Reserved);
        }
        let mut after = *rights;
        if self.has(MemberChanged::ROLE) {
            let role = Role::from_byte(self.role).ok_or(InvalidField::Role)?;
            (after.role, after.permissions) = (self.role, role.permissions().bits());
        }
        if self.has(MemberChanged::PERMISSIONS) {
            check_permissions(self.permissions)?;
            after.permissions = self.permissions;
        }
        if self.has(MemberChanged::EXPIRES_IN) {
            if self.expires_in == 0 {
                return Err(InvalidField::ExpiresIn);
            }
            after.expires_at = expiry(self.expires_in, time.now);
        }
        if self.has(MemberChanged::QUOTAS) {
            check_quotas(&self.quotas, &usage.under(&rights.quotas, &self.quotas, time))?;
            after.quotas = self.quotas;
        }
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::rules::{
            membership::NO_EXPIRY,
            quotas::{Cost, Quota},
        },
    };

    fn at(now: i64) -> Elapsed {
        Elapsed { activated_at: 0, now }
    }

    #[test]
    fn an_update_changes_what_it_names_and_no_more() {
        let rights = Rights::of(Role::Member);
        let apply = |changes: MemberChanges| MemberUpdate::from(changes).applied_to(&rights, &Usage::NONE, at(100));
        let none = MemberChanges::default();
        let moderator = Rights { role: 2, permissions: Role::Moderator.permissions().bits(), ..rights };
        assert_eq!(apply(MemberChanges { role: Some(Role::Moderator), ..none }), Ok(moderator));
        assert_eq!(apply(MemberChanges { permissions: Some(1), ..none }), Ok(Rights { permissions: 1, ..rights }));
        let both = MemberChanges { role: Some(Role::Moderator), permissions: Some(1), ..none };
        assert_eq!(apply(both), Ok(Rights { permissions: 1, role: 2, ..rights }));
        assert_eq!(apply(MemberChanges { expires_in: Some(5), ..none }), Ok(Rights { expires_at: 105, ..rights }));
        assert_eq!(apply(MemberChanges { expires_in: Some(NO_EXPIRY), ..none }), Ok(rights));
        assert_eq!(apply(none), Err(InvalidField::Changes));
        assert_eq!(apply(MemberChanges { expires_in: Some(0), ..none }), Err(InvalidField::ExpiresIn));
        assert_eq!(apply(MemberChanges { permissions: Some(1 << 9), ..none }), Err(InvalidField::Permissions));
    }

    #[test]
    fn a_members_limit_does_not_fall_below_its_use() {
        let used = Usage::NONE.plus(&Cost::of_bytes(5), &Quotas::UNLIMITED, Elapsed { activated_at: 1, now: 1 }).unwrap();
        let quotas = Quotas { bytes: Quota { limit: 4, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
        let update = MemberUpdate::from(MemberChanges { quotas: Some(quotas), ..MemberChanges::default() });
        assert_eq!(update.applied_to(&Rights::of(Role::Member), &used, at(0)), Err(InvalidField::QuotaOfBytes));
        assert!(update.applied_to(&Rights::of(Role::Member), &Usage::NONE, at(0)).is_ok());
    }
}
