//! The page for people who write a client: `docs/protocol.md`.

use {
    super::{
        Result,
        facts::{FIELDS, INSTRUCTIONS, LATER},
        layout::{Layout, Row},
        tables,
        words::{code, codes, hex, prose, table},
    },
    anchor_lang_idl_spec::{Idl, IdlDiscriminator},
    sessions_core::{
        SessionError, SessionState,
        events::AnyEvent,
        rules::{
            config::{Changed, Kind},
            lifecycle::{APPLICATION_REASONS, CloseReason, Status},
            permissions::{Permissions, Settings},
        },
        state::{DISCRIMINATOR_LEN, SEED_SESSION, SEED_VAULT},
    },
    std::fmt::Write,
};

/// The whole page.
pub fn to_markdown(idl: &Idl) -> Result<String> {
    let mut page = String::new();
    write!(page, include_str!("text/head.md"), program = idl.address)?;
    accounts(idl, &mut page)?;
    instructions(idl, &mut page)?;
    transitions(&mut page)?;
    settings(&mut page)?;
    events(idl, &mut page)?;
    errors(&mut page)?;
    while page.contains("\n\n\n") {
        page = page.replace("\n\n\n", "\n\n");
    }
    Ok(page)
}

fn discriminator(bytes: &IdlDiscriminator) -> String {
    format!("`{}`, the bytes {bytes:?}", hex(bytes))
}

/// The layout of the session's account, with its discriminator in front.
pub fn session_layout(idl: &Idl) -> Result<Layout> {
    let whole = Layout::of(idl, SessionState::NAME, DISCRIMINATOR_LEN)?;
    let strip = |row: Row| row.path.strip_prefix("state.").map(|path| Row { path: path.to_owned(), ..row.clone() });
    Ok(Layout { rows: whole.rows.into_iter().filter_map(strip).collect(), ..whole })
}

fn accounts(idl: &Idl, page: &mut String) -> Result<()> {
    let [account] = &idl.accounts[..] else { return Err("there is another account: describe it on the page".into()) };
    let layout = session_layout(idl)?;
    let is_reserved = |row: &&Row| row.path.rsplit('.').next().is_some_and(|name| name == "reserved" || name == "padding");
    let reserved = layout.rows.iter().filter(is_reserved).map(|row| format!("`{}` ({})", row.path, row.size.1)).collect::<Vec<_>>();
    let seeds = |seed: &[u8], rest: &str| format!("`\"{}\"`, {rest}", String::from_utf8_lossy(seed));
    write!(
        page,
        include_str!("text/accounts.md"),
        session = seeds(SEED_SESSION, "the creator's address, the session id (32 bytes)"),
        vault = seeds(SEED_VAULT, "the session's address"),
        discriminator = discriminator(&account.discriminator),
        size = layout.size.1 + DISCRIMINATOR_LEN,
        reserved = reserved.join(", "),
        fields = tables::fields(&layout.rows)?,
        statuses = tables::bytes("Status", Status::ALL.iter().map(|it| (*it as u8, it.name())))?,
        kinds = tables::bytes("Kind", Kind::ALL.iter().map(|it| (*it as u8, it.name())))?,
        reasons = tables::bytes("CloseReason", CloseReason::ALL.iter().map(|it| (*it as u8, it.name())))?,
        unnamed = CloseReason::ALL.len(),
        last_unnamed = APPLICATION_REASONS - 1,
        application = APPLICATION_REASONS,
    )?;
    Ok(())
}

fn instructions(idl: &Idl, page: &mut String) -> Result<()> {
    page.push_str(include_str!("text/instructions.md"));
    for facts in INSTRUCTIONS {
        let instruction = idl.instructions.iter().find(|it| it.name == facts.name);
        let instruction = instruction.ok_or_else(|| format!("the program has no {}", facts.name))?;
        writeln!(page, "\n### {}\n\n{}\n", instruction.name, prose(&instruction.docs))?;
        writeln!(page, "Discriminator: {}.\n\n{}", discriminator(&instruction.discriminator), tables::accounts(instruction)?)?;
        let arguments = tables::arguments(idl, instruction)?;
        writeln!(page, "{}", if arguments.is_empty() { "No arguments.\n" } else { &arguments })?;
        write!(page, "{}", tables::outcome(facts))?;
    }
    let undescribed = idl.instructions.iter().find(|it| INSTRUCTIONS.iter().all(|facts| facts.name != it.name));
    if let Some(instruction) = undescribed {
        return Err(format!("{} is not in the table of facts", instruction.name).into());
    }
    let rows = FIELDS.iter().map(|(field, rule)| [code(field), (*rule).to_owned()]);
    write!(page, include_str!("text/ranges.md"), fields = table(["field", "what is right"], ['<', '<'], rows))?;
    Ok(())
}

fn transitions(page: &mut String) -> Result<()> {
    write!(page, include_str!("text/transitions.md"), lifecycle = tables::lifecycle()?, parties = tables::parties())?;
    Ok(())
}

fn settings(page: &mut String) -> Result<()> {
    let permissions = Permissions::NAMES.iter().map(|(name, bit)| (u64::from(bit.bits()), *name));
    let settings = Settings::NAMES.iter().map(|(name, bit)| (u64::from(bit.bits()), *name));
    let changed = Changed::NAMES.iter().map(|(name, bit)| (u64::from(bit.bits()), *name));
    write!(
        page,
        include_str!("text/settings.md"),
        permissions = tables::bits("Permissions", permissions)?,
        settings = tables::bits("Settings", settings)?,
        changed = tables::bits("Changed", changed)?,
    )?;
    Ok(())
}

fn events(idl: &Idl, page: &mut String) -> Result<()> {
    let header = Layout::of(idl, "EventHeader", DISCRIMINATOR_LEN)?;
    write!(page, include_str!("text/events.md"), header = tables::fields(&header.rows)?)?;
    for name in AnyEvent::NAMES {
        let event = idl.events.iter().find(|event| event.name == *name).ok_or_else(|| format!("the IDL has no event {name}"))?;
        let layout = Layout::of(idl, name, DISCRIMINATOR_LEN)?;
        let own: Vec<_> = layout.rows.iter().filter(|row| row.path != "header" && !row.path.starts_with("header.")).collect();
        let docs = prose(&super::layout::find(idl, name)?.docs);
        let told_by = INSTRUCTIONS.iter().filter(|facts| facts.events.contains(name)).map(|facts| facts.name);
        writeln!(page, "\n### {name}\n\n{docs} By {}.\n", codes(told_by))?;
        writeln!(page, "Discriminator: {}. Size: {}.", discriminator(&event.discriminator), layout.size.1 + DISCRIMINATOR_LEN)?;
        if own.is_empty() {
            writeln!(page, "\nNothing but the header.")?;
        } else {
            write!(page, "\n{}", tables::fields(own)?)?;
        }
    }
    Ok(())
}

fn errors(page: &mut String) -> Result<()> {
    let row = |error: &SessionError| {
        let code = error.code();
        [code.to_string(), format!("`{code:#x}`"), error.name().to_owned(), error.message().to_owned()]
    };
    let errors = table(["code", "hex", "name", "message"], ['>', '>', '<', '<'], SessionError::ALL.iter().map(row));
    write!(page, include_str!("text/errors.md"), errors = errors, later = codes(LATER.iter().map(|error| error.name())))?;
    Ok(())
}
