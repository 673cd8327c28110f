//! `set_property`.

use {
    super::{active, denied},
    sessions_client::{
        address,
        core::{PropertyState, SessionError, SessionState, events::AnyEvent, state::MAX_VALUE},
        failure::Failure,
        instruction::{self, SetPropertyArgs},
    },
    sessions_tests::{
        Actor, World,
        session::TestSession,
        world::{SOL, names},
    },
    solana_address::Address,
    solana_instruction::error::InstructionError,
};

const CAPACITY: u16 = 64;

#[track_caller]
fn invalid(world: &World, session: &TestSession, ana: &Actor, args: SetPropertyArgs<'_>, field: &str) {
    let wallet = ana.address();
    let set = instruction::set_property(wallet, wallet, session.address, wallet, args);
    let receipt = world.refused(set, ana, SessionError::InvalidConfiguration);
    assert!(receipt.logs.contains(&format!("Program log: {field}")), "{:#?}", receipt.logs);
}

#[test]
fn a_property_is_made_and_holds_what_was_written() {
    let (world, session, ana, _) = active();
    let payer = &session.payer;
    let args = SetPropertyArgs { expected_version: 0, capacity: CAPACITY, key: b"score", value: b"12:7" };
    let set = instruction::set_property(ana.address(), payer.address(), session.address, ana.address(), args);
    let (before, children) = (world.balance(&payer.address()), world.session(&session.address).children);
    let receipt = world.ok_with(&[set], &[&ana, payer]);

    let at = address::property(&session.address, b"score");
    let (state, value) = world.property(&session.address, b"score");
    assert_eq!(value, b"12:7");
    let epoch = world.session(&session.address).header.epoch;
    let mut key = [0; 32];
    key[..5].copy_from_slice(b"score");
    let (_, bump) = Address::find_program_address(&PropertyState::seeds(&session.address, b"score"), &address::PROGRAM);
    assert_eq!((state.header.payer, state.header.epoch, state.header.bump), (payer.address(), epoch, bump));
    assert_eq!((state.session, state.key, state.key_length, state.writer), (session.address, key, 5, ana.address()));
    assert_eq!((state.version, state.written_at, state.capacity, state.length), (1, world.now(), CAPACITY, 4));
    assert_eq!(world.account(&at).unwrap().data.len(), PropertyState::SIZE + usize::from(CAPACITY));
    assert_eq!(world.balance(&payer.address()), before - world.balance(&at));
    assert_eq!((world.session(&session.address).children, world.session(&session.address).property_version), (children + 1, 1));

    let [AnyEvent::PropertySet(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.header.address, event.header.revision, event.header.previous), (at, 1, 0));
    assert_eq!((event.version, event.writer), (1, ana.address()));
}

#[test]
fn a_property_is_written_again_under_its_version() {
    let (world, session, ana, ben) = active();
    world.ok(session.set(&ana, b"score", &[7; 64], 0, CAPACITY), &ana);
    let receipt = world.ok(session.set(&ben, b"score", b"new", 1, 9_999), &ben);
    let (state, value) = world.property(&session.address, b"score");
    assert_eq!((state.version, state.writer, state.capacity, value.as_slice()), (2, ben.address(), CAPACITY, &b"new"[..]));
    assert_eq!((state.header.revision, state.header.payer), (2, ana.address()));
    assert_eq!(names(&receipt), ["PropertySet"]);
}

#[test]
fn versions_count_the_writes_of_all_properties_of_a_session() {
    let (world, session, ana, _) = active();
    for (version, key) in (1..).zip([b"a", b"b", b"c"]) {
        world.ok(session.set(&ana, key, b"", 0, CAPACITY), &ana);
        assert_eq!(world.property(&session.address, key).0.version, version);
    }
    world.ok(session.set(&ana, b"a", b"", 1, 0), &ana);
    assert_eq!(world.property(&session.address, b"a").0.version, 4);
}

