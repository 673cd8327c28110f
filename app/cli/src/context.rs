//! What a command works with: a ledger, whoever signs, and what is read from the one for the other.

use {
    crate::{
        deploy::{data_address, state::LOADER},
        failed::Failed,
        keys,
        place::Place,
        scenario::{
            names::{hint, quote},
            programs::{self, PROGRAMS},
        },
        who::Who,
    },
    sessions_client::{
        Ledger, account,
        address::PROGRAM,
        core::{SessionError, SessionState},
        instruction::{Acting, Tokens},
        ledger::{Commitment, Snapshot, token},
    },
    solana_address::Address,
};

/// What a command works with.
#[derive(Debug)]
pub struct Context<'a, L> {
    /// The ledger.
    pub ledger: &'a L,
    /// What the ledger is called.
    pub cluster: &'a str,
    /// Who signs and pays.
    pub who: &'a Who,
    /// How sure a transaction has to be to count as landed.
    pub commitment: Commitment,
}

/// A session that is there.
#[derive(Clone, Debug)]
pub struct Open {
    /// Where it is.
    pub place: Place,
    /// What it holds.
    pub state: SessionState,
}

impl Open {
    /// Its address.
    pub const fn address(&self) -> Address {
        self.place.address
    }
}

/// A mint of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mint {
    /// The mint and its program.
    pub tokens: Tokens,
    /// Its decimals.
    pub decimals: u8,
}

impl<L: Ledger> Context<'_, L> {
    /// That there is a program to talk to.
    ///
    /// # Errors
    /// ProgramNotFound, and the ledger's.
    pub async fn check_program(&self) -> Result<(), Failed> {
        let mut found = self.ledger.read(&[PROGRAM, data_address(&PROGRAM)]).await?.into_iter().map(|snapshot| snapshot.account);
        let (program, file) = (found.next().flatten().filter(|account| account.executable), found.next().flatten());
        let closed = program.as_ref().is_some_and(|program| program.owner == LOADER) && file.is_none();
        if program.is_some() && !closed {
            return Ok(());
        }
        // A program that was closed stays executable, and has no file any more.
        let message = match closed {
            true => format!("the session program at {PROGRAM} was closed on the cluster {}", self.cluster),
            false => format!("the cluster {} has no session program at {PROGRAM}", self.cluster),
        };
        Err(Failed::unusable(
            "ProgramNotFound",
            message,
            "choose another cluster with --url; `sessions localnet` starts a local one that has it",
        ))
    }

    /// What an account of so many bytes has to hold, in lamports.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn rent(&self, bytes: usize) -> Result<u64, Failed> {
        Ok(self.ledger.minimum_balance(bytes).await?)
    }

    /// An account as it is now.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn snapshot(&self, address: Address) -> Result<Snapshot, Failed> {
        let snapshots = self.ledger.read(&[address]).await?;
        Ok(snapshots.into_iter().next().unwrap_or(Snapshot { slot: 0, account: None }))
    }

    /// An account read as what it is; `None` if it is none of that kind.
    ///
    /// # Errors
    /// UnsupportedVersion, and the ledger's.
    pub async fn find<T>(&self, address: Address, read: impl FnOnce(&Snapshot) -> Result<T, SessionError>) -> Result<Option<T>, Failed> {
        match read(&self.snapshot(address).await?) {
            Ok(found) => Ok(Some(found)),
            Err(SessionError::UnsupportedVersion) => Err(Failed::unknown_version(&address)),
            Err(_) => Ok(None),
        }
    }

    /// An account that has to be there; `absent` is what the program would answer if it is not.
    ///
    /// # Errors
    /// As [`Self::find`], and that it is not there.
    pub async fn get<T>(
        &self,
        address: Address,
        read: impl FnOnce(&Snapshot) -> Result<T, SessionError>,
        absent: SessionError,
    ) -> Result<T, Failed> {
        self.find(address, read).await?.ok_or_else(|| Failed::absent(absent, &address))
    }

    /// Where the session is that `text` names.
    ///
    /// # Errors
    /// InvalidArgument, and what is wrong with a key file.
    pub fn place(&self, text: &str) -> Result<Place, Failed> {
        Place::read(text, || self.who.member())
    }

    /// The session that `text` names.
    ///
    /// # Errors
    /// SessionNotFound, UnsupportedVersion, those of [`Self::place`] and the ledger's.
    pub async fn session(&self, text: &str) -> Result<Open, Failed> {
        let place = self.place(text)?;
        match self.find(place.address, account::session).await? {
            Some(state) => Ok(Open { place, state }),
            None => Err(place.absent()),
        }
    }

    /// As whom a member acts in a session.
    ///
    /// # Errors
    /// What is wrong with a key file.
    pub fn acting(&self, session: &Open) -> Result<Acting, Failed> {
        let (signer, wallet) = (self.who.actor()?, self.who.member()?);
        Ok(Acting { signer, session: session.address(), wallet, shared: false }.in_session(&session.state))
    }

    /// A program: by a name it has, or by its address.
    ///
    /// # Errors
    /// InvalidAddress.
    pub fn program(&self, text: &str) -> Result<Address, Failed> {
        let known = programs::named(text).or_else(|| text.parse().ok());
        known.ok_or_else(|| {
            let near = hint(text, PROGRAMS.iter().map(|(name, _)| *name));
            let message = format!("{} is neither a program nor an address{near}", quote(text));
            Failed::unusable("InvalidAddress", message, "write the program's address in base58")
        })
    }

    /// The mint at an address, or of the key file that made it.
    ///
    /// # Errors
    /// MintNotFound, those of an address and the ledger's.
    pub async fn mint(&self, text: &str) -> Result<Mint, Failed> {
        let mint = keys::address(text)?;
        let account = self.snapshot(mint).await?.account;
        let decimals = account.as_ref().and_then(token::decimals);
        match account.zip(decimals) {
            Some((account, decimals)) => Ok(Mint { tokens: Tokens { mint, program: account.owner }, decimals }),
            None => {
                let message = format!("there is no mint at {mint}");
                Err(Failed::unusable("MintNotFound", message, "leave --mint out for SOL, or name a mint of SPL Token or Token-2022"))
            }
        }
    }
}
