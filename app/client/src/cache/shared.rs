//! What the handles and the driver have in common: the [`Desk`] with the [`State`], the ledger, the options and the journal.

use {
    super::{
        Options, SubmitError,
        clock::ChainClock,
        desk::{Desk, Work},
        journal::{Journal, JournalError, Record, RecordError},
        measures::Measures,
        send::Flight,
    },
    crate::ledger::{Commitment, Ledger, LedgerError},
    sessions_cache::{Cache, Effect, Moment, OperationId, Stage},
    solana_address::Address,
    std::{
        collections::HashMap,
        ops::Deref,
        sync::{Arc, Mutex, PoisonError},
        time::Duration,
    },
    tokio::{
        sync::{oneshot, watch},
        time::Instant,
    },
};

pub(super) struct Shared<L> {
    /// The ledger at confirmed, which is what the core takes its bases for.
    pub ledger: L,
    /// The ledger at processed, where operations are tried and handed over: one goes as soon as what it follows is in a block, which may not be voted for yet.
    pub newest: L,
    pub options: Options,
    /// Whether there is a journal, or was until the cache was closed.
    has_journal: bool,
    /// Gone when the cache is closed.
    journal: Mutex<Option<Arc<dyn Journal>>>,
    desk: Desk<State>,
    /// When the cache was made.
    pub begun: Instant,
}

/// What is behind the lock.
pub(super) struct State {
    pub core: Cache,
    pub clock: ChainClock,
    /// The highest slot that is known to be finalized.
    rooted: u64,
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
    /// The sessions that could not be read and are after a pause: whoever comes to wait for one drops its sender, which ends the pause.
    pub resting: HashMap<Address, oneshot::Sender<()>>,
    /// Pending operations by their submitters' names for them.
    pub keys: HashMap<Vec<u8>, OperationId>,
    /// The operations that are being recorded, and whom to tell when that is over: their senders are dropped then.
    pub recording: HashMap<OperationId, watch::Sender<()>>,
    /// The sessions of whose operations the ledger is being asked: as of which slot once more, if that is wanted.
    pub asking: HashMap<Address, Option<u64>>,
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
    /// See [`SessionCache::open`](super::SessionCache::open).
    pub async fn open(ledger: L, mut options: Options) -> Result<Self, SubmitError> {
        let journal = options.journal.take();
        let (newest, ledger) = (ledger.with_commitment(Commitment::Processed), ledger.with_commitment(Commitment::Confirmed));
        let clock = ChainClock::ask(&ledger).await?;
        let (mut records, mut next) = (Vec::new(), OperationId(1));
        if let Some(journal) = journal.clone() {
            (records, next) = blocking(move || Ok((journal.records()?, journal.next()?))).await?;
        }
        let mut state = State {
            core: Cache::new(options.limits, next),
            clock,
            rooted: 0,
            open: true,
            flights: HashMap::new(),
            stages: HashMap::new(),
            sessions: HashMap::new(),
            failed: HashMap::new(),
            resting: HashMap::new(),
            keys: HashMap::new(),
            recording: HashMap::new(),
            asking: HashMap::new(),
            measures: Measures::new(),
        };
        records.into_iter().try_for_each(|record| state.restore(record))?;
        Ok(Self {
            ledger,
            newest,
            options,
            has_journal: journal.is_some(),
            journal: Mutex::new(journal),
            desk: Desk::new(state),
            begun: Instant::now(),
        })
    }

    /// What there is to do.
    pub fn tasks(&self) -> Vec<Task> {
        let (mut tasks, forgotten) = self.read(State::take_tasks);
        if !forgotten.is_empty() {
            self.something_ended();
            tasks.push(Task::Forget(forgotten));
        }
        tasks
    }

    /// Closes the journal and says that the driver has stopped.
    pub async fn end(&self) {
        // Nobody else works on the state any more: what is there to be told is told, and what ended last is known.
        drop(self.tasks());
        self.close_journal().await;
        self.has_stopped();
    }

