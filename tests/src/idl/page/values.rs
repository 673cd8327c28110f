//! What bytes and bits stand for.

use {
    crate::idl::{
        Result, tables,
        words::{codes, table},
    },
    sessions_core::rules::{
        config::{Changed, Kind},
        lifecycle::{APPLICATION_REASONS, CloseReason, Status},
        membership::{MemberChanged, MemberStatus, NEVER, NO_EXPIRY, OF_ROLE, Role},
        permissions::{Permissions, Settings},
        quotas::UNLIMITED,
    },
    std::fmt::Write,
};

pub(super) fn write(page: &mut String) -> Result<()> {
    macro_rules! bytes {
        ($list:ident) => {
            tables::bytes(stringify!($list), $list::ALL.iter().map(|it| (*it as u8, it.name())))?
        };
    }
    macro_rules! bits {
        ($list:ident) => {
            tables::bits(stringify!($list), $list::NAMES.iter().map(|(name, bit)| (u64::from(bit.bits()), *name)))?
        };
    }
    write!(
        page,
        include_str!("../text/values.md"),
        statuses = bytes!(Status),
        kinds = bytes!(Kind),
        reasons = bytes!(CloseReason),
        unnamed = CloseReason::ALL.len(),
        last_unnamed = APPLICATION_REASONS - 1,
        application = APPLICATION_REASONS,
        roles = roles(),
        member_statuses = bytes!(MemberStatus),
        permissions = bits!(Permissions),
        settings = bits!(Settings),
        changed = bits!(Changed),
        member_changed = bits!(MemberChanged),
        special = special(),
    )?;
    Ok(())
}

/// What each role stands for.
fn roles() -> String {
    let permissions = |role: &Role| match role.permissions() {
        Permissions::NONE => "none".to_owned(),
        Permissions::ALL => "all".to_owned(),
        some => codes(some.names()),
    };
    let rows = Role::ALL.iter().map(|role| [(*role as u8).to_string(), role.name().to_owned(), permissions(role)]);
    table(["byte", "name", "permissions"], ['>', '<', '<'], rows)
}

/// Numbers that mean something else than themselves.
fn special() -> String {
    let rows = [
        (OF_ROLE.to_string(), "`terms.permissions`", "The role's permissions, as far as the giver has them."),
        (OF_ROLE.to_string(), "`permissions` of `set_session_key`", "All that the member has."),
        (NO_EXPIRY.to_string(), "`terms.expires_in`, `ttl`, `expires_in` of `update_member`", "Without an end of its own."),
        ("0".to_owned(), "`terms.expires_in`", "As long as the giver's membership."),
        ("0".to_owned(), "`ttl` of `invite_member` and `create_invite_token`", "The session's `config.invitation_ttl`."),
        (NEVER.to_string(), "`expires_at`, `key_expires_at`", "Never."),
        (UNLIMITED.to_string(), "`limit`, `window_limit`", "Unlimited; in terms, what the giver has."),
        ("32 zero bytes".to_owned(), "`pending_authority`, `session_key`", "Nobody; no key."),
    ];
    table(["value", "where", "meaning"], ['<', '<', '<'], rows.map(|(value, place, meaning)| [value, place.to_owned(), meaning.to_owned()]))
}
