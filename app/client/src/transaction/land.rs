//! Sends a transaction until it is known what became of it.

use {
    super::{
        decide::{self, Expiry, Handover, Lifetime, Standing, Step},
        nonce::{self, Nonce},
        wire,
    },
    crate::ledger::{BLOCKHASH_BLOCKS, Blockhash, Commitment, Ledger, LedgerError, Snapshot, Status},
    backon::{BackoffBuilder, ExponentialBuilder},
    solana_address::Address,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::time::Duration,
    tokio::time::{Instant, sleep},
};

/// How a transaction is landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How sure it must be before it counts as done.
    pub commitment: Commitment,
    /// How often it may be signed, each time after the one before could no longer run; 1 at least.
    pub signings: u32,
    /// How long after the same bytes were handed over they are handed over again, if they were not seen.
    pub rebroadcast: Duration,
    /// How long to wait before looking for the first time; then longer each time, up to `rebroadcast`, and again with jitter.
    pub look: Duration,
    /// After how long to stop without knowing.
    pub patience: Duration,
    /// What the jitter is made from.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            commitment: Commitment::Confirmed,
            signings: 3,
            rebroadcast: Duration::from_secs(2),
            look: Duration::from_millis(200),
            patience: Duration::from_secs(300),
            seed: 0,
        }
    }
}

/// What happens to a transaction on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It was signed, for the n-th time, counted from 1. It has not been sent yet.
    Signed {
        /// Its name.
        signature: Signature,
        /// How long it can run.
        lifetime: Lifetime,
        /// Which time this is.
        time: u32,
    },
    /// It was handed over, again and again perhaps.
    Sent(Signature),
    /// It ran.
    Seen(Signature, Status),
    /// It can no longer run.
    Expired(Signature),
}

/// What became of a signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Landed {
    /// It ran, and is as sure as was wanted; it may have failed.
    Ran(Status),
    /// It did not run, and never will.
    Expired,
}

/// Hands a signed transaction over, as the same bytes, until it has run or can no longer. `underway` says that it may have been handed over before,
/// as by a process that crashed. Needs a tokio runtime with time, unless the ledger knows the outcome at once.
///
/// # Errors
/// Those of the ledger that are final, if the transaction was turned away before it was on its way: it has not run, and never will if it is not
/// handed over again. [`LedgerError::Unresolved`] if it is not known what became of it: it may still run, so nothing may be signed in its place;
/// this can be called again with `underway`.
pub async fn land<L: Ledger>(
    ledger: &L,
    transaction: &VersionedTransaction,
    lifetime: &Lifetime,
    mut underway: bool,
    options: &Options,
    mut tell: impl FnMut(Progress) + Send,
) -> Result<Landed, LedgerError> {
    wire::check_size(transaction)?;
    let signature = wire::signature(transaction);
    let begun = Instant::now();
    let mut handed_over: Option<Instant> = None;
    let mut tries = 0;
    let mut expiry = Expiry::default();
    let mut seen: Option<Status> = None;
    let mut pauses = pauses(options, &signature);
    loop {
        let due = handed_over.is_none_or(|at| at.elapsed() >= options.rebroadcast);
        if seen.is_none() && due {
            let answer = ledger.submit(transaction).await;
            let may_be = decide::may_be_underway(&answer);
            match decide::handover(answer, underway, tries) {
                Handover::Underway => {
                    handed_over = Some(Instant::now());
                    tell(Progress::Sent(signature));
                }
                Handover::Again => tries += 1,
                Handover::Refused(error) => return Err(error),
            }
            underway |= may_be;
        }
        match look(ledger, &signature, lifetime, &mut expiry, options.commitment).await {
            Ok(Step::Done(status)) => {
                if seen.as_ref() != Some(&status) {
                    tell(Progress::Seen(signature, status.clone()));
                }
                return Ok(Landed::Ran(status));
            }
            Ok(Step::Wait(status)) => {
                if seen.as_ref() != Some(&status) {
                    tell(Progress::Seen(signature, status.clone()));
                }
                seen = Some(status);
            }
            // What was seen and is not any more was on a fork.
            Ok(Step::Rebroadcast) => seen = None,
            Ok(Step::Expired) => {
                tell(Progress::Expired(signature));
                return Ok(Landed::Expired);
            }
            Err(error) if error.is_retryable() => {}
            Err(error) if !underway => return Err(error),
            Err(_) => {}
        }
        if begun.elapsed() >= options.patience {
            return Err(LedgerError::Unresolved { signature });
        }
        sleep(pauses.next().unwrap_or(options.rebroadcast)).await;
    }
}

