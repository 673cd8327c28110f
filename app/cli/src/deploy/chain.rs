//! What a deployment needs of a ledger.

use {
    solana_account::Account, solana_address::Address, solana_hash::Hash, solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction, solana_transaction_error::TransactionError, std::future::Future,
};

/// The most signatures that [`Chain::statuses`] is asked about at once.
pub const MAX_STATUSES: usize = 256;

/// What a deployment needs of a ledger, all of it as of a state that counts (confirmed, where there are several).
pub trait Chain {
    /// The accounts at these addresses.
    fn accounts(&self, addresses: &[Address]) -> impl Future<Output = Result<Vec<Option<Account>>, Unreachable>>;

    /// What an account with so many bytes of data has to hold, in lamports.
    fn minimum_balance(&self, bytes: usize) -> impl Future<Output = Result<u64, Unreachable>>;

    /// A blockhash to sign with, and the last block height at which it is valid.
    fn blockhash(&self) -> impl Future<Output = Result<(Hash, u64), Unreachable>>;

    /// The block height.
    fn block_height(&self) -> impl Future<Output = Result<u64, Unreachable>>;

    /// The slot.
    fn slot(&self) -> impl Future<Output = Result<u64, Unreachable>>;

    /// Hands a transaction over and does not wait for what becomes of it; the same one again does no harm.
    ///
    /// # Errors
    /// [`Submit::Refused`] if it was tried out first, as `tried` asks for, and fails.
    fn submit(&self, transaction: &VersionedTransaction, tried: bool) -> impl Future<Output = Result<(), Submit>>;

    /// What became of transactions, at most [`MAX_STATUSES`], in the order of the signatures; `None` of one that did not land.
    fn statuses(&self, signatures: &[Signature]) -> impl Future<Output = Result<Vec<Option<Result<(), TransactionError>>>, Unreachable>>;

    /// Lets a moment pass before the ledger is asked again.
    fn pause(&self) -> impl Future<Output = ()>;
}

/// The ledger cannot be asked, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// Why a transaction was not handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Submit {
    /// It fails, and what the ledger says of it.
    #[error("{0}")]
    Refused(String),
    /// The ledger cannot be reached.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}
