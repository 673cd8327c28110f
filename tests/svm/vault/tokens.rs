//! Tokens in the vault: SPL Token and Token-2022.

use {
    super::*,
    sessions_client::core::{events::AnyEvent, state::session::vault::EVERYTHING},
    sessions_tests::tokens::{Extension, Minted},
};

/// A session whose vault holds a thousand of a mint, less what the mint's fee keeps, with accounts for the shop and the creator.
fn holding(mint: impl Fn(&World) -> Minted) -> (Funded, Minted) {
    let all = funded();
    let minted = mint(&all.world);
    for owner in [all.vault(), all.shop.address(), all.session.creator.address()] {
        all.world.give(&minted, &owner, 0);
    }
    let donor = all.world.actor("donor");
    all.world.give(&minted, &donor.address(), 1_000);
    all.world.ok(instruction::deposit(donor.address(), all.session.address, Some(minted.tokens), 1_000), &donor);
    (all, minted)
}

fn plain(world: &World) -> Minted {
    world.mint("usdc")
}

/// A hundredth of each transfer is kept, and no more than five.
fn with_fee(world: &World) -> Minted {
    world.mint_2022("fee", &[Extension::TransferFee(100, 5)])
}

#[test]
fn tokens_of_both_programs_go_in_and_out() {
    for mint in [plain, |world: &World| world.mint_2022("new", &[])] {
        let (all, minted) = holding(mint);
        let tokens = Some(minted.tokens);
        assert_eq!(all.world.vault_holds(&all.session.address, &minted.tokens), 1_000);
        all.world.refused(all.pay(tokens, 1), &all.ana, SessionError::AllowanceNotFound);
        all.world.ok(all.allow(tokens, allowing(300, &[all.shop.address()])), &all.session.creator);
        all.world.ok(all.pay(tokens, 300), &all.ana);
        all.world.refused(all.pay(tokens, 1), &all.ana, SessionError::AllowanceExceeded);
        assert_eq!(all.world.held(&minted.tokens.of(&all.shop.address())), 300);
        all.world.ok(all.withdraw(&all.session.creator, &all.shop, tokens, 200), &all.session.creator);
        assert_eq!(all.world.vault_holds(&all.session.address, &minted.tokens), 500);
        all.world.refused(
            all.withdraw(&all.session.creator, &all.shop, tokens, 501),
            &all.session.creator,
            SessionError::InsufficientVault,
        );
    }
}

#[test]
fn what_arrives_is_deposited_and_what_leaves_is_charged() {
    let (all, minted) = holding(with_fee);
    let tokens = Some(minted.tokens);
    assert_eq!(all.world.vault_holds(&all.session.address, &minted.tokens), 995);
    all.world.ok(all.allow(tokens, allowing(100, &[])), &all.session.creator);
    let receipt = all.world.ok(all.pay(tokens, 100), &all.ana);
    let [AnyEvent::AllowanceSpent(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.amount, event.mint), (100, minted.tokens.mint));
    assert_eq!(all.world.held(&minted.tokens.of(&all.shop.address())), 99);
    assert_eq!(all.world.allowance(&all.session.address, &all.ana, Some(minted.tokens.mint)).used.total, 100);
    all.world.refused(all.pay(tokens, 1), &all.ana, SessionError::AllowanceExceeded);
}

#[test]
fn a_deposit_tells_what_arrived() {
    let (all, minted) = holding(with_fee);
    let donor = all.world.actor("donor");
    all.world.give(&minted, &donor.address(), 200);
    let receipt = all.world.ok(instruction::deposit(donor.address(), all.session.address, Some(minted.tokens), 200), &donor);
    let [AnyEvent::Deposited(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.amount, event.mint), (198, minted.tokens.mint));
}

#[test]
fn mints_by_which_value_could_be_taken_are_refused() {
    for extension in [Extension::PermanentDelegate, Extension::TransferHook] {
        let all = funded();
        let minted = all.world.mint_2022("trap", &[extension]);
        let donor = all.world.actor("donor");
        all.world.give(&minted, &donor.address(), 1_000);
        all.world.give(&minted, &all.vault(), 0);
        let deposit = instruction::deposit(donor.address(), all.session.address, Some(minted.tokens), 1_000);
        all.world.refused(deposit, &donor, SessionError::UnsupportedMint);
        assert_eq!(all.world.vault_holds(&all.session.address, &minted.tokens), 0);
    }
    let all = funded();
    let minted = all.world.mint_2022("harmless", &[Extension::MintCloseAuthority, Extension::TransferFee(0, 0)]);
    let donor = all.world.actor("donor");
    all.world.give(&minted, &donor.address(), 1_000);
    all.world.give(&minted, &all.vault(), 0);
    all.world.ok(instruction::deposit(donor.address(), all.session.address, Some(minted.tokens), 1_000), &donor);
}

#[test]
fn an_allowance_of_one_mint_pays_no_other() {
    let (all, usdc) = holding(plain);
    let other = all.world.mint("other");
    for owner in [all.vault(), all.shop.address()] {
        all.world.give(&other, &owner, 10);
    }
    all.world.ok(all.allow(Some(usdc.tokens), allowing(100, &[])), &all.session.creator);
    let mut pay = all.pay(Some(other.tokens), 1);
    let member = address::member(&all.session.address, &all.ana.address());
    pay.accounts[3].pubkey = address::allowance(&member, &usdc.tokens.mint);
    all.world.refused(pay, &all.ana, SessionError::AllowanceNotFound);
    // Nor SOL.
    let mut pay = all.pay(None, 1);
    pay.accounts[3].pubkey = address::allowance(&member, &usdc.tokens.mint);
    all.world.refused(pay, &all.ana, SessionError::AllowanceNotFound);
}

