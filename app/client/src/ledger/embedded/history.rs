//! What the embedded ledger remembers of transactions that ran.
//!
//! It keeps the last [`KEPT`], and beyond that those whose blockhash can still be valid, so that no transaction runs twice.

use {
    super::super::{BLOCKHASH_BLOCKS, Commitment, Entry, Receipt, Status},
    solana_address::Address,
    solana_signature::Signature,
    solana_transaction_error::TransactionError,
    std::collections::{HashMap, VecDeque},
};

/// How many transactions are remembered at least, once there were so many.
pub const KEPT: usize = 4_096;

/// A transaction that ran.
pub struct Ran {
    pub receipt: Receipt,
    pub error: Option<TransactionError>,
    pub time: i64,
    pub touched: Vec<Address>,
}

/// The transactions that ran, by signature and in order.
#[derive(Default)]
pub struct History {
    ran: HashMap<Signature, Ran>,
    /// Oldest first.
    order: VecDeque<Signature>,
}

impl History {
    pub fn add(&mut self, ran: Ran) {
        let now = ran.receipt.slot;
        self.order.push_back(ran.receipt.signature);
        self.ran.insert(ran.receipt.signature, ran);
        let can_go = |ran: &Ran| ran.receipt.slot.saturating_add(BLOCKHASH_BLOCKS) < now;
        while self.order.len() > KEPT
            && let Some(oldest) = self.order.front()
            && self.ran.get(oldest).is_none_or(can_go)
        {
            self.ran.remove(oldest);
            self.order.pop_front();
        }
    }

    pub fn receipt(&self, signature: &Signature) -> Option<&Receipt> {
        self.ran.get(signature).map(|ran| &ran.receipt)
    }

    pub fn status(&self, signature: &Signature) -> Option<Status> {
        let ran = self.ran.get(signature)?;
        Some(Status { slot: ran.receipt.slot, commitment: Commitment::Finalized, failure: ran.error.clone() })
    }

    pub fn of(&self, address: &Address, before: Option<Signature>, limit: usize) -> Vec<Entry> {
        let mut newest_first = self.order.iter().rev();
        if let Some(before) = before {
            newest_first.by_ref().find(|signature| **signature == before);
        }
        newest_first
            .filter_map(|signature| self.ran.get(signature))
            .filter(|ran| ran.touched.contains(address))
            .map(|Ran { receipt, error, time, .. }| Entry {
                signature: receipt.signature,
                slot: receipt.slot,
                time: Some(*time),
                failed: error.is_some(),
            })
            .take(limit)
            .collect()
    }
}
