//! solana-program-test's bank as a [`Ledger`]: the runtime of a validator, in this process, without a network.
//!
//! It begins with the accounts that an embedded ledger has, the programs' files included, and with the same features, so that what differs
//! between the two is the runtimes' own. `docs/ledgers.md` says what that is, and what the bank's own programs and features would change.

use {
    litesvm::LiteSVM,
    sessions_client::{
        Embedded, Ledger, LedgerError,
        address::PROGRAM,
        event,
        failure::Failure,
        ledger::{BLOCKHASH_BLOCKS, Blockhash, Commitment, Entry, Filter, Receipt, Snapshot, Status, Statuses, token::Holding},
        transaction::wire,
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_program_test::{BanksClientError, ProgramTest, ProgramTestContext},
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    std::{
        collections::{BTreeSet, HashMap},
        sync::Arc,
        time::Duration,
    },
    tokio::sync::{Mutex, MutexGuard, watch},
};

/// How many slots go by in a second, as on the embedded ledger.
const SLOTS_PER_SECOND: f64 = 2.5;

const LOADER: Address = Address::from_str_const("BPFLoader2111111111111111111111111111111111");
const UPGRADEABLE_LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// A bank. Clones are handles to the same one.
#[derive(Clone)]
pub struct Bank {
    chain: Arc<Mutex<Chain>>,
}

struct Chain {
    context: ProgramTestContext,
    /// Every account that was named so far: the bank's client lists none by itself.
    known: BTreeSet<Address>,
    watched: HashMap<Address, watch::Sender<Snapshot>>,
    /// What ran, in order, with the accounts that it named: the bank itself keeps no more than statuses.
    ran: Vec<(Receipt, i64, Vec<Address>)>,
}

impl Bank {
    /// A bank that begins as `embedded` is: its clock, its wallets, its programs. In return that one gets the bank's rent, which is the
    /// runtime's default and cannot be set. Needs a runtime of tokio, of one thread: the bank goes on making blockhashes for as long as it
    /// lives, which must not happen while it changes slots.
    pub async fn beside(embedded: &Embedded) -> Self {
        let mut test = ProgramTest::default();
        for feature in LiteSVM::mainnet_feature_set().inactive() {
            test.deactivate_feature(*feature);
        }
        let owners = [Address::default(), LOADER, UPGRADEABLE_LOADER];
        let accounts = embedded.with_svm(|svm| owners.map(|owner| svm.get_program_accounts(&owner)).concat()).unwrap();
        for (address, account) in accounts {
            test.add_account(address, as_of_the_beginning(account));
        }
        let context = test.start_with_context().await;
        let mut chain = Chain { context, known: BTreeSet::new(), watched: HashMap::new(), ran: Vec::new() };
        let rent = answered(chain.context.banks_client.get_rent().await);
        embedded.with_svm(|svm| svm.set_sysvar(&rent)).unwrap();
        let clock = embedded.clock().await.unwrap();
        assert_eq!(chain.clock().await.slot, clock.slot, "both begin in the same slot");
        chain.set_time(clock.unix_timestamp).await;
        Self { chain: Arc::new(Mutex::new(chain)) }
    }

    /// The file of a program, as the bank runs it.
    pub async fn program_file(&self, program: &Address) -> Vec<u8> {
        const METADATA: usize = 45;
        let (data, _) = Address::find_program_address(&[program.as_array()], &UPGRADEABLE_LOADER);
        self.chain().await.snapshot(&data).await.account.unwrap().data.split_off(METADATA)
    }

    /// Puts an account there as it is.
    pub async fn put(&self, address: Address, account: Account) {
        let mut chain = self.chain().await;
        chain.known.insert(address);
        chain.context.set_account(&address, &account.into());
    }

    async fn chain(&self) -> MutexGuard<'_, Chain> {
        self.chain.lock().await
    }
}

/// A program's bytes say in which slot they were deployed, and it runs only in later ones.
fn as_of_the_beginning(mut account: Account) -> Account {
    const PROGRAM_DATA: [u8; 4] = 3_u32.to_le_bytes();
    if account.owner == UPGRADEABLE_LOADER && account.data.starts_with(&PROGRAM_DATA) {
        account.data[PROGRAM_DATA.len()..][..size_of::<u64>()].fill(0);
    }
    account
}

/// What only a bank that is gone could fail at.
fn answered<T>(answer: Result<T, BanksClientError>) -> T {
    answer.unwrap_or_else(|error| panic!("the bank does not answer: {error}"))
}

