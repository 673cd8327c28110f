//! `decline_invitation`.

use {
    super::{Way, about, active, assert_told, join, moderator, refused, written},
    sessions_client::{
        core::{
            SessionError,
            events::InvitationDeclined,
            rules::membership::{Role, Terms},
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_instruction::Instruction,
};

/// A moderator's invitation of the guest, paid for by the moderator.
fn invited() -> (World, TestSession, [Actor; 2]) {
    let (world, session) = active();
    let (inviter, guest) = (moderator(&world, &session, "inviter"), world.actor("guest"));
    world.ok(session.invite(&inviter, &guest, Terms::of(Role::Member)), &inviter);
    (world, session, [inviter, guest])
}

/// `wallet` declines the guest's invitation.
fn decline(world: &World, session: &TestSession, wallet: &Actor) -> Instruction {
    let invitation = world.invitation(&session.address, &Actor::named("guest"));
    instruction::decline_invitation(wallet.address(), session.address, &invitation)
}

#[test]
fn the_invitation_goes_and_its_payer_gets_the_rent() {
    let (world, session, [inviter, guest]) = invited();
    let (at, before) = (Way::Invitation.address(&session), world.session(&session.address));
    let (rent, inviters, guests) = (world.balance(&at), world.balance(&inviter.address()), world.balance(&guest.address()));
    let receipt = world.ok(decline(&world, &session, &guest), &guest);
    assert_eq!(world.account(&at), None);
    assert_eq!((world.balance(&inviter.address()), world.balance(&guest.address())), (inviters + rent, guests));
    assert_eq!(world.session(&session.address), written(&before, |state| state.children -= 1));
    assert_told(&receipt, [InvitationDeclined::new(about(&world, &session, &at, [1, 2]), guest.address()).into()]);
}

#[test]
fn nobody_declines_for_another_not_even_the_authority() {
    let (world, session, [inviter, _]) = invited();
    for other in [&inviter, &session.creator, &session.host, &session.stranger] {
        refused(&world, &decline(&world, &session, other), &[other], SessionError::InvitationNotForSigner);
    }
}

#[test]
fn an_invitation_is_declined_once_and_can_be_made_again() {
    let (world, session, [inviter, guest]) = invited();
    let decline = decline(&world, &session, &guest);
    world.ok(decline.clone(), &guest);
    refused(&world, &decline, &[&guest], SessionError::InvitationNotFound);
    world.ok(session.invite(&inviter, &guest, Terms::of(Role::Member)), &inviter);
    world.ok(session.accept(&world, &guest), &guest);
}

#[test]
fn an_invitation_that_expired_or_is_not_needed_any_more_is_declined_like_any() {
    let (world, session, [_, guest]) = invited();
    world.ok(join(&session, &guest), &guest);
    world.set_time(world.invitation(&session.address, &guest).offer.expires_at);
    world.ok(decline(&world, &session, &guest), &guest);
    assert!(world.member(&session.address, &guest).is_active());
}
