//! `spend` of SOL; tokens are in [`super::tokens`].

use {
    super::*,
    sessions_client::core::{
        events::AnyEvent,
        rules::quotas::{Quota, Quotas},
    },
    sessions_tests::world::names,
};

#[test]
fn a_member_pays_any_wallet_from_its_allowance() {
    let all = funded().allowed(allowing(SOL, &[]));
    let receipt = all.world.ok(all.pay(None, SOL / 4), &all.ana);
    assert_eq!((all.world.balance(&all.shop.address()), all.world.balance(&all.vault())), (10 * SOL + SOL / 4, 7 * SOL / 4));
    let [AnyEvent::AllowanceSpent(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.mint, event.destination, event.amount), (Address::default(), all.shop.address(), SOL / 4));
    let member = all.world.member(&all.session.address, &all.ana);
    assert_eq!((member.usage.operations.total, member.last_active_at), (1, all.world.now()));
}

#[test]
fn without_an_allowance_nothing_leaves_the_vault() {
    let all = funded();
    all.world.ok(
        instruction::set_allowance(
            all.session.creator.address(),
            all.session.creator.address(),
            all.session.address,
            all.session.creator.address(),
            None,
            allowing(SOL, &[]),
        ),
        &all.session.creator,
    );
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceNotFound);
    // Nor with somebody else's.
    let mut pay = all.pay(None, 1);
    pay.accounts[3].pubkey =
        address::allowance(&address::member(&all.session.address, &all.session.creator.address()), &Address::default());
    all.world.refused(pay, &all.ana, SessionError::AllowanceNotFound);
}

#[test]
fn an_allowance_is_used_up_to_its_limits_and_not_beyond() {
    let all = funded().allowed(AllowanceTerms { per_call: SOL / 2, ..allowing(SOL, &[]) });
    all.world.refused(all.pay(None, SOL / 2 + 1), &all.ana, SessionError::AllowanceExceeded);
    all.world.ok(all.pay(None, SOL / 2), &all.ana);
    all.world.ok(all.pay(None, SOL / 2 - 1), &all.ana);
    all.world.refused(all.pay(None, 2), &all.ana, SessionError::AllowanceExceeded);
    all.world.ok(all.pay(None, 1), &all.ana);
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
    assert_eq!(all.world.allowance(&all.session.address, &all.ana, None).used.total, SOL);
}

#[test]
fn a_window_rolls_over_at_its_second() {
    let quota = Quota { limit: u64::MAX, window_limit: 100, window_seconds: 60 };
    let all = funded().allowed(AllowanceTerms { quota, ..allowing(SOL, &[]) });
    let activated = all.world.session(&all.session.address).activated_at;
    all.world.set_time(activated + 119);
    all.world.ok(all.pay(None, 100), &all.ana);
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
    all.world.set_time(activated + 120);
    all.world.ok(all.pay(None, 100), &all.ana);
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
}

#[test]
fn a_limit_of_zero_allows_nothing_and_an_unlimited_one_everything() {
    let all = funded().allowed(allowing(0, &[]));
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
    all.world.ok(all.allow(None, allowing(u64::MAX, &[])), &all.session.creator);
    all.world.ok(all.pay(None, 2 * SOL), &all.ana);
    assert_eq!(all.world.balance(&all.vault()), 0);
}

#[test]
fn only_a_listed_destination_is_paid() {
    let world = funded();
    let listed = [world.world.actor("one").address(), world.shop.address()];
    let all = world.allowed(allowing(SOL, &listed));
    all.world.ok(all.pay(None, 1), &all.ana);
    let thief = all.world.actor("thief");
    let acting = Acting::wallet(all.session.address, all.ana.address());
    let steal = instruction::spend(acting, thief.address(), None, 1);
    violates(&all.world, steal, &all.ana, "the allowance does not list this destination");
}

