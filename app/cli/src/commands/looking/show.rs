//! A session, and everything that belongs to it.

use {
    super::Of,
    crate::{
        book::Book,
        context::Context,
        describe::{Described, KINDS},
        failed::Failed,
        report::{format, naming::Naming},
        scenario::found::Found,
        send::pairs,
    },
    serde_json::{Map, Value, json},
    sessions_client::{
        Ledger, account, address,
        core::{
            SessionError,
            rules::{outflow::SOL, permissions::Permissions},
        },
        ledger::{
            MAX_READ, Snapshot,
            token::{self, Holding},
        },
    },
    solana_address::Address,
    std::io::Write,
};

/// What is shown of a session, where there is something to show.
const SESSION: [&str; 24] = [
    "status",
    "close_reason",
    "kind",
    "creator",
    "authority",
    "pending_authority",
    "host",
    "members",
    "max_members",
    "permissions",
    "settings",
    "quotas",
    "usage",
    "requested_at",
    "activated_at",
    "paused_at",
    "expires_at",
    "hard_end",
    "step_deadline",
    "closed_at",
    "message_sequence",
    "checkpoint_sequence",
    "executions",
    "metadata",
];

/// What is shown of each account that belongs to it, by kind.
const CHILDREN: [(&str, &[&str]); 7] = [
    (
        "member",
        &["wallet", "status", "role", "permissions", "expires_at", "quotas", "usage", "session_key", "key_permissions", "key_expires_at"],
    ),
    ("invitation", &["target", "role", "permissions", "expires_at", "inviter"]),
    ("token", &["token", "uses_left", "role", "permissions", "expires_at", "inviter"]),
    ("property", &["key", "value", "version", "capacity", "writer"]),
    ("function", &["program", "selector", "units", "composable"]),
    ("allowance", &["mint", "per_call", "limit", "window", "used", "destinations"]),
    ("grant", &["reader", "rights", "expires_at"]),
];

/// What is not worth showing: that something is not there, not limited, not used.
const NOTHING: [&str; 12] = [
    "",
    "none",
    "None",
    "0",
    "0 SOL",
    "[]",
    "any",
    "false",
    "never",
    "unlimited",
    "operations unlimited, units unlimited, bytes unlimited",
    "operations 0, units 0, bytes 0",
];

/// An account that belongs to the session.
struct Belonging {
    address: Address,
    described: Described,
    /// Whether it is of an earlier life of the session.
    stale: bool,
    /// Whose allowance it is.
    wallet: Option<Address>,
    /// Of which mint it is.
    mint: Option<Address>,
}

/// What the session holds.
struct Vault {
    address: Address,
    lamports: u64,
    /// Its token accounts that hold something.
    tokens: Vec<(Address, Holding)>,
}

