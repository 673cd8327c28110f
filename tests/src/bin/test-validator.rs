//! Plays the scenarios on a `solana-test-validator`: what `make test-validator` runs.
//!
//! Each scenario has a validator of its own. `docs/ledgers.md` has the record of the last run.

use {
    clap::ValueEnum,
    sessions_cli::{command::Demo, scenario::Plan},
    sessions_client::Ledger,
    sessions_tests::{
        real_time::{self, Cut, PATIENCE},
        test_validator::{Validator, binary},
    },
    std::{
        path::Path,
        process::{Command, ExitCode},
    },
};

fn main() -> ExitCode {
    let Some(binary) = binary() else {
        eprintln!(
            "there is no solana-test-validator on the PATH, nor at SOLANA_TEST_VALIDATOR; get it with `cargo install agave-validator@4.2.2 --bin \
             solana-test-validator --locked`"
        );
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads can be started");
    let failed = runtime.block_on(run(&binary));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plays every scenario and gives how many differed.
async fn run(binary: &Path) -> usize {
    let version = Command::new(binary).arg("--version").output().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    println!("{}", version.unwrap_or_else(|error| error.to_string()));
    let mut failed = 0;
    for demo in Demo::value_variants() {
        let (name, text) = demo.scenario();
        let plan = Plan::read(name, text).unwrap_or_else(|problems| panic!("{problems}"));
        let validator = Validator::start(binary, &real_time::funds(&plan)).await;
        let ledger = &validator.ledger;
        let cut = Cut::of(plan, ledger.clock().await.unwrap().unix_timestamp, PATIENCE);
        println!("{cut}");
        match real_time::play_beside_embedded(&cut.plan, ledger).await {
            Ok(()) => println!("  as on the embedded ledger"),
            Err(differences) => {
                failed += 1;
                for difference in differences {
                    println!("  {difference}");
                }
            }
        }
    }
    failed
}
