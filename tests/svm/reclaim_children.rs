//! `reclaim_children`: what belonged to a closed session goes, and each rent goes back to who paid it.

use {
    sessions_client::{
        address,
        core::{
            SessionError,
            rules::{
                lifecycle::Status,
                membership::{Role, Terms},
                permissions::Settings,
            },
        },
        instruction,
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
        world::names,
    },
    solana_address::Address,
    solana_instruction::error::InstructionError,
};

/// A closed session that was full of things: members, of whom one left and one was removed, an invitation, a token, properties.
fn full() -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let [ana, ben, cem] = ["ana", "ben", "cem"].map(|name| session.joined(&world, name));
    world.ok(session.set(&ana, b"score", b"12:7", 0, 64), &ana);
    world.ok(session.set(&ben, b"map", &[7; 700], 0, 704), &ben);
    world.ok(instruction::leave_session(ben.address(), session.address), &ben);
    world.ok(instruction::remove_member(session.creator.address(), session.address, cem.address()), &session.creator);
    let [dan, link] = ["dan", "link"].map(|name| world.actor(name));
    world.ok(session.invite(&session.creator, &dan, Terms::of(Role::Member)), &session.creator);
    world.ok(session.tokenize(&session.creator, &link, 3), &session.creator);
    session.close(&world);
    (world, session)
}

#[test]
fn everything_goes_and_every_rent_comes_back() {
    let (world, session) = full();
    let children = world.children(&session.address);
    assert_eq!(children.len(), 8);
    // The invariants check each payer's balance.
    let receipt = world.ok_with(&[instruction::reclaim_children(session.address, &children)], &[]);
    assert_eq!(names(&receipt), [""; 0], "what belonged to the session goes silently");
    assert_eq!(world.session(&session.address).children, 0);
    world.ok_with(&[instruction::reclaim_session(session.address, &world.session(&session.address))], &[]);
    assert_eq!(world.program_accounts(), []);
}

#[test]
fn it_goes_in_parts_too() {
    let (world, session) = full();
    for (left, child) in (0..8).rev().zip(world.children(&session.address)) {
        world.ok_with(&[instruction::reclaim_children(session.address, &[child])], &[]);
        assert_eq!(world.session(&session.address).children, left);
    }
    world.ok_with(&[instruction::reclaim_children(session.address, &[])], &[]);
}

#[test]
fn nothing_goes_before_the_session_is_closed() {
    for status in &Status::ALL[..7] {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), *status);
        let reclaim = instruction::reclaim_children(session.address, &world.children(&session.address));
        world.refused(reclaim, &session.creator, SessionError::InvalidTransition);
    }
}

#[test]
fn a_session_waits_until_the_last_of_its_accounts_is_gone() {
    let (world, session) = full();
    let children = world.children(&session.address);
    world.ok_with(&[instruction::reclaim_children(session.address, &children[1..])], &[]);
    let reclaim = instruction::reclaim_session(session.address, &world.session(&session.address));
    world.refused(reclaim.clone(), &session.stranger, SessionError::ChildrenRemain);
    world.ok_with(&[instruction::reclaim_children(session.address, &children[..1]), reclaim], &[]);
}

#[test]
fn a_rent_goes_to_no_one_else() {
    let (world, session) = full();
    for (child, _) in world.children(&session.address) {
        let reclaim = instruction::reclaim_children(session.address, &[(child, session.stranger.address())]);
        world.refused(reclaim, &session.stranger, SessionError::WrongRentRecipient);
    }
}

#[test]
fn one_account_is_not_reclaimed_twice() {
    let (world, session) = full();
    let child = world.children(&session.address)[0];
    let twice = instruction::reclaim_children(session.address, &[child, child]);
    world.refused(twice, &session.stranger, SessionError::ChildNotFound);
    world.ok_with(&[instruction::reclaim_children(session.address, &[child])], &[]);
    let again = instruction::reclaim_children(session.address, &[child]);
    world.refused(again, &session.stranger, SessionError::ChildNotFound);
}

