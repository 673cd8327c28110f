//! What is on its way to the cache, and doing what the cache asks for.

use {
    super::World,
    crate::chain::Transaction,
    sessions_cache::{Base, Effect, LedgerFailure, OperationId, Sighting, Slot},
    solana_address::Address,
    std::collections::BTreeSet,
};

/// What is on its way to the cache.
#[derive(Clone)]
pub(super) enum Mail {
    Loaded(Address, Base),
    LoadFailed(Address),
    Seen(Slot, Vec<(OperationId, Sighting)>),
    Hint(Address, Slot),
}

impl World {
    /// The ledger is asked of everything that is on its way; the answer may be late, doubled or lost.
    pub(super) fn poll(&mut self) {
        let answer = self.answer(self.cache.in_flight().collect());
        self.mail.push(answer);
    }

    /// The same, and the answer is there before anything else.
    pub fn ask_and_hear(&mut self) {
        let answer = self.answer(self.cache.in_flight().collect());
        self.hand_over(answer);
        self.settle();
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

    /// Something arrives, in whatever order; sometimes twice, the second time later, sometimes never.
    pub(super) fn deliver(&mut self) {
        if self.mail.is_empty() {
            return;
        }
        let place = self.rng.usize(0..self.mail.len());
        let again = match (self.rng.u32(0..10), &mut self.mail[place]) {
            // An answer to a load comes once, be it that it failed; everything else may be lost.
            (0, Mail::Hint(..) | Mail::Seen(..)) => {
                self.mail.swap_remove(place);
                return self.count("lost");
            }
            (0, Mail::Loaded(session, _)) => {
                self.mail[place] = Mail::LoadFailed(*session);
                return self.count("load failed");
            }
            (1, hint @ Mail::Hint(..)) => Some((hint.clone(), "hint doubled")),
            (1..4, answer @ Mail::Seen(..)) => Some((answer.clone(), "answer doubled")),
            (_, Mail::Seen(_, sightings)) => {
                self.rng.shuffle(sightings);
                None
            }
            _ => None,
        };
        self.deliver_at(place);
        if let Some((again, what)) = again {
            self.mail.push(again);
            self.count(what);
        }
    }

    /// Everything arrives in its order, and what follows from it.
    pub fn deliver_all(&mut self) {
        while !self.mail.is_empty() {
            let mail = self.mail.remove(0);
            self.hand_over(mail);
            self.settle();
        }
    }

    fn deliver_at(&mut self, place: usize) {
        let mail = self.mail.swap_remove(place);
        self.hand_over(mail);
    }

    fn hand_over(&mut self, mail: Mail) {
        match mail {
            Mail::Loaded(session, base) => {
                self.handed.insert((session, base.slot, base.read_at));
                self.cache.loaded(&session, base, &self.at);
            }
            Mail::LoadFailed(session) => self.cache.load_failed(&session),
            Mail::Seen(as_of, sightings) => {
                if as_of < self.answered {
                    self.count("answer behind a later one");
                }
                self.answered = self.answered.max(as_of);
                self.cache.seen(as_of, sightings, &self.at);
            }
            Mail::Hint(session, slot) => self.cache.hint(&session, slot),
        }
        self.count("delivered");
    }

    /// Does what the cache asks for.
    pub(super) fn drain(&mut self) {
        while let Some(effect) = self.cache.poll_effect() {
            match effect {
                Effect::Load { session, accounts, since } => self.load(session, accounts, since),
                Effect::Send(id) => self.send(id),
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
                    self.bases.remove(&session);
                    self.count("evicted");
                }
            }
        }
    }

    fn load(&mut self, session: Address, accounts: Vec<Address>, since: Slot) {
        let is_its = |mail: &Mail| matches!(mail, Mail::Loaded(other, _) | Mail::LoadFailed(other) if *other == session);
        assert!(!self.mail.iter().any(is_its), "a session is loaded once at a time");
        // A node that is behind is waited for.
        while self.chain.confirmed().slot < since {
            self.produce_all();
            self.chain.confirm(usize::MAX / 2);
        }
        let block = self.chain.confirmed();
        let accounts = accounts.into_iter().map(|address| (address, block.state.get(&address).cloned())).collect();
        let base = Base { slot: block.slot, read_at: self.clock, accounts };
        self.mail.push(Mail::Loaded(session, base));
        self.count("loaded");
    }

    fn send(&mut self, id: OperationId) {
        assert!(!self.sent.contains_key(&id), "nothing is sent twice");
        let after = self.submitted[&id].after.and_then(|after| self.cache.stage(after));
        assert!(after.is_none_or(|stage| stage.has_landed()), "{id} does not go before what it follows");
        // It was signed; meanwhile it may have been taken back.
        if let Some(operation) = self.cache.sent(id) {
            assert!(self.cache.sent(id).is_none(), "and not a second time");
            self.sent.insert(id, operation.instructions.clone());
            self.mempool.push(Transaction { number: id.0, instructions: operation.instructions.clone() });
            self.count("handed over");
        }
    }
}
