//! Reading a document's nodes: every reader answers `None` after it has noted what is wrong, so that one pass finds all problems.
//!
//! [`Scope`] is what a reader knows: the actors, what has been saved so far, the problems found. [`Fields`] reads a mapping; asking for a
//! key is what declares it, and [`Fields::finish`] refuses the keys that nobody asked for.

use {
    super::{
        act::{Needed, Origin, SessionRef},
        actors::Wallet,
        amounts::{Mint, Unit},
        document::{Entry, Node, Value},
        names::{hint, nearest, quote},
        programs::{self, PROGRAMS},
        values::{self, Wrong},
    },
    crate::error::Problem,
    sessions_client::{address, core::rules::functions::Selector, instruction::Tokens},
    solana_address::Address,
    std::collections::{BTreeMap, BTreeSet},
};

/// A function that a scenario has a name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionRef {
    /// The program that is called.
    pub program: Address,
    /// What the data begins with.
    pub selector: Selector,
}

/// What is known while a scenario is read.
#[derive(Debug, Default)]
pub struct Scope {
    /// What is wrong so far.
    pub problems: Vec<Problem>,
    /// The actors, in the file's order.
    pub actors: Vec<Wallet>,
    /// The session keys that any step of the file has, in the file's order.
    pub keys: Vec<Wallet>,
    /// The invite tokens that any step of the file makes, in the file's order.
    pub tokens: Vec<Wallet>,
    /// When the scenario begins.
    pub start: i64,
    /// What the steps read so far have saved, with their lines.
    pub saved: BTreeMap<String, (usize, SessionRef)>,
    /// The lines on which any step of the file saves a name: to tell what is misspelt from what comes too early.
    pub saves: BTreeMap<String, usize>,
    /// The mints that any step of the file makes, in the file's order.
    pub mints: Vec<Mint>,
    /// The mints that the steps read so far make, with their lines.
    pub minted: BTreeMap<String, usize>,
    /// The functions that the steps read so far give names to, with their lines; `None` for one that could not be read.
    pub functions: BTreeMap<String, (usize, Option<FunctionRef>)>,
    /// The lines on which any step of the file names a function.
    pub function_lines: BTreeMap<String, usize>,
    /// The allowances that the steps read so far set: the member's account, and the allowance's.
    pub allowances: BTreeSet<(Address, Address)>,
    /// What the steps of the transaction that is being read make.
    pub made: BTreeMap<Address, Origin>,
}

impl Scope {
    /// Notes a problem.
    pub fn wrong(&mut self, line: usize, what: impl Into<String>) {
        self.problems.push(Problem { line: Some(line), what: what.into() });
    }

    fn expected(&mut self, key: &str, node: &Node, kind: &str) {
        self.wrong(node.line, format!("{key} must be {kind}, but here it is {}", node.value.kind()));
    }

