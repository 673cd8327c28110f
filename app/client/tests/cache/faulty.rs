//! A ledger that fails when it is told to, votes when it is told to, and counts what it is asked.

use {
    super::votes::{View, Votes},
    sessions_client::{
        Embedded, Ledger, LedgerError,
        ledger::{Blockhash, Commitment, Entry, Filter, Receipt, Snapshot, Statuses},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    std::{
        collections::BTreeSet,
        sync::{
            Arc, Mutex,
            atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
        },
        time::Duration,
    },
    tokio::sync::watch,
};

/// What a ledger does wrong, and what it was asked.
#[derive(Default)]
pub struct Faults {
    /// What is handed over never arrives.
    pub swallows: AtomicBool,
    /// What is handed over arrives, and the answer to it does not make sense.
    pub garbles: AtomicBool,
    /// It tells no receipts, now and for ever.
    pub forgets: AtomicBool,
    /// Nothing can be read.
    pub unreachable: AtomicBool,
    /// What is read does not make sense.
    pub unreadable: AtomicBool,
    /// The next thing that is handed over never arrives, and is refused after this long, in milliseconds; 0 if not.
    pub refuses_after: AtomicU64,
    /// Every subscription ends at once.
    pub hangs_up: AtomicBool,
    /// How often accounts were read.
    pub reads: AtomicUsize,
    /// How often something was handed over.
    pub submits: AtomicUsize,
    /// How often an account was subscribed to.
    pub subscriptions: AtomicUsize,
    /// What was asked at which commitment.
    pub asked: Mutex<BTreeSet<(&'static str, Commitment)>>,
    /// What the cluster voted for; none: everything is finalized at once.
    votes: Mutex<Option<Votes>>,
}

/// The embedded ledger with faults.
#[derive(Clone)]
pub struct Faulty {
    pub inner: Embedded,
    pub faults: Arc<Faults>,
    commitment: Commitment,
}

impl Faulty {
    pub fn new(inner: Embedded) -> Self {
        Self { inner, faults: Arc::default(), commitment: Commitment::Confirmed }
    }

    /// From now on the cluster votes only when it is told to.
    pub async fn hold_votes(&self) {
        let now = self.now().await;
        *self.faults.votes.lock().unwrap() = Some(Votes::new(now));
    }

    /// The cluster votes for everything that there is, and gives as of which slot.
    pub async fn confirm(&self) -> u64 {
        let now = self.now().await;
        let slot = now.slot;
        self.votes(|votes| votes.confirm(now)).unwrap();
        slot
    }

    /// What the cluster voted for cannot disappear any more.
    pub fn finalize(&self) {
        self.votes(Votes::finalize).unwrap();
    }

    /// The chain up to this slot, which is over.
    async fn now(&self) -> View {
        let slot = self.inner.slot(Commitment::Processed).await.unwrap();
        let accounts = self.inner.accounts(&[]).await.unwrap().into_iter().collect();
        self.inner.next_slot().await.unwrap();
        View { slot, accounts }
    }

    fn votes<T>(&self, work: impl FnOnce(&mut Votes) -> T) -> Option<T> {
        self.faults.votes.lock().unwrap().as_mut().map(work)
    }

    /// The slot that this commitment has come to, if that is not the newest.
    fn voted(&self, commitment: Commitment) -> Option<u64> {
        self.votes(|votes| votes.at(commitment).map(|view| view.slot)).flatten()
    }

    fn note(&self, what: &'static str) {
        self.faults.asked.lock().unwrap().insert((what, self.commitment));
    }

    fn reach(&self) -> Result<(), LedgerError> {
        if self.faults.unreachable.load(SeqCst) { Err(LedgerError::Timeout { url: "http://node".into() }) } else { Ok(()) }
    }
}

/// An answer that was cut off.
fn nonsense() -> LedgerError {
    LedgerError::NotSolana { url: "http://node".into(), reason: "end of file before message length reached".into() }
}

impl Ledger for Faulty {
    fn with_commitment(&self, commitment: Commitment) -> Self {
        Self { inner: self.inner.with_commitment(commitment), faults: Arc::clone(&self.faults), commitment }
    }

    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        self.inner.send(transaction).await
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        self.note("simulate");
        // As above.
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.inner.simulate(transaction).await
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<(), LedgerError> {
        self.note("submit");
        self.faults.submits.fetch_add(1, SeqCst);
        let late = self.faults.refuses_after.swap(0, SeqCst);
        if late > 0 {
            tokio::time::sleep(Duration::from_millis(late)).await;
            return Err(LedgerError::Rejected(TransactionError::BlockhashNotFound));
        }
        if self.faults.swallows.load(SeqCst) {
            return Ok(());
        }
        self.inner.submit(transaction).await?;
        if self.faults.garbles.load(SeqCst) { Err(nonsense()) } else { Ok(()) }
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Statuses, LedgerError> {
        self.reach()?;
        let statuses = self.inner.statuses(signatures).await?;
        Ok(self.votes(|votes| votes.statuses(statuses.clone())).unwrap_or(statuses))
    }

    async fn receipt(&self, signature: &Signature) -> Result<Option<Receipt>, LedgerError> {
        if self.faults.forgets.load(SeqCst) {
            return Err(nonsense());
        }
        self.inner.receipt(signature).await
    }

    async fn history(&self, address: &Address, before: Option<Signature>, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        self.inner.history(address, before, limit).await
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        self.note("read");
        self.faults.reads.fetch_add(1, SeqCst);
        self.reach()?;
        if self.faults.unreadable.load(SeqCst) {
            return Err(nonsense());
        }
        // As long as a node takes to answer, for whoever else asks meanwhile.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = self.inner.read(addresses).await?;
        let view = self.votes(|votes| votes.at(self.commitment).cloned()).flatten();
        Ok(match view {
            Some(view) => addresses.iter().zip(now).map(|(address, now)| view.show(address, now)).collect(),
            None => now,
        })
    }

    async fn accounts(&self, filters: &[Filter]) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.inner.accounts(filters).await
    }

    async fn token_accounts(&self, owner: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.inner.token_accounts(owner).await
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        self.note("subscribe");
        self.faults.subscriptions.fetch_add(1, SeqCst);
        let receiver = self.inner.subscribe(address).await?;
        let now = receiver.borrow().clone();
        let voted = (self.commitment > Commitment::Processed).then(|| self.votes(|votes| votes.follow(address, now))).flatten();
        let receiver = voted.unwrap_or(receiver);
        if !self.faults.hangs_up.load(SeqCst) {
            return Ok(receiver);
        }
        let present = receiver.borrow().clone();
        Ok(watch::Sender::new(present).subscribe())
    }

    async fn clock(&self) -> Result<Clock, LedgerError> {
        self.note("clock");
        let clock = self.inner.clock().await?;
        Ok(Clock { slot: self.voted(self.commitment).unwrap_or(clock.slot), ..clock })
    }

    async fn blockhash(&self) -> Result<Blockhash, LedgerError> {
        self.inner.blockhash().await
    }

    async fn block_height(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        let newest = self.inner.block_height(commitment).await?;
        Ok(self.voted(commitment).unwrap_or(newest))
    }

    async fn slot(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        let newest = self.inner.slot(commitment).await?;
        Ok(self.voted(commitment).unwrap_or(newest))
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, LedgerError> {
        self.inner.minimum_balance(bytes).await
    }

    async fn priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, LedgerError> {
        self.inner.priority_fees(writable).await
    }

    async fn airdrop(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        self.inner.airdrop(address, lamports).await
    }

    async fn wait(&self, time: Duration) -> Result<(), LedgerError> {
        self.inner.wait(time).await
    }

    async fn next_slot(&self) -> Result<(), LedgerError> {
        if self.votes(|_| ()).is_some() {
            // Who waits for the cluster's votes waits as long as there are none.
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
        self.inner.next_slot().await
    }
}
