//! A look ahead over all steps, before any of them is read: what is misspelt can then be told from what only comes later, and a session key
//! or a token can be named before the step that gives it.
//!
//! What cannot be read here is left out; it is told when its step is read.

use {
    super::{
        actors::{Wallet, is_name},
        amounts::Mint,
        document::{Node, Value},
        instructions::tokens::DECIMALS,
        programs::{TOKEN, token_program},
    },
    std::collections::BTreeMap,
};

/// The value under a key of a mapping.
fn under<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
}

/// The text under a key of a mapping.
fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    match &under(node, key)?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The name that a step with this instruction gives under `key` of its arguments.
fn given<'a>(step: &'a Node, instruction: &str, key: &str) -> Option<&'a str> {
    let arguments = (text(step, "do") == Some(instruction)).then(|| under(step, "with"))??;
    text(arguments, key)
}

/// The line on which each name is first saved.
pub fn saves(steps: &[Node]) -> BTreeMap<String, usize> {
    let mut saves = BTreeMap::new();
    for step in steps {
        if let (Some(name), Some(node)) = (text(step, "save"), under(step, "save")) {
            saves.entry(name.to_owned()).or_insert(node.line);
        }
    }
    saves
}

/// The line on which each function's name is first given.
pub fn functions(steps: &[Node]) -> BTreeMap<String, usize> {
    let mut functions = BTreeMap::new();
    for step in steps {
        if let Some(name) = given(step, "register_function", "name") {
            functions.entry(name.to_owned()).or_insert(step.line);
        }
    }
    functions
}

/// The mints that any step makes, each once.
pub fn mints(steps: &[Node]) -> Vec<Mint> {
    let mut mints: Vec<Mint> = Vec::new();
    for step in steps {
        let argument = |key| given(step, "create_mint", key);
        if let Some(name) = argument("mint")
            && is_name(name)
            && !mints.iter().any(|mint| mint.wallet.name == name)
        {
            let decimals = argument("decimals").and_then(|text| text.parse().ok()).unwrap_or(DECIMALS);
            let program = argument("program").and_then(|text| token_program(text).ok()).unwrap_or(TOKEN);
            mints.push(Mint { wallet: Wallet::mint(name), program, decimals });
        }
    }
    mints
}

/// The session keys that any step signs with or gives, each once.
pub fn keys(actors: &[Wallet], steps: &[Node]) -> Vec<Wallet> {
    let mut keys = Vec::new();
    for step in steps {
        let actor = text(step, "as").filter(|name| actors.iter().any(|actor| actor.name == *name));
        for key in [text(step, "key"), given(step, "set_session_key", "key")].into_iter().flatten() {
            if let Some(actor) = actor
                && is_name(key)
            {
                add(&mut keys, Wallet::session_key(actor, key));
            }
        }
    }
    keys
}

/// The invite tokens that any step makes, each once.
pub fn tokens(actors: &[Wallet], steps: &[Node]) -> Vec<Wallet> {
    let mut tokens = Vec::new();
    for name in steps.iter().filter_map(|step| given(step, "create_invite_token", "token")) {
        if is_name(name) && !actors.iter().any(|actor| actor.name == name) {
            add(&mut tokens, Wallet::token(name));
        }
    }
    tokens
}

fn add(wallets: &mut Vec<Wallet>, wallet: Wallet) {
    if !wallets.contains(&wallet) {
        wallets.push(wallet);
    }
}
