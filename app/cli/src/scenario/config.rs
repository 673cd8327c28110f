//! What a creator chooses: the arguments of `request_session` and `open_session`, and the parts of them that updates and checks share.
//!
//! Left-out arguments have defaults ([`Choices::config`] has the list), and an omitted quota is unlimited.

use {
    super::{
        document::{Node, Value},
        fields::{Fields, Scope},
        names::{hint, quote},
        values,
    },
    sessions_client::core::rules::{
        access::AccessRights,
        config::{Kind, SessionConfig},
        permissions::{Permissions, Settings},
        quotas::{Quota, Quotas, UNLIMITED},
    },
};

/// What `max_members` is when it is left out and the kind is a group.
const MAX_MEMBERS: u32 = 16;
/// What `max_duration` is when it is left out, and `hard_limit` is never less by itself.
const MAX_DURATION: u32 = 3_600;
/// What `step_timeout` is when it is left out.
const STEP_TIMEOUT: u32 = 60;
/// What `invitation_ttl` is when it is left out.
const INVITATION_TTL: u32 = 600;

/// What a creator chooses, as far as it does; the command line and scenarios leave out the same things for the same values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the configuration's")]
pub struct Choices {
    pub kind: Option<Kind>,
    pub max_members: Option<u32>,
    pub max_duration: Option<u32>,
    pub hard_limit: Option<u32>,
    pub step_timeout: Option<u32>,
    pub activation_window: Option<u32>,
    pub invitation_ttl: Option<u32>,
    pub permissions: Option<u32>,
    pub settings: Option<Settings>,
    pub quotas: Option<Quotas>,
}

impl Choices {
    /// The configuration with everything that was left out.
    ///
    /// | left out | is |
    /// |---|---|
    /// | kind | group |
    /// | max_members | 16; 2 if point to point |
    /// | max_duration | 1h |
    /// | hard_limit | max_duration |
    /// | step_timeout | 60s |
    /// | activation_window | 0s: activation is a step like the others |
    /// | invitation_ttl | 10m |
    /// | permissions | all |
    /// | settings | none |
    /// | quotas | unlimited |
    pub fn config(&self) -> SessionConfig {
        let kind = self.kind.unwrap_or(Kind::Group);
        let seats = if kind == Kind::PointToPoint { 2 } else { MAX_MEMBERS };
        let max_duration = self.max_duration.unwrap_or(MAX_DURATION);
        SessionConfig {
            max_members: self.max_members.unwrap_or(seats),
            max_duration,
            hard_limit: self.hard_limit.unwrap_or(max_duration),
            step_timeout: self.step_timeout.unwrap_or(STEP_TIMEOUT),
            activation_window: self.activation_window.unwrap_or(0),
            invitation_ttl: self.invitation_ttl.unwrap_or(INVITATION_TTL),
            permissions: self.permissions.unwrap_or(Permissions::ALL.bits()),
            settings: self.settings.unwrap_or(Settings::NONE).bits(),
            quotas: self.quotas.unwrap_or(Quotas::UNLIMITED),
            kind: kind as u8,
            reserved: 0,
        }
    }
}

/// The configuration that the arguments ask for.
pub fn config(f: &mut Fields<'_, '_>) -> SessionConfig {
    let choices = Choices {
        kind: f.value("kind", values::kind),
        max_members: members(f),
        max_duration: f.duration("max_duration"),
        hard_limit: f.duration("hard_limit"),
        step_timeout: f.duration("step_timeout"),
        activation_window: f.duration("activation_window"),
        invitation_ttl: f.duration("invitation_ttl"),
        permissions: permissions(f),
        settings: f.node("settings").and_then(|node| settings(f.scope, node)),
        quotas: f.node("quotas").and_then(|node| quotas(f.scope, node)),
    };
    choices.config()
}

/// The number of seats under `max_members`.
pub fn members(f: &mut Fields<'_, '_>) -> Option<u32> {
    f.value("max_members", |text| values::number(text, u32::MAX))
}

