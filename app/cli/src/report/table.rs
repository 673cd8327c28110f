//! `sessions demo`: a table that is pleasant to read, on a terminal and as plain text.
//!
//! time, actor, step, the session's status before → after, compute units, fee, events. A refused step is marked ✗ with the error's name,
//! and the rule that it met stands below.

use {
    super::{
        BAD, BOLD, DIM, EVENT, GOOD, PLAIN, REFUSED, Report, broken_claims, claims, columns, count, events, format, mismatch, row, styled,
    },
    crate::scenario::{
        Plan, Record, Summary,
        record::{Acted, Outcome, State, What},
    },
    anstyle::Style,
    std::io::{self, Write},
};

/// The columns of the session's status, the compute units, the fee and the events; those before follow from the scenario.
const STATE: usize = 22;
const UNITS: usize = 6;
const FEE: usize = 6;
const EVENTS: usize = 32;
const MARGIN: &str = " ";

/// Writes the table.
pub struct Table<W> {
    out: W,
    time: usize,
    actor: usize,
    step: usize,
}

impl<W: Write> Table<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, time: 0, actor: 0, step: 0 }
    }

    fn widths(&self) -> [usize; 7] {
        [self.time, self.actor, self.step, STATE, UNITS, FEE, EVENTS]
    }

    fn line(&mut self, cells: &[(Style, String)]) -> io::Result<()> {
        writeln!(self.out, "{}", format!("{MARGIN}{}", row(cells)).trim_end())
    }

    fn rule(&mut self) -> io::Result<()> {
        let cells = self.widths().map(|width| (DIM, "─".repeat(width)));
        self.line(&cells)
    }

    /// The first cells of a row.
    fn begin_row(&self, record: &Record, actor: &str, step: (Style, &str)) -> Vec<(Style, String)> {
        let time = format::right(&format::elapsed(record.elapsed), self.time);
        vec![(DIM, time), (PLAIN, format::left(actor, self.actor)), (step.0, format::left(step.1, self.step))]
    }

    /// Text to the table's end. Its first line continues `cells`, the others begin below the end of these.
    fn prose(&mut self, mut cells: Vec<(Style, String)>, style: Style, text: &str) -> io::Result<()> {
        let total: usize = self.widths().iter().map(|width| width + 2).sum();
        let indent: usize = cells.iter().map(|(_, text)| format::width(text) + 2).sum();
        for line in format::wrapped(text, total.saturating_sub(indent + 2)) {
            let next = vec![(PLAIN, " ".repeat(indent.saturating_sub(2)))];
            cells.push((style, line));
            self.line(&std::mem::replace(&mut cells, next))?;
        }
        Ok(())
    }

    /// Text below a row, from the step's column on.
    fn below(&mut self, style: Style, text: &str) -> io::Result<()> {
        let blank = " ".repeat(self.time + 2 + self.actor);
        self.prose(vec![(PLAIN, blank)], style, &format!("╰ {text}"))
    }

    fn act(&mut self, plan: &Plan, record: &Record, act: &Acted) -> io::Result<()> {
        let mut cells = self.begin_row(record, &act.actor, (PLAIN, act.instruction));
        cells.push((PLAIN, format::left(&transition(act), STATE)));
        cells.push((PLAIN, format::right(&act.compute_units.map_or(String::new(), format::thousands), UNITS)));
        cells.push((DIM, format::right(&act.fee.map_or(String::new(), format::thousands), FEE)));
        let mut more = Vec::new();
        let last = match &act.outcome {
            Outcome::Done => {
                more = act.events.iter().map(|event| events::brief(event, plan)).collect();
                let first = if more.is_empty() { String::new() } else { more.remove(0) };
                (EVENT, first)
            }
            Outcome::Refused(why) => (REFUSED, format!("✗ {}", why.name)),
            Outcome::Undone => (DIM, "undone with the step below".into()),
            Outcome::NotReached => (DIM, "not run".into()),
            Outcome::Failed { .. } => (BAD, "✗ FAILED".into()),
        };
        cells.push(last);
        self.line(&cells)?;
        for event in more {
            let blank = self.widths().iter().take(6).map(|width| (PLAIN, " ".repeat(*width))).collect::<Vec<_>>();
            self.line(&[blank, vec![(EVENT, event)]].concat())?;
        }
        match &act.outcome {
            Outcome::Refused(why) => self.below(DIM, &why.message),
            Outcome::Failed { expected, came } => {
                let text = format!("{}:{}: {}", plan.file, record.place.line, mismatch(expected.as_deref(), came.as_ref()));
                self.below(BAD, &text)
            }
            _ => Ok(()),
        }
    }
}

