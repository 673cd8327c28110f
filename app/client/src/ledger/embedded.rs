//! The embedded ledger: LiteSVM with the committed program file.

use {
    super::{Ledger, LedgerError, MAX_TRANSACTION_BYTES, Receipt, Snapshot},
    crate::{address::PROGRAM, event, failure::Failure, program},
    litesvm::{LiteSVM, types::TransactionMetadata},
    sessions_core::state::Child,
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
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
        let mut svm = LiteSVM::new();
        svm.add_program(PROGRAM, file).map_err(|error| LedgerError::Program(error.to_string()))?;
        svm.warp_to_slot(1);
        let ledger = Self { chain: Arc::new(Mutex::new(Chain { svm, watched: HashMap::new() })) };
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

    /// Moves on by `slots`; each slot has a blockhash of its own.
    fn advance(&mut self, slots: u64, seconds: i64) {
        let clock: Clock = self.svm.get_sysvar();
        self.svm.warp_to_slot(clock.slot.saturating_add(slots));
        let unix_timestamp = clock.unix_timestamp.saturating_add(seconds);
        let clock: Clock = self.svm.get_sysvar();
        self.svm.set_sysvar(&Clock { unix_timestamp, ..clock });
        self.svm.expire_blockhash();
    }

    fn receipt(&self, failure: Option<TransactionError>, meta: TransactionMetadata, programs: &[Address]) -> Receipt {
        let failure = failure.map(|error| Failure::new(error, programs, &meta.logs));
        let events = if failure.is_none() { event::from_logs(meta.logs.iter().map(String::as_str)) } else { Vec::new() };
        let answered = failure.is_none() && meta.return_data.program_id == PROGRAM;
        Receipt {
            signature: meta.signature,
            slot: self.slot(),
            failure,
            compute_units: meta.compute_units_consumed,
            fee: meta.fee,
            logs: meta.logs,
            events,
            returned: if answered { meta.return_data.data } else { Vec::new() },
        }
    }
}

/// The bytes of a transaction on the wire: the number of signatures, the signatures, the message.
fn wire_size(transaction: &VersionedTransaction) -> usize {
    const SIGNATURE_BYTES: usize = 64;
    1 + transaction.signatures.len() * SIGNATURE_BYTES + transaction.message.serialize().len()
}

fn check_size(transaction: &VersionedTransaction) -> Result<(), LedgerError> {
    match wire_size(transaction) {
        size if size > MAX_TRANSACTION_BYTES => Err(LedgerError::TransactionTooLarge(size)),
        _ => Ok(()),
    }
}

/// The program that each instruction of a transaction goes to.
fn programs(transaction: &VersionedTransaction) -> Vec<Address> {
    let keys = transaction.message.static_account_keys();
    let index = |i: u8| keys.get(usize::from(i)).copied().unwrap_or_default();
    transaction.message.instructions().iter().map(|instruction| index(instruction.program_id_index)).collect()
}

impl Ledger for Embedded {
    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        check_size(&transaction)?;
        let programs = programs(&transaction);
        let touched = transaction.message.static_account_keys().to_vec();
        let payer = touched.first().copied().unwrap_or_default();
        let mut chain = self.chain()?;
        let before = chain.svm.get_balance(&payer).unwrap_or_default();
        let (failure, mut meta) = match chain.svm.send_transaction(transaction) {
            Ok(meta) => (None, meta),
            Err(failed) => (Some(failed.err), failed.meta),
        };
        if failure.is_some() {
            // A transaction that fails moves nothing but its fee, and not even that if it was turned away before it ran.
            meta.fee = before.saturating_sub(chain.svm.get_balance(&payer).unwrap_or_default());
        }
        chain.notify(&touched);
        Ok(chain.receipt(failure, meta, &programs))
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        check_size(&transaction)?;
        let programs = programs(&transaction);
        let chain = self.chain()?;
        let (failure, meta) = match chain.svm.simulate_transaction(transaction) {
            Ok(info) => (None, info.meta),
            Err(failed) => (Some(failed.err), failed.meta),
        };
        Ok(chain.receipt(failure, meta, &programs))
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        let chain = self.chain()?;
        Ok(addresses.iter().map(|address| chain.snapshot(address)).collect())
    }

    async fn children(&self, session: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        let belongs = |account: &Account| Child::read(&account.data).is_some_and(|child| child.session == *session);
        let mut children = self.chain()?.svm.get_program_accounts(&PROGRAM);
        // The SVM may still list what a transaction deleted.
        children.retain(|(_, account)| account.lamports > 0 && belongs(account));
        children.sort_by_key(|(address, _)| *address);
        Ok(children)
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        let mut chain = self.chain()?;
        let present = chain.snapshot(&address);
        Ok(chain.watched.entry(address).or_insert_with(|| watch::Sender::new(present)).subscribe())
    }

    async fn clock(&self) -> Result<Clock, LedgerError> {
        Ok(self.chain()?.svm.get_sysvar())
    }

    async fn blockhash(&self) -> Result<Hash, LedgerError> {
        Ok(self.chain()?.svm.latest_blockhash())
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
        sessions_core::{MemberState, SessionState},
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
