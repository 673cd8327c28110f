//! A ledger that is watched: what it told of each transaction, and what the transaction's accounts then held.
//!
//! Two ledgers on which the same steps were taken have seen the same; what cannot be the same is left out: a signature, for a transaction
//! names a recent blockhash, which is each ledger's own.

use {
    sessions_client::{
        Ledger, LedgerError,
        ledger::{Blockhash, Commitment, Entry, Filter, Receipt, Snapshot, Statuses},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::{
        sync::{Arc, Mutex},
        time::Duration,
    },
    tokio::sync::watch,
};

/// What was seen of one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What a simulation right before said, without the signature, and without the slot and the fee, which it need not know.
    pub simulated: Result<Receipt, LedgerError>,
    /// What became of it, without the signature.
    pub receipt: Result<Receipt, LedgerError>,
    /// The slot, the epoch and the time that the ledger's clock shows.
    pub clock: (u64, u64, i64),
    /// What every account that it names held afterwards. Programs are left out: where their bytes are is their loader's matter.
    pub accounts: Vec<(Address, Option<Account>)>,
}

/// A ledger that is watched. Clones see the same.
#[derive(Clone)]
pub struct Witness<L> {
    ledger: L,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl<L: Ledger> Witness<L> {
    /// Watches `ledger` from now on.
    pub fn new(ledger: L) -> Self {
        Self { ledger, seen: Arc::default() }
    }

    /// What was seen so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    async fn accounts(&self, transaction: &VersionedTransaction) -> Result<Vec<(Address, Option<Account>)>, LedgerError> {
        let addresses = transaction.message.static_account_keys();
        let snapshots = self.ledger.read(addresses).await?;
        let accounts = addresses.iter().copied().zip(snapshots.into_iter().map(|snapshot| snapshot.account));
        Ok(accounts.filter(|(_, account)| account.as_ref().is_none_or(|account| !account.executable)).collect())
    }
}

fn unsigned(receipt: Receipt) -> Receipt {
    Receipt { signature: Default::default(), ..receipt }
}

impl<L: Ledger> Ledger for Witness<L> {
    fn with_commitment(&self, commitment: Commitment) -> Self {
        Self { ledger: self.ledger.with_commitment(commitment), seen: Arc::clone(&self.seen) }
    }

    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        let simulated = self.ledger.simulate(transaction.clone()).await.map(|receipt| Receipt { slot: 0, fee: 0, ..unsigned(receipt) });
        let receipt = self.ledger.send(transaction.clone()).await;
        let clock = self.ledger.clock().await?;
        let accounts = self.accounts(&transaction).await?;
        let clock = (clock.slot, clock.epoch, clock.unix_timestamp);
        self.seen.lock().unwrap().push(Seen { simulated, receipt: receipt.clone().map(unsigned), clock, accounts });
        receipt
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        self.ledger.simulate(transaction).await
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<(), LedgerError> {
        self.ledger.submit(transaction).await
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Statuses, LedgerError> {
        self.ledger.statuses(signatures).await
    }

    async fn receipt(&self, signature: &Signature) -> Result<Option<Receipt>, LedgerError> {
        self.ledger.receipt(signature).await
    }

    async fn history(&self, address: &Address, before: Option<Signature>, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        self.ledger.history(address, before, limit).await
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        self.ledger.read(addresses).await
    }

    async fn accounts(&self, filters: &[Filter]) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.ledger.accounts(filters).await
    }

    async fn token_accounts(&self, owner: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.ledger.token_accounts(owner).await
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        self.ledger.subscribe(address).await
    }

    async fn clock(&self) -> Result<Clock, LedgerError> {
        self.ledger.clock().await
    }

    async fn blockhash(&self) -> Result<Blockhash, LedgerError> {
        self.ledger.blockhash().await
    }

    async fn block_height(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.ledger.block_height(commitment).await
    }

    async fn slot(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.ledger.slot(commitment).await
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, LedgerError> {
        self.ledger.minimum_balance(bytes).await
    }

    async fn priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, LedgerError> {
        self.ledger.priority_fees(writable).await
    }

    async fn airdrop(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        self.ledger.airdrop(address, lamports).await
    }

    async fn wait(&self, time: Duration) -> Result<(), LedgerError> {
        self.ledger.wait(time).await
    }

    async fn next_slot(&self) -> Result<(), LedgerError> {
        self.ledger.next_slot().await
    }
}
