//! Accounts of the token programs, as far as a client of sessions looks into them.
//!
//! SPL Token and Token-2022 keep the same fields in the same places, and Token-2022 has extensions behind them.

use {
    anchor_spl::{token, token_2022},
    solana_account::Account,
    solana_address::Address,
};

/// The token programs: SPL Token and Token-2022.
pub const PROGRAMS: [Address; 2] = [token::ID, token_2022::ID];

/// The bytes of a token account without extensions; with some it is longer, and longer than a multisig's 355, which are none.
const ACCOUNT_BYTES: usize = 165;
/// The bytes of a multisig, which is no token account whatever stands in it.
const MULTISIG_BYTES: usize = 355;
/// The kind of an account with extensions, behind the fields: a token account.
const KIND_ACCOUNT: u8 = 2;

/// What a token account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The mint.
    pub mint: Address,
    /// Whose tokens they are.
    pub owner: Address,
    /// How many, in the smallest parts.
    pub amount: u64,
}

impl Holding {
    /// What an account holds, if it is an initialized token account.
    pub fn read(account: &Account) -> Option<Self> {
        let data = &account.data;
        let is_account = match data.len() {
            ACCOUNT_BYTES => true,
            MULTISIG_BYTES => false,
            _ => data.get(ACCOUNT_BYTES) == Some(&KIND_ACCOUNT),
        };
        // 1 initialized, 2 frozen.
        if !is_account || !PROGRAMS.contains(&account.owner) || !matches!(data.get(108), Some(1 | 2)) {
            return None;
        }
        let address = |from: usize| data.get(from..)?.first_chunk().copied().map(Address::new_from_array);
        let amount = u64::from_le_bytes(*data.get(64..)?.first_chunk()?);
        Some(Self { mint: address(0)?, owner: address(32)?, amount })
    }
}

/// A mint's decimals, if the account is an initialized mint.
pub fn decimals(account: &Account) -> Option<u8> {
    let is_mint = PROGRAMS.contains(&account.owner) && account.data.get(45) == Some(&1);
    if is_mint { account.data.get(44).copied() } else { None }
}
