//! The embedded ledger: LiteSVM with the committed program file.
//!
//! Each slot is a block with a blockhash of its own, and everything is finalized at once. [`admission`] checks what may run, [`history`]
//! remembers what did, so that nothing runs twice.

mod admission;
mod epoch;
mod history;

use {
    super::{
        Blockhash, Commitment, Entry, Filter, Ledger, LedgerError, MAX_READ, MAX_STATUSES, Receipt, Snapshot, Statuses, check_count,
        token::{self, Holding},
        types::Outcome,
    },
    crate::{
        address::PROGRAM,
        program,
        transaction::{
            nonce::{self, Nonce},
            wire,
        },
    },
    admission::Blockhashes,
    history::{History, Ran},
    litesvm::{LiteSVM, types::TransactionMetadata},
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    std::{
        collections::HashMap,
        sync::{Arc, Mutex, MutexGuard},
        time::Duration,
    },
    tokio::sync::watch,
};

/// The moment at which an embedded ledger starts unless it is told another: 2026-01-01T00:00:00Z.
pub const START: i64 = 1_767_225_600;

/// How many slots go by in a second.
const SLOTS_PER_SECOND: f64 = 2.5;

/// A real SVM in this process. Clones are handles to the same one.
#[derive(Clone)]
pub struct Embedded {
    chain: Arc<Mutex<Chain>>,
}

struct Chain {
    svm: LiteSVM,
    watched: HashMap<Address, watch::Sender<Snapshot>>,
    blockhashes: Blockhashes,
    history: History,
}

impl Embedded {
    /// A ledger with the committed program, at slot 1 and [`START`].
    ///
    /// # Errors
    /// Never with a committed file that passed its manifest; a file that the SVM refuses is [`LedgerError::Program`].
    pub fn new() -> Result<Self, LedgerError> {
        Self::with_program(program::FILE)
    }

    /// A ledger with another program file.
    ///
    /// # Errors
    /// [`LedgerError::Program`] if the SVM cannot load the file.
    pub fn with_program(file: &[u8]) -> Result<Self, LedgerError> {
        let mut svm = LiteSVM::new().with_blockhash_check(false).with_sigverify(false).with_transaction_history(0);
        svm.add_program(PROGRAM, file).map_err(|error| LedgerError::Program(error.to_string()))?;
        svm.warp_to_slot(1);
        let chain = Chain { svm, watched: HashMap::new(), blockhashes: Blockhashes::default(), history: History::default() };
        let ledger = Self { chain: Arc::new(Mutex::new(chain)) };
        ledger.set_time(START)?;
        Ok(ledger)
    }

    /// Sets the clock's time, in seconds since 1970; the slot stays.
    pub fn set_time(&self, unix_timestamp: i64) -> Result<(), LedgerError> {
        let mut chain = self.chain()?;
        let clock: Clock = chain.svm.get_sysvar();
        chain.svm.set_sysvar(&Clock { unix_timestamp, ..clock });
        Ok(())
    }

    /// Gives `lamports` to `address` out of nothing.
    pub fn fund(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        let mut chain = self.chain()?;
        let mut account = chain.svm.get_account(&address).unwrap_or_default();
        account.lamports = account.lamports.saturating_add(lamports);
        chain.put(address, account)
    }

    /// Puts an account there as it is, whoever owns it: tests forge with this what no transaction could make.
    pub fn put(&self, address: Address, account: Account) -> Result<(), LedgerError> {
        self.chain()?.put(address, account)
    }

    /// Runs `work` on the SVM itself.
    pub fn with_svm<T>(&self, work: impl FnOnce(&mut LiteSVM) -> T) -> Result<T, LedgerError> {
        Ok(work(&mut self.chain()?.svm))
    }

    fn chain(&self) -> Result<MutexGuard<'_, Chain>, LedgerError> {
        self.chain.lock().map_err(|_| LedgerError::Poisoned)
    }
}

impl Chain {
    fn slot(&self) -> u64 {
        self.svm.get_sysvar::<Clock>().slot
    }

    fn snapshot(&self, address: &Address) -> Snapshot {
        // The runtime keeps an account without lamports no longer than its transaction; LiteSVM may still list it.
        let account = self.svm.get_account(address).filter(|account| account.lamports > 0);
        Snapshot { slot: self.slot(), account }
    }

    fn put(&mut self, address: Address, account: Account) -> Result<(), LedgerError> {
        self.svm.set_account(address, account).map_err(|error| LedgerError::Malformed(error.to_string()))?;
        self.notify([&address]);
        Ok(())
    }

