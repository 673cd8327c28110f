//! The vault: what goes in, what members may take out, and what comes back.
//!
//! Tokens arrive in associated token accounts. One that is not there is made by the step that needs it, and paid for by its payer.

use {
    super::acting,
    crate::scenario::{
        act::{Act, Caller, Origin, SessionRef},
        amounts::{self, Unit},
        document::{Node, Value},
        fields::{Fields, Scope},
        values,
    },
    sessions_client::{
        address,
        core::{
            NOBODY,
            rules::{
                allowance::{AllowanceTerms, MAX_DESTINATIONS},
                quotas::{Quota, UNLIMITED},
            },
            state::session::vault::EVERYTHING,
        },
        instruction as build,
        instruction::Withdrawal,
    },
    solana_address::Address,
};

/// An amount, and what it is of.
pub(super) struct Paid {
    pub(super) unit: Unit,
    pub(super) amount: u64,
}

impl Paid {
    /// The amount under `amount`; without a unit it is of `mint`, or of SOL.
    pub(super) fn read(f: &mut Fields<'_, '_>) -> Option<Self> {
        Self::read_or(f, Word::None)
    }

    /// The same, where a word can stand for a number.
    fn read_or(f: &mut Fields<'_, '_>, word: Word) -> Option<Self> {
        let unit = unit(f, &["amount"])?;
        let node = f.needed("amount")?;
        let amount = amount_or(f.scope, "amount", node, &unit, word)?;
        Some(Self { unit, amount })
    }
}

/// A word that can stand for an amount.
#[derive(Clone, Copy)]
enum Word {
    None,
    /// `unlimited`.
    Unlimited,
    /// `all`, or with its unit `all USDC`.
    All,
}

/// What is meant: the mint under `mint`, or else the unit of the first of the amounts under `keys` that has one, or SOL.
fn unit(f: &mut Fields<'_, '_>, keys: &[&'static str]) -> Option<Unit> {
    if let Some(node) = f.node("mint") {
        return f.scope.unit("mint", node);
    }
    let unit = keys.iter().find_map(|key| unit_of(&f.peek(key)?.value, f.scope));
    Some(unit.unwrap_or_default())
}

/// The unit of an amount, or of a window's limit.
fn unit_of(value: &Value, scope: &Scope) -> Option<Unit> {
    match value {
        Value::Text(text) => unit_in(text, scope),
        Value::Map(entries) => unit_of(&entries.iter().find(|entry| entry.key == "limit")?.value.value, scope),
        _ => None,
    }
}

/// The unit of an amount as it is written.
fn unit_in(text: &str, scope: &Scope) -> Option<Unit> {
    let name = text.strip_prefix("all ").or_else(|| text.split_once(|c: char| !c.is_ascii_digit() && c != '.').map(|_| text))?;
    Unit::named(name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start(), &scope.mints)
}

/// An amount of `unit`, or a word that stands for one.
fn amount_or(scope: &mut Scope, key: &str, node: &Node, unit: &Unit, word: Word) -> Option<u64> {
    let text = scope.text(key, node)?;
    let amount = || amounts::amount_of(unit, text, &scope.mints);
    let read = match (word, text) {
        (Word::Unlimited, "unlimited") => Ok(UNLIMITED),
        (Word::Unlimited, _) if !begins_with_number(text) => amount().map_err(|wrong| format!("{wrong}, or unlimited")),
        (Word::All, "all") => Ok(EVERYTHING),
        (Word::All, _) if let Some(name) = text.strip_prefix("all ") => {
            amounts::unit_is(unit, text, name, &scope.mints).map(|()| EVERYTHING)
        }
        (Word::All, _) if !begins_with_number(text) => amount().map_err(|wrong| format!("{wrong}, or all")),
        _ => amount(),
    };
    read.map_err(|wrong| scope.wrong(node.line, format!("{key}: {wrong}"))).ok()
}

/// Whether a text is at least meant as a number, so that no word was.
fn begins_with_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

pub(super) fn deposit(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, paid) = (f.session(), Paid::read(f));
    let (session, Paid { unit, amount }) = (session?, paid?);
    let at = session.address;
    let accounts = unit.tokens().map(|tokens| tokens.create_account(by.payer, address::vault(&at)));
    let instruction = build::deposit(by.signer, at, unit.tokens(), amount);
    Some(Act::ready(session, instruction).behind(accounts.into_iter().collect()))
}

