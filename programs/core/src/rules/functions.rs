//! Functions: which programs a session can call, and which calls a registered function allows.
//!
//! A session calls programs with its vault's signature. The programs that move value, or give it away, on a signature alone are never
//! called that way: what leaves the vault leaves it by an allowance.

use crate::{Address, error::InvalidField, same};

/// The most bytes that a selector can have: a discriminator of Anchor's.
pub const MAX_SELECTOR: usize = 8;
/// The most calls that are composed in one instruction.
pub const MAX_CALLS: usize = 8;
/// The most accounts that a call can name.
pub const MAX_ACCOUNTS: usize = 64;

/// The programs that are never called with a session, besides this one: those that move lamports or tokens, or that load programs.
pub const FORBIDDEN_PROGRAMS: [Address; 12] = [
    // The system program has the zero address.
    Address::from_str_const("11111111111111111111111111111111"),
    Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
    Address::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"),
    Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"),
    Address::from_str_const("Stake11111111111111111111111111111111111111"),
    Address::from_str_const("Vote111111111111111111111111111111111111111"),
    Address::from_str_const("AddressLookupTab1e1111111111111111111111111"),
    Address::from_str_const("NativeLoader1111111111111111111111111111111"),
    Address::from_str_const("BPFLoader1111111111111111111111111111111111"),
    Address::from_str_const("BPFLoader2111111111111111111111111111111111"),
    Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111"),
    Address::from_str_const("LoaderV411111111111111111111111111111111111"),
];

/// Whether `program` is never called with a session.
pub fn is_forbidden(program: &Address) -> bool {
    same(program, &crate::ID) || FORBIDDEN_PROGRAMS.iter().any(|forbidden| same(program, forbidden))
}

/// What the data of an allowed call must begin with: up to eight bytes, with zeros behind them; none allows any data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// The bytes.
    pub bytes: [u8; MAX_SELECTOR],
    /// How many of them count.
    pub length: u8,
}

impl Selector {
    /// The selector with these bytes; `None` if there are too many.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut selector = Self { bytes: [0; MAX_SELECTOR], length: u8::try_from(bytes.len()).ok()? };
        selector.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(selector)
    }

    /// Checks that what does not count is zero, so that one selector is written in one way.
    ///
    /// # Errors
    /// The field `selector`.
    #[inline(always)]
    pub fn check(&self) -> Result<(), InvalidField> {
        match self.bytes.get(usize::from(self.length)..) {
            Some(rest) if rest.iter().all(|byte| *byte == 0) => Ok(()),
            _ => Err(InvalidField::Selector),
        }
    }

    /// The last seed of a function's address: the length, and the bytes with zeros behind them.
    #[inline(always)]
    pub const fn seed(&self) -> [u8; 9] {
        let [a, b, c, d, e, f, g, h] = self.bytes;
        [self.length, a, b, c, d, e, f, g, h]
    }

    /// Whether `data` begins with the bytes that count.
    #[inline(always)]
    pub fn matches(&self, data: &[u8]) -> bool {
        let length = usize::from(self.length);
        match (self.bytes.get(..length), data.get(..length)) {
            (Some(expected), Some(found)) => expected == found,
            _ => false,
        }
    }
}

/// Which account of an execution a call names, in one byte: the lowest seven bits are its place, the highest whether the call may write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountIndex(pub u8);

impl AccountIndex {
    /// The bit that says that the call may write the account.
    pub const WRITABLE: u8 = 1 << 7;
    /// The place of the vault, which signs.
    pub const VAULT: u8 = 0;
    /// The place of the session.
    pub const SESSION: u8 = 1;
    /// The place of the caller's membership.
    pub const MEMBER: u8 = 2;
    /// The place of the first of the accounts behind those.
    pub const REST: u8 = 3;

    /// The account's place.
    #[inline(always)]
    pub const fn place(self) -> u8 {
        self.0 & !Self::WRITABLE
    }

    /// Whether the call may write the account.
    #[inline(always)]
    pub const fn is_writable(self) -> bool {
        self.0 & Self::WRITABLE != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_value_is_never_called() {
        assert!(FORBIDDEN_PROGRAMS.iter().all(is_forbidden));
        assert!(is_forbidden(&crate::ID));
        assert!(!is_forbidden(&Address::from_str_const("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")));
    }

    #[test]
    fn a_selector_allows_what_begins_with_it() {
        let any = Selector::new(&[]).unwrap();
        assert!(any.matches(&[]) && any.matches(&[1, 2]));
        let two = Selector::new(&[1, 2]).unwrap();
        assert!(two.matches(&[1, 2]) && two.matches(&[1, 2, 3]));
        assert!(!two.matches(&[1]) && !two.matches(&[1, 3]) && !two.matches(&[]));
        // A zero that counts is another selector than a zero that does not.
        let zero = Selector::new(&[0]).unwrap();
        assert!(zero.matches(&[0]) && !zero.matches(&[]) && !zero.matches(&[1]));
        assert_ne!(zero.seed(), any.seed());
        assert_eq!(Selector::new(&[0; 9]), None);
    }

    #[test]
    fn a_selector_is_written_in_one_way() {
        assert!(Selector::new(&[1, 2]).unwrap().check().is_ok());
        assert!(Selector { bytes: [1; 8], length: 8 }.check().is_ok());
        assert_eq!(Selector { bytes: [1, 2, 3, 0, 0, 0, 0, 0], length: 2 }.check(), Err(InvalidField::Selector));
        assert_eq!(Selector { bytes: [0; 8], length: 9 }.check(), Err(InvalidField::Selector));
        assert!(!Selector { bytes: [0; 8], length: 9 }.matches(&[0; 9]));
    }

    #[test]
    fn an_index_is_a_place_and_a_right() {
        let index = AccountIndex(5 | AccountIndex::WRITABLE);
        assert_eq!((index.place(), index.is_writable()), (5, true));
        assert_eq!((AccountIndex(5).place(), AccountIndex(5).is_writable()), (5, false));
    }
}
