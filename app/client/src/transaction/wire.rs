//! What a transaction is on the wire, and what can be told of it without running it.

use {
    crate::ledger::{LedgerError, MAX_TRANSACTION_BYTES},
    solana_address::Address,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
};

/// The bytes of a transaction on the wire: the number of signatures, the signatures, the message.
pub fn size(transaction: &VersionedTransaction) -> usize {
    const SIGNATURE_BYTES: usize = 64;
    1 + transaction.signatures.len() * SIGNATURE_BYTES + transaction.message.serialize().len()
}

/// The bytes themselves.
pub fn write(transaction: &VersionedTransaction) -> Vec<u8> {
    // It is written into memory, which does not fail.
    wincode::serialize(transaction).unwrap_or_default()
}

/// The transaction that these bytes are, if they are one.
pub fn read(bytes: &[u8]) -> Option<VersionedTransaction> {
    wincode::deserialize(bytes).ok()
}

/// Checks that a transaction fits into a packet of the network.
///
/// # Errors
/// [`LedgerError::TransactionTooLarge`] if it has more than [`MAX_TRANSACTION_BYTES`].
pub fn check_size(transaction: &VersionedTransaction) -> Result<(), LedgerError> {
    match size(transaction) {
        size if size > MAX_TRANSACTION_BYTES => Err(LedgerError::TransactionTooLarge(size)),
        _ => Ok(()),
    }
}

/// Checks that each signer signed, and signed this.
///
/// # Errors
/// SanitizeFailure, SignatureFailure: what a validator answers.
pub fn check_signatures(transaction: &VersionedTransaction) -> Result<(), TransactionError> {
    if transaction.signatures.len() != usize::from(transaction.message.header().num_required_signatures) {
        Err(TransactionError::SanitizeFailure)
    } else if transaction.verify_with_results().contains(&false) {
        Err(TransactionError::SignatureFailure)
    } else {
        Ok(())
    }
}

/// The first signature, which names the transaction; zeros if it has none.
pub fn signature(transaction: &VersionedTransaction) -> Signature {
    transaction.signatures.first().copied().unwrap_or_default()
}

/// The program that each instruction of a transaction goes to.
pub fn programs(transaction: &VersionedTransaction) -> Vec<Address> {
    let keys = transaction.message.static_account_keys();
    let index = |i: u8| keys.get(usize::from(i)).copied().unwrap_or_default();
    transaction.message.instructions().iter().map(|instruction| index(instruction.program_id_index)).collect()
}
