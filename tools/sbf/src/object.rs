//! Looks through a built program for what the compiler lets pass and the virtual machine does not.
//!
//! A call passes five arguments in registers. For a sixth, the compiler stores to the frame above the caller's own, which on SBPF v0 is a gap
//! between frames: the program loads, and fails where such a call is made. So no program with such a store is let through; the function
//! that is called has to be inlined, or to take fewer arguments. Large results and slices take two.

/// Bytes of an instruction.
const INSTRUCTION: usize = 8;
/// The opcode of the one instruction that takes two places.
const LOAD_IMMEDIATE: u8 = 0x18;
/// The register that holds the top of the frame.
const FRAME: u8 = 10;

/// How many stores above its own frame the program makes; `None` if the bytes are no program.
pub fn stores_above_the_frame(program: &[u8]) -> Option<usize> {
    let text = section(program, b".text")?;
    let mut found = 0;
    let mut second_half = false;
    for instruction in text.chunks_exact(INSTRUCTION) {
        let (opcode, destination) = (*instruction.first()?, instruction.get(1)? & 0x0f);
        let offset = i16::from_le_bytes(instruction.get(2..4)?.try_into().ok()?);
        let is_store = matches!(opcode & 0x07, 0x02 | 0x03);
        found += usize::from(!second_half && is_store && destination == FRAME && offset > 0);
        second_half = opcode == LOAD_IMMEDIATE && !second_half;
    }
    Some(found)
}

/// The section of a 64-bit little-endian ELF file with this name.
fn section<'a>(file: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    const HEADER: usize = 64;
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let mut wide = [0; 8];
        wide.get_mut(..bytes)?.copy_from_slice(file.get(at..at.checked_add(bytes)?)?);
        usize::try_from(u64::from_le_bytes(wide)).ok()
    };
    file.strip_prefix(b"\x7fELF")?;
    let (headers, count, names) = (number(0x28, 8)?, number(0x3c, 2)?, number(0x3e, 2)?);
    let header = |index: usize| headers.checked_add(index.checked_mul(HEADER)?);
    let bounds = |index: usize| {
        let at = header(index)?;
        let start = number(at.checked_add(0x18)?, 8)?;
        file.get(start..start.checked_add(number(at.checked_add(0x20)?, 8)?)?)
    };
    let names = bounds(names)?;
    let is_named = |index: usize| {
        let called = names.get(number(header(index)?, 4)?..)?;
        Some(called.starts_with(name) && called.get(name.len()) == Some(&0))
    };
    (0..count).find(|index| is_named(*index) == Some(true)).and_then(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF file with nothing but a `.text` of these instructions.
    fn program(text: &[[u8; 8]]) -> Vec<u8> {
        let names = b"\0.text\0.names\0";
        let text = text.concat();
        let (text_at, names_at) = (64, 64 + text.len());
        let headers_at = names_at + names.len();
        let mut file = vec![0; 64];
        file[..4].copy_from_slice(b"\x7fELF");
        file[0x28..0x30].copy_from_slice(&(headers_at as u64).to_le_bytes());
        file[0x3c..0x3e].copy_from_slice(&3_u16.to_le_bytes());
        file[0x3e..0x40].copy_from_slice(&2_u16.to_le_bytes());
        file.extend(&text);
        file.extend(names);
        for (name, at, len) in [(0_u32, 0, 0), (1, text_at, text.len()), (7, names_at, names.len())] {
            let mut header = [0; 64];
            header[..4].copy_from_slice(&name.to_le_bytes());
            header[0x18..0x20].copy_from_slice(&(at as u64).to_le_bytes());
            header[0x20..0x28].copy_from_slice(&(len as u64).to_le_bytes());
            file.extend(header);
        }
        file
    }

    #[test]
    fn a_store_above_the_frame_is_found() {
        let within = [0x7b, 0x1a, 0xf8, 0xff, 0, 0, 0, 0];
        let above = [0x7b, 0x9a, 0x08, 0x00, 0, 0, 0, 0];
        assert_eq!(stores_above_the_frame(&program(&[within, within])), Some(0));
        assert_eq!(stores_above_the_frame(&program(&[within, above, above])), Some(2));
    }

    #[test]
    fn the_second_half_of_a_wide_load_is_no_instruction() {
        let load = [0x18, 0x01, 0, 0, 0, 0, 0, 0];
        let half = [0x7b, 0x9a, 0x08, 0x00, 0, 0, 0, 0];
        assert_eq!(stores_above_the_frame(&program(&[load, half])), Some(0));
        assert_eq!(stores_above_the_frame(&program(&[load, load, half])), Some(1));
    }

    #[test]
    fn a_load_from_above_or_through_another_register_is_none() {
        let load = [0x79, 0xa1, 0x08, 0x00, 0, 0, 0, 0];
        let through_another = [0x7b, 0x19, 0x08, 0x00, 0, 0, 0, 0];
        assert_eq!(stores_above_the_frame(&program(&[load, through_another])), Some(0));
    }

    #[test]
    fn what_is_no_program_is_none() {
        assert_eq!(stores_above_the_frame(b""), None);
        assert_eq!(stores_above_the_frame(b"\x7fELF"), None);
        assert_eq!(stores_above_the_frame(&program(&[])[..80]), None);
    }
}
