//! The accounts: where each is, what it begins with, and where its fields stand.

use {
    super::discriminator,
    crate::idl::{
        Result,
        layout::{Layout, Row},
        tables,
    },
    anchor_lang_idl_spec::Idl,
    sessions_core::{
        AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionState,
        state::{
            DISCRIMINATOR_LEN, MAX_VALUE, SEED_ALLOWANCE, SEED_FUNCTION, SEED_GRANT, SEED_INVITATION, SEED_MEMBER, SEED_PROPERTY,
            SEED_SESSION, SEED_TOKEN, SEED_VAULT,
        },
    },
    std::fmt::Write,
};

const ACCOUNTS: [&str; 8] = [
    SessionState::NAME,
    MemberState::NAME,
    InvitationState::NAME,
    InviteTokenState::NAME,
    PropertyState::NAME,
    FunctionState::NAME,
    AllowanceState::NAME,
    AccessGrantState::NAME,
];

/// The layout of an account, with its discriminator in front.
pub fn layout(idl: &Idl, name: &str) -> Result<Layout> {
    let whole = Layout::of(idl, name, DISCRIMINATOR_LEN)?;
    let strip = |row: Row| row.path.strip_prefix("state.").map(|path| Row { path: path.to_owned(), ..row.clone() });
    Ok(Layout { rows: whole.rows.into_iter().filter_map(strip).collect(), ..whole })
}

pub(super) fn write(idl: &Idl, page: &mut String) -> Result<()> {
    if let Some(account) = idl.accounts.iter().find(|account| !ACCOUNTS.contains(&account.name.as_str())) {
        return Err(format!("describe the account {} on the page", account.name).into());
    }
    write!(
        page,
        include_str!("../text/accounts.md"),
        header = tables::flat(&Layout::of(idl, "AccountHeader", DISCRIMINATOR_LEN)?.rows),
        session = account(idl, SessionState::NAME, &seeds(SEED_SESSION, "the creator's address, the session id (32 bytes)"), "")?,
        vault = seeds(SEED_VAULT, "the session's address"),
        member = account(idl, MemberState::NAME, &seeds(SEED_MEMBER, "the session's address, the wallet"), "")?,
        invitation = account(idl, InvitationState::NAME, &seeds(SEED_INVITATION, "the session's address, the invited wallet"), "")?,
        invite_token = account(idl, InviteTokenState::NAME, &seeds(SEED_TOKEN, "the session's address, the token's key"), "")?,
        property =
            account(idl, PropertyState::NAME, &seeds(SEED_PROPERTY, "the session's address, the key (1 to 32 bytes)"), " + `capacity`")?,
        most_value = MAX_VALUE,
        function = account(
            idl,
            FunctionState::NAME,
            &seeds(SEED_FUNCTION, "the session's address, the program, `selector_length` and `selector` (9 bytes)"),
            ""
        )?,
        allowance = account(
            idl,
            AllowanceState::NAME,
            &seeds(SEED_ALLOWANCE, "the address of the member's account, the mint (zeros for SOL)"),
            ""
        )?,
        grant = account(
            idl,
            AccessGrantState::NAME,
            &seeds(SEED_GRANT, "the address of the session that grants, the address of the one that is granted access"),
            ""
        )?,
    )?;
    Ok(())
}

fn seeds(seed: &[u8], rest: &str) -> String {
    format!("`\"{}\"`, {rest}", String::from_utf8_lossy(seed))
}

/// What is to say of an account; `room` is what its size has beyond the layout.
fn account(idl: &Idl, name: &str, seeds: &str, room: &str) -> Result<String> {
    let account = idl.accounts.iter().find(|account| account.name == name).ok_or_else(|| format!("there is no account {name}"))?;
    let layout = layout(idl, name)?;
    let is_zero = |row: &&Row| row.path.rsplit('.').next().is_some_and(|name| name == "reserved" || name == "padding");
    let zero = layout.rows.iter().filter(is_zero).map(|row| format!("`{}` ({})", row.path, row.size.least)).collect::<Vec<_>>();
    let mut text = String::new();
    writeln!(text, "- Seeds: {seeds}.")?;
    writeln!(text, "- Discriminator: {}.", discriminator(&account.discriminator))?;
    writeln!(text, "- Size: {}{room} bytes.", layout.size.least + DISCRIMINATOR_LEN)?;
    writeln!(text, "- Zero in this version: {}.\n", zero.join(", "))?;
    write!(text, "{}", tables::fields(&layout.rows))?;
    Ok(text)
}
