//! A cluster, by JSON-RPC and web socket.
//!
//! | file | job |
//! |---|---|
//! | `node` | requests, with errors as what they mean (`error`) and answers as what they are (`decode`) |
//! | `follow` | one web-socket connection for all followed accounts, renewed when it breaks |
//! | `check` | whether the cluster can be used: reachable, a Solana node, with the program |
//! | `url` | where a node is |

mod check;
mod decode;
mod error;
mod follow;
mod node;
mod url;

use {
    super::{
        Blockhash, Commitment, Entry, Filter, Ledger, LedgerError, MAX_STATUSES, Receipt, Snapshot, Statuses, check_count, token,
        types::Outcome,
    },
    crate::{
        address::PROGRAM,
        transaction::{
            land::{self, Landed, Options},
            wire,
        },
    },
    follow::Following,
    node::Node,
    serde_json::json,
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_commitment_config::CommitmentConfig,
    solana_rpc_client::rpc_client::GetConfirmedSignaturesForAddress2Config,
    solana_rpc_client_api::{
        config::{RpcProgramAccountsConfig, RpcSendTransactionConfig, RpcSimulateTransactionConfig, RpcTransactionConfig},
        filter::{Memcmp, RpcFilterType},
        request::RpcRequest,
    },
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    solana_transaction_status_client_types::{EncodedConfirmedTransactionWithStatusMeta, UiTransactionEncoding},
    std::{sync::Arc, time::Duration},
    tokio::{
        sync::watch,
        time::{Instant, sleep},
    },
};

/// The clock's account.
const CLOCK: Address = Address::from_str_const("SysvarC1ock11111111111111111111111111111111");

/// How many entries of a history a node gives at once.
const HISTORY_PAGE: usize = 1_000;

/// The most accounts whose priority fees a node tells at once.
const MAX_FEE_ACCOUNTS: usize = 128;

/// How often something that has to come by itself is looked for.
const POLL: Duration = Duration::from_millis(100);

/// A cluster. Clones are handles to the same one and share its connections; the web socket is closed when the last is dropped.
///
/// It works inside a tokio runtime with I/O and time.
#[derive(Clone)]
pub struct Rpc {
    node: Arc<Node>,
    websocket: Arc<str>,
    commitment: Commitment,
    options: Options,
    following: Arc<Following>,
}

impl Rpc {
    /// A handle to the cluster whose node is at `url`, at confirmed. The web socket is at `websocket`, or where Solana's convention puts it.
    /// Nothing is asked over the network: see [`Rpc::check`].
    ///
    /// # Errors
    /// [`LedgerError::WrongUrl`] if one of them is no URL of a node.
    pub fn connect(url: &str, websocket: Option<&str>) -> Result<Self, LedgerError> {
        let http = url::check_http(url)?;
        let websocket = match websocket {
            Some(websocket) => url::check_websocket(websocket)?,
            None => url::websocket_of(&http)?,
        };
        let node = Arc::new(Node::new(http.to_string()));
        let websocket = Arc::from(websocket.as_str());
        Ok(Self { node, websocket, commitment: Commitment::default(), options: Options::default(), following: Arc::default() })
    }

    /// The same cluster, and how [`Ledger::send`] lands a transaction: how often it asks, how long it waits, what its jitter is made from.
    #[must_use]
    pub fn with_options(&self, options: Options) -> Self {
        Self { options, following: Arc::default(), ..self.clone() }
    }

    /// The node's URL, whole: it may have a key in it, which is not for others to see. [`Rpc::name`] is what is shown.
    pub fn url(&self) -> String {
        self.node.client.url()
    }

    /// What the node is called in errors: its URL without what may be a secret.
    pub fn name(&self) -> &str {
        &self.node.url
    }

    /// The web socket's URL, whole.
    pub fn websocket_url(&self) -> &str {
        &self.websocket
    }

    /// The commitment that this handle reads at.
    pub const fn commitment(&self) -> Commitment {
        self.commitment
    }

    /// Checks that the cluster can be used: that a node answers, that it is a Solana node, and that it has the session program.
    ///
    /// Which version of the program it is shows only in what the program wrote: see [`crate::account`], whose readers answer UnsupportedVersion.
    ///
    /// # Errors
    /// [`LedgerError::Unreachable`] and the other retryable ones, [`LedgerError::NotSolana`], [`LedgerError::ProgramMissing`],
    /// [`LedgerError::ProgramNotExecutable`].
    pub async fn check(&self) -> Result<(), LedgerError> {
        check::check(&self.node, self.commitment).await
    }

    async fn slot(&self) -> Result<u64, LedgerError> {
        let processed = decode::commitment(Commitment::Processed);
        self.node.client.get_slot_with_commitment(processed).await.map_err(|error| self.node.translate(&error))
    }