impl Chain {
    async fn clock(&self) -> Clock {
        answered(self.context.banks_client.get_sysvar().await)
    }

    async fn set_time(&mut self, unix_timestamp: i64) {
        let clock = self.clock().await;
        self.context.set_sysvar(&Clock { unix_timestamp, ..clock });
    }

    async fn snapshot(&self, address: &Address) -> Snapshot {
        let account = answered(self.context.banks_client.get_account(*address).await);
        Snapshot { slot: self.clock().await.slot, account }
    }

    /// Those of the accounts that it knows of which `wanted` takes, in the order of their addresses.
    async fn find(&self, wanted: impl Fn(&Account) -> bool) -> Vec<(Address, Account)> {
        let mut found = Vec::new();
        for address in &self.known {
            found.extend(self.snapshot(address).await.account.filter(&wanted).map(|account| (*address, account)));
        }
        found
    }

    async fn lamports(&self, addresses: &[Address]) -> u64 {
        let mut sum = 0;
        for address in addresses {
            sum += self.snapshot(address).await.account.map_or(0, |account| account.lamports);
        }
        sum
    }

    async fn notify(&mut self, addresses: &[Address]) {
        for address in addresses {
            let snapshot = self.snapshot(address).await;
            if let Some(sender) = self.watched.get(address)
                && sender.send(snapshot).is_err()
            {
                self.watched.remove(address);
            }
        }
    }

    async fn advance(&mut self, slots: u64, seconds: i64) {
        let clock = self.clock().await;
        self.context.warp_to_slot(clock.slot + slots).unwrap();
        self.set_time(clock.unix_timestamp.saturating_add(seconds)).await;
    }
}

/// What the bank told of a transaction.
#[derive(Default)]
struct Told {
    failure: Option<TransactionError>,
    compute_units: u64,
    fee: u64,
    logs: Vec<String>,
    answer: Option<(Address, Vec<u8>)>,
}

fn receipt(transaction: &VersionedTransaction, slot: u64, told: Told) -> Receipt {
    let programs = wire::programs(transaction);
    let failure = told.failure.map(|error| Failure::new(error, &programs, &told.logs));
    let happened = failure.is_none();
    Receipt {
        signature: wire::signature(transaction),
        slot,
        failure,
        compute_units: told.compute_units,
        fee: told.fee,
        events: if happened { event::from_logs(told.logs.iter().map(String::as_str)) } else { Vec::new() },
        logs: told.logs,
        returned: told.answer.filter(|(program, _)| happened && *program == PROGRAM).map(|(_, data)| data).unwrap_or_default(),
    }
}

