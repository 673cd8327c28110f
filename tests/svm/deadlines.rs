//! Every deadline at t−1, t and t+1: the step itself, its timeout exit, and who may take it.

use {
    sessions_client::core::{
        SessionError,
        rules::{
            config::SessionConfig,
            lifecycle::{CloseReason, Status, Transition},
            permissions::Settings,
        },
    },
    sessions_tests::{
        World,
        session::{STEP_TIMEOUT, TestSession, config},
    },
};

/// The steps that wait for someone, with the status in which they do.
const STEPS: [(Status, Transition); 4] = [
    (Status::Requested, Transition::BeginCreation),
    (Status::Creating, Transition::CompleteCreation),
    (Status::Created, Transition::BeginActivation),
    (Status::Activating, Transition::CompleteActivation),
];

/// A session in `status`, `offset` seconds from the deadline of its step.
fn at_deadline(config: SessionConfig, status: Status, offset: i64) -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, config, status);
    world.set_time(world.session(&session.address).step_deadline + offset);
    (world, session)
}

#[test]
fn a_step_is_possible_before_its_deadline_and_not_from_it_on() {
    for (status, transition) in STEPS {
        for (offset, expected) in [(-1, None), (0, Some(SessionError::StepTimedOut)), (1, Some(SessionError::StepTimedOut))] {
            let (world, session) = at_deadline(config(Settings::NONE), status, offset);
            let party = session.party(transition);
            let step = session.step(&world, transition, party);
            match expected {
                None => drop(world.ok(step, party)),
                Some(error) => drop(world.refused(step, party, error)),
            }
        }
    }
}

#[test]
fn a_stranger_aborts_from_the_deadline_on_and_not_before() {
    for (status, _) in STEPS {
        for offset in [-1, 0, 1] {
            let (world, session) = at_deadline(config(Settings::NONE), status, offset);
            let abort = session.step(&world, Transition::Abort, &session.stranger);
            if offset < 0 {
                world.refused(abort, &session.stranger, SessionError::PermissionDenied);
                continue;
            }
            world.ok(abort, &session.stranger);
            let state = world.session(&session.address);
            assert_eq!((state.status(), state.close_reason), (Ok(Status::Closed), CloseReason::TimedOut as u8));
        }
    }
}

#[test]
fn the_deadline_of_a_wrong_step_entitles_nobody() {
    for (status, _) in STEPS {
        let (world, session) = at_deadline(config(Settings::NONE), status, 1);
        for transition in [Transition::CompleteClose, Transition::Expire, Transition::BeginCreation, Transition::Update] {
            world.refused(session.step(&world, transition, &session.stranger), &session.stranger, SessionError::PermissionDenied);
        }
    }
}

#[test]
fn a_created_session_that_is_scheduled_waits_for_its_activation_window() {
    let scheduled = SessionConfig { activation_window: 86_400, ..config(Settings::NONE) };
    let world = World::new();
    let session = TestSession::in_status(&world, scheduled, Status::Created);
    let state = world.session(&session.address);
    assert_eq!(state.step_deadline, state.created_at + 86_400);
    for (offset, possible) in [(-1, true), (0, false), (1, false)] {
        let (world, session) = at_deadline(scheduled, Status::Created, offset);
        let begin = session.step(&world, Transition::BeginActivation, &session.creator);
        if possible {
            world.ok(begin, &session.creator);
            let state = world.session(&session.address);
            assert_eq!(state.step_deadline, world.now() + i64::from(STEP_TIMEOUT), "the next step has its own time");
        } else {
            world.refused(begin, &session.creator, SessionError::StepTimedOut);
        }
    }
}

#[test]
fn an_update_is_possible_before_the_deadline_and_not_from_it_on() {
    for status in [Status::Created, Status::Activating] {
        for (offset, possible) in [(-1, true), (0, false), (1, false)] {
            let (world, session) = at_deadline(config(Settings::NONE), status, offset);
            let update = session.step(&world, Transition::Update, &session.creator);
            if possible {
                world.ok(update, &session.creator);
            } else {
                world.refused(update, &session.creator, SessionError::StepTimedOut);
            }
        }
    }
}

#[test]
fn anyone_completes_a_close_from_the_deadline_on_and_only_the_host_before() {
    for offset in [-1, 0, 1] {
        let (world, session) = at_deadline(config(Settings::NONE), Status::Closing, offset);
        let complete = session.step(&world, Transition::CompleteClose, &session.stranger);
        if offset < 0 {
            world.refused(complete, &session.stranger, SessionError::PermissionDenied);
        } else {
            world.ok(complete, &session.stranger);
        }
        let (world, session) = at_deadline(config(Settings::NONE), Status::Closing, offset);
        world.ok(session.step(&world, Transition::CompleteClose, &session.host), &session.host);
    }
}
