//! A cache that counts how often what its readers see has changed.
//!
//! A caller that keeps what it read, decoded, asks for a session's revision before it uses that again: while the revision is the same, so is
//! every reading of the session, its freshness too. A revision is never used again, also if a session is given up and held anew.
//!
//! The core tells of changes by effects. They are taken out of it after each of its methods, for the revision has to count at once, and wait
//! here for whoever does them.

use {
    sessions_cache::{Cache, Effect, Slot},
    solana_address::Address,
    std::collections::{HashMap, VecDeque},
};

/// The cache, and the revisions of the sessions that it holds.
pub struct Watched {
    core: Cache,
    effects: VecDeque<Effect>,
    /// One for each session that is held and was loaded: the number of the last change that touched it.
    revisions: HashMap<Address, u64>,
    changes: u64,
    rooted: Slot,
}

impl Watched {
    /// Watches a cache that is new.
    pub fn new(core: Cache) -> Self {
        Self { core, effects: VecDeque::new(), revisions: HashMap::new(), changes: 0, rooted: 0 }
    }

    /// Does something with the core that may change what a reader sees.
    pub fn change<T>(&mut self, work: impl FnOnce(&mut Cache) -> T) -> T {
        let result = work(&mut self.core);
        while let Some(effect) = self.core.poll_effect() {
            if let Effect::Changed(session) | Effect::Evicted(session) = &effect {
                self.touch(*session);
            }
            self.effects.push_back(effect);
        }
        result
    }

    /// Asks the core for something that changes nothing a reader sees.
    pub fn ask<T>(&mut self, work: impl FnOnce(&mut Cache) -> T) -> T {
        work(&mut self.core)
    }

    /// Takes in the highest slot that is finalized: what is held of slots up to it cannot disappear from now on, which a reader sees.
    pub fn rooted(&mut self, slot: Slot) {
        let before = self.rooted;
        self.rooted = before.max(slot);
        self.change(|core| core.rooted(slot));
        let moved = |session: &&Address| self.core.base_slot(session).is_some_and(|base| base > before && base <= slot);
        let moved: Vec<Address> = self.revisions.keys().filter(moved).copied().collect();
        moved.into_iter().for_each(|session| self.touch(session));
    }

    /// The next thing to be done, if there is one.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Whether there is something to be done.
    pub fn has_effects(&self) -> bool {
        !self.effects.is_empty()
    }

    /// A session's revision; 0 if nothing is held of it.
    pub fn revision(&self, session: &Address) -> u64 {
        self.revisions.get(session).copied().unwrap_or_default()
    }

    /// How often anything changed that a reader sees, of whatever session.
    pub const fn changes(&self) -> u64 {
        self.changes
    }

    fn touch(&mut self, session: Address) {
        self.changes = self.changes.saturating_add(1);
        if self.core.base_slot(&session).is_some() {
            self.revisions.insert(session, self.changes);
        } else {
            self.revisions.remove(&session);
        }
    }
}
