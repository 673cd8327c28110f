//! What invitations and tokens have in common when they are used: the time, the seats, and that the inviter could still make the offer.

use {
    super::{
        NOTHING, TEN_BYTES, Way, Why, active, all_but, end_in, join, leave, moderator, narrow, permit, refused_in, remove, seats, update,
    },
    sessions_client::core::{
        SessionError,
        error::Denial,
        rules::{
            lifecycle::Status,
            membership::{MemberChanges, MemberStatus, Role, Terms},
            permissions::{Permissions, Settings},
            quotas::{Quota, Quotas},
        },
    },
    sessions_tests::{Actor, World, session::TestSession},
};

/// An active session with an offer of a moderator's to a member's role that lasts so long; and inviter, guest and token.
fn offered_for(way: Way, ttl: u32) -> (World, TestSession, [Actor; 3]) {
    let (world, session) = active();
    let cast = [moderator(&world, &session, "inviter"), world.actor("guest"), world.actor("token")];
    world.ok(way.offer(&session, &cast[0], Terms::of(Role::Member), ttl), &cast[0]);
    (world, session, cast)
}

/// The same with an offer that lasts as long as the session says.
fn offered(way: Way) -> (World, TestSession, [Actor; 3]) {
    offered_for(way, 0)
}

/// The guest takes the seat.
#[track_caller]
fn enter(way: Way, world: &World, session: &TestSession, [_, guest, token]: &[Actor; 3]) {
    world.ok_with(&[way.take(world, session, guest)], &[guest, token]);
    assert!(world.member(&session.address, guest).is_active());
}

/// The guest does not get the seat, and the offer stays as it is.
#[track_caller]
fn stays_out(way: Way, world: &World, session: &TestSession, [_, guest, token]: &[Actor; 3], error: impl Into<Why>) {
    refused_in(way, world, &way.take(world, session, guest), &[guest, token], error);
    assert!(world.account(&way.address(session)).is_some());
}

/// Lets the inviter leave and come back with the same rights.
fn return_of(world: &World, session: &TestSession, inviter: &Actor) {
    leave(world, session, inviter);
    let terms = Terms::of(Role::Moderator);
    world.ok(session.invite(&session.creator, inviter, terms), &session.creator);
    world.ok(session.accept(world, inviter), inviter);
}

#[test]
fn an_offer_lasts_until_its_last_second_and_no_longer() {
    for way in Way::BOTH {
        for (ttl, seconds) in [(1, 1), (30, 30), (0, 600)] {
            for (offset, in_time) in [(-1, true), (0, false), (1, false)] {
                let (world, session, cast) = offered_for(way, ttl);
                world.set_time(world.now() + seconds + offset);
                if in_time {
                    enter(way, &world, &session, &cast);
                } else {
                    stays_out(way, &world, &session, &cast, SessionError::InvitationExpired);
                }
            }
        }
    }
}

#[test]
fn an_offer_ends_with_its_inviters_right_to_it() {
    type Lose = fn(&World, &TestSession, &Actor);
    let losses: [(&str, Lose); 9] = [
        ("left", leave),
        ("removed", remove),
        ("left and came back", return_of),
        ("removed and came back", |world, session, inviter| {
            remove(world, session, inviter);
            world.ok(session.invite(&session.creator, inviter, Terms::of(Role::Moderator)), &session.creator);
            world.ok(session.accept(world, inviter), inviter);
        }),
        ("expired", |world, session, inviter| world.set_time(end_in(world, session, inviter, 100))),
        ("may not invite", |world, session, inviter| narrow(world, session, inviter, all_but(Permissions::INVITE_MEMBERS))),
        ("nobody may invite", |world, session, _| permit(world, session, all_but(Permissions::INVITE_MEMBERS))),
        ("has fewer permissions", |world, session, inviter| narrow(world, session, inviter, all_but(Permissions::SEND_MESSAGES))),
        ("has lower limits", |world, session, inviter| {
            world.ok(update(session, inviter, MemberChanges { quotas: Some(TEN_BYTES), ..NOTHING }), &session.creator);
        }),
    ];
    for way in Way::BOTH {
        for (case, lose) in losses {
            let (world, session, cast) = offered(way);
            lose(&world, &session, &cast[0]);
            let take = way.take(&world, &session, &cast[1]);
            refused_in((way, case), &world, &take, &[&cast[1], &cast[2]], SessionError::InvitationRevoked);
            assert!(world.account(&way.address(&session)).is_some(), "{case}");
        }
    }
}

#[test]
fn an_offer_ends_with_its_inviters_time_only_if_that_is_shorter() {
    for way in Way::BOTH {
        let (world, session) = active();
        let terms = Terms { expires_in: 500, ..Terms::of(Role::Moderator) };
        let cast = [session.invited(&world, "inviter", terms), world.actor("guest"), world.actor("token")];
        let end = world.member(&session.address, &cast[0]).rights.expires_at;
        world.ok(way.offer(&session, &cast[0], Terms::of(Role::Member), 0), &cast[0]);
        end_in(&world, &session, &cast[0], (end - world.now() - 1) as u32);
        stays_out(way, &world, &session, &cast, SessionError::InvitationRevoked);
        end_in(&world, &session, &cast[0], (end - world.now()) as u32);
        enter(way, &world, &session, &cast);
        assert_eq!(world.member(&session.address, &cast[1]).rights.expires_at, end);
    }
}

