//! The bank of solana-program-test against the embedded ledger.
//!
//! | module | what is tried on both |
//! |---|---|
//! | [`told`] | every story of the command's own tests |
//! | [`rogue`] | calls of a program of ill will |
//! | [`admission`] | transactions that are turned away, and those that only just are not |
//! | [`ledger`] | the bank as a ledger |
//!
//! The same steps are taken on one after the other, and the two must agree on everything: outcomes and errors, compute units, fees, logs,
//! events, answers, and every byte of every account that a transaction names.

mod admission;
mod ledger;
mod rogue;
#[path = "../../app/cli/tests/stories/told/mod.rs"]
mod told;

use {
    ledger::Bank,
    sessions_cli::{
        report::Report,
        scenario::{self, Plan, Summary},
    },
    sessions_client::Embedded,
    sessions_tests::{
        agreement,
        programs::{ROGUE, committed},
    },
    std::future::Future,
};

/// The slot in which a scenario begins.
const FIRST_SLOT: u64 = 1;

/// Plays a scenario on an embedded ledger, to which the program of ill will is added, and on a bank that begins like it.
fn play(plan: &Plan, report: &mut dyn Report) -> Summary {
    let embedded = scenario::embedded(plan, None).unwrap();
    embedded.with_svm(|svm| svm.add_program(ROGUE, &committed("rogue"))).unwrap().unwrap();
    beside(embedded, |embedded, bank| agreement::play(plan, embedded, bank, report))
}

/// Runs `work` with an embedded ledger and a bank that begins like it.
fn beside<F: Future>(embedded: Embedded, work: impl FnOnce(Embedded, Bank) -> F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let bank = Bank::beside(&embedded).await;
        work(embedded, bank).await
    })
}
