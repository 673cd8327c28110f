//! What `check:` compares: every field of an account by its name, an account's absence, a balance, the events of the last step.
//!
//! To make a field checkable, add one line to [`SESSION_FIELDS`]: the value it answers with says how the expected one is written.

use {
    super::{
        config::{permission_bits, quotas, settings},
        document::{Node, Value},
        fields::{Fields, Scope},
        found::Found,
        names::{hint, quote},
        values,
    },
    bytemuck::Zeroable,
    sessions_client::core::{
        SessionState,
        events::AnyEvent,
        rules::quotas::{Usage, Used},
    },
    solana_address::Address,
};

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What it is about: an account's name and a field, like `night.status`, or `events`.
    pub label: String,
    /// What must hold.
    pub test: Test,
}

/// What must hold.
#[derive(Clone, Debug)]
pub enum Test {
    /// The account at the address does not exist (or, with `false`, does).
    Absent(Address, bool),
    /// A field of the session at the address has this value.
    Session(Address, fn(&SessionState) -> Found, Found),
    /// The account at the address has this many lamports.
    Balance(Address, u64),
    /// The last step emitted these events, in this order, and no others.
    Events(Vec<&'static str>),
}

/// A field of a session: its name, and how to read it.
type SessionField = (&'static str, fn(&SessionState) -> Found);

/// Every field of a session that can be checked.
pub const SESSION_FIELDS: &[SessionField] = &[
    ("status", |s| Found::Status(s.status)),
    ("kind", |s| Found::Kind(s.config.kind)),
    ("close_reason", |s| Found::Reason(s.close_reason)),
    ("members", |s| Found::Number(s.members.into())),
    ("children", |s| Found::Number(s.children.into())),
    ("id", |s| Found::Id(s.id)),
    ("creator", |s| Found::Address(s.creator)),
    ("authority", |s| Found::Address(s.authority)),
    ("pending_authority", |s| Found::Address(s.pending_authority)),
    ("host", |s| Found::Address(s.host)),
    ("payer", |s| Found::Address(s.header.payer)),
    ("metadata", |s| Found::Hash(s.metadata)),
    ("max_members", |s| Found::Number(s.config.max_members.into())),
    ("max_duration", |s| Found::Seconds(s.config.max_duration)),
    ("hard_limit", |s| Found::Seconds(s.config.hard_limit)),
    ("step_timeout", |s| Found::Seconds(s.config.step_timeout)),
    ("activation_window", |s| Found::Seconds(s.config.activation_window)),
    ("invitation_ttl", |s| Found::Seconds(s.config.invitation_ttl)),
    ("permissions", |s| Found::Permissions(s.config.permissions)),
    ("settings", |s| Found::Settings(s.config.settings)),
    ("quotas", |s| Found::Quotas(s.config.quotas)),
    ("usage", |s| Found::Usage(s.usage)),
    ("requested_at", |s| Found::Moment(s.requested_at)),
    ("created_at", |s| Found::Moment(s.created_at)),
    ("activated_at", |s| Found::Moment(s.activated_at)),
    ("paused_at", |s| Found::Moment(s.paused_at)),
    ("closed_at", |s| Found::Moment(s.closed_at)),
    ("expires_at", |s| Found::Moment(s.expires_at)),
    ("hard_end", |s| Found::Moment(s.hard_end)),
    ("step_deadline", |s| Found::Moment(s.step_deadline)),
    ("property_version", |s| Found::Number(s.property_version)),
    ("message_sequence", |s| Found::Number(s.message_sequence)),
    ("message_head", |s| Found::Hash(s.message_head)),
    ("checkpoint_sequence", |s| Found::Number(s.checkpoint_sequence)),
    ("checkpoint_root", |s| Found::Hash(s.checkpoint_root)),
    ("executions", |s| Found::Number(s.executions)),
    ("compute_units", |s| Found::Number(s.compute_units)),
    ("epoch", |s| Found::Number(s.header.epoch)),
    ("revision", |s| Found::Number(s.header.revision)),
    ("event_revision", |s| Found::Number(s.header.event_revision)),
    ("version", |s| Found::Number(s.header.version.into())),
    ("bump", |s| Found::Number(s.header.bump.into())),
    ("vault_bump", |s| Found::Number(s.vault_bump.into())),
];

/// Reads a check. `after_step` says whether a step ran before it, whose events can be meant.
pub fn read(scope: &mut Scope, node: &Node, after_step: bool) -> Vec<Claim> {
    let Some(entries) = scope.map("check", node) else { return Vec::new() };
    let mut claims = Vec::new();
    let mut f = Fields::new(scope, "a check", node.line, entries);
    if f.line_of("session").is_some() {
        read_session(&mut f, &mut claims);
    } else if let Some((name, line)) = SESSION_FIELDS.iter().map(|field| field.0).chain(["absent"]).find_map(|n| Some((n, f.line_of(n)?))) {
        f.node(name);
        f.scope.wrong(line, format!("{name} of which account? add session: and the name it was saved under"));
    }
    if let Some(node) = f.node("balance") {
        claims.extend(read_balance(f.scope, node));
    }
    if let Some(node) = f.node("events") {
        claims.extend(read_events(f.scope, node, after_step));
    }
    if entries.is_empty() {
        f.scope.wrong(node.line, "this checks nothing; name a session and its fields, a balance, or events");
    }
    f.finish();
    claims
}

/// The claims about a session: fields, or that it is not there.
fn read_session(f: &mut Fields<'_, '_>, claims: &mut Vec<Claim>) {
    let name = f.node("session").and_then(|node| f.scope.text("session", node)).unwrap_or_default();
    let session = f.session();
    let sample = SessionState::zeroed();
    let absent = f.value("absent", values::truth);
    let mut asked = f.line_of("absent").is_some();
    for (field, get) in SESSION_FIELDS {
        asked |= f.line_of(field).is_some();
        let Some(node) = f.node(field) else { continue };
        if absent == Some(true) {
            f.scope.wrong(node.line, format!("{field} cannot be checked of a session that must be absent"));
        }
        if let (Some(value), Some(session)) = (expected(f.scope, field, node, &get(&sample)), &session) {
            claims.push(Claim { label: format!("{name}.{field}"), test: Test::Session(session.address, *get, value) });
        }
    }
    if !asked {
        f.scope.wrong(f.line, "this checks nothing of the session; name fields like status or members, or absent: true");
    }
    if let (Some(absent), Some(session)) = (absent, session) {
        claims.push(Claim { label: format!("{name}.absent"), test: Test::Absent(session.address, absent) });
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
        Found::Status(_) => scope.value(key, node, values::status).map(|status| Found::Status(status as u8)),
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

/// What was used: a mapping like quotas, of `total`, `in_window` and `window`; what is left out is 0.
fn usage(scope: &mut Scope, node: &Node) -> Option<Usage> {
    let entries = scope.map("usage", node)?;
    let mut f = Fields::new(scope, "usage", node.line, entries);
    let mut one = |key| {
        let Some(node) = f.node(key) else { return Some(Used::NONE) };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_session_can_be_checked() {
        // A field that is added to the account stops this from compiling: add it to the table too, unless it is only padding.
        let SessionState {
            header: _,
            id: _,
            creator: _,
            authority: _,
            pending_authority: _,
            host: _,
            metadata: _,
            config: _,
            usage: _,
            requested_at: _,
            created_at: _,
            activated_at: _,
            paused_at: _,
            closed_at: _,
            expires_at: _,
            hard_end: _,
            step_deadline: _,
            property_version: _,
            message_sequence: _,
            message_head: _,
            checkpoint_sequence: _,
            checkpoint_root: _,
            executions: _,
            compute_units: _,
            members: _,
            children: _,
            status: _,
            close_reason: _,
            vault_bump: _,
            padding: _,
            reserved: _,
        } = SessionState::zeroed();
        let (own, header, config) = (27, 6, 10);
        assert_eq!(SESSION_FIELDS.len(), own + header + config);
    }

    #[test]
    fn no_field_stands_twice() {
        for (i, (name, _)) in SESSION_FIELDS.iter().enumerate() {
            assert!(SESSION_FIELDS[i + 1..].iter().all(|(other, _)| other != name), "{name}");
        }
    }
}