#[test]
fn an_offer_ends_at_the_second_at_which_its_inviters_time_is_over() {
    for way in Way::BOTH {
        let (world, session) = active();
        let terms = Terms { expires_in: 500, ..Terms::of(Role::Moderator) };
        let cast = [session.invited(&world, "inviter", terms), world.actor("guest"), world.actor("token")];
        world.ok(way.offer(&session, &cast[0], Terms::of(Role::Member), 0), &cast[0]);
        let end = world.member(&session.address, &cast[0]).rights.expires_at;
        world.set_time(end);
        // What is left out of an offer is what the inviter has, so the membership that it admits to is over then as well.
        stays_out(way, &world, &session, &cast, SessionError::InvitationExpired);
        world.set_time(end - 1);
        enter(way, &world, &session, &cast);
    }
}

#[test]
fn a_right_that_is_not_offered_can_be_lost() {
    let unrelated = Role::Member.permissions().or(Permissions::INVITE_MEMBERS);
    for way in Way::BOTH {
        let (world, session, cast) = offered(way);
        narrow(&world, &session, &cast[0], unrelated);
        // What the session permits limits acts, not what is offered.
        permit(&world, &session, Permissions::INVITE_MEMBERS);
        enter(way, &world, &session, &cast);
        assert_eq!(world.member(&session.address, &cast[1]).rights.permissions, Role::Member.permissions().bits());
    }
}

#[test]
fn a_right_that_comes_back_makes_the_offer_good_again() {
    for way in Way::BOTH {
        let (world, session, cast) = offered(way);
        narrow(&world, &session, &cast[0], Permissions::NONE);
        stays_out(way, &world, &session, &cast, SessionError::InvitationRevoked);
        narrow(&world, &session, &cast[0], Permissions::ALL);
        enter(way, &world, &session, &cast);
    }
}

#[test]
fn a_full_session_takes_nobody_until_someone_leaves() {
    for way in Way::BOTH {
        let world = World::new();
        let session = TestSession::in_status(&world, sessions_tests::session::config(Settings::NONE), Status::Active);
        let cast = [moderator(&world, &session, "inviter"), world.actor("guest"), world.actor("token")];
        world.ok(way.offer(&session, &cast[0], Terms::of(Role::Member), 0), &cast[0]);
        session.joined(&world, "third");
        let fourth = session.joined(&world, "fourth");
        stays_out(way, &world, &session, &cast, SessionError::SessionFull);
        leave(&world, &session, &fourth);
        enter(way, &world, &session, &cast);
    }
}

#[test]
fn who_is_in_does_not_come_in_again_not_even_with_an_expired_membership() {
    for way in Way::BOTH {
        let (world, session, cast) = offered(way);
        world.ok(join(&session, &cast[1]), &cast[1]);
        stays_out(way, &world, &session, &cast, SessionError::AlreadyMember);
        world.set_time(end_in(&world, &session, &cast[1], 10));
        stays_out(way, &world, &session, &cast, SessionError::AlreadyMember);
        // Coming back does not undo the end that the authority has set.
        leave(&world, &session, &cast[1]);
        stays_out(way, &world, &session, &cast, Denial::Expired);
    }
}

#[test]
fn the_way_in_leads_also_where_nobody_comes_in_without() {
    for way in Way::BOTH {
        for status in [Status::Created, Status::Activating, Status::Active] {
            let world = World::new();
            let session = TestSession::in_status(&world, seats(Settings::INVITE_ONLY), status);
            let cast = [world.actor("creator"), world.actor("guest"), world.actor("token")];
            world.ok(way.offer(&session, &cast[0], Terms::of(Role::Member), 0), &cast[0]);
            enter(way, &world, &session, &cast);
        }
    }
}

#[test]
fn coming_back_resets_nothing_that_was_used() {
    for way in Way::BOTH {
        let (world, session, cast) = offered(way);
        let guest = &cast[1];
        world.ok(join(&session, guest), guest);
        world.ok(session.say(guest, b"four"), guest);
        let before = world.member(&session.address, guest);
        leave(&world, &session, guest);
        enter(way, &world, &session, &cast);
        let after = world.member(&session.address, guest);
        assert_eq!((after.usage, after.status()), (before.usage, Ok(MemberStatus::Active)));
        assert!(after.join_revision > before.join_revision);
        assert_eq!(after.join_revision, after.header.revision);
        assert_eq!(world.session(&session.address).children, 4 - u32::from(way == Way::Invitation));
    }
}

#[test]
fn one_who_comes_back_has_used_no_more_than_the_limit_they_come_back_to() {
    for way in Way::BOTH {
        let (world, session, cast) = offered(way);
        let (guest, token) = (&cast[1], &cast[2]);
        world.ok(join(&session, guest), guest);
        world.ok(session.say(guest, b"four"), guest);
        leave(&world, &session, guest);
        // The offer is made anew, with room for three bytes.
        let bytes = Quota { limit: 3, ..Quota::UNLIMITED };
        let terms = Terms { quotas: Quotas { bytes, ..Quotas::UNLIMITED }, ..Terms::of(Role::Member) };
        world.ok_with(
            &[way.revoke(&world, &session, &session.creator), way.offer(&session, &session.creator, terms, 0)],
            &[&session.creator],
        );
        // Whether they come in or not: nothing is used beyond its limit, which is checked after every transaction.
        world.send(&[way.take(&world, &session, guest)], &[guest, token]);
    }
}
