//! The instructions, group by group.

use {
    super::{discriminator, rules::when},
    crate::idl::{
        Result,
        facts::{self, Facts, GROUPS},
        tables,
        words::{codes, prose},
    },
    anchor_lang_idl_spec::Idl,
    sessions_core::SessionError,
    std::fmt::Write,
};

pub(super) fn write(idl: &Idl, page: &mut String) -> Result<()> {
    page.push_str(include_str!("../text/instructions.md"));
    for group in GROUPS {
        writeln!(page, "\n### {}\n\n{}", group.title, group.about)?;
        group.instructions.iter().try_for_each(|facts| instruction(idl, facts, page))?;
    }
    match idl.instructions.iter().find(|it| facts::of(&it.name).is_none()) {
        Some(instruction) => Err(format!("{} is not in the tables of facts", instruction.name).into()),
        None => Ok(()),
    }
}

fn instruction(idl: &Idl, facts: &Facts, page: &mut String) -> Result<()> {
    let known = idl.instructions.iter().find(|it| it.name == facts.name);
    let instruction = known.ok_or_else(|| format!("the program has no {}", facts.name))?;
    writeln!(page, "\n#### {}\n\n{}\n", instruction.name, prose(&instruction.docs))?;
    writeln!(page, "Discriminator: {}.\n\n{}", discriminator(&instruction.discriminator), tables::accounts(instruction)?)?;
    let arguments = tables::arguments(idl, instruction)?;
    writeln!(page, "{}", if arguments.is_empty() { "No arguments.\n" } else { &arguments })?;
    write!(page, "{}", outcome(facts))?;
    Ok(())
}

/// Who takes a step and when, what it tells and what it refuses.
fn outcome(facts: &Facts) -> String {
    let mut errors: Vec<SessionError> = Vec::new();
    for error in facts.loading().chain(facts.refusals()) {
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    let events: Vec<_> = facts.events.iter().map(|name| format!("[`{name}`](#{})", name.to_lowercase())).collect();
    format!(
        "Who: {}. When: {}.\n\nEvents: {}.\n\nErrors: {}.\n",
        facts.who,
        when(facts.step),
        if events.is_empty() { "none".to_owned() } else { events.join(", ") },
        codes(errors.into_iter().map(SessionError::name))
    )
}
