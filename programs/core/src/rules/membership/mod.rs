//! Membership: what roles are, what members have, and what a giver can give.
//!
//! Rights are permissions, quotas and a time. Nobody gives more than they have: what is left out is what the giver has, what is named may not
//! be wider. The one exception is the session's authority when it updates a member: it rules, and everything it could not give it could
//! give itself first.
//!
//! | module | is about |
//! |---|---|
//! | [`terms`] | what someone gives to a member: with an invitation or a token |
//! | [`update`] | what the authority changes |

pub mod terms;
pub mod update;

pub use {
    terms::Terms,
    update::{MemberChanged, MemberChanges, MemberUpdate},
};

use {
    super::{
        lifecycle::byte_enum,
        permissions::{Permissions, covers},
        quotas::Quotas,
        time,
    },
    bytemuck::{Pod, Zeroable},
};

byte_enum! {
    /// A named set of permissions.
    Role {
        /// No permission: one who is in the session and watches.
        Observer = 0,
        /// EXECUTE_FUNCTIONS, COMPOSE_FUNCTIONS, WRITE_PROPERTIES, SEND_MESSAGES.
        Member = 1,
        /// A member's, and INVITE_MEMBERS, REMOVE_MEMBERS.
        Moderator = 2,
        /// Every permission.
        Owner = 3,
    }
}

impl Role {
    /// The permissions that the role stands for.
    #[inline(always)]
    pub const fn permissions(self) -> Permissions {
        const MEMBER: Permissions = Permissions::EXECUTE_FUNCTIONS
            .or(Permissions::COMPOSE_FUNCTIONS)
            .or(Permissions::WRITE_PROPERTIES)
            .or(Permissions::SEND_MESSAGES);
        const MODERATOR: Permissions = MEMBER.or(Permissions::INVITE_MEMBERS).or(Permissions::REMOVE_MEMBERS);
        match self {
            Self::Observer => Permissions::NONE,
            Self::Member => MEMBER,
            Self::Moderator => MODERATOR,
            Self::Owner => Permissions::ALL,
        }
    }
}

byte_enum! {
    /// Whether a member is in the session.
    MemberStatus {
        /// In the session.
        Active = 1,
        /// Left; may come back like anyone else.
        Left = 2,
        /// Removed; comes back only by an invitation made later.
        Removed = 3,
    }
}

/// In the place of permissions: those that the role stands for or, for a session key, those of its member.
pub const OF_ROLE: u32 = u32::MAX;
/// In the place of a span: without an end of its own.
pub const NO_EXPIRY: u32 = u32::MAX;
/// The moment that never comes.
pub const NEVER: i64 = i64::MAX;

/// The moment `seconds` from now on; [`NEVER`] for [`NO_EXPIRY`].
#[inline(always)]
pub const fn expiry(seconds: u32, now: i64) -> i64 {
    if seconds == NO_EXPIRY { NEVER } else { time::after(now, seconds) }
}

/// What a member has, or an invitation admits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct Rights {
    /// Limits of the member's own.
    pub quotas: Quotas,
    /// When the membership is over, in Unix seconds; the largest number if it has no end of its own.
    pub expires_at: i64,
    /// Bits of [`Permissions`].
    pub permissions: u32,
    /// A byte of [`Role`]: the name under which the rights were given. What counts is the permissions.
    pub role: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

impl Rights {
    /// The rights of this role, without limits.
    #[inline(always)]
    pub const fn of(role: Role) -> Self {
        let permissions = role.permissions().bits();
        Self { quotas: Quotas::UNLIMITED, expires_at: NEVER, permissions, role: role as u8, reserved: [0; 3] }
    }

    /// These rights, as far as they are nowhere wider than `former`: the permissions that both have, the earlier end, and each quota narrowed to
    /// the former one.
    // Not inlined: every way back into a session shares it.
    #[inline(never)]
    pub fn narrowed_to(&self, former: &Self) -> Self {
        let permissions = self.permissions & former.permissions;
        Self {
            quotas: Quotas {
                operations: self.quotas.operations.narrowed_to(&former.quotas.operations),
                units: self.quotas.units.narrowed_to(&former.quotas.units),
                bytes: self.quotas.bytes.narrowed_to(&former.quotas.bytes),
            },
            expires_at: self.expires_at.min(former.expires_at),
            permissions,
            role: if permissions == self.permissions { self.role } else { former.role },
            reserved: [0; 3],
        }
    }

    /// Whether these rights are nowhere wider than `giver`'s.
    #[inline(always)]
    pub const fn are_within(&self, giver: &Self) -> bool {
        covers(giver.permissions, self.permissions) && self.expires_at <= giver.expires_at && self.quotas.are_within(&giver.quotas)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::rules::quotas::Quota};

    const LIMITED: Quota = Quota { limit: 10, window_limit: 3, window_seconds: 60 };

    #[test]
    fn roles_are_the_promised_sets() {
        let names = |role: Role| role.permissions().names().collect::<std::vec::Vec<_>>();
        assert!(names(Role::Observer).is_empty());
        assert_eq!(names(Role::Member), ["EXECUTE_FUNCTIONS", "COMPOSE_FUNCTIONS", "WRITE_PROPERTIES", "SEND_MESSAGES"]);
        assert_eq!(names(Role::Moderator)[4..], ["INVITE_MEMBERS", "REMOVE_MEMBERS"]);
        assert_eq!(Role::Owner.permissions(), Permissions::ALL);
    }

    #[test]
    fn coming_back_widens_nothing() {
        let quotas = Quotas { bytes: LIMITED, ..Quotas::UNLIMITED };
        let former = Rights { quotas, expires_at: 500, permissions: Permissions::SPEND.bits(), ..Rights::of(Role::Observer) };
        let fresh = Rights::of(Role::Member);
        let back = fresh.narrowed_to(&former);
        assert_eq!((back.quotas, back.expires_at, back.permissions, back.role), (quotas, 500, 0, Role::Observer as u8));
        assert!(back.are_within(&former) && back.are_within(&fresh));
        assert_eq!(fresh.narrowed_to(&Rights::of(Role::Owner)), fresh);
    }
}
