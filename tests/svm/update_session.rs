//! `update_session`: what an authority may change, and what it may not.

use {
    sessions_client::{
        core::{
            SessionError, SessionState,
            rules::{
                config::{Kind, SessionChanges, SessionConfig},
                lifecycle::{Status, Transition},
                permissions::{Permissions, Settings},
                quotas::{Quota, Quotas},
            },
        },
        instruction,
    },
    sessions_tests::{
        World,
        session::{HARD_LIMIT, MAX_DURATION, TestSession, config},
        world::names,
    },
};

/// What a change does to the state, said once more by hand.
type Effect = fn(&mut SessionState, &SessionChanges);

const NOTHING: SessionChanges =
    SessionChanges { host: None, metadata: None, max_members: None, permissions: None, quotas: None, expires_in: None };

/// The states before and after an update of a session in `status`.
#[track_caller]
fn updated(world: &World, session: &TestSession, changes: SessionChanges) -> (SessionState, SessionState) {
    let before = world.session(&session.address);
    let receipt = world.ok(instruction::update_session(session.creator.address(), session.address, changes), &session.creator);
    assert_eq!(names(&receipt), ["SessionUpdated"]);
    (before, world.session(&session.address))
}

/// Tries changes that must be refused, with the field that the log names.
#[track_caller]
fn refused(world: &World, session: &TestSession, changes: SessionChanges, field: &str) {
    let update = instruction::update_session(session.creator.address(), session.address, changes);
    let receipt = world.refused(update, &session.creator, SessionError::InvalidConfiguration);
    assert!(receipt.logs.contains(&format!("Program log: {field}")), "{:#?}", receipt.logs);
}

#[test]
fn each_change_changes_what_it_names_and_nothing_else() {
    let quotas = Quotas { bytes: Quota { limit: 10, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
    for status in [Status::Created, Status::Activating, Status::Active, Status::Paused] {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), status);
        let host = session.stranger.address();
        let cases: [(SessionChanges, Effect); 5] = [
            (SessionChanges { host: Some(host), ..NOTHING }, |s, c| s.host = c.host.unwrap()),
            (SessionChanges { metadata: Some([1; 32]), ..NOTHING }, |s, c| s.metadata = c.metadata.unwrap()),
            (SessionChanges { max_members: Some(9), ..NOTHING }, |s, c| s.config.max_members = c.max_members.unwrap()),
            (SessionChanges { permissions: Some(1), ..NOTHING }, |s, c| s.config.permissions = c.permissions.unwrap()),
            (SessionChanges { quotas: Some(quotas), ..NOTHING }, |s, c| s.config.quotas = c.quotas.unwrap()),
        ];
        for (changes, expected) in cases {
            let (mut before, after) = updated(&world, &session, changes);
            expected(&mut before, &changes);
            before.header.revision += 1;
            before.header.event_revision = before.header.revision;
            assert_eq!(before, after);
        }
    }
}

#[test]
fn the_new_host_serves_and_the_old_one_does_not() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Activating);
    updated(&world, &session, SessionChanges { host: Some(session.stranger.address()), ..NOTHING });
    world.refused(session.step(&world, Transition::CompleteActivation, &session.host), &session.host, SessionError::PermissionDenied);
    world.ok(session.step(&world, Transition::CompleteActivation, &session.stranger), &session.stranger);
}

#[test]
fn nothing_to_change_is_refused() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    refused(&world, &session, NOTHING, "changes");
    let mut unknown = instruction::update_session(session.creator.address(), session.address, NOTHING);
    let changed = unknown.data.len() - 16;
    unknown.data[changed] = 1 << 6;
    let receipt = world.refused(unknown, &session.creator, SessionError::InvalidConfiguration);
    assert!(receipt.logs.contains(&"Program log: changes".to_owned()));
}

#[test]
fn an_unsound_change_is_refused_and_named() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let windowless = Quota { limit: 5, window_limit: 1, window_seconds: 0 };
    refused(&world, &session, SessionChanges { max_members: Some(0), ..NOTHING }, "max_members");
    refused(&world, &session, SessionChanges { host: Some(Default::default()), ..NOTHING }, "host");
    refused(&world, &session, SessionChanges { permissions: Some(1 << 9), ..NOTHING }, "permissions");
    let quotas = Some(Quotas { units: windowless, ..Quotas::UNLIMITED });
    refused(&world, &session, SessionChanges { quotas, ..NOTHING }, "quotas.units");
}

