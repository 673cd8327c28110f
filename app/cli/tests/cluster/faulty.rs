//! A ledger that fails when it is told to, loses what it is handed, or is crowded.

use {
    sessions_client::{
        Embedded, Ledger, LedgerError,
        ledger::{Blockhash, Commitment, Entry, Filter, Receipt, Snapshot, Statuses},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::{
        collections::BTreeMap,
        sync::{Arc, Mutex},
        time::Duration,
    },
    tokio::sync::watch,
};

/// Which of its calls fail: by their name, and how many of that name there were before.
type Fails = dyn Fn(&str, usize) -> bool + Send + Sync;

/// The embedded ledger with faults. Of changes of accounts it tells nothing, like a web socket that never answers.
#[derive(Clone)]
pub struct Faulty {
    inner: Embedded,
    fails: Arc<Fails>,
    calls: Arc<Mutex<BTreeMap<String, usize>>>,
    silent: Arc<Mutex<Vec<watch::Sender<Snapshot>>>>,
    loses: usize,
    /// How many slots pass when one is lost.
    slots: u64,
    fees: Vec<u64>,
    handed: Arc<Mutex<Vec<Signature>>>,
}

impl Faulty {
    pub fn new(inner: &Embedded, fails: impl Fn(&str, usize) -> bool + Send + Sync + 'static) -> Self {
        Self {
            inner: inner.clone(),
            fails: Arc::new(fails),
            calls: Arc::default(),
            silent: Arc::default(),
            loses: 0,
            slots: 0,
            fees: Vec::new(),
            handed: Arc::default(),
        }
    }

    /// The first so many transactions that it is handed are lost, and with each so many slots pass.
    pub fn losing(inner: &Embedded, loses: usize, slots: u64) -> Self {
        Self { loses, slots, ..Self::new(inner, |_, _| false) }
    }

    /// One on which others lately paid these fees for priority.
    pub fn crowded(inner: &Embedded, fees: &[u64]) -> Self {
        Self { fees: fees.to_vec(), ..Self::new(inner, |_, _| false) }
    }

    /// What it was handed, in order.
    pub fn handed(&self) -> Vec<Signature> {
        self.handed.lock().unwrap().clone()
    }

    fn call(&self, name: &str) -> Result<(), LedgerError> {
        let mut calls = self.calls.lock().unwrap();
        let before = calls.entry(name.to_owned()).or_default();
        *before += 1;
        match (self.fails)(name, *before - 1) {
            false => Ok(()),
            // What is too much for a node now is handed over again.
            true if name == "submit" => Err(LedgerError::Refused { url: "http://node".into(), reason: "no".into() }),
            true => Err(LedgerError::RateLimited { url: "http://node".into() }),
        }
    }
}

impl Ledger for Faulty {
    fn with_commitment(&self, commitment: Commitment) -> Self {
        Self { inner: self.inner.with_commitment(commitment), ..self.clone() }
    }

    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        self.call("send")?;
        self.inner.send(transaction).await
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        assert!(
            transaction.signatures.iter().all(|signature| *signature == Signature::default()),
            "nothing that could be sent is handed over"
        );
        self.call("simulate")?;
        self.inner.simulate(transaction).await
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<(), LedgerError> {
        self.call("submit")?;
        let handed = {
            let mut handed = self.handed.lock().unwrap();
            handed.push(transaction.signatures[0]);
            handed.len()
        };
        if handed > self.loses {
            return self.inner.submit(transaction).await;
        }
        for _ in 0..self.slots {
            self.inner.next_slot().await?;
        }
        Ok(())
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Statuses, LedgerError> {
        self.call("statuses")?;
        self.inner.statuses(signatures).await
    }

    async fn receipt(&self, signature: &Signature) -> Result<Option<Receipt>, LedgerError> {
        self.call("receipt")?;
        self.inner.receipt(signature).await
    }

    async fn history(&self, address: &Address, before: Option<Signature>, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        self.call("history")?;
        self.inner.history(address, before, limit).await
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        self.call("read")?;
        self.inner.read(addresses).await
    }

    async fn accounts(&self, filters: &[Filter]) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.call("accounts")?;
        self.inner.accounts(filters).await
    }

    async fn token_accounts(&self, owner: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.inner.token_accounts(owner).await
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        let (sender, receiver) = watch::channel(self.inner.subscribe(address).await?.borrow().clone());
        self.silent.lock().unwrap().push(sender);
        Ok(receiver)
    }

    async fn clock(&self) -> Result<Clock, LedgerError> {
        self.call("clock")?;
        self.inner.clock().await
    }

    async fn blockhash(&self) -> Result<Blockhash, LedgerError> {
        self.inner.blockhash().await
    }

    async fn block_height(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.inner.block_height(commitment).await
    }

    async fn slot(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.inner.slot(commitment).await
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, LedgerError> {
        self.inner.minimum_balance(bytes).await
    }

    async fn priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, LedgerError> {
        assert!(!writable.is_empty(), "what others pay for nothing is of no use");
        Ok(self.fees.clone())
    }

    async fn airdrop(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        self.call("airdrop")?;
        self.inner.airdrop(address, lamports).await
    }

    async fn wait(&self, time: Duration) -> Result<(), LedgerError> {
        self.inner.wait(time).await
    }

    async fn next_slot(&self) -> Result<(), LedgerError> {
        self.inner.next_slot().await
    }
}
