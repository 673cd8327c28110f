//! The rules: what each status allows, and how messages are chained.

use {
    crate::idl::{
        Result,
        answers::STANDING,
        facts::{self, GUARD, Step},
        layout::Layout,
        tables,
        words::{code, codes, hex, table},
    },
    anchor_lang_idl_spec::Idl,
    sessions_core::{
        Address,
        rules::{
            allowance::MAX_DESTINATIONS,
            functions::{FORBIDDEN_PROGRAMS, MAX_ACCOUNTS, MAX_CALLS, MAX_SELECTOR},
            lifecycle::{Status, Transition, When, allows, next},
            messages::{EVERYONE, Message, link},
            outflow::{is_harmless, is_required},
        },
    },
    spl_token_2022_interface::extension::ExtensionType,
    std::{error::Error, fmt::Write},
};

/// The kinds of acts.
const KINDS: [When; 5] = [When::Joining, When::Acting, When::Ruling, When::Serving, When::Leaving];

/// Columns for each status.
const STATUSES: usize = 8;
/// What stands where something is not possible.
const IMPOSSIBLE: &str = "·";

pub(super) fn write(idl: &Idl, page: &mut String) -> Result<()> {
    // Within the struct, which stands in many places.
    let fields = |name: &str| Ok::<_, Box<dyn Error>>(tables::flat(&Layout::of(idl, name, 0)?.rows));
    write!(
        page,
        include_str!("../text/rules.md"),
        lifecycle = lifecycle()?,
        parties = parties(),
        acts = acts()?,
        quotas = fields("Quotas")?,
        usage = fields("Usage")?,
        chain = chain(),
        forbidden = codes(FORBIDDEN_PROGRAMS),
        selector = MAX_SELECTOR,
        calls = MAX_CALLS,
        accounts = MAX_ACCOUNTS,
        extensions = extensions(is_harmless)?,
        own_extensions = extensions(is_required)?,
        destinations = MAX_DESTINATIONS,
        standing = fields(STANDING)?,
        guard = codes(GUARD.iter().copied().flatten().map(|error| error.name())),
    )?;
    Ok(())
}

/// The name of a kind of acts.
const fn name(kind: When) -> &'static str {
    match kind {
        When::Joining => "Joining",
        When::Acting => "Acting",
        When::Ruling => "Ruling",
        When::Serving => "Serving",
        When::Leaving => "Leaving",
    }
}

/// When an instruction can be taken.
pub(super) fn when(step: Step) -> String {
    match step {
        Step::Begins => "any time".to_owned(),
        Step::Takes(_, when) | Step::Otherwise(when) => when.to_owned(),
        Step::Acts(kind) => {
            let allowed: Vec<_> = Status::ALL.iter().filter(|status| allows(**status, kind)).map(|status| status.name()).collect();
            let statuses = match allowed[..] {
                [first, .., last] => format!("{first} to {last}"),
                _ => allowed.concat(),
            };
            format!("[{}](#acts), {statuses}", name(kind))
        }
        Step::ActsOr(kind, else_when) => format!("{}; {else_when}", when(Step::Acts(kind))),
    }
}

/// A table of rows that have a cell for each status.
fn by_status<const N: usize>(head: [&str; N], rows: impl Iterator<Item = Vec<String>>) -> Result<String> {
    let rows: std::result::Result<Vec<[String; N]>, _> = rows.map(<[String; N]>::try_from).collect();
    Ok(table(head, ['<'; N], rows.map_err(|row| format!("a row has another number of cells: {row:?}"))?))
}

