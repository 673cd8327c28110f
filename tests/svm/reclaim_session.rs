//! `reclaim_session`: what is left of a closed session goes back to whom it belongs, and nothing of it comes back.

use {
    sessions_client::{
        address,
        core::{
            SessionError,
            events::AnyEvent,
            rules::{
                lifecycle::{Status, Transition},
                permissions::Settings,
            },
        },
        failure::Failure,
        instruction,
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
        world::{SOL, names},
    },
    solana_instruction::error::InstructionError,
};

/// A closed session that nothing belongs to any more.
fn closed() -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Closed);
    world.reclaim_children(&session.address);
    (world, session)
}

#[track_caller]
fn reclaim(world: &World, session: &TestSession) -> AnyEvent {
    let receipt = world.ok(session.step(world, Transition::Reclaim, &session.stranger), &session.stranger);
    assert_eq!(names(&receipt), ["SessionDeleted"]);
    receipt.events[0]
}

#[test]
fn the_rent_goes_to_the_recorded_payer() {
    let (world, session) = closed();
    let [payer, creator, stranger] = [&session.payer, &session.creator, &session.stranger].map(|actor| world.balance(&actor.address()));
    let rent = world.balance(&session.address);
    let epoch = world.session(&session.address).header.epoch;
    let AnyEvent::SessionDeleted(event) = reclaim(&world, &session) else { panic!() };
    assert_eq!(event.epoch, epoch);
    assert_eq!(world.account(&session.address), None);
    assert_eq!(world.balance(&session.payer.address()), payer + rent);
    assert_eq!((world.balance(&session.creator.address()), world.balance(&session.stranger.address())), (creator, stranger));
}

#[test]
fn lamports_sent_to_the_session_go_with_the_rent() {
    let (world, session) = closed();
    world.ledger.fund(session.address, SOL).unwrap();
    let (payer, balance) = (world.balance(&session.payer.address()), world.balance(&session.address));
    reclaim(&world, &session);
    assert_eq!(world.balance(&session.payer.address()), payer + balance);
}

#[test]
fn the_vaults_lamports_go_to_the_creator() {
    let (world, session) = closed();
    let vault = address::vault(&session.address);
    for lamports in [1, 3 * SOL] {
        world.ledger.fund(vault, lamports).unwrap();
    }
    let creator = world.balance(&session.creator.address());
    reclaim(&world, &session);
    assert_eq!(world.account(&vault), None);
    assert_eq!(world.balance(&session.creator.address()), creator + 3 * SOL + 1);
}

#[test]
fn a_creator_who_paid_gets_both() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let gm = session.creator.address();
    world.ok(instruction::request_session(gm, gm, session.args), &session.creator);
    session.advance(&world, Status::Closed);
    world.reclaim_children(&session.address);
    world.ledger.fund(address::vault(&session.address), SOL).unwrap();
    let (before, rent) = (world.balance(&gm), world.balance(&session.address));
    reclaim(&world, &session);
    assert_eq!(world.balance(&gm), before + rent + SOL);
}

#[test]
fn another_recipient_is_refused() {
    let (world, session) = closed();
    world.ledger.fund(address::vault(&session.address), SOL).unwrap();
    for slot in [1, 2] {
        let mut reclaim = session.step(&world, Transition::Reclaim, &session.stranger);
        reclaim.accounts[slot].pubkey = session.stranger.address();
        world.refused(reclaim, &session.stranger, SessionError::WrongRentRecipient);
    }
}

#[test]
fn another_vault_is_refused() {
    let (world, session) = closed();
    let other = TestSession::new(&world, "other", config(Settings::NONE));
    other.request(&world);
    for wrong in [address::vault(&other.address), session.stranger.address()] {
        let mut reclaim = session.step(&world, Transition::Reclaim, &session.stranger);
        reclaim.accounts[3].pubkey = wrong;
        world.fails(reclaim, &session.stranger, InstructionError::InvalidSeeds);
    }
}

#[test]
fn children_are_reclaimed_first() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Closed);
    let step = session.step(&world, Transition::Reclaim, &session.stranger);
    world.refused(step, &session.stranger, SessionError::ChildrenRemain);
}

#[test]
fn a_session_is_not_deleted_in_the_slot_of_its_request() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let (creator, payer) = (session.creator.address(), session.payer.address());
    let request = instruction::request_session(creator, payer, session.args);
    let abort = instruction::abort_session(creator, session.address, 0);
    let children = [(address::member(&session.address, &creator), payer)];
    let empty = instruction::reclaim_children(session.address, &children);
    world.ok_with(&[request, abort, empty], &[&session.creator, &session.payer]);

    let reclaim = || session.step(&world, Transition::Reclaim, &session.stranger);
    let receipt = world.send_in_slot(&[reclaim()], &[&session.stranger]);
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::SessionTooNew }));
    world.ok(reclaim(), &session.stranger);
    assert_eq!(world.account(&session.address), None);
}

#[test]
fn the_same_id_again_is_another_life() {
    let (world, session) = closed();
    let first = world.session(&session.address);
    reclaim(&world, &session);
    session.request(&world);
    let second = world.session(&session.address);
    assert!(second.header.epoch > first.header.epoch);
    assert_eq!((second.header.revision, second.status(), second.close_reason), (1, Ok(Status::Requested), 0));
    session.advance(&world, Status::Closed);
    world.reclaim_children(&session.address);
    reclaim(&world, &session);
    assert_eq!(world.program_accounts(), []);
}

#[test]
fn a_deleted_session_is_not_revived_within_its_transaction() {
    let (world, session) = closed();
    let rescuer = world.actor("rescuer");
    let rent = world.balance(&session.address);
    let reclaim = session.step(&world, Transition::Reclaim, &session.stranger);
    let again = reclaim.clone();
    let refund = transfer(&rescuer, &session, rent);
    let receipt = world.send(&[reclaim.clone(), refund.clone(), again], &[&session.stranger, &rescuer]);
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 2, error: SessionError::SessionNotFound }));

    world.ok_with(&[reclaim, refund], &[&session.stranger, &rescuer]);
    let left = world.account(&session.address).unwrap();
    assert_eq!((left.data.len(), left.owner), (0, solana_address::Address::default()), "what is left is an empty wallet");
    let pause = instruction::pause_session(session.creator.address(), session.address);
    world.refused(pause, &session.creator, SessionError::SessionNotFound);
}

/// A plain transfer of lamports to the session's address.
fn transfer(from: &Actor, session: &TestSession, lamports: u64) -> solana_instruction::Instruction {
    use solana_instruction::AccountMeta;
    let accounts = vec![AccountMeta::new(from.address(), true), AccountMeta::new(session.address, false)];
    let data = [&2_u32.to_le_bytes()[..], &lamports.to_le_bytes()].concat();
    solana_instruction::Instruction { program_id: solana_address::Address::default(), accounts, data }
}
