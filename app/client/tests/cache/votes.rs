//! Which blocks of the embedded ledger the cluster has voted for. It has no forks of its own and finalizes everything at once; here a test says when the
//! cluster votes, and until then what is confirmed or finalized is an earlier state than what is processed.

use {
    sessions_client::{
        address,
        ledger::{Commitment, Snapshot, Statuses},
    },
    solana_account::Account,
    solana_address::Address,
    std::collections::{BTreeMap, HashMap},
    tokio::sync::watch,
};

/// The program's accounts as they were at a slot.
#[derive(Clone)]
pub struct View {
    pub slot: u64,
    pub accounts: BTreeMap<Address, Account>,
}

impl View {
    /// An account as it is seen from here. Whatever is not the program's is as it is now.
    pub fn show(&self, address: &Address, now: Snapshot) -> Snapshot {
        let is_ours = |account: &Account| account.owner == address::PROGRAM;
        let account = match self.accounts.get(address) {
            Some(account) => Some(account.clone()),
            None => now.account.filter(|account| !is_ours(account)),
        };
        Snapshot { slot: self.slot, account }
    }
}

/// What the cluster has voted for, and what cannot disappear any more.
pub struct Votes {
    confirmed: View,
    finalized: View,
    /// Those who follow an account at confirmed.
    told: HashMap<Address, watch::Sender<Snapshot>>,
}

impl Votes {
    /// Everything up to this view is finalized, and nothing behind it voted for.
    pub fn new(view: View) -> Self {
        Self { confirmed: view.clone(), finalized: view, told: HashMap::new() }
    }

    /// What is seen at a commitment; none at processed, where everything is.
    pub fn at(&self, commitment: Commitment) -> Option<&View> {
        match commitment {
            Commitment::Processed => None,
            Commitment::Confirmed => Some(&self.confirmed),
            Commitment::Finalized => Some(&self.finalized),
        }
    }

    /// The cluster votes for everything up to this view.
    pub fn confirm(&mut self, view: View) {
        self.confirmed = view;
        for (address, told) in &self.told {
            let now = self.confirmed.show(address, Snapshot { slot: 0, account: None });
            told.send_if_modified(|known| {
                let is_new = known.account != now.account;
                *known = now;
                is_new
            });
        }
    }

    /// What was voted for cannot disappear any more.
    pub fn finalize(&mut self) {
        self.finalized = self.confirmed.clone();
    }

    /// Follows an account at confirmed.
    pub fn follow(&mut self, address: Address, now: Snapshot) -> watch::Receiver<Snapshot> {
        let present = self.confirmed.show(&address, now);
        self.told.entry(address).or_insert_with(|| watch::Sender::new(present)).subscribe()
    }

    /// Statuses as the cluster would tell them.
    pub fn statuses(&self, mut statuses: Statuses) -> Statuses {
        for status in statuses.of.iter_mut().flatten() {
            status.commitment = match status.slot {
                slot if slot <= self.finalized.slot => Commitment::Finalized,
                slot if slot <= self.confirmed.slot => Commitment::Confirmed,
                _ => Commitment::Processed,
            };
        }
        statuses
    }
}
