//! What is recorded of an operation, and how it lies in the store.
//!
//! A record is a byte for the version of its layout, and the layout in borsh. One record has one encoding: what was altered, cut off or added to does not decode.

use {
    crate::ledger::MAX_TRANSACTION_BYTES,
    borsh::{BorshDeserialize, BorshSerialize},
    sessions_cache::{Operation, OperationId},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_signature::{SIGNATURE_BYTES, Signature},
};

/// The most bytes of a submitter's own name for an operation.
pub const MAX_KEY_BYTES: usize = 64;

/// The most bytes of a record as it lies in the store. One that fits before it is signed still fits afterwards: the room is kept.
pub const MAX_RECORD_BYTES: usize = 16 * 1024;

/// What signing adds to a record at most: the signature, the transaction and its length, the block height.
const SIGNED_BYTES: usize = SIGNATURE_BYTES + size_of::<u32>() + MAX_TRANSACTION_BYTES + size_of::<u64>();

/// The version of the layout.
const VERSION: u8 = 1;

/// An operation as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub id: OperationId,
    /// Its submitter's own name for it, by which it is known again however often it is submitted; at most [`MAX_KEY_BYTES`].
    pub key: Option<Vec<u8>>,
    /// What it is.
    pub operation: Operation,
    /// The transaction that may be on its way.
    pub signed: Option<Signed>,
    /// How often it was signed.
    pub attempts: u32,
}

/// A transaction that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its first signature, by which a ledger knows it.
    pub signature: Signature,
    /// Its bytes as they go over the wire; at most [`MAX_TRANSACTION_BYTES`].
    pub bytes: Vec<u8>,
    /// The last block height at which it can land; of one with a durable nonce it is [`u64::MAX`].
    pub last_valid_block_height: u64,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Its key is longer than [`MAX_KEY_BYTES`].
    #[error("its key has {bytes} bytes, and {MAX_KEY_BYTES} is the most")]
    KeyTooLong {
        /// The key's length.
        bytes: usize,
    },
    /// Its transaction is larger than [`MAX_TRANSACTION_BYTES`], and no ledger would take it.
    #[error("its transaction has {bytes} bytes, and {MAX_TRANSACTION_BYTES} is the most")]
    TransactionTooLarge {
        /// The transaction's length.
        bytes: usize,
    },
    /// It is larger than [`MAX_RECORD_BYTES`].
    #[error(
        "it takes {bytes} bytes with its transaction, and {MAX_RECORD_BYTES} is the most; submit its instructions as several operations"
    )]
    TooLarge {
        /// What it takes in the store, counting the room for a transaction.
        bytes: usize,
    },
    /// No number would be left for the operation after it.
    #[error("it has the last of all numbers")]
    LastNumber,
    /// It is of a version that this one does not know.
    #[error("its layout is version {version}, and this version of sessions knows {VERSION}")]
    UnknownVersion {
        /// The version that it says it is.
        version: u8,
    },
    /// Its bytes are not a record.
    #[error("it is damaged: {reason}")]
    Damaged {
        /// What is wrong with them.
        reason: String,
    },
}

impl Record {
    /// The record's bytes in the store, under its number.
    pub(super) fn encode(&self) -> Result<Vec<u8>, RecordError> {
        self.check()?;
        let mut bytes = vec![VERSION];
        Layout::from(self).serialize(&mut bytes).map_err(|error| RecordError::Damaged { reason: error.to_string() })?;
        let room = if self.signed.is_some() { 0 } else { SIGNED_BYTES };
        match bytes.len().saturating_add(room) {
            bytes if bytes > MAX_RECORD_BYTES => Err(RecordError::TooLarge { bytes }),
            _ => Ok(bytes),
        }
    }

    /// The record of that number with these bytes.
    pub(super) fn decode(id: OperationId, bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() > MAX_RECORD_BYTES {
            return Err(RecordError::TooLarge { bytes: bytes.len() });
        }
        let layout = match bytes {
            [] => return Err(RecordError::Damaged { reason: "it is empty".to_owned() }),
            [VERSION, layout @ ..] => layout,
            [version, ..] => return Err(RecordError::UnknownVersion { version: *version }),
        };
        let record = Layout::try_from_slice(layout).map_err(|error| RecordError::Damaged { reason: error.to_string() })?.record(id);
        record.check()?;
        Ok(record)
    }

    fn check(&self) -> Result<(), RecordError> {
        if self.id.0 == u64::MAX {
            return Err(RecordError::LastNumber);
        }
        if let Some(key) = self.key.as_ref().filter(|key| key.len() > MAX_KEY_BYTES) {
            return Err(RecordError::KeyTooLong { bytes: key.len() });
        }
        if let Some(signed) = self.signed.as_ref().filter(|signed| signed.bytes.len() > MAX_TRANSACTION_BYTES) {
            return Err(RecordError::TransactionTooLarge { bytes: signed.bytes.len() });
        }
        Ok(())
    }
}

// The layout of version 1. It is kept apart from the types above, and from those of other crates, so that nothing they come to be alters what lies in a store.

#[derive(BorshSerialize, BorshDeserialize)]
struct Layout {
    key: Option<Vec<u8>>,
    session: [u8; 32],
    instructions: Vec<InstructionLayout>,
    after: Option<u64>,
    signed: Option<SignedLayout>,
    attempts: u32,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct InstructionLayout {
    program: [u8; 32],
    metas: Vec<MetaLayout>,
    data: Vec<u8>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct MetaLayout {
    address: [u8; 32],
    signs: bool,
    writes: bool,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct SignedLayout {
    signature: [u8; SIGNATURE_BYTES],
    bytes: Vec<u8>,
    last_valid_block_height: u64,
}

impl From<&Record> for Layout {
    fn from(record: &Record) -> Self {
        let Operation { session, instructions, after } = &record.operation;
        Self {
            key: record.key.clone(),
            session: session.to_bytes(),
            instructions: instructions
                .iter()
                .map(|instruction| InstructionLayout {
                    program: instruction.program_id.to_bytes(),
                    metas: (instruction.accounts.iter())
                        .map(|meta| MetaLayout { address: meta.pubkey.to_bytes(), signs: meta.is_signer, writes: meta.is_writable })
                        .collect(),
                    data: instruction.data.clone(),
                })
                .collect(),
            after: after.map(|id| id.0),
            signed: record.signed.as_ref().map(|signed| SignedLayout {
                signature: signed.signature.into(),
                bytes: signed.bytes.clone(),
                last_valid_block_height: signed.last_valid_block_height,
            }),
            attempts: record.attempts,
        }
    }
}

impl Layout {
    fn record(self, id: OperationId) -> Record {
        let instruction = |layout: InstructionLayout| Instruction {
            program_id: Address::new_from_array(layout.program),
            accounts: (layout.metas.into_iter())
                .map(|meta| AccountMeta { pubkey: Address::new_from_array(meta.address), is_signer: meta.signs, is_writable: meta.writes })
                .collect(),
            data: layout.data,
        };
        Record {
            id,
            key: self.key,
            operation: Operation {
                session: Address::new_from_array(self.session),
                instructions: self.instructions.into_iter().map(instruction).collect(),
                after: self.after.map(OperationId),
            },
            signed: self.signed.map(|signed| Signed {
                signature: Signature::from(signed.signature),
                bytes: signed.bytes,
                last_valid_block_height: signed.last_valid_block_height,
            }),
            attempts: self.attempts,
        }
    }
}

#[cfg(test)]
mod tests;
