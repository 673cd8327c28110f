//! What the handles and the driver have in common.
//!
//! One lock, held for as long as a method of the core takes and never while anything is awaited.

use {
    super::{
        Options, SubmitError,
        clock::ChainClock,
        journal::{Journal, JournalError, Record, RecordError},
        measures::Measures,
        send::Flight,
    },
    crate::ledger::{Ledger, LedgerError},
    sessions_cache::{Cache, Effect, Moment, OperationId, Stage},
    solana_address::Address,
    std::{
        collections::HashMap,
        sync::{Arc, Mutex, MutexGuard, PoisonError},
        time::Duration,
    },
    tokio::{
        sync::{Notify, watch},
        time::Instant,
    },
};

pub(super) struct Shared<L> {
    pub ledger: L,
    pub options: Options,
    /// Gone when the cache is closed.
    journal: Mutex<Option<Arc<dyn Journal>>>,
    state: Mutex<State>,
    /// Tells the driver that there is something to do.
    wake: Notify,
    /// Whether the driver is to stop.
    stop: watch::Sender<bool>,
    /// Whether it has.
    stopped: watch::Sender<bool>,
    /// Tells whoever closes the cache that an operation ended.
    ended: watch::Sender<()>,
    begun: Instant,
}

/// What is behind the lock.
pub(super) struct State {
    pub core: Cache,
    pub clock: ChainClock,
    /// Whether operations are taken on.
    pub open: bool,
    /// What is on its way.
    pub flights: HashMap<OperationId, Flight>,
    /// Whom to tell of an operation's stages; gone when it ended.
    pub stages: HashMap<OperationId, watch::Sender<Stage>>,
    /// Whom to tell of a session's changes.
    pub sessions: HashMap<Address, watch::Sender<()>>,
    /// Why a session could not be loaded the last time; gone when it could.
    pub failed: HashMap<Address, LedgerError>,
    /// Pending operations by their submitters' names for them.
    pub keys: HashMap<Vec<u8>, OperationId>,
    pub measures: Measures,
}

/// What the driver has to do, beyond what was done under the lock.
pub(super) enum Task {
    Load { session: Address, accounts: Vec<Address>, since: u64 },
    Send(OperationId),
    Ask { session: Address, as_of: u64 },
    Forget(Vec<OperationId>),
    Unfollow(Address),
}

impl<L: Ledger> Shared<L> {
    pub async fn open(ledger: L, mut options: Options) -> Result<Self, SubmitError> {
        let journal = options.journal.take();
        let clock = ChainClock::ask(&ledger).await?;
        let (mut records, mut next) = (Vec::new(), OperationId(1));
        if let Some(journal) = journal.clone() {
            (records, next) = blocking(move || Ok((journal.records()?, journal.next()?))).await?;
        }
        let mut state = State {
            core: Cache::new(options.limits, next),
            clock,
            open: true,
            flights: HashMap::new(),
            stages: HashMap::new(),
            sessions: HashMap::new(),
            failed: HashMap::new(),
            keys: HashMap::new(),
            measures: Measures::default(),
        };
        records.into_iter().try_for_each(|record| state.restore(record))?;
        Ok(Self {
            ledger,
            options,
            journal: Mutex::new(journal),
            state: Mutex::new(state),
            wake: Notify::new(),
            stop: watch::Sender::new(false),
            stopped: watch::Sender::new(false),
            ended: watch::Sender::new(()),
            begun: Instant::now(),
        })
    }