    /// Tells those who follow one of these accounts, and forgets followers who are gone.
    fn notify<'a>(&mut self, addresses: impl IntoIterator<Item = &'a Address>) {
        for address in addresses {
            let snapshot = self.snapshot(address);
            if let Some(sender) = self.watched.get(address)
                && sender.send(snapshot).is_err()
            {
                self.watched.remove(address);
            }
        }
    }

    /// Moves on by `slots`; the last of them has a blockhash of its own.
    fn advance(&mut self, slots: u64, seconds: i64) {
        self.blockhash();
        let clock: Clock = self.svm.get_sysvar();
        self.svm.warp_to_slot(clock.slot.saturating_add(slots));
        let unix_timestamp = clock.unix_timestamp.saturating_add(seconds);
        let clock: Clock = self.svm.get_sysvar();
        self.svm.set_sysvar(&Clock { unix_timestamp, epoch: epoch::at(&self.svm, clock.slot), ..clock });
        self.svm.expire_blockhash();
        self.blockhash();
    }

    fn blockhash(&mut self) -> Blockhash {
        let slot = self.slot();
        self.blockhashes.newest(self.svm.latest_blockhash(), slot)
    }

    /// Checks what a validator checks before a transaction runs.
    fn admit(&mut self, transaction: &VersionedTransaction) -> Result<(), TransactionError> {
        self.blockhash();
        wire::check_signatures(transaction)?;
        self.blockhashes.check(transaction, self.slot(), |address| self.svm.get_account(address))
    }

    /// Runs a transaction, unless it has run before. Its receipt, and why it was turned away, if it was.
    fn run(&mut self, transaction: VersionedTransaction) -> (Receipt, Option<TransactionError>) {
        let signature = wire::signature(&transaction);
        if let Some(receipt) = self.history.receipt(&signature) {
            return (receipt.clone(), None);
        }
        let programs = wire::programs(&transaction);
        if let Err(error) = self.admit(&transaction) {
            let outcome = self.outcome(signature, Some(error.clone()), TransactionMetadata::default());
            return (outcome.receipt(&programs), Some(error));
        }
        let touched = transaction.message.static_account_keys().to_vec();
        let nonce = nonce::account_of(&transaction);
        let payer = touched.first().copied().unwrap_or_default();
        let before = self.svm.get_balance(&payer).unwrap_or_default();
        let (error, mut meta) = match self.svm.send_transaction(transaction) {
            Ok(meta) => (None, meta),
            Err(failed) => (Some(self.named(failed.err, &programs)), failed.meta),
        };
        // What was turned away has no name.
        let ran = meta.signature != Signature::default();
        if let Some(error) = &error {
            // A transaction that fails moves nothing but its fee, and not even that if it was turned away before it ran.
            meta.fee = before.saturating_sub(self.svm.get_balance(&payer).unwrap_or_default());
            if !ran {
                let outcome = self.outcome(signature, Some(error.clone()), meta);
                return (outcome.receipt(&programs), Some(error.clone()));
            }
            if let Some(nonce) = nonce {
                self.advance_nonce(nonce);
            }
        }
        let receipt = self.outcome(signature, error.clone(), meta).receipt(&programs);
        let time = self.svm.get_sysvar::<Clock>().unix_timestamp;
        self.notify(&touched);
        self.history.add(Ran { receipt: receipt.clone(), error, time, touched });
        (receipt, None)
    }

    /// What a validator calls an error of LiteSVM, which does not tell a program that cannot be run from one that is not there.
    fn named(&self, error: TransactionError, programs: &[Address]) -> TransactionError {
        let executable = |account: &Option<Account>| account.as_ref().is_some_and(|account| account.executable);
        let first = || programs.iter().map(|program| self.snapshot(program).account).find(|account| !executable(account));
        match error {
            TransactionError::InvalidProgramForExecution if first() == Some(None) => TransactionError::ProgramAccountNotFound,
            error => error,
        }
    }

    /// Moves a nonce on after a transaction that used it and failed, as validators do and LiteSVM does not.
    fn advance_nonce(&mut self, address: Address) {
        if let Some(mut account) = self.svm.get_account(&address)
            && Nonce::advance(&mut account, &self.svm.latest_blockhash()).is_some()
        {
            // An account that the system program owns can always be set.
            let _ = self.svm.set_account(address, account);
        }
    }

    fn outcome(&self, signature: Signature, error: Option<TransactionError>, meta: TransactionMetadata) -> Outcome {
        Outcome {
            signature,
            slot: self.slot(),
            error,
            compute_units: meta.compute_units_consumed,
            fee: meta.fee,
            logs: meta.logs,
            returned: Some((meta.return_data.program_id, meta.return_data.data)),
        }
    }
}

