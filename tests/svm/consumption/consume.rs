//! `consume`.

use {
    super::*,
    sessions_client::core::{error::InvalidField, events::AnyEvent},
};

#[test]
fn a_member_is_charged_one_act_and_the_units() {
    let (world, session, ana) = with_ana(Settings::NONE, units(10), Quotas::UNLIMITED);
    let consume = instruction::consume(Acting::wallet(session.address, ana.address()), 0, 4);
    let before = world.session(&session.address);
    assert_eq!(names(&world.ok(consume.clone(), &ana)), [""; 0]);
    let member = world.member(&session.address, &ana);
    assert_eq!((member.usage.operations.total, member.usage.units.total, member.last_active_at), (1, 4, world.now()));
    assert_eq!(world.session(&session.address), before, "without shared limits the session is not written");
    world.ok(consume.clone(), &ana);
    world.refused(consume, &ana, SessionError::QuotaExceeded);
    world.ok(instruction::consume(Acting::wallet(session.address, ana.address()), 0, 2), &ana);
}

#[test]
fn the_answer_says_how_the_member_stands_afterwards() {
    let shared = Quotas { operations: Quota { limit: 9, window_limit: 3, window_seconds: 60 }, ..Quotas::UNLIMITED };
    let (world, session, ana) = with_ana(Settings::NONE, units(10), shared);
    let consume = instruction::consume(Acting::wallet(session.address, ana.address()).sharing(), 0, 4);
    let standing = answer(&world, &consume, &ana);
    assert_eq!(standing.session_id, session.args.id);
    assert_eq!((standing.units_left, standing.operations_left, standing.bytes_left), (6, 2, u64::MAX));
    assert_eq!(standing.seconds_left, u64::from(MAX_DURATION));
    assert_eq!(standing.permissions, world.member(&session.address, &ana).rights.permissions);
    world.ok(consume.clone(), &ana);
    assert_eq!(world.session(&session.address).usage.operations.in_window, 1);
    world.wait(60);
    let standing = answer(&world, &consume, &ana);
    assert_eq!((standing.units_left, standing.operations_left), (2, 2));
    assert_eq!(standing.seconds_left, u64::from(MAX_DURATION) - 60);
}

#[test]
fn a_keys_answer_is_the_keys() {
    let (world, session, ana) = with_ana(Settings::NONE, Quotas::UNLIMITED, Quotas::UNLIMITED);
    let key = world.actor("key");
    let permissions = Permissions::EXECUTE_FUNCTIONS.bits();
    let args = instruction::SetSessionKeyArgs { key: key.address(), permissions, ttl: 30 };
    world.ok(instruction::set_session_key(ana.address(), session.address, args), &ana);
    let consume = instruction::consume(Acting::key(session.address, ana.address(), key.address()), 0, 1);
    let standing = answer(&world, &consume, &key);
    assert_eq!((standing.seconds_left, standing.permissions), (30, permissions));
    world.ok(consume, &key);
}

#[test]
fn all_of_the_permissions_that_are_asked_for_are_needed() {
    let (world, session, ana) = with_ana(Settings::NONE, Quotas::UNLIMITED, Quotas::UNLIMITED);
    let ask = |permissions: Permissions| instruction::consume(Acting::wallet(session.address, ana.address()), permissions.bits(), 1);
    world.ok(ask(Permissions::SEND_MESSAGES), &ana);
    world.ok(ask(Permissions::SEND_MESSAGES.or(Permissions::COMPOSE_FUNCTIONS)), &ana);
    world.refused(ask(Permissions::SEND_MESSAGES.or(Permissions::SPEND)), &ana, SessionError::PermissionDenied);
    let unknown = instruction::consume(Acting::wallet(session.address, ana.address()), 1 << 20, 1);
    let receipt = world.refused(unknown, &ana, SessionError::InvalidConfiguration);
    assert!(receipt.logs.contains(&format!("Program log: {}", InvalidField::Permissions.name())));
}

#[test]
fn with_log_execution_an_event_tells_of_it() {
    let (world, session, ana) = with_ana(Settings::LOG_EXECUTION, Quotas::UNLIMITED, Quotas::UNLIMITED);
    let receipt: Receipt = world.ok(instruction::consume(Acting::wallet(session.address, ana.address()), 0, 7), &ana);
    let [AnyEvent::UsageRecorded(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.wallet, event.units, event.permissions), (ana.address(), 7, Permissions::EXECUTE_FUNCTIONS.bits()));
}

#[test]
fn shared_limits_bind_all_members_together_and_need_a_writable_session() {
    let (world, session, ana) = with_ana(Settings::NONE, Quotas::UNLIMITED, units(10));
    let ben = session.joined(&world, "ben");
    let by = |actor: &Actor, units| instruction::consume(Acting::wallet(session.address, actor.address()).sharing(), 0, units);
    world.ok(by(&ana, 6), &ana);
    world.refused(by(&ben, 5), &ben, SessionError::QuotaExceeded);
    world.ok(by(&ben, 4), &ben);
    let state = world.session(&session.address);
    assert_eq!((state.usage.units.total, state.usage.operations.total, state.last_active_at), (10, 2, world.now()));
    let reading = instruction::consume(Acting::wallet(session.address, ana.address()), 0, 0);
    world.refused(reading, &ana, SessionError::SessionReadOnly);
}

#[test]
fn a_window_rolls_over_at_its_second() {
    let own = Quotas { units: Quota { limit: u64::MAX, window_limit: 5, window_seconds: 60 }, ..Quotas::UNLIMITED };
    let (world, session, ana) = with_ana(Settings::NONE, own, Quotas::UNLIMITED);
    let consume = |units| instruction::consume(Acting::wallet(session.address, ana.address()), 0, units);
    let activated = world.session(&session.address).activated_at;
    world.set_time(activated + 59);
    world.ok(consume(5), &ana);
    world.refused(consume(1), &ana, SessionError::QuotaExceeded);
    world.set_time(activated + 60);
    world.ok(consume(5), &ana);
}

#[test]
fn a_limit_of_zero_allows_nothing_and_an_unlimited_one_everything() {
    let (world, session, ana) = with_ana(Settings::NONE, units(0), Quotas::UNLIMITED);
    let consume = |units| instruction::consume(Acting::wallet(session.address, ana.address()), 0, units);
    world.refused(consume(1), &ana, SessionError::QuotaExceeded);
    world.ok(consume(0), &ana);
    let (world, session, ana) = with_ana(Settings::NONE, Quotas::UNLIMITED, Quotas::UNLIMITED);
    let consume = |units| instruction::consume(Acting::wallet(session.address, ana.address()), 0, units);
    world.ok(consume(u64::MAX), &ana);
    world.refused(consume(1), &ana, SessionError::ArithmeticOverflow);
}