/// The bits under `permissions`.
pub fn permissions(f: &mut Fields<'_, '_>) -> Option<u32> {
    let node = f.node("permissions")?;
    permission_bits(f.scope, node).map(Permissions::bits)
}

/// A set of permissions: a list of names, `all` or `none`.
pub fn permission_bits(scope: &mut Scope, node: &Node) -> Option<Permissions> {
    set(scope, "permission", node, Permissions::NAMES, Permissions::ALL, Permissions::or)
}

/// A set of rights in another session's properties: a list of names, `all` or `none`.
pub fn rights(scope: &mut Scope, node: &Node) -> Option<AccessRights> {
    set(scope, "right", node, AccessRights::NAMES, AccessRights::ALL, AccessRights::or)
}

/// A set of settings: a list of names, `all` or `none`.
pub fn settings(scope: &mut Scope, node: &Node) -> Option<Settings> {
    set(scope, "setting", node, Settings::NAMES, Settings::ALL, Settings::or)
}

fn set<T: Copy + Default>(scope: &mut Scope, what: &str, node: &Node, names: &[(&'static str, T)], all: T, or: fn(T, T) -> T) -> Option<T> {
    let example = names.first().map_or("", |(name, _)| *name);
    match &node.value {
        Value::Text(text) if text == "all" => return Some(all),
        Value::Text(text) if text == "none" => return Some(T::default()),
        Value::Text(text) => {
            let hint = match names.iter().find(|(name, _)| name == text) {
                Some((name, _)) => format!("; did you mean [{name}]?"),
                None => hint(text, names.iter().map(|(name, _)| *name).chain(["all", "none"])),
            };
            scope.wrong(node.line, format!("{what}s are a list of names like [{}], all or none, not {}{hint}", example, quote(text)));
            return None;
        }
        _ => {}
    }
    let mut sum = Some(T::default());
    for item in scope.list(&format!("{what}s"), node)? {
        let found =
            scope.text(what, item).and_then(|text| values::bit(what, text, names).map_err(|wrong| scope.wrong(item.line, wrong)).ok());
        sum = sum.zip(found).map(|(sum, bit)| or(sum, bit));
    }
    sum
}

/// Quotas: `unlimited`, or a mapping of those that are not.
pub fn quotas(scope: &mut Scope, node: &Node) -> Option<Quotas> {
    if matches!(&node.value, Value::Text(text) if text == "unlimited") {
        return Some(Quotas::UNLIMITED);
    }
    let entries = scope.map("quotas", node)?;
    let mut f = Fields::new(scope, "quotas", node.line, entries);
    let mut one = |key| f.node(key).map_or(Some(Quota::UNLIMITED), |node| quota(f.scope, key, node));
    let (operations, units, bytes) = (one("operations"), one("units"), one("bytes"));
    f.finish();
    Some(Quotas { operations: operations?, units: units?, bytes: bytes? })
}

/// A quota: a limit for the lifetime, or a mapping with `limit` and `window: {seconds, limit}`.
fn quota(scope: &mut Scope, key: &str, node: &Node) -> Option<Quota> {
    if let Value::Text(_) = node.value {
        return scope.value(key, node, values::limit).map(|limit| Quota { limit, ..Quota::UNLIMITED });
    }
    let entries = scope.map(key, node)?;
    let mut f = Fields::new(scope, format!("the quota {key}"), node.line, entries);
    let limit = f.value("limit", values::limit).unwrap_or(UNLIMITED);
    let window = f.node("window");
    f.finish();
    let Some(window) = window else { return Some(Quota { limit, ..Quota::UNLIMITED }) };
    let entries = scope.map_like("window", window, "{ seconds: 60, limit: 20 }")?;
    let mut f = Fields::new(scope, format!("the window of the quota {key}"), window.line, entries);
    let seconds = f.needed("seconds").and_then(|node| f.scope.value("seconds", node, values::window));
    let window_limit = f.needed("limit").and_then(|node| f.scope.value("limit", node, values::limit));
    f.finish();
    Some(Quota { limit, window_limit: window_limit?, window_seconds: seconds? })
}
