//! `commit_checkpoint`.

use {
    sessions_client::{
        core::{
            SessionError,
            events::AnyEvent,
            rules::{
                lifecycle::{Status, When, allows},
                permissions::Settings,
            },
        },
        instruction,
    },
    sessions_tests::{
        World,
        session::{MAX_DURATION, STEP_TIMEOUT, TestSession, config},
    },
    solana_instruction::Instruction,
};

fn commit(session: &TestSession, sequence: u64) -> Instruction {
    instruction::commit_checkpoint(session.host.address(), session.address, sequence, [sequence as u8; 32])
}

fn active() -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    (world, session)
}

#[test]
fn a_checkpoint_is_recorded_and_told_with_its_epoch() {
    let (world, session) = active();
    let receipt = world.ok(commit(&session, 7), &session.host);
    let state = world.session(&session.address);
    assert_eq!((state.checkpoint_sequence, state.checkpoint_root), (7, [7; 32]));
    let [AnyEvent::CheckpointCommitted(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.sequence, event.root, event.epoch), (7, [7; 32], state.header.epoch));
    assert_eq!((event.header.address, event.header.revision), (session.address, state.header.revision));
}

#[test]
fn sequences_never_go_back() {
    let (world, session) = active();
    world.refused(commit(&session, 0), &session.host, SessionError::SequenceNotRising);
    world.ok(commit(&session, 7), &session.host);
    for sequence in [0, 6, 7] {
        world.refused(commit(&session, sequence), &session.host, SessionError::SequenceNotRising);
    }
    world.ok(commit(&session, 8), &session.host);
    world.ok(commit(&session, u64::MAX), &session.host);
    world.refused(commit(&session, u64::MAX), &session.host, SessionError::SequenceNotRising);
}

#[test]
fn the_host_commits_and_nobody_else() {
    let (world, session) = active();
    for other in [&session.creator, &session.stranger, &session.payer] {
        let commit = instruction::commit_checkpoint(other.address(), session.address, 1, [1; 32]);
        world.refused(commit, other, SessionError::PermissionDenied);
    }
}

#[test]
fn the_host_commits_from_the_activation_to_the_end() {
    for status in Status::ALL {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), *status);
        if allows(*status, When::Serving) {
            world.ok(commit(&session, 1), &session.host);
        } else {
            world.refused(commit(&session, 1), &session.host, SessionError::SessionNotActive);
        }
    }
}

#[test]
fn from_the_end_and_from_the_deadline_on_nothing_is_committed() {
    for (status, wait, error) in [
        (Status::Active, MAX_DURATION, SessionError::SessionExpired),
        (Status::Paused, MAX_DURATION, SessionError::SessionExpired),
        (Status::Closing, STEP_TIMEOUT, SessionError::StepTimedOut),
    ] {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), status);
        let state = world.session(&session.address);
        let from = if status == Status::Closing { state.step_deadline - i64::from(wait) } else { state.activated_at };
        world.set_time(from + i64::from(wait) - 1);
        world.ok(commit(&session, 1), &session.host);
        world.set_time(from + i64::from(wait));
        world.refused(commit(&session, 2), &session.host, error);
    }
}

#[test]
fn another_life_begins_anew() {
    let (world, session) = active();
    world.ok(commit(&session, 7), &session.host);
    session.close(&world);
    world.reclaim_children(&session.address);
    world.ok_with(&[instruction::reclaim_session(session.address, &world.session(&session.address))], &[]);
    session.request(&world);
    session.advance(&world, Status::Active);
    let state = world.session(&session.address);
    assert_eq!((state.checkpoint_sequence, state.checkpoint_root), (0, [0; 32]));
    world.ok(commit(&session, 1), &session.host);
}
