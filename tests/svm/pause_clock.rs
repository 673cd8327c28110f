//! Pauses: with PAUSE_STOPS_CLOCK the session's time stands still up to its hard end; without it, it runs on.

use {
    sessions_client::core::{
        SessionError,
        rules::{
            lifecycle::{Status, Transition},
            permissions::Settings,
        },
    },
    sessions_tests::{
        Actor, World,
        session::{HARD_LIMIT, MAX_DURATION, TestSession, config},
    },
};

const STOPS: Settings = Settings::PAUSE_STOPS_CLOCK;
const RUNS_ON: Settings = Settings::NONE;

fn paused(settings: Settings) -> (World, TestSession, i64) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(settings), Status::Active);
    let activated_at = world.session(&session.address).activated_at;
    world.wait(600);
    step(&world, &session, Transition::Pause);
    (world, session, activated_at)
}

fn step(world: &World, session: &TestSession, transition: Transition) {
    world.ok(session.step(world, transition, &session.creator), &session.creator);
}

#[track_caller]
fn refused(world: &World, session: &TestSession, transition: Transition, signer: &Actor, error: SessionError) {
    world.refused(session.step(world, transition, signer), signer, error);
}

#[test]
fn resuming_moves_the_expiry_by_the_pause() {
    let (world, session, activated_at) = paused(STOPS);
    assert_eq!(world.session(&session.address).paused_at, activated_at + 600);
    world.wait(1_000);
    step(&world, &session, Transition::Resume);
    let state = world.session(&session.address);
    assert_eq!((state.expires_at, state.paused_at), (activated_at + i64::from(MAX_DURATION) + 1_000, 0));
    assert_eq!(state.end(world.now()), Some(state.expires_at));
}

#[test]
fn without_the_setting_resuming_moves_nothing() {
    let (world, session, activated_at) = paused(RUNS_ON);
    world.wait(1_000);
    step(&world, &session, Transition::Resume);
    assert_eq!(world.session(&session.address).expires_at, activated_at + i64::from(MAX_DURATION));
}

#[test]
fn two_pauses_add_up() {
    let (world, session, activated_at) = paused(STOPS);
    world.wait(100);
    step(&world, &session, Transition::Resume);
    world.wait(50);
    step(&world, &session, Transition::Pause);
    world.wait(30);
    step(&world, &session, Transition::Resume);
    assert_eq!(world.session(&session.address).expires_at, activated_at + i64::from(MAX_DURATION) + 130);
}

#[test]
fn a_paused_session_whose_clock_stands_is_not_over_at_its_expiry() {
    let (world, session, activated_at) = paused(STOPS);
    world.set_time(activated_at + i64::from(MAX_DURATION) + 1);
    refused(&world, &session, Transition::Expire, &session.creator, SessionError::NotYetExpired);
    step(&world, &session, Transition::Resume);
}

#[test]
fn a_paused_session_whose_clock_runs_on_is_over_at_its_expiry() {
    for offset in [-1, 0, 1] {
        let (world, session, activated_at) = paused(RUNS_ON);
        world.set_time(activated_at + i64::from(MAX_DURATION) + offset);
        if offset < 0 {
            refused(&world, &session, Transition::Expire, &session.creator, SessionError::NotYetExpired);
            step(&world, &session, Transition::Resume);
        } else {
            refused(&world, &session, Transition::Resume, &session.creator, SessionError::SessionExpired);
            step(&world, &session, Transition::Expire);
        }
    }
}

#[test]
fn the_hard_end_comes_while_the_clock_stands() {
    for offset in [-1, 0, 1] {
        let (world, session, activated_at) = paused(STOPS);
        world.set_time(activated_at + i64::from(HARD_LIMIT) + offset);
        if offset < 0 {
            refused(&world, &session, Transition::Expire, &session.creator, SessionError::NotYetExpired);
            step(&world, &session, Transition::Resume);
            let state = world.session(&session.address);
            assert!(state.expires_at > state.hard_end);
            assert_eq!(state.end(world.now()), Some(state.hard_end), "the hard end is the earlier one");
        } else {
            refused(&world, &session, Transition::Resume, &session.creator, SessionError::SessionExpired);
            refused(&world, &session, Transition::Update, &session.creator, SessionError::SessionExpired);
            refused(&world, &session, Transition::Close, &session.creator, SessionError::SessionExpired);
            step(&world, &session, Transition::Expire);
        }
    }
}

#[test]
fn the_resumed_event_tells_the_new_end() {
    use sessions_client::core::events::AnyEvent;
    let (world, session, _) = paused(STOPS);
    world.wait(10);
    let receipt = world.ok(session.step(&world, Transition::Resume, &session.creator), &session.creator);
    let [AnyEvent::SessionResumed(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!(event.expires_at, world.session(&session.address).expires_at);
}
