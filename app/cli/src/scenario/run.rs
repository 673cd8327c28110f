//! A plan on a ledger.
//!
//! Steps happen in the file's order, each transaction in a slot of its own. The first step that does not go as expected ends the scenario:
//! what the ledger then holds is not what the rest of the story is about.

use {
    super::{
        amounts::Unit,
        arena::{self, ARENA},
        checks::{Claim, Test},
        found::Found,
        plan::{Item, Place, Plan},
        programs::{TOKEN, TOKEN_2022},
        record::{Outcome, Record, Summary, Verdict, What},
        transaction,
    },
    crate::{error::Error, report::Report},
    sessions_client::{Embedded, Ledger, LedgerError, account, address::PROGRAM, ledger::Snapshot},
    solana_address::Address,
    std::time::Duration,
};

/// An embedded ledger for a scenario: with `program` or else the committed one, and with the arena, at the scenario's time, its actors funded.
///
/// # Errors
/// [`LedgerError::Program`] if the program file cannot be loaded.
pub fn embedded(plan: &Plan, program: Option<&[u8]>) -> Result<Embedded, LedgerError> {
    let ledger = program.map_or_else(Embedded::new, Embedded::with_program)?;
    ledger.with_svm(|svm| svm.add_program(ARENA, arena::FILE))?.map_err(|error| LedgerError::Program(error.to_string()))?;
    ledger.set_time(plan.start)?;
    for (actor, lamports) in &plan.actors {
        ledger.fund(actor.address, *lamports)?;
    }
    Ok(ledger)
}

/// Runs a scenario and tells `report` of each step as it finishes.
///
/// # Errors
/// When the ledger cannot be read or the report not written. Expectations that do not hold are in the [`Summary`].
pub async fn run<L: Ledger>(plan: &Plan, ledger: &L, report: &mut dyn Report) -> Result<Summary, Error> {
    let mut story = Story {
        plan,
        ledger,
        summary: Summary { steps: plan.steps, ..Summary::default() },
        events: Vec::new(),
        returned: Vec::new(),
        moved: true,
    };
    let start = story.wealth().await?;
    report.begin(plan)?;
    for item in &plan.items {
        for record in story.item(item).await? {
            story.summary.reached += usize::from(record.reached());
            if !record.holds() && story.summary.failed_at.is_none() {
                story.summary.failed_at = Some(record.place);
            }
            report.record(plan, &record)?;
        }
        if story.summary.failed_at.is_some() {
            break;
        }
    }
    let addresses: Vec<Address> = plan.sessions.iter().map(|(_, session)| session.address).collect();
    let end = story.wealth().await?;
    let mut summary = story.summary;
    summary.left = ledger.read(&addresses).await?.iter().filter(|snapshot| account::session(snapshot).is_ok()).count();
    summary.locked = start - end - i128::from(summary.fees);
    report.end(plan, &summary)?;
    Ok(summary)
}

/// A scenario on its way.
struct Story<'a, L> {
    plan: &'a Plan,
    ledger: &'a L,
    summary: Summary,
    /// The events of the last step that is an instruction.
    events: Vec<&'static str>,
    /// What it answered.
    returned: Vec<u8>,
    /// Whether the ledger is in a slot in which nothing has happened.
    moved: bool,
}

