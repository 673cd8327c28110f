//! Keys and lamports: what one needs before there can be a session.

use {
    super::{arguments::amount, options::Options},
    crate::{context::Context, failed::Failed, keys, place::Place, report::format, send::pairs, who::Who},
    clap::Subcommand,
    serde_json::json,
    sessions_client::{Ledger, LedgerError, address},
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::{io::Write, path::PathBuf},
};

/// Commands about keys, which need no cluster.
#[derive(Subcommand, Clone, Debug)]
pub enum Keys {
    /// Make a key file, which only you can read.
    #[command(after_help = "Examples:\n  sessions keygen ana.json\n  sessions keygen agent.json --json")]
    Keygen {
        /// The file to write; one that is there stays.
        file: PathBuf,
    },
    /// Tell your wallet's address, or those of a session and of its vault.
    #[command(after_help = "Examples:\n  sessions address\n  sessions address -k ana.json\n  sessions address night")]
    Address {
        /// A session: an id of yours, or CREATOR/ID.
        session: Option<String>,
    },
}

/// Commands about lamports.
#[derive(Subcommand, Clone, Debug)]
pub enum Local {
    /// Get SOL out of nothing, on a local or a test cluster.
    #[command(after_help = "Examples:\n  sessions airdrop 1SOL\n  sessions airdrop 0.5SOL ana.json")]
    Airdrop {
        /// How much, with its unit: 1SOL, or 5000lamports.
        amount: String,
        /// For whom: an address or a key file. [left out: you]
        wallet: Option<String>,
    },
    /// Tell what a wallet has.
    #[command(after_help = "Examples:\n  sessions balance\n  sessions balance ana.json --json")]
    Balance {
        /// Whose: an address or a key file. [left out: yours]
        wallet: Option<String>,
    },
}

impl Keys {
    /// Runs the command; a key that it makes is `new_key`.
    ///
    /// # Errors
    /// FileExists, what is wrong with a key file or an argument.
    pub fn run(
        self,
        who: impl FnOnce() -> Result<Who, Failed>,
        new_key: &Keypair,
        options: &Options,
        out: &mut dyn Write,
    ) -> Result<(), Failed> {
        match self {
            Self::Keygen { file } => {
                keys::write(&file, new_key)?;
                let address = new_key.pubkey();
                if options.output.json {
                    writeln!(out, "{}", json!({ "address": address.to_string(), "file": file.display().to_string() }))?;
                } else {
                    writeln!(out, "{address}")?;
                }
            }
            Self::Address { session: None } => {
                let address = who()?.owner()?;
                if options.output.json {
                    writeln!(out, "{}", json!({ "address": address.to_string() }))?;
                } else {
                    writeln!(out, "{address}")?;
                }
            }
            Self::Address { session: Some(text) } => {
                let Place { address: session, .. } = Place::read(&text, || who()?.member())?;
                let (session, vault) = (session.to_string(), address::vault(&session).to_string());
                if options.output.json {
                    writeln!(out, "{}", json!({ "session": session, "vault": vault }))?;
                } else {
                    pairs(out, &[("session", session), ("vault", vault)])?;
                }
            }
        }
        Ok(())
    }
}

impl Local {
    /// Runs the command.
    ///
    /// # Errors
    /// What is wrong with an argument or a key file; the ledger's.
    pub async fn run<L: Ledger>(self, context: &Context<'_, L>, options: &Options, out: &mut dyn Write) -> Result<(), Failed> {
        let wallet = |text: Option<String>| text.as_deref().map_or_else(|| context.who.owner(), keys::address);
        let wallet = match self {
            Self::Airdrop { amount: text, wallet: whose } => {
                let lamports = amount(&text, None)
                    .map_err(|wrong| Failed { hint: "an airdrop is of SOL: write 1SOL or 5000lamports".into(), ..wrong })?;
                let wallet = wallet(whose)?;
                if lamports == 0 {
                    return Err(Failed::argument("an airdrop of nothing gives nothing", "write how much, like 1SOL"));
                }
                context.ledger.airdrop(wallet, lamports).await.map_err(|error| refused(&error))?;
                wallet
            }
            Self::Balance { wallet: whose } => wallet(whose)?,
        };
        let lamports = balance(context, wallet).await?;
        if options.output.json {
            writeln!(out, "{}", json!({ "cluster": context.cluster, "address": wallet.to_string(), "lamports": lamports }))?;
        } else {
            writeln!(out, "{} in {wallet}", format::amount(lamports))?;
        }
        Ok(())
    }
}

/// Why a faucet gave nothing: what a node that answers says of it, it says of the amount or of how much it gave already.
fn refused(error: &LedgerError) -> Failed {
    use LedgerError as E;
    let failed = Failed::ledger("nothing was given", error);
    let said = match error {
        E::Refused { reason, .. } | E::NodeFailed { reason, .. } => reason.clone(),
        E::RateLimited { .. } | E::Rejected(_) | E::NoFunds { .. } => failed.message,
        _ => return failed,
    };
    let hint = "ask for fewer lamports, but not for fewer than a wallet must hold, wait a while, or use another faucet, like https://faucet.solana.com; \
                mainnet-beta has none";
    Failed { code: 1, ..Failed::unusable("AirdropRefused", format!("the faucet gave nothing: {said}"), hint) }
}

async fn balance<L: Ledger>(context: &Context<'_, L>, wallet: Address) -> Result<u64, Failed> {
    Ok(context.snapshot(wallet).await?.account.map_or(0, |account| account.lamports))
}
