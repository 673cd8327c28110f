//! The tables that are made from the IDL and from lists: fields, accounts and arguments of instructions, bytes and bits.

use {
    super::{
        Result,
        layout::{Layout, Row},
        words::{code, documentation, prose, table},
    },
    anchor_lang_idl_spec::{Idl, IdlField, IdlInstruction, IdlInstructionAccount, IdlInstructionAccountItem, IdlSeed, IdlType},
};

/// Types that stand in many places: the page lays them out once, and elsewhere names them.
const ONCE: [(&str, &str); 3] = [("AccountHeader", "#header"), ("Quotas", "#quotas"), ("Usage", "#quotas")];

/// Where the page lays out this type, if it does so once for all places.
fn laid_out_at(ty: &str) -> Option<&'static str> {
    ONCE.iter().find(|(name, _)| *name == ty).map(|(_, anchor)| *anchor)
}

/// Fields with their offsets, those of types that are laid out once left out.
pub fn fields<'a>(rows: impl IntoIterator<Item = &'a Row>) -> String {
    let mut within: Option<String> = None;
    flat(rows.into_iter().filter(|row| {
        let inner = within.as_ref().is_some_and(|prefix| row.path.starts_with(prefix));
        if !inner {
            within = laid_out_at(&row.ty).map(|_| format!("{}.", row.path));
        }
        !inner
    }))
}

/// Fields with their offsets; a field behind one of variable size has none.
pub fn flat<'a>(rows: impl IntoIterator<Item = &'a Row>) -> String {
    let rows = rows.into_iter().map(|row| {
        let offset = row.offset.map_or_else(|| "–".to_owned(), |offset| offset.to_string());
        let ty = laid_out_at(&row.ty).map_or_else(|| code(&row.ty), |anchor| format!("[`{}`]({anchor})", row.ty));
        [offset, size(row), code(&row.path), ty, prose(&row.docs)]
    });
    table(["offset", "size", "field", "type", "meaning"], ['>', '>', '<', '<', '<'], rows)
}

fn size(row: &Row) -> String {
    match (row.size.least, row.size.most) {
        (least, Some(most)) if least == most => most.to_string(),
        (least, Some(most)) if row.ty.starts_with("Option<") => format!("{least} or {most}"),
        (least, Some(most)) => format!("{least} to {most}"),
        (least, None) if row.ty.starts_with("Vec<") => format!("{least} + elements"),
        (least, None) => format!("{least} + length"),
    }
}

/// The arguments of an instruction, those of a struct flattened; empty if it has none.
pub fn arguments(idl: &Idl, instruction: &IdlInstruction) -> Result<String> {
    let start = instruction.discriminator.len();
    let layout = match &instruction.args[..] {
        [] => return Ok(String::new()),
        [IdlField { ty: IdlType::Defined { name, .. }, .. }] => Layout::of(idl, name, start)?,
        fields => Layout::of_fields(idl, fields, start)?,
    };
    Ok(fields(&layout.rows))
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
            let name = if account.optional { format!("{} (optional)", code(&account.name)) } else { code(&account.name) };
            [i.to_string(), name, yes(account.signer), yes(account.writable), address, prose(&account.docs)]
        })
        .collect();
    Ok(table(["#", "account", "signs", "writable", "address or seeds", "meaning"], ['>', '<', '<', '<', '<', '<'], rows))
}

fn seed(seed: &IdlSeed) -> String {
    match seed {
        IdlSeed::Const(constant) => code(format!("\"{}\"", String::from_utf8_lossy(&constant.value))),
        IdlSeed::Arg(argument) => format!("argument {}", code(argument.path.trim_start_matches("args."))),
        IdlSeed::Account(account) => code(&account.path),
    }
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