    /// Does something with the state, and wakes the driver if that left it something to do.
    pub fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let result = work(&mut state);
        let busy = state.core.has_effects();
        drop(state);
        if busy {
            self.wake.notify_one();
        }
        result
    }

    /// Looks at the state, in a way that leaves nothing to do.
    pub fn read<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.lock())
    }

    /// A panic elsewhere in the process leaves the core as it was between two of its methods or within one that only counts; it goes on.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the core asks for, told to those who wait for it where that is all.
    pub fn tasks(&self) -> Vec<Task> {
        let mut state = self.lock();
        let (mut tasks, mut forgotten) = (Vec::new(), Vec::new());
        while let Some(effect) = state.core.poll_effect() {
            match effect {
                Effect::Load { session, accounts, since } => tasks.push(Task::Load { session, accounts, since }),
                Effect::Send(id) => tasks.push(Task::Send(id)),
                Effect::Ask { session, as_of } => tasks.push(Task::Ask { session, as_of }),
                Effect::Staged(id, stage) => {
                    if state.tell(id, stage) {
                        forgotten.push(id);
                    }
                }
                Effect::Changed(session) => state.changed(&session),
                Effect::Evicted(session) => tasks.push(Task::Unfollow(session)),
            }
        }
        let statistics = state.core.statistics();
        let pending = state.core.pending();
        let sessions = state.core.sessions();
        state.measures.export(&statistics, pending, sessions);
        drop(state);
        if !forgotten.is_empty() {
            self.ended.send_replace(());
            tasks.push(Task::Forget(forgotten));
        }
        tasks
    }

    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Has the driver stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Says that the driver has stopped.
    pub async fn has_stopped(&self) {
        self.close_journal().await;
        self.stopped.send_replace(true);
    }

    pub async fn stopped(&self) {
        // The sender is `self`'s, so it cannot be gone.
        let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Takes on no more operations.
    pub fn refuse_more(&self) {
        self.lock().open = false;
    }

    pub fn ended(&self) -> watch::Receiver<()> {
        self.ended.subscribe()
    }

    /// Milliseconds since the cache was made.
    pub fn millis(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn journal(&self) -> Option<Arc<dyn Journal>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Closes the journal, once what is being written in it is written: from then on another cache can go on with it.
    async fn close_journal(&self) {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut journal) = journal {
            while Arc::get_mut(&mut journal).is_none() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            // It writes once more when it closes.
            let _ = tokio::task::spawn_blocking(move || drop(journal)).await;
        }
    }

    /// Records something in the journal, if there is one.
    pub async fn record(&self, record: Record) -> Result<(), SubmitError> {
        match self.journal() {
            Some(journal) => blocking(move || Ok(journal.record(&record)?)).await,
            None => Ok(()),
        }
    }

    /// Forgets what has ended; if that fails it is found ended again in the journal's next life.
    pub async fn forget(&self, ended: Vec<OperationId>) {
        if let Some(journal) = self.journal() {
            let _ = blocking(move || Ok(journal.forget(&ended)?)).await;
        }
    }
}

impl State {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Whoever waits for an operation's stages.
    pub fn follow(&mut self, id: OperationId) -> Option<watch::Receiver<Stage>> {
        let stage = self.core.stage(id)?;
        if stage.is_final() {
            return Some(watch::Sender::new(stage).subscribe());
        }
        Some(self.stages.entry(id).or_insert_with(|| watch::Sender::new(stage)).subscribe())
    }

    /// Whoever waits for a session's changes.
    pub fn watch(&mut self, session: Address) -> watch::Receiver<()> {
        // Nobody watches for ever: those who are gone are swept out when others come.
        self.sessions.retain(|_, sender| sender.receiver_count() > 0);
        self.sessions.entry(session).or_insert_with(|| watch::Sender::new(())).subscribe()
    }

    fn changed(&self, session: &Address) {
        if let Some(sender) = self.sessions.get(session) {
            sender.send_replace(());
        }
    }

    /// Tells of an operation's stage; whether it ended.
    fn tell(&mut self, id: OperationId, stage: Stage) -> bool {
        self.measures.staged(id, &stage);
        let ended = stage.is_final();
        if let Some(sender) = self.stages.get(&id) {
            sender.send_replace(stage);
        }
        if ended {
            self.stages.remove(&id);
            self.flights.remove(&id);
            self.keys.retain(|_, other| *other != id);
        }
        ended
    }

    /// Goes on with an operation of an earlier life.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`] if what was signed is no transaction: it may have been sent, and nobody could ask for it.
    fn restore(&mut self, record: Record) -> Result<(), JournalError> {
        let Record { id, key, operation, signed, attempts } = record;
        let flight = match signed {
            Some(signed) => {
                let reason = RecordError::Damaged { reason: "what was signed is no transaction".into() };
                Some(Flight::restored(&signed, attempts).ok_or(JournalError::Unreadable { id, reason })?)
            }
            None => None,
        };
        self.core.restore(id, operation, flight.is_some());
        self.flights.extend(flight.map(|flight| (id, flight)));
        self.keys.extend(key.map(|key| (key, id)));
        Ok(())
    }
}

/// Does what may block where it may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, SubmitError> + Send + 'static) -> Result<T, SubmitError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(SubmitError::Closed),
    }
}
