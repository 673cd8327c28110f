//! `--json`: one object a step, then one for the scenario; each on a line of its own.
//!
//! A step's object: `type` ("step"), `file`, `line`, `step` (its number), `slot`, `time` (RFC 3339), `elapsed_seconds`, `kind`
//! ("instruction", "wait" or "check") and `outcome` ("ok", "refused": as expected, "undone" or "not_run": because another step of the
//! transaction was refused or failed, "failed"). By its kind it also has
//! - *instruction*: `actor`, `instruction`, `session` (its saved name or null), `expected` and `error` (names or null), `message` (what the
//!   error says; of another program's error also which program it was), `before` and `after` (the session's status or null where there is
//!   none), `close_reason`, `compute_units`, `fee` (in lamports, on the first step of its transaction), `events` (each with `name`,
//!   `address`, `revision`, `previous`, and what it tells under the names of its fields: addresses in base58, moments in RFC 3339 or
//!   "never", roles, permissions and reasons by name, the data of messages and the keys of properties as text if they are UTF-8 and else as
//!   0x and hex digits, selectors as 0x and hex digits, amounts in the smallest parts of their mint, and null for the mint that is SOL),
//!   `returned` (what the session program answered, as 0x and hex digits, or null);
//! - *wait*: `seconds`;
//! - *check*: `claims` (each with `label`, `expected`, `found`, `holds`).
//!
//! The scenario's object: `type` ("summary"), `file`, `scenario`, `passed`, `steps`, `reached` (how many steps came to their turn; those
//! that are "not_run" did not), `refused`, `claims`, `compute_units`, `fees`, `locked` (lamports that have left the wallets for accounts
//! and vaults, also of other programs), `sessions_left`, `failed_line`.
//!
//! Fields are only ever added. On the embedded ledger the same scenario gives the same bytes.

use {
    super::{Report, events, format},
    crate::scenario::{
        Plan, Record, Summary,
        record::{Outcome, Verdict, What},
    },
    serde::Serialize,
    serde_json::{Map, Value},
    sessions_client::core::events::AnyEvent,
    std::io::{self, Write},
};

/// Writes JSON lines.
pub struct Json<W> {
    out: W,
}

#[derive(Serialize)]
struct StepLine<'a> {
    r#type: &'static str,
    file: &'a str,
    line: usize,
    step: usize,
    slot: u64,
    time: String,
    elapsed_seconds: i64,
    outcome: &'static str,
    #[serde(flatten)]
    kind: Kind<'a>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
enum Kind<'a> {
    Instruction {
        actor: &'a str,
        instruction: &'a str,
        session: Option<&'a str>,
        expected: Option<&'a str>,
        error: Option<&'a str>,
        message: Option<&'a str>,
        before: Option<&'a str>,
        after: Option<&'a str>,
        close_reason: Option<String>,
        compute_units: Option<u64>,
        fee: Option<u64>,
        events: Vec<EventLine>,
        returned: Option<String>,
    },
    Wait {
        seconds: u32,
    },
    Check {
        claims: Vec<ClaimLine<'a>>,
    },
}

#[derive(Serialize)]
struct EventLine {
    name: &'static str,
    address: String,
    revision: u64,
    previous: u64,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

#[derive(Serialize)]
struct ClaimLine<'a> {
    label: &'a str,
    expected: &'a str,
    found: &'a str,
    holds: bool,
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    r#type: &'static str,
    file: &'a str,
    scenario: &'a str,
    passed: bool,
    steps: usize,
    reached: usize,
    refused: usize,
    claims: usize,
    compute_units: u64,
    fees: u64,
    locked: i128,
    sessions_left: usize,
    failed_line: Option<usize>,
}

impl EventLine {
    fn of(event: &AnyEvent) -> Self {
        let header = event.header();
        let (address, revision, previous) = (header.address.to_string(), header.revision, header.previous);
        Self { name: event.name(), address, revision, previous, fields: events::fields(event) }
    }
}

/// An event as it stands in every JSON document.
pub fn event(event: &AnyEvent) -> Value {
    serde_json::to_value(EventLine::of(event)).unwrap_or_default()
}

impl<W: Write> Json<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        // In one piece, so that a reader never sees half a line.
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Report for Json<W> {
    fn begin(&mut self, _: &Plan) -> io::Result<()> {
        Ok(())
    }

    fn record(&mut self, plan: &Plan, record: &Record) -> io::Result<()> {
        let outcome = match &record.what {
            What::Act(act) => match act.outcome {
                Outcome::Done => "ok",
                Outcome::Refused(_) => "refused",
                Outcome::Undone => "undone",
                Outcome::NotReached => "not_run",
                Outcome::Failed { .. } => "failed",
            },
            _ if record.holds() => "ok",
            _ => "failed",
        };
        self.line(&StepLine {
            r#type: "step",
            file: &plan.file,
            line: record.place.line,
            step: record.place.number,
            slot: record.slot,
            time: format::calendar(record.time),
            elapsed_seconds: record.elapsed,
            outcome,
            kind: kind(&record.what),
        })
    }

    fn end(&mut self, plan: &Plan, summary: &Summary) -> io::Result<()> {
        self.line(&SummaryLine {
            r#type: "summary",
            file: &plan.file,
            scenario: &plan.title,
            passed: summary.passed(),
            steps: summary.steps,
            reached: summary.reached,
            refused: summary.refused,
            claims: summary.claims,
            compute_units: summary.compute_units,
            fees: summary.fees,
            locked: summary.locked,
            sessions_left: summary.left,
            failed_line: summary.failed_at.map(|place| place.line),
        })
    }
}

fn kind<'a>(what: &'a What) -> Kind<'a> {
    match what {
        What::Waited(seconds) => Kind::Wait { seconds: *seconds },
        What::Checked(verdicts) => {
            let claim = |verdict: &'a Verdict| ClaimLine {
                label: &verdict.label,
                expected: &verdict.expected,
                found: &verdict.found,
                holds: verdict.holds,
            };
            Kind::Check { claims: verdicts.iter().map(claim).collect() }
        }
        What::Act(act) => {
            let (expected, why) = match &act.outcome {
                Outcome::Refused(why) => (Some(why.name.as_str()), Some(why)),
                Outcome::Failed { expected, came } => (expected.as_deref(), came.as_ref()),
                _ => (None, None),
            };
            Kind::Instruction {
                actor: &act.actor,
                instruction: act.instruction,
                session: act.session.as_deref(),
                expected,
                error: why.map(|why| why.name.as_str()),
                message: why.map(|why| why.message.as_str()),
                before: act.before.name(),
                after: act.after.name(),
                close_reason: act.after.close_reason(),
                compute_units: act.compute_units,
                fee: act.fee,
                events: act.events.iter().map(EventLine::of).collect(),
                returned: (!act.returned.is_empty()).then(|| format!("0x{}", hex::encode(&act.returned))),
            }
        }
    }
}
