//! What instructions answer by return data, which Anchor's IDL of this program leaves out: its handlers give it to the runtime and return
//! nothing.

use {
    super::Result,
    anchor_lang_idl_spec::{
        Idl, IdlArrayLen, IdlDefinedFields, IdlField, IdlRepr, IdlReprModifier, IdlSerialization, IdlType, IdlTypeDef, IdlTypeDefTy,
    },
};

/// The type of what `consume` and `validate_session` answer.
pub const STANDING: &str = "Standing";
/// Where it is.
const SOURCE: &str = include_str!("../../../programs/core/src/state/member/consume.rs");
/// The instructions that answer it.
const ANSWERED_BY: [&str; 2] = ["consume", "validate_session"];

/// Adds the type to the IDL, and to the instructions what they answer.
pub fn add(idl: &mut Idl) -> Result<()> {
    if idl.types.iter().any(|def| def.name == STANDING) {
        return Err(format!("Anchor knows {STANDING} now: take it out of here").into());
    }
    for name in ANSWERED_BY {
        let instruction = idl.instructions.iter_mut().find(|it| it.name == name).ok_or_else(|| format!("there is no {name}"))?;
        instruction.returns = Some(IdlType::Defined { name: STANDING.to_owned(), generics: Vec::new() });
    }
    idl.types.push(structure(SOURCE, STANDING)?);
    idl.types.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

/// The struct of this name in a source, as the IDL has plain old data.
fn structure(source: &str, name: &str) -> Result<IdlTypeDef> {
    let head = format!("pub struct {name} {{");
    let (before, after) = source.split_once(&head).ok_or_else(|| format!("there is no struct {name}"))?;
    let (body, _) = after.split_once("\n}").ok_or_else(|| format!("{name} has no end"))?;
    let above: Vec<_> = before.lines().rev().take_while(|line| line.starts_with("///") || line.starts_with("#[")).collect();
    let docs = above.into_iter().rev().filter_map(documentation).collect();
    let (mut fields, mut said) = (Vec::new(), Vec::new());
    for line in body.lines().map(str::trim) {
        if let Some(doc) = documentation(line) {
            said.push(doc);
        } else if let Some((name, ty)) = line.strip_prefix("pub ").and_then(|field| field.trim_end_matches(',').split_once(": ")) {
            fields.push(IdlField { name: name.to_owned(), docs: core::mem::take(&mut said), ty: plain(ty)? });
        }
    }
    Ok(IdlTypeDef {
        name: name.to_owned(),
        docs,
        serialization: IdlSerialization::Bytemuck,
        repr: Some(IdlRepr::C(IdlReprModifier { packed: false, align: None })),
        generics: Vec::new(),
        ty: IdlTypeDefTy::Struct { fields: Some(IdlDefinedFields::Named(fields)) },
    })
}

fn documentation(line: &str) -> Option<String> {
    line.strip_prefix("///").map(|doc| doc.trim().to_owned())
}

/// A type of plain old data.
fn plain(ty: &str) -> Result<IdlType> {
    Ok(match ty {
        "u8" => IdlType::U8,
        "u32" => IdlType::U32,
        "u64" => IdlType::U64,
        other => {
            let array = other.strip_prefix("[u8; ").and_then(|rest| rest.strip_suffix(']')).and_then(|length| length.parse().ok());
            let length = array.ok_or_else(|| format!("what is {other} in an IDL?"))?;
            IdlType::Array(Box::new(IdlType::U8), IdlArrayLen::Value(length))
        }
    })
}