#[test]
fn what_belongs_to_another_session_is_refused() {
    let (world, session) = full();
    let other = TestSession::new(&world, "other", config(Settings::NONE));
    other.request(&world);
    let reclaim = instruction::reclaim_children(session.address, &world.children(&other.address));
    world.refused(reclaim, &session.stranger, SessionError::WrongSession);
}

#[test]
fn what_is_no_child_is_refused() {
    let (world, session) = full();
    let payer = session.payer.address();
    let vault = address::vault(&session.address);
    world.ledger.fund(vault, 1_000_000_000).unwrap();
    for account in [vault, session.stranger.address(), Address::new_from_array([3; 32])] {
        let reclaim = instruction::reclaim_children(session.address, &[(account, payer)]);
        world.refused(reclaim, &session.creator, SessionError::ChildNotFound);
    }
    let itself = instruction::reclaim_children(session.address, &[(session.address, payer)]);
    // Anchor's ConstraintDuplicateMutableAccount.
    world.fails(itself, &session.creator, InstructionError::Custom(2_040));
    // The same bytes under another owner.
    let (child, payer) = world.children(&session.address)[0];
    let mut forged = world.account(&child).unwrap();
    forged.owner = Address::new_from_array([5; 32]);
    let elsewhere = Address::new_from_array([6; 32]);
    world.put(elsewhere, forged);
    world.refused(instruction::reclaim_children(session.address, &[(elsewhere, payer)]), &session.creator, SessionError::ChildNotFound);
}

#[test]
fn an_account_without_its_payer_is_missed() {
    let (world, session) = full();
    let mut reclaim = instruction::reclaim_children(session.address, &world.children(&session.address));
    reclaim.accounts.pop();
    #[expect(deprecated, reason = "it is the error that Anchor gives, by the name that the runtime knows it by")]
    world.fails(reclaim, &session.stranger, InstructionError::NotEnoughAccountKeys);
}

#[test]
fn another_version_stays_for_a_program_that_knows_it() {
    let (world, session) = full();
    let child = world.children(&session.address)[0];
    world.forge_as::<sessions_client::core::state::Child>(&child.0, |child| child.header.version = 2);
    world.refused(instruction::reclaim_children(session.address, &[child]), &session.stranger, SessionError::UnsupportedVersion);
}

#[test]
fn what_was_left_of_a_session_that_is_gone_can_go() {
    // No transaction leaves anything: this shows that nothing would be stuck if one could.
    let (world, session) = full();
    let member = address::member(&session.address, &session.creator.address());
    let left = world.account(&member).unwrap();
    world.reclaim_children(&session.address);
    world.ok_with(&[instruction::reclaim_session(session.address, &world.session(&session.address))], &[]);
    world.put(member, left);
    let reclaim = instruction::reclaim_children(session.address, &[(member, session.payer.address())]);
    world.ok_with(&[reclaim], &[]);
    assert_eq!(world.account(&member), None);
}

#[test]
fn what_was_left_of_a_former_life_can_go_and_is_not_counted() {
    let (world, session) = full();
    let ana = Actor::named("ana");
    let member = address::member(&session.address, &ana.address());
    let left = world.account(&member).unwrap();
    world.reclaim_children(&session.address);
    world.ok_with(&[instruction::reclaim_session(session.address, &world.session(&session.address))], &[]);
    session.request(&world);
    world.put(member, left);
    let payer = world.member(&session.address, &ana).header.payer;
    world.ok_with(&[instruction::reclaim_children(session.address, &[(member, payer)])], &[]);
    assert_eq!(world.account(&member), None);
    assert_eq!(world.session(&session.address).children, 1);
}

#[test]
fn a_session_that_is_not_there_takes_nothing_from_another() {
    let (world, session) = full();
    let reclaim = instruction::reclaim_children(session.stranger.address(), &world.children(&session.address));
    world.refused(reclaim, &session.stranger, SessionError::WrongSession);
    // An account of the program that is no session is none either.
    let member = address::member(&session.address, &session.creator.address());
    let reclaim = instruction::reclaim_children(member, &world.children(&session.address)[1..]);
    assert!(world.send(&[reclaim], &[]).failure.is_some());
}
