//! Several who want the same at once: in one slot one after the other, and in one transaction.

use {
    super::{Deed, UNCHANGED, Way, active, everyone, join, leave, refused_in, staged},
    sessions_client::{
        address,
        core::{
            InvitationState, SessionError,
            rules::{
                config::SessionChanges,
                lifecycle::Status,
                membership::{MemberStatus, Role, Terms},
            },
        },
        failure::Failure,
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession, world::names},
    solana_instruction::{AccountMeta, Instruction},
};

/// An active session with one seat left and two invitations to it.
fn last_seat() -> (World, TestSession, [Actor; 2]) {
    let (world, session) = active();
    let guests = ["first", "second"].map(|name| world.actor(name));
    for guest in &guests {
        world.ok(session.invite(&session.creator, guest, Terms::of(Role::Member)), &session.creator);
    }
    let changes = SessionChanges { max_members: Some(2), ..UNCHANGED };
    world.ok(instruction::update_session(session.creator.address(), session.address, changes), &session.creator);
    (world, session, guests)
}

/// A failure of the second instruction.
fn second(error: SessionError) -> Option<Failure> {
    Some(Failure::Session { instruction: 1, error })
}

#[test]
fn whoever_accepts_first_has_the_last_seat() {
    for winner in [0, 1] {
        let (world, session, guests) = last_seat();
        let accepts = guests.each_ref().map(|guest| session.accept(&world, guest));
        let loser = 1 - winner;
        assert_eq!(world.send(&[accepts[winner].clone()], &[&guests[winner]]).failure, None);
        let before = world.account(&address::invitation(&session.address, &guests[loser].address()));
        let receipt = world.send_in_slot(&[accepts[loser].clone()], &[&guests[loser]]);
        assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::SessionFull }));
        assert_eq!(world.account(&address::invitation(&session.address, &guests[loser].address())), before);
        // Once a seat is free the invitation is still good.
        leave(&world, &session, &guests[winner]);
        world.ok(accepts[loser].clone(), &guests[loser]);
    }
}

#[test]
fn in_one_transaction_nobody_has_the_last_seat() {
    let (world, session, guests) = last_seat();
    let accepts = guests.each_ref().map(|guest| session.accept(&world, guest));
    let before = world.program_accounts();
    assert_eq!(world.send(&accepts, &guests.each_ref()).failure, second(SessionError::SessionFull));
    assert_eq!(world.program_accounts(), before);
    for guest in &guests {
        assert_eq!(world.invitation(&session.address, guest).target, guest.address());
        assert_eq!(world.account(&address::member(&session.address, &guest.address())), None);
    }
}

#[test]
fn in_one_transaction_nobody_joins_with_one_use_twice() {
    let (world, session) = active();
    let [token, first, second_one] = ["token", "first", "second"].map(|name| world.actor(name));
    world.ok(session.tokenize(&session.creator, &token, 1), &session.creator);
    let enters = [&first, &second_one].map(|wallet| session.join_with(&world, &token, wallet));
    assert_eq!(world.send(&enters, &[&first, &second_one, &token]).failure, second(SessionError::InvitationExhausted));
    assert_eq!(world.invite_token(&session.address, &token).uses_left, 1);
    assert_eq!(world.session(&session.address).members, 1);
}

#[test]
fn of_what_uses_an_offer_up_the_first_wins() {
    let uses = [Deed::AcceptInvitation, Deed::DeclineInvitation, Deed::RevokeInvitation];
    for first in uses {
        for then in uses.into_iter().filter(|then| *then != first) {
            let world = World::new();
            let session = staged(&world, "test", Status::Active);
            let deeds = [first, then].map(|deed| deed.instruction(&world, &session));
            let receipt = world.send(&deeds, &everyone(&world).each_ref());
            assert_eq!(receipt.failure, second(SessionError::InvitationNotFound), "{first:?} {then:?}");
            assert_eq!(world.send(&deeds[..1], &everyone(&world).each_ref()).failure, None);
            let receipt = world.send_in_slot(&deeds[1..], &everyone(&world).each_ref());
            assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::InvitationNotFound }));
        }
    }
}