impl Ledger for Bank {
    fn with_commitment(&self, _: Commitment) -> Self {
        self.clone()
    }

    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        wire::check_size(&transaction)?;
        if let Some(receipt) = self.receipt(&wire::signature(&transaction)).await? {
            return Ok(receipt);
        }
        let mut chain = self.chain().await;
        let slot = chain.clock().await.slot;
        // A validator looks at signatures before the bank sees a transaction.
        if let Err(error) = wire::check_signatures(&transaction) {
            return Ok(receipt(&transaction, slot, Told { failure: Some(error), ..Told::default() }));
        }
        let touched = transaction.message.static_account_keys().to_vec();
        chain.known.extend(&touched);
        let before = chain.lamports(&touched).await;
        let result = answered(chain.context.banks_client.process_transaction_with_metadata(transaction.clone()).await);
        // The bank's client does not tell the fee; it is what has left all accounts together.
        let fee = before - chain.lamports(&touched).await;
        let told = match result.metadata.clone() {
            Some(meta) => Told {
                failure: result.result.err(),
                compute_units: meta.compute_units_consumed,
                fee,
                logs: meta.log_messages,
                answer: meta.return_data.map(|answer| (answer.program_id, answer.data)),
            },
            None => Told { failure: result.result.err(), fee, ..Told::default() },
        };
        let ran = result.metadata.is_some();
        chain.notify(&touched).await;
        let receipt = receipt(&transaction, slot, told);
        if ran {
            let time = chain.clock().await.unix_timestamp;
            chain.ran.push((receipt.clone(), time, touched));
        }
        Ok(receipt)
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        wire::check_size(&transaction)?;
        let chain = self.chain().await;
        let slot = chain.clock().await.slot;
        let mut signed_anew = transaction.clone();
        signed_anew.message.set_recent_blockhash(answered(chain.context.banks_client.get_latest_blockhash().await));
        let result = answered(chain.context.banks_client.simulate_transaction(signed_anew).await);
        let failure = result.result.and_then(Result::err);
        let told = match result.simulation_details {
            Some(details) => Told {
                failure,
                compute_units: details.units_consumed,
                fee: 0,
                logs: details.logs,
                answer: details.return_data.map(|answer| (answer.program_id, answer.data)),
            },
            None => Told { failure, ..Told::default() },
        };
        Ok(receipt(&transaction, slot, told))
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        let chain = self.chain().await;
        let mut snapshots = Vec::new();
        for address in addresses {
            snapshots.push(chain.snapshot(address).await);
        }
        Ok(snapshots)
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<(), LedgerError> {
        self.send(transaction.clone()).await.map(|_| ())
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Statuses, LedgerError> {
        let chain = self.chain().await;
        let statuses = answered(chain.context.banks_client.get_transaction_statuses(signatures.to_vec()).await);
        let of = statuses
            .into_iter()
            .map(|status| status.map(|status| Status { slot: status.slot, commitment: Commitment::Finalized, failure: status.err }));
        Ok(Statuses { slot: chain.clock().await.slot, of: of.collect() })
    }

    async fn receipt(&self, signature: &Signature) -> Result<Option<Receipt>, LedgerError> {
        let chain = self.chain().await;
        Ok(chain.ran.iter().map(|(receipt, ..)| receipt).find(|receipt| receipt.signature == *signature).cloned())
    }

    async fn history(&self, address: &Address, before: Option<Signature>, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        let chain = self.chain().await;
        let of_account = chain.ran.iter().rev().filter(|(.., touched)| touched.contains(address));
        let older = of_account.skip_while(|(receipt, ..)| before.is_some_and(|before| receipt.signature != before));
        let entry = |(receipt, time, _): &(Receipt, i64, Vec<Address>)| Entry {
            signature: receipt.signature,
            slot: receipt.slot,
            time: Some(*time),
            failed: receipt.failure.is_some(),
        };
        Ok(older.skip(usize::from(before.is_some())).take(limit).map(entry).collect())
    }

    async fn accounts(&self, filters: &[Filter]) -> Result<Vec<(Address, Account)>, LedgerError> {
        let chain = self.chain().await;
        Ok(chain.find(|account| account.owner == PROGRAM && filters.iter().all(|filter| filter.passes(&account.data))).await)
    }

    async fn token_accounts(&self, owner: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        let chain = self.chain().await;
        Ok(chain.find(|account| Holding::read(account).is_some_and(|holding| holding.owner == *owner)).await)
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        let mut chain = self.chain().await;
        let present = chain.snapshot(&address).await;
        Ok(chain.watched.entry(address).or_insert_with(|| watch::Sender::new(present)).subscribe())
    }

    async fn clock(&self) -> Result<Clock, LedgerError> {
        Ok(self.chain().await.clock().await)
    }

    async fn blockhash(&self) -> Result<Blockhash, LedgerError> {
        let chain = self.chain().await;
        let hash = answered(chain.context.banks_client.get_latest_blockhash().await);
        let height = answered(chain.context.banks_client.get_root_block_height().await);
        Ok(Blockhash { hash, last_valid_block_height: height + BLOCKHASH_BLOCKS })
    }

    async fn slot(&self, _: Commitment) -> Result<u64, LedgerError> {
        Ok(self.chain().await.clock().await.slot)
    }

    async fn block_height(&self, _: Commitment) -> Result<u64, LedgerError> {
        Ok(answered(self.chain().await.context.banks_client.get_root_block_height().await))
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, LedgerError> {
        Ok(answered(self.chain().await.context.banks_client.get_rent().await).minimum_balance(bytes))
    }

    async fn priority_fees(&self, _: &[Address]) -> Result<Vec<u64>, LedgerError> {
        Ok(Vec::new())
    }

    async fn airdrop(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        let account = self.chain().await.snapshot(&address).await.account.unwrap_or_default();
        self.put(address, Account { lamports: account.lamports + lamports, ..account }).await;
        Ok(())
    }

    async fn wait(&self, time: Duration) -> Result<(), LedgerError> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a span has neither sign nor so many slots")]
        let slots = (time.as_secs_f64() * SLOTS_PER_SECOND).ceil() as u64;
        self.chain().await.advance(slots.max(1), i64::try_from(time.as_secs()).unwrap_or(i64::MAX)).await;
        Ok(())
    }

    async fn next_slot(&self) -> Result<(), LedgerError> {
        self.chain().await.advance(1, 0).await;
        Ok(())
    }
}
