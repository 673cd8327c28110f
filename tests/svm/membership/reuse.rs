//! The same session id once more: nothing of its earlier life counts in the next.

use {
    super::{Deed, everyone, join, refused_in, remove, seats, staged},
    sessions_client::{
        address,
        core::{
            MemberState, SessionError,
            error::Denial,
            rules::{
                lifecycle::{Status, Transition},
                membership::{Role, Terms},
                permissions::Settings,
                quotas::Usage,
            },
            state::AccountHeader,
        },
        instruction,
    },
    sessions_tests::{World, session::TestSession},
    solana_account::Account,
    solana_address::Address,
};

/// Closes a session, reclaims all of it, and gives what belonged to it.
#[track_caller]
fn end(world: &World, session: &TestSession) -> Vec<(Address, Account)> {
    session.close(world);
    let leftovers = world.children(&session.address).into_iter().map(|(child, _)| (child, world.account(&child).unwrap())).collect();
    world.reclaim_children(&session.address);
    world.ok(session.step(world, Transition::Reclaim, &session.stranger), &session.stranger);
    assert_eq!(world.program_accounts(), []);
    leftovers
}

#[test]
fn an_invitation_ends_with_its_session() {
    let world = World::new();
    let session = TestSession::in_status(&world, seats(Settings::NONE), Status::Active);
    let guest = world.actor("guest");
    world.ok(session.invite(&session.creator, &guest, Terms::of(Role::Member)), &session.creator);
    let accept = session.accept(&world, &guest);
    let leftover = (accept.accounts[3].pubkey, world.account(&accept.accounts[3].pubkey).unwrap());
    let refused = |case, error: SessionError| refused_in(case, &world, &accept, &[&guest], error);

    session.close(&world);
    refused("closed", SessionError::SessionNotActive);
    world.reclaim_children(&session.address);
    refused("its children reclaimed", SessionError::InvitationNotFound);
    world.ok(session.step(&world, Transition::Reclaim, &session.stranger), &session.stranger);
    refused("reclaimed", SessionError::SessionNotFound);
    session.request(&world);
    session.advance(&world, Status::Active);
    refused("opened again", SessionError::InvitationNotFound);
    world.put(leftover.0, leftover.1);
    refused("with what no transaction leaves", SessionError::StaleEpoch);
}

#[test]
fn a_token_ends_with_its_session() {
    let world = World::new();
    let session = TestSession::in_status(&world, seats(Settings::NONE), Status::Active);
    let [token, wallet] = ["token", "wallet"].map(|name| world.actor(name));
    world.ok(session.tokenize(&session.creator, &token, 3), &session.creator);
    let enter = session.join_with(&world, &token, &wallet);
    let leftovers = end(&world, &session);
    let refused = |case, error: SessionError| refused_in(case, &world, &enter, &[&wallet, &token], error);
    refused("reclaimed", SessionError::SessionNotFound);
    session.request(&world);
    session.advance(&world, Status::Active);
    refused("opened again", SessionError::InvitationNotFound);
    let at = address::invite_token(&session.address, &token.address());
    world.put(at, leftovers.into_iter().find(|(address, _)| *address == at).unwrap().1);
    refused("with what no transaction leaves", SessionError::StaleEpoch);
}

#[test]
fn members_of_the_earlier_life_begin_anew() {
    let world = World::new();
    let session = TestSession::in_status(&world, seats(Settings::NONE), Status::Active);
    let [member, removed] = ["member", "removed"].map(|name| session.joined(&world, name));
    world.ok(session.say(&member, b"hello"), &member);
    remove(&world, &session, &removed);
    let earlier = world.member(&session.address, &member);
    end(&world, &session);
    session.request(&world);
    session.advance(&world, Status::Active);
    for wallet in [&member, &removed] {
        let leave = instruction::leave_session(wallet.address(), session.address);
        refused_in("not joined", &world, &leave, &[wallet], Denial::NotAMember);
        world.ok(join(&session, wallet), wallet);
    }
    let later = world.member(&session.address, &member);
    let mut expected = MemberState { usage: later.usage, starts_at: later.starts_at, last_active_at: 0, ..earlier };
    expected.header = AccountHeader { epoch: later.header.epoch, revision: 1, event_revision: 1, ..earlier.header };
    assert_eq!(later, expected);
    assert_eq!(later.usage, Usage::NONE);
    assert!(later.header.epoch > earlier.header.epoch);
}

#[test]
fn nothing_of_the_earlier_life_counts_in_any_place() {
    let world = World::new();
    let session = staged(&world, "test", Status::Active);
    let leftovers = end(&world, &session);
    let session = staged(&world, "test", Status::Active);
    for (address, account) in leftovers {
        world.put(address, account);
    }
    // A newcomer was not in the earlier life, and joins; everyone else comes with something that is of it.
    for deed in Deed::ALL.into_iter().filter(|deed| *deed != Deed::JoinSession) {
        let instruction = deed.instruction(&world, &session);
        refused_in(deed, &world, &instruction, &everyone(&world).each_ref(), SessionError::StaleEpoch);
    }
    let newcomer = world.actor("newcomer");
    world.ok(join(&session, &newcomer), &newcomer);
}
