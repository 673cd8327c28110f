//! The requests to a node that more than one part needs, with its errors as what they mean.

use {
    super::{decode, error, url},
    crate::ledger::{Commitment, LedgerError, MAX_READ, Snapshot, check_count},
    serde_json::json,
    solana_account_decoder_client_types::{UiAccount, UiAccountEncoding},
    solana_address::Address,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::Error as ClientError,
        config::RpcAccountInfoConfig,
        request::RpcRequest,
        response::{Response, RpcKeyedAccount},
    },
    std::{
        sync::atomic::{AtomicU64, Ordering::Relaxed},
        time::Duration,
    },
};

/// How long a node has to answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A node that is asked by JSON-RPC.
pub struct Node {
    pub client: RpcClient,
    /// What it is called in errors.
    pub url: String,
    /// The newest finalized slot that it told of.
    finalized: AtomicU64,
}

impl Node {
    pub fn new(url: String) -> Self {
        let name = url::shown(&url);
        Self { client: RpcClient::new_with_timeout(url, TIMEOUT), url: name, finalized: AtomicU64::new(0) }
    }

    pub fn translate(&self, error: &ClientError) -> LedgerError {
        error::translate(&self.url, error)
    }

    /// What is said of a node that answers with more or fewer than it was asked for.
    pub fn other_count(&self, what: &str) -> LedgerError {
        LedgerError::NotSolana { url: self.url.clone(), reason: format!("it answers with another number of {what}") }
    }

    pub fn account_config(&self, commitment: Commitment) -> RpcAccountInfoConfig {
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64),
            commitment: Some(decode::commitment(commitment)),
            ..RpcAccountInfoConfig::default()
        }
    }

    pub async fn read(&self, addresses: &[Address], commitment: Commitment) -> Result<Vec<Snapshot>, LedgerError> {
        check_count("accounts", addresses.len(), MAX_READ)?;
        if addresses.is_empty() {
            return Ok(Vec::new());
        }
        let asked = self.client.get_multiple_ui_accounts_with_config(addresses, self.account_config(commitment)).await;
        let found = asked.map_err(|error| self.translate(&error))?;
        if found.value.len() != addresses.len() {
            return Err(self.other_count("accounts"));
        }
        let slot = found.context.slot;
        self.note_finalized(slot, commitment);
        found.value.iter().map(|account| Ok(Snapshot { slot, account: decode::account(&self.url, account.as_ref())? })).collect()
    }

    /// The token accounts of an owner under one token program.
    pub async fn token_accounts(
        &self,
        owner: &Address,
        program: &Address,
        commitment: Commitment,
    ) -> Result<Vec<(Address, UiAccount)>, LedgerError> {
        let asked = json!([owner.to_string(), { "programId": program.to_string() }, self.account_config(commitment)]);
        let answer = self.client.send::<Response<Vec<RpcKeyedAccount>>>(RpcRequest::GetTokenAccountsByOwner, asked).await;
        let found = answer.map_err(|error| self.translate(&error))?.value.into_iter();
        found.map(|found| Ok((decode::address(&self.url, &found.pubkey)?, found.account))).collect()
    }

    /// The number of blocks up to the newest of this commitment.
    pub async fn block_height(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        let asked = self.client.get_epoch_info_with_commitment(decode::commitment(commitment)).await;
        let info = asked.map_err(|error| self.translate(&error))?;
        self.note_finalized(info.absolute_slot, commitment);
        Ok(info.block_height)
    }

    /// The newest slot of a commitment.
    pub async fn slot(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        let asked = self.client.get_slot_with_commitment(decode::commitment(commitment)).await;
        asked.map_err(|error| self.translate(&error))
    }

    fn note_finalized(&self, slot: u64, commitment: Commitment) {
        if commitment == Commitment::Finalized {
            self.finalized.fetch_max(slot, Relaxed);
        }
    }

    /// Refuses an answer as of a slot before the finalized one that was told of already: behind one URL there can be many nodes, and one that is
    /// behind does not know what has run.
    pub fn check_not_behind(&self, slot: u64) -> Result<(), LedgerError> {
        let finalized = self.finalized.load(Relaxed);
        if slot < finalized { Err(LedgerError::NodeBehind { url: self.url.clone(), slots: Some(finalized - slot) }) } else { Ok(()) }
    }
}