    /// Milliseconds since the cache was made.
    pub fn millis(&self) -> u64 {
        millis_since(self.begun)
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
            // What ended while its record was being written, or whose forgetting was cut short, would be sent in the journal's next life.
            let records = blocking(move || Ok((journal.records()?, journal))).await;
            if let Ok((records, journal)) = records {
                let recorded = records.into_iter().map(|record| record.id);
                let ended: Vec<OperationId> = self.read(|state| recorded.filter(|id| state.has_ended(*id)).collect());
                // It writes once more when it closes.
                let _ = blocking(move || Ok(journal.forget(&ended)?)).await;
            }
        }
    }

    /// Records something in the journal, if there is one.
    pub async fn record(&self, record: Record) -> Result<(), SubmitError> {
        match self.journal() {
            Some(journal) => blocking(move || Ok(journal.record(&record)?)).await,
            None if self.has_journal => Err(SubmitError::Closed),
            None => Ok(()),
        }
    }

    /// Forgets what has ended. What the journal cannot forget goes on in its next life: what was sent is found ended again, and what was not is tried again.
    ///
    /// # Errors
    /// [`SubmitError::Journal`], or Closed.
    pub async fn forget(&self, ended: Vec<OperationId>) -> Result<(), SubmitError> {
        match self.journal() {
            Some(journal) => blocking(move || Ok(journal.forget(&ended)?)).await,
            None if self.has_journal => Err(SubmitError::Closed),
            None => Ok(()),
        }
    }
}

impl<L> Deref for Shared<L> {
    type Target = Desk<State>;

    fn deref(&self) -> &Desk<State> {
        &self.desk
    }
}

impl Work for State {
    fn has_work(&self) -> bool {
        self.core.has_effects()
    }
}

impl State {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// What the core asks for, told to those who wait for it where that is all; and which operations ended.
    fn take_tasks(&mut self) -> (Vec<Task>, Vec<OperationId>) {
        let (mut tasks, mut forgotten) = (Vec::new(), Vec::new());
        while let Some(effect) = self.core.poll_effect() {
            match effect {
                Effect::Load { session, accounts, since } => tasks.push(Task::Load { session, accounts, since }),
                Effect::Send(id) => tasks.push(Task::Send(id)),
                Effect::Ask { session, as_of } => tasks.push(Task::Ask { session, as_of }),
                Effect::Staged(id, stage) => {
                    if self.tell(id, stage) {
                        forgotten.push(id);
                    }
                }
                Effect::Changed(session) => self.changed(&session),
                Effect::Evicted(session) => tasks.push(Task::Unfollow(session)),
            }
        }
        let statistics = self.core.statistics();
        let pending = self.core.pending();
        let sessions = self.core.sessions();
        self.measures.export(&statistics, pending, sessions);
        (tasks, forgotten)
    }

    /// Whether nothing is heard of an operation any more.
    pub fn has_ended(&self, id: OperationId) -> bool {
        self.core.stage(id).is_none_or(|stage| stage.is_final())
    }

    /// Notes that the ledger is to be asked of a session's operations as of a slot; whether nobody asks yet.
    pub fn ask(&mut self, session: Address, as_of: u64) -> bool {
        let is_new = !self.asking.contains_key(&session);
        let wanted = self.asking.entry(session).or_default();
        *wanted = (*wanted).max(Some(as_of));
        is_new
    }

    /// As of which slot the ledger is to be asked of a session's operations next; none ends the asking.
    pub fn next_question(&mut self, session: &Address) -> Option<u64> {
        let wanted = self.asking.get_mut(session).and_then(Option::take);
        if wanted.is_none() {
            self.asking.remove(session);
        }
        wanted
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

    /// Takes in the highest slot that is finalized, and tells who watches sessions of which a reading is that by it.
    pub fn rooted(&mut self, slot: u64) {
        let before = self.rooted;
        self.rooted = before.max(slot);
        self.core.rooted(slot);
        for (session, sender) in &self.sessions {
            if self.core.base_slot(session).is_some_and(|base| before < base && base <= self.rooted) {
                sender.send_replace(());
            }
        }
    }

    /// Has a session rest: the receiver ends when somebody comes to wait for it.
    pub fn rest(&mut self, session: Address) -> oneshot::Receiver<()> {
        let (hurry, hurried) = oneshot::channel();
        self.resting.insert(session, hurry);
        hurried
    }

    /// Tells whoever waits for a session's changes.
    pub fn changed(&self, session: &Address) {
        if let Some(sender) = self.sessions.get(session) {
            sender.send_replace(());
        }
    }

    /// Tells of an operation's stage; whether it ended.
    fn tell(&mut self, id: OperationId, stage: Stage) -> bool {
        self.measures.staged(id, &stage);
        let ended = stage.is_final();
        if let Some(sender) = self.stages.get(&id) {
            // Whoever began to follow it meanwhile knows this one already.
            sender.send_if_modified(|known| {
                let is_new = *known != stage;
                *known = stage;
                is_new
            });
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

/// The time since then in milliseconds.
pub(super) fn millis_since(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Does what may block where it may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, SubmitError> + Send + 'static) -> Result<T, SubmitError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(SubmitError::Closed),
    }
}
