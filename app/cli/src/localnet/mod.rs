//! A local validator in this process: `sessions localnet`.
//!
//! It is surfpool, offline, with the session program and the arena on it, reached by JSON-RPC and web sockets like any cluster. It listens on
//! the loopback address only, and keeps nothing: when it stops, everything on it is gone. What it does otherwise than a real validator is
//! written down in docs/localnet.md.

pub mod options;

#[cfg(feature = "localnet")]
mod commitment;
#[cfg(feature = "localnet")]
mod forward;
#[cfg(feature = "localnet")]
mod json_rpc;
#[cfg(feature = "localnet")]
mod run;
#[cfg(feature = "localnet")]
pub mod surfpool;
#[cfg(feature = "localnet")]
mod validator;

#[cfg(feature = "localnet")]
pub use {run::run, validator::Localnet};

pub use options::{Fund, Options};

use {
    solana_address::Address,
    std::{io, path::PathBuf, time::Duration},
};

/// Where a validator's JSON-RPC usually is.
pub const RPC_PORT: u16 = 8899;
/// Where its web socket usually is.
pub const WS_PORT: u16 = 8900;
/// How long a slot usually takes.
pub const SLOT_TIME: Duration = Duration::from_millis(400);

/// A program that is there from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// What it is called.
    pub name: &'static str,
    /// Its address.
    pub address: Address,
    /// Its file.
    pub file: Vec<u8>,
}

/// What to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The port of JSON-RPC; 0 for any that is free.
    pub rpc_port: u16,
    /// The port of the web socket; 0 for any that is free.
    pub ws_port: u16,
    /// How long a slot takes.
    pub slot_time: Duration,
    /// At which moment the clock starts, in seconds since 1970; left out: now. It cannot lie in the past.
    pub clock: Option<i64>,
    /// The programs.
    pub programs: Vec<Loaded>,
    /// Who may upgrade them.
    pub authority: Option<Address>,
    /// Who is given how many lamports.
    pub funds: Vec<(Address, u64)>,
}

/// Why there is no local validator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program listens there.
    #[error("port {port} is in use, perhaps by another validator; stop that, or name another port with {option}")]
    PortInUse {
        /// The port.
        port: u16,
        /// The option that names another.
        option: &'static str,
    },
    /// A port cannot be listened on.
    #[error("port {port} cannot be listened on ({reason}); name another with {option}")]
    Port {
        /// The port.
        port: u16,
        /// The option that names another.
        option: &'static str,
        /// What the system says.
        reason: String,
    },
    /// A program file that is not there.
    #[error("the program file {} cannot be read ({reason}); name one that is there, or leave --program out for the built-in one", .path.display())]
    ProgramUnreadable {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A program file that no SVM can load.
    #[error(
        "the program file {path} is damaged or no Solana program ({reason}); build it again with `make program`, or leave --program out for the built-in one"
    )]
    ProgramDamaged {
        /// The file, or that it is the built-in one.
        path: String,
        /// What the SVM says.
        reason: String,
    },
    /// An option that says nothing usable.
    #[error("{option}: {reason}")]
    Option {
        /// The option.
        option: &'static str,
        /// What is wrong with it, and what would be right.
        reason: String,
    },
    /// The wallet cannot be used.
    #[error(transparent)]
    Wallet(#[from] crate::failed::Failed),
    /// The validator did not start, or stopped by itself.
    #[error("the local validator failed ({0}); start it again, and if that happens again, report it with this line")]
    Validator(String),
    /// The result cannot be written, or no signal be waited for.
    #[error("the local validator cannot go on: {0}; check where its output goes")]
    Output(#[from] io::Error),
    /// This command was built without the local validator.
    #[error(
        "this `sessions` was built without the local validator; install it with its default features, or build with --features localnet"
    )]
    NotBuilt,
}

impl Error {
    /// The exit code: 2 if what was given cannot be used, 1 if something broke on the way.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Validator(_) | Self::Output(_) => 1,
            _ => 2,
        }
    }
}

/// Without the feature `localnet` there is no local validator.
///
/// # Errors
/// Always [`Error::NotBuilt`], which says how to get it.
#[cfg(not(feature = "localnet"))]
pub fn run(_options: &Options, _out: &mut dyn io::Write) -> Result<(), Error> {
    Err(Error::NotBuilt)
}
