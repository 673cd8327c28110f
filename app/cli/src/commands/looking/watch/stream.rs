//! A line for each thing that happens: the session when it changes, and every event.

use {
    super::source::{PATIENCE, Seen, SessionSeen, Source},
    crate::{failed::Failed, report::format},
    serde_json::{Value, json},
    sessions_client::{Ledger, core::rules::lifecycle::Status},
    std::{
        io::{self, Write},
        time::Duration,
    },
};

/// From which age on it is said how old a reading is.
pub const OLD: Duration = Duration::from_secs(15);

pub(super) async fn run<L: Ledger>(mut source: Source<L>, json: bool, out: &mut dyn Write) -> Result<(), Failed> {
    let (mut told, mut is_troubled) = (None, false);
    loop {
        let written = match source.look().await {
            Ok(seen) => {
                is_troubled = false;
                tell(&seen, &mut told, json, out).map(|()| seen.session.is_none())
            }
            Err(failed) if !failed.passes => return Err(failed),
            Err(_) if is_troubled => Ok(false),
            Err(failed) => {
                is_troubled = true;
                trouble(&failed, json, out).map(|()| false)
            }
        };
        match written {
            Ok(true) => return Ok(()),
            // Nobody reads any more.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(error.into()),
            // A node that is asked too much is not asked sooner because something happens.
            Ok(false) if is_troubled => tokio::time::sleep(PATIENCE).await,
            Ok(false) => source.changed().await,
        }
    }
}

/// That looking did not succeed, and is going to be tried again.
fn trouble(failed: &Failed, json: bool, out: &mut dyn Write) -> io::Result<()> {
    if !json {
        return writeln!(anstream::stderr(), "not seen for now: {}", failed.message);
    }
    writeln!(out, "{}", json!({ "type": "trouble", "error": failed.json()["error"] }))?;
    out.flush()
}

/// What is new, each in a line that is there at once for whoever reads it.
fn tell(seen: &Seen, told: &mut Option<Option<u64>>, json: bool, out: &mut dyn Write) -> io::Result<()> {
    for found in &seen.found {
        if json {
            writeln!(out, "{}", found.json())?;
        } else {
            writeln!(out, "{}", found.line())?;
        }
        out.flush()?;
    }
    let revision = seen.session.as_ref().map(|session| session.state.header.revision);
    if *told != Some(revision) {
        *told = Some(revision);
        match &seen.session {
            Some(session) if json => writeln!(out, "{}", document(session))?,
            Some(session) => writeln!(out, "{}", line(session, seen.now))?,
            None if json => writeln!(out, "{}", json!({ "type": "session", "session": Value::Null }))?,
            None => writeln!(out, "the session is deleted")?,
        }
    }
    out.flush()
}

fn document(session: &SessionSeen) -> Value {
    json!({
        "type": "session", "session": session.described.json(), "slot": session.freshness.slot, "freshness": session.freshness.level.name(),
        "age_seconds": session.age.as_secs(),
    })
}

fn line(session: &SessionSeen, now: i64) -> String {
    let state = &session.state;
    let status = Status::from_byte(state.status).map_or("", |status| status.name());
    let left =
        state.end(now).map_or(String::new(), |end| format!(", {} left", format::seconds(end.saturating_sub(now).max(0).unsigned_abs())));
    let (members, most) = (state.members, state.config.max_members);
    let age = if session.age < OLD { String::new() } else { format!(", {} s ago", session.age.as_secs()) };
    format!(
        "session: {status}, {members} of {most} members{left}; {} at slot {}{age}",
        session.freshness.level.name(),
        session.freshness.slot
    )
}
