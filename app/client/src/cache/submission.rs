//! An operation to be submitted, and what becomes of it.

use {
    super::{SessionCache, journal::JournalError, journal::Record, reading::ReadError},
    crate::ledger::{Ledger, LedgerError},
    sessions_cache::{Cause, Operation, OperationId, Stage, SubmitError as Refusal},
    solana_instruction::Instruction,
    std::{fmt, sync::Arc},
    tokio::sync::watch,
};

/// Why an operation was not taken on. Nothing has changed then, and nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The rules refuse it, or the cache is full.
    #[error("{0}")]
    Refused(Refusal),
    /// The ledger could not be read.
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    /// It could not be recorded.
    #[error("{0}")]
    Journal(#[from] JournalError),
    /// The cache takes on nothing more.
    #[error("the cache was closed; open another")]
    Closed,
}

impl From<ReadError> for SubmitError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Ledger(error) => Self::Ledger(error),
            ReadError::Full(refusal) => Self::Refused(refusal),
            ReadError::Closed | ReadError::Session(_) => Self::Closed,
        }
    }
}

/// A pending operation. Whoever drops it lets it go on by itself.
pub struct Pending {
    id: OperationId,
    exact: bool,
    stage: watch::Receiver<Stage>,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "operation {}: {}", self.id, *self.stage.borrow())
    }
}

impl Pending {
    /// Its number.
    pub const fn id(&self) -> OperationId {
        self.id
    }

    /// Whether what is predicted of it is exact but for what only the chain knows: not if other programs have a say.
    pub const fn exact(&self) -> bool {
        self.exact
    }

    /// How far it has come, as was told last: a reading may be ahead of that for a moment.
    pub fn stage(&self) -> Stage {
        self.stage.borrow().clone()
    }

    /// Waits until it comes to another stage, and gives that; `None` if the cache was closed before.
    pub async fn next(&mut self) -> Option<Stage> {
        self.stage.changed().await.ok()?;
        Some(self.stage.borrow_and_update().clone())
    }

    /// Waits until it is confirmed or has failed; the stage that it has then, or had when the cache was closed.
    pub async fn confirmed(&mut self) -> Stage {
        self.until(|stage| stage.is_final() || matches!(stage, Stage::Confirmed { .. })).await
    }

    /// Waits until it is finalized or has failed; the stage that it has then, or had when the cache was closed.
    pub async fn ended(&mut self) -> Stage {
        self.until(Stage::is_final).await
    }

    async fn until(&mut self, reached: impl FnMut(&Stage) -> bool) -> Stage {
        // If the cache is gone, the last stage is what there is.
        let stage = self.stage.wait_for(reached).await.map(|stage| stage.clone());
        stage.unwrap_or_else(|_| self.stage())
    }
}

impl<L: Ledger> SessionCache<L> {
    /// Takes on an operation: from now on readers see what it does, and it is sent once what it depends on has landed. What it needs to know is
    /// loaded first if it is not held.
    ///
    /// # Errors
    /// [`SubmitError`]: with the program's own error, if that would refuse it.
    pub async fn submit(&self, operation: Operation) -> Result<Pending, SubmitError> {
        self.submit_as(operation, None).await
    }

    /// The same under a name of the submitter's, of at most 64 bytes: while an operation of this name is pending, from this life of the journal or an
    /// earlier one, it is that one, and nothing is submitted anew.
    ///
    /// # Errors
    /// As [`SessionCache::submit`].
    pub async fn submit_once(&self, key: &[u8], operation: Operation) -> Result<Pending, SubmitError> {
        self.submit_as(operation, Some(key.to_vec())).await
    }

    async fn submit_as(&self, operation: Operation, key: Option<Vec<u8>>) -> Result<Pending, SubmitError> {
        let shared = &self.handle.shared;
        let session = operation.session;
        let mut accounts = vec![session];
        accounts.extend(operation.instructions.iter().flat_map(needs));
        accounts.sort_unstable();
        accounts.dedup();
        loop {
            self.load(&session, &accounts).await?;
            let taken = shared.with(|state| {
                if let Some(id) = key.as_ref().and_then(|key| state.keys.get(key)).copied() {
                    return Ok((id, false, true));
                }
                if !state.open {
                    return Err(SubmitError::Closed);
                }
                let now = state.now();
                let (id, exact) = state.core.submit(operation.clone(), &now).map_err(SubmitError::Refused)?;
                state.keys.extend(key.clone().map(|key| (key, id)));
                state.recording.insert(id, watch::Sender::new(()));
                Ok((id, exact, false))
            });
            let (id, exact, known) = match taken {
                // It was given up for another between being loaded and being used, or an instruction needs more than it names.
                Err(SubmitError::Refused(Refusal::NotLoaded(missing))) => {
                    accounts.extend(missing);
                    continue;
                }
                taken => taken?,
            };
            let stage = shared.with(|state| state.follow(id)).ok_or(SubmitError::Closed)?;
            if known {
                self.recorded(id).await;
            } else {
                self.record(Record { id, key, operation, signed: None, attempts: 0 }).await?;
            }
            return Ok(Pending { id, exact, stage });
        }
    }

    /// Records an operation and then lets it be sent, also if whoever submits it no longer waits for that.
    async fn record(&self, record: Record) -> Result<(), SubmitError> {
        let (shared, id) = (Arc::clone(&self.handle.shared), record.id);
        let recording = tokio::spawn(async move {
            let recorded = shared.record(record).await;
            let ended = shared.with(|state| {
                let now = state.now();
                match &recorded {
                    Ok(()) => state.core.release(id),
                    Err(error) => drop(state.core.give_up(id, Cause::NotSent(error.to_string()), &now)),
                }
                state.has_ended(id)
            });
            // It was taken back meanwhile, and may have been forgotten before it was recorded. If that fails it is tried once more when the cache is closed.
            if ended {
                let _ = shared.forget(vec![id]).await;
            }
            shared.with(|state| state.recording.remove(&id));
            recorded
        });
        recording.await.unwrap_or(Err(SubmitError::Closed))
    }

    /// Waits until an operation that somebody else submitted is recorded, or could not be and was given up.
    async fn recorded(&self, id: OperationId) {
        let waiting = self.handle.shared.with(|state| state.recording.get(&id).map(watch::Sender::subscribe));
        if let Some(mut waiting) = waiting {
            // Nothing is ever told but the end.
            while waiting.changed().await.is_ok() {}
        }
    }

    /// A pending operation by its number, or one that ended not long ago.
    pub fn operation(&self, id: OperationId) -> Option<Pending> {
        let stage = self.handle.shared.with(|state| state.follow(id))?;
        Some(Pending { id, exact: false, stage })
    }

    /// Takes an operation back, if it was not sent yet; whether it was. Readers see that at once. When this answers the journal has forgotten it, so that no
    /// later life sends it.
    ///
    /// # Errors
    /// [`SubmitError::Journal`]: it was taken back and the journal may have it still, whose next life would try it again. Closed, if the cache is and had one.
    pub async fn cancel(&self, id: OperationId) -> Result<bool, SubmitError> {
        let cancelled = self.handle.shared.with(|state| {
            let now = state.now();
            state.core.cancel(id, &now)
        });
        if cancelled {
            self.recorded(id).await;
            self.handle.shared.forget(vec![id]).await?;
        }
        Ok(cancelled)
    }
}

/// The accounts that the rules may look at: all but those that sign, which are wallets.
fn needs(instruction: &Instruction) -> impl Iterator<Item = solana_address::Address> + '_ {
    instruction.accounts.iter().filter(|meta| !meta.is_signer).map(|meta| meta.pubkey)
}
