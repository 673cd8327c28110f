//! `delete_property`.

use {
    super::active,
    sessions_client::{
        address,
        core::{SessionError, events::AnyEvent},
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_instruction::Instruction,
};

/// An active session whose member Ana made the property `score`; Ben is in it too.
fn with_score() -> (World, TestSession, Actor, Actor) {
    let (world, session, ana, ben) = active();
    world.ok(session.set(&ana, b"score", b"12:7", 0, 64), &ana);
    (world, session, ana, ben)
}

fn delete(session: &TestSession, by: &Actor, payer: &Actor, expected: u64) -> Instruction {
    let wallet = by.address();
    instruction::delete_property(wallet, session.address, wallet, b"score", payer.address(), expected)
}

#[test]
fn a_deleted_property_is_gone_and_its_rent_is_back() {
    let (world, session, ana, ben) = with_score();
    let at = address::property(&session.address, b"score");
    let (before, rent, children) = (world.balance(&ana.address()), world.balance(&at), world.session(&session.address).children);
    let receipt = world.ok(delete(&session, &ben, &ana, 1), &ben);
    assert_eq!(world.account(&at), None);
    assert_eq!(world.balance(&ana.address()), before + rent);
    assert_eq!(world.session(&session.address).children, children - 1);
    let [AnyEvent::PropertyDeleted(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.header.address, event.header.revision, event.header.previous), (at, 2, 1));
    assert_eq!((event.version, event.writer, &event.key[..5], event.key_length), (1, ben.address(), &b"score"[..], 5));
}

#[test]
fn a_property_is_deleted_under_its_version_only() {
    let (world, session, ana, _) = with_score();
    for version in [0, 2] {
        world.refused(delete(&session, &ana, &ana, version), &ana, SessionError::VersionConflict);
    }
    world.ok(session.set(&ana, b"score", b"13:7", 1, 0), &ana);
    world.refused(delete(&session, &ana, &ana, 1), &ana, SessionError::VersionConflict);
    world.ok(delete(&session, &ana, &ana, 2), &ana);
    world.refused(delete(&session, &ana, &ana, 2), &ana, SessionError::VersionConflict);
}

#[test]
fn a_property_that_was_never_there_is_at_no_version() {
    let (world, session, ana, _) = active();
    for version in [0, 1] {
        world.refused(delete(&session, &ana, &ana, version), &ana, SessionError::VersionConflict);
    }
}

#[test]
fn the_rent_goes_to_no_one_else() {
    let (world, session, _, ben) = with_score();
    world.refused(delete(&session, &ben, &ben, 1), &ben, SessionError::WrongRentRecipient);
}

#[test]
fn a_property_as_it_was_read_is_deleted() {
    let (world, session, _, ben) = with_score();
    let (state, _) = world.property(&session.address, b"score");
    world.ok(instruction::delete_property_as_read(ben.address(), session.address, ben.address(), &state), &ben);
    assert_eq!(world.account(&address::property(&session.address, b"score")), None);
}

#[test]
fn a_deleted_property_is_not_revived_within_its_transaction() {
    let (world, session, ana, _) = with_score();
    let at = address::property(&session.address, b"score");
    let gone = delete(&session, &ana, &ana, 1);
    let again = session.set(&ana, b"score", b"revived", 1, 64);
    let receipt = world.send(&[gone.clone(), again], &[&ana]);
    assert_eq!(receipt.failure.unwrap().session_error(), Some(SessionError::VersionConflict));
    let anew = session.set(&ana, b"score", b"anew", 0, 32);
    world.ok_with(&[gone, anew], &[&ana]);
    let (state, value) = world.property(&session.address, b"score");
    assert_eq!((state.version, state.capacity, value.as_slice()), (2, 32, &b"anew"[..]));
    assert!(world.account(&at).is_some());
}
