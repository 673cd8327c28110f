//! The sessions that are held, least recently used first out.
//!
//! | module | job |
//! |---|---|
//! | `limits` | how much is held, what is counted, why an operation is not taken on |
//! | `loads` | reading sessions |
//! | `operations` | operations, from their submission to what became of them |
//! | `queues` | what follows for their sessions |

mod limits;
mod loads;
mod operations;
mod queues;

pub use limits::{Limits, Statistics, SubmitError};

use {
    crate::{
        Effect, Freshness, Slot,
        entry::Entry,
        operation::{OperationId, Stage},
    },
    lru::LruCache,
    sessions_reducer::Account,
    solana_address::Address,
    std::collections::{HashMap, VecDeque},
};

/// A load on its way.
#[derive(Debug, Default)]
struct Loading {
    /// What it was asked for.
    asked: Vec<Address>,
    /// As of which slot.
    since: Slot,
    /// Whether it has to be repeated: something changed or more accounts are wanted since; from which slot on.
    again: Option<Slot>,
    /// Whether the session was given up meanwhile.
    evicted: bool,
}

/// The sessions that are held, and their pending operations.
pub struct Cache {
    limits: Limits,
    quiet: LruCache<Address, Entry>,
    /// Sessions with pending operations, which are never given up.
    busy: HashMap<Address, Entry>,
    loading: HashMap<Address, Loading>,
    /// What accounts of a session are wanted that are not held yet.
    wanted: HashMap<Address, Vec<Address>>,
    /// The session of each operation that is pending.
    pending: HashMap<OperationId, Address>,
    /// Confirmed operations that a base includes, until they are finalized.
    settled: HashMap<OperationId, Slot>,
    ended: LruCache<OperationId, Stage>,
    /// The sessions with operations that are to follow a pending one.
    followers: HashMap<OperationId, Vec<Address>>,
    next: u64,
    /// The highest slot that a base was read at.
    newest: Slot,
    rooted: Slot,
    effects: VecDeque<Effect>,
    statistics: Statistics,
}

impl Cache {
    /// An empty cache whose first operation gets the number `first`: higher than any that a journal knows.
    pub fn new(limits: Limits, first: OperationId) -> Self {
        Self {
            limits,
            quiet: LruCache::new(limits.sessions),
            busy: HashMap::new(),
            loading: HashMap::new(),
            wanted: HashMap::new(),
            pending: HashMap::new(),
            settled: HashMap::new(),
            ended: LruCache::new(limits.ended),
            followers: HashMap::new(),
            next: first.0,
            newest: 0,
            rooted: 0,
            effects: VecDeque::new(),
            statistics: Statistics::default(),
        }
    }

    /// The next thing to be done, if there is one.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Whether there is something to be done.
    pub fn has_effects(&self) -> bool {
        !self.effects.is_empty()
    }

    /// What was counted.
    pub const fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// How many operations are pending.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// How many sessions are held.
    pub fn sessions(&self) -> usize {
        self.quiet.len().saturating_add(self.busy.len())
    }

    /// What is seen of an account of a session, which counts as a use of it; `None` if it is not held.
    pub fn read(&mut self, session: &Address, account: &Address) -> Option<(Option<&Account>, Freshness)> {
        let entry = match self.quiet.get(session) {
            Some(entry) => Some(entry),
            None => self.busy.get(session),
        };
        let found = entry.and_then(|entry| entry.read(account, self.rooted));
        *(if found.is_some() { &mut self.statistics.hits } else { &mut self.statistics.misses }) += 1;
        found
    }

    /// The slot of a session's base, if it is held.
    pub fn base_slot(&self, session: &Address) -> Option<Slot> {
        self.entry(session).map(|entry| entry.base.slot)
    }

    /// The pending operations of a session, in their order, with their stages.
    pub fn queue(&self, session: &Address) -> impl Iterator<Item = (OperationId, &Stage)> {
        let queue = self.entry(session).and_then(|entry| entry.queue.as_deref());
        queue.into_iter().flat_map(|queue| &queue.pending).map(|pending| (pending.id, &pending.stage))
    }

    /// Takes in the highest slot that is finalized.
    pub fn rooted(&mut self, slot: Slot) {
        self.rooted = self.rooted.max(slot);
    }
}
