//! The second build of the program, which records how many compute units executions take: on a ledger with the feature gate that it needs.

use {
    sessions_client::{
        address,
        core::{
            events::AnyEvent,
            rules::{
                permissions::Settings,
                quotas::{Quota, Quotas},
            },
        },
        instruction::{self, Acting},
    },
    sessions_tests::{
        World,
        everything::{Everything, memo_call},
        programs::committed,
        session::config,
    },
    solana_address::Address,
};

/// The gate of the system call that a program's meter is.
const GATE: Address = Address::from_str_const("5TuppMutoyzhUSfuYdhgzD47F92GL1g89KpCZQKqedxP");

/// Everything, with the measuring build in the program's place.
fn measuring(settings: Settings, quotas: Quotas) -> Everything {
    let mut own = config(settings);
    own.quotas = quotas;
    let all = Everything::with(own);
    all.world.open_gate(&GATE);
    all.world.deploy(address::PROGRAM, &committed("sessions-measuring"));
    all
}

fn memo(all: &Everything) -> solana_instruction::Instruction {
    let acting = Acting::wallet(all.session.address, all.ana.address()).in_session(&all.world.session(&all.session.address));
    instruction::execute_function(acting, &memo_call(&all.session, "hello"), &[])
}

#[test]
fn what_executions_take_is_recorded_for_the_member_and_told() {
    let all = measuring(Settings::MONITOR_PERFORMANCE.or(Settings::LOG_EXECUTION), Quotas::UNLIMITED);
    let receipt = all.world.ok(memo(&all), &all.ana);
    let units = all.world.member(&all.session.address, &all.ana).compute_units;
    let [AnyEvent::FunctionExecuted(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!(event.compute_units, units);
    // More than the memo alone and less than the whole instruction.
    assert!(units > 500 && units < receipt.compute_units, "{units} of {}", receipt.compute_units);
    all.world.ok(memo(&all), &all.ana);
    assert_eq!(all.world.member(&all.session.address, &all.ana).compute_units, 2 * units);
    assert_eq!(all.world.session(&all.session.address).compute_units, 0);
}

#[test]
fn with_shared_limits_the_session_records_them_too() {
    let limited = Quotas { operations: Quota { limit: 100, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
    let all = measuring(Settings::MONITOR_PERFORMANCE, limited);
    all.world.ok(memo(&all), &all.ana);
    let units = all.world.member(&all.session.address, &all.ana).compute_units;
    assert_eq!((all.world.session(&all.session.address).compute_units, units > 0), (units, true));
}

#[test]
fn without_the_setting_nothing_is_measured() {
    let all = measuring(Settings::LOG_EXECUTION, Quotas::UNLIMITED);
    all.world.ok(memo(&all), &all.ana);
    assert_eq!(all.world.member(&all.session.address, &all.ana).compute_units, 0);
}

#[test]
fn the_main_cluster_has_not_opened_the_gate() {
    // When it has, the second build takes the place of the first: docs/decisions/0008-measured-units.md.
    assert!(!World::new().is_gate_open(&GATE));
}
