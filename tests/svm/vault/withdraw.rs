//! `withdraw` of SOL; tokens are in [`super::tokens`].

use {
    super::*,
    sessions_client::core::{events::AnyEvent, state::session::vault::EVERYTHING},
    sessions_tests::world::names,
};

#[test]
fn the_authority_takes_out_what_it_likes_for_whom_it_likes() {
    let all = funded();
    let receipt = all.world.ok(all.withdraw(&all.session.creator, &all.shop, None, SOL), &all.session.creator);
    assert_eq!((all.world.balance(&all.shop.address()), all.world.balance(&all.vault())), (11 * SOL, SOL));
    let [AnyEvent::Withdrawn(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.recipient, event.amount), (all.shop.address(), SOL));
    all.world.ok(all.withdraw(&all.session.creator, &all.shop, None, EVERYTHING), &all.session.creator);
    assert_eq!(all.world.balance(&all.vault()), 0);
    all.world.refused(
        all.withdraw(&all.session.creator, &all.shop, None, EVERYTHING),
        &all.session.creator,
        SessionError::InsufficientVault,
    );
}

#[test]
fn nobody_else_does_while_the_session_goes_on() {
    let all = funded();
    for status in [Status::Active, Status::Paused, Status::Closing] {
        all.session.advance(&all.world, status);
        all.world.refused(all.withdraw(&all.ana, &all.ana, None, SOL), &all.ana, SessionError::PermissionDenied);
        all.world.refused(all.withdraw(&all.ana, &all.session.creator, None, SOL), &all.ana, SessionError::PermissionDenied);
    }
}

#[test]
fn nothing_blocks_the_authority_before_the_session_is_closed() {
    for status in &Status::ALL[..7] {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), *status);
        world.ledger.fund(address::vault(&session.address), SOL).unwrap();
        let withdrawal = instruction::Withdrawal {
            session: session.address,
            session_id: session.args.id,
            recipient: session.stranger.address(),
            tokens: None,
            amount: SOL,
        };
        assert_eq!(names(&world.ok(instruction::withdraw(session.creator.address(), withdrawal), &session.creator)), ["Withdrawn"]);
    }
    let all = funded();
    all.world.set_time(all.world.session(&all.session.address).hard_end + 1);
    all.world.ok(all.withdraw(&all.session.creator, &all.shop, None, SOL), &all.session.creator);
}

#[test]
fn of_a_closed_session_anyone_gives_all_of_it_to_the_creator() {
    let all = funded();
    all.session.close(&all.world);
    let (world, stranger) = (&all.world, &all.session.stranger);
    world.refused(all.withdraw(stranger, stranger, None, EVERYTHING), stranger, SessionError::WrongRentRecipient);
    world.refused(all.withdraw(&all.session.creator, stranger, None, 1), &all.session.creator, SessionError::WrongRentRecipient);
    let before = world.balance(&all.session.creator.address());
    // However little is asked for.
    world.ok(all.withdraw(stranger, &all.session.creator, None, 1), stranger);
    assert_eq!((world.balance(&all.vault()), world.balance(&all.session.creator.address())), (0, before + 2 * SOL));
}

#[test]
fn of_a_session_that_is_gone_anyone_gives_all_of_it_to_the_creator() {
    let all = funded();
    let (world, stranger) = (&all.world, &all.session.stranger);
    all.session.close(world);
    world.reclaim_children(&all.session.address);
    world.ok(all.session.step(world, sessions_client::core::rules::lifecycle::Transition::Reclaim, stranger), stranger);
    // What arrives later is not lost.
    world.ledger.fund(all.vault(), SOL).unwrap();
    world.refused(all.withdraw(stranger, stranger, None, EVERYTHING), stranger, SessionError::WrongRentRecipient);
    let before = world.balance(&all.session.creator.address());
    let receipt = world.ok(all.withdraw(stranger, &all.session.creator, None, 0), stranger);
    assert_eq!((world.balance(&all.vault()), world.balance(&all.session.creator.address())), (0, before + SOL));
    assert_eq!(receipt.events[0].header().revision, 0);
    world.refused(all.withdraw(stranger, &all.session.creator, None, EVERYTHING), stranger, SessionError::InsufficientVault);
}

#[test]
fn a_gone_sessions_id_has_to_be_its_own() {
    let all = funded();
    let (world, stranger) = (&all.world, &all.session.stranger);
    let withdrawal = instruction::Withdrawal {
        session: address::session(&all.session.creator.address(), &[1; 32]),
        session_id: [2; 32],
        recipient: all.session.creator.address(),
        tokens: None,
        amount: EVERYTHING,
    };
    world.refused(instruction::withdraw(stranger.address(), withdrawal), stranger, SessionError::WrongRentRecipient);
    // With its own id, another session's vault is still another's.
    let own = instruction::Withdrawal { session_id: [1; 32], ..withdrawal };
    let mut take = instruction::withdraw(stranger.address(), own);
    take.accounts[2].pubkey = all.vault();
    world.refused(take, stranger, SessionError::WrongSession);
}

#[test]
fn the_vault_ends_with_nothing_or_with_its_rent() {
    let all = funded();
    let (world, creator) = (&all.world, &all.session.creator);
    world.refused(all.withdraw(creator, &all.shop, None, 2 * SOL + 1), creator, SessionError::InsufficientVault);
    world.refused(all.withdraw(creator, &all.shop, None, 2 * SOL - 1), creator, SessionError::VaultBelowRent);
    world.ok(all.withdraw(creator, &all.shop, None, 2 * SOL - rent(world)), creator);
    invalid(world, all.withdraw(creator, &all.shop, None, 0), creator, "amount");
}

#[test]
fn the_recipient_is_not_the_vault() {
    let all = funded();
    let mut take = all.withdraw(&all.session.creator, &all.shop, None, SOL);
    take.accounts[3].pubkey = all.vault();
    all.world.refused(take, &all.session.creator, SessionError::AccountsMustDiffer);
}

#[test]
fn another_sessions_vault_gives_nothing() {
    let all = funded();
    let other = TestSession::new(&all.world, "other", config(Settings::NONE));
    other.request(&all.world);
    let mut take = all.withdraw(&all.session.creator, &all.shop, None, SOL);
    take.accounts[1].pubkey = other.address;
    all.world.refused(take, &all.session.creator, SessionError::WrongSession);
}