/// Signs a transaction and lands it; if it expires, signs it again, at most as often as `options` say. `sign` is called before anything is sent, so
/// that a caller can note what is about to be.
///
/// # Errors
/// [`LedgerError::BlockhashExpired`] if it never ran and never will; otherwise as [`land`] and `sign`.
pub async fn land_resigning<L: Ledger>(
    ledger: &L,
    nonce: Option<Address>,
    mut sign: impl FnMut(&Lifetime) -> Result<VersionedTransaction, LedgerError> + Send,
    options: &Options,
    mut tell: impl FnMut(Progress) + Send,
) -> Result<(Signature, Status), LedgerError> {
    let signings = options.signings.max(1);
    for time in 1..=signings {
        let lifetime = match nonce {
            Some(account) => Lifetime::Nonce { account, hash: read_nonce(ledger, account).await?.hash },
            None => Lifetime::Blockhash(ledger.blockhash().await?),
        };
        let transaction = sign(&lifetime)?;
        let signature = wire::signature(&transaction);
        tell(Progress::Signed { signature, lifetime, time });
        if let Landed::Ran(status) = land(ledger, &transaction, &lifetime, false, options, &mut tell).await? {
            return Ok((signature, status));
        }
    }
    Err(LedgerError::BlockhashExpired { signed: signings })
}

/// How long a transaction that somebody else signed can run at most.
///
/// # Errors
/// As the ledger's.
pub async fn lifetime_of<L: Ledger>(ledger: &L, transaction: &VersionedTransaction) -> Result<Lifetime, LedgerError> {
    let hash = *transaction.message.recent_blockhash();
    if let Some(account) = nonce::account_of(transaction) {
        return Ok(Lifetime::Nonce { account, hash });
    }
    // A blockhash that exists now was made at the present height at the latest.
    let last_valid_block_height = ledger.block_height(Commitment::Processed).await?.saturating_add(BLOCKHASH_BLOCKS);
    Ok(Lifetime::Blockhash(Blockhash { hash, last_valid_block_height }))
}

/// The pauses between two looks: longer each time up to the time between two broadcasts, then that long, all with jitter.
fn pauses(options: &Options, signature: &Signature) -> impl Iterator<Item = Duration> + Send + use<> {
    // Transactions that were begun together do not ask together.
    let seed = signature.as_array().iter().take(8).fold(options.seed, |seed, byte| seed.rotate_left(8) ^ u64::from(*byte));
    ExponentialBuilder::default()
        .with_min_delay(options.look)
        .with_max_delay(options.rebroadcast)
        .without_max_times()
        .with_factor(1.5)
        .with_jitter()
        .with_jitter_seed(seed)
        .build()
}

/// What is known of a transaction now. A status that is not there means that it has not run only if it was asked for after the transaction had
/// expired, so then it is asked for again.
async fn look<L: Ledger>(
    ledger: &L,
    signature: &Signature,
    lifetime: &Lifetime,
    expiry: &mut Expiry,
    wanted: Commitment,
) -> Result<Step, LedgerError> {
    let found = ledger.statuses(&[*signature]).await?;
    if let Some(status) = found.of.into_iter().next().flatten() {
        return Ok(decide::step(false, Some(status), wanted));
    }
    if !expiry.is_over(lifetime, &standing(ledger, lifetime).await?, found.slot) {
        return Ok(Step::Rebroadcast);
    }
    let status = ledger.statuses(&[*signature]).await?.of.into_iter().next().flatten();
    Ok(decide::step(true, status, wanted))
}

/// Where the finalized chain stands.
async fn standing<L: Ledger>(ledger: &L, lifetime: &Lifetime) -> Result<Standing, LedgerError> {
    match lifetime {
        Lifetime::Blockhash(_) => Ok(Standing::Height(ledger.block_height(Commitment::Finalized).await?)),
        Lifetime::Nonce { account, .. } => {
            let found = ledger.with_commitment(Commitment::Finalized).read(&[*account]).await?.into_iter().next();
            let Snapshot { slot, account } = found.unwrap_or(Snapshot { slot: 0, account: None });
            Ok(Standing::Nonce { slot, hash: account.as_ref().and_then(Nonce::read).map(|nonce| nonce.hash) })
        }
    }
}

async fn read_nonce<L: Ledger>(ledger: &L, account: Address) -> Result<Nonce, LedgerError> {
    let no_nonce = |reason| LedgerError::NoNonce { account, reason };
    let found = ledger.read(&[account]).await?.into_iter().next().and_then(|snapshot| snapshot.account);
    Nonce::read(&found.ok_or(no_nonce("there is no account"))?).ok_or(no_nonce("the account holds no nonce"))
}
