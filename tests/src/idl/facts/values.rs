//! Values that errors speak of: fields of arguments with their ranges, and reasons of a denial or a violation.

use sessions_core::error::{Denial, Violation};

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
    ("ttl", "`set_session_key`, `grant_access`: at least 1"),
    ("uses", "at least 1"),
    ("member", "not the inviter's own wallet"),
    ("token", "not the zero address"),
    ("key", "`set_session_key`: not the zero address; `set_property`, `write_property`: 1 to 32 bytes"),
    ("capacity", "at most 704"),
    ("program", "the address of a program"),
    ("selector", "at most 8 bytes, with zeros behind them"),
    ("composable", "0 or 1"),
    ("accounts", "at most 64, each one there, and passed as writable if the call may write it"),
    ("calls", "1 to 8, each of a function behind the instruction's own accounts"),
    ("amount", "not 0; `deposit`: nor may nothing arrive"),
    ("quota", "a sound quota"),
    ("destinations", "at most 4, none of them the zero address, with zeros behind them"),
    ("rights", "at least one bit of [`AccessRights`](#accessrights), and no other"),
    ("reader", "another session; the program answers AccountsMustDiffer before it comes to this"),
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
    (Denial::AllowanceEnded, "The allowance's `join_revision` is not the member's: the authority has to set it again."),
    (Denial::NotTheVault, "Only the [guard](#for-other-programs) says this: the account is not the session's `vault`, or did not sign."),
];

/// Which rules of a session's policy can be broken, and what that is about.
pub const VIOLATIONS: &[(Violation, &str)] = &[
    (Violation::ForbiddenProgram, "The program is one of those that no [function](#functions) calls."),
    (Violation::SelectorMismatch, "The first `selector_length` bytes of `data` are not the function's `selector`."),
    (Violation::NotComposable, "The function's `composable` is 0; `execute_function` can call it."),
    (Violation::ForeignAccount, "A call names an account of this program that stands behind the instruction's own."),
    (Violation::WritableState, "A call would write the session or the membership."),
    (Violation::VaultChanged, "The vault was assigned to another program, or given data."),
    (Violation::TokenAccountChanged, "A token account of the vault did not stay what it was; see [Outflow](#outflow)."),
    (Violation::TokenAccountUnsafe, "A token account became the vault's from which others could take something."),
    (Violation::AllowanceRestricted, "An execution took something for which the allowance lists `destinations`."),
    (Violation::DestinationNotListed, "`spend` and `spend_tokens` pay only whom the allowance lists, if it lists anyone."),
    (Violation::GrantMissing, "There is no grant at the address that was passed."),
    (Violation::GrantOfAnother, "The grant's `session` is not the owner, or its `reader` not the member's session."),
    (Violation::GrantExpired, "The grant's `expires_at` has passed."),
    (Violation::GrantTooNarrow, "The grant's `rights` lack READ or WRITE."),
];
