//! Reading sessions: one load for each at a time, however many ask and whatever is heard meanwhile.

use {
    super::{Cache, Loading, SubmitError},
    crate::{
        Effect, Slot,
        entry::{Base, Entry},
    },
    sessions_reducer::Moment,
    solana_address::Address,
};

impl Cache {
    /// Asks for accounts of a session. Whether they are all held already; if not, one load is on its way, however many ask.
    ///
    /// # Errors
    /// TooManyAccounts.
    pub fn want(&mut self, session: &Address, accounts: &[Address]) -> Result<bool, SubmitError> {
        let entry = self.entry(session);
        let missing = entry.map_or_else(|| accounts.to_vec(), |entry| entry.missing(accounts));
        if missing.is_empty() {
            return Ok(true);
        }
        let held = entry.map_or(0, |entry| entry.accounts().count());
        let wanted = self.wanted.entry(*session).or_default();
        for account in missing {
            if !wanted.contains(&account) {
                wanted.push(account);
            }
        }
        let count = held.saturating_add(wanted.len());
        if count > self.limits.accounts {
            wanted.retain(|account| !accounts.contains(account));
            if wanted.is_empty() {
                self.wanted.remove(session);
            }
            return Err(SubmitError::TooManyAccounts(count));
        }
        self.load(session, 0);
        Ok(false)
    }

    /// Takes in that something about a session changed at a slot: it is read again, if it is held and was not read since.
    pub fn hint(&mut self, session: &Address, slot: Slot) {
        match self.entry(session) {
            Some(entry) if entry.base.slot > slot => {}
            Some(_) => self.load(session, slot),
            None => self.load_again(session, slot),
        }
    }

    /// Reads a session again, if it is held, whatever is known of it: after a subscription began or was renewed.
    pub fn refresh(&mut self, session: &Address) {
        match self.base_slot(session) {
            Some(slot) if !self.loading.contains_key(session) => self.load(session, slot),
            slot => self.load_again(session, slot.unwrap_or(0)),
        }
    }

    /// Has a load that is on its way repeated: what it read may be from before what is known by now.
    fn load_again(&mut self, session: &Address, since: Slot) {
        if let Some(loading) = self.loading.get_mut(session) {
            loading.again = Some(loading.again.unwrap_or(0).max(since));
        }
    }

    /// Has all accounts of a session read that are held or wanted, at `since` or later; if that is on its way already, once more behind it, unless that one
    /// asked for the same. Of one that holds nothing and wants nothing its own account is read, so that its operations come to an end by the slot of that.
    pub(super) fn load(&mut self, session: &Address, since: Slot) {
        let mut accounts = self.wanted.get(session).cloned().unwrap_or_default();
        if let Some(entry) = self.entry(session) {
            let held: Vec<Address> = entry.accounts().filter(|address| !accounts.contains(address)).collect();
            accounts.splice(0..0, held);
        }
        if accounts.is_empty() {
            accounts.push(*session);
        }
        if let Some(loading) = self.loading.get(session) {
            if since > 0 || accounts.iter().any(|account| !loading.asked.contains(account)) {
                self.load_again(session, since);
            }
            return;
        }
        self.statistics.loads += 1;
        self.loading.insert(*session, Loading { asked: accounts.clone(), since, again: None, evicted: false });
        self.effects.push_back(Effect::Load { session: *session, accounts, since });
    }

    /// Takes in what a load read.
    pub fn loaded(&mut self, session: &Address, base: Base, at: &Moment) {
        let Loading { mut again, evicted, .. } = self.loading.remove(session).unwrap_or_default();
        self.newest = self.newest.max(base.slot);
        if evicted {
            if self.entry(session).is_none() && !self.wanted.contains_key(session) {
                // It was given up, and nobody has asked for it since.
                self.effects.push_back(Effect::Changed(*session));
                return;
            }
            // It is followed no longer: that begins with a load.
            again = again.or(Some(0));
        }
        if let Some(wanted) = self.wanted.get_mut(session) {
            wanted.retain(|account| !base.accounts.iter().any(|(address, _)| address == account));
            if wanted.is_empty() {
                self.wanted.remove(session);
            }
        }
        if let Some(entry) = self.entry_mut(session) {
            entry.offer(base);
        } else {
            self.keep(session, Entry { base, queue: None });
        }
        self.settle(session, at);
        self.effects.push_back(Effect::Changed(*session));
        if let Some(since) = again {
            self.load(session, since);
        }
    }

    /// Takes in that a load failed. What is held stays as it is, and who waits for more has to ask again. A session that is held or has pending operations is
    /// to be read once more, as of the slot that was heard of: whoever drives the cache lets a while pass before that.
    pub fn load_failed(&mut self, session: &Address) {
        let failed = self.loading.remove(session);
        self.effects.push_back(Effect::Changed(*session));
        // What pending operations need is wanted still.
        if !self.busy.contains_key(session) {
            self.wanted.remove(session);
        }
        if self.entry(session).is_some() {
            self.load(session, failed.map_or(0, |loading| loading.again.unwrap_or(0).max(loading.since)));
        } else {
            self.effects.push_back(Effect::Evicted(*session));
        }
    }
}
