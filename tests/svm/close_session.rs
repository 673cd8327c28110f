//! `close_session` and `complete_close`.

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
        instruction,
    },
    sessions_tests::{
        World,
        session::{STEP_TIMEOUT, TestSession, config},
    },
};

#[test]
fn the_authority_closes_for_its_own_reasons() {
    for reason in [CloseReason::Completed as u8, CloseReason::Cancelled as u8, 16, 255] {
        for status in [Status::Active, Status::Paused] {
            let world = World::new();
            let session = TestSession::in_status(&world, config(Settings::NONE), status);
            let close = instruction::close_session(session.creator.address(), session.address, reason);
            let receipt = world.ok(close, &session.creator);
            let [AnyEvent::SessionClosing(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
            assert_eq!(event.reason, reason);
            let state = world.session(&session.address);
            assert_eq!((state.status(), state.close_reason, state.paused_at), (Ok(Status::Closing), reason, 0));
            assert_eq!(state.step_deadline, world.now() + i64::from(STEP_TIMEOUT));

            let receipt = world.ok(session.step(&world, Transition::CompleteClose, &session.host), &session.host);
            let [AnyEvent::SessionClosed(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
            assert_eq!(event.reason, reason);
            let state = world.session(&session.address);
            assert_eq!((state.status(), state.close_reason, state.closed_at), (Ok(Status::Closed), reason, world.now()));
        }
    }
}

#[test]
fn reasons_that_are_not_the_authoritys_are_refused() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let others = [CloseReason::None as u8, CloseReason::Failed as u8, CloseReason::TimedOut as u8, CloseReason::Expired as u8, 6, 15];
    for reason in others {
        let close = instruction::close_session(session.creator.address(), session.address, reason);
        let receipt = world.refused(close, &session.creator, SessionError::InvalidConfiguration);
        assert!(receipt.logs.contains(&"Program log: reason".to_owned()));
    }
}

#[test]
fn a_session_that_is_closing_cannot_be_called_back() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Closing);
    for transition in [Transition::Resume, Transition::Pause, Transition::Update, Transition::Close, Transition::Expire] {
        world.refused(session.step(&world, transition, &session.creator), &session.creator, SessionError::InvalidTransition);
    }
}
