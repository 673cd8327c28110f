//! From a scenario's text to a [`Plan`] with nothing left to look up: every name resolved, every value read, every instruction built.
//!
//! All problems of a file are found in one pass and told together; a plan exists only if there is none, so nothing runs that was misread.

use {
    super::{
        act::{Act, Caller, SessionRef},
        actors::{Wallet, is_name, name},
        ahead,
        amounts::{self, Mint, Unit},
        checks::{self, Claim},
        document::{self, Entry, Node, Value},
        expect::Expected,
        fields::{Fields, FunctionRef, Scope},
        instructions,
        names::{hint, quote},
        programs, values,
    },
    crate::{
        error::{Problem, Problems},
        report::{format, naming::Naming},
    },
    sessions_client::{address, ledger::START},
    solana_address::Address,
    std::collections::BTreeSet,
};

/// The last second that has a name on the calendar, 9999-12-30T22:00:00Z.
const CALENDAR_END: i64 = 253_402_207_200;

/// A scenario that can run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The file, as the user named it.
    pub file: String,
    /// What the scenario shows.
    pub title: String,
    /// The time at which the embedded ledger starts, in seconds since 1970.
    pub start: i64,
    /// The actors, each with what it is given on the embedded ledger.
    pub actors: Vec<(Wallet, u64)>,
    /// The session keys that any step has.
    pub keys: Vec<Wallet>,
    /// The invite tokens that any step makes.
    pub tokens: Vec<Wallet>,
    /// The mints that any step makes.
    pub mints: Vec<Mint>,
    /// The functions that steps give names to.
    pub functions: Vec<(String, FunctionRef)>,
    /// What happens, in order.
    pub items: Vec<Item>,
    /// The sessions that steps save, with their names, in the order of their making.
    pub sessions: Vec<(String, SessionRef)>,
    /// How many steps the file has.
    pub steps: usize,
}

/// What happens at one point.
#[derive(Clone, Debug)]
pub enum Item {
    /// A transaction: a step, and those that go together with it.
    Transaction(Vec<Step>),
    /// Time passes, in seconds.
    Wait(Place, u32),
    /// Accounts are read and compared.
    Check(Place, Vec<Claim>),
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number, counted from 1.
    pub number: usize,
    /// Its line.
    pub line: usize,
}

/// An instruction that someone takes.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands.
    pub place: Place,
    /// The actor's name; with a session key `actor/key`.
    pub actor: String,
    /// The instruction's name.
    pub instruction: &'static str,
    /// The name of the session it is about, if it was saved or is being saved.
    pub session: Option<String>,
    /// The instruction with its arguments.
    pub act: Act,
    /// Who pays the transaction's fee, if this is its first step.
    pub payer: Address,
    /// The error that must come; without it the step must succeed.
    pub expect: Option<Expected>,
}

impl Plan {
    /// Reads a scenario.
    ///
    /// # Errors
    /// Everything that is wrong with it, by line.
    pub fn read(file: &str, text: &str) -> Result<Self, Problems> {
        let mut scope = Scope { start: START, ..Scope::default() };
        let plan = match document::parse(text, &mut scope.problems) {
            Ok(Some(root)) => read_scenario(&mut scope, file, &root),
            Ok(None) => {
                scope.wrong(1, "the file is empty; a scenario has the keys scenario, actors and steps");
                None
            }
            Err(problem) => {
                scope.problems.push(problem);
                None
            }
        };
        match plan {
            Some(plan) if scope.problems.is_empty() => Ok(plan),
            _ => Err(sorted(file, scope.problems)),
        }
    }

    /// Whose lamports are theirs: actors, session keys, tokens.
    pub fn wallets(&self) -> impl Iterator<Item = &Wallet> {
        self.actors.iter().map(|(actor, _)| actor).chain(&self.keys).chain(&self.tokens)
    }

    /// Everyone who can sign: those, and mints.
    pub fn signers(&self) -> impl Iterator<Item = &Wallet> {
        self.wallets().chain(self.mints.iter().map(|mint| &mint.wallet))
    }

