//! `set_allowance`.

use {
    super::*,
    sessions_client::core::{
        AllowanceState,
        rules::quotas::{Quota, Used},
        state::AccountHeader,
    },
};

fn windowed(limit: u64, window_limit: u64) -> AllowanceTerms {
    AllowanceTerms { quota: Quota { limit, window_limit, window_seconds: 60 }, ..allowing(limit, &[]) }
}

#[test]
fn the_authority_sets_what_a_member_may_take() {
    let all = funded().allowed(windowed(SOL, SOL / 2));
    let allowance = all.world.allowance(&all.session.address, &all.ana, None);
    assert_eq!((allowance.terms, allowance.used), (windowed(SOL, SOL / 2), Used::NONE));
    assert_eq!(allowance.join_revision, all.world.member(&all.session.address, &all.ana).join_revision);
    assert_eq!(allowance.header.revision, 1);
}

#[test]
fn nobody_but_the_authority_sets_an_allowance() {
    let all = funded();
    let mut set = all.allow(None, allowing(SOL, &[]));
    (set.accounts[0].pubkey, set.accounts[1].pubkey) = (all.ana.address(), all.ana.address());
    all.world.refused(set, &all.ana, SessionError::PermissionDenied);
}

#[test]
fn the_authoritys_session_key_sets_none() {
    let all = funded();
    let (creator, key) = (&all.session.creator, all.world.actor("key"));
    all.world.ok(all.session.set_key(creator, &key), creator);
    let mut set = all.allow(None, allowing(SOL, &[]));
    (set.accounts[0].pubkey, set.accounts[1].pubkey) = (key.address(), key.address());
    all.world.refused(set, &key, SessionError::PermissionDenied);
}

#[test]
fn only_an_active_member_gets_one() {
    let all = funded();
    all.world.ok(instruction::leave_session(all.ana.address(), all.session.address), &all.ana);
    all.world.refused(all.allow(None, allowing(SOL, &[])), &all.session.creator, SessionError::MemberNotActive);
}

#[test]
fn terms_out_of_range_are_refused_by_name() {
    let all = funded();
    let sound = allowing(SOL, &[all.shop.address()]);
    let cases = [
        (AllowanceTerms { quota: Quota { window_limit: 5, ..sound.quota }, ..sound }, "quota"),
        (AllowanceTerms { destination_count: 5, ..sound }, "destinations"),
        (AllowanceTerms { destination_count: 2, ..sound }, "destinations"),
        (AllowanceTerms { destination_count: 0, ..sound }, "destinations"),
        (AllowanceTerms { reserved: [1; 7], ..sound }, "reserved"),
    ];
    for (terms, field) in cases {
        invalid(&all.world, all.allow(None, terms), &all.session.creator, field);
    }
}

#[test]
fn it_is_given_from_created_to_active_and_lowered_until_the_session_is_closed() {
    for status in Status::ALL {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), *status);
        let creator = session.creator.address();
        let set = |limit| instruction::set_allowance(creator, creator, session.address, creator, None, allowing(limit, &[]));
        if matches!(status, Status::Created | Status::Activating | Status::Active) {
            world.ok(set(SOL), &session.creator);
        } else {
            world.refused(set(SOL), &session.creator, SessionError::SessionNotActive);
        }
    }
    let all = funded().allowed(allowing(SOL, &[]));
    for status in [Status::Paused, Status::Closing] {
        all.session.advance(&all.world, status);
        all.world.refused(all.allow(None, allowing(2 * SOL, &[])), &all.session.creator, SessionError::SessionNotActive);
        let lower = all.world.allowance(&all.session.address, &all.ana, None).terms.quota.limit / 2;
        all.world.ok(all.allow(None, allowing(lower, &[])), &all.session.creator);
    }
    all.session.advance(&all.world, Status::Closed);
    all.world.refused(all.allow(None, allowing(0, &[])), &all.session.creator, SessionError::SessionNotActive);
}

#[test]
fn an_expired_session_lowers_and_raises_nothing() {
    let all = funded().allowed(allowing(SOL, &[]));
    all.world.set_time(all.world.session(&all.session.address).expires_at);
    all.world.refused(all.allow(None, allowing(2 * SOL, &[])), &all.session.creator, SessionError::SessionExpired);
    all.world.ok(all.allow(None, allowing(0, &[])), &all.session.creator);
}

#[test]
fn a_limit_below_what_was_used_stands_at_it() {
    let all = funded().allowed(allowing(SOL, &[]));
    all.world.ok(all.pay(None, SOL / 2), &all.ana);
    all.world.ok(all.allow(None, allowing(0, &[])), &all.session.creator);
    let allowance = all.world.allowance(&all.session.address, &all.ana, None);
    assert_eq!((allowance.terms.quota.limit, allowance.used.total), (SOL / 2, SOL / 2));
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
}

