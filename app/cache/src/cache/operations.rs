//! Operations, from their submission to what became of them.

use {
    super::{Cache, SubmitError},
    crate::{
        Effect, Slot,
        entry::{Entry, Pending},
        operation::{Cause, Operation, OperationId, Sighting, Stage},
    },
    sessions_reducer::{Cause as Unpredictable, Moment, Rejection},
    solana_address::Address,
    std::sync::Arc,
};

impl Cache {
    /// Takes on an operation: predicts it on what a reader sees. It is sent once it is [released](Cache::release) and those that it depends on have landed.
    /// Gives its number, and whether the prediction is exact.
    ///
    /// # Errors
    /// [`SubmitError`]: the program's own, if it would refuse it. Nothing has changed then.
    pub fn submit(&mut self, operation: Operation, at: &Moment) -> Result<(OperationId, bool), SubmitError> {
        let session = operation.session;
        if let Some(after) = operation.after
            && !self.pending.contains_key(&after)
            && !self.settled.contains_key(&after)
            && self.ended.peek(&after).is_none_or(Stage::is_lost)
        {
            return Err(SubmitError::Predecessor(after));
        }
        // What is confirmed and not yet final is still followed.
        let (all, limits) = (self.pending.len().saturating_add(self.settled.len()), self.limits);
        let here = self.queue(&session).count();
        if all >= limits.pending || here >= limits.pending_in_session {
            return Err(SubmitError::TooManyPending(all));
        }
        let (id, after) = (OperationId(self.next), operation.after);
        let Some(entry) = self.entry_mut(&session) else { return Err(SubmitError::NotLoaded(vec![session])) };
        let exact = entry.push(id, Arc::new(operation), at).map_err(|(instruction, rejection)| match rejection {
            Rejection::Unpredictable(Unpredictable::Unknown(account)) => SubmitError::NotLoaded(vec![account]),
            rejection => SubmitError::Refused { instruction, rejection },
        })?;
        self.next = self.next.saturating_add(1);
        self.adopt(id, session, after);
        self.statistics.submitted += 1;
        self.effects.push_back(Effect::Staged(id, Stage::Local));
        self.effects.push_back(Effect::Changed(session));
        Ok((id, exact))
    }

    /// Lets an operation be sent, once it is recorded where it has to be.
    pub fn release(&mut self, id: OperationId) {
        if let Some(session) = self.pending.get(&id).copied() {
            if let Some(pending) = self.busy.get_mut(&session).and_then(|entry| entry.find(id)) {
                pending.released = true;
            }
            self.dispatch(&session);
        }
    }

    /// Puts back an operation that a journal kept: one that was signed may be on its way, and is asked for before anything else.
    pub fn restore(&mut self, id: OperationId, operation: Operation, sent: bool) {
        let session = operation.session;
        let mut accounts = vec![session];
        accounts.extend(
            operation
                .instructions
                .iter()
                .flat_map(|instruction| &instruction.accounts)
                .filter(|meta| !meta.is_signer)
                .map(|meta| meta.pubkey),
        );
        self.next = self.next.max(id.0.saturating_add(1));
        if self.entry(&session).is_none() {
            self.busy.insert(session, Entry::default());
        }
        self.adopt(id, session, operation.after);
        if let Some(entry) = self.busy.get_mut(&session) {
            entry.restore(id, Arc::new(operation), sent);
        }
        accounts.sort_unstable();
        accounts.dedup();
        // More accounts than can be held: it is never predicted then, but what became of it is still found out.
        let _ = self.want(&session, &accounts);
    }

    /// Takes in that an operation was signed and leaves now, also when it is signed anew after it [lapsed](Cache::lapsed). `None` if it is not to be sent, because
    /// it was taken back meanwhile or is on its way already: then it must not leave.
    pub fn sent(&mut self, id: OperationId) -> Option<Arc<Operation>> {
        let session = *self.pending.get(&id)?;
        let pending = self.busy.get_mut(&session)?.find(id).filter(|pending| pending.stage == Stage::Local)?;
        let operation = Arc::clone(&pending.operation);
        // It cannot be in a block that was voted for before it left.
        (pending.stage, pending.unseen_as_of) = (Stage::Sent, self.newest);
        self.effects.push_back(Effect::Staged(id, Stage::Sent));
        Some(operation)
    }

    /// A pending operation.
    pub fn operation(&mut self, id: OperationId) -> Option<Arc<Operation>> {
        let session = self.pending.get(&id)?;
        self.busy.get_mut(session)?.find(id).map(|pending| Arc::clone(&pending.operation))
    }

