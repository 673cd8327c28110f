//! The extensions of accounts of Token-2022: behind the account's kind, one behind the other, a number, a length and as many bytes.
//!
//! Walked where they lie. The token program's own library makes a list of them, and a list that grows is nothing for the registry build
//! (`docs/decisions/0002-registry-build.md`); the tests hold the two against each other.

use sessions_core::SessionError;

/// Where extensions begin, in mints and token accounts alike: behind the longest layout without any, a token account's, and the account's kind.
const START: usize = 166;

/// Extensions, in their order.
pub struct Extensions<'a>(&'a [u8]);

impl<'a> Extensions<'a> {
    /// Those of the mint or token account with this data.
    #[inline(always)]
    pub fn of(data: &'a [u8]) -> Self {
        Self(data.get(START..).unwrap_or_default())
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = Result<(u16, &'a [u8]), SessionError>;

    /// The next extension's number and its bytes; InvalidTokenAccount if it does not fit.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        // What stands behind the last is room that was not needed, with zeros for a number, or too short for one.
        let (number, rest) = self.0.split_first_chunk()?;
        let number = u16::from_le_bytes(*number);
        if number == 0 {
            return None;
        }
        let split = rest.split_first_chunk().and_then(|(length, rest)| rest.split_at_checked(u16::from_le_bytes(*length).into()));
        let Some((bytes, rest)) = split else {
            self.0 = &[];
            return Some(Err(SessionError::InvalidTokenAccount));
        };
        self.0 = rest;
        Some(Ok((number, bytes)))
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::tokens::WITHHELD_FEES,
        spl_token_2022_interface::{
            extension::{
                BaseStateWithExtensions, BaseStateWithExtensionsMut, ExtensionType, PodStateWithExtensions, PodStateWithExtensionsMut,
                immutable_owner::ImmutableOwner, memo_transfer::MemoTransfer, transfer_fee::TransferFeeAmount,
            },
            pod::{PodAccount, PodMint},
        },
    };

    /// A token account with a fee kept back and two more extensions, and some room behind them.
    fn account(spare: usize) -> Vec<u8> {
        let types = [ExtensionType::TransferFeeAmount, ExtensionType::ImmutableOwner, ExtensionType::MemoTransfer];
        let mut data = vec![0; ExtensionType::try_calculate_account_len::<PodAccount>(&types).unwrap() + spare];
        let mut account = PodStateWithExtensionsMut::<PodAccount>::unpack_uninitialized(&mut data).unwrap();
        account.init_extension::<TransferFeeAmount>(true).unwrap().withheld_amount = 77.into();
        account.init_extension::<ImmutableOwner>(true).unwrap();
        account.init_extension::<MemoTransfer>(true).unwrap();
        account.base.state = 1;
        account.init_account_type().unwrap();
        data
    }

    #[test]
    fn extensions_are_those_that_the_token_programs_library_finds() {
        // One byte is no number, two are the number zero, and more are more of it.
        for spare in [0, 1, 2, 3, 4, 9] {
            let data = account(spare);
            let known = PodStateWithExtensions::<PodAccount>::unpack(&data).unwrap().get_extension_types().unwrap();
            let found: Vec<u16> = Extensions::of(&data).map(|extension| extension.unwrap().0).collect();
            assert_eq!(found, known.into_iter().map(u16::from).collect::<Vec<_>>(), "{spare}");
            let (_, fee) = Extensions::of(&data).next().unwrap().unwrap();
            assert_eq!(fee, 77_u64.to_le_bytes());
            assert_eq!(found[0], WITHHELD_FEES);
        }
    }

    #[test]
    fn what_is_cut_off_is_refused_as_the_token_programs_library_does() {
        let whole = account(0);
        for length in START..whole.len() {
            let data = &whole[..length];
            let known = PodStateWithExtensions::<PodAccount>::unpack(data).and_then(|account| account.get_extension_types());
            assert_eq!(Extensions::of(data).all(|extension| extension.is_ok()), known.is_ok(), "{length}");
        }
    }

    #[test]
    fn an_account_without_room_for_them_has_none() {
        for length in [0, 82, 165, START] {
            assert_eq!(Extensions::of(&vec![1; length]).count(), 0);
        }
        assert_eq!(size_of::<PodAccount>() + 1, START);
        assert!(size_of::<PodMint>() < START);
    }
}
