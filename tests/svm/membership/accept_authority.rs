//! `accept_authority`, and who rules after it.

use {
    super::{NOTHING, about, active, assert_told, end_in, hand_over, join, leave, refused, remove, written},
    sessions_client::{
        address,
        core::{
            SessionError,
            error::Denial,
            events::AuthorityTransferred,
            rules::{
                lifecycle::Transition,
                membership::{MemberChanges, Role},
            },
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// An active session whose authority proposed the first of two members.
fn proposed() -> (World, TestSession, [Actor; 2]) {
    let (world, session) = active();
    let members = ["heir", "member"].map(|name| session.joined(&world, name));
    propose(&world, &session, &members[0]);
    (world, session, members)
}

/// The creator proposes a member.
#[track_caller]
fn propose(world: &World, session: &TestSession, heir: &Actor) {
    world.ok(instruction::propose_authority(session.creator.address(), session.address, heir.address()), &session.creator);
}

/// `wallet` accepts.
fn accept(session: &TestSession, wallet: &Actor) -> Instruction {
    instruction::accept_authority(wallet.address(), session.address)
}

#[test]
fn the_session_has_another_authority_and_the_old_one_stays_a_member() {
    let (world, session, [heir, _]) = proposed();
    let (before, old) = (world.session(&session.address), world.member(&session.address, &session.creator));
    let heirs = world.member(&session.address, &heir);
    let receipt = world.ok(accept(&session, &heir), &heir);
    let after = written(&before, |state| {
        (state.authority, state.pending_authority) = (heir.address(), Address::default());
        state.header.event_revision = state.header.revision;
    });
    assert_eq!(world.session(&session.address), after);
    assert_eq!(world.member(&session.address, &session.creator), old);
    assert_eq!(world.member(&session.address, &heir), heirs);
    let about = about(&world, &session, &session.address, [before.header.event_revision, after.header.revision]);
    assert_told(&receipt, [AuthorityTransferred::new(about, session.creator.address(), heir.address()).into()]);
}

#[test]
fn nobody_else_accepts() {
    let (world, session, [heir, member]) = proposed();
    for other in [&member, &session.creator] {
        refused(&world, &accept(&session, other), &[other], SessionError::PermissionDenied);
    }
    for other in [&session.host, &session.stranger] {
        refused(&world, &accept(&session, other), &[other], Denial::NotAMember);
    }
    let mut with_anothers = accept(&session, &heir);
    with_anothers.accounts[2].pubkey = address::member(&session.address, &member.address());
    refused(&world, &with_anothers, &[&heir], Denial::NotTheWallet);
}

#[test]
fn a_proposal_is_accepted_once() {
    let (world, session, [heir, _]) = proposed();
    world.ok(accept(&session, &heir), &heir);
    refused(&world, &accept(&session, &heir), &[&heir], SessionError::PermissionDenied);
}

#[test]
fn without_a_proposal_nobody_accepts() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    for wallet in [&member, &session.creator] {
        refused(&world, &accept(&session, wallet), &[wallet], SessionError::PermissionDenied);
    }
}

#[test]
fn a_proposal_that_was_replaced_or_taken_back_is_gone() {
    let (world, session, [heir, member]) = proposed();
    propose(&world, &session, &member);
    refused(&world, &accept(&session, &heir), &[&heir], SessionError::PermissionDenied);
    propose(&world, &session, &session.creator);
    refused(&world, &accept(&session, &member), &[&member], SessionError::PermissionDenied);
    propose(&world, &session, &heir);
    world.ok(accept(&session, &heir), &heir);
}

#[test]
fn one_who_left_or_was_removed_meanwhile_is_proposed_no_longer_not_even_when_back() {
    let undo: [fn(&World, &TestSession, &Actor); 2] = [leave, remove];
    for (undo, comes_back) in undo.into_iter().zip([true, false]) {
        let (world, session, [heir, _]) = proposed();
        undo(&world, &session, &heir);
        refused(&world, &accept(&session, &heir), &[&heir], SessionError::PermissionDenied);
        if comes_back {
            world.ok(join(&session, &heir), &heir);
            refused(&world, &accept(&session, &heir), &[&heir], SessionError::PermissionDenied);
        }
    }
}

#[test]
fn expired_member_does_not_accept() {
    let (world, session, [heir, _]) = proposed();
    let end = end_in(&world, &session, &heir, 10);
    world.set_time(end);
    refused(&world, &accept(&session, &heir), &[&heir], Denial::Expired);
    world.set_time(end - 1);
    world.ok(accept(&session, &heir), &heir);
}

/// Everything that the authority alone does, each by `authority`.
fn rule(world: &World, session: &TestSession, authority: &Actor, member: &Actor) -> [Instruction; 5] {
    let (by, at) = (authority.address(), session.address);
    let changes = MemberChanges { role: Some(Role::Observer), ..NOTHING };
    [
        instruction::update_member(by, at, member.address(), changes),
        instruction::propose_authority(by, at, member.address()),
        session.step(world, Transition::Update, authority),
        session.step(world, Transition::Pause, authority),
        session.step(world, Transition::Resume, authority),
    ]
}

#[test]
fn the_old_authority_rules_no_longer_and_the_new_one_does() {
    let (world, session, [heir, member]) = proposed();
    for instruction in rule(&world, &session, &heir, &member) {
        refused(&world, &instruction, &[&heir], SessionError::PermissionDenied);
    }
    world.ok(accept(&session, &heir), &heir);
    for instruction in rule(&world, &session, &session.creator, &member) {
        refused(&world, &instruction, &[&session.creator], SessionError::PermissionDenied);
    }
    for instruction in rule(&world, &session, &heir, &member) {
        world.ok(instruction, &heir);
    }
    world.ok(session.say(&session.creator, b"still here"), &session.creator);
}

#[test]
fn a_session_can_be_handed_back() {
    let (world, session) = active();
    let heir = session.joined(&world, "heir");
    hand_over(&world, &session, &heir);
    world.ok(instruction::propose_authority(heir.address(), session.address, session.creator.address()), &heir);
    world.ok(accept(&session, &session.creator), &session.creator);
    leave(&world, &session, &heir);
    assert_eq!(world.session(&session.address).authority, session.creator.address());
}