    /// The text of a scalar.
    pub fn text<'a>(&mut self, key: &str, node: &'a Node) -> Option<&'a str> {
        match &node.value {
            Value::Text(text) => Some(text),
            _ => {
                self.expected(key, node, "a single value");
                None
            }
        }
    }

    /// The items of a list.
    pub fn list<'a>(&mut self, key: &str, node: &'a Node) -> Option<&'a [Node]> {
        match &node.value {
            Value::List(items) => Some(items),
            _ => {
                self.expected(key, node, "a list");
                None
            }
        }
    }

    /// The entries of a mapping.
    pub fn map<'a>(&mut self, key: &str, node: &'a Node) -> Option<&'a [Entry]> {
        self.map_or_wrong(key, node, "a mapping")
    }

    /// The entries of a mapping that looks like `example`.
    pub fn map_like<'a>(&mut self, key: &str, node: &'a Node, example: &str) -> Option<&'a [Entry]> {
        self.map_or_wrong(key, node, &format!("a mapping like {example}"))
    }

    fn map_or_wrong<'a>(&mut self, key: &str, node: &'a Node, kind: &str) -> Option<&'a [Entry]> {
        match &node.value {
            Value::Map(entries) => Some(entries),
            _ => {
                self.expected(key, node, kind);
                None
            }
        }
    }

    /// A scalar's value.
    pub fn value<T>(&mut self, key: &str, node: &Node, read: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let text = self.text(key, node)?;
        read(text).map_err(|wrong| self.wrong(node.line, format!("{key}: {wrong}"))).ok()
    }

    /// An actor, by name.
    pub fn actor(&mut self, key: &str, node: &Node) -> Option<Wallet> {
        let text = self.text(key, node)?;
        let found = self.actors.iter().find(|actor| actor.name == text).cloned();
        if found.is_none() {
            let hint = hint(text, self.actors.iter().map(|actor| actor.name.as_str()));
            self.wrong(node.line, format!("{key}: there is no actor {}{hint}", quote(text)));
        }
        found
    }

    /// An invite token that any step makes, by name.
    pub fn token(&mut self, key: &str, node: &Node) -> Option<Wallet> {
        let text = self.text(key, node)?;
        let found = self.tokens.iter().find(|token| token.name == text).cloned();
        if found.is_none() {
            let hint = hint(text, self.tokens.iter().map(|token| token.name.as_str()));
            self.wrong(node.line, format!("{key}: no step makes a token {}{hint}", quote(text)));
        }
        found
    }

    /// Notes that the step that is being read makes an account.
    pub fn makes(&mut self, address: Address, origin: Origin) {
        self.made.insert(address, origin);
    }

    /// An account whose origin the step that is being read has to know.
    pub fn needed(&self, address: Address) -> Needed {
        Needed { address, made: self.made.get(&address).copied() }
    }

    /// An address: an actor's name, a session key's `actor/key`, a token's or a mint's name, the `vault of` a saved session, a program's name,
    /// or base58.
    pub fn address(&mut self, key: &str, node: &Node) -> Option<Address> {
        let text = self.text(key, node)?;
        if let Some(name) = text.strip_prefix("vault of ") {
            return self.session_named(key, name, node.line).map(|session| address::vault(&session.address));
        }
        let mints = self.mints.iter().map(|mint| &mint.wallet);
        let wallets = || self.actors.iter().chain(&self.keys).chain(&self.tokens).chain(mints.clone());
        if let Some(wallet) = wallets().find(|wallet| wallet.name == text) {
            return Some(wallet.address);
        }
        let address = programs::named(text).or_else(|| text.parse().ok());
        if address.is_none() {
            let hint = hint(text, wallets().map(|wallet| wallet.name.as_str()));
            let what = if text.contains('/') { "no session key of any step" } else { "neither an actor nor an address" };
            self.wrong(node.line, format!("{key}: {} is {what}{hint}", quote(text)));
        }
        address
    }

    /// A session, by the name under which an earlier step saved it.
    pub fn session(&mut self, key: &str, node: &Node) -> Option<SessionRef> {
        let text = self.text(key, node)?;
        self.session_named(key, text, node.line)
    }

    fn session_named(&mut self, key: &str, text: &str, line: usize) -> Option<SessionRef> {
        if let Some((_, session)) = self.saved.get(text) {
            return Some(session.clone());
        }
        let what = match self.saves.get(text) {
            Some(line) => format!("{key}: {} is not saved yet; the step on line {line} saves it", quote(text)),
            None => {
                let nearest = hint(text, self.saved.keys().map(String::as_str));
                let nearest = if self.saved.is_empty() { "; no step before this one saves anything".to_owned() } else { nearest };
                format!("{key}: no step saved a session as {}{nearest}", quote(text))
            }
        };
        self.wrong(line, what);
        None
    }

    /// A program: one that has a name here, or any address.
    pub fn program(&mut self, key: &str, node: &Node) -> Option<Address> {
        let text = self.text(key, node)?;
        let address = programs::named(text).or_else(|| text.parse().ok());
        let wallets = || self.actors.iter().chain(&self.tokens).chain(&self.keys);
        let address = address.or_else(|| wallets().find(|wallet| wallet.name == text).map(|wallet| wallet.address));
        if address.is_none() {
            let hint = hint(text, PROGRAMS.iter().map(|(name, _)| *name));
            self.wrong(node.line, format!("{key}: {} is neither a program nor an address{hint}", quote(text)));
        }
        address
    }

    /// SOL, or a mint that any step makes, by name.
    pub fn unit(&mut self, key: &str, node: &Node) -> Option<Unit> {
        let text = self.text(key, node)?;
        let found = Unit::named(text, &self.mints);
        if found.is_none() {
            let known = [Unit::Sol].iter().map(Unit::name).chain(self.mints.iter().map(|mint| mint.wallet.name.as_str()));
            let hint = hint(text, known);
            self.wrong(node.line, format!("{key}: no step makes a mint {}{hint}", quote(text)));
        }
        found
    }

    /// The tokens of a mint that any step makes, by its name.
    pub fn mint(&mut self, key: &str, node: &Node) -> Option<Tokens> {
        let unit = self.unit(key, node)?;
        if unit == Unit::Sol {
            self.wrong(node.line, format!("{key}: SOL is no mint, and has no token accounts"));
        }
        unit.tokens()
    }

    /// A function, by the name that an earlier step gave it.
    pub fn function(&mut self, key: &str, node: &Node) -> Option<FunctionRef> {
        let text = self.text(key, node)?;
        if let Some((_, function)) = self.functions.get(text) {
            return *function;
        }
        let what = match self.function_lines.get(text) {
            Some(line) => format!("{key}: {} is not registered yet; the step on line {line} does it", quote(text)),
            None => {
                let hint = hint(text, self.function_lines.keys().map(String::as_str));
                format!("{key}: no step registers a function {}{hint}", quote(text))
            }
        };
        self.wrong(node.line, what);
        None
    }
}

