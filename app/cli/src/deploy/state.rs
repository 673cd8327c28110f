//! What the upgradeable loader keeps in its accounts.
//!
//! Read by hand: the interface crate reads with a serializer that this crate has no other use for, and it is four small layouts.

use {solana_account::Account, solana_address::Address, solana_loader_v3_interface::state::UpgradeableLoaderState};

/// The upgradeable loader's address.
pub const LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");
/// The bytes before a buffer's content.
pub const BUFFER_HEADER: usize = UpgradeableLoaderState::size_of_buffer_metadata();
/// The bytes before a program's code in its program data.
pub const DATA_HEADER: usize = UpgradeableLoaderState::size_of_programdata_metadata();
/// The bytes of a program's own account.
pub const PROGRAM_BYTES: usize = UpgradeableLoaderState::size_of_program();
/// The most bytes of code that a program can have: what an account holds, without the header.
pub const MAX_PROGRAM: usize = (10 << 20) - DATA_HEADER;

/// An account of the loader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A buffer was here, or will be.
    Uninitialized,
    /// Where code is written before it is deployed.
    Buffer {
        /// Who may write; nobody any more if there is none.
        authority: Option<Address>,
    },
    /// A program.
    Program {
        /// Where its code is.
        data: Address,
    },
    /// A program's code.
    ProgramData {
        /// When it was last deployed, upgraded or extended. It cannot be again in the same slot.
        slot: u64,
        /// Who may upgrade it; nobody ever again if there is none.
        authority: Option<Address>,
    },
}

/// What an account of the loader is; `None` if it is not the loader's, or nothing that the loader writes.
pub fn read(account: &Account) -> Option<State> {
    if account.owner != LOADER {
        return None;
    }
    let (tag, rest) = account.data.split_first_chunk::<4>()?;
    match u32::from_le_bytes(*tag) {
        0 => Some(State::Uninitialized),
        1 => Some(State::Buffer { authority: option(rest)? }),
        2 => Some(State::Program { data: address(rest)? }),
        3 => {
            let (slot, rest) = rest.split_first_chunk::<8>()?;
            Some(State::ProgramData { slot: u64::from_le_bytes(*slot), authority: option(rest)? })
        }
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<Address> {
    bytes.first_chunk::<32>().map(|bytes| Address::new_from_array(*bytes))
}

fn option(bytes: &[u8]) -> Option<Option<Address>> {
    match bytes.split_first()? {
        (0, _) => Some(None),
        (1, rest) => address(rest).map(Some),
        _ => None,
    }
}

/// The code in a program's data, or in a buffer; empty if the account is shorter than its header.
pub fn content(account: &Account, header: usize) -> &[u8] {
    account.data.get(header..).unwrap_or_default()
}

/// Whether `there` is `file` with nothing but zeros behind it, as where a program has room to grow.
pub fn same(there: &[u8], file: &[u8]) -> bool {
    there.strip_prefix(file).is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_loaders_accounts_are_read_and_none_that_is_cut_off() {
        let authority = Address::new_from_array([7; 32]);
        let data = [&3u32.to_le_bytes()[..], &9u64.to_le_bytes(), &[1], authority.as_array()].concat();
        let account = |owner, data: &[u8]| Account { owner, data: data.to_vec(), ..Account::default() };
        assert_eq!(read(&account(LOADER, &data)), Some(State::ProgramData { slot: 9, authority: Some(authority) }));
        assert_eq!(read(&account(authority, &data)), None);
        for length in 0..data.len() {
            assert_eq!(read(&account(LOADER, &data[..length])), None, "{length}");
        }
        assert_eq!(read(&account(LOADER, &[1, 0, 0, 0, 0])), Some(State::Buffer { authority: None }));
        assert_eq!(read(&account(LOADER, &[1, 0, 0, 0, 2])), None);
        assert_eq!(read(&account(LOADER, &[4, 0, 0, 0])), None);
    }

    #[test]
    fn a_program_is_the_same_only_if_nothing_but_room_follows() {
        assert!(same(&[1, 2, 0, 0], &[1, 2]) && same(&[1, 2], &[1, 2]));
        assert!(!same(&[1, 2, 0, 3], &[1, 2]) && !same(&[1], &[1, 2]) && !same(&[1, 3, 0], &[1, 2]));
    }
}
