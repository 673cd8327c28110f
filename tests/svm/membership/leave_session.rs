//! `leave_session`.

use {
    super::{Why, about, active, assert_told, end_in, hand_over, join, leave, refused, remove, written},
    sessions_client::{
        address,
        core::{
            MemberState,
            error::Denial,
            events::MemberLeft,
            rules::membership::{MemberStatus, Rights, Role},
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_address::Address,
};

/// A wallet that tries to leave.
#[track_caller]
fn stays(world: &World, session: &TestSession, wallet: &Actor, expected: impl Into<Why>) {
    refused(world, &instruction::leave_session(wallet.address(), session.address), &[wallet], expected);
}

#[test]
fn the_account_and_its_use_stay_and_the_key_goes() {
    let (world, session) = active();
    let (member, key) = (session.joined(&world, "member"), world.actor("key"));
    world.ok_with(&[session.set_key(&member, &key), session.say(&member, b"hello")], &[&member]);
    let (before, sessions) = (world.member(&session.address, &member), world.session(&session.address));
    let receipt = world.ok(instruction::leave_session(member.address(), session.address), &member);
    let mut expected = MemberState {
        status: MemberStatus::Left as u8,
        gone_revision: sessions.header.revision + 1,
        session_key: Address::default(),
        key_expires_at: 0,
        key_permissions: 0,
        ..before
    };
    (expected.header.revision, expected.header.event_revision) = (4, 4);
    assert_eq!(world.member(&session.address, &member), expected);
    assert_eq!(world.session(&session.address), written(&sessions, |state| state.members -= 1));
    let at = address::member(&session.address, &member.address());
    // The message was a silent write of the member's account.
    assert_told(&receipt, [MemberLeft::new(about(&world, &session, &at, [2, 4]), member.address()).into()]);
}

#[test]
fn who_is_not_in_does_not_leave() {
    let (world, session) = active();
    let [left, removed] = ["left", "removed"].map(|name| session.joined(&world, name));
    leave(&world, &session, &left);
    remove(&world, &session, &removed);
    stays(&world, &session, &session.stranger, Denial::NotAMember);
    stays(&world, &session, &left, Denial::NotActive);
    stays(&world, &session, &removed, Denial::NotActive);
}

#[test]
fn nobody_leaves_for_another() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    for other in [&session.creator, &session.host, &session.stranger] {
        let mut leave = instruction::leave_session(member.address(), session.address);
        leave.accounts[0].pubkey = other.address();
        refused(&world, &leave, &[other], Denial::NotTheWallet);
    }
}

#[test]
fn an_expired_member_leaves() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    world.set_time(end_in(&world, &session, &member, 10));
    leave(&world, &session, &member);
    assert_eq!(world.member(&session.address, &member).status(), Ok(MemberStatus::Left));
}

#[test]
fn the_authority_stays_until_another_rules_also_when_its_time_is_over() {
    let (world, session) = active();
    let (creator, heir) = (&session.creator, session.joined(&world, "heir"));
    stays(&world, &session, creator, Denial::AuthorityStays);
    world.set_time(end_in(&world, &session, creator, 10));
    stays(&world, &session, creator, Denial::AuthorityStays);
    hand_over(&world, &session, &heir);
    stays(&world, &session, &heir, Denial::AuthorityStays);
    leave(&world, &session, creator);
}

#[test]
fn the_creator_who_left_comes_back_like_anyone() {
    let (world, session) = active();
    let heir = session.joined(&world, "heir");
    hand_over(&world, &session, &heir);
    leave(&world, &session, &session.creator);
    world.ok(join(&session, &session.creator), &session.creator);
    let state = world.member(&session.address, &session.creator);
    assert_eq!(state.rights, Rights::of(Role::Member));
}

#[test]
fn a_proposal_goes_with_whom_it_was_about() {
    let (world, session) = active();
    let (heir, other) = (session.joined(&world, "heir"), session.joined(&world, "other"));
    world.ok(instruction::propose_authority(session.creator.address(), session.address, heir.address()), &session.creator);
    leave(&world, &session, &other);
    assert_eq!(world.session(&session.address).pending_authority, heir.address());
    leave(&world, &session, &heir);
    assert_eq!(world.session(&session.address).pending_authority, Address::default());
}
