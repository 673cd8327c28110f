//! A node's answers as what they are.

use {
    crate::{
        ledger::{Commitment, LedgerError, Receipt, Status, types::Outcome},
        transaction::wire,
    },
    base64::{Engine, engine::general_purpose::STANDARD},
    solana_account::Account,
    solana_account_decoder_client_types::UiAccount,
    solana_address::Address,
    solana_clock::Clock,
    solana_commitment_config::CommitmentConfig,
    solana_rpc_client_api::response::RpcSimulateTransactionResult,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_status_client_types::{
        EncodedConfirmedTransactionWithStatusMeta, TransactionConfirmationStatus, TransactionStatus, UiTransactionReturnData,
    },
};

pub const fn commitment(commitment: Commitment) -> CommitmentConfig {
    match commitment {
        Commitment::Processed => CommitmentConfig::processed(),
        Commitment::Confirmed => CommitmentConfig::confirmed(),
        Commitment::Finalized => CommitmentConfig::finalized(),
    }
}

pub fn status(status: TransactionStatus) -> Status {
    let commitment = match status.confirmation_status() {
        TransactionConfirmationStatus::Processed => Commitment::Processed,
        TransactionConfirmationStatus::Confirmed => Commitment::Confirmed,
        TransactionConfirmationStatus::Finalized => Commitment::Finalized,
    };
    Status { slot: status.slot, commitment, failure: status.err }
}

/// An account; `None` if there is none, or nothing but an empty place.
///
/// # Errors
/// [`LedgerError::NotSolana`] if it cannot be read.
pub fn account(url: &str, found: Option<&UiAccount>) -> Result<Option<Account>, LedgerError> {
    let Some(found) = found else { return Ok(None) };
    let account = found.to_account().ok_or_else(|| unreadable(url, "an account"))?;
    Ok((account.lamports > 0).then_some(account))
}

/// Accounts that were asked for by what they hold, in the order of their addresses.
///
/// # Errors
/// As [`account`].
pub fn accounts(url: &str, found: Vec<(Address, UiAccount)>) -> Result<Vec<(Address, Account)>, LedgerError> {
    let mut accounts = Vec::new();
    for (address, found) in found {
        accounts.extend(account(url, Some(&found))?.map(|account| (address, account)));
    }
    accounts.sort_by_key(|(address, _)| *address);
    Ok(accounts)
}

/// An address in base58.
///
/// # Errors
/// [`LedgerError::NotSolana`] if it is none.
pub fn address(url: &str, text: &str) -> Result<Address, LedgerError> {
    text.parse().map_err(|_| unreadable(url, "an address"))
}

/// The chain's clock, as its account has it.
///
/// # Errors
/// [`LedgerError::NotSolana`] if it cannot be read.
pub fn clock(url: &str, account: Option<&Account>) -> Result<Clock, LedgerError> {
    let words = account.and_then(|account| bytemuck::try_pod_read_unaligned::<[u64; 5]>(account.data.get(..40)?).ok());
    let [slot, epoch_start_timestamp, epoch, leader_schedule_epoch, unix_timestamp] = words.ok_or_else(|| unreadable(url, "the clock"))?;
    Ok(Clock {
        slot,
        epoch_start_timestamp: epoch_start_timestamp.cast_signed(),
        epoch,
        leader_schedule_epoch,
        unix_timestamp: unix_timestamp.cast_signed(),
    })
}

/// What became of a transaction.
///
/// # Errors
/// [`LedgerError::NotSolana`] if it cannot be read.
pub fn receipt(url: &str, signature: &Signature, found: EncodedConfirmedTransactionWithStatusMeta) -> Result<Receipt, LedgerError> {
    let transaction = found.transaction.transaction.decode().ok_or_else(|| unreadable(url, "a transaction"))?;
    let meta = found.transaction.meta.ok_or_else(|| unreadable(url, "a transaction's outcome"))?;
    let outcome = Outcome {
        signature: *signature,
        slot: found.slot,
        error: meta.err.map(Into::into),
        compute_units: Option::from(meta.compute_units_consumed).unwrap_or_default(),
        fee: meta.fee,
        logs: Option::from(meta.log_messages).unwrap_or_default(),
        returned: returned(Option::from(meta.return_data)),
    };
    Ok(outcome.receipt(&wire::programs(&transaction)))
}

/// What a simulation did.
pub fn simulated(transaction: &VersionedTransaction, slot: u64, result: RpcSimulateTransactionResult) -> Receipt {
    let outcome = Outcome {
        signature: wire::signature(transaction),
        slot,
        error: result.err.map(Into::into),
        compute_units: result.units_consumed.unwrap_or_default(),
        fee: result.fee.unwrap_or_default(),
        logs: result.logs.unwrap_or_default(),
        returned: returned(result.return_data),
    };
    outcome.receipt(&wire::programs(transaction))
}

fn returned(data: Option<UiTransactionReturnData>) -> Option<(Address, Vec<u8>)> {
    let UiTransactionReturnData { program_id, data: (data, _) } = data?;
    Some((program_id.parse().ok()?, STANDARD.decode(data).ok()?))
}

pub fn unreadable(url: &str, what: &str) -> LedgerError {
    LedgerError::NotSolana { url: url.to_owned(), reason: format!("{what} that it sent cannot be read") }
}