    /// The name of an address, if it is a signer's, a saved session's or its vault's, or a program's.
    pub fn name_of(&self, address: &Address) -> Option<String> {
        let signer = self.signers().find(|wallet| wallet.address == *address).map(|wallet| wallet.name.clone());
        let session = || self.sessions.iter().find(|(_, session)| session.address == *address).map(|(name, _)| name.clone());
        let vault = || {
            let session = self.sessions.iter().find(|(_, session)| address::vault(&session.address) == *address);
            session.map(|(name, _)| format!("vault of {name}"))
        };
        let program = || programs::name_of(address).map(str::to_owned);
        signer.or_else(session).or_else(vault).or_else(program)
    }
}

impl Naming for Plan {
    fn name(&self, address: &Address) -> Option<String> {
        self.name_of(address)
    }

    fn moment(&self, moment: i64) -> String {
        format::elapsed(moment.saturating_sub(self.start))
    }

    fn amount(&self, amount: u64, mint: &Address) -> String {
        let unit = self.mints.iter().find(|known| known.wallet.address == *mint).cloned().map(Unit::Of);
        match unit.or_else(|| (*mint == Unit::Sol.address()).then_some(Unit::Sol)) {
            Some(unit) => unit.show(amount),
            None => format!("{amount} of {mint}"),
        }
    }

    fn function(&self, function: &FunctionRef) -> Option<String> {
        self.functions.iter().find(|(_, known)| known == function).map(|(name, _)| name.clone())
    }
}

fn sorted(file: &str, mut list: Vec<Problem>) -> Problems {
    list.sort_by_key(|problem| problem.line);
    let mut told = BTreeSet::new();
    list.retain(|problem| told.insert((problem.line, problem.what.clone())));
    Problems { file: file.to_owned(), list }
}

fn read_scenario(scope: &mut Scope, file: &str, root: &Node) -> Option<Plan> {
    let entries = scope.map("a scenario", root)?;
    let mut f = Fields::new(scope, "the scenario", root.line, entries);
    let title = f.needed("scenario").and_then(|node| f.scope.value("scenario", node, title)).unwrap_or_default();
    if let Some(clock) = f.value("clock", values::calendar) {
        f.scope.start = clock;
    }
    let actors = f.needed("actors").map(|node| read_actors(f.scope, node)).unwrap_or_default();
    let steps = f.needed("steps").and_then(|node| f.scope.list("steps", node));
    if steps.is_some_and(<[Node]>::is_empty) {
        f.scope.wrong(f.line_of("steps").unwrap_or(f.line), "steps is empty; a scenario has at least one");
    }
    let steps = steps.unwrap_or_default();
    f.finish();

    scope.saves = ahead::saves(steps);
    scope.keys = ahead::keys(&scope.actors, steps);
    scope.tokens = ahead::tokens(&scope.actors, steps);
    scope.mints = ahead::mints(steps);
    scope.function_lines = ahead::functions(steps);
    let mut reader = Steps { now: scope.start, scope, items: Vec::new(), sessions: Vec::new() };
    for (i, node) in steps.iter().enumerate() {
        reader.read(Place { number: i + 1, line: node.line }, node);
    }
    let Steps { items, sessions, scope, .. } = reader;
    let functions = scope.functions.iter().filter_map(|(name, (_, function))| Some((name.clone(), (*function)?))).collect();
    Some(Plan {
        file: file.to_owned(),
        title,
        start: scope.start,
        actors,
        keys: std::mem::take(&mut scope.keys),
        tokens: std::mem::take(&mut scope.tokens),
        mints: std::mem::take(&mut scope.mints),
        functions,
        items,
        sessions,
        steps: steps.len(),
    })
}

/// A title stands in a report as it is, so it must not break its lines or play with the terminal.
fn title(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) { Err(format!("{} is more than one line of text", quote(text))) } else { Ok(text.to_owned()) }
}

fn read_actors(scope: &mut Scope, node: &Node) -> Vec<(Wallet, u64)> {
    let mut actors = Vec::new();
    for Entry { key, line, value } in scope.map("actors", node).unwrap_or_default() {
        if let Err(wrong) = name("an actor", key) {
            scope.wrong(*line, wrong);
        }
        let lamports = scope.value(key, value, amounts::lamports).unwrap_or_default();
        let wallet = Wallet::actor(key);
        scope.actors.push(wallet.clone());
        actors.push((wallet, lamports));
    }
    if actors.is_empty() {
        scope.wrong(node.line, "there are no actors; name at least one, like `ana: 1 SOL`");
    }
    if actors.iter().try_fold(0_u64, |sum, (_, lamports)| sum.checked_add(*lamports)).is_none() {
        scope.wrong(node.line, "the actors have more lamports together than there can be");
    }
    actors
}