impl Ledger for Embedded {
    fn with_commitment(&self, _: Commitment) -> Self {
        self.clone()
    }

    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        wire::check_size(&transaction)?;
        Ok(self.chain()?.run(transaction).0)
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        wire::check_size(&transaction)?;
        let (signature, programs) = (wire::signature(&transaction), wire::programs(&transaction));
        let chain = self.chain()?;
        let (error, meta) = match chain.svm.simulate_transaction(transaction) {
            Ok(info) => (None, info.meta),
            Err(failed) => (Some(chain.named(failed.err, &programs)), failed.meta),
        };
        Ok(chain.outcome(signature, error, meta).receipt(&programs))
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<(), LedgerError> {
        wire::check_size(transaction)?;
        let mut chain = self.chain()?;
        if let (_, Some(error)) = chain.run(transaction.clone()) {
            return Err(LedgerError::Rejected(error));
        }
        // Nobody waits for it: its block is over, and what is read from now on is of a later one.
        chain.advance(1, 0);
        Ok(())
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Statuses, LedgerError> {
        check_count("statuses", signatures.len(), MAX_STATUSES)?;
        let chain = self.chain()?;
        Ok(Statuses { slot: chain.slot(), of: signatures.iter().map(|signature| chain.history.status(signature)).collect() })
    }

    async fn receipt(&self, signature: &Signature) -> Result<Option<Receipt>, LedgerError> {
        Ok(self.chain()?.history.receipt(signature).cloned())
    }

    async fn history(&self, address: &Address, before: Option<Signature>, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        Ok(self.chain()?.history.of(address, before, limit))
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        check_count("accounts", addresses.len(), MAX_READ)?;
        let chain = self.chain()?;
        Ok(addresses.iter().map(|address| chain.snapshot(address)).collect())
    }

    async fn accounts(&self, filters: &[Filter]) -> Result<Vec<(Address, Account)>, LedgerError> {
        let passes = |account: &Account| filters.iter().all(|filter| filter.passes(&account.data));
        let mut accounts = self.chain()?.svm.get_program_accounts(&PROGRAM);
        // The SVM may still list what a transaction deleted.
        accounts.retain(|(_, account)| account.lamports > 0 && passes(account));
        accounts.sort_by_key(|(address, _)| *address);
        Ok(accounts)
    }

    async fn token_accounts(&self, owner: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        let chain = self.chain()?;
        let mut accounts: Vec<_> = token::PROGRAMS.iter().flat_map(|program| chain.svm.get_program_accounts(program)).collect();
        accounts.retain(|(_, account)| account.lamports > 0 && Holding::read(account).is_some_and(|holding| holding.owner == *owner));
        accounts.sort_by_key(|(address, _)| *address);
        Ok(accounts)
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        let mut chain = self.chain()?;
        let present = chain.snapshot(&address);
        Ok(chain.watched.entry(address).or_insert_with(|| watch::Sender::new(present)).subscribe())
    }

    async fn clock(&self) -> Result<Clock, LedgerError> {
        Ok(self.chain()?.svm.get_sysvar())
    }

    async fn blockhash(&self) -> Result<Blockhash, LedgerError> {
        Ok(self.chain()?.blockhash())
    }

    async fn block_height(&self, _: Commitment) -> Result<u64, LedgerError> {
        Ok(self.chain()?.slot())
    }

    async fn slot(&self, _: Commitment) -> Result<u64, LedgerError> {
        Ok(self.chain()?.slot())
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, LedgerError> {
        Ok(self.chain()?.svm.minimum_balance_for_rent_exemption(bytes))
    }

    async fn priority_fees(&self, _: &[Address]) -> Result<Vec<u64>, LedgerError> {
        Ok(Vec::new())
    }

    async fn airdrop(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        self.fund(address, lamports)
    }

    async fn wait(&self, time: Duration) -> Result<(), LedgerError> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a span has neither sign nor so many slots")]
        let slots = (time.as_secs_f64() * SLOTS_PER_SECOND).ceil() as u64;
        self.chain()?.advance(slots.max(1), i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        Ok(())
    }

    async fn next_slot(&self) -> Result<(), LedgerError> {
        self.chain()?.advance(1, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        bytemuck::Zeroable,
        sessions_core::{MemberState, SessionState, state::Child},
    };

    #[test]
    fn a_sessions_children_are_what_the_program_owns_and_what_names_the_session() {
        let [session, other, owner] = [1, 2, 3].map(|byte| Address::new_from_array([byte; 32]));
        let begins = |discriminator: [u8; 8], session| {
            let child = Child { session, ..Child::zeroed() };
            [&discriminator[..], bytemuck::bytes_of(&child), &[0; 8]].concat()
        };
        let member = |session| begins(MemberState::DISCRIMINATOR, session);
        let ledger = Embedded::new().unwrap();
        let accounts = [
            (9, PROGRAM, member(session)),
            (8, PROGRAM, member(session)),
            (7, PROGRAM, member(other)),
            (6, owner, member(session)),
            (5, PROGRAM, begins(SessionState::DISCRIMINATOR, session)),
            (4, PROGRAM, member(session)[..40].to_vec()),
        ];
        for (byte, owner, data) in accounts {
            ledger.put(Address::new_from_array([byte; 32]), Account { lamports: 1, owner, data, ..Account::default() }).unwrap();
        }
        let children = pollster::block_on(ledger.children(&session)).unwrap();
        assert_eq!(children.iter().map(|(address, _)| address.as_array()[0]).collect::<Vec<_>>(), [8, 9]);
        assert_eq!(pollster::block_on(ledger.children(&owner)), Ok(Vec::new()));
    }
}
