//! Accounts that are not what they should be, in every instruction.

use {
    sessions_client::core::{
        SessionError, SessionState,
        rules::{
            lifecycle::{Status, Transition, next},
            permissions::Settings,
        },
    },
    sessions_tests::{
        World,
        session::{TestSession, config},
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::error::InstructionError,
};

/// Every instruction on an existing session, each where it would succeed on the true account, with the session's account changed.
#[track_caller]
fn with_forged(change: impl Fn(&mut Account), expected: SessionError) {
    for transition in Transition::ALL {
        let (world, session) = ready(*transition);
        let step = session.step(&world, *transition, session.party(*transition));
        let mut account = world.account(&session.address).unwrap();
        change(&mut account);
        world.put(session.address, account);
        world.refused(step, session.party(*transition), expected);
    }
}

/// A world in which `transition` would succeed.
fn ready(transition: Transition) -> (World, TestSession) {
    let status = Status::ALL.iter().find(|status| next(**status, transition).is_some()).unwrap();
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), *status);
    match transition {
        Transition::Expire => world.set_time(world.session(&session.address).expires_at),
        Transition::Reclaim => world.reclaim_children(&session.address),
        _ => {}
    }
    (world, session)
}

#[test]
fn the_true_account_succeeds_everywhere() {
    for transition in Transition::ALL {
        let (world, session) = ready(*transition);
        let party = session.party(*transition);
        world.ok(session.step(&world, *transition, party), party);
    }
}

#[test]
fn the_right_layout_of_another_owner_is_no_session() {
    with_forged(|account| account.owner = Address::new_from_array([5; 32]), SessionError::SessionNotFound);
    with_forged(|account| account.owner = Address::default(), SessionError::SessionNotFound);
}

#[test]
fn another_discriminator_is_no_session() {
    with_forged(|account| account.data[0] ^= 1, SessionError::SessionNotFound);
    with_forged(|account| account.data[..8].fill(0), SessionError::SessionNotFound);
}

#[test]
fn an_account_cut_short_is_no_session() {
    with_forged(|account| account.data.truncate(SessionState::SIZE - 1), SessionError::SessionNotFound);
    with_forged(|account| account.data.truncate(8), SessionError::SessionNotFound);
    with_forged(|account| account.data.clear(), SessionError::SessionNotFound);
}

#[test]
fn another_version_is_refused_by_name() {
    const VERSION_AT: usize = 8 + core::mem::offset_of!(SessionState, header.version);
    with_forged(|account| account.data[VERSION_AT] = 2, SessionError::UnsupportedVersion);
    with_forged(|account| account.data[VERSION_AT] = 0, SessionError::UnsupportedVersion);
}

#[test]
fn a_status_that_has_no_name_is_refused() {
    const STATUS_AT: usize = 8 + core::mem::offset_of!(SessionState, status);
    with_forged(|account| account.data[STATUS_AT] = 8, SessionError::UnsupportedVersion);
}

#[test]
fn an_address_with_nothing_there_is_no_session() {
    for transition in Transition::ALL {
        let (world, session) = ready(*transition);
        let party = session.party(*transition);
        let mut step = session.step(&world, *transition, party);
        for nothing in [world.actor("a wallet").address(), Address::new_from_array([8; 32])] {
            step.accounts[TestSession::slot(*transition)].pubkey = nothing;
            world.refused(step.clone(), party, SessionError::SessionNotFound);
        }
    }
}

#[test]
fn an_account_at_an_address_of_its_own_is_still_ruled_by_its_own_authority() {
    // No transaction can make such an account: this shows what would hold if one could.
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let elsewhere = Address::new_from_array([9; 32]);
    world.put(elsewhere, world.account(&session.address).unwrap());
    let mut pause = session.step(&world, Transition::Pause, &session.stranger);
    pause.accounts[1].pubkey = elsewhere;
    world.refused(pause, &session.stranger, SessionError::PermissionDenied);
}

#[test]
fn another_session_of_the_same_creator_is_not_touched() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let other = TestSession::new(&world, "other", config(Settings::NONE));
    other.request(&world);
    let before = world.account(&other.address);
    for transition in [Transition::Pause, Transition::Resume, Transition::Update, Transition::Close, Transition::CompleteClose] {
        let party = session.party(transition);
        world.ok(session.step(&world, transition, party), party);
    }
    assert_eq!(world.account(&other.address), before);
}

#[test]
fn a_signature_is_needed_in_every_instruction_but_reclaim() {
    for transition in Transition::ALL.iter().filter(|transition| **transition != Transition::Reclaim) {
        let (world, session) = ready(*transition);
        let mut step = session.step(&world, *transition, session.party(*transition));
        step.accounts[0].is_signer = false;
        let receipt = world.send(&[step], &[]);
        let expected = sessions_client::failure::Failure::Instruction { instruction: 0, error: InstructionError::MissingRequiredSignature };
        assert_eq!(receipt.failure, Some(expected), "{transition:?}");
    }
}

#[test]
fn a_session_that_is_passed_read_only_is_refused() {
    for transition in Transition::ALL {
        let (world, session) = ready(*transition);
        let party = session.party(*transition);
        let mut step = session.step(&world, *transition, party);
        step.accounts[TestSession::slot(*transition)].is_writable = false;
        world.fails(step, party, InstructionError::Custom(2_000));
    }
}

#[test]
#[expect(deprecated, reason = "it is the error that Anchor gives, by the name that the runtime knows it by")]
fn accounts_that_are_left_out_are_missed() {
    for transition in Transition::ALL {
        let (world, session) = ready(*transition);
        let party = session.party(*transition);
        let mut step = session.step(&world, *transition, party);
        step.accounts.pop();
        world.fails(step, party, InstructionError::NotEnoughAccountKeys);
    }
}

#[test]
fn an_instruction_that_does_not_exist_is_refused() {
    let (world, session) = ready(Transition::Pause);
    let step = session.step(&world, Transition::Pause, &session.creator);
    for data in [vec![], vec![1], vec![0; 8], vec![255; 64]] {
        let unknown = solana_instruction::Instruction { data, ..step.clone() };
        world.fails(unknown, &session.creator, InstructionError::InvalidInstructionData);
    }
}
