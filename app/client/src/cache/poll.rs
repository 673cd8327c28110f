//! Asking what became of what was sent, sending it again, and telling when it can land no more.

use {
    super::shared::Shared,
    crate::{
        failure::Failure,
        ledger::{Commitment, Ledger, LedgerError, Status},
    },
    sessions_cache::{LedgerFailure, OperationId, Sighting},
    solana_address::Address,
    solana_signature::Signature,
    std::sync::Arc,
    tokio::time::Instant,
};

/// The most transactions that a ledger is asked of at once.
const MOST: usize = 256;
/// A transaction is waited for at most so many times as long as at first before it is sent again.
const LONGEST: u32 = 8;

/// Asks of everything that is on its way.
pub(super) async fn poll<L: Ledger>(shared: Arc<Shared<L>>) {
    let ids: Vec<OperationId> = shared.with(|state| state.core.in_flight().collect());
    // What a node cannot tell now it is asked again the next time.
    let _ = ask(&shared, &ids).await;
    let root = shared.ledger.slot(Commitment::Finalized).await;
    if let Ok(slot) = root {
        shared.with(|state| state.core.rooted(slot));
    }
}

/// Asks of a session's operations until the answer is as of `as_of` or later.
pub(super) async fn settle<L: Ledger>(shared: Arc<Shared<L>>, session: Address, as_of: u64) {
    loop {
        let ids: Vec<OperationId> = shared.with(|state| state.core.queue(&session).map(|(id, _)| id).collect());
        match ask(&shared, &ids).await {
            Ok(slot) if slot >= as_of => return,
            Ok(_) if shared.ledger.next_slot().await.is_ok() => {}
            _ => tokio::time::sleep(shared.options.poll).await,
        }
    }
}

/// Asks of operations, tells the core, and does what follows for those that have not landed; gives as of which slot the answers are at least.
async fn ask<L: Ledger>(shared: &Arc<Shared<L>>, ids: &[OperationId]) -> Result<u64, LedgerError> {
    let flights: Vec<(OperationId, Signature)> =
        shared.with(|state| ids.iter().filter_map(|id| Some((*id, state.flights.get(id)?.signature))).collect());
    let mut oldest = u64::MAX;
    for chunk in flights.chunks(MOST) {
        // The height first: what is in no block as of later than that, and could land up to it only, never will.
        let (root, height) = (shared.ledger.slot(Commitment::Finalized).await?, shared.ledger.block_height(Commitment::Finalized).await?);
        let signatures: Vec<Signature> = chunk.iter().map(|(_, signature)| *signature).collect();
        let statuses = shared.ledger.statuses(&signatures).await?;
        // Another node may have answered, which is behind the one that told the height.
        let height = if statuses.slot >= root { height } else { 0 };
        oldest = oldest.min(statuses.slot);
        let mut sightings = Vec::new();
        for ((id, signature), status) in chunk.iter().zip(statuses.of) {
            let sighting = match status {
                Some(status) => seen(shared, signature, status).await?,
                None => Sighting::Unseen,
            };
            sightings.push((*id, sighting));
        }
        let unseen: Vec<OperationId> = sightings.iter().filter(|(_, sighting)| *sighting == Sighting::Unseen).map(|(id, _)| *id).collect();
        shared.with(|state| {
            let now = state.now();
            state.core.seen(statuses.slot, sightings, &now);
        });
        for id in unseen {
            again(shared, id, height).await;
        }
    }
    Ok(oldest)
}

/// What a status means.
async fn seen<L: Ledger>(shared: &Shared<L>, signature: &Signature, status: Status) -> Result<Sighting, LedgerError> {
    let Status { slot, commitment, failure } = status;
    Ok(match (commitment, failure) {
        (Commitment::Processed, _) => Sighting::Processed(slot),
        (Commitment::Confirmed, None) => Sighting::Confirmed(slot),
        (Commitment::Finalized, None) => Sighting::Finalized(slot),
        // The log tells whose error it is.
        (_, Some(error)) => {
            let told = shared.ledger.receipt(signature).await?.and_then(|receipt| receipt.failure);
            Sighting::Failed(slot, (&told.unwrap_or(Failure::Transaction(error))).into())
        }
    })
}

/// Sends an operation again that has not landed: the same bytes while they can land. Once they cannot, it is signed anew, if that was not done often
/// enough.
async fn again<L: Ledger>(shared: &Shared<L>, id: OperationId, height: u64) {
    let due = shared.with(|state| {
        let (now, moment) = (Instant::now(), state.now());
        let flight = state.flights.get_mut(&id)?;
        if height > flight.last_valid_block_height {
            if flight.attempts < shared.options.signings {
                state.core.lapsed(id, &moment);
            } else {
                state.core.expired(id, &moment);
            }
            return None;
        }
        let (at, waited) = flight.again;
        if flight.stays || now < at {
            return None;
        }
        let first = shared.options.rebroadcast;
        let longer = waited.max(first).saturating_mul(3).checked_div(2).unwrap_or(first).min(first.saturating_mul(LONGEST));
        flight.again = (now + longer, longer);
        Some(flight.transaction.clone())
    });
    if let Some(transaction) = due {
        // Whatever is said now, its status tells.
        let _ = shared.ledger.submit(&transaction).await;
    }
}

impl From<&Failure> for LedgerFailure {
    fn from(failure: &Failure) -> Self {
        let instruction = match failure {
            Failure::Session { instruction, .. } | Failure::Instruction { instruction, .. } => Some(*instruction),
            Failure::Transaction(_) => None,
        };
        Self { instruction, error: failure.session_error(), text: failure.to_string() }
    }
}
