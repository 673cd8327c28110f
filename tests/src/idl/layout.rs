//! Where each field of a type stands: nested structs are flattened, and every field is named by its path.

use {
    super::Result,
    anchor_lang_idl_spec::{Idl, IdlArrayLen, IdlDefinedFields, IdlField, IdlSerialization, IdlType, IdlTypeDef, IdlTypeDefTy},
};

/// A field, or a struct of fields, whose own rows follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The field's name with those of the structs around it.
    pub path: String,
    /// Where it begins; `None` behind a field of variable size.
    pub offset: Option<usize>,
    /// Its size in bytes.
    pub size: Size,
    /// Its type, as this page writes types.
    pub ty: String,
    /// Its documentation.
    pub docs: Vec<String>,
}

/// A type, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Every field, in order.
    pub rows: Vec<Row>,
    /// The size in bytes without what stands before.
    pub size: Size,
}

/// How many bytes something has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// At least so many.
    pub least: usize,
    /// At most so many; `None` if the type does not say it.
    pub most: Option<usize>,
}

impl Size {
    /// Always so many.
    pub const fn fixed(size: usize) -> Self {
        Self { least: size, most: Some(size) }
    }

    /// The size, if it is always the same.
    pub fn exact(self) -> Option<usize> {
        self.most.filter(|most| *most == self.least)
    }
}

impl core::ops::Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { least: self.least + other.least, most: self.most.zip(other.most).map(|(a, b)| a + b) }
    }
}

/// Bytes of the length in front of `bytes`, and of the count in front of a list.
const LENGTH: usize = 4;

impl Layout {
    /// The layout of the type `name`, behind `start` bytes.
    ///
    /// Fields follow one another without gaps, as Borsh has it. Where a type is read in place, that has to be what `repr(C)` makes of it too:
    /// a field that would need padding is an error.
    pub fn of(idl: &Idl, name: &str, start: usize) -> Result<Self> {
        let def = find(idl, name)?;
        let mut rows = Vec::new();
        let size = add_all(idl, named(def)?, "", &mut Some(start), &mut rows)?;
        if def.serialization != IdlSerialization::Borsh {
            let align = alignment(idl, &IdlType::Defined { name: name.to_owned(), generics: Vec::new() })?;
            if !size.exact().ok_or_else(|| format!("{name} has no fixed size"))?.is_multiple_of(align) {
                return Err(format!("{name} needs padding at its end").into());
            }
            rows.iter().try_for_each(|row| check_in_place(row, start))?;
        }
        Ok(Self { rows, size })
    }

    /// The layout of fields in Borsh, behind `start` bytes.
    pub fn of_fields(idl: &Idl, fields: &[IdlField], start: usize) -> Result<Self> {
        let mut rows = Vec::new();
        let size = add_all(idl, fields, "", &mut Some(start), &mut rows)?;
        Ok(Self { rows, size })
    }

    /// The row with this path.
    pub fn row(&self, path: &str) -> Result<&Row> {
        self.rows.iter().find(|row| row.path == path).ok_or_else(|| format!("there is no field {path}").into())
    }
}

/// A number stands at a multiple of its size.
fn check_in_place(row: &Row, start: usize) -> Result<()> {
    let align = match row.ty.as_str() {
        "u16" => 2,
        "u32" => 4,
        "u64" | "i64" => 8,
        _ => 1,
    };
    match row.offset {
        Some(offset) if (offset - start).is_multiple_of(align) => Ok(()),
        _ => Err(format!("{} cannot be read in place where it stands", row.path).into()),
    }
}

/// The definition of a type.
pub fn find<'a>(idl: &'a Idl, name: &str) -> Result<&'a IdlTypeDef> {
    idl.types.iter().find(|def| def.name == name).ok_or_else(|| format!("the IDL names the type {name} and does not have it").into())
}

fn named(def: &IdlTypeDef) -> Result<&[IdlField]> {
    match &def.ty {
        IdlTypeDefTy::Struct { fields: Some(IdlDefinedFields::Named(fields)) } => Ok(fields),
        IdlTypeDefTy::Struct { fields: None } => Ok(&[]),
        _ => Err(format!("{} is no struct with named fields; lay it out here first", def.name).into()),
    }
}

