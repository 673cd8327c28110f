//! A line for each thing that happens: the session when it changes, and every event.

use {
    super::source::{SessionSeen, Source},
    crate::{failed::Failed, report::format},
    serde_json::{Value, json},
    sessions_client::{Ledger, core::rules::lifecycle::Status},
    std::io::Write,
};

pub(super) async fn run<L: Ledger>(mut source: Source<L>, json: bool, out: &mut dyn Write) -> Result<(), Failed> {
    let mut told = None;
    loop {
        let seen = source.look().await?;
        for found in &seen.found {
            if json {
                writeln!(out, "{}", found.json())?;
            } else {
                writeln!(out, "{}", found.line())?;
            }
        }
        let revision = seen.session.as_ref().map(|session| session.state.header.revision);
        if told != Some(revision) {
            told = Some(revision);
            match &seen.session {
                Some(session) if json => writeln!(out, "{}", document(session))?,
                Some(session) => writeln!(out, "{}", line(session, seen.now))?,
                None if json => writeln!(out, "{}", json!({ "type": "session", "session": Value::Null }))?,
                None => writeln!(out, "the session is deleted")?,
            }
        }
        out.flush()?;
        if seen.session.is_none() {
            return Ok(());
        }
        source.changed().await;
    }
}

fn document(session: &SessionSeen) -> Value {
    json!({
        "type": "session", "session": session.described.json(), "slot": session.freshness.slot, "freshness": session.freshness.level.name(),
    })
}

fn line(session: &SessionSeen, now: i64) -> String {
    let state = &session.state;
    let status = Status::from_byte(state.status).map_or("", |status| status.name());
    let left =
        state.end(now).map_or(String::new(), |end| format!(", {} left", format::seconds(end.saturating_sub(now).max(0).unsigned_abs())));
    let (members, most) = (state.members, state.config.max_members);
    format!("session: {status}, {members} of {most} members{left}; {} at slot {}", session.freshness.level.name(), session.freshness.slot)
}
