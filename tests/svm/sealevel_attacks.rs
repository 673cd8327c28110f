//! The classic pitfalls of programs on Solana, by the names that the collection `sealevel-attacks` gives them, as far as an instruction of
//! today can fall into them. The tests beside this file cover the rest of each.

use {
    sessions_client::{
        address,
        core::{
            SessionError, SessionState,
            rules::{
                lifecycle::{Status, Transition},
                permissions::Settings,
            },
        },
        failure::Failure,
        instruction,
    },
    sessions_tests::{
        World,
        session::{TestSession, config},
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::error::InstructionError,
};

fn active() -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    (world, session)
}

#[test]
fn signer_authorization_an_authority_that_is_named_but_does_not_sign() {
    let (world, session) = active();
    let mut pause = session.step(&world, Transition::Pause, &session.creator);
    pause.accounts[0].is_signer = false;
    let receipt = world.send(&[pause], &[]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::MissingRequiredSignature }));
}

#[test]
fn account_data_matching_an_authority_of_another_session() {
    let (world, session) = active();
    let other = world.actor("other");
    let args = instruction::SessionArgs { host: other.address(), ..session.args };
    world.ok(instruction::open_session(other.address(), other.address(), args), &other);
    world.refused(session.step(&world, Transition::Pause, &other), &other, SessionError::PermissionDenied);
}

#[test]
fn owner_checks_a_session_written_by_another_program() {
    let (world, session) = active();
    let mut account = world.account(&session.address).unwrap();
    account.owner = Address::new_from_array([4; 32]);
    let forged = Address::new_from_array([6; 32]);
    world.put(forged, account);
    let mut pause = session.step(&world, Transition::Pause, &session.creator);
    pause.accounts[1].pubkey = forged;
    world.refused(pause, &session.creator, SessionError::SessionNotFound);
}

#[test]
fn type_cosplay_an_account_of_the_program_with_another_type() {
    let (world, session) = active();
    let mut account = world.account(&session.address).unwrap();
    // The discriminator that an account named Member has, or will have.
    account.data[..8].copy_from_slice(&anchor_lang::sha256(b"account:Member")[..8]);
    let member = Address::new_from_array([7; 32]);
    world.put(member, account);
    let mut pause = session.step(&world, Transition::Pause, &session.creator);
    pause.accounts[1].pubkey = member;
    let transaction = world.transaction(&[pause], &[&session.creator]);
    let receipt = pollster::block_on(sessions_client::Ledger::send(&world.ledger, transaction)).unwrap();
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::SessionNotFound }));
}

#[test]
fn initialization_a_session_is_not_initialized_twice() {
    let (world, session) = active();
    let before = world.account(&session.address);
    for build in [instruction::request_session, instruction::open_session] {
        let again = build(session.creator.address(), session.payer.address(), session.args);
        let receipt = world.send(&[again], &[&session.creator, &session.payer]);
        assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::SessionAlreadyExists }));
    }
    assert_eq!(world.account(&session.address), before);
}

#[test]
fn arbitrary_cpi_a_program_in_place_of_the_system_program() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let mut request = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
    request.accounts[4].pubkey = address::PROGRAM;
    let receipt = world.send(&[request], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::IncorrectProgramId }));
}

#[test]
fn duplicate_mutable_accounts_the_session_as_its_own_rent_recipient() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Closed);
    for slot in [1, 2, 3] {
        let mut reclaim = session.step(&world, Transition::Reclaim, &session.stranger);
        reclaim.accounts[slot].pubkey = session.address;
        // Anchor's ConstraintDuplicateMutableAccount.
        world.fails(reclaim, &session.stranger, InstructionError::Custom(2_040));
    }
}

#[test]
fn bump_seed_canonicalization_an_address_with_another_bump() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let creator = session.creator.address();
    let [seed, by, id] = SessionState::seeds(&creator, &session.args.id);
    let (canonical, bump) = Address::find_program_address(&[seed, by, id], &address::PROGRAM);
    let (other, _) = (0..bump)
        .rev()
        .find_map(|bump| Some((Address::create_program_address(&[seed, by, id, &[bump]], &address::PROGRAM).ok()?, bump)))
        .unwrap();
    assert_ne!(canonical, other);
    let mut request = instruction::request_session(creator, session.payer.address(), session.args);
    request.accounts[2].pubkey = other;
    let receipt = world.send(&[request], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::InvalidSeeds }));
}

#[test]
fn pda_sharing_the_vault_of_another_session() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Closed);
    let other = TestSession::new(&world, "other", config(Settings::NONE));
    other.request(&world);
    let vault = address::vault(&other.address);
    world.ledger.fund(vault, 1_000_000_000).unwrap();
    let mut reclaim = session.step(&world, Transition::Reclaim, &session.stranger);
    reclaim.accounts[3].pubkey = vault;
    world.fails(reclaim, &session.stranger, InstructionError::InvalidSeeds);
    assert_eq!(world.balance(&vault), 1_000_000_000);
}

#[test]
fn closing_accounts_nothing_is_left_to_revive() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Closed);
    world.reclaim_children(&session.address);
    let reclaim = session.step(&world, Transition::Reclaim, &session.stranger);
    world.ok(reclaim, &session.stranger);
    assert_eq!(world.account(&session.address), None);
    // Lamports alone, sent there later, are an empty wallet and no session.
    world.put(session.address, Account { lamports: 1_000_000_000, ..Account::default() });
    let complete = instruction::complete_close(session.host.address(), session.address);
    world.refused(complete, &session.host, SessionError::SessionNotFound);
}
