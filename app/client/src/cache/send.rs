//! Signing an operation and sending it.
//!
//! What is signed is recorded before it leaves; from then on the same bytes are sent until the ledger has said what became of them.

use {
    super::{
        SubmitError,
        journal::{JournalError, Record, Signed},
        options::Wallet,
        shared::Shared,
    },
    crate::{
        ledger::{Blockhash, Ledger, LedgerError},
        transaction::{
            Draft, Lifetime,
            decide::{Handover, handover},
            wire,
        },
    },
    sessions_cache::{Cause, Operation, OperationId},
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
    std::{sync::Arc, time::Duration},
    tokio::time::Instant,
};

/// A transaction on its way.
#[derive(Clone)]
pub(super) struct Flight {
    pub transaction: VersionedTransaction,
    pub signature: Signature,
    pub last_valid_block_height: u64,
    /// How often the operation was signed.
    pub attempts: u32,
    /// When it is sent again, and how long it was waited for since the last time. `None` while it is being handed over for the first time, and for one that
    /// stays here, because the journal may have lost it: that is asked for until it can land no more, and never sent.
    pub again: Option<(Instant, Duration)>,
    /// Whether it is of an earlier life of the cache.
    pub restored: bool,
}

impl Flight {
    /// One that a journal kept; it is sent again as soon as it is known that it has not landed. `None` if the bytes are no transaction of that
    /// signature.
    pub fn restored(signed: &Signed, attempts: u32) -> Option<Self> {
        let Signed { signature, last_valid_block_height, .. } = *signed;
        let transaction: VersionedTransaction = wire::read(&signed.bytes)?;
        let again = Some((Instant::now(), Duration::ZERO));
        let is_its = wire::signature(&transaction) == signature;
        is_its.then_some(Self { transaction, signature, last_valid_block_height, attempts, again, restored: true })
    }
}

/// How often a simulation is tried again that fails although the rules foresee no failure: the node may not have seen yet what came before.
const SIMULATIONS: u32 = 4;

/// Why an operation is not sent.
enum Hindrance {
    /// What may go away by itself.
    Passing,
    /// What will not.
    Lasting(Cause),
}

impl From<LedgerError> for Hindrance {
    fn from(error: LedgerError) -> Self {
        if error.is_retryable() { Self::Passing } else { Self::Lasting(Cause::NotSent(error.to_string())) }
    }
}

/// Signs an operation and sends it: for the first time, or after what was signed before can land no more.
pub(super) async fn send<L: Ledger>(shared: Arc<Shared<L>>, id: OperationId) {
    loop {
        let Some(operation) = shared.with(|state| state.core.operation(id)) else { return };
        match prepare(&shared, &operation).await {
            Ok((transaction, blockhash)) => return launch(&shared, id, &operation, transaction, &blockhash).await,
            Err(Hindrance::Passing) => tokio::time::sleep(shared.options.poll).await,
            Err(Hindrance::Lasting(cause)) => {
                return shared.with(|state| {
                    let now = state.now();
                    state.core.give_up(id, cause, &now);
                });
            }
        }
    }
}

/// The operation as a signed transaction.
async fn prepare<L: Ledger>(shared: &Shared<L>, operation: &Operation) -> Result<(VersionedTransaction, Blockhash), Hindrance> {
    let wallet = &shared.options.wallet;
    let mut draft = Draft::new(wallet.payer(), operation.instructions.clone());
    simulate(shared, &mut draft).await?;
    let blockhash = shared.ledger.blockhash().await?;
    Ok((sign(&draft, &**wallet, blockhash)?, blockhash))
}

fn sign(draft: &Draft, wallet: &dyn Wallet, blockhash: Blockhash) -> Result<VersionedTransaction, LedgerError> {
    let message = draft.unsigned().message;
    let wanted = message.static_account_keys().iter().take(usize::from(message.header().num_required_signatures));
    let find = |address| wallet.signer(address).ok_or_else(|| LedgerError::Unsigned(format!("there is no key of {address}")));
    let keys: Vec<&dyn Signer> = wanted.map(find).collect::<Result<_, _>>()?;
    draft.sign(&Lifetime::Blockhash(blockhash), &keys)
}

/// Tries the draft without sending it, and gives it its budget by that.
async fn simulate<L: Ledger>(shared: &Shared<L>, draft: &mut Draft) -> Result<(), Hindrance> {
    let mut tries = 0;
    loop {
        let Some(failure) = draft.prepare(&shared.newest, shared.options.price).await?.failure else { return Ok(()) };
        tries += 1;
        if tries == SIMULATIONS {
            return Err(Hindrance::Lasting(Cause::WouldFail((&failure).into())));
        }
        tokio::time::sleep(shared.options.poll).await;
    }
}

/// Records what was signed and lets it go.
async fn launch<L: Ledger>(
    shared: &Shared<L>,
    id: OperationId,
    operation: &Operation,
    transaction: VersionedTransaction,
    blockhash: &Blockhash,
) {
    let (signature, bytes) = (wire::signature(&transaction), wire::write(&transaction));
    let last_valid_block_height = blockhash.last_valid_block_height;
    let goes_on = shared.read(|state| {
        let attempts = state.flights.get(&id).map_or(0, |former| former.attempts).saturating_add(1);
        let key = state.keys.iter().find(|(_, other)| **other == id).map(|(key, _)| key.clone());
        (!state.has_ended(id)).then_some((attempts, key))
    });
    // It was taken back while it was signed, and its record may be forgotten already.
    let Some((attempts, key)) = goes_on else { return };
    let signed = Signed { signature, bytes, last_valid_block_height };
    let record = Record { id, key, operation: operation.clone(), signed: Some(signed), attempts };
    // What is not recorded must not leave: it could be sent twice.
    let stays = match shared.record(record).await {
        Ok(()) => false,
        // It is in the journal or it is not, and then the journal's next life sends it. So it counts as sent, until it can land no more.
        Err(SubmitError::Journal(JournalError::Store(_))) => true,
        Err(error) => {
            return shared.with(|state| {
                let now = state.now();
                state.core.give_up(id, Cause::NotSent(error.to_string()), &now);
            });
        }
    };
    let flight = Flight { transaction: transaction.clone(), signature, last_valid_block_height, attempts, again: None, restored: false };
    let leaves = shared.with(|state| {
        let leaves = state.core.sent(id).is_some();
        if leaves {
            state.flights.insert(id, flight);
        }
        leaves
    });
    if !leaves {
        if shared.read(|state| state.has_ended(id)) {
            // What could not be forgotten is tried once more when the cache is closed.
            let _ = shared.forget(vec![id]).await;
        }
        return;
    }
    if stays {
        return;
    }
    // It was not handed over before, so a refusal is one: of these bytes, in whose place others may have been signed by the time it comes.
    let refusal = match handover(shared.newest.submit(&transaction).await, false, 0) {
        Handover::Refused(error) => Some(error),
        Handover::Underway | Handover::Again => None,
    };
    shared.with(|state| {
        let now = state.now();
        let Some(flight) = state.flights.get_mut(&id).filter(|flight| flight.signature == signature) else { return };
        match refusal {
            Some(error) => {
                state.core.lapsed(id, &now);
                state.core.give_up(id, Cause::NotSent(error.to_string()), &now);
            }
            // What became of it only its status tells, and it is sent again until then.
            None => {
                let pause = shared.options.rebroadcast;
                flight.again = Some((Instant::now() + pause, pause));
            }
        }
    });
}
