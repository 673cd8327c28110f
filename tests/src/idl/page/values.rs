//! What bytes and bits stand for.

use {
    crate::idl::{
        Result, tables,
        words::{codes, table},
    },
    sessions_core::rules::{
        access::AccessRights,
        config::{Changed, Kind},
        functions::AccountIndex,
        lifecycle::{APPLICATION_REASONS, CloseReason, Status},
        membership::{MemberChanged, MemberStatus, NEVER, NO_EXPIRY, OF_ROLE, Role},
        permissions::{Permissions, Settings},
        quotas::UNLIMITED,
    },
    sessions_core::state::session::vault::EVERYTHING,
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
        access_rights = bits!(AccessRights),
        indexes = indexes(),
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

/// What the index of an account in a call stands for.
fn indexes() -> String {
    let (rest, last) = (AccountIndex::REST, AccountIndex::WRITABLE - 1);
    let rows = [
        (AccountIndex::VAULT.to_string(), "The vault, which signs."),
        (AccountIndex::SESSION.to_string(), "The session, for reading only."),
        (AccountIndex::MEMBER.to_string(), "The caller's membership, for reading only."),
        (format!("{rest} to {last}"), "The accounts behind the instruction's own, in their order."),
        (format!("+ {}", AccountIndex::WRITABLE), "The same account, and the call may write it."),
    ];
    table(["index", "account"], ['>', '<'], rows.map(|(index, account)| [index, account.to_owned()]))
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
        (EVERYTHING.to_string(), "`amount` of `withdraw`", "All there is."),
        (UNLIMITED.to_string(), "`operations_left`, `units_left`, `bytes_left`", "Nothing limits it."),
        ("32 zero bytes".to_owned(), "`pending_authority`, `session_key`", "Nobody; no key."),
        ("32 zero bytes".to_owned(), "`vault` of a session", "The address was not needed yet."),
        ("32 zero bytes".to_owned(), "`mint`", "SOL; amounts are lamports then."),
        ("32 zero bytes".to_owned(), "`destination` of AllowanceSpent", "A function took it."),
        ("0".to_owned(), "`destination_count`", "Any wallet, and functions too."),
        ("0".to_owned(), "`selector_length`", "Any data."),
        ("0".to_owned(), "`permissions` of `consume` and `validate_session`", "EXECUTE_FUNCTIONS."),
    ];
    table(["value", "where", "meaning"], ['<', '<', '<'], rows.map(|(value, place, meaning)| [value, place.to_owned(), meaning.to_owned()]))
}