#[test]
fn two_writers_of_one_version_do_not_both_succeed() {
    let (world, session, ana, ben) = active();
    world.ok(session.set(&ana, b"score", b"0", 0, CAPACITY), &ana);
    let [first, second] = [session.set(&ana, b"score", b"ana", 1, 0), session.set(&ben, b"score", b"ben", 1, 0)];
    // In one slot, the one after the other: the second one is told.
    assert_eq!(world.send_in_slot(std::slice::from_ref(&first), &[&ana]).failure, None);
    let late = world.send_in_slot(std::slice::from_ref(&second), &[&ben]);
    assert_eq!(late.failure, Some(Failure::Session { instruction: 0, error: SessionError::VersionConflict }));
    assert_eq!(world.property(&session.address, b"score").1, b"ana");
    // In one transaction: neither.
    let [first, second] = [session.set(&ana, b"score", b"a", 2, 0), session.set(&ben, b"score", b"b", 2, 0)];
    let both = world.send(&[first, second], &[&ana, &ben]);
    assert_eq!(both.failure, Some(Failure::Session { instruction: 1, error: SessionError::VersionConflict }));
    assert_eq!(world.property(&session.address, b"score").1, b"ana");
}

#[test]
fn a_version_that_is_not_the_propertys_is_a_conflict() {
    let (world, session, ana, _) = active();
    world.refused(session.set(&ana, b"score", b"", 1, CAPACITY), &ana, SessionError::VersionConflict);
    assert_eq!(world.account(&address::property(&session.address, b"score")), None);
    world.ok(session.set(&ana, b"score", b"", 0, CAPACITY), &ana);
    for version in [0, 2, u64::MAX] {
        world.refused(session.set(&ana, b"score", b"", version, CAPACITY), &ana, SessionError::VersionConflict);
    }
}

#[test]
fn a_version_from_before_a_deletion_is_never_used_again() {
    let (world, session, ana, _) = active();
    let wallet = ana.address();
    world.ok(session.set(&ana, b"score", b"", 0, CAPACITY), &ana);
    world.ok(instruction::delete_property(wallet, session.address, wallet, b"score", wallet, 1), &ana);
    world.refused(session.set(&ana, b"score", b"", 1, CAPACITY), &ana, SessionError::VersionConflict);
    world.ok(session.set(&ana, b"score", b"", 0, CAPACITY), &ana);
    assert_eq!(world.property(&session.address, b"score").0.version, 2);
    world.refused(session.set(&ana, b"score", b"", 1, 0), &ana, SessionError::VersionConflict);
}

#[test]
fn a_value_fits_its_capacity_to_the_last_byte() {
    let (world, session, ana, _) = active();
    for (key, capacity) in [(&b"none"[..], 0), (b"some", 64), (b"most", MAX_VALUE as u16)] {
        let value = vec![7; usize::from(capacity)];
        world.ok(session.set(&ana, key, &value, 0, capacity), &ana);
        let (state, stored) = world.property(&session.address, key);
        assert_eq!(stored, value);
        let over = vec![7; usize::from(capacity) + 1];
        world.refused(session.set(&ana, key, &over, state.version, capacity + 1), &ana, SessionError::ValueTooLong);
        assert_eq!(world.property(&session.address, key), (state, stored));
    }
    world.refused(session.set(&ana, b"new", &[7; 9], 0, 8), &ana, SessionError::ValueTooLong);
    let wallet = ana.address();
    let most = SetPropertyArgs { expected_version: 0, capacity: MAX_VALUE as u16, key: b"new", value: &[7; MAX_VALUE + 1] };
    let set = instruction::set_property(wallet, wallet, session.address, wallet, most);
    world.refused(set, &ana, SessionError::ValueTooLong);
}

#[test]
fn a_capacity_is_704_bytes_at_most() {
    let (world, session, ana, _) = active();
    for capacity in [MAX_VALUE as u16 + 1, u16::MAX] {
        invalid(&world, &session, &ana, SetPropertyArgs { expected_version: 0, capacity, key: b"k", value: b"" }, "capacity");
    }
}

