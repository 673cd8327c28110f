//! How a cache is made.

use {
    super::journal::Journal,
    crate::transaction::Price,
    sessions_cache::Limits,
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{sync::Arc, time::Duration},
};

/// The keys that transactions are signed with.
pub trait Wallet: Send + Sync + 'static {
    /// Who pays the fees.
    fn payer(&self) -> Address;

    /// The key of an address, if it is at hand.
    fn signer(&self, address: &Address) -> Option<&dyn Signer>;
}

/// Keys in memory; the first pays the fees.
pub struct Keys(Vec<Keypair>);

impl Keys {
    /// The key that pays the fees, and others that may have to sign.
    pub fn new(payer: Keypair, others: impl IntoIterator<Item = Keypair>) -> Self {
        Self(std::iter::once(payer).chain(others).collect())
    }
}

impl Wallet for Keys {
    fn payer(&self) -> Address {
        self.0.first().map(Signer::pubkey).unwrap_or_default()
    }

    fn signer(&self, address: &Address) -> Option<&dyn Signer> {
        self.0.iter().find(|key| key.pubkey() == *address).map(|key| key as &dyn Signer)
    }
}

/// How a cache is made. Everything but the wallet has a default.
#[derive(Clone)]
pub struct Options {
    /// The keys.
    pub wallet: Arc<dyn Wallet>,
    /// Where pending operations are kept; without a journal they are lost when the process ends.
    pub journal: Option<Arc<dyn Journal>>,
    /// How much is held.
    pub limits: Limits,
    /// How many sessions are followed by subscription at most: those that were loaded last. The others are read again when a reader asks for more
    /// than what is held.
    pub followed: usize,
    /// How often the ledger is asked of what is on its way.
    pub poll: Duration,
    /// How long the same bytes are waited for before they are sent again, at first; then half as long again each time, up to eight times as long.
    pub rebroadcast: Duration,
    /// How often an operation is signed at most. It is signed again only once what was signed before can land no more.
    pub signings: u32,
    /// What is paid for each compute unit beside the fee.
    pub price: Price,
    /// The seed of the jitter of repeated requests.
    pub seed: u64,
}

impl Options {
    /// The defaults.
    pub fn new(wallet: impl Wallet) -> Self {
        Self {
            wallet: Arc::new(wallet),
            journal: None,
            limits: Limits::default(),
            followed: 64,
            poll: Duration::from_millis(400),
            rebroadcast: Duration::from_secs(2),
            signings: 3,
            price: Price::default(),
            seed: 0,
        }
    }

    /// With a journal.
    #[must_use]
    pub fn journal(self, journal: impl Journal) -> Self {
        Self { journal: Some(Arc::new(journal)), ..self }
    }
}
