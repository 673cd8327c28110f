//! What `check:` compares: fields of an account by their names, an account's absence, a balance, the events of the last step.
//!
//! A check is about one account at the most, which one of its keys names: `session: night`, `member: [night, ana]`,
//! `invitation: [night, ben]` (or a token's name), `property: [night, board]`.

pub mod fields;

use {
    super::{
        config::{permission_bits, quotas, settings},
        document::{Node, Value},
        fields::{Fields, Scope},
        found::Found,
        names::{hint, quote},
        values,
    },
    fields::{Field, INVITATION_FIELDS, MEMBER_FIELDS, PROPERTY_FIELDS, SESSION_FIELDS, TOKEN_FIELDS},
    sessions_client::{
        address,
        core::{
            SessionError,
            events::AnyEvent,
            rules::quotas::{Usage, Used},
        },
        ledger::Snapshot,
    },
    solana_address::Address,
};

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What it is about: an account and a field, like `night.status` or `night member ana.role`, or `events`.
    pub label: String,
    /// What must hold.
    pub test: Test,
}

/// What must hold.
#[derive(Clone, Debug)]
pub enum Test {
    /// The account at the address does not exist (or, with `false`, does).
    Absent(Address, bool),
    /// A field of the account at the address has this value.
    Field(Address, fn(&Snapshot) -> Result<Found, SessionError>, Found),
    /// The account at the address has this many lamports.
    Balance(Address, u64),
    /// The last step emitted these events, in this order, and no others.
    Events(Vec<&'static str>),
}

/// The keys that name an account.
const ACCOUNTS: [&str; 4] = ["session", "member", "invitation", "property"];

/// Reads a check. `after_step` says whether a step ran before it, whose events can be meant.
pub fn read(scope: &mut Scope, node: &Node, after_step: bool) -> Vec<Claim> {
    let Some(entries) = scope.map("check", node) else { return Vec::new() };
    let mut claims = Vec::new();
    let mut f = Fields::new(scope, "a check", node.line, entries);
    let named: Vec<_> = ACCOUNTS.into_iter().filter_map(|name| Some((name, f.line_of(name)?))).collect();
    match named[..] {
        [] => {
            let tables = [SESSION_FIELDS, MEMBER_FIELDS, INVITATION_FIELDS, TOKEN_FIELDS, PROPERTY_FIELDS].concat();
            let fields = tables.iter().map(|field| field.name).chain(["absent"]);
            if let Some((name, line)) = fields.into_iter().find_map(|name| Some((name, f.line_of(name)?))) {
                f.node(name);
                let keys = ACCOUNTS.join(", ");
                f.scope.wrong(line, format!("{name} of which account? name one by one of the keys {keys}, like session: night"));
            }
        }
        [(name, _)] => read_account(&mut f, name, &mut claims),
        [(first, _), (second, line), ..] => {
            f.scope
                .wrong(line, format!("a check is about one account, and this one names a {first} and a {second}; make two checks of it"));
            return claims;
        }
    }
    if let Some(node) = f.node("balance") {
        claims.extend(read_balance(f.scope, node));
    }
    if let Some(node) = f.node("events") {
        claims.extend(read_events(f.scope, node, after_step));
    }
    if entries.is_empty() {
        f.scope.wrong(node.line, "this checks nothing; name an account and its fields, a balance, or events");
    }
    f.finish();
    claims
}

/// An account that a check is about: how it is called in the report, and where it is.
type Subject = (String, Address);

/// The account under `key`, if it can be told which it is, and the fields that it has.
fn subject(f: &mut Fields<'_, '_>, key: &'static str) -> (Option<Subject>, &'static [Field]) {
    let node = f.node(key);
    if key == "session" {
        let subject = node.and_then(|node| Some((f.scope.text(key, node)?.to_owned(), f.scope.session(key, node)?.address)));
        return (subject, SESSION_FIELDS);
    }
    let pair = node.and_then(|node| match f.scope.list(key, node)? {
        [session, whose] => Some((session, whose)),
        _ => {
            let whose = if key == "property" { "its key" } else { "whose it is" };
            f.scope.wrong(node.line, format!("{key} is a list of two: the session and {whose}, like [night, ana]"));
            None
        }
    });
    let Some((session, whose)) = pair else {
        return (None, if key == "property" { PROPERTY_FIELDS } else { MEMBER_FIELDS });
    };
    let name = f.scope.text(key, session).unwrap_or_default();
    let session = f.scope.session(key, session).map(|session| session.address);
    let text = f.scope.text(key, whose).unwrap_or_default();
    let token = f.scope.tokens.iter().find(|token| token.name == text).map(|token| token.address);
    let (kind, table, of) = match (key, token) {
        ("property", _) => {
            let key = f.scope.value(key, whose, values::property_key);
            let of = key.zip(session).map(|(key, session)| address::property(&session, &key));
            ("property", PROPERTY_FIELDS, of)
        }
        ("invitation", Some(token)) => ("token", TOKEN_FIELDS, session.map(|session| address::invite_token(&session, &token))),
        _ => {
            let wallet = f.scope.address(key, whose).zip(session);
            if key == "invitation" {
                ("invitation", INVITATION_FIELDS, wallet.map(|(wallet, session)| address::invitation(&session, &wallet)))
            } else {
                ("member", MEMBER_FIELDS, wallet.map(|(wallet, session)| address::member(&session, &wallet)))
            }
        }
    };
    (of.map(|address| (format!("{name} {kind} {text}"), address)), table)
}

/// The claims about an account: fields, or that it is not there.
fn read_account(f: &mut Fields<'_, '_>, key: &'static str, claims: &mut Vec<Claim>) {
    let (subject, fields) = subject(f, key);
    let absent = f.value("absent", values::truth);
    let mut asked = f.line_of("absent").is_some();
    for Field { name, sample, read } in fields {
        asked |= f.line_of(name).is_some();
        let Some(node) = f.node(name) else { continue };
        if absent == Some(true) {
            f.scope.wrong(node.line, format!("{name} cannot be checked of an account that must be absent"));
        }
        if let (Some(value), Some((label, address))) = (expected(f.scope, name, node, &sample()), &subject) {
            claims.push(Claim { label: format!("{label}.{name}"), test: Test::Field(*address, *read, value) });
        }
    }
    if !asked {
        f.scope.wrong(f.line, format!("this checks nothing of the {key}; name fields of it, or absent: true"));
    }
    if let (Some(absent), Some((label, address))) = (absent, subject) {
        claims.push(Claim { label: format!("{label}.absent"), test: Test::Absent(address, absent) });
    }
}

/// The expected value of a field, written as its kind is: `sample` is any value of the kind.
fn expected(scope: &mut Scope, key: &str, node: &Node, sample: &Found) -> Option<Found> {
    let start = scope.start;
    match sample {
        Found::Number(_) => scope.value(key, node, |text| values::number(text, u64::MAX)).map(Found::Number),
        Found::Seconds(_) => scope.value(key, node, values::duration).map(Found::Seconds),
        Found::Moment(_) => scope.value(key, node, |text| values::moment(text, start)).map(Found::Moment),
        Found::Id(_) => scope.value(key, node, values::id).map(Found::Id),
        Found::Hash(_) => scope.value(key, node, values::hash).map(Found::Hash),
        Found::Bytes(_) => scope.value(key, node, values::bytes).map(Found::Bytes),
        Found::Status(_) => scope.value(key, node, values::status).map(|status| Found::Status(status as u8)),
        Found::MemberStatus(_) => scope.value(key, node, values::member_status).map(|status| Found::MemberStatus(status as u8)),
        Found::Role(_) => scope.value(key, node, values::role).map(|role| Found::Role(role as u8)),
        Found::Kind(_) => scope.value(key, node, values::kind).map(|kind| Found::Kind(kind as u8)),
        Found::Reason(_) => scope.value(key, node, values::reason).map(Found::Reason),
        Found::Address(_) if node.value == Value::Text("none".into()) => Some(Found::Address(Address::default())),
        Found::Address(_) => scope.address(key, node).map(Found::Address),
        Found::Permissions(_) => permission_bits(scope, node).map(|set| Found::Permissions(set.bits())),
        Found::Settings(_) => settings(scope, node).map(|set| Found::Settings(set.bits())),
        Found::Quotas(_) => quotas(scope, node).map(Found::Quotas),
        Found::Usage(_) => usage(scope, node).map(Found::Usage),
    }
}

/// What was used: a mapping like quotas, each a number or a mapping of `total`, `in_window` and `window`; what is left out is 0.
fn usage(scope: &mut Scope, node: &Node) -> Option<Usage> {
    let entries = scope.map("usage", node)?;
    let mut f = Fields::new(scope, "usage", node.line, entries);
    let mut one = |key| {
        let Some(node) = f.node(key) else { return Some(Used::NONE) };
        if let Value::Text(_) = node.value {
            let total = f.scope.value(key, node, |text| values::number(text, u64::MAX))?;
            return Some(Used { total, ..Used::NONE });
        }
        let entries = f.scope.map(key, node)?;
        let mut f = Fields::new(f.scope, format!("the usage of {key}"), node.line, entries);
        let mut number = |key| f.value(key, |text| values::number(text, u64::MAX)).unwrap_or(0);
        let used = Used { total: number("total"), in_window: number("in_window"), window: number("window") };
        f.finish();
        Some(used)
    };
    let (operations, units, bytes) = (one("operations"), one("units"), one("bytes"));
    f.finish();
    Some(Usage { operations: operations?, units: units?, bytes: bytes? })
}

/// `balance: [who, amount]`.
fn read_balance(scope: &mut Scope, node: &Node) -> Option<Claim> {
    let [who, amount] = scope.list("balance", node)? else {
        scope.wrong(node.line, "balance is a list of two: whose it is and how much, like [ana, 0.5 SOL]");
        return None;
    };
    let address = scope.address("balance", who);
    let lamports = scope.value("balance", amount, values::amount)?;
    let name = scope.text("balance", who)?.to_owned();
    Some(Claim { label: format!("{name}.balance"), test: Test::Balance(address?, lamports) })
}

/// `events: [NAME, ...]`.
fn read_events(scope: &mut Scope, node: &Node, after_step: bool) -> Option<Claim> {
    if !after_step {
        scope.wrong(node.line, "events are those of the last step, and no step stands before this check");
    }
    let mut names = Vec::new();
    for item in scope.list("events", node)? {
        let text = scope.text("events", item)?;
        match AnyEvent::NAMES.iter().find(|name| **name == text) {
            Some(name) => names.push(*name),
            None => scope.wrong(item.line, format!("there is no event {}{}", quote(text), hint(text, AnyEvent::NAMES.iter().copied()))),
        }
    }
    Some(Claim { label: "events".into(), test: Test::Events(names) })
}
