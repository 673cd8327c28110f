//! The cache against the chain, by chance: everything between them may be late, lost, doubled or in another order. After every step what a reader
//! sees, and what is said of how sure it is, is compared with a naive model, which replays everything from the first block on.
//!
//! | file | job |
//! |---|---|
//! | `ledger` | what happens on the chain, and to what was sent to it |
//! | `mail` | what is on its way to the cache, and doing what the cache asks for |
//! | `check` | the model |

mod check;
mod ledger;
mod mail;

use {
    crate::chain::{Chain, State, Transaction},
    fastrand::Rng,
    mail::Mail,
    sessions_cache::{Cache, Limits, Moment, Operation, OperationId, Slot, Stage, SubmitError},
    solana_address::Address,
    solana_instruction::Instruction,
    std::{
        collections::{BTreeMap, BTreeSet},
        num::NonZeroUsize,
    },
};

/// How often each thing happened.
pub type Counts = BTreeMap<&'static str, u64>;

/// What a session's world has that the test acts with.
pub struct Table {
    pub session: Address,
    pub accounts: Vec<Address>,
    /// Makes instructions of the cache's own wallet, by chance, from what it sees.
    pub act: Act,
    /// Makes some of somebody else's, who sees the chain.
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
    /// The caller's clock.
    clock: u64,
    mail: Vec<Mail>,
    mempool: Vec<Transaction>,
    /// What was sent and may land.
    sent: BTreeMap<OperationId, Vec<Instruction>>,
    submitted: BTreeMap<OperationId, Operation>,
    /// What was told of each operation last.
    stages: BTreeMap<OperationId, Stage>,
    /// The bases that the cache was handed: of which session, slot, and moment of the caller's clock.
    handed: BTreeSet<(Address, Slot, u64)>,
    /// The base of each session that is held, when it was looked at last.
    bases: BTreeMap<Address, (Slot, u64)>,
    /// The highest finalized slot that the cache was told.
    rooted: Slot,
    /// The highest slot as of which an answer was delivered.
    answered: Slot,
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
            clock: 0,
            mail: Vec::new(),
            mempool: Vec::new(),
            sent: BTreeMap::new(),
            submitted: BTreeMap::new(),
            stages: BTreeMap::new(),
            handed: BTreeSet::new(),
            bases: BTreeMap::new(),
            rooted: 0,
            answered: 0,
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
            75..79 => self.poll(),
            79..82 => self.ask_and_hear(),
            82..84 => self.late_verdict(),
            _ => {
                // As much arrives as is sent, about.
                for _ in 0..self.rng.usize(0..10) {
                    self.deliver();
                    self.settle();
                }
            }
        }
        self.settle();
    }

    /// Does what the cache asks for, and compares.
    pub fn settle(&mut self) {
        self.clock += 1;
        self.drain();
        self.check();
    }

    /// Nothing is lost or late any more until nothing is left to do; then the cache holds what the chain holds.
    pub fn quiet(&mut self) {
        for _ in 0..40 {
            self.deliver_all();
            self.release();
            self.drain();
            self.produce_all();
            self.chain.confirm(usize::MAX / 2);
            self.chain.finalize(usize::MAX / 2);
            self.tell_root();
            // What never reached the chain is over some day.
            let lost: Vec<OperationId> = self.sent.keys().filter(|id| self.chain.find(id.0).is_none()).copied().collect();
            lost.into_iter().for_each(|id| self.expire_one(id));
            self.poll();
            let sessions: Vec<Address> = self.tables.iter().map(|table| table.session).collect();
            sessions.iter().for_each(|session| self.cache.refresh(session));
            self.settle();
        }
        self.check_quiet();
    }

    fn table(&mut self) -> usize {
        self.rng.usize(0..self.tables.len())
    }

    fn submit(&mut self) {
        let place = self.table();
        let (session, accounts) = (self.tables[place].session, self.tables[place].accounts.clone());
        if !self.ask_for(place) {
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
        match self.take(Operation { session, instructions, after }) {
            Ok(id) => {
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

    /// An operation is submitted, and not recorded yet.
    pub fn take(&mut self, operation: Operation) -> Result<OperationId, SubmitError> {
        let (id, exact) = self.cache.submit(operation.clone(), &self.at)?;
        let ours = |instruction: &Instruction| instruction.program_id == sessions_client::address::PROGRAM;
        assert_eq!(exact, operation.instructions.iter().all(ours), "what other programs do is not foreseen");
        self.submitted.insert(id, operation);
        self.count("submitted");
        Ok(id)
    }

    /// Somebody reads, which may have a session loaded and another given up.
    fn ask(&mut self) {
        let place = self.table();
        self.ask_for(place);
        self.count("read");
    }

    /// Asks for all accounts of a session; whether they are held.
    pub fn ask_for(&mut self, place: usize) -> bool {
        let Table { session, accounts, .. } = &self.tables[place];
        self.cache.want(session, accounts).unwrap()
    }

    /// What was told last of an operation.
    pub fn stage(&self, id: OperationId) -> &Stage {
        &self.stages[&id]
    }

    /// What was taken on is recorded by now.
    pub fn release(&mut self) {
        let all: Vec<OperationId> = self.submitted.keys().copied().collect();
        all.into_iter().for_each(|id| self.cache.release(id));
    }

    fn cancel(&mut self) {
        let all: Vec<OperationId> = self.submitted.keys().copied().collect();
        if let Some(id) = self.rng.choice(all)
            && self.cache.cancel(id, &self.at)
        {
            self.count("cancelled");
        }
    }
}
