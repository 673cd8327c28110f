//! What happened in a session, printed once.

use {
    super::{
        Of,
        past::{self, Found},
    },
    crate::{context::Context, failed::Failed, report::format},
    serde_json::json,
    sessions_client::Ledger,
    std::io::Write,
};

pub(super) async fn run<L: Ledger>(context: &Context<'_, L>, of: &Of, limit: usize, json: bool, out: &mut dyn Write) -> Result<(), Failed> {
    let place = context.place(&of.session)?;
    let past = past::read(context, &place.address, place.named.map(|(_, id)| id), limit).await?;
    if past.transactions == 0 {
        return Err(place.absent());
    }
    if json {
        let document = json!({
            "cluster": context.cluster, "session": place.address.to_string(), "transactions": past.transactions, "complete": past.complete,
            "history": past.found.iter().map(Found::json).collect::<Vec<_>>(),
        });
        writeln!(out, "{document}")?;
        return Ok(());
    }
    if !past.complete {
        writeln!(out, "… earlier transactions were not read; --limit says how many are")?;
    }
    for found in &past.found {
        writeln!(out, "{}", found.line())?;
    }
    let gaps = past.found.iter().filter(|found| !matches!(found, Found::Event(..))).count();
    let what = match gaps {
        0 => "nothing is missing".to_owned(),
        1 => "1 of these lines tells what is missing".to_owned(),
        gaps => format!("{gaps} of these lines tell what is missing"),
    };
    writeln!(out, "{} transaction{}; {what}", format::thousands(past.transactions as u64), if past.transactions == 1 { "" } else { "s" })?;
    Ok(())
}
