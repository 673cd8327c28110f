//! The options that commands share: where the cluster is, who signs and pays, and how results are shown.

use {crate::scenario::values, clap::Args, sessions_client::ledger::Commitment, solana_address::Address, std::path::PathBuf};

/// How results are shown.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Print one JSON document, also of what went wrong.
    #[arg(long)]
    pub json: bool,
}

/// Where the cluster is, and whose commands these are.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cluster and wallet")]
pub struct Reading {
    /// The cluster: mainnet-beta, devnet, testnet, localhost or their first letter, or the URL of its JSON-RPC.
    #[arg(short = 'u', long, value_name = "URL_OR_MONIKER")]
    pub url: Option<String>,
    /// The URL of its web socket; left out, it follows from the other.
    #[arg(long, value_name = "URL")]
    pub ws: Option<String>,
    /// Your wallet's key file, or - for standard input.
    #[arg(short = 'k', long, value_name = "FILE")]
    pub keypair: Option<String>,
    /// The configuration of the Solana command line, which says what the others are when they are left out.
    #[arg(short = 'C', long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How sure a state has to be to count: processed, confirmed or finalized.
    #[arg(long, value_name = "LEVEL", value_parser = commitment)]
    pub commitment: Option<Commitment>,
}

/// Who signs and pays, and how much is asked before.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Signing and sending")]
pub struct Writing {
    /// The key file of a session key, which signs in the place of a member's wallet.
    #[arg(long, value_name = "FILE")]
    pub session_key: Option<String>,
    /// Whose membership the session key acts for: an address; left out, that of --keypair.
    #[arg(long = "as", value_name = "WALLET", requires = "session_key")]
    pub wallet: Option<String>,
    /// The key file of who pays the fee; left out, --keypair.
    #[arg(long, value_name = "FILE")]
    pub fee_payer: Option<String>,
    /// The key file of who pays the rent of what is made; left out, who pays the fee.
    #[arg(long, value_name = "FILE")]
    pub payer: Option<String>,
    /// A fee for priority, in millionths of a lamport for each compute unit; left out, what others lately paid for the same accounts, up to 100000.
    #[arg(long, value_name = "MICRO_LAMPORTS")]
    pub priority_fee: Option<u64>,
    /// The most compute units; left out, what a simulation took, a tenth and 1000 more.
    #[arg(long, value_name = "UNITS")]
    pub compute_limit: Option<u32>,
    /// A nonce account, with which the transaction does not expire: the address of what `solana create-nonce-account` makes.
    #[arg(long, value_name = "ADDRESS")]
    pub nonce: Option<Address>,
    /// The key file of who may advance the nonce; left out, who pays the fee.
    #[arg(long, value_name = "KEYPAIR", requires = "nonce")]
    pub nonce_authority: Option<String>,
    /// Do not ask.
    #[arg(short = 'y', long)]
    pub yes: bool,
    /// Show what would be done and what it would cost, and do not do it.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
}

/// Everything that commands share.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Options {
    pub output: Output,
    pub reading: Reading,
    pub writing: Writing,
}

/// The levels of commitment.
const COMMITMENTS: [(&str, Commitment); 3] =
    [("processed", Commitment::Processed), ("confirmed", Commitment::Confirmed), ("finalized", Commitment::Finalized)];

/// A level of commitment.
///
/// # Errors
/// That there is none with this name.
pub fn commitment(text: &str) -> Result<Commitment, values::Wrong> {
    values::bit("commitment", text, &COMMITMENTS)
}
