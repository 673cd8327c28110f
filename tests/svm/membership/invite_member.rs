//! `invite_member`. What it has in common with tokens is in [`super::offers`].

use {
    super::{TEN_BYTES, about, active, assert_told, header, moderator, refused, send_ahead, written},
    sessions_client::{
        address,
        core::{
            InvitationState, SessionError,
            error::InvalidField,
            events::MemberInvited,
            rules::{
                membership::{Rights, Role, Terms},
                permissions::Permissions,
            },
            state::Offer,
        },
        instruction::{self, InviteMemberArgs},
    },
};

#[test]
fn the_invitation_holds_what_is_offered_and_the_payer_pays_for_it() {
    let (world, session) = active();
    let (inviter, guest) = (moderator(&world, &session, "inviter"), world.actor("guest"));
    let (before, join_revision) = (world.session(&session.address), world.member(&session.address, &inviter).join_revision);
    let inviters_lamports = world.balance(&inviter.address());
    let permissions = Permissions::SEND_MESSAGES.bits();
    let terms = Terms { permissions, expires_in: 500, quotas: TEN_BYTES, ..Terms::of(Role::Observer) };
    let args = InviteMemberArgs { member: guest.address(), terms, ttl: 30, reserved: 0 };
    let invite = instruction::invite_member(inviter.address(), session.payer.address(), session.address, args);
    let receipt = world.ok_with(&[invite], &[&inviter, &session.payer]);

    let now = world.now();
    let rights = Rights { quotas: TEN_BYTES, expires_at: now + 500, permissions, role: Role::Observer as u8, reserved: [0; 3] };
    let (wallet, target) = (inviter.address(), guest.address());
    let expected = InvitationState {
        header: header(&world, &session, &session.payer, InvitationState::seeds(&session.address, &target), 1),
        session: session.address,
        target,
        offer: Offer {
            inviter: wallet,
            inviter_join_revision: join_revision,
            session_revision: before.header.revision + 1,
            expires_at: now + 30,
            rights,
        },
        reserved: [0; 8],
    };
    assert_eq!(world.invitation(&session.address, &guest), expected);
    assert_eq!(world.session(&session.address), written(&before, |state| state.children += 1));
    assert_eq!(world.balance(&inviter.address()), inviters_lamports);
    let at = address::invitation(&session.address, &target);
    let about = about(&world, &session, &at, [0, 1]);
    assert_told(&receipt, [MemberInvited::new(about, target, wallet, now + 30, permissions, rights.role, [0; 3]).into()]);
}

#[test]
fn nobody_invites_themselves() {
    let (world, session) = active();
    let creator = &session.creator;
    refused(&world, &session.invite(creator, creator, Terms::of(Role::Member)), &[creator], InvalidField::Member);
}

#[test]
fn reserved_bytes_are_zero() {
    let (world, session) = active();
    let args = InviteMemberArgs { member: world.actor("guest").address(), terms: Terms::of(Role::Member), ttl: 0, reserved: 1 };
    let invite = instruction::invite_member(session.creator.address(), session.creator.address(), session.address, args);
    refused(&world, &invite, &[&session.creator], InvalidField::Reserved);
}

#[test]
fn a_wallet_has_one_invitation_to_a_session_whoever_makes_it_and_also_when_it_expired() {
    let (world, session) = active();
    let (inviter, guest) = (moderator(&world, &session, "inviter"), world.actor("guest"));
    world.ok(session.invite(&session.creator, &guest, Terms::of(Role::Member)), &session.creator);
    let again = session.invite(&inviter, &guest, Terms::of(Role::Observer));
    refused(&world, &again, &[&inviter], SessionError::InvitationAlreadyExists);
    world.set_time(world.invitation(&session.address, &guest).offer.expires_at);
    refused(&world, &again, &[&inviter], SessionError::InvitationAlreadyExists);
    let revoke = instruction::revoke_invitation(session.creator.address(), session.address, &world.invitation(&session.address, &guest));
    world.ok(revoke, &session.creator);
    world.ok(again, &inviter);
    assert_eq!(world.invitation(&session.address, &guest).offer.inviter, inviter.address());
}

#[test]
fn lamports_sent_ahead_do_not_stand_in_its_way() {
    let (world, session) = active();
    let guest = world.actor("guest");
    let at = address::invitation(&session.address, &guest.address());
    send_ahead(&world, at);
    world.ok(session.invite(&session.creator, &guest, Terms::of(Role::Member)), &session.creator);
    assert_eq!(world.invitation(&session.address, &guest).target, guest.address());
}
