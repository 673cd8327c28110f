//! `remove_member`.

use {
    super::{
        Why, about, active, all_but, assert_told, end_in, hand_over, join, leave, moderator, narrow, permit, refused, remove, written,
    },
    sessions_client::{
        address,
        core::{
            MemberState, SessionError,
            error::Denial,
            events::MemberRemoved,
            rules::{
                membership::{MemberStatus, Role, Terms},
                permissions::Permissions,
            },
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// `remover` removes a member.
fn removal(session: &TestSession, remover: &Actor, member: &Actor) -> Instruction {
    instruction::remove_member(remover.address(), session.address, member.address())
}

/// `remover` removes a member without a membership of their own.
fn removal_by_anyone(session: &TestSession, remover: &Actor, member: &Actor) -> Instruction {
    instruction::remove_expired_member(remover.address(), session.address, member.address())
}

/// `remover` tries to remove a member, who stays as they are.
#[track_caller]
fn stays(world: &World, session: &TestSession, remover: &Actor, member: &Actor, expected: impl Into<Why>) {
    refused(world, &removal(session, remover, member), &[remover], expected);
}

#[test]
fn the_account_and_its_use_stay_and_the_key_goes() {
    let (world, session) = active();
    let (member, key) = (session.joined(&world, "member"), world.actor("key"));
    let remover = moderator(&world, &session, "remover");
    world.ok_with(&[session.set_key(&member, &key), session.say(&member, b"hello")], &[&member]);
    let (before, sessions) = (world.member(&session.address, &member), world.session(&session.address));
    let receipt = world.ok(removal(&session, &remover, &member), &remover);
    let mut expected = MemberState {
        status: MemberStatus::Removed as u8,
        gone_revision: sessions.header.revision + 1,
        session_key: Address::default(),
        key_expires_at: 0,
        key_permissions: 0,
        ..before
    };
    (expected.header.revision, expected.header.event_revision) = (4, 4);
    assert_eq!(world.member(&session.address, &member), expected);
    assert_eq!(world.session(&session.address), written(&sessions, |state| state.members -= 1));
    let at = address::member(&session.address, &member.address());
    let about = about(&world, &session, &at, [2, 4]);
    assert_told(&receipt, [MemberRemoved::new(about, member.address(), remover.address()).into()]);
}

#[test]
fn one_who_left_is_removed_and_no_seat_is_given_back_twice() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    leave(&world, &session, &member);
    let before = world.session(&session.address);
    remove(&world, &session, &member);
    assert_eq!(world.session(&session.address), written(&before, |_| {}));
    assert_eq!(world.member(&session.address, &member).status(), Ok(MemberStatus::Removed));
    refused(&world, &join(&session, &member), &[&member], SessionError::InvitationRequired);
}

#[test]
fn nobody_is_removed_twice() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    remove(&world, &session, &member);
    stays(&world, &session, &session.creator, &member, SessionError::MemberNotActive);
}

#[test]
fn who_never_was_in_is_not_removed() {
    let (world, session) = active();
    stays(&world, &session, &session.creator, &session.stranger, SessionError::MemberNotFound);
    refused(&world, &removal_by_anyone(&session, &session.creator, &session.stranger), &[&session.creator], SessionError::MemberNotFound);
}

#[test]
fn the_authority_is_never_removed_also_when_its_time_is_over() {
    let (world, session) = active();
    let (creator, heir) = (&session.creator, session.joined(&world, "heir"));
    let owner = session.invited(&world, "owner", Terms::of(Role::Owner));
    stays(&world, &session, &owner, creator, Denial::AuthorityStays);
    world.set_time(end_in(&world, &session, creator, 10));
    stays(&world, &session, &owner, creator, Denial::AuthorityStays);
    refused(&world, &removal_by_anyone(&session, &owner, creator), &[&owner], Denial::AuthorityStays);
    hand_over(&world, &session, &heir);
    stays(&world, &session, &owner, &heir, Denial::AuthorityStays);
    world.ok(removal(&session, &owner, creator), &owner);
}

#[test]
fn a_remover_has_all_the_permissions_that_the_member_has() {
    let (world, session) = active();
    let remover = moderator(&world, &session, "remover");
    let owner = session.invited(&world, "owner", Terms::of(Role::Owner));
    stays(&world, &session, &remover, &owner, Denial::MorePermitted);
    // A moderator removes a moderator; one permission more than the remover has is one too many.
    narrow(&world, &session, &owner, Role::Moderator.permissions().or(Permissions::SPEND));
    stays(&world, &session, &remover, &owner, Denial::MorePermitted);
    narrow(&world, &session, &owner, Role::Moderator.permissions());
    world.ok(removal(&session, &remover, &owner), &remover);
}

#[test]
fn also_one_who_left_keeps_the_permissions_that_a_remover_must_have() {
    let (world, session) = active();
    let remover = moderator(&world, &session, "remover");
    let owner = session.invited(&world, "owner", Terms::of(Role::Owner));
    leave(&world, &session, &owner);
    stays(&world, &session, &remover, &owner, Denial::MorePermitted);
    remove(&world, &session, &owner);
}

#[test]
fn a_remover_needs_the_permission_to_remove() {
    let (world, session) = active();
    let [member, other] = ["member", "other"].map(|name| session.joined(&world, name));
    stays(&world, &session, &other, &member, Denial::NotPermitted);
    let remover = moderator(&world, &session, "remover");
    narrow(&world, &session, &remover, all_but(Permissions::REMOVE_MEMBERS));
    stays(&world, &session, &remover, &member, Denial::NotPermitted);
    narrow(&world, &session, &remover, Permissions::ALL);
    permit(&world, &session, all_but(Permissions::REMOVE_MEMBERS));
    for remover in [&remover, &session.creator] {
        stays(&world, &session, remover, &member, Denial::NotPermitted);
    }
    permit(&world, &session, Permissions::REMOVE_MEMBERS);
    world.ok(removal(&session, &remover, &member), &remover);
}

#[test]
fn to_rule_is_not_to_remove() {
    let (world, session) = active();
    let [heir, member] = ["heir", "member"].map(|name| session.joined(&world, name));
    hand_over(&world, &session, &heir);
    stays(&world, &session, &heir, &member, Denial::NotPermitted);
}

#[test]
fn a_remover_is_in_the_session_themselves() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    let [left, removed, expired] = ["left", "removed", "expired"].map(|name| moderator(&world, &session, name));
    leave(&world, &session, &left);
    remove(&world, &session, &removed);
    let end = end_in(&world, &session, &expired, 100);
    stays(&world, &session, &session.stranger, &member, Denial::NotAMember);
    refused(&world, &removal_by_anyone(&session, &session.stranger, &member), &[&session.stranger], Denial::NotAMember);
    refused(&world, &removal_by_anyone(&session, &session.creator, &member), &[&session.creator], Denial::NotAMember);
    stays(&world, &session, &left, &member, Denial::NotActive);
    stays(&world, &session, &removed, &member, Denial::NotActive);
    world.set_time(end);
    stays(&world, &session, &expired, &member, Denial::Expired);
    world.set_time(end - 1);
    world.ok(removal(&session, &expired, &member), &expired);
}

