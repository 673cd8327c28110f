//! `propose_authority`.

use {
    super::{about, active, assert_told, end_in, hand_over, leave, refused, remove, written},
    sessions_client::{
        core::{
            SessionError,
            events::AuthorityProposed,
            rules::membership::{Role, Terms},
        },
        instruction,
    },
    sessions_tests::{Actor, session::TestSession},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// `authority` proposes a member.
fn proposal(session: &TestSession, authority: &Actor, heir: &Actor) -> Instruction {
    instruction::propose_authority(authority.address(), session.address, heir.address())
}

#[test]
fn a_proposal_is_written_and_replaced_and_taken_back() {
    let (world, session) = active();
    let creator = &session.creator;
    let [first, second] = ["first", "second"].map(|name| session.joined(&world, name));
    for (heir, pending) in [
        (&first, first.address()),
        (&second, second.address()),
        (&second, second.address()),
        (creator, Address::default()),
        (creator, Address::default()),
    ] {
        let before = world.session(&session.address);
        let receipt = world.ok(proposal(&session, creator, heir), creator);
        let after = written(&before, |state| {
            state.pending_authority = pending;
            state.header.event_revision = state.header.revision;
        });
        assert_eq!(world.session(&session.address), after);
        let revisions = [before.header.event_revision, after.header.revision];
        let about = about(&world, &session, &session.address, revisions);
        assert_told(&receipt, [AuthorityProposed::new(about, pending).into()]);
    }
}

#[test]
fn only_the_authority_proposes() {
    let (world, session) = active();
    let [heir, member] = ["heir", "member"].map(|name| session.joined(&world, name));
    let owner = session.invited(&world, "owner", Terms::of(Role::Owner));
    for other in [&heir, &member, &owner, &session.host, &session.stranger] {
        refused(&world, &proposal(&session, other, &heir), &[other], SessionError::PermissionDenied);
    }
    hand_over(&world, &session, &heir);
    refused(&world, &proposal(&session, &session.creator, &member), &[&session.creator], SessionError::PermissionDenied);
    world.ok(proposal(&session, &heir, &member), &heir);
}

#[test]
fn only_one_who_is_in_the_session_is_proposed() {
    let (world, session) = active();
    let creator = &session.creator;
    let [left, removed, expired] = ["left", "removed", "expired"].map(|name| session.joined(&world, name));
    leave(&world, &session, &left);
    remove(&world, &session, &removed);
    let end = end_in(&world, &session, &expired, 10);
    for heir in [&left, &removed] {
        refused(&world, &proposal(&session, creator, heir), &[creator], SessionError::MemberNotActive);
    }
    refused(&world, &proposal(&session, creator, &session.stranger), &[creator], SessionError::MemberNotFound);
    world.set_time(end);
    refused(&world, &proposal(&session, creator, &expired), &[creator], SessionError::MemberNotActive);
    world.set_time(end - 1);
    world.ok(proposal(&session, creator, &expired), creator);
}

#[test]
fn a_member_without_any_permission_can_be_proposed() {
    let (world, session) = active();
    let observer = session.invited(&world, "observer", Terms::of(Role::Observer));
    world.ok(proposal(&session, &session.creator, &observer), &session.creator);
}

#[test]
fn an_authority_takes_its_proposal_back_also_when_its_own_time_is_over() {
    let (world, session) = active();
    let heir = session.joined(&world, "heir");
    world.ok(proposal(&session, &session.creator, &heir), &session.creator);
    world.set_time(end_in(&world, &session, &session.creator, 10));
    world.ok(proposal(&session, &session.creator, &session.creator), &session.creator);
    assert_eq!(world.session(&session.address).pending_authority, Address::default());
}
