//! Whether two ledgers agree: the same scenario on each, and everything that could be told of it compared.

use {
    crate::witness::{Seen, Witness},
    sessions_cli::{
        report::{Report, json::Json},
        scenario::{self, Plan, Record, Summary},
    },
    sessions_client::Ledger,
    solana_account::Account,
    std::io,
};

/// Plays a scenario on one ledger after the other, which must begin alike, and gives the second one's summary; `report` is told of the second.
///
/// # Panics
/// If they disagree: in a line of the report as JSON, in what a transaction or its simulation told, or in the bytes of an account.
pub async fn play<A: Ledger, B: Ledger>(plan: &Plan, one: A, other: B, report: &mut dyn Report) -> Summary {
    let mut silent = Silent;
    let one = Tape::play(plan, one, &mut silent).await;
    let other = Tape::play(plan, other, report).await;
    compare(&one.seen, &other.seen);
    for (a, b) in one.lines.iter().zip(&other.lines) {
        assert_eq!(a, b);
    }
    assert_eq!((one.lines.len(), &one.summary), (other.lines.len(), &other.summary));
    other.summary
}

/// Compares what was seen on two ledgers.
///
/// # Panics
/// If it is not the same.
pub fn compare(one: &[Seen], other: &[Seen]) {
    for (i, (a, b)) in one.iter().zip(other).enumerate() {
        // By parts, so that what differs stands out of all that does not.
        assert_eq!(a.clock, b.clock, "the clock behind transaction {i}");
        assert_eq!(a.receipt, b.receipt, "the receipt of transaction {i}");
        assert_eq!(a.simulated, b.simulated, "the simulation of transaction {i}");
        for (a, b) in a.accounts.iter().zip(&b.accounts) {
            // An account prints no more than the beginning of its data.
            let data = |account: &Option<Account>| account.as_ref().map(|account| account.data.clone());
            assert_eq!(data(&a.1), data(&b.1), "what {} holds behind transaction {i}", a.0);
            assert_eq!(a, b, "behind transaction {i}");
        }
        assert_eq!(a.accounts.len(), b.accounts.len(), "the accounts of transaction {i}");
    }
    assert_eq!(one.len(), other.len(), "how many transactions there were");
}

/// What a scenario left behind on one ledger.
struct Tape {
    summary: Summary,
    lines: Vec<String>,
    seen: Vec<Seen>,
}

impl Tape {
    async fn play<L: Ledger>(plan: &Plan, ledger: L, report: &mut dyn Report) -> Self {
        let witness = Witness::new(ledger);
        let mut json = Vec::new();
        let mut both = Both { json: Json::new(&mut json), report };
        let summary = scenario::run(plan, &witness, &mut both).await.unwrap();
        let lines = String::from_utf8(json).unwrap().lines().map(str::to_owned).collect();
        Self { summary, lines, seen: witness.seen() }
    }
}

/// Tells two reports.
struct Both<'a> {
    json: Json<&'a mut Vec<u8>>,
    report: &'a mut dyn Report,
}

impl Report for Both<'_> {
    fn begin(&mut self, plan: &Plan) -> io::Result<()> {
        self.json.begin(plan)?;
        self.report.begin(plan)
    }

    fn record(&mut self, plan: &Plan, record: &Record) -> io::Result<()> {
        self.json.record(plan, record)?;
        self.report.record(plan, record)
    }

    fn end(&mut self, plan: &Plan, summary: &Summary) -> io::Result<()> {
        self.json.end(plan, summary)?;
        self.report.end(plan, summary)
    }
}

/// Tells nobody.
struct Silent;

impl Report for Silent {
    fn begin(&mut self, _: &Plan) -> io::Result<()> {
        Ok(())
    }

    fn record(&mut self, _: &Plan, _: &Record) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _: &Plan, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}
