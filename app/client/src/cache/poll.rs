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
/// For how many blocks a ledger is believed when it does not know a transaction of an earlier life: some five hours. Nodes without a history of their own keep a
/// day or two, and what they have forgotten is not to be done a second time.
const REMEMBERED: u64 = 50_000;
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

/// Asks of a session's operations, as of the slot that [`State::asking`](super::shared::State::asking) has for it or later, for as long as there is one.
pub(super) async fn settle<L: Ledger>(shared: Arc<Shared<L>>, session: Address) {
    while let Some(as_of) = shared.read(|state| state.next_question(&session)) {
        loop {
            let ids: Vec<OperationId> = shared.read(|state| state.core.sent_in(&session));
            match ask(&shared, &ids).await {
                Ok(slot) if slot >= as_of => break,
                Ok(_) if shared.ledger.next_slot().await.is_ok() => {}
                _ => tokio::time::sleep(shared.options.poll).await,
            }
        }
        // What follows from the answer is asked a while later: a block that is not voted for yet will not be at once.
        tokio::time::sleep(shared.options.poll).await;
    }
}

/// Asks of operations, tells the core, and does what follows for those that have not landed; gives as of which slot the answers are at least.
async fn ask<L: Ledger>(shared: &Arc<Shared<L>>, ids: &[OperationId]) -> Result<u64, LedgerError> {
    let flights: Vec<(OperationId, Signature)> =
        shared.with(|state| ids.iter().filter_map(|id| Some((*id, state.flights.get(id)?.signature))).collect());
    let (mut oldest, mut failed) = (u64::MAX, None);
    for chunk in flights.chunks(MOST) {
        // One part that cannot be told leaves the others.
        match ask_some(shared, chunk).await {
            Ok(slot) => oldest = oldest.min(slot),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(oldest), Err)
}

/// [`ask`] for as many as a ledger answers at once.
async fn ask_some<L: Ledger>(shared: &Arc<Shared<L>>, chunk: &[(OperationId, Signature)]) -> Result<u64, LedgerError> {
    // The height first: what is in no block as of later than that, and could land up to it only, never will.
    let (root, height) = (shared.ledger.slot(Commitment::Finalized).await?, shared.ledger.block_height(Commitment::Finalized).await?);
    let signatures: Vec<Signature> = chunk.iter().map(|(_, signature)| *signature).collect();
    let statuses = shared.ledger.statuses(&signatures).await?;
    // Another node may have answered, which is behind the one that told the height.
    let height = if statuses.slot >= root { height } else { 0 };
    let mut sightings = Vec::new();
    for ((id, signature), status) in chunk.iter().zip(statuses.of) {
        let sighting = match status {
            Some(status) => seen(shared, signature, status).await,
            None => Sighting::Unseen,
        };
        sightings.push((*id, sighting));
    }
    let signature_of = |id: &OperationId| chunk.iter().find(|(other, _)| other == id).map(|(_, signature)| *signature);
    let unseen = sightings.iter().filter(|(_, sighting)| *sighting == Sighting::Unseen);
    let unseen: Vec<(OperationId, Signature)> = unseen.filter_map(|(id, _)| Some((*id, signature_of(id)?))).collect();
    shared.with(|state| {
        let now = state.now();
        state.core.seen(statuses.slot, sightings, &now);
    });
    for (id, signature) in unseen {
        again(shared, id, &signature, height).await;
    }
    Ok(statuses.slot)
}

/// What a status means.
async fn seen<L: Ledger>(shared: &Shared<L>, signature: &Signature, status: Status) -> Sighting {
    let Status { slot, commitment, failure } = status;
    match (commitment, failure) {
        (Commitment::Processed, None) => Sighting::Processed(slot),
        (Commitment::Processed, Some(_)) => Sighting::Failing,
        (Commitment::Confirmed, None) => Sighting::Confirmed(slot),
        (Commitment::Finalized, None) => Sighting::Finalized(slot),
        // The log tells whose error it is, if the ledger has it.
        (_, Some(error)) => {
            let told = shared.ledger.receipt(signature).await.ok().flatten().and_then(|receipt| receipt.failure);
            Sighting::Failed(slot, (&told.unwrap_or(Failure::Transaction(error))).into())
        }
    }
}

/// Sends an operation again that has not landed by the transaction with this signature: the same bytes while they can land. Once they cannot, it is signed
/// anew, if that was not done often enough.
async fn again<L: Ledger>(shared: &Shared<L>, id: OperationId, signature: &Signature, height: u64) {
    let due = shared.with(|state| {
        let (now, moment) = (Instant::now(), state.now());
        // It may have been signed anew since it was asked for; of that nothing is known yet.
        let flight = state.flights.get_mut(&id).filter(|flight| flight.signature == *signature)?;
        if height > flight.last_valid_block_height {
            let forgotten = flight.restored && height.saturating_sub(flight.last_valid_block_height) > REMEMBERED;
            if flight.attempts < shared.options.signings && !forgotten {
                state.core.lapsed(id, &moment);
            } else {
                state.core.expired(id, &moment);
            }
            return None;
        }
        let (_, waited) = flight.again.filter(|(at, _)| *at <= now)?;
        let first = shared.options.rebroadcast;
        let longer = waited.max(first).saturating_mul(3).checked_div(2).unwrap_or(first).min(first.saturating_mul(LONGEST));
        flight.again = Some((now + longer, longer));
        Some(flight.transaction.clone())
    });
    if let Some(transaction) = due {
        // Whatever is said now, its status tells.
        let _ = shared.newest.submit(&transaction).await;
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