/// Reads steps one after the other.
struct Steps<'s> {
    scope: &'s mut Scope,
    /// The time that the ledger's clock will have.
    now: i64,
    items: Vec<Item>,
    sessions: Vec<(String, SessionRef)>,
}

const VERBS: [&str; 3] = ["do", "wait", "check"];

impl Steps<'_> {
    fn read(&mut self, place: Place, node: &Node) {
        let Some(entries) = self.scope.map("a step", node) else { return };
        let verbs: Vec<&Entry> = entries.iter().filter(|entry| VERBS.contains(&entry.key.as_str())).collect();
        match verbs[..] {
            [verb] if verb.key == "do" => self.read_act(place, entries),
            [verb] if verb.key == "wait" => {
                let mut f = Fields::new(self.scope, "a wait", node.line, entries);
                let seconds = f.needed("wait").and_then(|node| f.scope.value("wait", node, values::duration));
                f.finish();
                self.now = self.now.saturating_add(seconds.unwrap_or_default().into());
                if self.now > CALENDAR_END {
                    self.scope.wrong(verb.line, "this wait takes the clock past 9999-12-30T22:00:00Z; the calendar ends there");
                }
                self.items.push(Item::Wait(place, seconds.unwrap_or_default()));
            }
            [_] => {
                let mut f = Fields::new(self.scope, "a check step", node.line, entries);
                let after_step = self.items.iter().any(|item| matches!(item, Item::Transaction(_)));
                let claims = f.needed("check").map(|node| checks::read(f.scope, node, after_step)).unwrap_or_default();
                f.finish();
                self.items.push(Item::Check(place, claims));
            }
            [] => {
                let near = entries.iter().map(|entry| hint(&entry.key, VERBS)).find(|hint| hint.contains("did you mean"));
                self.scope.wrong(node.line, format!("a step needs one of do, wait and check{}", near.unwrap_or_default()));
            }
            [_, second, ..] => self.scope.wrong(second.line, "a step has one of do, wait and check; make two steps of it"),
        }
    }

    fn read_act(&mut self, place: Place, entries: &[Entry]) {
        let mut f = Fields::new(self.scope, "a step", place.line, entries);
        let actor = f.needed("as").and_then(|node| f.scope.actor("as", node));
        let key = f.value("key", |text| name("a session key", text));
        let verb = f.needed("do").and_then(|node| f.scope.text("do", node).map(|text| (node.line, text)));
        let with = f.node("with");
        let expect = f.value("expect", Expected::from_name);
        let save = f.node("save").and_then(|node| f.scope.text("save", node).map(|text| (node.line, text)));
        let together = f.value("together", values::truth).unwrap_or(false);
        let line_of = |key: &str| f.line_of(key).unwrap_or(place.line);
        let (line_of_expect, line_of_save, line_of_together) = (line_of("expect"), line_of("save"), line_of("together"));
        f.finish();

        // With an actor that is not known, the rest of the step can still be read; the plan will not be used.
        let actor = actor.unwrap_or_else(|| Wallet::actor(""));
        let signer = key.map_or_else(|| actor.clone(), |key| Wallet::session_key(&actor.name, &key));
        let joins = together && matches!(self.items.last(), Some(Item::Transaction(_)));
        if together && !joins {
            self.scope.wrong(line_of_together, "together joins the step right before, which must be an instruction; here there is none");
        }
        if !joins {
            self.scope.made.clear();
        }
        let Some((entry, act, payer, reference)) = self.read_instruction(verb, with, &signer, &actor, joins) else {
            // What the step would have saved counts as saved, so that one mistake is not told once more at every step that refers to it.
            if let Some((line, name)) = save {
                let (creator, payer) = (signer.address, actor.address);
                let unknown = SessionRef { address: creator, creator, payer, id: [0; 32] };
                self.scope.saved.entry(name.to_owned()).or_insert((line, unknown));
            }
            return;
        };
        let expects = |item: &Item| matches!(item, Item::Transaction(steps) if steps.iter().any(|step| step.expect.is_some()));
        if joins && expect.is_some() && self.items.last().is_some_and(expects) {
            self.scope.wrong(line_of_expect, "a transaction fails at one step only, and one before this expects an error already");
        }
        let saved = save.and_then(|(line, name)| self.save(line, name, entry, &act));
        if save.is_some() && expect.is_some() {
            self.scope.wrong(line_of_save, "a step that is refused makes nothing to save");
        }
        let session = saved.or(reference);
        let step = Step { place, actor: signer.name, instruction: entry.name, session, act, payer, expect };
        match self.items.last_mut() {
            Some(Item::Transaction(steps)) if joins => steps.push(step),
            _ => self.items.push(Item::Transaction(vec![step])),
        }
    }

    /// The instruction with its arguments, who pays, and the name of the session it is about.
    fn read_instruction(
        &mut self,
        name: Option<(usize, &str)>,
        with: Option<&Node>,
        signer: &Wallet,
        actor: &Wallet,
        joins: bool,
    ) -> Option<(&'static instructions::Entry, Act, Address, Option<String>)> {
        let (line, name) = name?;
        let Some(entry) = instructions::find(name) else {
            let hint = hint(name, instructions::names());
            self.scope.wrong(line, format!("there is no instruction {}{hint}", quote(name)));
            return None;
        };
        let arguments = with.map_or(Some(&[][..]), |node| self.scope.map("with", node))?;
        let mut f = Fields::new(self.scope, entry.name, with.map_or(line, |node| node.line), arguments);
        let payer = f.node("payer");
        let payer = payer.and_then(|node| f.scope.actor("payer", node).map(|payer| (node.line, payer.address)));
        let reference = arguments.iter().find(|entry| entry.key == "session").and_then(|entry| match &entry.value.value {
            Value::Text(name) => Some(name.clone()),
            _ => None,
        });
        let by = Caller { actor, signer: signer.address, payer: payer.map_or(actor.address, |(_, payer)| payer) };
        let act = (entry.read)(&mut f, by);
        f.finish();
        if act.is_none() && self.scope.problems.is_empty() {
            // A step that is left out in silence would be the worst of mistakes.
            self.scope.wrong(line, format!("the arguments of {} make no instruction", entry.name));
        }
        let act = act?;
        if let (Some((line, payer)), true) = (payer, joins)
            && !act.is_signed_by(&payer)
        {
            self.scope.wrong(line, "payer has nothing to pay here: the first step of a transaction pays its fee");
        }
        Some((entry, act, by.payer, reference))
    }

    /// Saves what a step makes.
    fn save(&mut self, line: usize, name: &str, entry: &instructions::Entry, act: &Act) -> Option<String> {
        let (true, Some(session)) = (act.makes, &act.session) else {
            self.scope.wrong(line, format!("{} makes nothing to save; only request_session and open_session do", entry.name));
            return None;
        };
        if !is_name(name) {
            self.scope.wrong(line, format!("{} cannot be a name; use up to 32 letters, digits, _, - or .", quote(name)));
        }
        if let Some((first, _)) = self.scope.saved.get(name) {
            self.scope.wrong(line, format!("the name {} is taken by the step on line {first}; choose another", quote(name)));
            return None;
        }
        self.scope.saved.insert(name.to_owned(), (line, session.clone()));
        self.sessions.push((name.to_owned(), session.clone()));
        Some(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_clock_is_the_calendars_last() {
        assert_eq!(CALENDAR_END, jiff::Timestamp::MAX.as_second());
        let text =
            |wait| format!("scenario: x\nclock: 9999-12-30T21:59:59Z\nactors: {{ gm: 1 SOL }}\nsteps:\n  - wait: 1s\n  - wait: {wait}\n");
        assert!(Plan::read("x.yaml", &text("0s")).is_ok());
        let wrong = Plan::read("x.yaml", &text("1s")).unwrap_err().to_string();
        assert_eq!(wrong, "x.yaml:6: this wait takes the clock past 9999-12-30T22:00:00Z; the calendar ends there");
    }
}
