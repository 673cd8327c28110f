//! `revoke_invitation`, of invitations and of tokens.

use {
    super::{Way, about, active, assert_told, end_in, hand_over, leave, moderator, refused_in, remove, written},
    sessions_client::core::{
        SessionError,
        events::InvitationRevoked,
        rules::membership::{Role, Terms},
    },
    sessions_tests::{Actor, World, session::TestSession},
};

/// An active session with an offer of a moderator's.
fn offered(way: Way) -> (World, TestSession, Actor) {
    let (world, session) = active();
    let inviter = moderator(&world, &session, "inviter");
    world.ok(way.offer(&session, &inviter, Terms::of(Role::Member), 0), &inviter);
    (world, session, inviter)
}

#[test]
fn the_inviter_and_the_authority_take_an_offer_back_and_its_payer_gets_the_rent() {
    for way in Way::BOTH {
        for by_inviter in [true, false] {
            let (world, session, inviter) = offered(way);
            let at = way.address(&session);
            let (before, rent, had) = (world.session(&session.address), world.balance(&at), world.balance(&inviter.address()));
            let by = if by_inviter { &inviter } else { &session.creator };
            let receipt = world.ok(way.revoke(&world, &session, by), by);
            assert_eq!(world.account(&at), None);
            assert_eq!(world.balance(&inviter.address()), had + rent);
            assert_eq!(world.session(&session.address), written(&before, |state| state.children -= 1));
            assert_told(&receipt, [InvitationRevoked::new(about(&world, &session, &at, [1, 2]), by.address()).into()]);
        }
    }
}

#[test]
fn nobody_else_takes_an_offer_back() {
    for way in Way::BOTH {
        let (world, session, _) = offered(way);
        let (other, guest, token) = (moderator(&world, &session, "other"), world.actor("guest"), world.actor("token"));
        for by in [&other, &guest, &token, &session.host, &session.stranger] {
            refused_in(way, &world, &way.revoke(&world, &session, by), &[by], SessionError::PermissionDenied);
        }
    }
}

#[test]
fn anyone_clears_away_an_offer_that_has_expired() {
    for way in Way::BOTH {
        let (world, session, inviter) = offered(way);
        let end = world.now() + i64::from(session.args.config.invitation_ttl);
        world.set_time(end - 1);
        refused_in(way, &world, &way.revoke(&world, &session, &session.stranger), &[&session.stranger], SessionError::PermissionDenied);
        world.set_time(end);
        let had = world.balance(&inviter.address());
        world.ok(way.revoke(&world, &session, &session.stranger), &session.stranger);
        assert!(world.balance(&inviter.address()) > had, "the rent goes to its payer all the same");
    }
}

#[test]
fn an_inviter_takes_it_back_also_when_they_could_not_make_it_any_more() {
    for way in Way::BOTH {
        let undo: [fn(&World, &TestSession, &Actor); 3] =
            [leave, remove, |world, session, inviter| world.set_time(end_in(world, session, inviter, 10))];
        for lose in undo {
            let (world, session, inviter) = offered(way);
            lose(&world, &session, &inviter);
            world.ok(way.revoke(&world, &session, &inviter), &inviter);
            assert_eq!(world.account(&way.address(&session)), None);
        }
    }
}

#[test]
fn the_right_of_the_authority_goes_to_the_next_one() {
    for way in Way::BOTH {
        let (world, session, _) = offered(way);
        let heir = session.joined(&world, "heir");
        refused_in(way, &world, &way.revoke(&world, &session, &heir), &[&heir], SessionError::PermissionDenied);
        hand_over(&world, &session, &heir);
        let creator = &session.creator;
        refused_in(way, &world, &way.revoke(&world, &session, creator), &[creator], SessionError::PermissionDenied);
        world.ok(way.revoke(&world, &session, &heir), &heir);
    }
}

#[test]
fn an_offer_that_expired_or_is_used_up_is_taken_back_like_any() {
    for way in Way::BOTH {
        let (world, session, inviter) = offered(way);
        world.set_time(way.offered(&world, &session).expires_at);
        world.ok(way.revoke(&world, &session, &inviter), &inviter);
    }
    let (world, session) = active();
    let (token, wallet) = (world.actor("token"), world.actor("wallet"));
    world.ok(session.tokenize(&session.creator, &token, 1), &session.creator);
    world.ok_with(&[session.join_with(&world, &token, &wallet)], &[&wallet, &token]);
    world.ok(Way::Token.revoke(&world, &session, &session.creator), &session.creator);
}

#[test]
fn an_offer_is_taken_back_once() {
    for way in Way::BOTH {
        let (world, session, inviter) = offered(way);
        let revoke = way.revoke(&world, &session, &inviter);
        world.ok(revoke.clone(), &inviter);
        refused_in(way, &world, &revoke, &[&inviter], SessionError::InvitationNotFound);
    }
}
