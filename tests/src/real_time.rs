//! Scenarios on a cluster whose time nobody moves.
//!
//! There a wait is waited for, and no two runs see the same seconds. So a scenario is played as far as its waits are short, what it claims of
//! moments or slots is not judged, and what remains must be as on the embedded ledger: what became of every step, with its error, its events and its fee,
//! the session before and after, and every claim; and its compute units, but for the few by which the program's way differs when time has passed.

use {
    sessions_cli::{
        report::{Report, format},
        scenario::{
            self, Plan, Record, Summary,
            checks::{Claim, Test},
            found::Found,
            plan::Item,
            record::{Acted, What},
        },
    },
    sessions_client::{Ledger, ledger::MAX_READ},
    solana_address::Address,
    std::{fmt, io},
};

/// The account of what a byte costs.
const RENT: Address = Address::from_str_const("SysvarRent111111111111111111111111111111111");
/// The account of the schedule by which epochs follow each other.
const EPOCH_SCHEDULE: Address = Address::from_str_const("SysvarEpochSchedu1e111111111111111111111111");

/// By how many compute units a step may differ at the most: some rules count the windows that have passed, and on the embedded ledger none has.
const UNITS: u64 = 20;

/// For how many seconds a scenario may wait in all on a `solana-test-validator`.
pub const PATIENCE: u32 = 30;

/// A scenario as it can be played in real time.
pub struct Cut {
    /// What is played.
    pub plan: Plan,
    /// The line of the first wait that is too long, and how long that is, in seconds; what comes from there on is left out.
    pub ends: Option<(usize, u32)>,
    /// How many claims are left out, because they are about moments or slots.
    pub unjudged: usize,
    /// How many steps are played, and how many the scenario has.
    pub steps: (usize, usize),
}

impl Cut {
    /// A scenario from `now` on, with waits of at most `patience` seconds together.
    pub fn of(mut plan: Plan, now: i64, patience: u32) -> Self {
        plan.start = now;
        let all = steps(&plan.items);
        let (mut waited, mut unjudged, mut ends) = (0_u32, 0, None);
        let mut items = Vec::new();
        for mut item in std::mem::take(&mut plan.items) {
            match &mut item {
                Item::Wait(place, seconds) => {
                    waited = waited.saturating_add(*seconds);
                    if waited > patience {
                        ends = Some((place.line, *seconds));
                        break;
                    }
                }
                Item::Check(_, claims) => {
                    let all = claims.len();
                    claims.retain(|claim| !is_of_its_time(claim));
                    unjudged += all - claims.len();
                }
                Item::Transaction(_) => {}
            }
            items.push(item);
        }
        plan.items = items;
        let steps = (steps(&plan.items), all);
        Self { plan, ends, unjudged, steps }
    }
}

/// How many steps there are in items, some of them together in one transaction.
fn steps(items: &[Item]) -> usize {
    items.iter().map(|item| if let Item::Transaction(steps) = item { steps.len() } else { 0 }).sum()
}

/// Whether a claim is about a moment, how long it is until then, or a session's epoch, which is the slot that it was made in.
fn is_of_its_time(claim: &Claim) -> bool {
    let is_moment = matches!(claim.test, Test::Field(_, _, Found::Moment(_)) | Test::Answer(_, Found::Moment(_)));
    is_moment || claim.label.ends_with(".seconds_left") || claim.label.ends_with(".epoch")
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.plan.file)?;
        match self.ends {
            Some((line, seconds)) => {
                let ((played, all), wait) = (self.steps, format::seconds(seconds.into()));
                write!(f, "{played} of {all} steps played, up to line {line}, which waits {wait} where time cannot travel")?
            }
            None => f.write_str("played whole")?,
        }
        match self.unjudged {
            0 => Ok(()),
            1 => f.write_str("; 1 claim about moments or slots not judged"),
            count => write!(f, "; {count} claims about moments or slots not judged"),
        }
    }
}

/// What a scenario gives its actors.
pub fn funds(plan: &Plan) -> Vec<(Address, u64)> {
    let given = plan.actors.iter().filter(|(_, lamports)| *lamports > 0);
    given.map(|(actor, lamports)| (actor.address, *lamports)).collect()
}

/// Plays a scenario on the embedded ledger and on `ledger`, a cluster that has its programs and where its actors have what the scenario gives them.
///
/// # Errors
/// Where the two differ, in words, line by line.
///
/// # Panics
/// If one of them cannot be asked.
pub async fn play_beside_embedded<L: Ledger>(plan: &Plan, ledger: &L) -> Result<(), Vec<String>> {
    let embedded = scenario::embedded(plan, None).unwrap();
    // What a byte costs, and when an epoch ends, is each cluster's own.
    for (address, snapshot) in [RENT, EPOCH_SCHEDULE].into_iter().zip(ledger.read(&[RENT, EPOCH_SCHEDULE]).await.unwrap()) {
        embedded.put(address, snapshot.account.unwrap()).unwrap();
    }
    assert!(plan.actors.len() <= MAX_READ, "{}", plan.file);
    let (mut expected, mut found) = (Lines::default(), Lines::default());
    scenario::run(plan, &embedded, &mut expected).await.unwrap();
    scenario::run(plan, ledger, &mut found).await.unwrap();
    let nothing = || ("nothing".to_owned(), None);
    let line = |lines: &Lines, i: usize| lines.0.get(i).cloned().unwrap_or_else(nothing);
    let pairs = (0..expected.0.len().max(found.0.len())).map(|i| (line(&expected, i), line(&found, i)));
    let alike = |one: Option<u64>, other: Option<u64>| one.unwrap_or_default().abs_diff(other.unwrap_or_default()) <= UNITS;
    let differ = pairs.filter(|(one, other)| one.0 != other.0 || !alike(one.1, other.1));
    let differences: Vec<_> = differ.map(|(one, other)| format!("embedded: {one:?}\n    here:     {other:?}")).collect();
    if differences.is_empty() { Ok(()) } else { Err(differences) }
}

/// What is told of each step, but for when, and the compute units that it took.
#[derive(Default)]
struct Lines(Vec<(String, Option<u64>)>);

impl Report for Lines {
    fn begin(&mut self, _: &Plan) -> io::Result<()> {
        Ok(())
    }

    fn record(&mut self, _: &Plan, record: &Record) -> io::Result<()> {
        let mut units = None;
        let what = match &record.what {
            What::Act(Acted { actor, instruction, outcome, before, after, compute_units, fee, events, .. }) => {
                units = *compute_units;
                let events: Vec<_> = events.iter().map(|event| event.name()).collect();
                format!("{actor} {instruction}: {outcome:?}, {before} → {after}, {events:?}, fee {fee:?}")
            }
            What::Waited(seconds) => format!("waited {seconds}"),
            What::Checked(verdicts) => format!("{verdicts:?}"),
        };
        self.0.push((format!("line {}: {what}", record.place.line), units));
        Ok(())
    }

    fn end(&mut self, _: &Plan, summary: &Summary) -> io::Result<()> {
        let Summary { reached, steps, fees, locked, .. } = summary;
        self.0.push((format!("{reached} of {steps} steps, fees {fees}, locked {locked}"), None));
        Ok(())
    }
}
