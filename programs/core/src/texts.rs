//! Texts by number.
//!
//! A `match` that gives texts becomes a branch for each on SBF, and a table of them two addresses for each, which the loader has to
//! relocate. A program has them in a fraction of that: one behind the other, and two bytes for each that say where it ends.

/// Texts that are one string, and where each of them ends.
pub struct Texts<const N: usize> {
    all: &'static str,
    ends: [u16; N],
}

impl<const N: usize> Texts<N> {
    /// The texts of these lengths that `all` is made of.
    ///
    /// # Panics
    /// When the program is compiled, if they do not make up `all`, or are too long together.
    #[expect(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "it is called where constants are made")]
    pub const fn new(all: &'static str, lengths: [usize; N]) -> Self {
        let (mut ends, mut end, mut place) = ([0; N], 0, 0);
        while place < N {
            end += lengths[place];
            assert!(end <= u16::MAX as usize, "two bytes say where a text ends");
            ends[place] = end as u16;
            place += 1;
        }
        assert!(end == all.len(), "the texts make up the string");
        Self { all, ends }
    }

    /// The text at this place; an empty one if there is none.
    #[inline(always)]
    pub fn get(&self, place: usize) -> &'static str {
        let start = place.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        let (Some(start), Some(end)) = (start, self.ends.get(place)) else { return "" };
        self.all.get(usize::from(*start)..usize::from(*end)).unwrap_or_default()
    }
}
