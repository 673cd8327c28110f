//! Reading a session's accounts, all at one slot.

use {
    super::{measures, shared::Shared},
    crate::ledger::{Ledger, LedgerError, Snapshot},
    backon::{BackoffBuilder, ExponentialBuilder},
    sessions_cache::{Account, Base},
    solana_address::Address,
    std::{sync::Arc, time::Duration},
    tokio::time::Instant,
};

/// How often a load is tried again that failed for a reason that may go away.
const TRIES: usize = 6;

/// How long after a load that failed a session is read again that is held or has pending operations, unless somebody comes to wait for it.
const RECOVERY: Duration = Duration::from_secs(10);

/// Reads these accounts at one slot that is not before `since`, and hands them to the core.
pub(super) async fn load<L: Ledger>(shared: Arc<Shared<L>>, session: Address, accounts: Vec<Address>, since: u64) {
    let begun = Instant::now();
    let found = read(&shared, &accounts, since).await;
    measures::load_took(begun.elapsed(), found.is_err());
    match found {
        Ok(snapshots) => {
            let slot = snapshots.iter().map(|snapshot| snapshot.slot).min().unwrap_or_default();
            let held = accounts.into_iter().zip(snapshots.into_iter().map(|snapshot| snapshot.account.map(known))).collect();
            let base = Base { slot, read_at: shared.millis(), accounts: held };
            shared.with(|state| {
                state.failed.remove(&session);
                let now = state.now();
                state.core.loaded(&session, base, &now);
            });
        }
        Err(error) => {
            let resting = shared.with(|state| {
                // What nobody holds is not kept either: the errors are as many as the sessions that are asked for at once.
                state.failed.retain(|session, _| state.sessions.contains_key(session));
                state.failed.insert(session, error);
                state.changed(&session);
                let is_held = state.core.base_slot(&session).is_some();
                is_held.then(|| state.rest(session))
            });
            // Who waits for it knows by now; the core has it read once more.
            if let Some(hurried) = resting {
                // Nothing is ever told but the end.
                let _ = tokio::time::timeout(RECOVERY, hurried).await;
            }
            shared.with(|state| {
                state.resting.remove(&session);
                state.core.load_failed(&session);
            });
        }
    }
}

/// Reads until the ledger has come as far as `since`; what may go away by itself is tried again, with growing pauses.
async fn read<L: Ledger>(shared: &Shared<L>, accounts: &[Address], since: u64) -> Result<Vec<Snapshot>, LedgerError> {
    let mut pauses = ExponentialBuilder::default()
        .with_min_delay(shared.options.poll)
        .with_max_times(TRIES)
        .with_jitter()
        .with_jitter_seed(shared.options.seed)
        .build();
    loop {
        match shared.ledger.read(accounts).await {
            Ok(snapshots) if snapshots.iter().all(|snapshot| snapshot.slot >= since) => return Ok(snapshots),
            // It is behind what was heard of already, and will come to it.
            Ok(_) if shared.ledger.next_slot().await.is_ok() => {}
            Ok(_) => tokio::time::sleep(shared.options.poll).await,
            Err(error) => match pauses.next().filter(|_| error.is_retryable()) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error),
            },
        }
    }
}

fn known(account: solana_account::Account) -> Account {
    let solana_account::Account { lamports, data, owner, executable, .. } = account;
    Account { owner, lamports, executable, data }
}