    /// Takes in what a ledger said of operations that were sent, as of a slot.
    pub fn seen(&mut self, as_of: Slot, sightings: impl IntoIterator<Item = (OperationId, Sighting)>, at: &Moment) {
        let (mut touched, mut waiting): (Vec<Address>, Vec<Address>) = (Vec::new(), Vec::new());
        for (id, sighting) in sightings {
            if self.settled.contains_key(&id) {
                if let Sighting::Finalized(slot) = sighting {
                    self.settled.remove(&id);
                    self.finish(id, Stage::Finalized { slot });
                }
                continue;
            }
            let Some(session) = self.pending.get(&id).copied() else { continue };
            let Some(pending) = self.busy.get_mut(&session).and_then(|entry| entry.find(id)) else { continue };
            if !touched.contains(&session) {
                touched.push(session);
            }
            if !pending.see(as_of, &sighting) {
                continue;
            }
            if let Sighting::Failed(slot, failure) = sighting {
                self.statistics.failed += 1;
                self.lose(id, Stage::Failed { slot, failure }, at);
                continue;
            }
            let stage = pending.stage.clone();
            if let Stage::Confirmed { slot } = stage {
                self.statistics.confirmed += 1;
                // What it did is in the accounts from the next slot on.
                self.load(&session, slot.saturating_add(1));
            }
            // What waits for it in other sessions can go now.
            let followers = self.followers.get(&id).filter(|_| stage.has_landed());
            waiting.extend(followers.into_iter().flatten());
            self.effects.push_back(Effect::Staged(id, stage));
            self.effects.push_back(Effect::Changed(session));
        }
        for session in touched {
            self.settle(&session, at);
            waiting.push(session);
        }
        for session in waiting {
            self.dispatch(&session);
        }
    }

    /// Takes in that an operation that was sent can land no more, and did not. One that was not sent, or is confirmed, stays as it is: that was said of a
    /// transaction that is not its last.
    pub fn expired(&mut self, id: OperationId, at: &Moment) {
        if self.may_be_lost(id).is_some() {
            self.statistics.expired += 1;
            self.lose(id, Stage::Expired, at);
        }
    }

    /// Takes in that what was sent can land no more, and did not, and the operation is to be signed anew: it is Local once more, if it still applies. As with
    /// [`Cache::expired`], one that was not sent or is confirmed stays as it is.
    pub fn lapsed(&mut self, id: OperationId, at: &Moment) {
        let Some(pending) = self.may_be_lost(id) else { return };
        (pending.stage, pending.dispatched) = (Stage::Local, false);
        let (session, after) = (pending.operation.session, pending.operation.after);
        // What it was to follow may have been lost while it was on its way.
        let lost = after.filter(|after| self.ended.peek(after).is_some_and(Stage::is_lost));
        self.effects.push_back(Effect::Staged(id, Stage::Local));
        self.rebase(&session, &lost.into_iter().collect(), at);
    }

    /// An operation that is on its way and not known to be in a block that the cluster voted for.
    fn may_be_lost(&mut self, id: OperationId) -> Option<&mut Pending> {
        let session = self.pending.get(&id)?;
        let pending = self.busy.get_mut(session)?.find(id)?;
        matches!(pending.stage, Stage::Sent | Stage::Processed { .. }).then_some(pending)
    }

    /// Takes an operation back, if it was not sent yet; whether it was.
    pub fn cancel(&mut self, id: OperationId, at: &Moment) -> bool {
        self.give_up(id, Cause::Cancelled, at)
    }

    /// Gives an operation up that was not sent yet, for whatever cause; whether it was.
    pub fn give_up(&mut self, id: OperationId, cause: Cause, at: &Moment) -> bool {
        let local = self.stage(id) == Some(Stage::Local);
        if local {
            self.statistics.rolled_back += 1;
            self.lose(id, Stage::RolledBack(cause), at);
        }
        local
    }

    /// The operations of which something can still be heard: those that were sent, and those confirmed that are not finalized.
    pub fn in_flight(&self) -> impl Iterator<Item = OperationId> + '_ {
        let sent = self.busy.values().filter_map(|entry| entry.queue.as_deref()).flat_map(|queue| &queue.pending);
        sent.filter(|pending| pending.stage != Stage::Local).map(|pending| pending.id).chain(self.settled.keys().copied())
    }

    /// The operations of a session that were sent and are in no base yet.
    pub fn sent_in(&self, session: &Address) -> Vec<OperationId> {
        self.queue(session).filter(|(_, stage)| **stage != Stage::Local).map(|(id, _)| id).collect()
    }

    /// How far an operation has come; `None` if it is not known, or ended too long ago.
    pub fn stage(&self, id: OperationId) -> Option<Stage> {
        if let Some(slot) = self.settled.get(&id) {
            return Some(Stage::Confirmed { slot: *slot });
        }
        if let Some(session) = self.pending.get(&id) {
            return self.queue(session).find(|(other, _)| *other == id).map(|(_, stage)| stage.clone());
        }
        self.ended.peek(&id).cloned()
    }
}