#[test]
fn the_destinations_account_is_the_destinations() {
    let (all, usdc) = holding(plain);
    let thief = all.world.actor("thief");
    let stolen = all.world.give(&usdc, &thief.address(), 0);
    all.world.ok(all.allow(Some(usdc.tokens), allowing(100, &[all.shop.address()])), &all.session.creator);
    let mut pay = all.pay(Some(usdc.tokens), 1);
    pay.accounts[9].pubkey = stolen;
    all.world.refused(pay, &all.ana, SessionError::InvalidTokenAccount);
}

#[test]
fn each_token_account_has_to_be_what_it_stands_for() {
    let (all, usdc) = holding(plain);
    let other = all.world.mint("other");
    let wrong = all.world.give(&other, &all.shop.address(), 5);
    all.world.ok(all.allow(Some(usdc.tokens), allowing(100, &[])), &all.session.creator);
    let pay = all.pay(Some(usdc.tokens), 1);
    let (mint, source, target, program) = (6, 7, 8, 9);
    let cases = [
        (mint, usdc.tokens.of(&all.shop.address())),
        (source, wrong),
        (source, usdc.tokens.of(&all.shop.address())),
        (target, wrong),
        (target, usdc.tokens.mint),
        (program, sessions_tests::tokens::TOKEN_2022),
        (program, sessions_tests::tokens::MEMO),
    ];
    for (slot, account) in cases {
        let mut crossed = pay.clone();
        crossed.accounts[slot].pubkey = account;
        let receipt = all.world.send(&[crossed], &[&all.ana]);
        let error = receipt.failure.unwrap().session_error();
        let expected = [SessionError::InvalidTokenAccount, SessionError::AllowanceNotFound, SessionError::AccountsMustDiffer];
        assert!(expected.map(Some).contains(&error), "{slot}: {:#?}", receipt.logs);
    }
}

#[test]
fn an_allowance_of_sol_pays_no_tokens() {
    let (all, usdc) = holding(plain);
    all.world.ok(all.allow(None, allowing(100, &[])), &all.session.creator);
    let member = address::member(&all.session.address, &all.ana.address());
    let mut pay = all.pay(Some(usdc.tokens), 1);
    pay.accounts[3].pubkey = address::allowance(&member, &Address::default());
    all.world.refused(pay.clone(), &all.ana, SessionError::AllowanceNotFound);
    // Nor with the system program as the mint, whose address is what stands for SOL.
    pay.accounts[6].pubkey = Address::default();
    all.world.refused(pay, &all.ana, SessionError::InvalidTokenAccount);
}

#[test]
fn some_of_what_a_deposit_of_tokens_needs_is_not_enough() {
    let (all, usdc) = holding(plain);
    let donor = all.world.actor("donor");
    all.world.give(&usdc, &donor.address(), 10);
    let deposit = instruction::deposit(donor.address(), all.session.address, Some(usdc.tokens), 10);
    for slot in 4..=7 {
        let mut partial = deposit.clone();
        partial.accounts[slot].pubkey = address::PROGRAM;
        partial.accounts[slot].is_writable = false;
        all.world.refused(partial, &donor, SessionError::InvalidTokenAccount);
    }
}

#[test]
fn tokens_are_deposited_in_the_vaults_associated_account_alone() {
    let (all, usdc) = holding(plain);
    let donor = all.world.actor("donor");
    all.world.give(&usdc, &donor.address(), 10);
    let mut deposit = instruction::deposit(donor.address(), all.session.address, Some(usdc.tokens), 10);
    deposit.accounts[6].pubkey = all.world.give(&usdc, &all.shop.address(), 0);
    all.world.refused(deposit, &donor, SessionError::InvalidTokenAccount);
}

#[test]
fn a_closed_sessions_tokens_go_to_the_creator_and_their_account_is_closed() {
    let (all, usdc) = holding(plain);
    all.session.close(&all.world);
    let (stranger, creator) = (&all.session.stranger, &all.session.creator);
    all.world.ok(all.withdraw(stranger, creator, Some(usdc.tokens), EVERYTHING), stranger);
    assert_eq!(all.world.held(&usdc.tokens.of(&creator.address())), 1_000);
    assert_eq!(all.world.account(&usdc.tokens.of(&all.vault())), None);
}

#[test]
fn tokens_outlive_their_session_and_are_the_creators() {
    use sessions_client::core::rules::lifecycle::Transition;
    // The vault's account keeps fees back here, so it cannot be closed; what it holds is withdrawn all the same.
    let (all, minted) = holding(with_fee);
    let (stranger, creator) = (&all.session.stranger, &all.session.creator);
    all.session.close(&all.world);
    all.world.reclaim_children(&all.session.address);
    all.world.ok(all.session.step(&all.world, Transition::Reclaim, stranger), stranger);
    all.world.refused(all.withdraw(stranger, &all.shop, Some(minted.tokens), EVERYTHING), stranger, SessionError::WrongRentRecipient);
    all.world.ok(all.withdraw(stranger, creator, Some(minted.tokens), EVERYTHING), stranger);
    assert_eq!(all.world.vault_holds(&all.session.address, &minted.tokens), 0);
    assert_eq!(all.world.held(&minted.tokens.of(&creator.address())), 990);
}
