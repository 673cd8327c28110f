//! The stories on the embedded ledger.

mod told;

use {
    clap::ValueEnum,
    sessions_cli::{
        command::Demo,
        report::Report,
        scenario::{self, Plan, Summary},
    },
    std::{fs, path::Path},
};

/// The slot in which a scenario begins.
const FIRST_SLOT: u64 = 1;

/// Plays a scenario on an embedded ledger of its own.
fn play(plan: &Plan, report: &mut dyn Report) -> Summary {
    let ledger = scenario::embedded(plan, None).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(scenario::run(plan, &ledger, report)).unwrap()
}

#[test]
fn every_example_is_built_into_the_command() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| format!("examples/{}", path.file_name().unwrap().to_string_lossy()))
        .collect();
    let mut built_in: Vec<&str> = Demo::value_variants().iter().map(|demo| demo.scenario().0).collect();
    files.sort();
    built_in.sort_unstable();
    assert_eq!(files, built_in, "add the new one to `Demo`");
}