#[test]
fn nothing_is_no_payment() {
    let all = funded().allowed(allowing(SOL, &[]));
    invalid(&all.world, all.pay(None, 0), &all.ana, "amount");
}

#[test]
fn the_vault_ends_with_nothing_or_with_its_rent() {
    let all = funded().allowed(allowing(u64::MAX, &[]));
    all.world.refused(all.pay(None, 2 * SOL + 1), &all.ana, SessionError::InsufficientVault);
    all.world.refused(all.pay(None, 2 * SOL - 1), &all.ana, SessionError::VaultBelowRent);
    all.world.refused(all.pay(None, 2 * SOL - rent(&all.world) + 1), &all.ana, SessionError::VaultBelowRent);
    all.world.ok(all.pay(None, 2 * SOL - rent(&all.world)), &all.ana);
    all.world.ok(all.pay(None, rent(&all.world)), &all.ana);
    assert_eq!(all.world.account(&all.vault()), None);
}

#[test]
fn a_destination_is_not_the_vault() {
    let all = funded().allowed(allowing(SOL, &[]));
    let acting = Acting::wallet(all.session.address, all.ana.address());
    let round = instruction::spend(acting, all.vault(), None, 1);
    all.world.refused(round, &all.ana, SessionError::AccountsMustDiffer);
}

#[test]
fn another_sessions_vault_pays_nothing() {
    let all = funded().allowed(allowing(SOL, &[]));
    let other = TestSession::new(&all.world, "other", config(Settings::NONE));
    other.request(&all.world);
    other.advance(&all.world, Status::Active);
    let donor = all.world.actor("donor");
    all.world.ok(instruction::deposit(donor.address(), other.address, None, SOL), &donor);
    let mut pay = all.pay(None, 1);
    pay.accounts[4].pubkey = address::vault(&other.address);
    all.world.refused(pay, &all.ana, SessionError::WrongSession);
}

#[test]
fn a_session_key_with_spend_pays_and_one_without_does_not() {
    use sessions_client::core::rules::permissions::Permissions;
    let all = funded().allowed(allowing(SOL, &[]));
    let key = all.world.actor("key");
    for (permissions, pays) in [(Permissions::SPEND, true), (Permissions::EXECUTE_FUNCTIONS, false)] {
        let args = instruction::SetSessionKeyArgs { key: key.address(), permissions: permissions.bits(), ttl: 60 };
        all.world.ok(instruction::set_session_key(all.ana.address(), all.session.address, args), &all.ana);
        let acting = Acting::key(all.session.address, all.ana.address(), key.address());
        let pay = instruction::spend(acting, all.shop.address(), None, 1);
        if pays {
            all.world.ok(pay, &key)
        } else {
            all.world.refused(pay, &key, SessionError::PermissionDenied)
        };
    }
}

#[test]
fn a_session_with_shared_limits_counts_and_has_to_be_writable() {
    let world = World::new();
    let quotas = Quotas { operations: Quota { limit: 1, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
    let mut shared = config(Settings::NONE);
    shared.quotas = quotas;
    let session = TestSession::in_status(&world, shared, Status::Active);
    let ana = session.creator.clone();
    let by = ana.address();
    world.ok(instruction::deposit(by, session.address, None, SOL), &ana);
    world.ok(instruction::set_allowance(by, by, session.address, by, None, allowing(SOL, &[])), &ana);
    let shop = world.actor("shop").address();
    world.refused(instruction::spend(Acting::wallet(session.address, by), shop, None, 1), &ana, SessionError::SessionReadOnly);
    let shared = Acting::wallet(session.address, by).sharing();
    assert_eq!(names(&world.ok(instruction::spend(shared, shop, None, 1), &ana)), ["AllowanceSpent"]);
    let state = world.session(&session.address);
    assert_eq!((state.usage.operations.total, state.last_active_at), (1, world.now()));
    world.refused(instruction::spend(shared, shop, None, 1), &ana, SessionError::QuotaExceeded);
}
