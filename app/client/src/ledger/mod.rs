//! Where transactions go.
//!
//! [`Ledger`] is what the client needs of a chain. [`Embedded`] is a real SVM in this process with the real program file: everything runs
//! with no network, and time moves when it is told to.

mod embedded;

pub use embedded::{Embedded, START};

use {
    crate::failure::Failure,
    sessions_core::events::AnyEvent,
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::{future::Future, time::Duration},
    tokio::sync::watch,
};

/// The most bytes that a transaction can have: what fits into one packet of the network.
pub const MAX_TRANSACTION_BYTES: usize = 1_232;

/// What the client needs of a chain. A handle is cheap to clone; clones are the same ledger.
pub trait Ledger: Clone + Send + Sync + 'static {
    /// Sends a signed transaction and waits for what becomes of it.
    ///
    /// # Errors
    /// A transaction that fails is no error here but a [`Receipt`] with a failure; an error means that it did not get to run.
    fn send(&self, transaction: VersionedTransaction) -> impl Future<Output = Result<Receipt, LedgerError>> + Send;

    /// Runs a signed transaction without keeping what it does.
    fn simulate(&self, transaction: VersionedTransaction) -> impl Future<Output = Result<Receipt, LedgerError>> + Send;

    /// Reads accounts, all at one slot.
    fn read(&self, addresses: &[Address]) -> impl Future<Output = Result<Vec<Snapshot>, LedgerError>> + Send;

    /// The accounts that belong to the session at an address, in the order of their addresses: what the program owns and what begins as a
    /// [`Child`](sessions_core::state::Child) of it, of any of its lives, whether the session itself is still there or not.
    fn children(&self, session: &Address) -> impl Future<Output = Result<Vec<(Address, Account)>, LedgerError>> + Send;

    /// Follows an account: the receiver holds its present state and is told of every change. It lasts as long as the receiver. (Embedded: of
    /// changes by transactions that name the account themselves, not through a lookup table, of which there are none.)
    fn subscribe(&self, address: Address) -> impl Future<Output = Result<watch::Receiver<Snapshot>, LedgerError>> + Send;

    /// The chain's clock.
    fn clock(&self) -> impl Future<Output = Result<Clock, LedgerError>> + Send;

    /// A recent blockhash to sign with.
    fn blockhash(&self) -> impl Future<Output = Result<Hash, LedgerError>> + Send;

    /// Lets time pass: an embedded ledger moves its clock on at once, a remote one is waited for.
    fn wait(&self, time: Duration) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// Lets the next transaction run in a later slot than the last one.
    fn next_slot(&self) -> impl Future<Output = Result<(), LedgerError>> + Send;
}

/// An account as it was at a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The slot.
    pub slot: u64,
    /// The account; `None` if there was none.
    pub account: Option<Account>,
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// Its first signature, which names it.
    pub signature: Signature,
    /// The slot it ran in.
    pub slot: u64,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// The compute units it took.
    pub compute_units: u64,
    /// The fee it cost, in lamports.
    pub fee: u64,
    /// Its log.
    pub logs: Vec<String>,
    /// The session program's events in its log. A transaction that failed has none: what it logged did not happen.
    pub events: Vec<AnyEvent>,
    /// What the session program answered by return data; empty if the last program that answered was another, or none did.
    pub returned: Vec<u8>,
}

/// Why a ledger could not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The transaction does not fit into a packet.
    #[error("the transaction has {0} bytes and {MAX_TRANSACTION_BYTES} is the most; send less data, or fewer instructions in one")]
    TransactionTooLarge(usize),
    /// The transaction could not be serialized.
    #[error("the transaction is malformed: {0}")]
    Malformed(String),
    /// The program file is not one that the SVM can load.
    #[error("the program file cannot be loaded ({0}); build it again with `make program`")]
    Program(String),
    /// The ledger's lock was poisoned by a panic in another thread.
    #[error("the embedded ledger was left in an unknown state by a panic; start it again")]
    Poisoned,
}
