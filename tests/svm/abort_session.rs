//! `abort_session`: who gives up a session that is not active yet, for which reason, and what it answers afterwards.

use {
    sessions_client::{
        core::{
            SessionError,
            events::AnyEvent,
            rules::{
                lifecycle::{CloseReason, Status, Transition},
                permissions::Settings,
            },
        },
        instruction::{self, SessionArgs},
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
        world::names,
    },
};

const UNBORN: [Status; 4] = [Status::Requested, Status::Creating, Status::Created, Status::Activating];

/// What becomes of `signer`'s abort of a session in `status`.
fn abort(status: Status, reason: u8, timed_out: bool, signer: fn(&TestSession) -> &Actor) -> Result<u8, SessionError> {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), status);
    if timed_out {
        world.set_time(world.session(&session.address).step_deadline);
    }
    let signer = signer(&session);
    let receipt = world.send(&[instruction::abort_session(signer.address(), session.address, reason)], &[signer]);
    if let Some(failure) = receipt.failure {
        return Err(failure.session_error().unwrap());
    }
    assert_eq!(names(&receipt), ["SessionClosed"]);
    let AnyEvent::SessionClosed(event) = receipt.events[0] else { panic!("{:?}", receipt.events) };
    let state = world.session(&session.address);
    assert_eq!((state.status(), state.close_reason, state.closed_at), (Ok(Status::Closed), event.reason, world.now()));
    assert_eq!(state.step_deadline, 0);
    Ok(event.reason)
}

const fn byte(reason: CloseReason) -> u8 {
    reason as u8
}

#[test]
fn the_creator_cancels() {
    for status in UNBORN {
        for reason in [CloseReason::None, CloseReason::Cancelled] {
            assert_eq!(abort(status, byte(reason), false, |s| &s.creator), Ok(byte(CloseReason::Cancelled)));
        }
    }
}

#[test]
fn the_host_fails() {
    for status in UNBORN {
        for reason in [CloseReason::None, CloseReason::Failed] {
            assert_eq!(abort(status, byte(reason), false, |s| &s.host), Ok(byte(CloseReason::Failed)));
        }
    }
}

#[test]
fn nobody_gives_another_partys_reason() {
    for status in UNBORN {
        assert_eq!(abort(status, byte(CloseReason::Failed), false, |s| &s.creator), Err(SessionError::PermissionDenied));
        assert_eq!(abort(status, byte(CloseReason::Cancelled), false, |s| &s.host), Err(SessionError::PermissionDenied));
    }
}

#[test]
fn from_the_deadline_on_it_timed_out_whoever_says_so() {
    for status in UNBORN {
        for signer in [(|s| &s.creator) as fn(&TestSession) -> &Actor, |s| &s.host, |s| &s.stranger] {
            for reason in [CloseReason::None, CloseReason::TimedOut] {
                assert_eq!(abort(status, byte(reason), true, signer), Ok(byte(CloseReason::TimedOut)));
            }
            for reason in [CloseReason::Cancelled, CloseReason::Failed] {
                assert_eq!(abort(status, byte(reason), true, signer), Err(SessionError::StepTimedOut));
            }
        }
    }
}

#[test]
fn a_timeout_before_its_time_is_too_early() {
    assert_eq!(abort(Status::Requested, byte(CloseReason::TimedOut), false, |s| &s.creator), Err(SessionError::NotYetExpired));
    assert_eq!(abort(Status::Requested, byte(CloseReason::TimedOut), false, |s| &s.stranger), Err(SessionError::PermissionDenied));
}

#[test]
fn a_reason_that_ends_no_unborn_session_is_refused() {
    for timed_out in [false, true] {
        for reason in [byte(CloseReason::Completed), byte(CloseReason::Expired), 6, 15, 16, 255] {
            assert_eq!(abort(Status::Creating, reason, timed_out, |s| &s.creator), Err(SessionError::InvalidConfiguration));
        }
    }
}

#[test]
fn one_who_is_creator_and_host_cancels_unless_they_say_it_failed() {
    for (reason, recorded) in [(CloseReason::None, CloseReason::Cancelled), (CloseReason::Failed, CloseReason::Failed)] {
        let world = World::new();
        let session = TestSession::new(&world, "test", config(Settings::NONE));
        let gm = session.creator.address();
        let args = SessionArgs { host: gm, ..session.args };
        world.ok(instruction::request_session(gm, gm, args), &session.creator);
        world.ok(instruction::abort_session(gm, session.address, byte(reason)), &session.creator);
        assert_eq!(world.session(&session.address).close_reason, byte(recorded));
    }
}

#[test]
fn a_failed_session_answers_with_the_step_that_failed() {
    for (status, error) in [
        (Status::Requested, SessionError::CreationFailed),
        (Status::Creating, SessionError::CreationFailed),
        (Status::Created, SessionError::ActivationFailed),
        (Status::Activating, SessionError::ActivationFailed),
    ] {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), status);
        world.ok(session.step(&world, Transition::Abort, &session.host), &session.host);
        for transition in Transition::ALL.iter().filter(|transition| **transition != Transition::Reclaim) {
            let party = session.party(*transition);
            world.refused(session.step(&world, *transition, party), party, error);
        }
        world.reclaim_children(&session.address);
        world.ok(session.step(&world, Transition::Reclaim, &session.stranger), &session.stranger);
    }
}

#[test]
fn a_cancelled_session_answers_that_nothing_is_possible() {
    let world = World::new();
    let session = TestSession::requested(&world, config(Settings::NONE));
    world.ok(session.step(&world, Transition::Abort, &session.creator), &session.creator);
    world.refused(session.step(&world, Transition::BeginCreation, &session.host), &session.host, SessionError::InvalidTransition);
}