#[test]
fn one_who_came_back_has_to_be_allowed_anew_and_what_was_used_stays_used() {
    let all = funded().allowed(allowing(SOL, &[]));
    let (world, at) = (&all.world, all.session.address);
    world.ok(all.pay(None, SOL / 2), &all.ana);
    world.ok(instruction::leave_session(all.ana.address(), at), &all.ana);
    // Lowered while she is away, it is still the allowance of before.
    world.ok(all.allow(None, allowing(SOL - 1, &[])), &all.session.creator);
    let args = instruction::InviteMemberArgs { member: all.ana.address(), terms: Terms::of(Role::Owner), ttl: 0, reserved: 0 };
    let creator = all.session.creator.address();
    world.ok(instruction::invite_member(creator, creator, at, args), &all.session.creator);
    world.ok(all.session.accept(world, &all.ana), &all.ana);
    let receipt = world.refused(all.pay(None, 1), &all.ana, SessionError::PermissionDenied);
    assert!(receipt.logs.iter().any(|line| line.contains("the allowance was set before the member left the session")));
    // The same terms again are a new allowance, from what was used on.
    world.ok(all.allow(None, allowing(SOL - 1, &[])), &all.session.creator);
    world.refused(all.pay(None, SOL / 2), &all.ana, SessionError::AllowanceExceeded);
    world.ok(all.pay(None, SOL / 2 - 1), &all.ana);
}

#[test]
fn another_members_allowance_is_not_changed_in_its_place() {
    let all = funded().allowed(allowing(SOL, &[]));
    let ben = all.session.joined(&all.world, "ben");
    let mut set = all.allow(None, allowing(2 * SOL, &[]));
    set.accounts[3].pubkey = address::member(&all.session.address, &ben.address());
    all.world.refused(set, &all.session.creator, SessionError::AllowanceNotFound);
}

#[test]
fn an_allowance_of_a_former_life_is_stale() {
    let all = funded().allowed(allowing(SOL, &[]));
    let account = address::allowance(&address::member(&all.session.address, &all.ana.address()), &Address::default());
    all.world.forge_as::<AllowanceState>(&account, |state| state.header.epoch -= 1);
    all.world.refused(all.allow(None, allowing(2 * SOL, &[])), &all.session.creator, SessionError::StaleEpoch);
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::StaleEpoch);
}

#[test]
fn an_allowance_of_another_version_is_refused() {
    let all = funded().allowed(allowing(SOL, &[]));
    let account = address::allowance(&address::member(&all.session.address, &all.ana.address()), &Address::default());
    all.world.forge_as::<AccountHeader>(&account, |header| header.version = 2);
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::UnsupportedVersion);
}

#[test]
fn an_allowance_is_reclaimed_with_its_session() {
    let all = funded().allowed(allowing(SOL, &[]));
    all.session.close(&all.world);
    all.world.reclaim_children(&all.session.address);
    assert_eq!(all.world.children(&all.session.address), []);
}

#[test]
fn a_window_that_is_closed_stays_closed_in_later_windows() {
    let terms = |window_limit| AllowanceTerms {
        quota: Quota { limit: u64::MAX, window_limit, window_seconds: 60 },
        per_call: SOL,
        ..allowing(0, &[])
    };
    let all = funded().allowed(terms(SOL));
    let start = all.world.session(&all.session.address).activated_at;
    all.world.ok(all.pay(None, SOL / 2), &all.ana);
    all.world.ok(all.allow(None, terms(0)), &all.session.creator);
    for window in 0..3 {
        all.world.set_time(start + 60 * window);
        all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
    }
    // Lowered to less than was used, a window is used up, and the next has the new limit.
    all.world.ok(all.allow(None, terms(SOL / 2)), &all.session.creator);
    all.world.ok(all.pay(None, SOL / 2), &all.ana);
    all.world.ok(all.allow(None, terms(SOL / 8)), &all.session.creator);
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
    all.world.set_time(start + 180);
    all.world.ok(all.pay(None, SOL / 8), &all.ana);
    all.world.refused(all.pay(None, 1), &all.ana, SessionError::AllowanceExceeded);
}

#[test]
fn an_address_that_has_lamports_already_can_be_made() {
    let all = funded();
    let member = address::member(&all.session.address, &all.ana.address());
    all.world.ledger.fund(address::allowance(&member, &Address::default()), 1_000).unwrap();
    all.world.ok(all.allow(None, allowing(SOL, &[])), &all.session.creator);
}
