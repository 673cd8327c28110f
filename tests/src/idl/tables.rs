//! The tables of the page that are made from the IDL: fields, accounts of instructions, the lifecycle.

use {
    super::{
        Result,
        facts::{Facts, INSTRUCTIONS},
        layout::{Layout, Row},
        words::{code, codes, documentation, prose, table},
    },
    anchor_lang_idl_spec::{Idl, IdlInstruction, IdlInstructionAccount, IdlInstructionAccountItem, IdlSeed, IdlType},
    sessions_core::rules::lifecycle::{Status, Transition, next},
};

/// Fields with their offsets.
pub fn fields<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Result<String> {
    let rows = rows.into_iter().map(|row| {
        let offset = row.offset.ok_or_else(|| format!("{} has no fixed place", row.path))?;
        Ok([offset.to_string(), size(row), code(&row.path), code(&row.ty), prose(&row.docs)])
    });
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    Ok(table(["offset", "size", "field", "type", "meaning"], ['>', '>', '<', '<', '<'], rows))
}

fn size(row: &Row) -> String {
    match row.size {
        (least, most) if least == most => most.to_string(),
        (least, most) if row.ty.starts_with("Option<") => format!("{least} or {most}"),
        (least, most) => format!("{least} to {most}"),
    }
}

/// The arguments of an instruction, flattened; empty if it has none.
pub fn arguments(idl: &Idl, instruction: &IdlInstruction) -> Result<String> {
    let Some(argument) = instruction.args.first() else { return Ok(String::new()) };
    let (1, IdlType::Defined { name, .. }) = (instruction.args.len(), &argument.ty) else {
        return Err(format!("{} takes its arguments in another way than in one struct", instruction.name).into());
    };
    let layout = Layout::of(idl, name, instruction.discriminator.len())?;
    if layout.size.0 == layout.size.1 {
        return fields(&layout.rows);
    }
    let rows = layout.rows.iter().map(|row| [size(row), code(&row.path), code(&row.ty), prose(&row.docs)]);
    Ok(table(["size", "argument", "type", "meaning"], ['>', '<', '<', '<'], rows))
}

/// The single accounts of an instruction.
pub fn singles<'a>(instruction: &'a IdlInstruction) -> Result<Vec<&'a IdlInstructionAccount>> {
    let single = |item: &'a IdlInstructionAccountItem| match item {
        IdlInstructionAccountItem::Single(account) => Ok(account),
        IdlInstructionAccountItem::Composite(nested) => Err(format!("{} of {} is nested", nested.name, instruction.name).into()),
    };
    instruction.accounts.iter().map(single).collect()
}

/// The accounts of an instruction.
pub fn accounts(instruction: &IdlInstruction) -> Result<String> {
    let yes = |is: bool| if is { "yes" } else { "" }.to_owned();
    let rows: Vec<_> = singles(instruction)?
        .into_iter()
        .enumerate()
        .map(|(i, account)| {
            let address = match (&account.address, &account.pda) {
                (Some(address), _) => code(address),
                (None, Some(pda)) => pda.seeds.iter().map(seed).collect::<Vec<_>>().join(", "),
                (None, None) => String::new(),
            };
            [i.to_string(), code(&account.name), yes(account.signer), yes(account.writable), address, prose(&account.docs)]
        })
        .collect();
    Ok(table(["#", "account", "signs", "writable", "address or seeds", "meaning"], ['>', '<', '<', '<', '<', '<'], rows))
}

fn seed(seed: &IdlSeed) -> String {
    match seed {
        IdlSeed::Const(constant) => code(format!("\"{}\"", String::from_utf8_lossy(&constant.value))),
        IdlSeed::Arg(argument) => code(argument.path.trim_start_matches("args.")),
        IdlSeed::Account(account) => code(&account.path),
    }
}

/// The facts of the instruction that takes a transition.
pub fn facts_of(transition: Transition) -> Result<&'static Facts> {
    let facts = INSTRUCTIONS.iter().find(|facts| facts.transition == Some(transition));
    facts.ok_or_else(|| format!("no instruction takes the transition {transition:?}").into())
}

/// The whole lifecycle: what each instruction makes of each status.
pub fn lifecycle() -> Result<String> {
    let mut rows = Vec::new();
    for transition in Transition::ALL {
        let after = |status: &Status| match next(*status, *transition) {
            None => "·".to_owned(),
            Some(_) if *transition == Transition::Reclaim => "deleted".to_owned(),
            Some(after) if after == *status => "same".to_owned(),
            Some(after) => after.name().to_owned(),
        };
        let mut row = vec![code(facts_of(*transition)?.name)];
        row.extend(Status::ALL.iter().map(after));
        rows.push(<[String; 9]>::try_from(row).map_err(|_| "the table has a column for each of eight statuses")?);
    }
    let mut head = ["instruction"; 9];
    head.iter_mut().skip(1).zip(Status::ALL).for_each(|(cell, status)| *cell = status.name());
    Ok(table(head, ['<'; 9], rows))
}

/// Who takes each step, and when.
pub fn parties() -> String {
    let rows = INSTRUCTIONS.iter().map(|facts| {
        let steps = match facts.transition {
            None if facts.events.len() == 1 => "– → Requested".to_owned(),
            None => "– → Active".to_owned(),
            Some(transition) => {
                let from = Status::ALL.iter().filter(|status| next(**status, transition).is_some()).map(|status| status.name());
                let to = match transition {
                    Transition::Update => "the same",
                    Transition::Reclaim => "–",
                    _ => Status::ALL.iter().find_map(|status| next(*status, transition)).map_or("–", Status::name),
                };
                format!("{} → {to}", from.collect::<Vec<_>>().join(", "))
            }
        };
        [code(facts.name), steps, facts.who.to_owned(), facts.when.to_owned()]
    });
    table(["instruction", "from → to", "who", "when"], ['<'; 4], rows)
}

/// The values of one byte.
pub fn bytes(list: &str, values: impl Iterator<Item = (u8, &'static str)>) -> Result<String> {
    let rows = values.map(|(byte, name)| Ok([byte.to_string(), name.to_owned(), documentation(list, name)?]));
    let rows: Vec<_> = rows.collect::<Result<_>>()?;
    Ok(table(["byte", "name", "meaning"], ['>', '<', '<'], rows))
}

/// The bits of a set.
pub fn bits(list: &str, values: impl Iterator<Item = (u64, &'static str)>) -> Result<String> {
    let row = |(value, name): (u64, &str)| {
        Ok([value.trailing_zeros().to_string(), code(format!("{value:#06x}")), name.to_owned(), documentation(list, name)?])
    };
    let rows: Vec<_> = values.map(row).collect::<Result<_>>()?;
    Ok(table(["bit", "value", "name", "meaning"], ['>', '>', '<', '<'], rows))
}

/// What an instruction's step tells and refuses.
pub fn outcome(facts: &Facts) -> String {
    let errors = facts.loading.iter().chain(facts.refusals).map(|error| error.name());
    let events = facts.events.iter().map(|name| format!("[`{name}`](#{})", name.to_lowercase()));
    format!(
        "Who: {}. When: {}.\n\nEvents: {}.\n\nErrors: {}.\n",
        facts.who,
        facts.when,
        events.collect::<Vec<_>>().join(", "),
        codes(errors)
    )
}
