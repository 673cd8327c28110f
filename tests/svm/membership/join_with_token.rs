//! `join_with_token`. What it has in common with invitations is in [`super::acceptance`].

use {
    super::{Way, about, active, assert_told, header, join, leave, moderator, refused, remove, written},
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::{
            InviteTokenState, MemberState, SessionError,
            events::{InvitationAccepted, MemberJoined},
            rules::membership::{MemberStatus, Role, Terms},
        },
        failure::Failure,
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_instruction::{AccountMeta, Instruction, error::InstructionError},
};

/// A moderator's token with three uses; the moderator, the token's key and a wallet.
fn tokenized() -> (World, TestSession, [Actor; 3]) {
    let (world, session) = active();
    let [token, wallet] = ["token", "wallet"].map(|name| world.actor(name));
    let inviter = moderator(&world, &session, "inviter");
    world.ok(session.tokenize(&inviter, &token, 3), &inviter);
    (world, session, [inviter, token, wallet])
}

#[test]
fn the_holder_gets_what_was_offered_and_the_payer_pays_for_the_membership() {
    let (world, session, [_, token, holder]) = tokenized();
    let (before, offered) = (world.session(&session.address), world.invite_token(&session.address, &token));
    let (wallet, had) = (holder.address(), world.balance(&holder.address()));
    let enter = instruction::join_with_token(wallet, session.payer.address(), session.address, &offered);
    let receipt = world.ok_with(&[enter], &[&holder, &token, &session.payer]);

    let rights = offered.offer.rights;
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
    assert_eq!(world.member(&session.address, &holder), expected);
    assert_eq!(world.balance(&holder.address()), had);
    let mut used = InviteTokenState { uses_left: 2, ..offered };
    (used.header.revision, used.header.event_revision) = (2, 2);
    assert_eq!(world.invite_token(&session.address, &token), used);
    let after = written(&before, |state| (state.members, state.children) = (before.members + 1, before.children + 1));
    assert_eq!(world.session(&session.address), after);
    let (at, member) = (Way::Token.address(&session), address::member(&session.address, &wallet));
    let joined = about(&world, &session, &member, [0, 1]);
    assert_told(
        &receipt,
        [
            InvitationAccepted::new(about(&world, &session, &at, [1, 2]), wallet, 2, [0; 4]).into(),
            MemberJoined::new(joined, wallet, rights.expires_at, rights.permissions, rights.role, [0; 3]).into(),
        ],
    );
}

#[test]
fn three_uses_admit_three_of_four_and_the_token_stays() {
    let (world, session, [inviter, token, _]) = tokenized();
    for (name, left) in [("first", 2), ("second", 1), ("third", 0)] {
        let wallet = world.actor(name);
        world.ok_with(&[session.join_with(&world, &token, &wallet)], &[&wallet, &token]);
        assert_eq!(world.invite_token(&session.address, &token).uses_left, left);
    }
    let fourth = world.actor("fourth");
    refused(&world, &session.join_with(&world, &token, &fourth), &[&fourth, &token], SessionError::InvitationExhausted);
    assert_eq!(world.invite_token(&session.address, &token).uses, 3);
    assert_eq!(world.session(&session.address).members, 5);
    // Its rent goes back when its inviter takes it back.
    world.ok(Way::Token.revoke(&world, &session, &inviter), &inviter);
    refused(&world, &join_by_hand(&session, &fourth, &token, &inviter), &[&fourth, &token], SessionError::InvitationNotFound);
}

/// `wallet` joins with a token that cannot be read.
fn join_by_hand(session: &TestSession, wallet: &Actor, token: &Actor, inviter: &Actor) -> Instruction {
    let mut state = InviteTokenState::zeroed();
    (state.token, state.offer.inviter) = (token.address(), inviter.address());
    instruction::join_with_token(wallet.address(), wallet.address(), session.address, &state)
}

#[test]
fn a_token_that_was_never_made_is_not_found() {
    let (world, session, [inviter, _, wallet]) = tokenized();
    let other = world.actor("other token");
    let enter = join_by_hand(&session, &wallet, &other, &inviter);
    refused(&world, &enter, &[&wallet, &other], SessionError::InvitationNotFound);
}

#[test]
fn whoever_only_sees_a_token_cannot_use_it() {
    let (world, session, [_, token, wallet]) = tokenized();
    let other = world.actor("other token");
    let mut enter = session.join_with(&world, &token, &wallet);
    enter.accounts[2].is_signer = false;
    let receipt = world.send(std::slice::from_ref(&enter), &[&wallet]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::MissingRequiredSignature }));
    for holder in [&other, &wallet, &session.creator] {
        enter.accounts[2] = AccountMeta::new_readonly(holder.address(), true);
        refused(&world, &enter, &[&wallet, holder], SessionError::InvitationNotForSigner);
    }
}

#[test]
fn a_tokens_key_can_be_a_wallet_that_comes_in_itself() {
    let (world, session, [_, token, _]) = tokenized();
    world.ok(session.join_with(&world, &token, &token), &token);
    assert!(world.member(&session.address, &token).is_active());
}

#[test]
fn its_inviter_is_in_already() {
    let (world, session, [inviter, token, _]) = tokenized();
    let enter = session.join_with(&world, &token, &inviter);
    refused(&world, &enter, &[&inviter, &token], SessionError::AlreadyMember);
}

#[test]
fn one_who_left_comes_back_with_a_token_and_uses_it_up() {
    let (world, session, [_, token, wallet]) = tokenized();
    for left in [2, 1] {
        world.ok_with(&[session.join_with(&world, &token, &wallet)], &[&wallet, &token]);
        assert_eq!(world.invite_token(&session.address, &token).uses_left, left);
        leave(&world, &session, &wallet);
    }
    world.ok(join(&session, &wallet), &wallet);
}

#[test]
fn one_who_was_removed_never_returns_by_a_token_not_even_by_a_later_one() {
    let (world, session, [_, token, wallet]) = tokenized();
    world.ok_with(&[session.join_with(&world, &token, &wallet)], &[&wallet, &token]);
    remove(&world, &session, &wallet);
    let later = world.actor("later token");
    world.ok(session.tokenize(&session.creator, &later, 1), &session.creator);
    for token in [&token, &later] {
        refused(&world, &session.join_with(&world, token, &wallet), &[&wallet, token], SessionError::InvitationRequired);
    }
    world.ok(session.invite(&session.creator, &wallet, Terms::of(Role::Member)), &session.creator);
    world.ok(session.accept(&world, &wallet), &wallet);
}