impl<L: Ledger> Story<'_, L> {
    /// What all actors have together, in lamports.
    async fn wealth(&self) -> Result<i128, LedgerError> {
        let addresses: Vec<Address> = self.plan.wallets().map(|wallet| wallet.address).collect();
        Ok(self.ledger.read(&addresses).await?.iter().map(|snapshot| i128::from(lamports(snapshot))).sum())
    }

    async fn item(&mut self, item: &Item) -> Result<Vec<Record>, LedgerError> {
        match item {
            Item::Wait(place, seconds) => {
                self.ledger.wait(Duration::from_secs((*seconds).into())).await?;
                self.moved = true;
                Ok(vec![self.record(*place, What::Waited(*seconds)).await?])
            }
            Item::Check(place, claims) => {
                let mut verdicts = Vec::new();
                for claim in claims {
                    verdicts.push(self.judge(claim).await?);
                }
                self.summary.claims += verdicts.iter().filter(|verdict| verdict.holds).count();
                Ok(vec![self.record(*place, What::Checked(verdicts)).await?])
            }
            Item::Transaction(steps) => {
                if !self.moved {
                    self.ledger.next_slot().await?;
                }
                self.moved = false;
                let sent = transaction::send(self.plan, self.ledger, steps).await?;
                self.summary.compute_units += sent.compute_units;
                self.summary.fees += sent.fee;
                self.events = sent.acts.last().map(|act| act.events.iter().map(|event| event.name()).collect()).unwrap_or_default();
                self.returned = sent.acts.last().map(|act| act.returned.clone()).unwrap_or_default();
                let mut records = Vec::new();
                for (step, act) in steps.iter().zip(sent.acts) {
                    self.summary.refused += usize::from(matches!(act.outcome, Outcome::Refused(_)));
                    records.push(self.record(step.place, What::Act(act)).await?);
                }
                Ok(records)
            }
        }
    }

    async fn record(&self, place: Place, what: What) -> Result<Record, LedgerError> {
        let clock = self.ledger.clock().await?;
        let (slot, time) = (clock.slot, clock.unix_timestamp);
        Ok(Record { place, slot, time, elapsed: time.saturating_sub(self.plan.start), what })
    }

    async fn judge(&self, claim: &Claim) -> Result<Verdict, LedgerError> {
        let show = |value: &Found| value.show(self.plan);
        let (holds, expected, found) = match &claim.test {
            Test::Events(names) => (*names == self.events, list(names), list(&self.events)),
            Test::Balance(address, amount, unit) => {
                let snapshot = self.read(address).await?;
                let balance = if *unit == Unit::Sol { lamports(&snapshot) } else { tokens(&snapshot) };
                (balance == *amount, unit.show(*amount), unit.show(balance))
            }
            Test::Answer(_, expected) if self.returned.is_empty() => (false, show(expected), "nothing, for the step did not answer".into()),
            Test::Answer(get, expected) => match get(&self.returned) {
                Some(found) => (found == *expected, show(expected), show(&found)),
                None => (false, show(expected), format!("another answer, 0x{}", hex::encode(&self.returned))),
            },
            Test::Absent(address, absent) => {
                let found = !is_ours(&self.read(address).await?);
                (found == *absent, absent.to_string(), found.to_string())
            }
            Test::Field(address, get, expected) => {
                let snapshot = self.read(address).await?;
                match get(&snapshot) {
                    Ok(found) => (found == *expected, show(expected), show(&found)),
                    Err(error) if is_ours(&snapshot) => (false, show(expected), error.name().into()),
                    Err(_) => (false, show(expected), "nothing, for the account does not exist".into()),
                }
            }
        };
        Ok(Verdict { label: claim.label.clone(), expected, found, holds })
    }

    async fn read(&self, address: &Address) -> Result<Snapshot, LedgerError> {
        let mut snapshots = self.ledger.read(std::slice::from_ref(address)).await?;
        Ok(snapshots.pop().unwrap_or(Snapshot { slot: 0, account: None }))
    }
}

fn lamports(snapshot: &Snapshot) -> u64 {
    snapshot.account.as_ref().map_or(0, |account| account.lamports)
}

/// What a token account holds; nothing if it is none.
fn tokens(snapshot: &Snapshot) -> u64 {
    const AMOUNT: std::ops::Range<usize> = 64..72;
    let account = snapshot.account.as_ref().filter(|account| [TOKEN, TOKEN_2022].contains(&account.owner));
    let bytes = account.and_then(|account| account.data.get(AMOUNT)).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u64::from_le_bytes)
}

/// Whether the program has an account there.
fn is_ours(snapshot: &Snapshot) -> bool {
    snapshot.account.as_ref().is_some_and(|account| account.owner == PROGRAM)
}

fn list(names: &[&str]) -> String {
    format!("[{}]", names.join(", "))
}
