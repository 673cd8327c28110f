//! Lands a transaction: sent until it has run or never can, and only then signed again; whoever waits is told how far it is.

use {
    crate::{confirm::Console, context::Context, failed::Failed, ready::Ready, report::format},
    sessions_client::{
        Ledger, LedgerError,
        failure::Failure,
        ledger::{Commitment, Receipt},
        transaction::{Options, Progress, land_resigning},
    },
    solana_address::Address,
    solana_signature::Signature,
    std::time::Duration,
    tokio::time::{Instant, sleep},
};

/// How often it is asked for the receipt of what has run.
const POLL: Duration = Duration::from_millis(100);

/// Why there is no receipt.
#[derive(Debug)]
pub struct NotLanded {
    /// What is told.
    pub failed: Failed,
    /// Whether it may have run all the same, or may still.
    pub open: bool,
}

/// Lands a transaction, with the nonce in this account if there is one. The receipt may tell of a failure; `part` says which of several it is.
///
/// # Errors
/// Why it did not run, or why that is not known.
pub async fn land<L: Ledger>(
    context: &Context<'_, L>,
    ready: &Ready,
    nonce: Option<Address>,
    part: &str,
    console: &mut dyn Console,
) -> Result<Receipt, NotLanded> {
    let options = Options { commitment: context.commitment, ..Options::default() };
    let mut open = false;
    let tell = |progress: Progress| {
        match progress {
            Progress::Signed { .. } => open = true,
            Progress::Expired(_) => open = false,
            Progress::Sent(_) | Progress::Seen(..) => {}
        }
        console.progress(&format!("{part}{}", told(&progress, &options)));
    };
    match land_resigning(context.ledger, nonce, |lifetime| ready.sign(lifetime), &options, tell).await {
        Ok((signature, _)) => {
            receipt_of(context.ledger, signature, &options).await.map_err(|error| NotLanded { failed: failed(&error), open: true })
        }
        Err(error) => Err(NotLanded { failed: failed(&error), open: open && !error.is_refusal() }),
    }
}

/// The receipt of a transaction that has run, as soon as the ledger has it.
async fn receipt_of<L: Ledger>(ledger: &L, signature: Signature, options: &Options) -> Result<Receipt, LedgerError> {
    let begun = Instant::now();
    loop {
        let why = match ledger.receipt(&signature).await {
            Ok(Some(receipt)) => return Ok(receipt),
            Ok(None) => "the node does not have it".to_owned(),
            Err(error) if error.is_retryable() => error.to_string(),
            Err(error) => return Err(LedgerError::NoReceipt { signature, reason: error.to_string() }),
        };
        if begun.elapsed() >= options.patience {
            return Err(LedgerError::NoReceipt { signature, reason: why });
        }
        sleep(POLL).await;
    }
}

/// How far a transaction is, in a few words.
fn told(progress: &Progress, options: &Options) -> String {
    let level = |commitment: Commitment| format!("{commitment:?}").to_lowercase();
    match progress {
        Progress::Signed { time: 1, .. } => "signed".to_owned(),
        Progress::Signed { time, .. } => format!("signed again ({time} of {})", options.signings),
        Progress::Sent(_) => "sent, and waiting for it to land".to_owned(),
        Progress::Seen(_, status) if status.commitment >= options.commitment => {
            format!("{} in slot {}", level(status.commitment), format::thousands(status.slot))
        }
        Progress::Seen(_, status) => {
            let (slot, now) = (format::thousands(status.slot), level(status.commitment));
            format!("seen in slot {slot}, {now}; waiting until it is {}", level(options.commitment))
        }
        Progress::Expired(_) => "expired, and has not run".to_owned(),
    }
}

fn failed(error: &LedgerError) -> Failed {
    match error {
        LedgerError::Rejected(error) => Failed::refused(&Failure::Transaction(error.clone()), &[]),
        LedgerError::NoReceipt { .. } => Failed::ledger("it cannot be told what it did", error),
        LedgerError::Unresolved { .. } => Failed::ledger("it was sent and not seen", error),
        error => Failed::ledger("the transaction did not land", error),
    }
}
