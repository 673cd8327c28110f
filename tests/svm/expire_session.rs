//! `expire_session`: who may end a session whose time is over, and from when on.

use {
    sessions_client::core::{
        SessionError,
        rules::{
            lifecycle::{CloseReason, Status, Transition},
            permissions::Settings,
        },
    },
    sessions_tests::{
        Actor, World,
        session::{STEP_TIMEOUT, TestSession, config},
        world::names,
    },
};

/// What `signer` meets `offset` seconds from the end of a session with `settings`.
fn expire(settings: Settings, status: Status, offset: i64, signer: fn(&TestSession) -> &Actor) -> Result<(), SessionError> {
    let world = World::new();
    let session = TestSession::in_status(&world, config(settings), status);
    world.set_time(world.session(&session.address).hard_end.min(world.session(&session.address).expires_at) + offset);
    let signer = signer(&session);
    let receipt = world.send(&[session.step(&world, Transition::Expire, signer)], &[signer]);
    if let Some(failure) = receipt.failure {
        return Err(failure.session_error().unwrap());
    }
    let state = world.session(&session.address);
    assert_eq!((state.status(), state.close_reason), (Ok(Status::Closed), CloseReason::Expired as u8));
    assert_eq!((state.closed_at, state.paused_at), (world.now(), 0));
    assert_eq!(names(&receipt), ["SessionExpired"]);
    Ok(())
}

const BOTH: [Status; 2] = [Status::Active, Status::Paused];

#[test]
fn with_auto_expire_anyone_ends_a_session_from_its_end_on() {
    for status in BOTH {
        assert_eq!(expire(Settings::AUTO_EXPIRE, status, -1, |s| &s.stranger), Err(SessionError::PermissionDenied));
        assert_eq!(expire(Settings::AUTO_EXPIRE, status, 0, |s| &s.stranger), Ok(()));
        assert_eq!(expire(Settings::AUTO_EXPIRE, status, 1, |s| &s.stranger), Ok(()));
    }
}

#[test]
fn without_auto_expire_a_stranger_waits_for_a_steps_timeout_more() {
    let grace = i64::from(STEP_TIMEOUT);
    for status in BOTH {
        assert_eq!(expire(Settings::NONE, status, 0, |s| &s.stranger), Err(SessionError::PermissionDenied));
        assert_eq!(expire(Settings::NONE, status, grace - 1, |s| &s.stranger), Err(SessionError::PermissionDenied));
        assert_eq!(expire(Settings::NONE, status, grace, |s| &s.stranger), Ok(()));
        assert_eq!(expire(Settings::NONE, status, grace + 1, |s| &s.stranger), Ok(()));
    }
}

#[test]
fn the_authority_ends_a_session_from_its_end_on() {
    for settings in [Settings::NONE, Settings::AUTO_EXPIRE] {
        for status in BOTH {
            assert_eq!(expire(settings, status, -1, |s| &s.creator), Err(SessionError::NotYetExpired));
            assert_eq!(expire(settings, status, 0, |s| &s.creator), Ok(()));
            assert_eq!(expire(settings, status, 1, |s| &s.creator), Ok(()));
        }
    }
}

#[test]
fn the_host_is_a_stranger_here() {
    assert_eq!(expire(Settings::NONE, Status::Active, 0, |s| &s.host), Err(SessionError::PermissionDenied));
}

#[test]
fn once_the_time_is_over_nothing_else_is_left() {
    for (transition, status) in [
        (Transition::Pause, Status::Active),
        (Transition::Update, Status::Active),
        (Transition::Close, Status::Active),
        (Transition::Resume, Status::Paused),
        (Transition::Update, Status::Paused),
        (Transition::Close, Status::Paused),
    ] {
        for (offset, possible) in [(-1, true), (0, false), (1, false)] {
            let world = World::new();
            let session = TestSession::in_status(&world, config(Settings::NONE), status);
            world.set_time(world.session(&session.address).expires_at + offset);
            let step = session.step(&world, transition, &session.creator);
            if possible {
                world.ok(step, &session.creator);
            } else {
                world.refused(step, &session.creator, SessionError::SessionExpired);
            }
        }
    }
}
