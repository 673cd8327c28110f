//! Every story of the command's own tests on a validator, over real JSON-RPC and web sockets, against the embedded ledger.
//!
//! The validator is surfpool, in this process and offline. The same steps are taken on the embedded ledger and on it, and the two must agree on
//! everything, as in `tests/bank`: the report line for line, receipts, simulations, and every byte of every account that a transaction names.
//!
//! `make test-validator` has the same stories played on a `solana-test-validator`, as far as [`sessions_tests::real_time`] can.

mod real_time;
mod surfpool;
#[path = "../../../app/cli/tests/stories/told/mod.rs"]
mod told;

use {
    sessions_cli::{
        report::Report,
        scenario::{self, Plan, Summary},
    },
    sessions_client::Ledger,
    sessions_tests::{agreement, test_validator},
    solana_address::Address,
    surfpool::Surfpool,
};

/// The slot in which a scenario begins: surfpool's chain has slots before it.
const FIRST_SLOT: u64 = 40;

/// The account of the schedule by which epochs follow each other. Surfpool's is that of a chain that has grown up.
const EPOCH_SCHEDULE: Address = Address::from_str_const("SysvarEpochSchedu1e111111111111111111111111");

/// Plays a scenario on an embedded ledger and on a surfpool that begins like it.
///
/// Where a `solana-test-validator` is asked for, the two must agree as far as time allows there, and the story is told of the embedded ledger alone.
fn play(plan: &Plan, report: &mut dyn Report) -> Summary {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let embedded = scenario::embedded(plan, None).unwrap();
        embedded.with_svm(|svm| svm.warp_to_slot(FIRST_SLOT)).unwrap();
        if let Some(binary) = test_validator::wanted() {
            real_time::play(plan, &binary).await;
            return scenario::run(plan, &embedded, report).await.unwrap();
        }
        let surfpool = Surfpool::start(plan, FIRST_SLOT).await;
        let schedule = surfpool.read(&[EPOCH_SCHEDULE]).await.unwrap().remove(0).account.unwrap();
        embedded.put(EPOCH_SCHEDULE, schedule).unwrap();
        agreement::play(plan, embedded, surfpool, report).await
    })
}