#[test]
fn nobody_removes_with_anothers_membership() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    let mut removal = removal(&session, &session.creator, &member);
    removal.accounts[0].pubkey = session.stranger.address();
    refused(&world, &removal, &[&session.stranger], Denial::NotTheWallet);
}

#[test]
fn to_remove_oneself_is_to_leave() {
    let (world, session) = active();
    let member = moderator(&world, &session, "member");
    stays(&world, &session, &member, &member, SessionError::AccountsMustDiffer);
}

#[test]
fn expired_member_is_removed_by_anyone_without_a_membership() {
    for by_host in [false, true] {
        let (world, session) = active();
        let owner = session.invited(&world, "owner", Terms::of(Role::Owner));
        let anyone = if by_host { &session.host } else { &session.stranger };
        let end = end_in(&world, &session, &owner, 100);
        let removal = removal_by_anyone(&session, anyone, &owner);
        world.set_time(end - 1);
        refused(&world, &removal, &[anyone], Denial::NotAMember);
        world.set_time(end);
        world.ok(removal.clone(), anyone);
        assert_eq!(world.member(&session.address, &owner).status(), Ok(MemberStatus::Removed));
        refused(&world, &removal, &[anyone], Denial::NotAMember);
        refused(&world, &join(&session, &owner), &[&owner], SessionError::InvitationRequired);
    }
}

#[test]
fn expired_member_is_removed_also_by_a_member_with_fewer_permissions() {
    let (world, session) = active();
    let owner = session.invited(&world, "owner", Terms::of(Role::Owner));
    let member = session.joined(&world, "member");
    world.set_time(end_in(&world, &session, &owner, 100));
    world.ok(removal(&session, &member, &owner), &member);
}

#[test]
fn expired_member_who_left_is_not_anyones_to_remove() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    let end = end_in(&world, &session, &member, 100);
    leave(&world, &session, &member);
    world.set_time(end);
    refused(&world, &removal_by_anyone(&session, &session.stranger, &member), &[&session.stranger], Denial::NotAMember);
}

#[test]
fn a_proposal_goes_with_whom_it_was_about() {
    let (world, session) = active();
    let heir = session.joined(&world, "heir");
    world.ok(instruction::propose_authority(session.creator.address(), session.address, heir.address()), &session.creator);
    remove(&world, &session, &heir);
    assert_eq!(world.session(&session.address).pending_authority, Address::default());
}
