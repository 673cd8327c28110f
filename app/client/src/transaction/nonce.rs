//! Durable nonces: transactions that wait as long as it takes.
//!
//! A transaction whose first instruction advances a nonce account, and whose blockhash is what that account holds, does not expire: it can run
//! until the nonce moves, and running moves it, whether the transaction succeeds or fails.

use {
    solana_account::Account,
    solana_address::Address,
    solana_hash::Hash,
    solana_nonce::{state::State, versions::Versions},
    solana_system_interface::program as system_program,
    solana_transaction::versioned::VersionedTransaction,
    std::collections::HashSet,
};

/// What a nonce account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce {
    /// Who may advance it.
    pub authority: Address,
    /// What takes the place of the blockhash in the next transaction that uses it.
    pub hash: Hash,
}

impl Nonce {
    /// The nonce in an account; `None` if the account is not an initialized nonce account of the present kind.
    pub fn read(account: &Account) -> Option<Self> {
        if account.owner != system_program::ID {
            return None;
        }
        match account.deserialize_data().ok()? {
            Versions::Current(state) => match *state {
                State::Initialized(data) => Some(Self { authority: data.authority, hash: data.blockhash() }),
                State::Uninitialized => None,
            },
            Versions::Legacy(_) => None,
        }
    }

    /// Moves the nonce in an account on to what `blockhash` makes of it; `None` if there is none.
    #[cfg(feature = "embedded")]
    pub(crate) fn advance(account: &mut Account, blockhash: &Hash) -> Option<()> {
        use solana_nonce::state::{Data, DurableNonce};
        let nonce = Self::read(account)?;
        let Versions::Current(state) = account.deserialize_data().ok()? else { return None };
        let State::Initialized(data) = *state else { return None };
        let next = Data::new(nonce.authority, DurableNonce::from_blockhash(blockhash), data.get_lamports_per_signature());
        account.serialize_data(&Versions::new(State::Initialized(next))).ok()
    }
}

/// The nonce account that a transaction begins with advancing; `None` if it depends on a blockhash.
pub fn account_of(transaction: &VersionedTransaction) -> Option<Address> {
    /// The system program's number of `AdvanceNonceAccount`.
    const ADVANCE: [u8; 4] = 4_u32.to_le_bytes();
    let message = &transaction.message;
    let keys = message.static_account_keys();
    let first = message.instructions().first()?;
    let place = usize::from(*first.accounts.first()?);
    let advances = keys.get(usize::from(first.program_id_index)) == Some(&system_program::ID) && first.data.starts_with(&ADVANCE);
    if advances && message.is_maybe_writable_with_reserved_addresses(place, None::<&HashSet<Address>>) {
        keys.get(place).copied()
    } else {
        None
    }
}
