//! What scenarios do on the real program, on whichever ledger the `play` of the test's root has them played.
//!
//! | module | what it shows |
//! |---|---|
//! | [`language`] | the examples as they stand, and the rules of the language that only a run shows |
//! | [`membership`] | inviting, joining, leaving; rights, session keys, authority |
//! | [`content`] | properties, messages, checkpoints |
//! | [`vault`] | the vault, allowances, tokens |
//! | [`functions`] | functions, consumption, the arena |
//! | [`across`] | properties across sessions |
//! | [`reclaiming`] | what is left of a session, and who gets it |

mod across;
mod content;
mod functions;
mod language;
mod membership;
mod reclaiming;
mod vault;

use {
    sessions_cli::{
        report::{Report, json::Json},
        scenario::{
            Plan, Record, Summary,
            record::{Acted, Outcome, What},
        },
    },
    std::io,
};

/// Keeps what happened.
#[derive(Default)]
struct Kept {
    records: Vec<Record>,
}

impl Report for Kept {
    fn begin(&mut self, _: &Plan) -> io::Result<()> {
        Ok(())
    }

    fn record(&mut self, _: &Plan, record: &Record) -> io::Result<()> {
        self.records.push(record.clone());
        Ok(())
    }

    fn end(&mut self, _: &Plan, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

fn run(text: &str, report: &mut dyn Report) -> Summary {
    crate::play(&Plan::read("x.yaml", text).unwrap_or_else(|problems| panic!("{problems}")), report)
}

/// Runs steps of `gm`, `ana`, `ben`, `cleo`, and `poor`, who cannot pay a fee.
fn steps(steps: &str) -> (Summary, Vec<Record>) {
    let text = format!("scenario: x\nactors: {{ gm: 1 SOL, ana: 1 SOL, ben: 1 SOL, cleo: 1 SOL, poor: 1000 }}\nsteps:\n{steps}");
    let mut kept = Kept::default();
    let summary = run(&text, &mut kept);
    (summary, kept.records)
}

fn acts(records: &[Record]) -> Vec<&Acted> {
    let acts = records.iter().filter_map(|record| if let What::Act(act) = &record.what { Some(act) } else { None });
    acts.collect()
}

fn json(text: &str) -> String {
    let mut bytes = Vec::new();
    run(text, &mut Json::new(&mut bytes));
    String::from_utf8(bytes).unwrap()
}

/// Runs steps that must all go as expected, and gives their records.
#[track_caller]
pub fn passes(text: &str) -> Vec<Record> {
    let (summary, records) = steps(text);
    assert!(summary.passed(), "{:#?}", records.last());
    records
}

/// What the refusal of the step with this number says.
fn refusal(records: &[Record], number: usize) -> &str {
    match &records[number - 1].what {
        What::Act(Acted { outcome: Outcome::Refused(why), .. }) => &why.message,
        other => panic!("step {number} was not refused: {other:#?}"),
    }
}