#[test]
fn seats_do_not_fall_below_the_members() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    world.forge(&session.address, |state| state.members = 3);
    refused(&world, &session, SessionChanges { max_members: Some(2), ..NOTHING }, "max_members");
    let (_, after) = updated(&world, &session, SessionChanges { max_members: Some(3), ..NOTHING });
    assert_eq!(after.config.max_members, 3);
}

#[test]
fn a_point_to_point_session_stays_for_two() {
    let world = World::new();
    let config = SessionConfig { kind: Kind::PointToPoint as u8, max_members: 2, ..config(Settings::NONE) };
    let session = TestSession::in_status(&world, config, Status::Active);
    refused(&world, &session, SessionChanges { max_members: Some(3), ..NOTHING }, "max_members");
}

#[test]
fn a_limit_does_not_fall_below_its_use() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    world.forge(&session.address, |state| state.usage.units.total = 5);
    let quotas = |limit| Some(Quotas { units: Quota { limit, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED });
    refused(&world, &session, SessionChanges { quotas: quotas(4), ..NOTHING }, "quotas.units");
    updated(&world, &session, SessionChanges { quotas: quotas(5), ..NOTHING });
}

#[test]
fn the_expiry_moves_both_ways_but_not_past_the_hard_end() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    world.wait(100);
    let (_, after) = updated(&world, &session, SessionChanges { expires_in: Some(10), ..NOTHING });
    assert_eq!(after.expires_at, world.now() + 10);
    let (_, after) = updated(&world, &session, SessionChanges { expires_in: Some(HARD_LIMIT - 100), ..NOTHING });
    assert_eq!(after.expires_at, after.hard_end);
    refused(&world, &session, SessionChanges { expires_in: Some(HARD_LIMIT - 99), ..NOTHING }, "expires_in");
    refused(&world, &session, SessionChanges { expires_in: Some(u32::MAX), ..NOTHING }, "expires_in");
    refused(&world, &session, SessionChanges { expires_in: Some(0), ..NOTHING }, "expires_in");
}

#[test]
fn before_the_activation_the_expiry_is_a_duration() {
    for status in [Status::Created, Status::Activating] {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), status);
        refused(&world, &session, SessionChanges { expires_in: Some(HARD_LIMIT + 1), ..NOTHING }, "expires_in");
        refused(&world, &session, SessionChanges { expires_in: Some(0), ..NOTHING }, "expires_in");
        let (_, after) = updated(&world, &session, SessionChanges { expires_in: Some(HARD_LIMIT), ..NOTHING });
        assert_eq!((after.config.max_duration, after.expires_at), (HARD_LIMIT, 0));
        if status == Status::Created {
            world.ok(session.step(&world, Transition::BeginActivation, &session.creator), &session.creator);
        }
        world.ok(session.step(&world, Transition::CompleteActivation, &session.host), &session.host);
        assert_eq!(world.session(&session.address).expires_at, world.now() + i64::from(HARD_LIMIT));
    }
}

#[test]
fn while_a_pause_stops_the_clock_the_time_left_is_left() {
    for (settings, counts) in [(Settings::PAUSE_STOPS_CLOCK, true), (Settings::NONE, false)] {
        let world = World::new();
        let session = TestSession::in_status(&world, config(settings), Status::Paused);
        world.wait(500);
        let (_, after) = updated(&world, &session, SessionChanges { expires_in: Some(600), ..NOTHING });
        assert_eq!(after.end(world.now()), Some(world.now() + 600));
        world.wait(200);
        let left = if counts { 600 } else { 400 };
        assert_eq!(world.session(&session.address).end(world.now()), Some(world.now() + left));
        world.ok(session.step(&world, Transition::Resume, &session.creator), &session.creator);
        assert_eq!(world.session(&session.address).end(world.now()), Some(world.now() + left));
    }
}

#[test]
fn permissions_can_be_narrowed_to_none() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let (_, after) = updated(&world, &session, SessionChanges { permissions: Some(Permissions::NONE.bits()), ..NOTHING });
    assert_eq!(after.config.permissions, 0);
    assert_eq!(after.config.max_duration, MAX_DURATION);
}
