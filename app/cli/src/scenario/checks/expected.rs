//! How an expected value is written.

use {
    crate::scenario::{
        amounts::Unit,
        config::{permission_bits, quotas, rights, settings},
        document::{Node, Value},
        fields::{Fields, Scope},
        found::Found,
        instructions::payments,
        values,
    },
    sessions_client::core::rules::quotas::{Usage, Used},
    solana_address::Address,
};

/// The expected value of a field, written as its kind is: `sample` is any value of the kind. Amounts are of `unit`.
pub fn expected(scope: &mut Scope, key: &str, node: &Node, sample: &Found, unit: &Unit) -> Option<Found> {
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
        Found::Truth(_) => scope.value(key, node, values::truth).map(|truth| Found::Truth(truth.into())),
        Found::Left(_) => scope.value(key, node, values::limit).map(Found::Left),
        Found::Rights(_) => rights(scope, node).map(|set| Found::Rights(set.bits())),
        Found::Session(_) => scope.session(key, node).map(|session| Found::Session(session.address)),
        Found::Addresses(_) => payments::destinations(scope, node).map(Found::Addresses),
        Found::Mint(_) => scope.unit(key, node).map(|unit| Found::Mint(unit.address())),
        Found::Amount(..) => payments::limit(scope, key, node, unit).map(|amount| Found::Amount(amount, unit.address())),
        Found::Window(..) => payments::window(scope, node, unit).map(|(seconds, limit)| Found::Window(seconds, limit, unit.address())),
        Found::Used(..) => used_amount(scope, node, unit).map(|used| Found::Used(used, unit.address())),
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

/// What was taken: an amount of `unit`, or a mapping of `total`, `in_window` and `window`.
fn used_amount(scope: &mut Scope, node: &Node, unit: &Unit) -> Option<Used> {
    if let Value::Text(_) = node.value {
        return payments::limit(scope, "used", node, unit).map(|total| Used { total, ..Used::NONE });
    }
    let entries = scope.map("used", node)?;
    let mut f = Fields::new(scope, "used", node.line, entries);
    let mut amount = |key| f.node(key).map_or(Some(0), |node| payments::limit(f.scope, key, node, unit));
    let (total, in_window) = (amount("total"), amount("in_window"));
    let window = f.value("window", |text| values::number(text, u64::MAX)).unwrap_or(0);
    f.finish();
    Some(Used { total: total?, in_window: in_window?, window })
}
