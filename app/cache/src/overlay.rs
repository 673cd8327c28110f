//! Predicted accounts over confirmed ones.

use {
    sessions_reducer::{Account, Accounts, Known},
    solana_address::Address,
};

/// Accounts by their addresses; `None` of one that is not there. They are few: a session's, as far as somebody asked for them.
pub type Shelf = Vec<(Address, Option<Account>)>;

/// What a shelf has of an account.
pub fn find<'a>(shelf: &'a Shelf, address: &Address) -> Option<&'a Option<Account>> {
    shelf.iter().find(|(at, _)| at == address).map(|(_, account)| account)
}

/// Puts an account onto a shelf.
pub fn place(shelf: &mut Shelf, address: Address, account: Option<Account>) {
    match shelf.iter_mut().find(|(at, _)| *at == address) {
        Some((_, there)) => *there = account,
        None => shelf.push((address, account)),
    }
}

/// The accounts as one operation finds and leaves them: what it wrote is over what was predicted before it, and that over the base.
pub struct Overlay<'a> {
    /// What was confirmed.
    pub base: &'a Shelf,
    /// What was predicted before.
    pub predicted: &'a Shelf,
    /// What the operation wrote.
    pub written: Shelf,
}

impl Overlay<'_> {
    fn before(&self, address: &Address) -> Option<&Option<Account>> {
        find(self.predicted, address).or_else(|| find(self.base, address))
    }
}

impl Accounts for Overlay<'_> {
    fn get(&self, address: &Address) -> Known<'_> {
        let found = find(&self.written, address).or_else(|| self.before(address));
        found.map_or(Known::Unknown, |account| Known::loaded(account.as_ref()))
    }

    #[expect(clippy::indexing_slicing, reason = "the place was found, or made, just before")]
    fn get_mut(&mut self, address: &Address) -> &mut Option<Account> {
        let place = self.written.iter().position(|(at, _)| at == address).unwrap_or_else(|| {
            self.written.push((*address, self.before(address).cloned().flatten()));
            self.written.len() - 1
        });
        &mut self.written[place].1
    }
}
