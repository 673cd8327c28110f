//! Events: what each step tells, in which order, and how a reader knows that nothing is missing.

use {
    sessions_client::core::{
        events::AnyEvent,
        rules::{
            lifecycle::{Status, Transition},
            permissions::Settings,
        },
    },
    sessions_tests::{
        World,
        session::{HARD_LIMIT, MAX_DURATION, TestSession, config},
        world::names,
    },
};

#[test]
fn each_step_is_told_with_the_right_revision() {
    let world = World::new();
    let session = TestSession::requested(&world, config(Settings::NONE));
    let life = [
        (Transition::BeginCreation, "SessionCreating"),
        (Transition::CompleteCreation, "SessionCreated"),
        (Transition::Update, "SessionUpdated"),
        (Transition::BeginActivation, "SessionActivating"),
        (Transition::CompleteActivation, "SessionActivated"),
        (Transition::Pause, "SessionPaused"),
        (Transition::Resume, "SessionResumed"),
        (Transition::Close, "SessionClosing"),
        (Transition::CompleteClose, "SessionClosed"),
        (Transition::Reclaim, "SessionDeleted"),
    ];
    let (mut told, mut written) = (1, 1);
    for (transition, name) in life {
        world.wait(1);
        if transition == Transition::Reclaim {
            // What belonged to the session goes silently, but each account that goes is a write of the session.
            written += world.children(&session.address).len() as u64;
            world.reclaim_children(&session.address);
        }
        written += 1;
        let party = session.party(transition);
        let receipt = world.ok(session.step(&world, transition, party), party);
        assert_eq!(names(&receipt), [name]);
        let header = *receipt.events[0].header();
        assert_eq!((header.session_id, header.address), (session.args.id, session.address));
        assert_eq!((header.previous, header.revision, header.time), (told, written, world.now()), "{name}");
        told = written;
    }
}

#[test]
fn the_created_event_tells_who_and_what() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::ALL), Status::Creating);
    let receipt = world.ok(session.step(&world, Transition::CompleteCreation, &session.host), &session.host);
    let [AnyEvent::SessionCreated(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.creator, event.config), (session.creator.address(), session.args.config));
}

#[test]
fn the_activated_event_tells_both_ends() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Activating);
    let receipt = world.ok(session.step(&world, Transition::CompleteActivation, &session.host), &session.host);
    let [AnyEvent::SessionActivated(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.expires_at, event.hard_end), (world.now() + i64::from(MAX_DURATION), world.now() + i64::from(HARD_LIMIT)));
}

#[test]
fn two_steps_in_one_transaction_are_told_in_order() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let steps = [Transition::Pause, Transition::Resume, Transition::Close].map(|step| session.step(&world, step, &session.creator));
    let receipt = world.ok_with(&steps, &[&session.creator]);
    assert_eq!(names(&receipt), ["SessionPaused", "SessionResumed", "SessionClosing"]);
}

#[test]
fn a_transaction_that_fails_tells_nothing() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let steps = [Transition::Pause, Transition::Pause].map(|step| session.step(&world, step, &session.creator));
    let receipt = world.send(&steps, &[&session.creator]);
    assert!(receipt.failure.is_some());
    assert!(receipt.logs.iter().any(|line| line.starts_with("Program data: ")), "the log has the first step's event");
    assert_eq!(receipt.events, []);
}
