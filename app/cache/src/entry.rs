//! One session: its base, its queue, and what a reader sees.
//!
//! A quiet entry is its base and nothing else; the queue is there while operations are pending.

use {
    crate::{
        Freshness, Level, Slot,
        operation::{Cause, Operation, OperationId, Sighting, Stage},
        overlay::{Overlay, Shelf, find, place},
    },
    sessions_reducer::{Account, Moment, Outcome, Rejection, Silent, reduce},
    solana_address::Address,
    std::{collections::HashSet, sync::Arc},
};

/// A session's accounts as they were at one confirmed slot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base {
    /// The slot.
    pub slot: Slot,
    /// When they were read, by the caller's clock, in milliseconds.
    pub read_at: u64,
    /// The accounts.
    pub accounts: Shelf,
}

/// A session that is held.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// What was confirmed; its accounts are none before the first load.
    pub base: Base,
    /// What is pending.
    pub queue: Option<Box<Queue>>,
}

/// A session's pending operations, and what they make of it.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// The operations, in the order of submission.
    pub pending: Vec<Pending>,
    /// The accounts that they change, as they leave them.
    predicted: Shelf,
    /// A later base, until it is known which of the operations it includes.
    pub candidate: Option<Base>,
}

/// A pending operation.
#[derive(Debug)]
pub(crate) struct Pending {
    pub id: OperationId,
    pub operation: Arc<Operation>,
    /// Local, Sent, Processed or Confirmed.
    pub stage: Stage,
    /// Whether it may be sent: its submitter has recorded it.
    pub released: bool,
    /// Whether it was handed over to be sent.
    pub dispatched: bool,
    /// The latest slot as of which it was in no block that the cluster has voted for.
    pub unseen_as_of: Slot,
    /// Whether what a reader sees includes it: not while the rules refuse it although it was sent.
    applied: bool,
    /// Whether its prediction is exact.
    exact: bool,
}

/// What became of an operation that was pending.
pub(crate) type Ended = (OperationId, Stage);

impl Entry {
    /// What a reader sees of an account: `None` if the entry does not hold it.
    pub fn read(&self, address: &Address, rooted: Slot) -> Option<(Option<&Account>, Freshness)> {
        let base = find(&self.base.accounts, address)?;
        let finalized = self.base.slot <= rooted;
        let confirmed = if finalized { Level::Finalized } else { Level::Confirmed };
        let mut freshness = Freshness { level: confirmed, slot: self.base.slot, read_at: self.base.read_at, exact: true };
        let Some((queue, predicted)) = self.queue.as_ref().and_then(|queue| Some((queue, find(&queue.predicted, address)?))) else {
            return Some((base.as_ref(), freshness));
        };
        for pending in queue.pending.iter().filter(|pending| pending.applied) {
            freshness.level = freshness.level.min(pending.stage.level());
            freshness.exact &= pending.exact;
        }
        Some((predicted.as_ref(), freshness))
    }

