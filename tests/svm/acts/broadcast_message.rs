//! `broadcast_message`, and the chain that every message is a link of.

use {
    super::active,
    sessions_client::{
        core::{SessionError, events::AnyEvent, rules::messages::MAX_MESSAGE},
        instruction,
        messages::{Break, Chain},
    },
    sessions_tests::{Actor, World, session::TestSession},
};

/// Three messages, the second from Ben to Ana alone; and their events.
fn talk(world: &World, session: &TestSession, ana: &Actor, ben: &Actor) -> Vec<AnyEvent> {
    let direct = instruction::send_direct_message(ben.address(), session.address, ben.address(), ana.address(), b"for you alone");
    let steps = [(session.say(ana, b"hello"), ana), (direct, ben), (session.say(ana, &[7; MAX_MESSAGE]), ana)];
    steps.into_iter().flat_map(|(step, by)| world.ok(step, by).events).collect()
}

#[test]
fn a_message_is_told_with_its_number_its_sender_and_the_chains_head() {
    let (world, session, ana, _) = active();
    let receipt = world.ok(session.say(&ana, b"hello"), &ana);
    let [AnyEvent::MessageBroadcast(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    let state = world.session(&session.address);
    assert_eq!((event.header.address, event.header.session_id, event.header.time), (session.address, session.args.id, world.now()));
    assert_eq!((event.sequence, event.sender, event.message.as_slice()), (1, ana.address(), &b"hello"[..]));
    assert_eq!((state.message_sequence, state.message_head), (1, event.head));
    assert_ne!(event.head, [0; 32]);
}

#[test]
fn the_chain_of_a_session_is_whole() {
    let (world, session, ana, ben) = active();
    let events = talk(&world, &session, &ana, &ben);
    let mut chain = Chain::new(session.address);
    chain.follow(&events).unwrap();
    assert_eq!(chain.check_whole(&world.session(&session.address)), Ok(()));
    assert_eq!(chain.sequence, 3);
}

#[test]
fn a_message_that_is_missing_altered_or_moved_shows() {
    let (world, session, ana, ben) = active();
    let events = talk(&world, &session, &ana, &ben);
    let follow = |events: &[AnyEvent]| Chain::new(session.address).follow(events);
    let missing = [events[0], events[2]];
    assert_eq!(follow(&missing), Err(Break::Missing { first: 2, last: 2 }));
    let moved = [events[1], events[0], events[2]];
    assert_eq!(follow(&moved), Err(Break::OutOfPlace { expected: 1, found: 2 }));
    let mut altered = events.clone();
    let AnyEvent::MessageSent(event) = &mut altered[1] else { panic!() };
    event.recipient = session.stranger.address();
    assert_eq!(follow(&altered), Err(Break::Altered { sequence: 2 }));
    let mut cut = Chain::new(session.address);
    cut.follow(&events[..2]).unwrap();
    assert_eq!(cut.check_whole(&world.session(&session.address)), Err(Break::Missing { first: 3, last: 3 }));
}

#[test]
fn two_sessions_have_two_chains() {
    let (world, session, ana, _) = active();
    let other = TestSession::new(&world, "other", session.args.config);
    other.request(&world);
    other.advance(&world, sessions_client::core::rules::lifecycle::Status::Active);
    world.ok(instruction::join_session(ana.address(), ana.address(), other.address), &ana);
    let [here, there] = [&session, &other].map(|session| world.ok(session.say(&ana, b"hello"), &ana).events[0]);
    let mut chain = Chain::new(session.address);
    chain.follow(&[there, here]).unwrap();
    assert_eq!(chain.check_whole(&world.session(&session.address)), Ok(()));
    assert!(chain.check_whole(&world.session(&other.address)).is_err());
}

#[test]
fn a_message_has_768_bytes_at_most() {
    let (world, session, ana, ben) = active();
    for length in [0, 1, 256, MAX_MESSAGE] {
        let data = vec![7; length];
        let receipt = world.ok(session.say(&ana, &data), &ana);
        let [AnyEvent::MessageBroadcast(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
        assert_eq!(event.message.as_slice(), data);
    }
    let (wallet, at) = (ana.address(), session.address);
    let long = [7; MAX_MESSAGE + 1];
    world.refused(session.say(&ana, &long), &ana, SessionError::ValueTooLong);
    world.refused(instruction::send_direct_message(wallet, at, wallet, ben.address(), &long), &ana, SessionError::ValueTooLong);
    assert_eq!(world.session(&at).message_sequence, 4);
}

#[test]
fn a_length_that_the_data_does_not_have_is_refused() {
    let (world, session, ana, _) = active();
    for length in [6_u32, 1 << 31, u32::MAX] {
        let mut say = session.say(&ana, b"hello");
        say.data[8..12].copy_from_slice(&length.to_le_bytes());
        world.fails(say, &ana, solana_instruction::error::InstructionError::InvalidInstructionData);
    }
}

#[test]
fn the_last_number_is_the_last() {
    let (world, session, ana, _) = active();
    world.forge(&session.address, |state| state.message_sequence = u64::MAX);
    world.refused(session.say(&ana, b"hello"), &ana, SessionError::ArithmeticOverflow);
}
