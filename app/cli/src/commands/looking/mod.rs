//! Commands that only look: what is there, and what happened.

mod history;
mod list;
pub mod past;
mod show;
pub mod watch;

use {
    super::{lifecycle::Of, options::Options},
    crate::{confirm::Console, context::Context, failed::Failed},
    clap::Subcommand,
    sessions_client::{Ledger, ledger::Commitment},
    solana_keypair::Keypair,
    std::io::Write,
    watch::Watched,
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
    /// Watch a session as it goes on: its state, its members, what happens; and send messages to it.
    #[command(
        after_help = "Examples:\n  sessions watch night\n  sessions watch gm.json/night --for 10m\n  sessions watch night --json | jq -c 'select(.event.name == \"MessageBroadcast\")'\n\nIn a terminal it has a screen of its own: m writes a message, q quits. Elsewhere it prints a line for each thing that happens, and with --json a line of JSON."
    )]
    Watch(Watched),
}

impl Looking {
    /// Runs the command.
    ///
    /// # Errors
    /// What is wrong with an argument or a key file, a session that is not there, the ledger's.
    pub async fn run<L: Ledger>(
        self,
        context: &Context<'_, L>,
        new_key: Keypair,
        options: &Options,
        console: &dyn Console,
        out: &mut dyn Write,
    ) -> Result<(), Failed> {
        let json = options.output.json;
        match self {
            Self::Show(of) => show::run(context, &of, json, out).await,
            Self::List { creator, member } => list::run(context, creator.as_deref(), member.as_deref(), json, out).await,
            Self::Watch(_) if options.reading.commitment.is_some_and(|level| level != Commitment::Confirmed) => Err(Failed::argument(
                "watch follows what is confirmed, and says of each reading how sure it is by then",
                "leave --commitment out; `sessions show` and `sessions history` read at the level that it names",
            )),
            Self::Watch(watched) => watch::run(context, &watched, json, new_key, console, out).await,
            Self::History { of, limit } => history::run(context, &of, usize::try_from(limit).unwrap_or(usize::MAX), json, out).await,
        }
    }
}
