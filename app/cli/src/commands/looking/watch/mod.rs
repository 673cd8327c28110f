//! A session as it goes on: on a screen of its own in the terminal, or else a line for each thing that happens.
//!
//! | module | job |
//! |---|---|
//! | [`source`] | looks at the session through the client's cache, again and again, and sends messages to it |
//! | [`model`] | what is shown, and what a key does: no I/O, no clock |
//! | [`screen`] | draws the model |
//! | [`terminal`] | the terminal: its keys, its size, and how it is left |
//! | [`stream`] | a line for each thing, where there is no terminal or `--json` is given |

pub mod model;
pub mod screen;
pub mod source;
mod stream;
mod terminal;

use {
    super::Of,
    crate::{confirm::Console, context::Context, failed::Failed, scenario::values},
    clap::Args,
    model::Model,
    sessions_client::{Ledger, ledger::Commitment},
    solana_keypair::Keypair,
    source::Source,
    std::{
        io::{self, IsTerminal, Write},
        time::Duration,
    },
};

/// What is watched, and for how long.
#[derive(Args, Clone, Debug)]
pub struct Watched {
    #[command(flatten)]
    of: Of,
    /// Stop after this time, like 30s or 5m; left out, with q or Ctrl-C.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    time: Option<Duration>,
}

fn duration(text: &str) -> Result<Duration, values::Wrong> {
    values::duration(text).map(|seconds| Duration::from_secs(seconds.into()))
}

/// Waits until the time is over, which is how it was to end; for ever if there is no end.
async fn ended(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

/// Watches a session. Without a wallet's key nothing can be sent to it; `stand_in` is then the key that the cache has.
pub(super) async fn run<L: Ledger>(
    context: &Context<'_, L>,
    watched: &Watched,
    json: bool,
    stand_in: Keypair,
    console: &dyn Console,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let session = context.session(&watched.of.session).await?;
    // Whoever only looks needs no key.
    let wallet = context.who.owner().ok();
    let key = context.who.keys().first().map_or(stand_in, |key| key.insecure_clone());
    // The cache holds what is confirmed, so what happened is read at the same level, whatever the configuration says.
    let source = Source::open(context.ledger.with_commitment(Commitment::Confirmed), &session, key).await?;
    let on_screen = !json && console.is_there() && io::stdout().is_terminal();
    if on_screen {
        let model = Model::new(&session.place.text, context.cluster, wallet);
        return terminal::run(source, model, ended(watched.time)).await;
    }
    tokio::select! {
        told = stream::run(source, json, out) => told,
        () = ended(watched.time) => Ok(()),
    }
}