/// The whole lifecycle: what each instruction makes of each status.
fn lifecycle() -> Result<String> {
    let rows = facts::all().filter_map(|facts| facts.transition().map(|transition| (facts.name, transition))).map(|(name, transition)| {
        let after = |status: &Status| match next(*status, transition) {
            None => IMPOSSIBLE.to_owned(),
            Some(_) if transition == Transition::Reclaim => "deleted".to_owned(),
            Some(after) if after == *status => "same".to_owned(),
            Some(after) => after.name().to_owned(),
        };
        [code(name)].into_iter().chain(Status::ALL.iter().map(after)).collect()
    });
    let mut head = ["instruction"; STATUSES + 1];
    head.iter_mut().skip(1).zip(Status::ALL).for_each(|(cell, status)| *cell = status.name());
    by_status(head, rows)
}

/// Which status allows which kind of acts, and which instructions they are.
fn acts() -> Result<String> {
    let rows = KINDS.iter().map(|kind| {
        let cell = |status: &Status| if allows(*status, *kind) { "yes" } else { IMPOSSIBLE }.to_owned();
        let instructions = codes(facts::all().filter(|facts| facts.act() == Some(*kind)).map(|facts| facts.name));
        [name(*kind).to_owned()].into_iter().chain(Status::ALL.iter().map(cell)).chain([instructions]).collect()
    });
    let mut head = ["kind"; STATUSES + 2];
    head.iter_mut()
        .skip(1)
        .zip(Status::ALL.iter().map(|status| status.name()).chain(["instructions"]))
        .for_each(|(cell, name)| *cell = name);
    by_status(head, rows)
}

/// Who takes each step of the lifecycle, and when.
fn parties() -> String {
    let rows = facts::all().filter_map(|facts| {
        let steps = match facts.step {
            Step::Begins if facts.events.len() == 1 => "– → Requested".to_owned(),
            Step::Begins => "– → Active".to_owned(),
            Step::Takes(transition, _) => {
                let from = Status::ALL.iter().filter(|status| next(**status, transition).is_some()).map(|status| status.name());
                let to = match transition {
                    Transition::Update => "the same",
                    Transition::Reclaim => "–",
                    _ => Status::ALL.iter().find_map(|status| next(*status, transition)).map_or("–", Status::name),
                };
                format!("{} → {to}", from.collect::<Vec<_>>().join(", "))
            }
            Step::Acts(_) | Step::ActsOr(..) | Step::Otherwise(_) => return None,
        };
        Some([code(facts.name), steps, facts.who.to_owned(), when(facts.step)])
    });
    table(["instruction", "from → to", "who", "when"], ['<'; 4], rows)
}

/// The extensions of Token-2022 that are right by a rule: their names, and their numbers.
fn extensions(is_right: fn(u16) -> bool) -> Result<String> {
    let named = |number: u16| {
        let extension = ExtensionType::try_from(number).map_err(|_| format!("the extension {number} of Token-2022 has no name"))?;
        Ok(format!("{extension:?} ({number})"))
    };
    let all: Result<Vec<_>> = (0..=u16::MAX).filter(|number| is_right(*number)).map(named).collect();
    Ok(all?.join(", "))
}

/// Two messages and the heads that they make, by the rule itself.
fn chain() -> String {
    let [session, alice, bob] = [1, 2, 3].map(|byte| Address::new_from_array([byte; 32]));
    let messages = [
        (Message { session: &session, sequence: 1, time: 1_700_000_000, sender: &alice, recipient: &EVERYONE, data: b"hello" }, "zeros"),
        (Message { session: &session, sequence: 2, time: 1_700_000_007, sender: &bob, recipient: &alice, data: b"hi" }, "32 bytes of 2"),
    ];
    let mut head = [0; 32];
    let rows = messages.map(|(message, recipient)| {
        head = link(&head, &message);
        let sender = if message.sender == &alice { "32 bytes of 2" } else { "32 bytes of 3" };
        let data = String::from_utf8_lossy(message.data);
        [message.sequence.to_string(), message.time.to_string(), sender.to_owned(), recipient.to_owned(), code(data), code(hex(&head))]
    });
    table(["sequence", "time", "sender", "recipient", "data", "head after it"], ['>', '>', '<', '<', '<', '<'], rows)
}
