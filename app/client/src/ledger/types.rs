//! What a ledger is asked with, and what it answers.

use {
    crate::failure::Failure, sessions_core::events::AnyEvent, solana_account::Account, solana_hash::Hash, solana_signature::Signature,
    solana_transaction_error::TransactionError,
};
#[cfg(any(feature = "embedded", feature = "rpc"))]
use {
    crate::{address::PROGRAM, event},
    solana_address::Address,
};

/// How sure it is that something will stay so. Ordered from the least to the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Commitment {
    /// In a block that one node has; it may still disappear.
    Processed,
    /// In a block that two thirds of the stake have voted for.
    #[default]
    Confirmed,
    /// In a block that can no longer disappear.
    Finalized,
}

/// A recent blockhash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blockhash {
    /// The hash, to sign with.
    pub hash: Hash,
    /// The last block height at which a transaction signed with it can run.
    pub last_valid_block_height: u64,
}

/// How far a transaction has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The slot it ran in.
    pub slot: u64,
    /// How sure it is.
    pub commitment: Commitment,
    /// Why it failed, if it did.
    pub failure: Option<TransactionError>,
}

/// How far transactions have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statuses {
    /// As of which slot.
    pub slot: u64,
    /// Of each, in the order asked; `None`: not known at that slot.
    pub of: Vec<Option<Status>>,
}

/// A transaction in an account's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub signature: Signature,
    /// The slot it ran in.
    pub slot: u64,
    /// When, in seconds since 1970, if the ledger knows.
    pub time: Option<i64>,
    /// Whether it failed.
    pub failed: bool,
}

/// What an account's data must have to be found: these bytes at this offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The offset from the beginning of the data.
    pub offset: usize,
    /// The bytes, at most 128.
    pub bytes: Vec<u8>,
}

impl Filter {
    /// Whether `data` has the bytes there.
    pub fn passes(&self, data: &[u8]) -> bool {
        data.get(self.offset..).is_some_and(|rest| rest.starts_with(&self.bytes))
    }
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

/// What a ledger tells of a transaction that ran, before it is read.
#[cfg(any(feature = "embedded", feature = "rpc"))]
pub(crate) struct Outcome {
    pub signature: Signature,
    pub slot: u64,
    pub error: Option<TransactionError>,
    pub compute_units: u64,
    pub fee: u64,
    pub logs: Vec<String>,
    /// The last program that answered, and what.
    pub returned: Option<(Address, Vec<u8>)>,
}

#[cfg(any(feature = "embedded", feature = "rpc"))]
impl Outcome {
    /// The receipt, of a transaction whose instructions went to `programs`.
    pub fn receipt(self, programs: &[Address]) -> Receipt {
        let failure = self.error.map(|error| Failure::new(error, programs, &self.logs));
        let events = if failure.is_none() { event::from_logs(self.logs.iter().map(String::as_str)) } else { Vec::new() };
        let returned = match self.returned {
            Some((PROGRAM, data)) if failure.is_none() => data,
            _ => Vec::new(),
        };
        let Self { signature, slot, compute_units, fee, logs, .. } = self;
        Receipt { signature, slot, failure, compute_units, fee, logs, events, returned }
    }
}
