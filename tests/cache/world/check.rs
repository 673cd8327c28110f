//! What every reader sees, and what it is told of how sure that is, against the naive model: some confirmed block and, on top of it, whatever of the cache's
//! own is not in it and not over, run one after the other.

use {
    super::World,
    crate::chain::{State, run},
    sessions_cache::{Freshness, Level, OperationId, Stage},
    solana_address::Address,
    std::collections::BTreeSet,
};

/// What the pending operations make of a base.
struct Model {
    state: State,
    /// The accounts that they write.
    written: BTreeSet<Address>,
    /// How sure the least sure of those is that have an effect, by what the cache was told.
    told: Level,
    /// The same by what the chain has.
    true_by_now: Level,
    /// Whether all of those are foreseen exactly.
    exact: bool,
}

impl World {
    /// What every reader sees is what the naive model allows.
    pub(super) fn check(&mut self) {
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

            let model = self.model(base, &queue);
            for account in &accounts {
                let (seen, freshness) = self.cache.read(&session, account).expect("all of a session's accounts are held at once");
                assert_eq!(seen, model.state.get(account), "{account} of {session} on slot {slot}, {queue:?}");
                self.check_freshness(&session, base, account, freshness, &model);
            }
            self.count("views compared");
        }
    }

    /// Runs what is pending on a block; and what was told of it was true when it was told.
    fn model(&self, base: usize, queue: &[(OperationId, Stage)]) -> Model {
        let state = State::clone(&self.chain.blocks[base].state);
        let (told, true_by_now) = (Level::Finalized, Level::Finalized);
        let mut model = Model { state, written: BTreeSet::new(), told, true_by_now, exact: true };
        for (id, stage) in queue {
            assert_eq!(stage, self.stage(*id), "what is told of {id} is what it is");
            let told = match stage {
                Stage::Processed { slot } => {
                    assert!(self.chain.succeeded.contains(&(id.0, *slot)), "{id} was in the block of slot {slot}");
                    Level::Processed
                }
                Stage::Confirmed { slot } => {
                    let place = self.chain.find(id.0).map(|(place, _)| place).expect("what is confirmed is there for good");
                    assert!(place <= self.chain.confirmed && self.chain.blocks[place].slot == *slot, "{id} is confirmed at slot {slot}");
                    Level::Confirmed
                }
                _ => Level::Predicted,
            };
            let true_by_now = match self.chain.find(id.0) {
                Some((place, Ok(()))) if place <= self.chain.confirmed => Level::Confirmed,
                _ if self.chain.succeeded.range((id.0, 0)..=(id.0, u64::MAX)).next().is_some() => Level::Processed,
                _ => Level::Predicted,
            };
            match run(&mut model.state, &self.submitted[id].instructions, &self.at) {
                Ok(ran) => {
                    model.written.extend(ran.written);
                    model.exact &= ran.exact;
                    (model.told, model.true_by_now) = (model.told.min(told), model.true_by_now.min(true_by_now));
                }
                Err(error) => assert!(*stage != Stage::Local, "what does not apply is not kept: {error}"),
            }
        }
        model
    }

    /// A reading says of itself what is so: neither more, nor less than the cache was told.
    fn check_freshness(&mut self, session: &Address, base: usize, account: &Address, freshness: Freshness, model: &Model) {
        let Freshness { level, slot, read_at, exact } = freshness;
        assert_eq!(slot, self.chain.blocks[base].slot, "the slot is the base's");
        assert!(self.handed.contains(&(*session, slot, read_at)), "{session} was read at {slot} when the clock was {read_at}");
        let former = self.bases.insert(*session, (slot, read_at));
        assert!(former.is_none_or(|former| former <= (slot, read_at)), "{session} does not go back from {former:?} to {slot}, {read_at}");

        let under = if slot <= self.rooted { Level::Finalized } else { Level::Confirmed };
        let (told, true_by_now, foreseen) = match model.written.contains(account) {
            true => (under.min(model.told), model.true_by_now, model.exact),
            false => (under, Level::Finalized, true),
        };
        assert_eq!((level, exact), (told, foreseen), "{account} of {session} on slot {slot}");
        assert!(level <= true_by_now, "{account} of {session} is said to be {level:?}");
        assert!(level < Level::Finalized || base <= self.chain.finalized, "{account} of {session} cannot disappear");
        self.count(match level {
            Level::Predicted => "read as predicted",
            Level::Processed => "read as processed",
            Level::Confirmed => "read as confirmed",
            Level::Finalized => "read as finalized",
        });
        if !exact {
            self.count("read as inexact");
        }
    }

    /// Nothing is pending any more, and what is held is what the chain holds, for good.
    pub(super) fn check_quiet(&mut self) {
        assert_eq!(self.cache.pending(), 0, "nothing is pending for ever: {:?}", self.stages);
        let tip = self.chain.tip().state.clone();
        for place in 0..self.tables.len() {
            let (session, accounts) = (self.tables[place].session, self.tables[place].accounts.clone());
            for account in accounts {
                if let Some((seen, freshness)) = self.cache.read(&session, &account) {
                    assert_eq!(seen, tip.get(&account), "after quiet it is what the chain holds");
                    assert!(freshness.exact && freshness.level == Level::Finalized, "{freshness:?}");
                    self.count("accounts compared after quiet");
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

    /// What a reader sees of an account of a session.
    pub fn read(&mut self, place: usize, account: &Address) -> (Option<Vec<u8>>, Freshness) {
        let (seen, freshness) = self.cache.read(&self.tables[place].session, account).expect("it is held");
        (seen.map(|account| account.data.clone()), freshness)
    }
}