impl<W: Write> Report for Table<W> {
    fn begin(&mut self, plan: &Plan) -> io::Result<()> {
        [self.time, self.actor, self.step] = columns(plan);
        writeln!(self.out, "\n{MARGIN}{}", styled(BOLD, &plan.title))?;
        let note = format!("{}, from {} on; fees in lamports", plan.file, format::calendar(plan.start));
        writeln!(self.out, "{MARGIN}{}\n", styled(DIM, note))?;
        let [time, actor, step, state, units, fee, events] = self.widths();
        self.line(&[
            (BOLD, format::right("time", time)),
            (BOLD, format::left("actor", actor)),
            (BOLD, format::left("step", step)),
            (BOLD, format::left("session", state)),
            (BOLD, format::right("CU", units)),
            (BOLD, format::right("fee", fee)),
            (BOLD, format::left("events", events)),
        ])?;
        self.rule()
    }

    fn record(&mut self, plan: &Plan, record: &Record) -> io::Result<()> {
        match &record.what {
            What::Act(act) => self.act(plan, record, act)?,
            What::Waited(span) => {
                let cells = self.begin_row(record, "", (DIM, &format!("⋯ {} pass", format::seconds((*span).into()))));
                self.line(&cells)?;
            }
            What::Checked(verdicts) => {
                let cells = self.begin_row(record, "", (DIM, "check"));
                if record.holds() {
                    self.prose(cells, GOOD, &format!("✓ {}", claims(verdicts)))?;
                } else {
                    self.prose(cells, BAD, &format!("✗ {}:{}: {}", plan.file, record.place.line, broken_claims(verdicts)))?;
                }
            }
        }
        self.out.flush()
    }

    fn end(&mut self, plan: &Plan, summary: &Summary) -> io::Result<()> {
        self.rule()?;
        let mut parts = vec![count(summary.steps, "step")];
        if summary.refused > 0 {
            parts.push(format!("{} refused as expected", summary.refused));
        }
        if summary.not_run() > 0 {
            parts.push(format!("{} not run", summary.not_run()));
        }
        if summary.claims > 0 {
            parts.push(format!("{} checked", count(summary.claims, "claim")));
        }
        parts.push(format!("{} compute units", format::thousands(summary.compute_units)));
        parts.push(format!("{} in fees", format::amount(summary.fees)));
        let (style, verdict) = match summary.failed_at {
            Some(place) => (BAD, format!("✗ step {} did not go as expected, {}:{}", place.number, plan.file, place.line)),
            None if summary.left == 0 && summary.locked == 0 => (GOOD, "✓ everything reclaimed; all rent is back".into()),
            None => (GOOD, format!("✓ as expected; {}", remains(summary))),
        };
        writeln!(self.out, "{MARGIN}{}", parts.join(" · "))?;
        writeln!(self.out, "{MARGIN}{}\n", styled(style, verdict))?;
        self.out.flush()
    }
}

/// What is left at the end, and what became of the lamports that no wallet has.
fn remains(summary: &Summary) -> String {
    let locked = format::amount(u64::try_from(summary.locked).unwrap_or(0));
    match (summary.left, summary.locked) {
        (0, _) => format!("no session is left; {locked} stays outside the wallets, as in mints and token accounts"),
        (left, 0) => format!("{} left", count(left, "session")),
        (left, _) => format!("{} left; {locked} is in accounts and vaults", count(left, "session")),
    }
}

/// The session's status before and after a step.
fn transition(act: &Acted) -> String {
    let (before, after) = (act.before, act.after);
    match &act.outcome {
        Outcome::Done if before != State::Absent && after == State::Absent => format!("{before} → reclaimed"),
        Outcome::Done if before != after => format!("{before} → {after}"),
        _ => before.to_string(),
    }
}
