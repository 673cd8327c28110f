//! `accept_invitation`. What it has in common with tokens is in [`super::acceptance`].

use {
    super::{LONG, Way, about, active, assert_told, header, join, leave, moderator, refused, remove, send_ahead, written},
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::{
            MemberState, SessionError,
            events::{InvitationAccepted, MemberJoined},
            rules::membership::{MemberStatus, Role, Terms},
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_instruction::error::InstructionError,
};

/// A moderator's invitation of the guest, paid for by the moderator.
#[track_caller]
fn invited() -> (World, TestSession, [Actor; 2]) {
    let (world, session) = active();
    let (inviter, guest) = (moderator(&world, &session, "inviter"), world.actor("guest"));
    world.ok(session.invite(&inviter, &guest, Terms::of(Role::Member)), &inviter);
    (world, session, [inviter, guest])
}

#[test]
fn the_guest_gets_what_was_offered_and_the_rents_go_from_and_to_their_payers() {
    let (world, session, [inviter, guest]) = invited();
    let (before, invitation) = (world.session(&session.address), world.invitation(&session.address, &guest));
    let at = Way::Invitation.address(&session);
    let (rent, inviters, guests) = (world.balance(&at), world.balance(&inviter.address()), world.balance(&guest.address()));
    let wallet = guest.address();
    let accept = instruction::accept_invitation(wallet, session.payer.address(), session.address, &invitation);
    let receipt = world.ok_with(&[accept], &[&guest, &session.payer]);

    let rights = invitation.offer.rights;
    let expected = MemberState {
        header: header(&world, &session, &session.payer, MemberState::seeds(&session.address, &wallet), 1),
        session: session.address,
        wallet,
        rights,
        starts_at: world.now(),
        join_revision: 1,
        status: MemberStatus::Active as u8,
        ..MemberState::zeroed()
    };
    assert_eq!(world.member(&session.address, &guest), expected);
    assert_eq!(world.account(&at), None);
    assert_eq!(world.balance(&inviter.address()), inviters + rent);
    assert_eq!(world.balance(&guest.address()), guests);
    // One account goes and one comes, each by a write.
    let after = world.session(&session.address);
    assert_eq!(after, written(&written(&before, |_| {}), |state| state.members += 1));
    let member = address::member(&session.address, &wallet);
    let joined = about(&world, &session, &member, [0, 1]);
    assert_told(
        &receipt,
        [
            InvitationAccepted::new(about(&world, &session, &at, [1, 2]), wallet, 0, [0; 4]).into(),
            MemberJoined::new(joined, wallet, rights.expires_at, rights.permissions, rights.role, [0; 3]).into(),
        ],
    );
}

#[test]
fn one_who_comes_back_keeps_the_account_and_pays_nothing() {
    let (world, session, [_, guest]) = invited();
    world.ok(join(&session, &guest), &guest);
    leave(&world, &session, &guest);
    let (before, had) = (world.member(&session.address, &guest), world.balance(&guest.address()));
    world.wait(5);
    world.ok(session.accept(&world, &guest), &guest);
    let after = world.member(&session.address, &guest);
    let mut expected = MemberState { status: MemberStatus::Active as u8, starts_at: world.now(), ..before };
    expected.header.revision += 1;
    expected.header.event_revision += 1;
    expected.join_revision = expected.header.revision;
    assert_eq!(after, expected);
    assert_eq!(world.balance(&guest.address()), had);
}

#[test]
fn an_invitation_is_used_once() {
    let (world, session, [_, guest]) = invited();
    let accept = session.accept(&world, &guest);
    world.ok(accept.clone(), &guest);
    refused(&world, &accept, &[&guest], SessionError::InvitationNotFound);
    leave(&world, &session, &guest);
    refused(&world, &accept, &[&guest], SessionError::InvitationNotFound);
}

#[test]
fn an_invitation_is_its_targets_alone() {
    let (world, session, [inviter, guest]) = invited();
    let member = session.joined(&world, "member");
    for other in [&session.stranger, &member, &session.creator, &inviter] {
        let mut accept = Way::Invitation.take(&world, &session, other);
        refused(&world, &accept, &[other], SessionError::InvitationNotForSigner);
        if other.address() == inviter.address() {
            continue;
        }
        accept.accounts[6].pubkey = address::member(&session.address, &guest.address());
        refused(&world, &accept, &[other], InstructionError::InvalidSeeds);
    }
    world.ok(session.accept(&world, &guest), &guest);
}

#[test]
fn an_invitation_that_was_revoked_or_declined_is_gone() {
    for by_guest in [false, true] {
        let (world, session, [inviter, guest]) = invited();
        let (accept, invitation) = (session.accept(&world, &guest), world.invitation(&session.address, &guest));
        if by_guest {
            world.ok(instruction::decline_invitation(guest.address(), session.address, &invitation), &guest);
        } else {
            world.ok(instruction::revoke_invitation(inviter.address(), session.address, &invitation), &inviter);
        }
        refused(&world, &accept, &[&guest], SessionError::InvitationNotFound);
    }
}

#[test]
fn one_who_was_removed_returns_only_by_a_later_invitation() {
    let (world, session, [inviter, guest]) = invited();
    world.ok(join(&session, &guest), &guest);
    world.ok(session.say(&guest, b"four"), &guest);
    remove(&world, &session, &guest);
    let removed = world.member(&session.address, &guest);
    assert_eq!(removed.gone_revision, world.session(&session.address).header.revision);
    let accept = session.accept(&world, &guest);
    refused(&world, &accept, &[&guest], SessionError::InvitationRevoked);
    world.ok(Way::Invitation.revoke(&world, &session, &inviter), &inviter);
    world.ok(session.invite(&inviter, &guest, Terms::of(Role::Observer)), &inviter);
    world.ok(accept, &guest);
    let back = world.member(&session.address, &guest);
    assert_eq!((back.usage, back.gone_revision), (removed.usage, removed.gone_revision));
    assert_eq!((back.is_active(), back.rights.role), (true, Role::Observer as u8));
    // Being back, they leave and come back like anyone else.
    leave(&world, &session, &guest);
    world.ok(join(&session, &guest), &guest);
}

#[test]
fn an_invitation_made_between_two_removals_does_not_lead_back() {
    let (world, session, [inviter, guest]) = invited();
    let creator = &session.creator;
    world.ok(join(&session, &guest), &guest);
    remove(&world, &session, &guest);
    world.ok(Way::Invitation.revoke(&world, &session, &inviter), &inviter);
    world.ok(Way::Invitation.offer(&session, creator, Terms::of(Role::Member), LONG), creator);
    world.ok(session.accept(&world, &guest), &guest);
    world.ok(Way::Invitation.offer(&session, creator, Terms::of(Role::Member), LONG), creator);
    remove(&world, &session, &guest);
    refused(&world, &session.accept(&world, &guest), &[&guest], SessionError::InvitationRevoked);
}

#[test]
fn lamports_sent_ahead_do_not_stand_in_its_way() {
    let (world, session, [_, guest]) = invited();
    send_ahead(&world, address::member(&session.address, &guest.address()));
    world.ok(session.accept(&world, &guest), &guest);
    assert!(world.member(&session.address, &guest).is_active());
}
