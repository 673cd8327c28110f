//! Scenarios where nobody moves the time: on a `solana-test-validator`, and on a surfpool as `make test-validator` plays them there.

use {
    clap::ValueEnum,
    sessions_cli::{
        command::Demo,
        localnet::surfpool,
        scenario::{
            Plan,
            arena::{self, ARENA},
        },
    },
    sessions_client::{Ledger, Rpc, address::PROGRAM, program, transaction::Options},
    sessions_tests::{
        real_time::{Cut, PATIENCE, funds, play_beside_embedded},
        test_validator::Validator,
    },
    std::{path::Path, time::Duration},
    surfpool_sdk::{BlockProductionMode, Surfnet, cheatcodes::builders::DeployProgram},
    tokio::task::block_in_place,
};

/// Plays a scenario on an embedded ledger and on a `solana-test-validator`, as far as its waits are short; the two must agree.
pub async fn play(plan: &Plan, binary: &Path) {
    let validator = Validator::start(binary, &funds(plan)).await;
    let cut = Cut::of(plan.clone(), validator.ledger.clock().await.unwrap().unix_timestamp, PATIENCE);
    println!("{cut}");
    agree(&cut, &validator.ledger).await;
}

/// Plays what there is of a scenario on an embedded ledger and on another, which must agree.
async fn agree(cut: &Cut, ledger: &Rpc) {
    play_beside_embedded(&cut.plan, ledger).await.unwrap_or_else(|differences| panic!("{cut}: {}", differences.join("\n")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_goes_as_far_as_its_waits_are_short_as_on_the_embedded_ledger() {
    for demo in Demo::value_variants() {
        let plan = plan(*demo);
        let builder = || Surfnet::builder().offline(true).block_production_mode(BlockProductionMode::Clock).slot_time_ms(40);
        let surfnet = block_in_place(|| surfpool::start(builder)).unwrap();
        block_in_place(|| {
            let cheats = surfnet.cheatcodes();
            for (address, file) in [(PROGRAM, program::FILE), (ARENA, arena::FILE)] {
                cheats.deploy(DeployProgram::new(address).so_bytes(file.to_vec())).unwrap();
            }
            for (address, lamports) in funds(&plan) {
                cheats.fund_sol(&address, lamports).unwrap();
            }
        });
        let ledger = Rpc::connect(surfnet.rpc_url(), Some(surfnet.ws_url())).unwrap();
        let ledger = ledger.with_options(Options { look: Duration::from_millis(20), ..Options::default() });
        let cut = Cut::of(plan, ledger.clock().await.unwrap().unix_timestamp, 0);
        assert!(!cut.plan.items.is_empty(), "{cut}");
        agree(&cut, &ledger).await;
    }
}

#[test]
fn what_is_cut_is_told() {
    let cut = |patience| Cut::of(plan(Demo::Lifecycle), 1_800_000_000, patience);
    let told = cut(30).to_string();
    assert!(told.contains("waits 15m where time cannot travel; "), "{told}");
    let Cut { steps: (played, all), .. } = cut(30);
    assert!(0 < played && played < all && told.contains(&format!("{played} of {all} steps played, up to line ")), "{told}");
    assert!(cut(u32::MAX).to_string().contains("played whole; "), "{}", cut(u32::MAX));
}

fn plan(demo: Demo) -> Plan {
    let (name, text) = demo.scenario();
    Plan::read(name, text).unwrap_or_else(|problems| panic!("{problems}"))
}
