//! What the caller knows of the accounts, and how an instruction changes it.

use {
    sessions_core::Address,
    std::{
        collections::{BTreeMap, HashMap, btree_map::Entry},
        hash::BuildHasher,
    },
};

/// An account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The program that owns it; the zero address, which is the system program's, for a wallet.
    pub owner: Address,
    /// What it holds, in lamports.
    pub lamports: u64,
    /// Whether it is a program.
    pub executable: bool,
    /// Its data.
    pub data: Vec<u8>,
}

/// What is known of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'a> {
    /// Nothing: the account was not loaded.
    Unknown,
    /// That no account is there.
    Absent,
    /// The account.
    Present(&'a Account),
}

impl<'a> Known<'a> {
    /// What is known of an account that was loaded.
    #[inline]
    pub fn loaded(account: Option<&'a Account>) -> Self {
        account.map_or(Self::Absent, Self::Present)
    }
}

/// The accounts that an instruction may see and change.
///
/// An instruction looks at each account that it needs once, and writes only when every check has passed: an implementation need not undo anything
/// within one instruction. For a transaction of several there is [`Overlay`].
pub trait Accounts {
    /// What is known of the account at `address`.
    fn get(&self, address: &Address) -> Known<'_>;

    /// The account at `address`, to be changed, made (`Some` where there was `None`) or deleted (`None`). It is asked for only of accounts
    /// that are known.
    fn get_mut(&mut self, address: &Address) -> &mut Option<Account>;
}

impl<S: BuildHasher> Accounts for HashMap<Address, Option<Account>, S> {
    fn get(&self, address: &Address) -> Known<'_> {
        self.get(address).map_or(Known::Unknown, |account| Known::loaded(account.as_ref()))
    }

    fn get_mut(&mut self, address: &Address) -> &mut Option<Account> {
        self.entry(*address).or_default()
    }
}

/// Accounts over others that are only read: each is copied when it is written first. Dropped, nothing has happened.
#[derive(Debug)]
pub struct Overlay<'a, A> {
    base: &'a A,
    changed: BTreeMap<Address, Option<Account>>,
}

impl<'a, A: Accounts> Overlay<'a, A> {
    /// The accounts of `base`, with no change yet.
    pub const fn new(base: &'a A) -> Self {
        Self { base, changed: BTreeMap::new() }
    }

    /// What was written, in the order of the addresses; `None` for what was deleted.
    pub fn into_changes(self) -> BTreeMap<Address, Option<Account>> {
        self.changed
    }
}

impl<A: Accounts> Accounts for Overlay<'_, A> {
    fn get(&self, address: &Address) -> Known<'_> {
        match self.changed.get(address) {
            Some(account) => Known::loaded(account.as_ref()),
            None => self.base.get(address),
        }
    }

    fn get_mut(&mut self, address: &Address) -> &mut Option<Account> {
        match self.changed.entry(*address) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(match self.base.get(address) {
                Known::Present(account) => Some(account.clone()),
                Known::Absent | Known::Unknown => None,
            }),
        }
    }
}
