//! `read_property`.

use super::*;

fn answer(all: &Everything, act: Instruction) -> Vec<u8> {
    all.world.answer(&act, &all.ana).1
}

#[test]
fn the_answer_is_the_version_and_the_value() {
    let all = Everything::new();
    let answer = answer(&all, read(&all));
    assert_eq!(answer, [&1u64.to_le_bytes()[..], b"away"].concat());
    all.world.ok(read(&all), &all.ana);
    assert_eq!(all.world.member(&all.session.address, &all.ana).usage.operations.total, 1);
}

#[test]
fn the_longest_value_and_none_at_all_are_read() {
    let all = Everything::new();
    let creator = &all.other.creator;
    all.world.ok(all.other.set(creator, b"long", &[7; 704], 0, 704), creator);
    all.world.ok(all.other.set(creator, b"none", b"", 0, 8), creator);
    let read = |key: &[u8]| answer(&all, instruction::read_property(ana(&all), all.other.address, key));
    assert_eq!(read(b"long"), [&2u64.to_le_bytes()[..], &[7; 704]].concat());
    // The runtime cuts zeros off the end of an answer.
    assert_eq!(read(b"none").first(), Some(&3));
}

#[test]
fn what_is_not_there_is_not_found() {
    let all = Everything::new();
    all.world.refused(instruction::read_property(ana(&all), all.other.address, b"no"), &all.ana, SessionError::PropertyNotFound);
}

#[test]
fn a_property_of_a_third_session_is_refused() {
    let all = Everything::new();
    all.world.ok(all.session.set(&all.session.creator, b"own", b"mine", 0, 8), &all.session.creator);
    let mut crossed = read(&all);
    crossed.accounts[5].pubkey = address::property(&all.session.address, b"own");
    all.world.refused(crossed, &all.ana, SessionError::WrongSession);
}

#[test]
fn the_owner_is_read_while_it_goes_on() {
    for (status, reads) in [(Status::Active, true), (Status::Paused, true), (Status::Closing, true), (Status::Closed, false)] {
        let all = Everything::new();
        all.other.advance(&all.world, status);
        if reads {
            all.world.ok(read(&all), &all.ana);
        } else {
            all.world.refused(read(&all), &all.ana, SessionError::SessionNotActive);
        }
    }
}

#[test]
fn shared_limits_of_the_reader_count_reads() {
    let mut shared = config(Settings::NONE);
    shared.quotas = Quotas { operations: Quota { limit: 1, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
    let all = Everything::with(shared);
    all.world.refused(read(&all), &all.ana, SessionError::SessionReadOnly);
    let sharing = instruction::read_property(ana(&all).sharing(), all.other.address, b"far");
    all.world.ok(sharing.clone(), &all.ana);
    all.world.refused(sharing, &all.ana, SessionError::QuotaExceeded);
}
