//! Functions: what a session lets its members call, and calling it.
//!
//! A scenario gives a function a name, under which calls refer to it. The name stands for the program and the selector, so it means the same in
//! each session that registers it.

use {
    super::acting,
    crate::scenario::{
        act::{Act, Caller, Origin, SessionRef},
        actors::is_name,
        arena::{self, ARENA, Player},
        document::{Node, Value},
        fields::{Fields, FunctionRef, Scope},
        names::{hint, quote},
        values,
    },
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::FunctionState,
        instruction as build,
        instruction::{FunctionCall, NewFunction},
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

pub(super) fn register(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let program = f.needed("program").and_then(|node| f.scope.program("program", node));
    let selector = f.value("selector", |text| match program {
        Some(ARENA) if arena::INSTRUCTIONS.contains(&text) => values::selector(&format!("0x{}", hex::encode(arena::discriminator(text)))),
        Some(ARENA) => values::selector(text).map_err(|wrong| format!("{wrong}{}", hint(text, arena::INSTRUCTIONS))),
        _ => values::selector(text),
    });
    let selector = selector.unwrap_or_default();
    let units = f.value("units", |text| values::number(text, u64::MAX)).unwrap_or(0);
    let composable = f.value("composable", values::truth).unwrap_or(false);
    let name = f.needed("name");
    let function = program.map(|program| FunctionRef { program, selector });
    if let Some(node) = name {
        give_name(f.scope, node, function);
    }
    let (session, FunctionRef { program, selector }) = (session?, function?);
    let at = session.address;
    f.scope.makes(address::function(&at, &program, &selector), Origin { payer: by.payer, maker: by.signer });
    let new = NewFunction { program, selector, units, composable };
    Some(Act::ready(session, build::register_function(by.signer, by.payer, at, new)))
}

/// Calls a function by a name from here on. One that could not be read has its name too, so that one mistake is told once.
fn give_name(scope: &mut Scope, node: &Node, function: Option<FunctionRef>) {
    let Some(name) = scope.text("name", node) else { return };
    if !is_name(name) {
        scope.wrong(node.line, format!("{} cannot be a function's name; use up to 32 letters, digits, _, - or .", quote(name)));
    }
    match scope.functions.get(name) {
        Some((line, known)) if known.is_some() && function.is_some() && *known != function => {
            let line = *line;
            scope.wrong(node.line, format!("the name {} is another function's, of the step on line {line}; choose another", quote(name)));
        }
        Some(_) => {}
        None => {
            scope.functions.insert(name.to_owned(), (node.line, function));
        }
    }
}

pub(super) fn unregister(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let function = f.needed("function").and_then(|node| f.scope.function("function", node));
    let (session, FunctionRef { program, selector }) = (session?, function?);
    let (at, signer, stranger) = (session.address, by.signer, by.payer);
    let needed = f.scope.needed(address::function(&at, &program, &selector));
    Some(Act::from_state(session, needed, move |origin| {
        let mut state = FunctionState::zeroed();
        (state.program, state.selector, state.selector_length) = (program, selector.bytes, selector.length);
        state.header.payer = origin.map_or(stranger, |origin| origin.payer);
        build::unregister_function(signer, at, &state)
    }))
}

pub(super) fn execute(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let call = call(f, session.as_ref(), by);
    let allowances = allowances(f, session.as_ref(), by);
    let (session, call, allowances) = (session?, call?, allowances?);
    let instruction = build::execute_function(acting(&session, by), &call, &allowances);
    Some(Act::ready(session, instruction))
}

pub(super) fn compose(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let calls = f.needed("calls").and_then(|node| {
        let items = f.scope.list("calls", node)?;
        let calls: Vec<_> = items.iter().map(|item| one_of(f.scope, item, session.as_ref(), by)).collect();
        calls.into_iter().collect::<Option<Vec<_>>>()
    });
    let allowances = allowances(f, session.as_ref(), by);
    let (session, calls, allowances) = (session?, calls?, allowances?);
    let instruction = build::compose_functions(acting(&session, by), &calls, &allowances);
    Some(Act::ready(session, instruction))
}

/// One call of several.
fn one_of(scope: &mut Scope, node: &Node, session: Option<&SessionRef>, by: Caller<'_>) -> Option<FunctionCall> {
    let entries = scope.map("one of the calls", node)?;
    let mut f = Fields::new(scope, "one of the calls", node.line, entries);
    let call = call(&mut f, session, by);
    f.finish();
    call
}

/// A call: a function with what it is called with.
fn call(f: &mut Fields<'_, '_>, session: Option<&SessionRef>, by: Caller<'_>) -> Option<FunctionCall> {
    let function = f.needed("function").and_then(|node| f.scope.function("function", node));
    let data = f.node("data").map_or(Some(Vec::new()), |node| f.scope.value("data", node, values::bytes));
    let accounts = f.node("accounts").map_or(Some(Vec::new()), |node| {
        let items = f.scope.list("accounts", node)?;
        let accounts: Vec<_> = items.iter().map(|item| account(f.scope, item, session, by)).collect();
        accounts.into_iter().collect()
    });
    let tile = f.value("tile", |text| values::number(text, u8::MAX));
    let (FunctionRef { program, selector }, data, accounts) = (function?, data?, accounts?);
    if let Some(line) = f.line_of("tile") {
        if program != ARENA || !(data.is_empty() && accounts.is_empty()) {
            f.scope
                .wrong(line, "tile is all that a move in the arena takes, and nothing else takes one; other calls have data and accounts");
        }
        let player = Player { signer: by.signer, session: session?.address, wallet: by.actor.address };
        return Some(FunctionCall { selector, instruction: player.make_move_by_vault(tile?) });
    }
    Some(FunctionCall { selector, instruction: Instruction { program_id: program, accounts, data } })
}

/// An account of a call: `vault`, `session` or `member` for the caller's own, an address, `tokens: [owner, mint]`, or any of these under
/// `writable`.
fn account(scope: &mut Scope, node: &Node, session: Option<&SessionRef>, by: Caller<'_>) -> Option<AccountMeta> {
    let at = session.map(|session| session.address).unwrap_or_default();
    let address = match &node.value {
        Value::Text(text) => match text.as_str() {
            "vault" => address::vault(&at),
            "session" => at,
            "member" => address::member(&at, &by.actor.address),
            _ => scope.address("accounts", node)?,
        },
        Value::Map(entries) => match &entries[..] {
            [entry] if entry.key == "writable" => {
                return account(scope, &entry.value, session, by).map(|meta| AccountMeta { is_writable: true, ..meta });
            }
            [entry] if entry.key == "tokens" => match scope.list("tokens", &entry.value)? {
                [owner, mint] => {
                    let owner = account(scope, owner, session, by);
                    let tokens = scope.mint("tokens", mint);
                    tokens?.of(&owner?.pubkey)
                }
                _ => {
                    scope.wrong(entry.line, "tokens is a list of two: the owner and the mint, like [vault, USDC]");
                    return None;
                }
            },
            _ => {
                scope.wrong(node.line, "each of the accounts is an address, tokens: [owner, mint], or either of them as writable: …");
                return None;
            }
        },
        _ => scope.address("accounts", node)?,
    };
    Some(AccountMeta::new_readonly(address, false))
}

/// The allowances that an execution may charge: those of the mints that are named, or else all that the steps so far have set.
fn allowances(f: &mut Fields<'_, '_>, session: Option<&SessionRef>, by: Caller<'_>) -> Option<Vec<Address>> {
    let of_member = address::member(&session.map(|session| session.address).unwrap_or_default(), &by.actor.address);
    let Some(node) = f.node("allowances") else {
        let set = f.scope.allowances.iter().filter(|(member, _)| *member == of_member);
        return Some(set.map(|(_, allowance)| *allowance).collect());
    };
    let items = f.scope.list("allowances", node)?;
    let units: Vec<_> = items.iter().map(|item| f.scope.unit("allowances", item)).collect();
    units.into_iter().map(|unit| Some(address::allowance(&of_member, &unit?.address()))).collect()
}
