//! What follows for a session when something became of its operations: its base, its predictions, what is sent next, whether it is held.

use {
    super::Cache,
    crate::{
        Effect, Slot,
        entry::{Ended, Entry, Unsettled},
        operation::{Cause, OperationId, Stage},
    },
    sessions_reducer::Moment,
    solana_address::Address,
    std::collections::HashSet,
};

impl Cache {
    pub(super) fn entry(&self, session: &Address) -> Option<&Entry> {
        self.busy.get(session).or_else(|| self.quiet.peek(session))
    }

    pub(super) fn entry_mut(&mut self, session: &Address) -> Option<&mut Entry> {
        match self.busy.get_mut(session) {
            Some(entry) => Some(entry),
            None => self.quiet.peek_mut(session),
        }
    }

    /// Keeps a quiet entry, and gives up the one that was used longest ago if there are too many.
    pub(super) fn keep(&mut self, session: &Address, entry: Entry) {
        if let Some((evicted, _)) = self.quiet.push(*session, entry)
            && evicted != *session
        {
            self.statistics.evictions += 1;
            self.evicted(evicted);
        }
    }

    /// Says that a session is not held any more.
    fn evicted(&mut self, session: Address) {
        self.effects.push_back(Effect::Evicted(session));
        if let Some(loading) = self.loading.get_mut(&session) {
            loading.evicted = true;
        }
    }

    /// Notes a pending operation, and moves its session to where it is not given up.
    pub(super) fn adopt(&mut self, id: OperationId, session: Address, after: Option<OperationId>) {
        self.pending.insert(id, session);
        if let Some(entry) = self.quiet.pop(&session) {
            self.busy.insert(session, entry);
        }
        if let Some(after) = after.filter(|after| self.pending.contains_key(after)) {
            self.followers.entry(after).or_default().push(session);
        }
    }

    /// Moves a session that has no pending operations any more back.
    pub(super) fn calm(&mut self, session: &Address) {
        if self.busy.get(session).is_some_and(|entry| entry.queue.is_none())
            && let Some(entry) = self.busy.remove(session)
        {
            // One that was never loaded holds nothing worth keeping.
            if entry.base.accounts.is_empty() {
                self.evicted(*session);
            } else {
                self.keep(session, entry);
            }
        }
    }

    /// Moves a session on to the base that was read for it, if it can.
    pub(super) fn settle(&mut self, session: &Address, at: &Moment) {
        let Some(entry) = self.busy.get_mut(session) else { return };
        let Some(queue) = &entry.queue else { return };
        if queue.candidate.is_none() {
            // What was confirmed has to be read, also if reading it failed the last time.
            let landed = queue.pending.iter().filter_map(|pending| match pending.stage {
                Stage::Confirmed { slot } => Some(slot.saturating_add(1)),
                _ => None,
            });
            if let Some(since) = landed.max()
                && !self.loading.contains_key(session)
            {
                self.load(session, since);
            }
            return;
        }
        let landed: Vec<(OperationId, Slot)> = entry
            .queue
            .iter()
            .flat_map(|queue| &queue.pending)
            .filter_map(|pending| match pending.stage {
                Stage::Confirmed { slot } => Some((pending.id, slot)),
                _ => None,
            })
            .collect();
        match entry.settle(at) {
            Ok(ended) => {
                self.statistics.rebases += 1;
                for (id, slot) in landed {
                    if self.entry_mut(session).is_none_or(|entry| entry.find(id).is_none()) {
                        self.pending.remove(&id);
                        self.followers.remove(&id);
                        self.settled.insert(id, slot);
                    }
                }
                self.end(session, ended, at);
            }
            Err(Unsettled::Ask(as_of)) => self.effects.push_back(Effect::Ask { session: *session, as_of }),
            Err(Unsettled::Later(slot)) => self.load(session, slot.saturating_add(1)),
        }
    }

    /// Has what can be sent now sent.
    pub(super) fn dispatch(&mut self, session: &Address) {
        let Some(entry) = self.busy.get(session) else { return };
        let afters = entry.queue.iter().flat_map(|queue| &queue.pending).filter_map(|pending| pending.operation.after);
        let open = |after: &OperationId| {
            let elsewhere = self.pending.get(after).filter(|other| *other != session);
            elsewhere.is_some() && self.stage(*after).is_some_and(|stage| !stage.has_landed())
        };
        let elsewhere: HashSet<OperationId> = afters.filter(open).collect();
        let ready = self.busy.get_mut(session).map(|entry| entry.dispatch(&elsewhere)).unwrap_or_default();
        self.effects.extend(ready.into_iter().map(Effect::Send));
    }

    /// Ends an operation that did not happen, and predicts anew what followed it.
    pub(super) fn lose(&mut self, id: OperationId, stage: Stage, at: &Moment) {
        let Some(session) = self.pending.get(&id).copied() else { return };
        let mut ended = vec![(id, stage)];
        if let Some(entry) = self.busy.get_mut(&session) {
            entry.remove(id);
            self.statistics.rebases += 1;
            // The last one of a session has nobody behind it to predict anew.
            ended.extend(entry.rebase(at, &HashSet::from([id])));
        }
        self.end(&session, ended, at);
    }

    /// Predicts a session's pending operations anew.
    pub(super) fn rebase(&mut self, session: &Address, lost: &HashSet<OperationId>, at: &Moment) {
        let Some(entry) = self.busy.get_mut(session) else { return };
        self.statistics.rebases += 1;
        let ended = entry.rebase(at, lost);
        self.end(session, ended, at);
    }

    /// Goes on after a session was predicted anew, by which these operations ended: takes back what was to follow them, in whatever session, and has what can
    /// be sent now sent. Nothing is sent before all of that is taken back.
    fn end(&mut self, session: &Address, ended: Vec<Ended>, at: &Moment) {
        let mut lost = HashSet::new();
        let mut waiting = self.note(ended, &mut lost);
        waiting.retain(|other| other != session);
        let mut touched = vec![*session];
        while let Some(next) = waiting.pop() {
            let Some(entry) = self.busy.get_mut(&next) else { continue };
            self.statistics.rebases += 1;
            let ended = entry.rebase(at, &lost);
            waiting.extend(self.note(ended, &mut lost));
            touched.push(next);
        }
        touched.sort_unstable();
        touched.dedup();
        for session in &touched {
            self.effects.push_back(Effect::Changed(*session));
            self.dispatch(session);
            self.calm(session);
        }
    }

    /// Notes that operations ended, and that they are lost; gives the sessions with operations that were to follow them.
    fn note(&mut self, ended: Vec<Ended>, lost: &mut HashSet<OperationId>) -> Vec<Address> {
        let mut followers = Vec::new();
        for (id, stage) in ended {
            if matches!(stage, Stage::RolledBack(Cause::Refused { .. } | Cause::Predecessor(_))) {
                self.statistics.rolled_back += 1;
            }
            lost.insert(id);
            self.pending.remove(&id);
            followers.extend(self.followers.remove(&id).into_iter().flatten());
            self.finish(id, stage);
        }
        followers.sort_unstable();
        followers.dedup();
        followers
    }

    pub(super) fn finish(&mut self, id: OperationId, stage: Stage) {
        self.ended.put(id, stage.clone());
        self.effects.push_back(Effect::Staged(id, stage));
    }
}