    /// The accounts that it holds, or will once it is known what the later base that was read includes.
    pub fn accounts(&self) -> impl Iterator<Item = Address> + '_ {
        let later = self.queue.as_ref().and_then(|queue| queue.candidate.as_ref()).map_or(&[][..], |candidate| &candidate.accounts);
        let held = &self.base.accounts;
        let new = later.iter().filter(|(address, _)| find(held, address).is_none());
        held.iter().chain(new).map(|(address, _)| *address)
    }

    /// Which of these accounts the entry does not hold.
    pub fn missing<'a>(&self, accounts: impl IntoIterator<Item = &'a Address>) -> Vec<Address> {
        accounts.into_iter().filter(|address| find(&self.base.accounts, address).is_none()).copied().collect()
    }

    /// Adds an operation behind the others, if the rules allow it on what a reader sees.
    pub fn push(&mut self, id: OperationId, operation: Arc<Operation>, at: &Moment) -> Result<bool, (usize, Rejection)> {
        let mut fresh = Queue::default();
        let queue = self.queue.as_deref_mut().unwrap_or(&mut fresh);
        let (written, exact) = predict(&operation, &self.base.accounts, &queue.predicted, at)?;
        queue.take(written);
        let pending =
            Pending { id, operation, stage: Stage::Local, released: false, dispatched: false, unseen_as_of: 0, applied: true, exact };
        queue.pending.push(pending);
        if self.queue.is_none() {
            self.queue = Some(Box::new(fresh));
        }
        Ok(exact)
    }

    /// Puts back an operation from an earlier life of the cache; it is predicted with the next base.
    pub fn restore(&mut self, id: OperationId, operation: Arc<Operation>, sent: bool) {
        let stage = if sent { Stage::Sent } else { Stage::Local };
        let pending = Pending { id, operation, stage, released: true, dispatched: sent, unseen_as_of: 0, applied: false, exact: false };
        let queue = self.queue.get_or_insert_default();
        let place = queue.pending.partition_point(|earlier| earlier.id < id);
        queue.pending.insert(place, pending);
    }

    /// Takes in a base that was read. Whether it replaces the one there is for [`Entry::settle`] to say.
    pub fn offer(&mut self, base: Base) {
        let newest = self.queue.as_ref().and_then(|queue| queue.candidate.as_ref()).unwrap_or(&self.base);
        if newest.accounts.is_empty() || (base.slot >= newest.slot && base.accounts.len() >= newest.accounts.len()) {
            match &mut self.queue {
                Some(queue) => queue.candidate = Some(base),
                None => self.base = base,
            }
        }
    }

    /// Moves on to the base that was offered, if it is known which operations it includes; gives the slot as of which that has to be asked if it
    /// is not, or else the operations that ended by it.
    pub fn settle(&mut self, at: &Moment) -> Result<Vec<Ended>, Unsettled> {
        let Some(queue) = &mut self.queue else { return Ok(Vec::new()) };
        let Some(slot) = queue.candidate.as_ref().map(|candidate| candidate.slot) else { return Ok(Vec::new()) };
        for pending in &queue.pending {
            match pending.stage {
                // Only a later slot tells for sure what a slot has.
                Stage::Sent if pending.unseen_as_of <= slot => return Err(Unsettled::Ask(slot.saturating_add(1))),
                Stage::Processed { slot: landed } if landed <= slot => return Err(Unsettled::Ask(slot.saturating_add(1))),
                Stage::Confirmed { slot: landed } if landed == slot => return Err(Unsettled::Later(slot)),
                _ => {}
            }
        }
        if let Some(candidate) = queue.candidate.take() {
            self.base = candidate;
        }
        queue.pending.retain(|pending| !matches!(pending.stage, Stage::Confirmed { slot: landed } if landed < slot));
        Ok(self.rebase(at, &HashSet::new()))
    }

    /// Predicts all pending operations anew on the base. One that was not sent and is refused, or was to follow one that is lost, ends; one that
    /// was sent and is refused stays, unapplied, until the ledger has said what became of it.
    pub fn rebase(&mut self, at: &Moment, lost: &HashSet<OperationId>) -> Vec<Ended> {
        let Some(queue) = &mut self.queue else { return Vec::new() };
        let mut ended: Vec<Ended> = Vec::new();
        queue.predicted.clear();
        let mut pending = std::mem::take(&mut queue.pending);
        pending.retain_mut(|pending| {
            let is_local = matches!(pending.stage, Stage::Local);
            let predecessor = pending.operation.after.filter(|after| lost.contains(after) || ended.iter().any(|(id, _)| id == after));
            if let Some(predecessor) = predecessor.filter(|_| is_local) {
                ended.push((pending.id, Stage::RolledBack(Cause::Predecessor(predecessor))));
                return false;
            }
            match predict(&pending.operation, &self.base.accounts, &queue.predicted, at) {
                Ok((written, exact)) => {
                    queue.take(written);
                    (pending.applied, pending.exact) = (true, exact);
                    true
                }
                // What it needs to know was not loaded yet, which is no verdict.
                Err((instruction, rejection)) if is_local && !matches!(rejection, Rejection::Unpredictable(_)) => {
                    ended.push((pending.id, Stage::RolledBack(Cause::Refused { instruction, rejection })));
                    false
                }
                Err(_) => {
                    pending.applied = false;
                    true
                }
            }
        });
        queue.pending = pending;
        self.drop_empty_queue();
        ended
    }

    /// Takes an operation out of the queue, whatever its stage.
    pub fn remove(&mut self, id: OperationId) {
        if let Some(queue) = &mut self.queue {
            queue.pending.retain(|pending| pending.id != id);
        }
    }

    /// Forgets the queue if nothing is in it any more.
    fn drop_empty_queue(&mut self) {
        let Some(queue) = self.queue.take_if(|queue| queue.pending.is_empty()) else { return };
        if let Some(candidate) = queue.candidate {
            self.base = candidate;
        }
    }

    /// The pending operation with this number.
    pub fn find(&mut self, id: OperationId) -> Option<&mut Pending> {
        self.queue.as_mut()?.pending.iter_mut().find(|pending| pending.id == id)
    }

    /// The operations that can be sent now: those not sent whose predecessors, named or by a common account, are in a block; `elsewhere` are operations of other
    /// sessions that are not. From now on they count as handed over.
    pub fn dispatch(&mut self, elsewhere: &HashSet<OperationId>) -> Vec<OperationId> {
        let mut ready = Vec::new();
        let Some(queue) = &mut self.queue else { return ready };
        // What the operations ahead have not finished with: an account, and whether they write it.
        let mut held: Vec<(Address, bool)> = Vec::new();
        let mut ahead: Vec<OperationId> = Vec::new();
        for pending in &mut queue.pending {
            if pending.stage.has_landed() {
                continue;
            }
            let waits = pending.operation.after.is_some_and(|after| ahead.contains(&after) || elsewhere.contains(&after))
                || pending.touches().any(|(account, writes)| held.iter().any(|(other, written)| *other == account && (writes || *written)));
            if !waits && pending.applied && pending.released && !pending.dispatched {
                pending.dispatched = true;
                ready.push(pending.id);
            }
            held.extend(pending.touches());
            ahead.push(pending.id);
        }
        ready
    }
}