    /// The receipt of a transaction that has run, as soon as the node has it.
    async fn receipt_of(&self, signature: &Signature) -> Result<Receipt, LedgerError> {
        let begun = Instant::now();
        loop {
            match self.receipt(signature).await {
                Ok(Some(receipt)) => return Ok(receipt),
                // It ran, so that is no reason to try it again.
                Err(error) if !error.is_retryable() => {
                    return Err(LedgerError::NoReceipt { signature: *signature, reason: error.to_string() });
                }
                _ if begun.elapsed() >= self.options.patience => return Err(LedgerError::Unresolved { signature: *signature }),
                _ => sleep(POLL).await,
            }
        }
    }

    /// The commitment that transactions are tried at: they are signed with blockhashes that are confirmed, which a finalized state does not know yet.
    fn trying(&self) -> CommitmentConfig {
        decode::commitment(self.commitment.min(Commitment::Confirmed))
    }

    /// The receipt of a transaction that was turned away.
    async fn turned_away(&self, transaction: &VersionedTransaction, error: TransactionError) -> Result<Receipt, LedgerError> {
        let (signature, slot) = (wire::signature(transaction), self.slot().await?);
        let outcome = Outcome { signature, slot, error: Some(error), compute_units: 0, fee: 0, logs: Vec::new(), returned: None };
        Ok(outcome.receipt(&wire::programs(transaction)))
    }
}

