//! Looks through a built module: what it asks of whoever loads it, and what is in it that nobody runs.
//!
//! A module is to work with nothing but its own memory, so one that imports something is not let through. Sections that are called *custom* are
//! for tools, debuggers and generators of bindings; a module does the same without them.

/// What every module begins with: its mark and the version.
const BEGIN: &[u8] = b"\0asm\x01\0\0\0";
/// The kind of a custom section.
const CUSTOM: u8 = 0;
/// The kind of the section of imports.
const IMPORT: u8 = 2;

/// The module without its custom sections; `None` if the bytes are no module.
pub fn plain(module: &[u8]) -> Option<Vec<u8>> {
    let mut plain = BEGIN.to_vec();
    for section in sections(module)? {
        if section.kind != CUSTOM {
            plain.extend(section.whole);
        }
    }
    Some(plain)
}

/// How many things the module imports; `None` if the bytes are no module.
pub fn imports(module: &[u8]) -> Option<u32> {
    let sections = sections(module)?;
    let found = sections.iter().find(|section| section.kind == IMPORT);
    found.map_or(Some(0), |section| number(section.content).map(|(count, _)| count))
}

struct Section<'a> {
    kind: u8,
    /// With its kind and length.
    whole: &'a [u8],
    content: &'a [u8],
}

fn sections(module: &[u8]) -> Option<Vec<Section<'_>>> {
    let mut rest = module.strip_prefix(BEGIN)?;
    let mut sections = Vec::new();
    while let Some((kind, behind)) = rest.split_first() {
        let (length, behind) = number(behind)?;
        let (content, next) = behind.split_at_checked(usize::try_from(length).ok()?)?;
        let whole = rest.get(..rest.len().checked_sub(next.len())?)?;
        sections.push(Section { kind: *kind, whole, content });
        rest = next;
    }
    Some(sections)
}

/// A number in the format's own encoding, seven bits a byte, and what is behind it.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut number = 0_u32;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        number |= u32::from(byte & 0x7f).checked_shl(7 * u32::try_from(place).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(place + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[&[u8]]) -> Vec<u8> {
        [BEGIN, &sections.concat()].concat()
    }

    const TYPES: &[u8] = &[1, 2, 1, 0];
    const NOTE: &[u8] = &[0, 3, 1, b'a', 7];
    const TWO_IMPORTS: &[u8] = &[2, 1, 2];

    #[test]
    fn sections_that_nobody_runs_are_left_out() {
        assert_eq!(plain(&module(&[NOTE, TYPES, NOTE])).unwrap(), module(&[TYPES]));
        assert_eq!(plain(&module(&[])).unwrap(), module(&[]));
        let long = [&[0, 0x80 | 72, 1][..], &[7; 200]].concat();
        assert_eq!(plain(&module(&[&long, TYPES])).unwrap(), module(&[TYPES]));
    }

    #[test]
    fn imports_are_counted() {
        assert_eq!(imports(&module(&[TYPES])), Some(0));
        assert_eq!(imports(&module(&[TYPES, TWO_IMPORTS])), Some(2));
    }

    #[test]
    fn what_is_no_module_is_none() {
        let whole = module(&[TYPES, TWO_IMPORTS]);
        for cut in [0, 4, 7, 9, 11, whole.len() - 1] {
            assert_eq!(plain(&whole[..cut]), None, "{cut}");
        }
        assert_eq!(plain(&module(&[&[1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]])), None);
        assert_eq!(imports(&module(&[&[2, 0]])), None);
    }
}
