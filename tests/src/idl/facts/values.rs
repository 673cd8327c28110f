//! Values that errors speak of: fields of arguments with their ranges, and reasons of a denial.

use sessions_core::error::Denial;

/// The fields that an InvalidConfiguration can name, and what is right.
pub const FIELDS: &[(&str, &str)] = &[
    ("host", "not the zero address"),
    ("kind", "a byte of [`Kind`](#kind)"),
    ("reserved", "0"),
    ("max_members", "at least 1, at least the active members, and 2 in a point-to-point session"),
    ("max_duration", "at least 1"),
    ("hard_limit", "at least `max_duration`"),
    ("step_timeout", "at least 1"),
    ("invitation_ttl", "at least 1"),
    ("permissions", "only bits of [`Permissions`](#permissions)"),
    ("settings", "only bits of [`Settings`](#settings)"),
    ("quotas.operations", "a sound quota, not below what is used"),
    ("quotas.units", "a sound quota, not below what is used"),
    ("quotas.bytes", "a sound quota, not below what is used"),
    ("changes", "at least one, and only bits that have a name"),
    ("expires_in", "at least 1; a session's from now on not past `hard_end`, before the activation not over `hard_limit`"),
    ("reason", "`close_session`: 1, 2 or 16 to 255; `abort_session`: 0, 2, 3 or 4"),
    ("role", "a byte of [`Role`](#role)"),
    ("ttl", "`set_session_key`: at least 1"),
    ("uses", "at least 1"),
    ("member", "not the inviter's own wallet"),
    ("token", "not the zero address"),
    ("key", "`set_session_key`: not the zero address; `set_property`: 1 to 32 bytes"),
    ("capacity", "at most 704"),
];

/// Why a signer may not do something, and what that is about.
pub const DENIALS: &[(Denial, &str)] = &[
    (Denial::NotAMember, "The membership that would allow it does not exist, or was not passed."),
    (Denial::NotThisMember, "The membership is another wallet's, and the signer is not its session key either."),
    (Denial::NotTheWallet, "The membership is another wallet's. A session key can sign only for [acting](#acts)."),
    (Denial::NotActive, "The membership's `status` is not Active."),
    (Denial::Expired, "The membership's `rights.expires_at` has passed."),
    (Denial::KeyExpired, "`key_expires_at` has passed; the wallet itself can still sign."),
    (Denial::NotPermitted, "A bit is missing in `config.permissions`, `rights.permissions` or, for a key, `key_permissions`."),
    (Denial::AuthorityStays, "The authority neither leaves nor is removed."),
    (Denial::MorePermitted, "Only one who has all of a member's permissions removes it."),
];
