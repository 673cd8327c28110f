//! How an IDL is made smaller for the chain, and read again whoever made it smaller.
//!
//! Compressors differ: the same text has other bytes from another one. So texts are compared, never what they were packed into.

use {
    flate2::{
        Compression,
        bufread::{GzDecoder, ZlibDecoder, ZlibEncoder},
    },
    std::{borrow::Cow, io::Read},
};

/// The most bytes that an IDL on the chain is unpacked to.
const MOST_UNPACKED: u64 = 16 << 20;

/// Text, compressed by zlib.
pub fn packed(text: &[u8]) -> Vec<u8> {
    read(ZlibEncoder::new(text, Compression::default())).unwrap_or_default()
}

/// What was packed by the compression of this number; `None` if it was not.
pub fn unpacked(compression: u8, data: &[u8]) -> Option<Cow<'_, [u8]>> {
    match compression {
        0 => Some(Cow::Borrowed(data)),
        1 => read(GzDecoder::new(data)).map(Cow::Owned),
        2 => read(ZlibDecoder::new(data)).map(Cow::Owned),
        _ => None,
    }
}

/// Whether `data` is `text`, compressed by zlib, and nothing is behind it.
pub fn is_packed(data: &[u8], text: &[u8]) -> bool {
    let mut decoder = ZlibDecoder::new(data);
    read(&mut decoder).is_some_and(|unpacked| unpacked == text) && decoder.into_inner().is_empty()
}

/// All that comes, if it is not too much.
fn read(reader: impl Read) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MOST_UNPACKED + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MOST_UNPACKED).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use {super::*, flate2::bufread::GzEncoder};

    const TEXT: &[u8] = b"{\"address\":\"x\",\"instructions\":[],\"accounts\":[],\"events\":[]}";

    fn by(level: u32) -> Vec<u8> {
        read(ZlibEncoder::new(TEXT, Compression::new(level))).unwrap()
    }

    #[test]
    fn a_text_is_the_same_however_it_was_packed() {
        assert_eq!(unpacked(2, &packed(TEXT)).as_deref(), Some(TEXT));
        assert_eq!(unpacked(2, &by(0)).as_deref(), Some(TEXT));
        assert_eq!(unpacked(1, &read(GzEncoder::new(TEXT, Compression::default())).unwrap()).as_deref(), Some(TEXT));
        assert_eq!(unpacked(0, TEXT).as_deref(), Some(TEXT));
        assert_eq!(unpacked(3, TEXT), None);
        assert_eq!((unpacked(1, TEXT), unpacked(2, TEXT)), (None, None));
    }

    #[test]
    fn what_is_cut_off_or_followed_by_something_is_not_packed() {
        for whole in [packed(TEXT), by(0), by(1)] {
            assert!(is_packed(&whole, TEXT) && !is_packed(&whole, b"{}"));
            assert!(!is_packed(&[&whole[..], &[0]].concat(), TEXT));
            for length in 0..whole.len() {
                assert!(!is_packed(&whole[..length], TEXT), "{length}");
            }
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_not_read() {
        let zeros = |length: u64| read_all(ZlibEncoder::new(&vec![0; length as usize][..], Compression::fast()));
        assert!(unpacked(2, &zeros(MOST_UNPACKED)).is_some());
        assert_eq!(unpacked(2, &zeros(MOST_UNPACKED + 1)), None);
    }

    fn read_all(mut reader: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        bytes
    }
}
