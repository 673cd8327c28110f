//! What `check:` compares: fields of an account by their names, an account's absence, a balance, the events of the last step and its answer.
//!
//! A check is about one account at the most, which one of its keys names: `session: night`, `member: [night, ana]` … ([`subject`] has all).
//!
//! | module | job |
//! |---|---|
//! | [`subject`] | which account a check is about |
//! | [`fields`] | the fields of accounts |
//! | [`answers`] | what a step answered |
//! | [`expected`] | how an expected value is written |

pub mod answers;
pub mod expected;
pub mod fields;
pub mod subject;

use {
    super::{
        amounts::{self, Unit},
        document::Node,
        fields::{Fields, Scope},
        found::Found,
        names::{hint, quote},
        values,
    },
    expected::expected,
    fields::{ALL_FIELDS, Field},
    sessions_client::{
        core::{SessionError, events::AnyEvent},
        ledger::Snapshot,
    },
    solana_address::Address,
    subject::{ACCOUNTS, Subject, subject},
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
    /// The account at the address has this many lamports or, if it is a token account, tokens.
    Balance(Address, u64, Unit),
    /// The answer of the last step, read so, is this value.
    Answer(fn(&[u8]) -> Option<Found>, Found),
    /// The last step emitted these events, in this order, and no others.
    Events(Vec<&'static str>),
}

/// Reads a check. `after_step` says whether a step ran before it, whose events can be meant.
pub fn read(scope: &mut Scope, node: &Node, after_step: bool) -> Vec<Claim> {
    let Some(entries) = scope.map("check", node) else { return Vec::new() };
    let mut claims = Vec::new();
    let mut f = Fields::new(scope, "a check", node.line, entries);
    let named: Vec<_> = ACCOUNTS.into_iter().filter_map(|name| Some((name, f.line_of(name)?))).collect();
    match named[..] {
        [] => {
            let fields = ALL_FIELDS.iter().flat_map(|table| table.iter()).map(|field| field.name).chain(["absent"]);
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
    for (key, read) in [("returned", answers::returned as fn(&mut Scope, &Node) -> Vec<Claim>), ("standing", answers::standing)] {
        if let Some(node) = f.node(key) {
            if !after_step {
                f.scope.wrong(node.line, format!("{key} is the last step's answer, and no step stands before this check"));
            }
            claims.extend(read(f.scope, node));
        }
    }
    if let Some(node) = f.node("events") {
        claims.extend(read_events(f.scope, node, after_step));
    }
    if entries.is_empty() {
        f.scope.wrong(node.line, "this checks nothing; name an account and its fields, a balance, an answer, or events");
    }
    f.finish();
    claims
}

/// The claims about an account: fields, or that it is not there.
fn read_account(f: &mut Fields<'_, '_>, key: &'static str, claims: &mut Vec<Claim>) {
    let (subject, fields) = subject(f, key);
    let unit = subject.as_ref().map(|subject| subject.unit.clone()).unwrap_or_default();
    let absent = f.value("absent", values::truth);
    let mut asked = f.line_of("absent").is_some();
    for Field { name, sample, read } in fields {
        asked |= f.line_of(name).is_some();
        let Some(node) = f.node(name) else { continue };
        if absent == Some(true) {
            f.scope.wrong(node.line, format!("{name} cannot be checked of an account that must be absent"));
        }
        if let (Some(value), Some(Subject { label, address, .. })) = (expected(f.scope, name, node, &sample(), &unit), &subject) {
            claims.push(Claim { label: format!("{label}.{name}"), test: Test::Field(*address, *read, value) });
        }
    }
    if !asked {
        f.scope.wrong(f.line, format!("this checks nothing of the {key}; name fields of it, or absent: true"));
    }
    if let (Some(absent), Some(Subject { label, address, .. })) = (absent, subject) {
        claims.push(Claim { label: format!("{label}.absent"), test: Test::Absent(address, absent) });
    }
}

/// `balance: [who, amount]`.
fn read_balance(scope: &mut Scope, node: &Node) -> Option<Claim> {
    let [who, amount] = scope.list("balance", node)? else {
        scope.wrong(node.line, "balance is a list of two: whose it is and how much, like [ana, 0.5 SOL]");
        return None;
    };
    let address = scope.address("balance", who);
    let text = scope.text("balance", amount)?;
    let read = amounts::amount(text, &scope.mints).map_err(|wrong| scope.wrong(amount.line, format!("balance: {wrong}")));
    let (number, unit) = read.ok()?;
    let (unit, name) = (unit.unwrap_or_default(), scope.text("balance", who)?.to_owned());
    let at = unit.tokens().map_or(address?, |tokens| tokens.of(&address.unwrap_or_default()));
    Some(Claim { label: format!("{name}.balance"), test: Test::Balance(at, number, unit) })
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
