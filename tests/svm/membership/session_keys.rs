//! Session keys: how long they live, what they can do, and what they never can.

use {
    super::{
        Deed, NOTHING, Why, active, all_but, end_in, everyone, join, leave, narrow, permit, refused, refused_in, remove, staged, update,
    },
    sessions_client::{
        core::{
            SessionError,
            error::Denial,
            rules::{
                lifecycle::{Status, Transition},
                membership::{MemberChanges, OF_ROLE, Role, Terms},
                permissions::Permissions,
                quotas::{Quota, Quotas},
            },
        },
        instruction::{self, SetPropertyArgs, SetSessionKeyArgs},
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_instruction::Instruction,
};

/// An active session with a member and its key, for a minute and with all that the member may.
fn keyed() -> (World, TestSession, [Actor; 2]) {
    let (world, session) = active();
    let (member, key) = (session.joined(&world, "member"), world.actor("key"));
    world.ok(session.set_key(&member, &key), &member);
    (world, session, [member, key])
}

/// `key` says something for `member`.
fn say(session: &TestSession, member: &Actor, key: &Actor) -> Instruction {
    instruction::broadcast_message(key.address(), session.address, member.address(), b"hello")
}

/// `key` writes a property for `member`, and pays for it.
fn set(session: &TestSession, member: &Actor, key: &Actor) -> Instruction {
    let args = SetPropertyArgs { expected_version: 0, capacity: 8, key: b"a", value: b"1" };
    instruction::set_property(key.address(), key.address(), session.address, member.address(), args)
}

/// A key is refused whatever it does for its member.
#[track_caller]
fn powerless(world: &World, session: &TestSession, [member, key]: &[Actor; 2], denial: Denial) {
    for act in [say(session, member, key), set(session, member, key)] {
        refused(world, &act, &[key], denial);
    }
}

#[test]
fn a_key_never_decides_about_membership() {
    // Everyone is a member and has a key, so that it is the key alone that stands in the way.
    for deed in Deed::ALL {
        let world = World::new();
        let session = staged(&world, "test", Status::Active);
        let key = world.actor("key");
        for name in ["guest", "newcomer"] {
            session.joined(&world, name);
        }
        let mut instruction = deed.instruction(&world, &session);
        let wallet = everyone(&world).into_iter().find(|actor| actor.address() == instruction.accounts[0].pubkey).unwrap();
        world.ok(session.set_key(&wallet, &key), &wallet);
        instruction.accounts[0].pubkey = key.address();
        let expected: Why = match deed {
            Deed::RevokeInvitation | Deed::RevokeToken => SessionError::PermissionDenied.into(),
            Deed::UpdateMember | Deed::ProposeAuthority | Deed::AcceptAuthority => SessionError::PermissionDenied.into(),
            Deed::AcceptInvitation | Deed::DeclineInvitation => SessionError::InvitationNotForSigner.into(),
            _ => Denial::NotTheWallet.into(),
        };
        refused_in(deed, &world, &instruction, &[&key, &session.payer, &world.actor("token")], expected);
    }
}

#[test]
fn a_key_never_leads_the_session() {
    let (world, session) = active();
    let key = world.actor("key");
    world.ok(session.set_key(&session.creator, &key), &session.creator);
    for transition in [Transition::Pause, Transition::Update, Transition::Close] {
        refused_in(transition, &world, &session.step(&world, transition, &key), &[&key], SessionError::PermissionDenied);
    }
}

#[test]
fn a_key_acts_for_its_member_and_for_nobody_else() {
    let (world, session, [member, key]) = keyed();
    let other = session.joined(&world, "other");
    refused(&world, &say(&session, &other, &key), &[&key], Denial::NotThisMember);
    refused(&world, &say(&session, &member, &other), &[&other], Denial::NotThisMember);
    refused(&world, &say(&session, &key, &key), &[&key], Denial::NotAMember);
    world.ok(say(&session, &member, &key), &key);
    world.ok(set(&session, &member, &key), &key);
    assert_eq!(world.member(&session.address, &member).usage.operations.total, 2);
}

#[test]
fn a_key_lives_until_its_last_second_and_no_longer() {
    let (world, session, cast) = keyed();
    let end = world.member(&session.address, &cast[0]).key_expires_at;
    for now in [end, end + 1] {
        world.set_time(now);
        powerless(&world, &session, &cast, Denial::KeyExpired);
    }
    world.set_time(end - 1);
    world.ok(say(&session, &cast[0], &cast[1]), &cast[1]);
    world.set_time(end);
    world.ok(session.say(&cast[0], b"the wallet goes on"), &cast[0]);
}

#[test]
fn a_key_ends_when_it_is_cleared_or_replaced() {
    let (world, session, cast) = keyed();
    let other = world.actor("other key");
    world.ok(session.set_key(&cast[0], &other), &cast[0]);
    powerless(&world, &session, &cast, Denial::NotThisMember);
    world.ok(say(&session, &cast[0], &other), &other);
    world.ok(instruction::clear_session_key(cast[0].address(), session.address), &cast[0]);
    powerless(&world, &session, &[Actor::named("member"), other], Denial::NotThisMember);
}

#[test]
fn a_key_ends_with_the_membership_and_does_not_come_back_with_it() {
    let undo: [fn(&World, &TestSession, &Actor); 2] = [leave, remove];
    for (undo, alone) in undo.into_iter().zip([true, false]) {
        let (world, session, cast) = keyed();
        undo(&world, &session, &cast[0]);
        powerless(&world, &session, &cast, Denial::NotThisMember);
        if alone {
            world.ok(join(&session, &cast[0]), &cast[0]);
        } else {
            world.ok(session.invite(&session.creator, &cast[0], Terms::of(Role::Member)), &session.creator);
            world.ok(session.accept(&world, &cast[0]), &cast[0]);
        }
        powerless(&world, &session, &cast, Denial::NotThisMember);
    }
}

#[test]
fn a_key_does_not_outlast_its_members_time() {
    let (world, session, cast) = keyed();
    world.set_time(end_in(&world, &session, &cast[0], 10));
    powerless(&world, &session, &cast, Denial::Expired);
}

#[test]
fn a_key_cannot_do_what_its_member_or_the_session_cannot_do_any_more() {
    let (world, session, cast) = keyed();
    let [member, key] = &cast;
    narrow(&world, &session, member, all_but(Permissions::SEND_MESSAGES));
    refused(&world, &say(&session, member, key), &[key], Denial::NotPermitted);
    world.ok(set(&session, member, key), key);
    narrow(&world, &session, member, Permissions::ALL);
    permit(&world, &session, all_but(Permissions::SEND_MESSAGES));
    refused(&world, &say(&session, member, key), &[key], Denial::NotPermitted);
    permit(&world, &session, Permissions::ALL);
    world.ok(say(&session, member, key), key);
}

#[test]
fn a_key_does_not_grow_with_its_member() {
    let (world, session) = active();
    let (member, key) = (session.invited(&world, "member", Terms::of(Role::Observer)), world.actor("key"));
    world.ok(session.set_key(&member, &key), &member);
    narrow(&world, &session, &member, Permissions::ALL);
    powerless(&world, &session, &[member, key], Denial::NotPermitted);
}

#[test]
fn a_keys_own_permissions_hold_where_they_are_narrower() {
    let (world, session, [member, key]) = keyed();
    let narrower = |permissions: Permissions| {
        let args = SetSessionKeyArgs { key: key.address(), permissions: permissions.bits(), ttl: 60 };
        world.ok(instruction::set_session_key(member.address(), session.address, args), &member);
    };
    narrower(Permissions::SEND_MESSAGES);
    refused(&world, &set(&session, &member, &key), &[&key], Denial::NotPermitted);
    world.ok(say(&session, &member, &key), &key);
    narrower(Permissions::WRITE_PROPERTIES);
    refused(&world, &say(&session, &member, &key), &[&key], Denial::NotPermitted);
    world.ok(set(&session, &member, &key), &key);
    narrower(Permissions::NONE);
    world.ok(session.say(&member, b"the wallet goes on"), &member);
    refused(&world, &say(&session, &member, &key), &[&key], Denial::NotPermitted);
}

#[test]
fn what_a_key_uses_is_its_members() {
    let (world, session, [member, key]) = keyed();
    let operations = Quota { limit: 2, ..Quota::UNLIMITED };
    let quotas = Some(Quotas { operations, ..Quotas::UNLIMITED });
    world.ok(update(&session, &member, MemberChanges { quotas, ..NOTHING }), &session.creator);
    world.ok(say(&session, &member, &key), &key);
    world.ok(session.say(&member, b"hello"), &member);
    refused(&world, &say(&session, &member, &key), &[&key], SessionError::QuotaExceeded);
}

#[test]
fn one_key_can_act_for_two_members_each_with_its_own_rights() {
    let (world, session, [member, key]) = keyed();
    let observer = session.invited(&world, "observer", Terms::of(Role::Observer));
    world.ok(session.set_key(&observer, &key), &observer);
    refused(&world, &say(&session, &observer, &key), &[&key], Denial::NotPermitted);
    world.ok(say(&session, &member, &key), &key);
}

#[test]
fn anothers_wallet_as_a_key_gives_it_nothing_but_to_act() {
    let (world, session) = active();
    let [member, other] = ["member", "other"].map(|name| session.joined(&world, name));
    let args = SetSessionKeyArgs { key: other.address(), permissions: OF_ROLE, ttl: 60 };
    world.ok(instruction::set_session_key(member.address(), session.address, args), &member);
    world.ok(say(&session, &member, &other), &other);
    let mut leave = instruction::leave_session(member.address(), session.address);
    leave.accounts[0].pubkey = other.address();
    refused(&world, &leave, &[&other], Denial::NotTheWallet);
}

#[test]
fn a_key_that_ended_with_the_membership_does_not_come_back_with_it() {
    let (world, session, [member, key]) = keyed();
    world.ok(update(&session, &member, MemberChanges { expires_in: Some(10), ..NOTHING }), &session.creator);
    world.wait(10);
    world.ok(update(&session, &member, MemberChanges { expires_in: Some(100), ..NOTHING }), &session.creator);
    refused(&world, &say(&session, &member, &key), &[&key], Denial::NotThisMember);
    world.ok(session.say(&member, b"hello"), &member);
}