#[test]
fn lamports_do_not_bring_a_used_invitation_back() {
    let (world, session) = active();
    let guest = world.actor("guest");
    world.ok(session.invite(&session.creator, &guest, Terms::of(Role::Member)), &session.creator);
    let accept = session.accept(&world, &guest);
    let at = Way::Invitation.address(&session);
    let lamports = world.balance(&at);
    // The system program's transfer.
    let transfer = Instruction {
        program_id: Default::default(),
        accounts: vec![AccountMeta::new(guest.address(), true), AccountMeta::new(at, false)],
        data: [&2_u32.to_le_bytes()[..], &lamports.to_le_bytes()].concat(),
    };
    let leave = instruction::leave_session(guest.address(), session.address);
    world.ok_with(&[accept.clone(), transfer, leave], &[&guest]);
    assert_eq!((world.balance(&at), world.account(&at).unwrap().data.len()), (lamports, 0));
    refused_in("revived", &world, &accept, &[&guest], SessionError::InvitationNotFound);
}

#[test]
fn an_invitation_is_made_again_in_the_transaction_that_used_it_up() {
    let (world, session) = active();
    let guest = world.actor("guest");
    let invite = session.invite(&session.creator, &guest, Terms::of(Role::Member));
    world.ok(invite.clone(), &session.creator);
    let first: InvitationState = world.invitation(&session.address, &guest);
    let receipt = world.ok_with(&[session.accept(&world, &guest), invite], &[&guest, &session.creator]);
    assert_eq!(names(&receipt), ["InvitationAccepted", "MemberJoined", "MemberInvited"]);
    let again = world.invitation(&session.address, &guest);
    assert!(again.offer.session_revision > first.offer.session_revision);
    assert_eq!(again.header.revision, 1);
}

#[test]
fn a_member_comes_goes_and_comes_back_in_one_transaction() {
    let (world, session) = active();
    let (wallet, enter) = (&session.stranger, join(&session, &session.stranger));
    let leave = instruction::leave_session(wallet.address(), session.address);
    world.ok_with(&[enter.clone(), leave, enter], &[wallet]);
    let state = world.member(&session.address, wallet);
    assert_eq!((state.status(), state.join_revision), (Ok(MemberStatus::Active), 3));
    assert_eq!(world.session(&session.address).members, 2);
}

#[test]
fn one_who_leaves_while_they_are_removed_is_out_once() {
    for leaves_first in [true, false] {
        let (world, session) = active();
        let member = session.joined(&world, "member");
        let leave = instruction::leave_session(member.address(), session.address);
        let remove = instruction::remove_member(session.creator.address(), session.address, member.address());
        let steps = if leaves_first { [leave, remove] } else { [remove, leave] };
        let receipt = world.send(&steps, &[&member, &session.creator]);
        assert_eq!(receipt.failure, if leaves_first { None } else { second(SessionError::PermissionDenied) });
        assert_eq!(world.session(&session.address).members, if leaves_first { 1 } else { 2 });
    }
}

#[test]
fn members_set_and_clear_their_keys_side_by_side() {
    let (world, session) = active();
    let members = ["first", "second"].map(|name| session.joined(&world, name));
    let key = world.actor("key");
    let before = world.account(&session.address);
    let sets = members.each_ref().map(|member| session.set_key(member, &key));
    let clears = members.each_ref().map(|member| instruction::clear_session_key(member.address(), session.address));
    let slot = world.clock().slot;
    for (step, member) in sets.iter().chain(&clears).zip(members.iter().chain(&members)) {
        let writes: Vec<_> = step.accounts.iter().filter(|meta| meta.is_writable).map(|meta| meta.pubkey).collect();
        assert_eq!(writes, [address::member(&session.address, &member.address())], "a key is the member's own affair");
        let receipt = world.send_in_slot(std::slice::from_ref(step), &[member]);
        assert_eq!((receipt.failure, receipt.slot), (None, slot));
    }
    assert_eq!(world.account(&session.address), before);
}

#[test]
fn the_authority_changes_members_side_by_side() {
    let world = World::new();
    let session = staged(&world, "test", Status::Active);
    let update = Deed::UpdateMember.instruction(&world, &session);
    let before = world.account(&session.address);
    assert!(!update.accounts.iter().any(|meta| meta.pubkey == session.address && meta.is_writable));
    world.ok(update, &session.creator);
    assert_eq!(world.account(&session.address), before);
}
