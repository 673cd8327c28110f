//! What the program tells: events and errors.

use {
    super::discriminator,
    crate::idl::{
        Result,
        facts::{self, DENIALS, FIELDS, VIOLATIONS},
        layout::{Layout, find},
        tables,
        words::{code, codes, prose, table},
    },
    anchor_lang_idl_spec::Idl,
    sessions_core::{SessionError, events::AnyEvent, state::DISCRIMINATOR_LEN},
    std::fmt::Write,
};

pub(super) fn events(idl: &Idl, page: &mut String) -> Result<()> {
    let header = Layout::of(idl, "EventHeader", DISCRIMINATOR_LEN)?;
    write!(page, include_str!("../text/events.md"), header = tables::fields(&header.rows))?;
    for name in AnyEvent::NAMES {
        let event = idl.events.iter().find(|event| event.name == *name).ok_or_else(|| format!("the IDL has no event {name}"))?;
        let layout = Layout::of(idl, name, DISCRIMINATOR_LEN)?;
        let own: Vec<_> = layout.rows.iter().filter(|row| row.path != "header" && !row.path.starts_with("header.")).collect();
        let docs = prose(&find(idl, name)?.docs);
        let told_by = facts::all().filter(|facts| facts.events.contains(name)).map(|facts| facts.name);
        let size = layout.size.least + DISCRIMINATOR_LEN;
        let variable = if layout.size.exact().is_some() { "" } else { " + the length of `message`" };
        writeln!(page, "\n### {name}\n\n{docs} By {}.\n", codes(told_by))?;
        writeln!(page, "Discriminator: {}. Size: {size}{variable}.", discriminator(&event.discriminator))?;
        if own.is_empty() {
            writeln!(page, "\nNothing but the header.")?;
        } else {
            write!(page, "\n{}", tables::fields(own))?;
        }
    }
    Ok(())
}

pub(super) fn errors(page: &mut String) -> Result<()> {
    let row = |error: &SessionError| {
        let code = error.code();
        [code.to_string(), format!("`{code:#x}`"), error.name().to_owned(), error.message().to_owned()]
    };
    let errors = table(["code", "hex", "name", "message"], ['>', '>', '<', '<'], SessionError::ALL.iter().map(row));
    let fields = FIELDS.iter().map(|(field, rule)| [code(field), (*rule).to_owned()]);
    let denials = DENIALS.iter().map(|(denial, meaning)| [code(denial.text()), (*meaning).to_owned()]);
    let violations = VIOLATIONS.iter().map(|(violation, meaning)| [code(violation.text()), (*meaning).to_owned()]);
    write!(
        page,
        include_str!("../text/errors.md"),
        errors = errors,
        fields = table(["field", "what is right"], ['<', '<'], fields),
        denials = table(["reason in the log", "meaning"], ['<', '<'], denials),
        violations = table(["reason in the log", "meaning"], ['<', '<'], violations),
    )?;
    Ok(())
}
