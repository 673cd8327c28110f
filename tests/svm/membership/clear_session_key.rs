//! `clear_session_key`.

use {
    super::{about, active, assert_told, end_in, leave, refused, remove},
    sessions_client::{
        address,
        core::{MemberState, SessionError, error::Denial, events::SessionKeyCleared},
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// An active session with a member and its key.
fn keyed() -> (World, TestSession, [Actor; 2]) {
    let (world, session) = active();
    let (member, key) = (session.joined(&world, "member"), world.actor("key"));
    world.ok(session.set_key(&member, &key), &member);
    (world, session, [member, key])
}

/// `wallet` clears its key.
fn clear(session: &TestSession, wallet: &Actor) -> Instruction {
    instruction::clear_session_key(wallet.address(), session.address)
}

#[test]
fn the_key_is_forgotten_and_the_session_is_not_written() {
    let (world, session, [member, _]) = keyed();
    let (before, sessions) = (world.member(&session.address, &member), world.account(&session.address));
    let receipt = world.ok(clear(&session, &member), &member);
    let mut after = MemberState { session_key: Address::default(), key_permissions: 0, key_expires_at: 0, ..before };
    (after.header.revision, after.header.event_revision) = (3, 3);
    assert_eq!(world.member(&session.address, &member), after);
    assert_eq!(world.account(&session.address), sessions);
    let at = address::member(&session.address, &member.address());
    assert_told(&receipt, [SessionKeyCleared::new(about(&world, &session, &at, [2, 3]), member.address()).into()]);
}

#[test]
fn without_a_key_there_is_nothing_to_clear() {
    let (world, session, [member, _]) = keyed();
    world.ok(clear(&session, &member), &member);
    refused(&world, &clear(&session, &member), &[&member], SessionError::SessionKeyNotFound);
    refused(&world, &clear(&session, &session.creator), &[&session.creator], SessionError::SessionKeyNotFound);
}

#[test]
fn who_is_not_in_has_no_key() {
    let undo: [fn(&World, &TestSession, &Actor); 2] = [leave, remove];
    for undo in undo {
        let (world, session, [member, _]) = keyed();
        undo(&world, &session, &member);
        refused(&world, &clear(&session, &member), &[&member], SessionError::SessionKeyNotFound);
    }
    let (world, session, _) = keyed();
    refused(&world, &clear(&session, &session.stranger), &[&session.stranger], Denial::NotAMember);
}

#[test]
fn nobody_clears_anothers_key_not_even_the_authority_or_the_key() {
    let (world, session, [member, key]) = keyed();
    for other in [&session.creator, &session.stranger, &key] {
        let mut clear = clear(&session, &member);
        clear.accounts[0].pubkey = other.address();
        refused(&world, &clear, &[other], Denial::NotTheWallet);
    }
}

#[test]
fn a_key_that_expired_is_cleared_also_by_expired_member() {
    let (world, session, [member, _]) = keyed();
    world.set_time(end_in(&world, &session, &member, 100));
    world.ok(clear(&session, &member), &member);
}
