//! What a validator checks of a transaction before it runs.
//!
//! LiteSVM's own checks are off: they know one blockhash only, the newest, and would not let a simulation go unsigned.

use {
    super::super::{BLOCKHASH_BLOCKS, Blockhash},
    crate::transaction::nonce::{self, Nonce},
    solana_account::Account,
    solana_address::Address,
    solana_hash::Hash,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    std::collections::VecDeque,
};

/// The blockhashes that transactions can be signed with, and the slot each was made in. On this ledger each slot is a block.
#[derive(Default)]
pub struct Blockhashes(VecDeque<(Hash, u64)>);

impl Blockhashes {
    /// The blockhash to sign with, which is the newest, made at the latest in slot `now`.
    pub fn newest(&mut self, hash: Hash, now: u64) -> Blockhash {
        let made = match self.0.back() {
            Some((known, made)) if *known == hash => *made,
            _ => {
                self.0.retain(|(_, made)| is_valid(*made, now));
                self.0.push_back((hash, now));
                now
            }
        };
        Blockhash { hash, last_valid_block_height: made.saturating_add(BLOCKHASH_BLOCKS) }
    }

    /// Checks that a transaction is neither too old nor made up: its blockhash is a recent one, or it uses a durable nonce.
    pub fn check(
        &self,
        transaction: &VersionedTransaction,
        now: u64,
        read: impl FnOnce(&Address) -> Option<Account>,
    ) -> Result<(), TransactionError> {
        let hash = transaction.message.recent_blockhash();
        let recent = self.0.iter().any(|(known, made)| known == hash && is_valid(*made, now));
        if recent
            || durable(transaction).is_some_and(|(account, authorities)| {
                let nonce = read(&account).and_then(|account| Nonce::read(&account));
                nonce.is_some_and(|nonce| nonce.hash == *hash && authorities.contains(&nonce.authority))
            })
        {
            Ok(())
        } else {
            Err(TransactionError::BlockhashNotFound)
        }
    }
}

fn is_valid(made: u64, now: u64) -> bool {
    now <= made.saturating_add(BLOCKHASH_BLOCKS)
}

/// The nonce account that a transaction uses, and who signed for that.
fn durable(transaction: &VersionedTransaction) -> Option<(Address, Vec<Address>)> {
    let account = nonce::account_of(transaction)?;
    let message = &transaction.message;
    let signers = message.static_account_keys().get(..usize::from(message.header().num_required_signatures))?;
    let places = &message.instructions().first()?.accounts;
    let signed = places.iter().filter_map(|place| signers.get(usize::from(*place)));
    Some((account, signed.copied().collect()))
}