/// Adds the rows of a struct's fields; gives the struct's size.
fn add_all(idl: &Idl, fields: &[IdlField], prefix: &str, at: &mut Option<usize>, rows: &mut Vec<Row>) -> Result<Size> {
    let mut total = Size::fixed(0);
    for field in fields {
        total = total + add(idl, &field.ty, &format!("{prefix}{}", field.name), &field.docs, at, rows)?;
    }
    Ok(total)
}

/// Adds the row of one field and, if it is a struct, those of its fields; gives its size. What follows a field of variable size has no
/// offset.
fn add(idl: &Idl, ty: &IdlType, path: &str, docs: &[String], at: &mut Option<usize>, rows: &mut Vec<Row>) -> Result<Size> {
    let place = rows.len();
    let row = Row { path: path.to_owned(), offset: *at, size: Size::fixed(0), ty: type_name(ty)?, docs: docs.to_vec() };
    rows.push(row);
    let size = match ty {
        IdlType::Defined { name, .. } => add_all(idl, named(find(idl, name)?)?, &format!("{path}."), at, rows)?,
        IdlType::Option(inner) => {
            *at = None;
            let most = match &**inner {
                IdlType::Defined { name, .. } => add_all(idl, named(find(idl, name)?)?, &format!("{path}."), at, rows)?.most,
                other => Some(fixed(other)?),
            };
            Size { least: 1, most: most.map(|most| 1 + most) }
        }
        IdlType::Bytes => {
            *at = None;
            Size { least: LENGTH, most: None }
        }
        IdlType::Vec(inner) => {
            *at = None;
            if let IdlType::Defined { name, .. } = &**inner {
                add_all(idl, named(find(idl, name)?)?, &format!("{path}[]."), at, rows)?;
            }
            Size { least: LENGTH, most: None }
        }
        other => {
            let size = fixed(other)?;
            *at = at.map(|offset| offset + size);
            Size::fixed(size)
        }
    };
    rows[place].size = size;
    Ok(size)
}

/// The size of a type that is no struct.
fn fixed(ty: &IdlType) -> Result<usize> {
    Ok(match ty {
        IdlType::U8 | IdlType::I8 | IdlType::Bool => 1,
        IdlType::U16 | IdlType::I16 => 2,
        IdlType::U32 | IdlType::I32 => 4,
        IdlType::U64 | IdlType::I64 => 8,
        IdlType::Pubkey => 32,
        IdlType::Array(inner, IdlArrayLen::Value(length)) => fixed(inner)? * length,
        other => return Err(format!("{other:?} has no layout here yet").into()),
    })
}

/// The alignment of a type in memory.
fn alignment(idl: &Idl, ty: &IdlType) -> Result<usize> {
    match ty {
        IdlType::Defined { name, .. } => {
            named(find(idl, name)?)?.iter().try_fold(1, |most, field| Ok(most.max(alignment(idl, &field.ty)?)))
        }
        IdlType::Array(inner, _) | IdlType::Option(inner) => alignment(idl, inner),
        IdlType::Pubkey => Ok(1),
        other => fixed(other),
    }
}

