//! `join_session`: coming in without an invitation.

use {
    super::{
        NOTHING, TEN_BYTES, UNCHANGED, about, active, assert_told, end_in, header, join, leave, moderator, refused, remove, seats,
        send_ahead, update, written,
    },
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::{
            MemberState, SessionError,
            events::MemberJoined,
            rules::{
                config::SessionChanges,
                lifecycle::Status,
                membership::{MemberChanges, MemberStatus, NEVER, Rights, Role, Terms},
                permissions::Settings,
            },
        },
        instruction,
    },
    sessions_tests::{
        World,
        session::{TestSession, config},
    },
};

#[test]
fn anyone_becomes_a_member_and_the_payer_pays_for_it() {
    let (world, session) = active();
    let (wallet, before) = (session.stranger.address(), world.session(&session.address));
    let had = world.balance(&wallet);
    let enter = instruction::join_session(wallet, session.payer.address(), session.address);
    let receipt = world.ok_with(&[enter], &[&session.stranger, &session.payer]);

    let expected = MemberState {
        header: header(&world, &session, &session.payer, MemberState::seeds(&session.address, &wallet), 1),
        session: session.address,
        wallet,
        rights: Rights::of(Role::Member),
        starts_at: world.now(),
        join_revision: 1,
        status: MemberStatus::Active as u8,
        ..MemberState::zeroed()
    };
    assert_eq!(world.member(&session.address, &session.stranger), expected);
    assert_eq!(world.balance(&wallet), had);
    let after = written(&before, |state| (state.members, state.children) = (before.members + 1, before.children + 1));
    assert_eq!(world.session(&session.address), after);
    let at = address::member(&session.address, &wallet);
    let (permissions, about) = (Role::Member.permissions().bits(), about(&world, &session, &at, [0, 1]));
    assert_told(&receipt, [MemberJoined::new(about, wallet, NEVER, permissions, Role::Member as u8, [0; 3]).into()]);
}

#[test]
fn leaving_and_coming_back_resets_nothing_that_was_used() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    world.ok(session.say(&member, b"four"), &member);
    let before = world.member(&session.address, &member);
    leave(&world, &session, &member);
    let (left, had) = (world.session(&session.address), world.balance(&member.address()));
    world.ok(join(&session, &member), &member);
    let after = world.member(&session.address, &member);
    assert_eq!((before.usage.operations.total, before.usage.bytes.total), (1, 4));
    assert_eq!((after.usage, after.join_revision), (before.usage, after.header.revision));
    assert!(after.join_revision > before.join_revision);
    assert_eq!(world.session(&session.address), written(&left, |state| state.members += 1));
    assert_eq!(world.balance(&member.address()), had);
}

#[test]
fn leaving_and_coming_back_gives_nothing_that_the_authority_took() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    let changes = MemberChanges { role: Some(Role::Observer), quotas: Some(TEN_BYTES), expires_in: Some(100), ..NOTHING };
    world.ok(update(&session, &member, changes), &session.creator);
    let before = world.member(&session.address, &member).rights;
    leave(&world, &session, &member);
    world.send(&[join(&session, &member)], &[&member]);
    assert_eq!(world.member(&session.address, &member).rights, before);
}

#[test]
fn who_is_in_does_not_join_again_not_even_with_an_expired_membership() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    for wallet in [&session.creator, &member] {
        refused(&world, &join(&session, wallet), &[wallet], SessionError::AlreadyMember);
    }
    world.set_time(end_in(&world, &session, &member, 10));
    refused(&world, &join(&session, &member), &[&member], SessionError::AlreadyMember);
}

#[test]
fn one_who_was_removed_needs_an_invitation() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    remove(&world, &session, &member);
    refused(&world, &join(&session, &member), &[&member], SessionError::InvitationRequired);
}

#[test]
fn one_who_left_and_then_was_removed_needs_an_invitation_too() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    leave(&world, &session, &member);
    remove(&world, &session, &member);
    refused(&world, &join(&session, &member), &[&member], SessionError::InvitationRequired);
}

#[test]
fn an_invite_only_session_lets_nobody_in_without_an_invitation() {
    for status in [Status::Created, Status::Activating, Status::Active] {
        let world = World::new();
        let session = TestSession::in_status(&world, seats(Settings::INVITE_ONLY), status);
        refused(&world, &join(&session, &session.stranger), &[&session.stranger], SessionError::InvitationRequired);
        let creator = &session.creator;
        refused(&world, &join(&session, creator), &[creator], SessionError::AlreadyMember);
    }
}

#[test]
fn in_an_invite_only_session_one_who_left_needs_an_invitation_too() {
    let world = World::new();
    let session = TestSession::in_status(&world, seats(Settings::INVITE_ONLY), Status::Active);
    let member = session.invited(&world, "member", Terms::of(Role::Member));
    leave(&world, &session, &member);
    refused(&world, &join(&session, &member), &[&member], SessionError::InvitationRequired);
}

#[test]
fn a_full_session_takes_nobody_until_a_seat_is_free() {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let [_, _, last] = ["second", "third", "fourth"].map(|name| session.joined(&world, name));
    let enter = join(&session, &session.stranger);
    refused(&world, &enter, &[&session.stranger], SessionError::SessionFull);
    leave(&world, &session, &last);
    world.ok(enter, &session.stranger);
    refused(&world, &join(&session, &last), &[&last], SessionError::SessionFull);
    let changes = SessionChanges { max_members: Some(5), ..UNCHANGED };
    world.ok(instruction::update_session(session.creator.address(), session.address, changes), &session.creator);
    world.ok(join(&session, &last), &last);
}

#[test]
fn earlier_invitations_of_ones_own_do_not_survive_coming_back() {
    let (world, session) = active();
    let (inviter, guest) = (moderator(&world, &session, "inviter"), world.actor("guest"));
    world.ok(session.invite(&inviter, &guest, Terms::of(Role::Observer)), &inviter);
    leave(&world, &session, &inviter);
    world.ok(join(&session, &inviter), &inviter);
    world.ok(update(&session, &inviter, MemberChanges { role: Some(Role::Owner), ..NOTHING }), &session.creator);
    refused(&world, &session.accept(&world, &guest), &[&guest], SessionError::InvitationRevoked);
}

#[test]
fn lamports_sent_ahead_do_not_stand_in_its_way() {
    let (world, session) = active();
    send_ahead(&world, address::member(&session.address, &session.stranger.address()));
    world.ok(join(&session, &session.stranger), &session.stranger);
    assert!(world.member(&session.address, &session.stranger).is_active());
}
