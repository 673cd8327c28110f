//! `deposit` of SOL; tokens are in [`super::tokens`].

use {super::*, sessions_client::core::events::AnyEvent, sessions_tests::world::names};

#[test]
fn anyone_deposits_and_the_session_then_knows_its_vault() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Created);
    let (donor, vault) = (world.actor("donor"), address::vault(&session.address));
    assert_eq!(world.session(&session.address).vault, Address::default());
    let receipt = world.ok(instruction::deposit(donor.address(), session.address, None, SOL), &donor);
    assert_eq!(world.balance(&vault), SOL);
    assert_eq!(world.session(&session.address).vault, vault);
    let [AnyEvent::Deposited(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.depositor, event.mint, event.amount), (donor.address(), Address::default(), SOL));
    world.ok(instruction::deposit(donor.address(), session.address, None, 1), &donor);
    assert_eq!(world.balance(&vault), SOL + 1);
}

#[test]
fn nothing_is_no_deposit() {
    let all = funded();
    let donor = all.world.actor("donor");
    invalid(&all.world, instruction::deposit(donor.address(), all.session.address, None, 0), &donor, "amount");
}

#[test]
fn a_first_deposit_below_the_rent_minimum_is_refused_by_name() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let donor = world.actor("donor");
    world.refused(instruction::deposit(donor.address(), session.address, None, rent(&world) - 1), &donor, SessionError::VaultBelowRent);
    world.ok(instruction::deposit(donor.address(), session.address, None, rent(&world)), &donor);
}

#[test]
fn deposits_are_taken_from_created_to_active() {
    for status in Status::ALL {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), *status);
        let donor = world.actor("donor");
        let deposit = instruction::deposit(donor.address(), session.address, None, SOL);
        if matches!(status, Status::Created | Status::Activating | Status::Active) {
            assert_eq!(names(&world.ok(deposit, &donor)), ["Deposited"]);
        } else {
            world.refused(deposit, &donor, SessionError::SessionNotActive);
        }
    }
}

#[test]
fn a_session_whose_time_is_over_takes_nothing() {
    let all = funded();
    let donor = all.world.actor("donor");
    all.world.set_time(all.world.session(&all.session.address).expires_at);
    all.world.refused(instruction::deposit(donor.address(), all.session.address, None, SOL), &donor, SessionError::SessionExpired);
}

#[test]
fn another_sessions_vault_is_refused_known_or_not() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let donor = world.actor("donor");
    for _ in 0..2 {
        let mut deposit = instruction::deposit(donor.address(), session.address, None, SOL);
        deposit.accounts[2].pubkey = address::vault(&donor.address());
        world.refused(deposit, &donor, SessionError::WrongSession);
        world.ok(instruction::deposit(donor.address(), session.address, None, SOL), &donor);
    }
}

#[test]
fn one_who_has_too_little_deposits_nothing() {
    let all = funded();
    let poor = all.world.actor("donor");
    let receipt = all.world.send(&[instruction::deposit(poor.address(), all.session.address, None, 100 * SOL)], &[&poor]);
    assert!(receipt.failure.is_some());
    assert_eq!(all.world.balance(&all.vault()), 2 * SOL);
}