/// A type as the page writes it.
fn type_name(ty: &IdlType) -> Result<String> {
    Ok(match ty {
        IdlType::Pubkey => "Address".to_owned(),
        IdlType::Defined { name, .. } => name.clone(),
        IdlType::Option(inner) => format!("Option<{}>", type_name(inner)?),
        IdlType::Vec(inner) => format!("Vec<{}>", type_name(inner)?),
        IdlType::Array(inner, IdlArrayLen::Value(length)) => format!("[{}; {length}]", type_name(inner)?),
        other => format!("{other:?}").to_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use {super::*, serde_json::json};

    fn idl(types: serde_json::Value) -> Idl {
        let metadata = json!({ "name": "test", "version": "0.1.0", "spec": "0.1.0" });
        serde_json::from_value(json!({ "address": "", "metadata": metadata, "instructions": [], "types": types })).unwrap()
    }

    fn def(name: &str, serialization: &str, fields: serde_json::Value) -> serde_json::Value {
        json!({ "name": name, "serialization": serialization, "type": { "kind": "struct", "fields": fields } })
    }

    #[test]
    fn nested_structs_are_flattened_behind_the_start() {
        let inner = def("Inner", "borsh", json!([{ "name": "a", "type": "u32" }, { "name": "b", "type": { "array": ["u8", 4] } }]));
        let outer =
            def("Outer", "bytemuck", json!([{ "name": "x", "type": "u64" }, { "name": "y", "type": { "defined": { "name": "Inner" } } }]));
        let layout = Layout::of(&idl(json!([inner, outer])), "Outer", 8).unwrap();
        let rows: Vec<_> =
            layout.rows.iter().map(|row| (row.path.as_str(), row.offset.unwrap(), row.size.least, row.ty.as_str())).collect();
        assert_eq!(rows, [("x", 8, 8, "u64"), ("y", 16, 8, "Inner"), ("y.a", 16, 4, "u32"), ("y.b", 20, 4, "[u8; 4]")]);
        assert_eq!(layout.size, Size::fixed(16));
    }

    #[test]
    fn what_follows_an_option_has_no_offset() {
        let fields = json!([{ "name": "a", "type": { "option": "u32" } }, { "name": "b", "type": "u8" }]);
        let layout = Layout::of(&idl(json!([def("Changes", "borsh", fields)])), "Changes", 8).unwrap();
        assert_eq!((layout.rows[0].offset, layout.rows[0].size), (Some(8), Size { least: 1, most: Some(5) }));
        assert_eq!((layout.rows[1].offset, layout.rows[1].size), (None, Size::fixed(1)));
        assert_eq!(layout.size, Size { least: 2, most: Some(6) });
    }

    #[test]
    fn what_follows_bytes_has_no_offset_and_they_are_not_read_in_place() {
        let fields = json!([{ "name": "a", "type": "u8" }, { "name": "b", "type": "bytes" }, { "name": "c", "type": "u16" }]);
        let layout = Layout::of(&idl(json!([def("Data", "borsh", fields.clone())])), "Data", 8).unwrap();
        let rows: Vec<_> = layout.rows.iter().map(|row| (row.offset, row.size, row.ty.as_str())).collect();
        let bytes = Size { least: 4, most: None };
        assert_eq!(rows, [(Some(8), Size::fixed(1), "u8"), (Some(9), bytes, "bytes"), (None, Size::fixed(2), "u16")]);
        assert_eq!(layout.size, Size { least: 7, most: None });
        assert!(Layout::of(&idl(json!([def("Data", "bytemuck", fields)])), "Data", 8).is_err());
    }

    #[test]
    fn elements_of_a_list_stand_behind_its_count() {
        let call = def("Call", "borsh", json!([{ "name": "function", "type": "u8" }, { "name": "data", "type": "bytes" }]));
        let fields: Vec<IdlField> =
            serde_json::from_value(json!([{ "name": "calls", "type": { "vec": { "defined": { "name": "Call" } } } }])).unwrap();
        let layout = Layout::of_fields(&idl(json!([call])), &fields, 8).unwrap();
        let rows: Vec<_> = layout.rows.iter().map(|row| (row.path.as_str(), row.offset, row.ty.as_str())).collect();
        assert_eq!(rows, [("calls", Some(8), "Vec<Call>"), ("calls[].function", None, "u8"), ("calls[].data", None, "bytes")]);
        assert_eq!(layout.size, Size { least: 4, most: None });
    }

    #[test]
    fn padding_and_missing_types_are_errors() {
        let gap = json!([{ "name": "a", "type": "u8" }, { "name": "b", "type": "u16" }]);
        let tail = json!([{ "name": "a", "type": "u16" }, { "name": "b", "type": "u8" }]);
        let unknown = json!([{ "name": "a", "type": { "defined": { "name": "Nowhere" } } }]);
        for fields in [gap, tail, unknown] {
            assert!(Layout::of(&idl(json!([def("Test", "bytemuck", fields)])), "Test", 0).is_err());
        }
    }
}
