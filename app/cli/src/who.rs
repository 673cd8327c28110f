//! Who signs a command's transactions, and who pays for them.
//!
//! Key files are read when they are needed, and each once: what only reads needs none.

use {
    crate::{cluster::Settings, commands::options::Options, failed::Failed, keys},
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::{cell::RefCell, collections::BTreeMap, sync::Arc},
};

/// The key files of a command.
#[derive(Debug)]
pub struct Who {
    keypair: String,
    /// Whether the wallet's key file was named, and does not only stand in the configuration.
    named: bool,
    session_key: Option<String>,
    wallet: Option<String>,
    fee_payer: Option<String>,
    payer: Option<String>,
    nonce_authority: Option<String>,
    read: RefCell<BTreeMap<String, Arc<Keypair>>>,
}

impl Who {
    /// Who the options name, and the settings where they name nobody.
    pub fn new(settings: &Settings, options: &Options) -> Self {
        let writing = options.writing.clone();
        Self {
            keypair: settings.keypair.clone(),
            named: options.reading.keypair.is_some(),
            session_key: writing.session_key,
            wallet: writing.wallet,
            fee_payer: writing.fee_payer,
            payer: writing.payer,
            nonce_authority: writing.nonce_authority,
            read: RefCell::default(),
        }
    }

    fn key(&self, path: &str) -> Result<Arc<Keypair>, Failed> {
        if let Some(known) = self.read.borrow().get(path) {
            return Ok(known.clone());
        }
        let key = Arc::new(keys::read(path)?);
        self.read.borrow_mut().insert(path.to_owned(), key.clone());
        Ok(key)
    }

    /// The wallet of the key file.
    ///
    /// # Errors
    /// If it cannot be read, as for all here.
    pub fn owner(&self) -> Result<Address, Failed> {
        Ok(self.key(&self.keypair)?.pubkey())
    }

    /// Whose membership it is that acts.
    pub fn member(&self) -> Result<Address, Failed> {
        self.wallet.as_deref().map_or_else(|| self.owner(), keys::address)
    }

    /// Who signs for the member: the wallet, or its session key.
    pub fn actor(&self) -> Result<Address, Failed> {
        self.session_key.as_deref().map_or_else(|| self.owner(), |path| Ok(self.key(path)?.pubkey()))
    }

    /// The wallet, for what no session key may do.
    pub fn wallet(&self) -> Result<Address, Failed> {
        match self.session_key {
            None => self.owner(),
            Some(_) => Err(Failed::argument(
                "a session key does not do this: it only acts in a session, for its wallet, which administers by itself",
                "leave --session-key out and sign as the wallet with --keypair",
            )),
        }
    }

    /// Who pays the fee.
    pub fn fee_payer(&self) -> Result<Address, Failed> {
        let path = match (&self.fee_payer, &self.session_key, &self.wallet) {
            (Some(path), ..) => path,
            // Whoever acts for another's wallet does not have its key file.
            (None, Some(key), Some(_)) if !self.named => key,
            _ => &self.keypair,
        };
        Ok(self.key(path)?.pubkey())
    }

    /// Who pays the rent of what is made.
    pub fn payer(&self) -> Result<Address, Failed> {
        self.payer.as_deref().map_or_else(|| self.fee_payer(), |path| Ok(self.key(path)?.pubkey()))
    }

    /// Who advances the nonce.
    pub fn nonce_authority(&self) -> Result<Address, Failed> {
        self.nonce_authority.as_deref().map_or_else(|| self.fee_payer(), |path| Ok(self.key(path)?.pubkey()))
    }

    /// The key pairs that were read so far.
    pub fn keys(&self) -> Vec<Arc<Keypair>> {
        self.read.borrow().values().cloned().collect()
    }
}
