//! `sessions run`: a heading, a line a step, a line at the end.

use {
    super::{
        BAD, BOLD, DIM, EVENT, GOOD, PLAIN, REFUSED, Report, broken_claims, claims, columns, count, events, format, mismatch, row, styled,
    },
    crate::scenario::{
        Plan, Record, Summary,
        plan::Item,
        record::{Acted, Outcome, What},
    },
    anstyle::Style,
    std::io::{self, Write},
};

/// The columns of the compute units: a transaction has at most 1,400,000.
const UNITS: usize = 9;

/// Writes lines.
pub struct Lines<W> {
    out: W,
    time: usize,
    actor: usize,
    instruction: usize,
    outcome: usize,
}

impl<W: Write> Lines<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, time: 0, actor: 0, instruction: 0, outcome: 0 }
    }

    fn cells(&self, record: &Record, actor: &str, instruction: &str) -> Vec<(Style, String)> {
        let time = format::right(&format::elapsed(record.elapsed), self.time);
        vec![(DIM, time), (PLAIN, format::left(actor, self.actor)), (PLAIN, format::left(instruction, self.instruction))]
    }

    fn outcome(&self, style: Style, text: &str) -> (Style, String) {
        (style, format::left(text, self.outcome))
    }

    fn act(&self, plan: &Plan, record: &Record, act: &Acted) -> Vec<(Style, String)> {
        let mut cells = self.cells(record, &act.actor, act.instruction);
        match &act.outcome {
            Outcome::Done => cells.push(self.outcome(GOOD, "ok")),
            Outcome::Refused(why) => cells.push(self.outcome(REFUSED, &format!("✗ {}", why.name))),
            Outcome::Undone => cells.push(self.outcome(DIM, "undone")),
            Outcome::NotReached => cells.push(self.outcome(DIM, "not run")),
            Outcome::Failed { expected, came } => {
                let text = mismatch(expected.as_deref(), came.as_ref());
                cells.push((BAD, format!("FAILED {}:{}: {text}", plan.file, record.place.line)));
                return cells;
            }
        }
        let units = act.compute_units.map_or(String::new(), |units| format!("{} CU", format::thousands(units)));
        cells.push((PLAIN, format::right(&units, UNITS)));
        cells.push((EVENT, act.events.iter().map(|event| events::brief(event, plan)).collect::<Vec<_>>().join(", ")));
        cells
    }
}

impl<W: Write> Report for Lines<W> {
    fn begin(&mut self, plan: &Plan) -> io::Result<()> {
        [self.time, self.actor, self.instruction] = columns(plan);
        let steps = plan.items.iter().flat_map(|item| if let Item::Transaction(steps) = item { steps.as_slice() } else { &[] });
        let expected = steps.filter_map(|step| step.expect.as_ref()).map(|expected| format::width(expected.name()) + 2);
        self.outcome = expected.max().unwrap_or(0).max(2);
        writeln!(self.out, "{}  {}", styled(BOLD, &plan.title), styled(DIM, &plan.file))
    }

    fn record(&mut self, plan: &Plan, record: &Record) -> io::Result<()> {
        let cells = match &record.what {
            What::Act(act) => self.act(plan, record, act),
            What::Waited(span) => {
                let mut cells = self.cells(record, "", "");
                cells.truncate(2);
                cells.push((DIM, format!("wait {}", format::seconds((*span).into()))));
                cells
            }
            What::Checked(verdicts) => {
                let mut cells = self.cells(record, "", "check");
                if record.holds() {
                    cells.extend([self.outcome(GOOD, "ok"), (PLAIN, claims(verdicts))]);
                } else {
                    cells.push((BAD, format!("FAILED {}:{}: {}", plan.file, record.place.line, broken_claims(verdicts))));
                }
                cells
            }
        };
        writeln!(self.out, "{}", row(&cells))?;
        self.out.flush()
    }

    fn end(&mut self, plan: &Plan, summary: &Summary) -> io::Result<()> {
        let ran = format!("{} CU, {} in fees", format::thousands(summary.compute_units), format::amount(summary.fees));
        match summary.failed_at {
            None => {
                let refused = if summary.refused == 0 { String::new() } else { format!(", {} refused as expected", summary.refused) };
                let left = if summary.not_run() == 0 { String::new() } else { format!(", {} not run", summary.not_run()) };
                let text = format!("{}{refused}{left}; {ran}", count(summary.steps, "step"));
                writeln!(self.out, "{}  {text}\n", styled(GOOD, "passed"))?;
            }
            Some(place) => {
                let left = summary.not_run();
                let text = format!("step {} of {} at {}:{}; {left} not run; {ran}", place.number, summary.steps, plan.file, place.line);
                writeln!(self.out, "{}  {text}\n", styled(BAD, "FAILED"))?;
            }
        }
        self.out.flush()
    }
}
