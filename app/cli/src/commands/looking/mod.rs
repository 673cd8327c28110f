//! Commands that only look: what is there, and what happened.

mod history;
mod list;
mod show;

use {
    super::{lifecycle::Of, options::Options},
    crate::{context::Context, failed::Failed},
    clap::Subcommand,
    sessions_client::Ledger,
    std::io::Write,
};

/// Commands that only look.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "the types of what is flattened say it")]
pub enum Looking {
    /// Show a session, and everything that belongs to it.
    #[command(after_help = "Examples:\n  sessions show night\n  sessions show gm.json/night --json | jq .session.status")]
    Show(Of),
    /// List sessions that a wallet created, or is a member of.
    #[command(
        after_help = "Examples:\n  sessions list\n  sessions list --member ana.json\n  sessions list --creator WALLET_ADDRESS --member WALLET_ADDRESS --json"
    )]
    List {
        /// Those that a wallet created: an address or a key file. [left out, without --member: your own]
        #[arg(long, value_name = "WALLET")]
        creator: Option<String>,
        /// Those that a wallet is or was a member of: an address or a key file.
        #[arg(long, value_name = "WALLET")]
        member: Option<String>,
    },
    /// Tell what happened in a session, from its transactions, and where something is missing.
    #[command(after_help = "Examples:\n  sessions history night\n  sessions history gm.json/night --limit 20 --json")]
    History {
        #[command(flatten)]
        of: Of,
        /// How many transactions to read at the most, the newest ones.
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
}

impl Looking {
    /// Runs the command.
    ///
    /// # Errors
    /// What is wrong with an argument or a key file, a session that is not there, the ledger's.
    pub async fn run<L: Ledger>(self, context: &Context<'_, L>, options: &Options, out: &mut dyn Write) -> Result<(), Failed> {
        let json = options.output.json;
        match self {
            Self::Show(of) => show::run(context, &of, json, out).await,
            Self::List { creator, member } => list::run(context, creator.as_deref(), member.as_deref(), json, out).await,
            Self::History { of, limit } => history::run(context, &of, usize::try_from(limit).unwrap_or(usize::MAX), json, out).await,
        }
    }
}
