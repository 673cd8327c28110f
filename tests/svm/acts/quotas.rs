//! Quotas of members and of the session, and who is charged for what.

use {
    super::active,
    sessions_client::{
        core::{
            SessionError,
            rules::{
                config::SessionChanges,
                lifecycle::Status,
                membership::MemberChanges,
                quotas::{Quota, Quotas, Usage, Used},
            },
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
};

fn bytes(limit: u64) -> Quotas {
    Quotas { bytes: Quota { limit, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED }
}

fn operations(limit: u64) -> Quotas {
    Quotas { operations: Quota { limit, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED }
}

fn limit_member(world: &World, session: &TestSession, member: &Actor, quotas: Quotas) {
    let changes = MemberChanges { quotas: Some(quotas), ..MemberChanges::default() };
    let update = instruction::update_member(session.creator.address(), session.address, member.address(), changes);
    world.ok(update, &session.creator);
}

fn limit_session(world: &World, session: &TestSession, quotas: Quotas) {
    let changes = SessionChanges { quotas: Some(quotas), ..SessionChanges::default() };
    world.ok(instruction::update_session(session.creator.address(), session.address, changes), &session.creator);
}

fn used(operations: u64, bytes: u64) -> Usage {
    let used = |total| Used { total, in_window: 0, window: 0 };
    Usage { operations: used(operations), units: Used::NONE, bytes: used(bytes) }
}

#[test]
fn a_member_is_charged_an_operation_and_the_bytes_that_it_sends_or_stores() {
    let (world, session, ana, ben) = active();
    world.ok(session.say(&ana, &[7; 100]), &ana);
    world.ok(session.set(&ana, b"key", &[7; 20], 0, 64), &ana);
    world.ok(session.set(&ana, b"key", &[7; 3], 1, 0), &ana);
    let (at, wallet) = (session.address, ana.address());
    world.ok(instruction::send_direct_message(wallet, at, wallet, ben.address(), &[7; 1_0]), &ana);
    world.ok(instruction::delete_property(wallet, at, wallet, b"key", wallet, 2), &ana);
    assert_eq!(world.member(&at, &ana).usage, used(5, 133));
    assert_eq!(world.member(&at, &ben).usage, Usage::NONE);
    assert_eq!(world.session(&at).usage, Usage::NONE, "without shared limits nothing is shared");
}

#[test]
fn a_members_bytes_are_used_up_to_the_last() {
    let (world, session, ana, ben) = active();
    limit_member(&world, &session, &ana, bytes(10));
    world.refused(session.say(&ana, &[7; 11]), &ana, SessionError::QuotaExceeded);
    world.ok(session.say(&ana, &[7; 6]), &ana);
    world.refused(session.set(&ana, b"key", &[7; 5], 0, 8), &ana, SessionError::QuotaExceeded);
    world.ok(session.set(&ana, b"key", &[7; 4], 0, 8), &ana);
    world.refused(session.say(&ana, &[7; 1]), &ana, SessionError::QuotaExceeded);
    world.ok(session.say(&ana, b""), &ana);
    world.ok(session.say(&ben, &[7; 11]), &ben);
}

#[test]
fn no_operations_left_is_no_act_left() {
    let (world, session, ana, _) = active();
    limit_member(&world, &session, &ana, operations(2));
    world.ok(session.say(&ana, b""), &ana);
    world.ok(session.set(&ana, b"key", b"", 0, 0), &ana);
    world.refused(session.say(&ana, b""), &ana, SessionError::QuotaExceeded);
    let wallet = ana.address();
    let delete = instruction::delete_property(wallet, session.address, wallet, b"key", wallet, 1);
    world.refused(delete, &ana, SessionError::QuotaExceeded);
    limit_member(&world, &session, &ana, operations(3));
    world.ok(session.say(&ana, b""), &ana);
}

#[test]
fn a_quota_of_zero_allows_nothing() {
    let (world, session, ana, _) = active();
    limit_member(&world, &session, &ana, operations(0));
    world.refused(session.say(&ana, b""), &ana, SessionError::QuotaExceeded);
}

#[test]
fn shared_limits_bind_all_members_together() {
    let (world, session, ana, ben) = active();
    world.ok(session.say(&ana, &[7; 9]), &ana);
    limit_session(&world, &session, bytes(10));
    world.ok(session.say(&ana, &[7; 6]), &ana);
    world.refused(session.say(&ben, &[7; 5]), &ben, SessionError::QuotaExceeded);
    world.ok(session.say(&ben, &[7; 4]), &ben);
    world.refused(session.say(&ana, &[7; 1]), &ana, SessionError::QuotaExceeded);
    assert_eq!(world.session(&session.address).usage, used(2, 10), "what was used before there was a limit is not counted");
}

#[test]
fn the_narrower_of_both_limits_counts() {
    let (world, session, ana, _) = active();
    limit_session(&world, &session, bytes(100));
    limit_member(&world, &session, &ana, bytes(5));
    world.refused(session.say(&ana, &[7; 6]), &ana, SessionError::QuotaExceeded);
    world.ok(session.say(&ana, &[7; 5]), &ana);
    assert_eq!((world.session(&session.address).usage, world.member(&session.address, &ana).usage), (used(1, 5), used(1, 5)));
}

#[test]
fn a_window_turns_over_with_the_sessions_time() {
    let (world, session, ana, _) = active();
    let window = Quota { limit: 5, window_limit: 2, window_seconds: 60 };
    limit_member(&world, &session, &ana, Quotas { operations: window, ..Quotas::UNLIMITED });
    let activated = world.session(&session.address).activated_at;
    let say = |at: i64, error: Option<SessionError>| {
        world.set_time(activated + at);
        match error {
            None => world.ok(session.say(&ana, b""), &ana),
            Some(error) => world.refused(session.say(&ana, b""), &ana, error),
        };
    };
    let full = Some(SessionError::QuotaExceeded);
    say(58, None);
    say(59, None);
    say(59, full);
    say(60, None);
    say(119, None);
    say(119, full);
    say(180, None);
    say(240, full);
    let usage = world.member(&session.address, &ana).usage.operations;
    assert_eq!(usage, Used { total: 5, in_window: 1, window: 3 });
}

#[test]
fn a_windowed_shared_limit_turns_over_too() {
    let (world, session, ana, ben) = active();
    let window = Quota { limit: 100, window_limit: 10, window_seconds: 60 };
    limit_session(&world, &session, Quotas { bytes: window, ..Quotas::UNLIMITED });
    let activated = world.session(&session.address).activated_at;
    world.set_time(activated + 30);
    world.ok(session.say(&ana, &[7; 10]), &ana);
    world.refused(session.say(&ben, &[7; 1]), &ben, SessionError::QuotaExceeded);
    world.set_time(activated + 60);
    world.ok(session.say(&ben, &[7; 10]), &ben);
}

#[test]
fn what_counts_in_no_window_does_not_fill_a_later_one() {
    let (world, session, ana, _) = active();
    world.ok(session.say(&ana, &[7; 50]), &ana);
    let window = Quota { limit: 100, window_limit: 10, window_seconds: 60 };
    limit_member(&world, &session, &ana, Quotas { bytes: window, ..Quotas::UNLIMITED });
    world.ok(session.say(&ana, &[7; 10]), &ana);
    world.refused(session.say(&ana, &[7; 1]), &ana, SessionError::QuotaExceeded);
}

#[test]
fn windows_begin_with_the_activation_whatever_was_set_before() {
    let window = Quota { limit: 100, window_limit: 1, window_seconds: 60 };
    let quotas = Quotas { operations: window, ..Quotas::UNLIMITED };
    type Prepare = fn(&World, &TestSession, &Actor, Quotas);
    let before: [Prepare; 3] = [
        |world, session, _, quotas| {
            limit_session(world, session, quotas);
            limit_session(world, session, quotas);
        },
        |world, session, ana, quotas| {
            limit_member(world, session, ana, quotas);
            limit_member(world, session, ana, quotas);
        },
        |world, session, ana, quotas| {
            limit_member(world, session, ana, quotas);
            world.ok(instruction::leave_session(ana.address(), session.address), ana);
            world.ok(instruction::join_session(ana.address(), ana.address(), session.address), ana);
        },
    ];
    for prepare in before {
        let world = World::new();
        let (session, ana) = super::with_ana(&world, Status::Created);
        prepare(&world, &session, &ana, quotas);
        session.advance(&world, Status::Active);
        let activated = world.session(&session.address).activated_at;
        for minute in 0..3 {
            world.set_time(activated + minute * 60);
            world.ok(session.say(&ana, b""), &ana);
            world.refused(session.say(&ana, b""), &ana, SessionError::QuotaExceeded);
        }
    }
}

#[test]
fn a_window_that_is_over_does_not_keep_its_limit_up() {
    let (world, session, ana, _) = active();
    let window = |window_limit| Quotas { operations: Quota { limit: 100, window_limit, window_seconds: 60 }, ..Quotas::UNLIMITED };
    limit_member(&world, &session, &ana, window(5));
    for _ in 0..3 {
        world.ok(session.say(&ana, b""), &ana);
    }
    let changes = MemberChanges { quotas: Some(window(2)), ..MemberChanges::default() };
    let update = instruction::update_member(session.creator.address(), session.address, ana.address(), changes);
    world.refused(update, &session.creator, SessionError::InvalidConfiguration);
    world.wait(60);
    limit_member(&world, &session, &ana, window(2));
}
