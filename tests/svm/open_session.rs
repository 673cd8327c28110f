//! `open_session`.

use {
    sessions_client::{
        core::{
            SessionError,
            rules::{config::SessionConfig, lifecycle::Status, permissions::Settings},
        },
        failure::Failure,
        instruction::{self, SessionArgs},
    },
    sessions_tests::{
        World,
        session::{HARD_LIMIT, MAX_DURATION, TestSession, config},
        world::names,
    },
};

fn args(world: &World, config: SessionConfig) -> (TestSession, SessionArgs) {
    let session = TestSession::new(world, "test", config);
    let args = SessionArgs { host: session.creator.address(), ..session.args };
    (session, args)
}

#[test]
fn one_instruction_takes_every_step() {
    let world = World::new();
    let (session, args) = args(&world, config(Settings::NONE));
    let open = instruction::open_session(session.creator.address(), session.payer.address(), args);
    let receipt = world.ok_with(&[open], &[&session.creator, &session.payer]);
    assert_eq!(names(&receipt), ["SessionRequested", "SessionCreated", "SessionActivated"]);
    let revisions: Vec<_> = receipt.events.iter().map(|event| (event.header().previous, event.header().revision)).collect();
    assert_eq!(revisions, [(0, 1), (1, 3), (3, 5)], "a silent write stands between two events");

    let state = world.session(&session.address);
    let now = world.now();
    assert_eq!(state.status(), Ok(Status::Active));
    assert_eq!((state.requested_at, state.created_at, state.activated_at), (now, now, now));
    assert_eq!((state.expires_at, state.hard_end), (now + i64::from(MAX_DURATION), now + i64::from(HARD_LIMIT)));
    assert_eq!((state.step_deadline, state.header.revision, state.header.event_revision), (0, 5, 5));
}

#[test]
fn opening_leads_where_the_steps_lead() {
    let stepped = World::new();
    let session = TestSession::new(&stepped, "test", config(Settings::NONE));
    let args = SessionArgs { host: session.creator.address(), ..session.args };
    let (creator, address) = (session.creator.address(), session.address);
    stepped.ok_with(&[instruction::request_session(creator, session.payer.address(), args)], &[&session.creator, &session.payer]);
    for step in [
        instruction::begin_creation(creator, address),
        instruction::complete_creation(creator, address),
        instruction::begin_activation(creator, address),
        instruction::complete_activation(creator, address),
    ] {
        stepped.ok(step, &session.creator);
    }
    let opened = World::new();
    let payer = opened.actor("payer");
    let gm = opened.actor("creator");
    opened.ok_with(&[instruction::open_session(creator, payer.address(), args)], &[&gm, &payer]);
    assert_eq!(stepped.session(&address), opened.session(&address));
}

#[test]
fn a_creator_who_is_not_the_host_cannot_open() {
    let world = World::new();
    let (session, _) = args(&world, config(Settings::NONE));
    let open = instruction::open_session(session.creator.address(), session.payer.address(), session.args);
    let receipt = world.send(&[open], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::PermissionDenied }));
}

#[test]
fn an_unsound_configuration_cannot_be_opened() {
    let world = World::new();
    let (session, args) = args(&world, SessionConfig { max_members: 0, ..config(Settings::NONE) });
    let open = instruction::open_session(session.creator.address(), session.payer.address(), args);
    let receipt = world.send(&[open], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::InvalidConfiguration }));
    assert!(receipt.logs.contains(&"Program log: max_members".to_owned()));
}

#[test]
fn an_id_in_use_cannot_be_opened() {
    let world = World::new();
    let (session, args) = args(&world, config(Settings::NONE));
    let open = || instruction::open_session(session.creator.address(), session.payer.address(), args);
    world.ok_with(&[open()], &[&session.creator, &session.payer]);
    let receipt = world.send(&[open()], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::SessionAlreadyExists }));
}