/// A mapping that is being read.
#[derive(Debug)]
pub struct Fields<'s, 'a> {
    /// What is known besides.
    pub scope: &'s mut Scope,
    /// The mapping's line.
    pub line: usize,
    owner: String,
    entries: &'a [Entry],
    known: Vec<&'static str>,
}

impl<'s, 'a> Fields<'s, 'a> {
    /// Begins to read `entries`, the mapping of `owner`.
    pub fn new(scope: &'s mut Scope, owner: impl Into<String>, line: usize, entries: &'a [Entry]) -> Self {
        Self { scope, line, owner: owner.into(), entries, known: Vec::new() }
    }

    /// The value under `key`, if the key is there and has one.
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.known.push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        if entry.value.value == Value::Null {
            self.scope.wrong(entry.line, format!("{key} has no value; write one, or leave the key out"));
            return None;
        }
        Some(&entry.value)
    }

    /// The value under `key` as it stands, without declaring the key.
    pub fn peek(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The line of `key`, if it is there.
    pub fn line_of(&self, key: &str) -> Option<usize> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.line)
    }

    /// The value under a key that must be there.
    pub fn needed(&mut self, key: &'static str) -> Option<&'a Node> {
        if self.line_of(key).is_none() {
            self.scope.wrong(self.line, self.needs(key));
        }
        self.node(key)
    }

    /// The scalar under `key`, read by `read`.
    pub fn value<T>(&mut self, key: &'static str, read: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let node = self.node(key)?;
        self.scope.value(key, node, read)
    }

    /// The scalar under a key that must be there, read by `read`.
    pub fn needed_value<T>(&mut self, key: &'static str, read: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let node = self.needed(key)?;
        self.scope.value(key, node, read)
    }

    /// The duration under `key`, in seconds.
    pub fn duration(&mut self, key: &'static str) -> Option<u32> {
        self.value(key, values::duration)
    }

    /// The address under `key`.
    pub fn address(&mut self, key: &'static str) -> Option<Address> {
        let node = self.node(key)?;
        self.scope.address(key, node)
    }

    /// The address under a key that must be there.
    pub fn needed_address(&mut self, key: &'static str) -> Option<Address> {
        let node = self.needed(key)?;
        self.scope.address(key, node)
    }

    /// The invite token under `key`.
    pub fn token(&mut self, key: &'static str) -> Option<Wallet> {
        let node = self.node(key)?;
        self.scope.token(key, node)
    }

    /// The saved session under `session`, which must be there.
    pub fn session(&mut self) -> Option<SessionRef> {
        let node = self.needed("session")?;
        self.scope.session("session", node)
    }

    /// Refuses the keys that were not asked for. One that is a misspelt key which must be there is not told once more as missing.
    pub fn finish(self) {
        for entry in self.entries.iter().filter(|entry| !self.known.contains(&entry.key.as_str())) {
            if let Some(meant) = nearest(&entry.key, &self.known) {
                let missing = Problem { line: Some(self.line), what: self.needs(meant) };
                self.scope.problems.retain(|problem| *problem != missing);
            }
            let hint = hint(&entry.key, self.known.iter().copied());
            self.scope.wrong(entry.line, format!("unknown key {} in {}{hint}", quote(&entry.key), self.owner));
        }
    }

    fn needs(&self, key: &str) -> String {
        format!("{} needs the key {key}", self.owner)
    }
}