#[test]
fn a_key_has_1_to_32_bytes() {
    let (world, session, ana, _) = active();
    for key in [&[][..], &[7; 33], &[7; 100]] {
        invalid(&world, &session, &ana, SetPropertyArgs { expected_version: 0, capacity: 8, key, value: b"" }, "key");
    }
    for key in [&[0][..], &[7; 32], "ключ 🗝".as_bytes()] {
        world.ok(session.set(&ana, key, b"value", 0, 8), &ana);
        let (state, _) = world.property(&session.address, key);
        assert_eq!(&state.key[..usize::from(state.key_length)], key);
    }
}

#[test]
fn keys_that_begin_alike_are_apart() {
    let (world, session, ana, _) = active();
    for key in [&b"a"[..], b"a\0", b"aa"] {
        world.ok(session.set(&ana, key, key, 0, 8), &ana);
    }
    for key in [&b"a"[..], b"a\0", b"aa"] {
        assert_eq!(world.property(&session.address, key).1, key);
    }
}

#[test]
fn an_address_that_is_not_the_keys_is_refused() {
    let (world, session, ana, _) = active();
    let mut set = session.set(&ana, b"a", b"", 0, 8);
    set.accounts[4].pubkey = address::property(&session.address, b"b");
    world.fails(set, &ana, InstructionError::InvalidSeeds);
}

#[test]
fn a_version_says_which_property_is_meant() {
    // The key is not compared when a property is there, for no other property of the session is ever at the version that is expected.
    let (world, session, ana, _) = active();
    world.ok(session.set(&ana, b"a", b"", 0, 8), &ana);
    world.ok(session.set(&ana, b"b", b"", 0, 8), &ana);
    let mut set = session.set(&ana, b"a", b"meant for a", 1, 8);
    set.accounts[4].pubkey = address::property(&session.address, b"b");
    world.refused(set, &ana, SessionError::VersionConflict);
}

#[test]
fn lamports_sent_ahead_do_not_block_a_property() {
    let (world, session, ana, _) = active();
    let at = address::property(&session.address, b"score");
    world.ledger.fund(at, SOL).unwrap();
    let before = world.balance(&ana.address());
    world.ok(session.set(&ana, b"score", b"", 0, CAPACITY), &ana);
    assert_eq!((world.balance(&ana.address()), world.balance(&at)), (before, SOL));
}

#[test]
fn a_session_key_without_funds_writes_what_another_pays_for() {
    let (world, session, ana, _) = active();
    let key = Actor::named("a key without funds");
    world.ok(session.set_key(&ana, &key), &ana);
    let args = SetPropertyArgs { expected_version: 0, capacity: CAPACITY, key: b"score", value: b"by key" };
    let set = instruction::set_property(key.address(), session.payer.address(), session.address, ana.address(), args);
    world.ok_with(&[set], &[&key, &session.payer]);
    assert_eq!(world.property(&session.address, b"score").0.writer, ana.address());
}

#[test]
fn a_payer_has_to_sign() {
    let (world, session, ana, _) = active();
    let args = SetPropertyArgs { expected_version: 0, capacity: CAPACITY, key: b"score", value: b"" };
    let mut set = instruction::set_property(ana.address(), session.payer.address(), session.address, ana.address(), args);
    set.accounts[1].is_signer = false;
    world.fails(set, &ana, InstructionError::MissingRequiredSignature);
}

#[test]
fn the_last_version_is_the_last() {
    let (world, session, ana, _) = active();
    world.forge(&session.address, |state: &mut SessionState| state.property_version = u64::MAX);
    world.refused(session.set(&ana, b"score", b"", 0, CAPACITY), &ana, SessionError::ArithmeticOverflow);
}

#[test]
fn a_refused_write_makes_nothing() {
    let (world, session, ..) = active();
    denied(
        &world,
        session.set(&session.stranger, b"k", b"v", 0, 8),
        &session.stranger,
        "the signer is no member of the session, or did not act as one",
    );
    assert_eq!(world.account(&address::property(&session.address, b"k")), None);
}
