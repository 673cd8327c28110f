//! Which account a check is about.

use {
    super::fields::{
        ALLOWANCE_FIELDS, FUNCTION_FIELDS, Field, GRANT_FIELDS, INVITATION_FIELDS, MEMBER_FIELDS, PROPERTY_FIELDS, SESSION_FIELDS,
        TOKEN_FIELDS,
    },
    crate::scenario::{
        amounts::Unit,
        document::{Node, Value},
        fields::{Fields, Scope},
        values,
    },
    sessions_client::address,
    solana_address::Address,
};

/// The keys that name an account, each with what the list behind it says after the session, and the fields that the account has.
const KINDS: [(&str, &str, &[Field]); 6] = [
    ("member", "whose it is, like [night, ana]", MEMBER_FIELDS),
    ("invitation", "whose it is, like [night, ana]", INVITATION_FIELDS),
    ("property", "its key, like [night, board]", PROPERTY_FIELDS),
    ("function", "its name, like [night, move]", FUNCTION_FIELDS),
    ("grant", "the session that has it, like [night, day]", GRANT_FIELDS),
    ("allowance", "whose it is and of what, like [night, ana, SOL]", ALLOWANCE_FIELDS),
];

/// The keys that name an account.
pub const ACCOUNTS: [&str; 7] = ["session", "member", "invitation", "property", "function", "allowance", "grant"];

/// An account that a check is about.
pub struct Subject {
    /// How it is called in the report.
    pub label: String,
    /// Where it is.
    pub address: Address,
    /// What its amounts are of.
    pub unit: Unit,
}

/// The account under `key`, if it can be told which it is, and the fields that it has.
pub fn subject(f: &mut Fields<'_, '_>, key: &'static str) -> (Option<Subject>, &'static [Field]) {
    let node = f.node(key);
    if key == "session" {
        let named = node.and_then(|node| Some((f.scope.text(key, node)?.to_owned(), f.scope.session(key, node)?.address)));
        return (named.map(|(label, address)| Subject { label, address, unit: Unit::Sol }), SESSION_FIELDS);
    }
    let (_, what, table) = KINDS.into_iter().find(|(kind, ..)| *kind == key).unwrap_or_default();
    let Some(node) = node else { return (None, table) };
    let Some(items) = f.scope.list(key, node) else { return (None, table) };
    let found = match (key, items) {
        ("allowance", [session, whose, of]) => allowance(f.scope, session, whose, of),
        ("invitation", [session, token]) if let Some(address) = token_of(f.scope, token) => {
            let found = in_session(f.scope, key, session, token, |at| Some(address::invite_token(at, &address)));
            let label = |subject: Subject| Subject { label: subject.label.replacen(" invitation ", " token ", 1), ..subject };
            return (found.map(label), TOKEN_FIELDS);
        }
        ("member" | "invitation" | "property" | "function" | "grant", [session, whose]) => {
            let address = account(f.scope, key, whose);
            in_session(f.scope, key, session, whose, |at| Some(address?(at)))
        }
        _ => {
            let count = if key == "allowance" { "three" } else { "two" };
            let and = if key == "allowance" { "," } else { " and" };
            f.scope.wrong(node.line, format!("{key} is a list of {count}: the session{and} {what}"));
            None
        }
    };
    (found, table)
}

/// The subject in a saved session, and how it is called.
fn in_session(
    scope: &mut Scope,
    key: &str,
    session: &Node,
    whose: &Node,
    address: impl FnOnce(&Address) -> Option<Address>,
) -> Option<Subject> {
    let at = scope.session(key, session)?.address;
    let (name, text) = (scope.text(key, session)?.to_owned(), scope.text(key, whose)?);
    Some(Subject { label: format!("{name} {key} {text}"), address: address(&at)?, unit: Unit::Sol })
}

/// The key of an invite token, if it is one that is meant.
fn token_of(scope: &mut Scope, node: &Node) -> Option<Address> {
    let Value::Text(text) = &node.value else { return None };
    scope.tokens.iter().find(|token| token.name == *text).map(|token| token.address)
}

/// Where an account is, once its session is known.
type Account = Box<dyn FnOnce(&Address) -> Address>;

/// The account of a kind, by what stands behind the session.
fn account(scope: &mut Scope, key: &str, whose: &Node) -> Option<Account> {
    Some(match key {
        "property" => {
            let key = scope.value(key, whose, values::property_key)?;
            Box::new(move |at| address::property(at, &key))
        }
        "function" => {
            let function = scope.function(key, whose)?;
            Box::new(move |at| address::function(at, &function.program, &function.selector))
        }
        "grant" => {
            let reader = scope.session(key, whose)?.address;
            Box::new(move |at| address::grant(at, &reader))
        }
        "invitation" => {
            let wallet = scope.address(key, whose)?;
            Box::new(move |at| address::invitation(at, &wallet))
        }
        _ => {
            let wallet = scope.address(key, whose)?;
            Box::new(move |at| address::member(at, &wallet))
        }
    })
}

/// The allowance of a member, of SOL or of a mint.
fn allowance(scope: &mut Scope, session: &Node, whose: &Node, of: &Node) -> Option<Subject> {
    let wallet = scope.address("allowance", whose);
    let unit = scope.unit("allowance", of);
    let mut subject = in_session(scope, "allowance", session, whose, |at| {
        Some(address::allowance(&address::member(at, &wallet?), &unit.as_ref()?.address()))
    })?;
    let unit = unit?;
    subject.label = format!("{} {}", subject.label, unit.name());
    Some(Subject { unit, ..subject })
}
