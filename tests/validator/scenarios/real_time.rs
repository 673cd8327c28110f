//! Scenarios on a surfpool whose time nobody moves, as `make test-validator` plays them on a validator.

use {
    clap::ValueEnum,
    sessions_cli::{
        command::Demo,
        localnet::surfpool,
        scenario::arena::{self, ARENA},
    },
    sessions_client::{Ledger, Rpc, address::PROGRAM, program, transaction::Options},
    sessions_tests::real_time::{self, Cut},
    std::time::Duration,
    surfpool_sdk::{BlockProductionMode, Surfnet, cheatcodes::builders::DeployProgram},
    tokio::task::block_in_place,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_goes_as_far_as_its_waits_are_short_as_on_the_embedded_ledger() {
    for demo in Demo::value_variants() {
        let (name, text) = demo.scenario();
        let builder = || Surfnet::builder().offline(true).block_production_mode(BlockProductionMode::Clock).slot_time_ms(40);
        let surfnet = block_in_place(|| surfpool::start(builder)).unwrap();
        block_in_place(|| {
            for (address, file) in [(PROGRAM, program::FILE), (ARENA, arena::FILE)] {
                surfnet.cheatcodes().deploy(DeployProgram::new(address).so_bytes(file.to_vec())).unwrap();
            }
        });
        let ledger = Rpc::connect(surfnet.rpc_url(), Some(surfnet.ws_url())).unwrap();
        let ledger = ledger.with_options(Options { look: Duration::from_millis(20), ..Options::default() });
        let cut = Cut::of(name, text, ledger.clock().await.unwrap().unix_timestamp, 0);
        assert!(!cut.plan.items.is_empty(), "{cut}");
        real_time::play(&cut.plan, &ledger).await.unwrap_or_else(|differences| panic!("{cut}: {}", differences.join("\n")));
    }
}

#[test]
fn what_is_cut_is_told() {
    let (name, text) = Demo::Lifecycle.scenario();
    let told = |patience| Cut::of(name, text, 1_800_000_000, patience).to_string();
    assert!(told(30).contains("waits 15m where time cannot travel; "), "{}", told(30));
    let Cut { steps: (played, all), .. } = Cut::of(name, text, 1_800_000_000, 30);
    assert!(0 < played && played < all && told(30).contains(&format!("{played} of {all} steps played, up to line ")), "{}", told(30));
    assert!(told(u32::MAX).contains("played whole; "), "{}", told(u32::MAX));
}