pub(super) async fn run<L: Ledger>(context: &Context<'_, L>, of: &Of, json: bool, out: &mut dyn Write) -> Result<(), Failed> {
    let place = context.place(&of.session)?;
    let vault = address::vault(&place.address);
    let snapshots = context.ledger.read(&[place.address, vault]).await?;
    let [snapshot, held] = &snapshots[..] else { return Err(place.absent()) };
    let unknown = |_: SessionError| Failed::unknown_version(&place.address);
    let session =
        Described::read(snapshot).map_err(unknown)?.filter(|described| described.kind.name == "session").ok_or_else(|| place.absent())?;
    let epoch = account::session(snapshot).map_err(unknown)?.header.epoch;
    let lamports = held.account.as_ref().map_or(0, |account| account.lamports);
    let children = belongings(context, &place.address, epoch).await?;
    let vault = Vault { address: vault, lamports, tokens: tokens(context, &vault).await? };
    let book = book(context, &vault, &children).await?;
    if json {
        return print_json(context, &place.address, snapshot.slot, &session, &vault, &children, out);
    }
    writeln!(out, "session {}", place.address)?;
    let mut lines = lines(&session, &SESSION, &book);
    let held = vault.tokens.iter().map(|(_, held)| book.amount(held.amount, &held.mint));
    let held: Vec<_> = std::iter::once(format::amount(lamports)).chain(held).collect();
    lines.push(("vault", format!("{}, with {}", vault.address, held.join(", "))));
    pairs(out, &lines)?;
    for (kind, fields) in CHILDREN {
        let of_kind: Vec<&Belonging> = children.iter().filter(|child| child.described.kind.name == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        writeln!(out, "{} ({})", of_kind.first().map_or("", |child| child.described.kind.plural), of_kind.len())?;
        for child in of_kind {
            let whose = child.wallet.map(|wallet| format!("of {wallet}"));
            let stale = child.stale.then(|| "of an earlier life of the session".to_owned());
            let shown = self::lines(&child.described, fields, &book).into_iter().enumerate().map(|(i, (name, value))| match (i, name) {
                (0, "wallet" | "target" | "token" | "key" | "program" | "mint" | "reader") => value,
                _ => format!("{name} {value}"),
            });
            writeln!(out, "  {}", shown.chain(whose).chain(stale).collect::<Vec<_>>().join(", "))?;
        }
    }
    Ok(())
}

/// The accounts that belong to a session, by kind.
async fn belongings<L: Ledger>(context: &Context<'_, L>, session: &Address, epoch: u64) -> Result<Vec<Belonging>, Failed> {
    let children = context.ledger.children(session).await?;
    let snapshots: Vec<(Address, Snapshot)> =
        children.into_iter().map(|(address, account)| (address, Snapshot { slot: 0, account: Some(account) })).collect();
    let wallet_of = |member: &Address| {
        let found = snapshots.iter().find(|(address, _)| address == member);
        found.and_then(|(_, snapshot)| account::member(snapshot).ok()).map(|member| member.wallet)
    };
    let mut found = Vec::new();
    for (address, snapshot) in &snapshots {
        let Some(described) = Described::read(snapshot).map_err(|_| Failed::unknown_version(address))? else { continue };
        let stale = account::child(snapshot).is_some_and(|child| child.header.epoch != epoch);
        let allowance = account::allowance(snapshot).ok();
        let wallet = allowance.and_then(|allowance| wallet_of(&allowance.member));
        found.push(Belonging { address: *address, described, stale, wallet, mint: allowance.map(|allowance| allowance.mint) });
    }
    Ok(found)
}

/// The token accounts of a vault that hold something.
async fn tokens<L: Ledger>(context: &Context<'_, L>, vault: &Address) -> Result<Vec<(Address, Holding)>, Failed> {
    let accounts = context.ledger.token_accounts(vault).await?.into_iter();
    let held = accounts.filter_map(|(address, account)| Some((address, Holding::read(&account)?)));
    Ok(held.filter(|(_, holding)| holding.amount > 0).collect())
}

/// The decimals of the mints that there is something to say of.
async fn book<L: Ledger>(context: &Context<'_, L>, vault: &Vault, children: &[Belonging]) -> Result<Book, Failed> {
    let mut mints: Vec<Address> = vault.tokens.iter().map(|(_, holding)| holding.mint).collect();
    mints.extend(children.iter().filter_map(|child| child.mint).filter(|mint| *mint != SOL));
    mints.sort_unstable();
    mints.dedup();
    let mut book = Book::default();
    for some in mints.chunks(MAX_READ) {
        for (mint, snapshot) in some.iter().zip(context.ledger.read(some).await?) {
            if let Some(decimals) = snapshot.account.as_ref().and_then(token::decimals) {
                book = book.with(*mint, decimals);
            }
        }
    }
    Ok(book)
}

/// The named fields of an account that have something to show.
pub(super) fn lines<'a>(described: &Described, names: &[&'a str], book: &Book) -> Vec<(&'a str, String)> {
    let show = |found: &Found| match found {
        Found::Permissions(bits) if *bits == Permissions::ALL.bits() => "all".to_owned(),
        _ => found.show(book),
    };
    let shown = names.iter().filter_map(|name| Some((*name, show(described.get(name)?))));
    // That a link is used up is worth knowing.
    shown.filter(|(name, value)| *name == "uses_left" || !NOTHING.contains(&value.as_str())).collect()
}

fn print_json<L: Ledger>(
    context: &Context<'_, L>,
    address: &Address,
    slot: u64,
    session: &Described,
    vault: &Vault,
    children: &[Belonging],
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let mut document = Map::new();
    document.insert("cluster".into(), json!(context.cluster));
    document.insert("address".into(), json!(address.to_string()));
    document.insert("slot".into(), json!(slot));
    document.insert("session".into(), Value::Object(session.json()));
    let held = |(address, held): &(Address, Holding)| json!({ "address": address.to_string(), "mint": held.mint.to_string(), "amount": held.amount });
    let tokens: Vec<_> = vault.tokens.iter().map(held).collect();
    document.insert("vault".into(), json!({ "address": vault.address.to_string(), "lamports": vault.lamports, "tokens": tokens }));
    for kind in KINDS.iter().skip(1) {
        let of_kind = children.iter().filter(|child| child.described.kind.name == kind.name).map(|child| {
            let mut fields = child.described.json();
            fields.insert("address".into(), json!(child.address.to_string()));
            fields.insert("stale".into(), json!(child.stale));
            if kind.name == "allowance" {
                fields.insert("wallet".into(), json!(child.wallet.map(|wallet| wallet.to_string())));
            }
            Value::Object(fields)
        });
        document.insert(kind.plural.into(), of_kind.collect());
    }
    writeln!(out, "{}", Value::Object(document))?;
    Ok(())
}
