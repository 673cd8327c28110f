//! Outflow: what a call took out of a session's vault, and how it must leave the vault.
//!
//! A function runs with the vault's signature, so it could do with the vault whatever a wallet could. What the vault holds is therefore
//! looked at before and after each call. What is missing afterwards is charged to the caller's allowance, for each mint and never offset by what
//! another account, or another call, gained; what would let somebody take something later is refused.
//!
//! Wrapped SOL leaves by `spend` alone: a token account of the native mint has its tokens as lamports, and a call must leave it no fewer.

use crate::{Address, NOBODY, error::Violation, same};

/// What the vault itself is before or after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultAccount {
    /// Its lamports.
    pub lamports: u64,
    /// Whether it is the system program's and without data.
    pub is_plain: bool,
}

impl VaultAccount {
    /// How many lamports the call took out of the vault that is now `after`.
    ///
    /// # Errors
    /// VaultChanged.
    #[inline(always)]
    pub const fn lost(&self, after: &Self) -> Result<u64, Violation> {
        if after.is_plain { Ok(self.lamports.saturating_sub(after.lamports)) } else { Err(Violation::VaultChanged) }
    }
}

/// What a token account of the vault's is before or after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHolding {
    /// The token program that owns it.
    pub program: Address,
    /// The mint.
    pub mint: Address,
    /// How much it holds, in the mint's smallest parts.
    pub amount: u64,
    /// Its lamports.
    pub lamports: u64,
    /// The length of its data: an account that gains an extension grows.
    pub length: u64,
    /// Whether someone besides the vault could take something: as a delegate or by closing the account.
    pub is_shared: bool,
    /// Whether it has an extension that its mint does not ask for.
    pub is_extended: bool,
}

impl TokenHolding {
    /// What the account holds after a call, and how much that took out of it; `after` is `None` if it is none of the vault's any more.
    ///
    /// # Errors
    /// TokenAccountChanged.
    #[inline(always)]
    pub fn lost(&self, after: Option<Self>) -> Result<(Self, u64), Violation> {
        match after {
            Some(after)
                if same(&after.program, &self.program)
                    && same(&after.mint, &self.mint)
                    && after.lamports >= self.lamports
                    && after.length == self.length
                    && !after.is_shared =>
            {
                Ok((after, self.amount.saturating_sub(after.amount)))
            }
            _ => Err(Violation::TokenAccountChanged),
        }
    }

    /// Checks a token account that became the vault's in the call.
    ///
    /// # Errors
    /// TokenAccountUnsafe.
    #[inline(always)]
    pub const fn check_new(&self) -> Result<(), Violation> {
        if self.is_shared || self.is_extended { Err(Violation::TokenAccountUnsafe) } else { Ok(()) }
    }
}

/// What stands for SOL where a mint is named.
pub const SOL: Address = NOBODY;

/// The extensions of a Token-2022 mint that take no value from an account that holds it, by their numbers in the token program: fees on
/// transfers (which are charged), the mint's closing (which needs a supply of zero), the state of new accounts, interest and scale (which are
/// shown and not paid), pointers and metadata, groups, and pausing.
///
/// Everything else is refused at deposit, also what is not known yet: a permanent delegate takes what it likes, a hook runs another's program,
/// confidential amounts leave unseen.
const HARMLESS_EXTENSIONS: [u16; 12] = [1, 3, 6, 10, 18, 19, 20, 21, 22, 23, 25, 26];

/// Whether a mint with the extension of this number can be deposited.
pub fn is_harmless(extension: u16) -> bool {
    HARMLESS_EXTENSIONS.contains(&extension)
}

/// The extensions that an account of a harmless mint is made with: withheld fees, an owner that cannot change, and the mark of a mint that can be
/// paused.
const REQUIRED_EXTENSIONS: [u16; 3] = [2, 7, 27];

/// Whether the extension of this number belongs on an account of the vault's.
pub fn is_required(extension: u16) -> bool {
    REQUIRED_EXTENSIONS.contains(&extension)
}

/// Whether a vault with so many lamports can stay: it has nothing, or enough for an empty account.
#[inline(always)]
pub const fn is_rent_safe(lamports: u64, minimum: u64) -> bool {
    lamports == 0 || lamports >= minimum
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLDING: TokenHolding = TokenHolding {
        program: Address::new_from_array([1; 32]),
        mint: Address::new_from_array([2; 32]),
        amount: 100,
        lamports: 50,
        length: 165,
        is_shared: false,
        is_extended: false,
    };

    #[test]
    fn what_is_missing_is_lost_and_what_is_gained_is_not_offset() {
        for (after, lost) in
            [(HOLDING, 0), (TokenHolding { amount: 40, ..HOLDING }, 60), (TokenHolding { amount: 900, lamports: 60, ..HOLDING }, 0)]
        {
            assert_eq!(HOLDING.lost(Some(after)), Ok((after, lost)));
        }
    }

    #[test]
    fn a_token_account_stays_what_it_is() {
        let other = Address::new_from_array([9; 32]);
        let changed = [
            TokenHolding { program: other, ..HOLDING },
            TokenHolding { mint: other, ..HOLDING },
            TokenHolding { lamports: 49, ..HOLDING },
            TokenHolding { length: 170, ..HOLDING },
            TokenHolding { is_shared: true, ..HOLDING },
        ];
        for after in changed {
            assert_eq!(HOLDING.lost(Some(after)), Err(Violation::TokenAccountChanged), "{after:?}");
        }
        assert_eq!(HOLDING.lost(None), Err(Violation::TokenAccountChanged));
    }

    #[test]
    fn a_new_token_account_is_the_vaults_alone() {
        assert_eq!(HOLDING.check_new(), Ok(()));
        assert_eq!(TokenHolding { is_shared: true, ..HOLDING }.check_new(), Err(Violation::TokenAccountUnsafe));
        assert_eq!(TokenHolding { is_extended: true, ..HOLDING }.check_new(), Err(Violation::TokenAccountUnsafe));
    }

    #[test]
    fn the_vault_stays_a_plain_account() {
        let vault = VaultAccount { lamports: 10, is_plain: true };
        assert_eq!(vault.lost(&VaultAccount { lamports: 4, ..vault }), Ok(6));
        assert_eq!(vault.lost(&VaultAccount { lamports: 40, ..vault }), Ok(0));
        assert_eq!(vault.lost(&VaultAccount { is_plain: false, ..vault }), Err(Violation::VaultChanged));
    }

    #[test]
    fn a_vault_keeps_nothing_or_its_rent() {
        assert!(is_rent_safe(0, 100) && is_rent_safe(100, 100) && is_rent_safe(101, 100));
        assert!(!is_rent_safe(1, 100) && !is_rent_safe(99, 100));
    }

    #[test]
    fn extensions_that_take_value_are_not_harmless() {
        // Confidential transfers, what cannot be transferred, a permanent delegate, a hook, confidential fees, confidential supply, and one
        // that nobody knows.
        for extension in [4, 9, 12, 14, 16, 24, 999] {
            assert!(!is_harmless(extension), "{extension}");
        }
        // A guard against calls would lock the vault out; a memo would be asked for.
        for extension in [8, 11, 5, 17] {
            assert!(!is_required(extension), "{extension}");
        }
    }
}
