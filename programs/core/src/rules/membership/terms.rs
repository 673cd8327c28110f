//! What someone gives to a member.

use {
    super::{OF_ROLE, Rights, Role, expiry},
    crate::{
        Refusal,
        error::{InvalidField, SessionError},
        rules::{
            config::{check_permissions, check_quotas},
            quotas::{Quota, Quotas, Usage},
        },
    },
    bytemuck::{Pod, Zeroable},
};

/// What is to be given to a member: with an invitation or a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType, anchor_lang::AnchorSerialize, anchor_lang::AnchorDeserialize))]
#[repr(C)]
pub struct Terms {
    /// Limits of the member's own. One that is unlimited is what the giver has.
    pub quotas: Quotas,
    /// Bits of [`Permissions`], not wider than the giver's; 2³² − 1 for the role's, as far as the giver has them.
    pub permissions: u32,
    /// How long the membership lasts, in seconds from now on, and not longer than the giver's; 0 for as long as the giver's.
    pub expires_in: u32,
    /// A byte of [`Role`]; one greater than the giver's is the giver's.
    pub role: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

impl Terms {
    /// The role, and nothing else said.
    pub const fn of(role: Role) -> Self {
        Self { quotas: Quotas::UNLIMITED, permissions: OF_ROLE, expires_in: 0, role: role as u8, reserved: [0; 7] }
    }

    /// The rights that these terms make when someone with `giver`'s gives them.
    ///
    /// # Errors
    /// InvalidConfiguration with the field's name; PermissionsTooWide.
    #[inline(always)]
    pub fn given_by(&self, giver: &Rights, now: i64) -> Result<Rights, Refusal> {
        let role = Role::from_byte(self.role).ok_or(InvalidField::Role)?;
        if self.reserved != [0; 7] {
            return Err(InvalidField::Reserved.into());
        }
        check_quotas(&self.quotas, &Usage::NONE)?;
        let permissions = if self.permissions == OF_ROLE {
            role.permissions().bits() & giver.permissions
        } else {
            check_permissions(self.permissions)?;
            self.permissions
        };
        let expires_at = if self.expires_in == 0 { giver.expires_at } else { expiry(self.expires_in, now) };
        let or_givers = |own: &Quota, givers: &Quota| if own.is_unlimited() { *givers } else { *own };
        let quotas = Quotas {
            operations: or_givers(&self.quotas.operations, &giver.quotas.operations),
            units: or_givers(&self.quotas.units, &giver.quotas.units),
            bytes: or_givers(&self.quotas.bytes, &giver.quotas.bytes),
        };
        // Nor is the name greater than the giver's.
        let role = if self.role < giver.role { self.role } else { giver.role };
        let rights = Rights { quotas, expires_at, permissions, role, reserved: [0; 3] };
        if rights.are_within(giver) { Ok(rights) } else { Err(SessionError::PermissionsTooWide.into()) }
    }
}

#[cfg(test)]
mod tests {
    use {
        super::{super::NO_EXPIRY, *},
        crate::rules::permissions::Permissions,
    };

    const LIMITED: Quota = Quota { limit: 10, window_limit: 3, window_seconds: 60 };

    fn refused(terms: &Terms, giver: &Rights) -> Refusal {
        terms.given_by(giver, 100).unwrap_err()
    }

    #[test]
    fn a_role_is_cut_to_what_the_giver_has_and_named_permissions_are_refused() {
        let giver = Rights { permissions: Permissions::SEND_MESSAGES.or(Permissions::INVITE_MEMBERS).bits(), ..Rights::of(Role::Member) };
        let given = Terms::of(Role::Moderator).given_by(&giver, 100).unwrap();
        assert_eq!((given.permissions, given.role), (giver.permissions, Role::Member as u8));
        let named = Terms { permissions: Permissions::SPEND.bits(), ..Terms::of(Role::Member) };
        assert_eq!(refused(&named, &giver).error, SessionError::PermissionsTooWide);
        let unknown = Terms { permissions: 1 << 9, ..Terms::of(Role::Member) };
        assert_eq!(refused(&unknown, &giver).field(), Some(InvalidField::Permissions));
    }

    #[test]
    fn what_is_left_out_is_what_the_giver_has() {
        let quotas = Quotas { bytes: LIMITED, ..Quotas::UNLIMITED };
        let giver = Rights { quotas, expires_at: 500, ..Rights::of(Role::Owner) };
        let given = Terms::of(Role::Member).given_by(&giver, 100).unwrap();
        assert_eq!((given.quotas, given.expires_at), (quotas, 500));
        let wide = [
            Terms { expires_in: 401, ..Terms::of(Role::Member) },
            Terms { expires_in: NO_EXPIRY, ..Terms::of(Role::Member) },
            Terms { quotas: Quotas { bytes: Quota { limit: 11, ..LIMITED }, ..Quotas::UNLIMITED }, ..Terms::of(Role::Member) },
            Terms { quotas: Quotas { bytes: Quota { window_limit: 4, ..LIMITED }, ..Quotas::UNLIMITED }, ..Terms::of(Role::Member) },
        ];
        for terms in wide {
            assert_eq!(refused(&terms, &giver).error, SessionError::PermissionsTooWide, "{terms:?}");
        }
        let narrow =
            Terms { expires_in: 400, quotas: Quotas { bytes: Quota { limit: 9, ..LIMITED }, ..quotas }, ..Terms::of(Role::Member) };
        assert_eq!(narrow.given_by(&giver, 100).unwrap().expires_at, 500);
    }

    #[test]
    fn terms_out_of_their_range_are_named() {
        let (terms, giver) = (Terms::of(Role::Member), Rights::of(Role::Owner));
        let unsound = Quota { limit: 1, window_limit: 1, window_seconds: 0 };
        let cases = [
            (Terms { role: 4, ..terms }, InvalidField::Role),
            (Terms { reserved: [0, 0, 0, 0, 0, 0, 1], ..terms }, InvalidField::Reserved),
            (Terms { quotas: Quotas { units: unsound, ..Quotas::UNLIMITED }, ..terms }, InvalidField::QuotaOfUnits),
        ];
        for (terms, field) in cases {
            assert_eq!(refused(&terms, &giver).field(), Some(field));
        }
    }
}