/// Why a base cannot be taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsettled {
    /// What became of the operations that were sent has to be asked, as of this slot.
    Ask(Slot),
    /// A base of a later slot than this is needed.
    Later(Slot),
}

impl Queue {
    /// Keeps what an operation wrote.
    fn take(&mut self, written: Shelf) {
        for (address, account) in written {
            place(&mut self.predicted, address, account);
        }
    }
}

impl Pending {
    /// The accounts that it has in common with others, and whether it writes them. A wallet that signs is no reason to wait.
    fn touches(&self) -> impl Iterator<Item = (Address, bool)> + '_ {
        self.operation
            .instructions
            .iter()
            .flat_map(|instruction| &instruction.accounts)
            .filter(|meta| !meta.is_signer)
            .map(|meta| (meta.pubkey, meta.is_writable))
    }

    /// Takes in what a ledger said of it, as of a slot; whether that is news.
    pub fn see(&mut self, as_of: Slot, sighting: &Sighting) -> bool {
        let next = match (sighting, &self.stage) {
            // It cannot have been sent.
            (_, Stage::Local) => return false,
            // Confirmed is what the cluster voted for; that one node does not know it yet is no news.
            (Sighting::Unseen | Sighting::Processed(_) | Sighting::Failing, Stage::Confirmed { .. }) => return false,
            (Sighting::Unseen | Sighting::Failing, _) => Stage::Sent,
            (Sighting::Processed(slot), _) => Stage::Processed { slot: *slot },
            (Sighting::Confirmed(slot) | Sighting::Finalized(slot), _) => Stage::Confirmed { slot: *slot },
            (Sighting::Failed(..), _) => return true,
        };
        // What failed in a block that is not voted for is in none that is.
        if matches!(sighting, Sighting::Unseen | Sighting::Failing) {
            self.unseen_as_of = self.unseen_as_of.max(as_of);
        }
        let news = next != self.stage;
        self.stage = next;
        news
    }
}

impl Stage {
    /// How sure a reader can be of what an operation at this stage changes.
    const fn level(&self) -> Level {
        match self {
            Self::Processed { .. } => Level::Processed,
            Self::Confirmed { .. } | Self::Finalized { .. } => Level::Confirmed,
            _ => Level::Predicted,
        }
    }
}

/// What an operation writes, and whether that is exact; or the place of the instruction that is refused, and why.
fn predict(operation: &Operation, base: &Shelf, predicted: &Shelf, at: &Moment) -> Result<(Shelf, bool), (usize, Rejection)> {
    let mut overlay = Overlay { base, predicted, written: Shelf::new() };
    let mut exact = true;
    for (place, instruction) in operation.instructions.iter().enumerate() {
        match reduce(instruction, &mut overlay, at, &mut Silent) {
            Ok(Outcome { exact: foreseen, .. }) => exact &= foreseen,
            // Of what another program does nothing is known but that it is no program of sessions.
            Err(Rejection::Foreign) => exact = false,
            Err(rejection) => return Err((place, rejection)),
        }
    }
    Ok((overlay.written, exact))
}