pub(super) fn spend(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, to, paid) = (f.session(), f.needed_address("to"), Paid::read(f));
    let (session, to, Paid { unit, amount }) = (session?, to?, paid?);
    let accounts = unit.tokens().map(|tokens| tokens.create_account(by.payer, to));
    let instruction = build::spend(acting(&session, by), to, unit.tokens(), amount);
    Some(Act::ready(session, instruction).behind(accounts.into_iter().collect()))
}

pub(super) fn withdraw(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, to) = (f.session(), f.address("to"));
    let paid = Paid::read_or(f, Word::All);
    let (session, Paid { unit, amount }) = (session?, paid?);
    let SessionRef { address: at, creator, id, .. } = session;
    let recipient = to.unwrap_or(creator);
    let accounts = unit.tokens().map(|tokens| tokens.create_account(by.payer, recipient));
    let withdrawal = Withdrawal { session: at, session_id: id, recipient, tokens: unit.tokens(), amount };
    Some(Act::ready(session, build::withdraw(by.signer, withdrawal)).behind(accounts.into_iter().collect()))
}

pub(super) fn set_allowance(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, member) = (f.session(), f.needed_address("member"));
    let unit = unit(f, &["limit", "per_call", "window"]);
    let of = unit.clone().unwrap_or_default();
    let per_call = f.node("per_call").map_or(Some(UNLIMITED), |node| amount_or(f.scope, "per_call", node, &of, Word::Unlimited));
    let limit = f.node("limit").map_or(Some(UNLIMITED), |node| amount_or(f.scope, "limit", node, &of, Word::Unlimited));
    let window = f.node("window").map_or(Some((0, UNLIMITED)), |node| window(f.scope, node, &of));
    let destinations = f.node("destinations").map_or(Some(Vec::new()), |node| destinations(f.scope, node));
    let (session, member, unit, listed) = (session?, member?, unit?, destinations?);
    let (window_seconds, window_limit) = window?;
    let at = session.address;
    let mut terms = AllowanceTerms {
        quota: Quota { limit: limit?, window_limit, window_seconds },
        per_call: per_call?,
        destinations: [NOBODY; MAX_DESTINATIONS],
        destination_count: u8::try_from(listed.len()).unwrap_or(u8::MAX),
        reserved: [0; 7],
    };
    for (place, wallet) in terms.destinations.iter_mut().zip(listed) {
        *place = wallet;
    }
    let of_member = address::member(&at, &member);
    let allowance = address::allowance(&of_member, &unit.address());
    f.scope.makes(allowance, Origin { payer: by.payer, maker: by.signer });
    f.scope.allowances.insert((of_member, allowance));
    let instruction = build::set_allowance(by.signer, by.payer, at, member, unit.tokens().map(|tokens| tokens.mint), terms);
    Some(Act::ready(session, instruction))
}

/// `window: { seconds, limit }`, as in a quota.
pub fn window(scope: &mut Scope, node: &Node, unit: &Unit) -> Option<(u64, u64)> {
    if matches!(&node.value, Value::Text(text) if text == "none") {
        return Some((0, UNLIMITED));
    }
    let entries = scope.map_like("window", node, "{ seconds: 1d, limit: 0.5 SOL }")?;
    let mut f = Fields::new(scope, "the window", node.line, entries);
    let seconds = f.needed_value("seconds", values::window);
    let limit = f.needed("limit").and_then(|node| amount_or(f.scope, "limit", node, unit, Word::Unlimited));
    f.finish();
    Some((seconds?, limit?))
}

/// The wallets that can be paid, or `any`, which is none in the list. An empty list would read like nobody, and mean anybody. How many an
/// allowance lists is limited by its layout.
pub fn destinations(scope: &mut Scope, node: &Node) -> Option<Vec<Address>> {
    if matches!(&node.value, Value::Text(text) if text == "any") {
        return Some(Vec::new());
    }
    let items = scope.list("destinations", node)?;
    if items.is_empty() {
        scope.wrong(node.line, format!("destinations is empty; list up to {MAX_DESTINATIONS} addresses, or write any"));
        return None;
    }
    if items.len() > MAX_DESTINATIONS {
        scope.wrong(node.line, format!("destinations has {} wallets; the most is {MAX_DESTINATIONS}", items.len()));
        return None;
    }
    let wallets: Vec<_> = items.iter().map(|item| scope.address("destinations", item)).collect();
    wallets.into_iter().collect()
}

/// An amount that a check expects: `unlimited`, or of `unit`.
pub fn limit(scope: &mut Scope, key: &str, node: &Node, unit: &Unit) -> Option<u64> {
    amount_or(scope, key, node, unit, Word::Unlimited)
}
