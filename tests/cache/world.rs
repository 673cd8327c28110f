//! The cache against the chain, by chance: everything between them may be late, lost, doubled or in another order. After every step what a reader
//! sees is compared with a naive model, which replays everything from the first block on.

use {
    crate::chain::{Chain, State, Transaction, run},
    fastrand::Rng,
    sessions_cache::{Base, Cache, Effect, LedgerFailure, Limits, Moment, Operation, OperationId, Sighting, Stage, SubmitError},
    solana_address::Address,
    solana_instruction::Instruction,
    std::{
        collections::{BTreeMap, BTreeSet},
        num::NonZeroUsize,
    },
};

/// How often each thing happened.
pub type Counts = BTreeMap<&'static str, u64>;

/// What is on its way to the cache.
enum Mail {
    Loaded(Address, Base),
    LoadFailed(Address),
    Seen(u64, Vec<(OperationId, Sighting)>),
    Hint(Address, u64),
}

/// What a session's world has that the test acts with.
pub struct Table {
    pub session: Address,
    pub accounts: Vec<Address>,
    /// Makes an instruction of the cache's own wallet, by chance, from what it sees.
    pub act: Act,
    /// Makes one of somebody else's, who sees the chain.
    pub other: Act,
}

/// Makes instructions by chance, from the data of the accounts as somebody sees them.
pub type Act = Box<dyn Fn(&mut Rng, &Sight<'_>) -> Vec<Instruction>>;

/// The data of an account, as somebody sees it.
pub type Sight<'a> = dyn Fn(&Address) -> Option<Vec<u8>> + 'a;

pub struct World {
    pub rng: Rng,
    pub chain: Chain,
    pub cache: Cache,
    pub tables: Vec<Table>,
    pub counts: Counts,
    at: Moment,
    mail: Vec<Mail>,
    mempool: Vec<Transaction>,
    /// What was sent and may land.
    sent: BTreeMap<OperationId, Vec<Instruction>>,
    submitted: BTreeMap<OperationId, Operation>,
    stages: BTreeMap<OperationId, Stage>,
    others: u64,
}

impl World {
    pub fn new(seed: u64, state: State, tables: Vec<Table>, held: usize, at: Moment) -> Self {
        let limits = Limits { sessions: NonZeroUsize::new(held).unwrap(), pending_in_session: 12, pending: 40, ..Limits::default() };
        Self {
            rng: Rng::with_seed(seed),
            chain: Chain::new(state),
            cache: Cache::new(limits, OperationId(1)),
            tables,
            counts: Counts::new(),
            at,
            mail: Vec::new(),
            mempool: Vec::new(),
            sent: BTreeMap::new(),
            submitted: BTreeMap::new(),
            stages: BTreeMap::new(),
            others: 1 << 40,
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// One thing happens, by chance.
    pub fn step(&mut self) {
        match self.rng.u32(0..100) {
            0..22 => self.submit(),
            22..30 => self.ask(),
            30..36 => self.somebody_acts(),
            36..52 => self.produce(),
            52..64 => self.confirm(),
            64..67 => self.fork(),
            67..69 => self.expire(),
            69..70 => self.lapse(),
            70..72 => self.cancel(),
            72..75 => self.release(),
            75..82 => self.poll(),
            82..84 => self.late_verdict(),
            _ => self.deliver(),
        }
        self.drain();
        self.check();
    }

    /// Nothing is lost or late any more until nothing is left to do; then the cache holds what the chain holds.
    pub fn quiet(&mut self) {
        for _ in 0..40 {
            while !self.mail.is_empty() {
                self.deliver_at(0);
                self.drain();
                self.check();
            }
            self.release();
            self.drain();
            self.produce_all();
            self.chain.confirm(usize::MAX / 2);
            self.chain.finalize(usize::MAX / 2);
            // What never reached the chain is over some day.
            let lost: Vec<OperationId> = self.sent.keys().filter(|id| self.chain.find(id.0).is_none()).copied().collect();
            lost.into_iter().for_each(|id| self.expire_one(id));
            self.poll();
            let sessions: Vec<Address> = self.tables.iter().map(|table| table.session).collect();
            sessions.iter().for_each(|session| self.cache.refresh(session));
            self.drain();
            self.check();
        }
        assert_eq!(self.cache.pending(), 0, "nothing is pending for ever: {:?}", self.stages);
        let tip = self.chain.tip().state.clone();
        for place in 0..self.tables.len() {
            let (session, accounts) = (self.tables[place].session, self.tables[place].accounts.clone());
            for account in accounts {
                if let Some((seen, freshness)) = self.cache.read(&session, &account) {
                    assert_eq!(seen, tip.get(&account), "after quiet it is what the chain holds");
                    assert!(freshness.exact);
                    *self.counts.entry("accounts compared after quiet").or_default() += 1;
                }
            }
        }
        for (id, stage) in &self.stages {
            assert!(stage.is_final(), "{id} ended: {stage:?}");
            let landed = self.chain.find(id.0).map(|(_, result)| result.is_ok());
            match stage {
                Stage::Finalized { .. } => assert_eq!(landed, Some(true), "{id} happened"),
                Stage::Failed { .. } => assert_eq!(landed, Some(false), "{id} failed"),
                _ => assert_eq!(landed, None, "{id} never happened, {stage:?}"),
            }
        }
    }

    fn table(&mut self) -> usize {
        self.rng.usize(0..self.tables.len())
    }

    fn submit(&mut self) {
        let place = self.table();
        let (session, accounts) = (self.tables[place].session, self.tables[place].accounts.clone());
        if !self.cache.want(&session, &accounts).unwrap() {
            self.count("wanted");
            return;
        }
        let mut views = BTreeMap::new();
        for account in &accounts {
            let (seen, _) = self.cache.read(&session, account).expect("it is held");
            views.insert(*account, seen.map(|account| account.data.clone()));
        }
        let mut rng = self.rng.fork();
        let instructions = (self.tables[place].act)(&mut rng, &|address| views.get(address).cloned().flatten());
        let after = self.submitted.keys().next_back().copied().filter(|_| self.rng.u32(0..4) == 0);
        let operation = Operation { session, instructions, after };
        match self.cache.submit(operation.clone(), &self.at) {
            Ok((id, exact)) => {
                assert!(exact);
                self.submitted.insert(id, operation);
                self.count("submitted");
                // Recording it takes a while, sometimes.
                if self.rng.bool() {
                    self.cache.release(id);
                }
            }
            Err(error) => {
                self.count(match error {
                    SubmitError::Refused { .. } => "refused at once",
                    SubmitError::Predecessor(_) => "without its predecessor",
                    SubmitError::TooManyPending(_) => "too many",
                    error => panic!("{error}"),
                });
            }
        }
    }

    /// Somebody reads, which may have a session loaded and another given up.
    fn ask(&mut self) {
        let place = self.table();
        let (session, accounts) = (self.tables[place].session, self.tables[place].accounts.clone());
        self.cache.want(&session, &accounts).unwrap();
        self.count("read");
    }

    fn somebody_acts(&mut self) {
        let place = self.table();
        let state = self.chain.tip().state.clone();
        let instructions = (self.tables[place].other)(&mut self.rng, &|address| state.get(address).map(|account| account.data.clone()));
        self.others += 1;
        self.mempool.push(Transaction { number: self.others, instructions });
        self.count("somebody else acted");
    }

    fn produce(&mut self) {
        if self.rng.u32(0..6) == 0 {
            self.chain.skip();
        }
        self.rng.shuffle(&mut self.mempool);
        let some = self.rng.usize(0..=self.mempool.len());
        let transactions = self.mempool.split_off(some);
        self.chain.produce(transactions, &self.at);
        self.hints();
        self.count("block");
    }

    fn produce_all(&mut self) {
        let transactions = std::mem::take(&mut self.mempool);
        self.chain.produce(transactions, &self.at);
        self.hints();
    }

    /// A notification of each session, which may be lost, doubled or late.
    fn hints(&mut self) {
        let slot = self.chain.confirmed().slot;
        for place in 0..self.tables.len() {
            for _ in 0..self.rng.usize(0..3) {
                self.mail.push(Mail::Hint(self.tables[place].session, slot));
            }
        }
    }

    fn confirm(&mut self) {
        let (some, more) = (self.rng.usize(0..3), self.rng.usize(0..3));
        self.chain.confirm(some);
        self.chain.finalize(more);
        let rooted = self.chain.blocks[self.chain.finalized].slot;
        self.cache.rooted(rooted);
        self.hints();
        self.count("blocks confirmed");
    }

    /// Blocks disappear; what was in them is sent again, or is lost.
    fn fork(&mut self) {
        let gone = self.chain.fork();
        if !gone.is_empty() {
            self.count("fork that took transactions");
        }
        for transaction in gone {
            if self.rng.bool() {
                self.mempool.push(transaction);
            }
        }
    }

    /// A transaction's time is over: it is in no block, and can get into none any more.
    fn expire(&mut self) {
        let lost = |id: &&OperationId| self.chain.find(id.0).is_none();
        let lost: Vec<OperationId> = self.sent.keys().filter(lost).copied().collect();
        if let Some(id) = self.rng.choice(lost) {
            self.expire_one(id);
            self.count("expired");
        }
    }

    /// The same, and it is signed anew.
    fn lapse(&mut self) {
        let lost = |id: &&OperationId| self.chain.find(id.0).is_none();
        let lost: Vec<OperationId> = self.sent.keys().filter(lost).copied().collect();
        if let Some(id) = self.rng.choice(lost) {
            self.mempool.retain(|transaction| transaction.number != id.0);
            self.sent.remove(&id);
            self.cache.lapsed(id, &self.at);
            self.count("lapsed");
        }
    }

    /// A former transaction of an operation is found to be over once more, late: of one that waits to be signed anew, or landed since, that says nothing.
    fn late_verdict(&mut self) {
        let decided = |id: &OperationId| !matches!(self.cache.stage(*id), Some(Stage::Sent | Stage::Processed { .. }));
        let decided: Vec<OperationId> = self.submitted.keys().copied().filter(decided).collect();
        let Some(id) = self.rng.choice(decided) else { return };
        let stage = self.cache.stage(id);
        self.cache.lapsed(id, &self.at);
        self.cache.expired(id, &self.at);
        assert_eq!(self.cache.stage(id), stage);
        assert!(stage == Some(Stage::Local) || self.cache.sent(id).is_none(), "{id} is not sent again: {stage:?}");
        self.count("late verdict");
    }

    /// What was taken on is recorded by now.
    fn release(&mut self) {
        let all: Vec<OperationId> = self.submitted.keys().copied().collect();
        all.into_iter().for_each(|id| self.cache.release(id));
    }

    fn expire_one(&mut self, id: OperationId) {
        self.mempool.retain(|transaction| transaction.number != id.0);
        self.sent.remove(&id);
        self.cache.expired(id, &self.at);
    }

    fn cancel(&mut self) {
        let all: Vec<OperationId> = self.submitted.keys().copied().collect();
        if let Some(id) = self.rng.choice(all)
            && self.cache.cancel(id, &self.at)
        {
            self.count("cancelled");
        }
    }

    /// The ledger is asked of everything that is on its way; the answer may be late, doubled or lost.
    fn poll(&mut self) {
        let ids: Vec<OperationId> = self.cache.in_flight().collect();
        let answer = self.answer(ids);
        self.mail.push(answer);
    }

    fn answer(&self, ids: Vec<OperationId>) -> Mail {
        let sighting = |id: &OperationId| match self.chain.find(id.0) {
            None => Sighting::Unseen,
            Some((place, Ok(()))) if place > self.chain.confirmed => Sighting::Processed(self.chain.blocks[place].slot),
            Some((place, Err(_))) if place > self.chain.confirmed => Sighting::Failing,
            Some((place, Err(text))) => {
                Sighting::Failed(self.chain.blocks[place].slot, LedgerFailure { instruction: Some(0), error: None, text: text.clone() })
            }
            Some((place, Ok(()))) if place > self.chain.finalized => Sighting::Confirmed(self.chain.blocks[place].slot),
            Some((place, Ok(()))) => Sighting::Finalized(self.chain.blocks[place].slot),
        };
        Mail::Seen(self.chain.tip().slot, ids.into_iter().map(|id| (id, sighting(&id))).collect())
    }

    /// Something arrives, in whatever order; sometimes twice, sometimes never.
    fn deliver(&mut self) {
        if self.mail.is_empty() {
            return;
        }
        let place = self.rng.usize(0..self.mail.len());
        match (self.rng.u32(0..10), &self.mail[place]) {
            // An answer to a load comes, be it that it failed; everything else may be lost.
            (0, Mail::Hint(..) | Mail::Seen(..)) => {
                self.mail.swap_remove(place);
                self.count("lost");
            }
            (0, Mail::Loaded(session, _)) => {
                let session = *session;
                self.mail.swap_remove(place);
                self.mail.push(Mail::LoadFailed(session));
                self.count("load failed");
            }
            (1, Mail::Hint(session, slot)) => {
                let hint = Mail::Hint(*session, *slot);
                self.mail.push(hint);
                self.deliver_at(place);
                self.count("doubled");
            }
            _ => self.deliver_at(place),
        }
    }

    fn deliver_at(&mut self, place: usize) {
        match self.mail.swap_remove(place) {
            Mail::Loaded(session, base) => self.cache.loaded(&session, base, &self.at),
            Mail::LoadFailed(session) => self.cache.load_failed(&session),
            Mail::Seen(as_of, sightings) => self.cache.seen(as_of, sightings, &self.at),
            Mail::Hint(session, slot) => self.cache.hint(&session, slot),
        }
        self.count("delivered");
    }

    /// Does what the cache asks for.
    fn drain(&mut self) {
        while let Some(effect) = self.cache.poll_effect() {
            match effect {
                Effect::Load { session, accounts, since } => {
                    assert!(
                        !self.mail.iter().any(|mail| matches!(mail, Mail::Loaded(other, _) | Mail::LoadFailed(other) if *other == session))
                    );
                    // A node that is behind is waited for.
                    while self.chain.confirmed().slot < since {
                        self.produce_all();
                        self.chain.confirm(usize::MAX / 2);
                    }
                    let block = self.chain.confirmed();
                    let accounts = accounts.into_iter().map(|address| (address, block.state.get(&address).cloned())).collect();
                    let base = Base { slot: block.slot, read_at: 0, accounts };
                    self.mail.push(Mail::Loaded(session, base));
                    self.count("loaded");
                }
                Effect::Send(id) => {
                    assert!(!self.sent.contains_key(&id), "nothing is sent twice");
                    let after = self.submitted[&id].after.and_then(|after| self.cache.stage(after));
                    assert!(after.is_none_or(|stage| stage.has_landed()), "{id} does not go before what it follows");
                    // It was signed; meanwhile it may have been taken back.
                    if let Some(operation) = self.cache.sent(id) {
                        assert!(self.cache.sent(id).is_none(), "and not a second time");
                        self.sent.insert(id, operation.instructions.clone());
                        self.mempool.push(Transaction { number: id.0, instructions: operation.instructions.clone() });
                        self.count("sent");
                    }
                }
                Effect::Ask { session, as_of } => {
                    while self.chain.tip().slot < as_of {
                        self.produce_all();
                    }
                    let sent: BTreeSet<OperationId> = self.cache.in_flight().collect();
                    let ids = self.cache.queue(&session).map(|(id, _)| id).filter(|id| sent.contains(id)).collect();
                    let answer = self.answer(ids);
                    self.mail.push(answer);
                    self.count("asked");
                }
                Effect::Staged(id, stage) => {
                    let former = self.stages.insert(id, stage.clone());
                    assert!(former.is_none_or(|former| !former.is_final()), "{id} ended once: {stage:?}");
                    self.count(stage.name());
                }
                Effect::Changed(_) => {}
                Effect::Evicted(session) => {
                    assert_eq!(self.cache.queue(&session).count(), 0, "what is pending is held");
                    self.count("evicted");
                }
            }
        }
    }

    /// What every reader sees is what the naive model allows.
    fn check(&mut self) {
        for place in 0..self.tables.len() {
            let (session, accounts) = (self.tables[place].session, self.tables[place].accounts.clone());
            let queue: Vec<(OperationId, Stage)> = self.cache.queue(&session).map(|(id, stage)| (id, stage.clone())).collect();
            let Some(slot) = self.cache.base_slot(&session) else {
                assert!(queue.is_empty());
                continue;
            };
            // Whatever is not over, and not in the base, is in the queue, in the order of submission.
            let base = self.chain.blocks.iter().position(|block| block.slot == slot).expect("a base was a confirmed block");
            assert!(base <= self.chain.confirmed);
            let included = |id: OperationId| self.chain.find(id.0).is_some_and(|(place, result)| place <= base && result.is_ok());
            let ours = self.submitted.iter().filter(|(_, operation)| operation.session == session).map(|(id, _)| *id);
            let open: Vec<OperationId> = ours.filter(|id| !self.stages[id].is_lost() && !included(*id)).collect();
            assert_eq!(queue.iter().map(|(id, _)| *id).collect::<Vec<_>>(), open, "the queue of {session} on slot {slot}");

            let mut state = State::clone(&self.chain.blocks[base].state);
            for (id, stage) in &queue {
                let outcome = run(&mut state, &self.submitted[id].instructions, &self.at);
                assert!(outcome.is_ok() || *stage != Stage::Local, "what does not apply is not kept: {outcome:?}");
            }
            for account in &accounts {
                let (seen, _) = self.cache.read(&session, account).expect("all of a session's accounts are held at once");
                assert_eq!(seen, state.get(account), "{account} of {session} on slot {slot}, {queue:?}");
            }
            self.count("views compared");
        }
    }
}
