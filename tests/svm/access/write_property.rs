//! `write_property`.

use super::*;

#[test]
fn a_member_of_another_session_writes_and_makes_properties() {
    let all = Everything::new();
    let receipt = all.world.ok(write(&all, b"near", 1), &all.ana);
    assert_eq!(names(&receipt), ["PropertySet"]);
    assert_eq!(receipt.events[0].header().session_id, all.other.args.id);
    let (state, value) = all.world.property(&all.other.address, b"far");
    assert_eq!((value, state.version, state.writer), (b"near".to_vec(), 2, all.ana.address()));
    let args = SetPropertyArgs { expected_version: 0, capacity: 16, key: b"fresh", value: b"new" };
    all.world.ok(instruction::write_property(ana(&all), all.ana.address(), all.other.address, args), &all.ana);
    let (state, _) = all.world.property(&all.other.address, b"fresh");
    assert_eq!((state.version, state.header.payer), (3, all.ana.address()));
    // The writer and its own session are charged, the owner's members are not.
    let usage = all.world.member(&all.session.address, &all.ana).usage;
    assert_eq!((usage.operations.total, usage.bytes.total), (2, 7));
}

#[test]
fn it_compares_and_sets() {
    let all = Everything::new();
    all.world.refused(write(&all, b"near", 0), &all.ana, SessionError::VersionConflict);
    all.world.refused(write(&all, b"near", 2), &all.ana, SessionError::VersionConflict);
    all.world.ok(write(&all, b"near", 1), &all.ana);
    all.world.refused(write(&all, b"late", 1), &all.ana, SessionError::VersionConflict);
    let args = SetPropertyArgs { expected_version: 1, capacity: 16, key: b"none", value: b"x" };
    let missing = instruction::write_property(ana(&all), all.ana.address(), all.other.address, args);
    all.world.refused(missing, &all.ana, SessionError::VersionConflict);
}

#[test]
fn a_value_fits_its_room() {
    let all = Everything::new();
    all.world.refused(write(&all, &[1; 17], 1), &all.ana, SessionError::ValueTooLong);
    let args = |capacity, value| SetPropertyArgs { expected_version: 0, capacity, key: b"big", value };
    let make = |capacity, value| instruction::write_property(ana(&all), all.ana.address(), all.other.address, args(capacity, value));
    all.world.refused(make(4, b"12345"), &all.ana, SessionError::ValueTooLong);
    all.world.refused(make(705, b"1"), &all.ana, SessionError::InvalidConfiguration);
}

#[test]
fn the_owner_is_written_while_it_is_active() {
    for status in [Status::Paused, Status::Closing, Status::Closed] {
        let all = Everything::new();
        all.other.advance(&all.world, status);
        all.world.refused(write(&all, b"near", 1), &all.ana, SessionError::SessionNotActive);
    }
}

#[test]
fn an_address_that_has_lamports_already_can_be_made() {
    let all = Everything::new();
    all.world.ledger.fund(address::property(&all.other.address, b"fresh"), 1_000).unwrap();
    let args = SetPropertyArgs { expected_version: 0, capacity: 16, key: b"fresh", value: b"new" };
    all.world.ok(instruction::write_property(ana(&all), all.ana.address(), all.other.address, args), &all.ana);
}

#[test]
fn the_two_sessions_are_two() {
    let all = Everything::new();
    let mut own = write(&all, b"near", 1);
    own.accounts[4].pubkey = all.session.address;
    own.accounts.iter_mut().filter(|meta| meta.pubkey == all.session.address).for_each(|meta| meta.is_writable = true);
    let receipt = all.world.send(&[own], &[&all.ana]);
    assert!(receipt.failure.is_some());
}

#[test]
fn the_bytes_of_the_writers_session_are_limited() {
    let mut shared = config(Settings::NONE);
    shared.quotas = Quotas { bytes: Quota { limit: 4, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
    let all = Everything::with(shared);
    let args = |value| SetPropertyArgs { expected_version: 1, capacity: 16, key: b"far", value };
    let write = |value| instruction::write_property(ana(&all).sharing(), all.ana.address(), all.other.address, args(value));
    all.world.refused(write(b"12345"), &all.ana, SessionError::QuotaExceeded);
    all.world.ok(write(b"1234"), &all.ana);
    assert_eq!(all.world.session(&all.session.address).usage.bytes.total, 4);
}
