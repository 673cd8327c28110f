//! Where transactions go.
//!
//! [`Ledger`] is what the client needs of a chain. [`Embedded`] is a real SVM in this process with the real program file: everything runs
//! with no network, and time moves when it is told to. [`Rpc`] is a cluster, by JSON-RPC and web socket: time moves by itself.

#[cfg(feature = "embedded")]
mod embedded;
mod error;
#[cfg(feature = "rpc")]
mod rpc;
pub mod token;
mod types;

#[cfg(feature = "embedded")]
pub use embedded::{Embedded, START};
#[cfg(feature = "rpc")]
pub use rpc::Rpc;
pub use {
    error::LedgerError,
    types::{Blockhash, Commitment, Entry, Filter, Receipt, Snapshot, Status, Statuses},
};

use {
    sessions_core::state::{Child, DISCRIMINATOR_LEN},
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::{future::Future, mem::offset_of, time::Duration},
    tokio::sync::watch,
};

/// The most bytes that a transaction can have: what fits into one packet of the network.
pub const MAX_TRANSACTION_BYTES: usize = 1_232;

/// The most accounts that can be read at once.
pub const MAX_READ: usize = 100;

/// The most transactions whose status can be asked for at once.
pub const MAX_STATUSES: usize = 256;

/// How many blocks a blockhash can be used for.
pub const BLOCKHASH_BLOCKS: u64 = 150;

/// Checks that no more is asked for at once than a ledger answers.
#[cfg(any(feature = "embedded", feature = "rpc"))]
fn check_count(what: &'static str, asked: usize, most: usize) -> Result<(), LedgerError> {
    if asked > most { Err(LedgerError::TooMany { what, asked, most }) } else { Ok(()) }
}

/// What the client needs of a chain. A handle is cheap to clone; clones are the same ledger.
///
/// A handle reads at one [`Commitment`]. An embedded ledger has no forks: everything is finalized at once.
pub trait Ledger: Clone + Send + Sync + 'static {
    /// The same ledger, read at another commitment.
    fn with_commitment(&self, commitment: Commitment) -> Self;

    /// Sends a signed transaction and waits for what becomes of it. Sent again, it answers what became of it the first time.
    ///
    /// # Errors
    /// A transaction that fails, or that is turned away, is no error here but a [`Receipt`] with a failure; an error means that it is not known
    /// what became of it, or that it was not sent at all.
    fn send(&self, transaction: VersionedTransaction) -> impl Future<Output = Result<Receipt, LedgerError>> + Send;

    /// Runs a transaction without keeping what it does. Its signatures are not looked at, but there must be one for each signer, and its
    /// blockhash is as good as any.
    fn simulate(&self, transaction: VersionedTransaction) -> impl Future<Output = Result<Receipt, LedgerError>> + Send;

    /// Hands a signed transaction over and does not wait for it. It is safe to repeat with the same bytes, which run once at most.
    ///
    /// # Errors
    /// [`LedgerError::Rejected`] if it was turned away at once and has not run. That it was not does not mean that it will.
    fn submit(&self, transaction: &VersionedTransaction) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// What is known of transactions, history included, in the order asked; at most [`MAX_STATUSES`] of them. It is no older than what the
    /// ledger last told of the finalized chain.
    fn statuses(&self, signatures: &[Signature]) -> impl Future<Output = Result<Statuses, LedgerError>> + Send;

    /// What became of a transaction; `None` if it has not run, or not yet at the handle's commitment, or if the ledger no longer keeps it.
    fn receipt(&self, signature: &Signature) -> impl Future<Output = Result<Option<Receipt>, LedgerError>> + Send;

    /// The transactions that name an account, newest first, from behind `before` on, at most `limit` of them.
    fn history(
        &self,
        address: &Address,
        before: Option<Signature>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Entry>, LedgerError>> + Send;

    /// Reads accounts, all at one slot; at most [`MAX_READ`] of them.
    fn read(&self, addresses: &[Address]) -> impl Future<Output = Result<Vec<Snapshot>, LedgerError>> + Send;

    /// The session program's accounts that pass every filter, in the order of their addresses.
    fn accounts(&self, filters: &[Filter]) -> impl Future<Output = Result<Vec<(Address, Account)>, LedgerError>> + Send;

    /// The accounts that belong to the session at an address, in the order of their addresses: what the program owns and what begins as a
    /// [`Child`] of it, of any of its lives, whether the session itself is still there or not.
    fn children(&self, session: &Address) -> impl Future<Output = Result<Vec<(Address, Account)>, LedgerError>> + Send {
        let session = *session;
        async move {
            let offset = DISCRIMINATOR_LEN + offset_of!(Child, session);
            let mut found = self.accounts(&[Filter { offset, bytes: session.to_bytes().to_vec() }]).await?;
            // What is no child may have the session's address in the same place.
            found.retain(|(_, account)| Child::read(&account.data).is_some_and(|child| child.session == session));
            Ok(found)
        }
    }

    /// The accounts of SPL Token and of Token-2022 whose tokens are this address's, in the order of their addresses: [`token::Holding`] reads them.
    fn token_accounts(&self, owner: &Address) -> impl Future<Output = Result<Vec<(Address, Account)>, LedgerError>> + Send;

    /// Follows an account: the receiver holds its present state and is told of every change. It lasts as long as the receiver. (Embedded: of
    /// changes by transactions that name the account themselves, not through a lookup table, of which there are none.)
    fn subscribe(&self, address: Address) -> impl Future<Output = Result<watch::Receiver<Snapshot>, LedgerError>> + Send;

    /// The chain's clock.
    fn clock(&self) -> impl Future<Output = Result<Clock, LedgerError>> + Send;

    /// A recent blockhash to sign with, and for how long it serves; confirmed, whatever the handle's commitment.
    fn blockhash(&self) -> impl Future<Output = Result<Blockhash, LedgerError>> + Send;

    /// The number of blocks up to the newest of this commitment.
    fn block_height(&self, commitment: Commitment) -> impl Future<Output = Result<u64, LedgerError>> + Send;

    /// The newest slot of this commitment.
    fn slot(&self, commitment: Commitment) -> impl Future<Output = Result<u64, LedgerError>> + Send;

    /// The least lamports that an account with so many bytes of data must have.
    fn minimum_balance(&self, bytes: usize) -> impl Future<Output = Result<u64, LedgerError>> + Send;

    /// What transactions that write one of these accounts lately paid for priority, in micro-lamports per compute unit, one number for each
    /// recent slot, in no order. Empty if the ledger has no such market.
    fn priority_fees(&self, writable: &[Address]) -> impl Future<Output = Result<Vec<u64>, LedgerError>> + Send;

    /// Gives lamports out of nothing, where the chain does so: test clusters and ledgers in this process.
    fn airdrop(&self, address: Address, lamports: u64) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// Lets time pass: an embedded ledger moves its clock on at once, a remote one is waited for.
    fn wait(&self, time: Duration) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// Lets the next transaction run in a later slot than the last one.
    fn next_slot(&self) -> impl Future<Output = Result<(), LedgerError>> + Send;
}