impl Ledger for Rpc {
    fn with_commitment(&self, commitment: Commitment) -> Self {
        if commitment == self.commitment { self.clone() } else { Self { commitment, following: Arc::default(), ..self.clone() } }
    }

    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        let lifetime = land::lifetime_of(self, &transaction).await?;
        let options = Options { commitment: self.commitment, ..self.options };
        match land::land(self, &transaction, &lifetime, false, &options, |_| ()).await {
            Ok(Landed::Ran(_)) => self.receipt_of(&wire::signature(&transaction)).await,
            Ok(Landed::Expired) => self.turned_away(&transaction, TransactionError::BlockhashNotFound).await,
            Err(LedgerError::Rejected(error)) => self.turned_away(&transaction, error).await,
            Err(error) => Err(error),
        }
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        wire::check_size(&transaction)?;
        let config = RpcSimulateTransactionConfig {
            sig_verify: false,
            replace_recent_blockhash: true,
            commitment: Some(self.trying()),
            encoding: Some(UiTransactionEncoding::Base64),
            ..RpcSimulateTransactionConfig::default()
        };
        let asked = self.node.client.simulate_transaction_with_config(&transaction, config).await;
        let simulated = asked.map_err(|error| self.node.translate(&error))?;
        Ok(decode::simulated(&transaction, simulated.context.slot, simulated.value))
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<(), LedgerError> {
        wire::check_size(transaction)?;
        wire::check_signatures(transaction).map_err(LedgerError::Rejected)?;
        let hand_over = async |skip_preflight| {
            let config = RpcSendTransactionConfig {
                skip_preflight,
                preflight_commitment: Some(self.trying().commitment),
                encoding: Some(UiTransactionEncoding::Base64),
                // Whoever waits for it hands it over again.
                max_retries: Some(0),
                min_context_slot: None,
            };
            let asked = self.node.client.send_transaction_with_config(transaction, config).await;
            asked.map(|_| ()).map_err(|error| self.node.translate(&error))
        };
        match hand_over(false).await {
            Err(LedgerError::Rejected(TransactionError::AlreadyProcessed)) => Ok(()),
            // The node expects that an instruction fails. It is to be tried all the same: the chain is what decides.
            Err(LedgerError::Rejected(TransactionError::InstructionError(..))) => hand_over(true).await,
            answer => answer,
        }
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Statuses, LedgerError> {
        check_count("statuses", signatures.len(), MAX_STATUSES)?;
        let asked = self.node.client.get_signature_statuses_with_history(signatures).await;
        let found = asked.map_err(|error| self.node.translate(&error))?;
        self.node.check_not_behind(found.context.slot)?;
        // One that is not there would count as not seen.
        if found.value.len() != signatures.len() {
            return Err(self.node.other_count("statuses"));
        }
        Ok(Statuses { slot: found.context.slot, of: found.value.into_iter().map(|status| status.map(decode::status)).collect() })
    }

    /// As of confirmed at least: a node keeps no receipt of what is only processed.
    async fn receipt(&self, signature: &Signature) -> Result<Option<Receipt>, LedgerError> {
        let config = RpcTransactionConfig {
            encoding: Some(UiTransactionEncoding::Base64),
            commitment: Some(decode::commitment(self.commitment.max(Commitment::Confirmed))),
            max_supported_transaction_version: Some(0),
        };
        let params = json!([signature.to_string(), config]);
        let asked = self.node.client.send::<Option<EncodedConfirmedTransactionWithStatusMeta>>(RpcRequest::GetTransaction, params).await;
        let found = asked.map_err(|error| self.node.translate(&error))?;
        found.map(|found| decode::receipt(&self.node.url, signature, found)).transpose()
    }

    /// As of confirmed at least, as receipts are.
    async fn history(&self, address: &Address, before: Option<Signature>, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        let mut entries: Vec<Entry> = Vec::new();
        while entries.len() < limit {
            let page = (limit - entries.len()).min(HISTORY_PAGE);
            let config = GetConfirmedSignaturesForAddress2Config {
                before: entries.last().map(|entry| entry.signature).or(before),
                until: None,
                limit: Some(page),
                commitment: Some(decode::commitment(self.commitment.max(Commitment::Confirmed))),
            };
            let asked = self.node.client.get_signatures_for_address_with_config(address, config).await;
            let found = asked.map_err(|error| self.node.translate(&error))?;
            let full = found.len() >= page;
            for entry in found {
                let signature = entry.signature.parse().map_err(|_| decode::unreadable(&self.node.url, "a signature"))?;
                entries.push(Entry { signature, slot: entry.slot, time: entry.block_time, failed: entry.err.is_some() });
            }
            if !full {
                break;
            }
        }
        Ok(entries)
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        self.node.read(addresses, self.commitment).await
    }

    async fn accounts(&self, filters: &[Filter]) -> Result<Vec<(Address, Account)>, LedgerError> {
        let filter = |filter: &Filter| RpcFilterType::Memcmp(Memcmp::new_base58_encoded(filter.offset, &filter.bytes));
        let config = RpcProgramAccountsConfig {
            filters: (!filters.is_empty()).then(|| filters.iter().map(filter).collect()),
            account_config: self.node.account_config(self.commitment),
            ..RpcProgramAccountsConfig::default()
        };
        let asked = self.node.client.get_program_ui_accounts_with_config(&PROGRAM, config).await;
        decode::accounts(&self.node.url, asked.map_err(|error| self.node.translate(&error))?)
    }

    async fn token_accounts(&self, owner: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        let mut found = Vec::new();
        for program in &token::PROGRAMS {
            found.extend(self.node.token_accounts(owner, program, self.commitment).await?);
        }
        decode::accounts(&self.node.url, found)
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        self.following.subscribe(address, &self.node, &self.websocket, self.commitment, self.options.seed).await
    }

    async fn clock(&self) -> Result<Clock, LedgerError> {
        let clock = self.read(&[CLOCK]).await?.into_iter().next().and_then(|snapshot| snapshot.account);
        decode::clock(&self.node.url, clock.as_ref())
    }

    async fn blockhash(&self) -> Result<Blockhash, LedgerError> {
        let confirmed = decode::commitment(Commitment::Confirmed);
        let asked = self.node.client.get_latest_blockhash_with_commitment(confirmed).await;
        let (hash, last_valid_block_height) = asked.map_err(|error| self.node.translate(&error))?;
        Ok(Blockhash { hash, last_valid_block_height })
    }

    async fn block_height(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.node.block_height(commitment).await
    }

    async fn slot(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.node.slot(commitment).await
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, LedgerError> {
        self.node.client.get_minimum_balance_for_rent_exemption(bytes).await.map_err(|error| self.node.translate(&error))
    }

    async fn priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, LedgerError> {
        let writable = writable.get(..MAX_FEE_ACCOUNTS).unwrap_or(writable);
        let asked = self.node.client.get_recent_prioritization_fees(writable).await;
        let fees = asked.map_err(|error| self.node.translate(&error))?;
        Ok(fees.into_iter().map(|fee| fee.prioritization_fee).collect())
    }

    async fn airdrop(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        // The library's own call says the same of whatever goes wrong.
        let params = json!([address.to_string(), lamports, decode::commitment(self.commitment)]);
        let asked = self.node.client.send::<String>(RpcRequest::RequestAirdrop, params).await;
        let signature = asked.map_err(|error| self.node.translate(&error))?;
        let signature = signature.parse().map_err(|_| decode::unreadable(&self.node.url, "a signature"))?;
        let begun = Instant::now();
        loop {
            match self.statuses(&[signature]).await.map(|statuses| statuses.of.into_iter().next().flatten()) {
                Ok(Some(status)) if status.commitment >= self.commitment => {
                    let refused =
                        |failure| LedgerError::Refused { url: self.node.url.clone(), reason: format!("the airdrop failed: {failure}") };
                    return status.failure.map_or(Ok(()), |failure| Err(refused(failure)));
                }
                Err(error) if !error.is_retryable() => return Err(error),
                _ if begun.elapsed() >= self.options.patience => return Err(LedgerError::Unresolved { signature }),
                _ => sleep(POLL).await,
            }
        }
    }

    async fn wait(&self, time: Duration) -> Result<(), LedgerError> {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let until = self.clock().await?.unix_timestamp.saturating_add(seconds);
        sleep(time).await;
        while self.clock().await?.unix_timestamp < until {
            sleep(POLL).await;
        }
        Ok(())
    }

    async fn next_slot(&self) -> Result<(), LedgerError> {
        let now = self.slot().await?;
        while self.slot().await? <= now {
            sleep(POLL).await;
        }
        Ok(())
    }
}
