//! The commands that work on a cluster: one for every instruction of the program, and some that only look.
//!
//! | module | commands |
//! |---|---|
//! | [`lifecycle`] | a session's steps, from its request to the last account reclaimed |
//! | [`membership`] | who is in it |
//! | [`content`] | what is shared and recorded in it |
//! | [`vault`] | its vault |
//! | [`functions`] | what its members call |
//! | [`others`] | what other programs and other sessions may do |
//! | [`looking`] | what is there, and what happened |
//! | [`local`] | keys and lamports |
//! | [`options`] | what they share |
//! | [`arguments`] | how arguments are written |
//!
//! A command is generic over its ledger, and writes to what it is given: it runs the same on an embedded ledger in a test.

pub mod arguments;
pub mod content;
pub mod functions;
pub mod lifecycle;
pub mod local;
pub mod looking;
pub mod membership;
pub mod options;
pub mod others;
pub mod vault;

use {
    crate::{confirm::Console, context::Context, failed::Failed, send::perform},
    clap::Subcommand,
    options::Options,
    sessions_client::Ledger,
    solana_keypair::Keypair,
    std::io::Write,
};

/// A command that works on a cluster.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "the types say it")]
pub enum Command {
    #[command(flatten)]
    Lifecycle(lifecycle::Lifecycle),
    #[command(flatten)]
    Membership(Box<membership::Membership>),
    #[command(flatten)]
    Content(content::Content),
    #[command(flatten)]
    Vault(vault::Vault),
    #[command(flatten)]
    Functions(functions::Functions),
    #[command(flatten)]
    Others(others::Others),
    #[command(flatten)]
    Looking(looking::Looking),
    #[command(flatten)]
    Local(local::Local),
}

impl Command {
    /// Whether it goes on for as long as somebody reads what it prints.
    pub const fn goes_on(&self) -> bool {
        matches!(self, Self::Looking(looking::Looking::Watch(_)))
    }
}

/// Runs a command; a key that it makes is `new_key`.
///
/// # Errors
/// What is wrong with its arguments, what the program refuses, and what the ledger does not do.
pub async fn run<L: Ledger>(
    context: &Context<'_, L>,
    command: Command,
    new_key: Keypair,
    options: &Options,
    console: &mut dyn Console,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    if !matches!(command, Command::Local(_)) {
        context.check_program().await?;
    }
    let draft = match command {
        Command::Lifecycle(command) => command.draft(context).await?,
        Command::Membership(command) => command.draft(context, new_key).await?,
        Command::Content(command) => command.draft(context).await?,
        Command::Vault(command) => command.draft(context).await?,
        Command::Functions(command) => command.draft(context).await?,
        Command::Others(command) => command.draft(context).await?,
        Command::Looking(command) => return command.run(context, new_key, options, console, out).await,
        Command::Local(command) => return command.run(context, options, out).await,
    };
    perform(context, draft, options, console, out).await
}
