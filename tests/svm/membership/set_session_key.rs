//! `set_session_key`. What a key can do is in [`super::session_keys`].

use {
    super::{Why, about, active, assert_told, end_in, leave, refused, remove},
    sessions_client::{
        address,
        core::{
            MemberState, SessionError,
            error::{Denial, InvalidField},
            events::SessionKeySet,
            rules::{
                membership::{NEVER, NO_EXPIRY, OF_ROLE, Role, Terms},
                permissions::Permissions,
            },
        },
        instruction::{self, SetSessionKeyArgs},
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_address::Address,
};

/// An active session with a member, and a key that is not set.
fn joined() -> (World, TestSession, [Actor; 2]) {
    let (world, session) = active();
    let cast = [session.joined(&world, "member"), world.actor("key")];
    (world, session, cast)
}

/// A key for a minute with all that its member may.
fn a_minute(key: &Actor) -> SetSessionKeyArgs {
    SetSessionKeyArgs { key: key.address(), permissions: OF_ROLE, ttl: 60 }
}

/// `member` tries to set a key.
#[track_caller]
fn stays(world: &World, session: &TestSession, member: &Actor, args: SetSessionKeyArgs, expected: impl Into<Why>) {
    refused(world, &instruction::set_session_key(member.address(), session.address, args), &[member], expected);
}

#[test]
fn a_key_is_written_and_replaced_and_the_session_is_not() {
    let (world, session, [member, key]) = joined();
    let other = world.actor("other key");
    let (at, all) = (address::member(&session.address, &member.address()), Role::Member.permissions().bits());
    let some = Permissions::SEND_MESSAGES.bits();
    let now = world.now();
    for (args, permissions, expires_at) in [
        (a_minute(&key), all, now + 60),
        (SetSessionKeyArgs { permissions: some, ttl: 1, ..a_minute(&other) }, some, now + 1),
        (SetSessionKeyArgs { permissions: 0, ttl: NO_EXPIRY, ..a_minute(&key) }, 0, NEVER),
        (SetSessionKeyArgs { permissions: all, ..a_minute(&key) }, all, now + 60),
    ] {
        let (before, sessions) = (world.member(&session.address, &member), world.account(&session.address));
        let receipt = world.ok(instruction::set_session_key(member.address(), session.address, args), &member);
        let mut after = MemberState { session_key: args.key, key_permissions: permissions, key_expires_at: expires_at, ..before };
        after.header.revision += 1;
        after.header.event_revision += 1;
        assert_eq!(world.member(&session.address, &member), after);
        assert_eq!(world.account(&session.address), sessions);
        let about = about(&world, &session, &at, [before.header.revision, after.header.revision]);
        assert_told(&receipt, [SessionKeySet::new(about, args.key).into()]);
    }
}

#[test]
fn what_is_out_of_its_range_is_named() {
    let (world, session, [member, key]) = joined();
    stays(&world, &session, &member, SetSessionKeyArgs { key: Address::default(), ..a_minute(&key) }, InvalidField::Key);
    stays(&world, &session, &member, SetSessionKeyArgs { ttl: 0, ..a_minute(&key) }, InvalidField::Ttl);
    for permissions in [1 << 9, u32::MAX - 1] {
        stays(&world, &session, &member, SetSessionKeyArgs { permissions, ..a_minute(&key) }, InvalidField::Permissions);
    }
}

#[test]
fn a_key_has_no_more_than_its_member() {
    let (world, session, [member, key]) = joined();
    let one_more = Role::Member.permissions().or(Permissions::SPEND).bits();
    for permissions in [Permissions::ALL.bits(), Permissions::INVITE_MEMBERS.bits(), one_more] {
        stays(&world, &session, &member, SetSessionKeyArgs { permissions, ..a_minute(&key) }, SessionError::PermissionsTooWide);
    }
    let observer = session.invited(&world, "observer", Terms::of(Role::Observer));
    let permissions = Permissions::SEND_MESSAGES.bits();
    stays(&world, &session, &observer, SetSessionKeyArgs { permissions, ..a_minute(&key) }, SessionError::PermissionsTooWide);
    world.ok(session.set_key(&observer, &key), &observer);
}

#[test]
fn only_one_who_is_in_the_session_sets_a_key() {
    let (world, session, [member, key]) = joined();
    let [left, removed] = ["left", "removed"].map(|name| session.joined(&world, name));
    leave(&world, &session, &left);
    remove(&world, &session, &removed);
    for wallet in [&left, &removed] {
        stays(&world, &session, wallet, a_minute(&key), Denial::NotActive);
    }
    for wallet in [&session.host, &session.stranger] {
        stays(&world, &session, wallet, a_minute(&key), Denial::NotAMember);
    }
    let end = end_in(&world, &session, &member, 10);
    world.set_time(end);
    stays(&world, &session, &member, a_minute(&key), Denial::Expired);
    world.set_time(end - 1);
    world.ok(session.set_key(&member, &key), &member);
}

#[test]
fn nobody_sets_a_key_for_another_not_even_the_authority() {
    let (world, session, [member, key]) = joined();
    for other in [&session.creator, &session.stranger, &key] {
        let mut set = session.set_key(&member, &key);
        set.accounts[0].pubkey = other.address();
        refused(&world, &set, &[other], Denial::NotTheWallet);
    }
}
