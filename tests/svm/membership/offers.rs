//! What invitations and tokens have in common when they are made: who may offer a seat, and what.

use {
    super::{
        NOTHING, TEN_BYTES, UNSOUND, Way, Why, active, all_but, end_in, hand_over, leave, moderator, narrow, permit, refused_in, remove,
        update,
    },
    sessions_client::core::{
        SessionError,
        error::{Denial, InvalidField},
        rules::{
            membership::{MemberChanges, NEVER, NO_EXPIRY, Rights, Role, Terms},
            permissions::Permissions,
            quotas::{Quota, Quotas},
        },
    },
    sessions_tests::{Actor, World, session::TestSession},
};

/// Makes an offer and gives the rights in it.
#[track_caller]
fn made(way: Way, world: &World, session: &TestSession, inviter: &Actor, terms: Terms) -> Rights {
    world.ok(way.offer(session, inviter, terms, 0), inviter);
    way.offered(world, session).rights
}

/// Tries an offer in both ways, which is refused.
#[track_caller]
fn refused(world: &World, session: &TestSession, inviter: &Actor, terms: Terms, expected: impl Into<Why> + Clone) {
    for way in Way::BOTH {
        refused_in((way, terms), world, &way.offer(session, inviter, terms, 0), &[inviter], expected.clone());
    }
}

#[test]
fn a_role_stands_for_its_permissions_as_far_as_the_inviter_has_them() {
    for way in Way::BOTH {
        for role in Role::ALL {
            let (world, session) = active();
            let inviter = moderator(&world, &session, "inviter");
            let rights = made(way, &world, &session, &inviter, Terms::of(*role));
            let permissions = role.permissions().and(Role::Moderator.permissions()).bits();
            let role = (*role).min(Role::Moderator);
            assert_eq!(rights, Rights { permissions, ..Rights::of(role) }, "and its name is not greater than the inviter's");
        }
    }
}

#[test]
fn an_owner_offers_every_permission() {
    for way in Way::BOTH {
        let (world, session) = active();
        assert_eq!(made(way, &world, &session, &session.creator, Terms::of(Role::Owner)), Rights::of(Role::Owner));
    }
}

#[test]
fn what_is_left_out_is_the_inviters() {
    for way in Way::BOTH {
        let (world, session) = active();
        let terms = Terms { quotas: TEN_BYTES, expires_in: 1_000, ..Terms::of(Role::Moderator) };
        let inviter = session.invited(&world, "inviter", terms);
        let givers = world.member(&session.address, &inviter).rights;
        let operations = Quota { limit: 3, ..Quota::UNLIMITED };
        let terms = Terms { quotas: Quotas { operations, ..Quotas::UNLIMITED }, ..Terms::of(Role::Moderator) };
        let rights = made(way, &world, &session, &inviter, terms);
        assert_eq!(rights, Rights { quotas: Quotas { operations, ..TEN_BYTES }, ..givers });
    }
}

#[test]
fn an_offer_lasts_as_long_as_it_says_or_else_as_long_as_the_session_says() {
    let lasts = |ttl: u32, now: i64| if ttl == NO_EXPIRY { NEVER } else { now + i64::from(ttl) };
    for way in Way::BOTH {
        for (ttl, expected) in [(0, 600), (1, 1), (86_400, 86_400), (NO_EXPIRY, NO_EXPIRY)] {
            let (world, session) = active();
            world.ok(way.offer(&session, &session.creator, Terms::of(Role::Member), ttl), &session.creator);
            assert_eq!(way.offered(&world, &session).expires_at, lasts(expected, world.now()));
        }
    }
}

#[test]
fn a_stranger_cannot_invite_nor_with_anothers_membership() {
    let (world, session) = active();
    let stranger = &session.stranger;
    refused(&world, &session, stranger, Terms::of(Role::Member), Denial::NotAMember);
    for way in Way::BOTH {
        let mut offer = way.offer(&session, &session.creator, Terms::of(Role::Member), 0);
        for account in &mut offer.accounts[..2] {
            account.pubkey = stranger.address();
        }
        refused_in(way, &world, &offer, &[stranger], Denial::NotTheWallet);
    }
}

#[test]
fn one_who_left_or_was_removed_cannot_invite() {
    let (world, session) = active();
    let [left, removed] = ["left", "removed"].map(|name| moderator(&world, &session, name));
    leave(&world, &session, &left);
    remove(&world, &session, &removed);
    for inviter in [&left, &removed] {
        refused(&world, &session, inviter, Terms::of(Role::Member), Denial::NotActive);
    }
}

#[test]
fn expired_member_cannot_invite() {
    for way in Way::BOTH {
        let (world, session) = active();
        let inviter = moderator(&world, &session, "inviter");
        let end = end_in(&world, &session, &inviter, 100);
        world.set_time(end);
        refused_in(way, &world, &way.offer(&session, &inviter, Terms::of(Role::Observer), 0), &[&inviter], Denial::Expired);
        world.set_time(end - 1);
        assert_eq!(made(way, &world, &session, &inviter, Terms::of(Role::Observer)).expires_at, end);
    }
}

#[test]
fn a_member_needs_the_permission_to_invite() {
    let (world, session) = active();
    let (member, inviter) = (session.joined(&world, "member"), moderator(&world, &session, "inviter"));
    refused(&world, &session, &member, Terms::of(Role::Observer), Denial::NotPermitted);
    narrow(&world, &session, &inviter, all_but(Permissions::INVITE_MEMBERS));
    refused(&world, &session, &inviter, Terms::of(Role::Observer), Denial::NotPermitted);
    narrow(&world, &session, &inviter, Permissions::INVITE_MEMBERS);
    for way in Way::BOTH {
        made(way, &world, &session, &inviter, Terms::of(Role::Observer));
    }
}

#[test]
fn nobody_invites_where_the_session_does_not_permit_it_not_even_its_owner() {
    let (world, session) = active();
    permit(&world, &session, all_but(Permissions::INVITE_MEMBERS));
    refused(&world, &session, &session.creator, Terms::of(Role::Member), Denial::NotPermitted);
    permit(&world, &session, Permissions::INVITE_MEMBERS);
    for way in Way::BOTH {
        made(way, &world, &session, &session.creator, Terms::of(Role::Member));
    }
}

#[test]
fn to_rule_is_not_to_invite() {
    let (world, session) = active();
    let heir = session.joined(&world, "heir");
    hand_over(&world, &session, &heir);
    refused(&world, &session, &heir, Terms::of(Role::Observer), Denial::NotPermitted);
    for way in Way::BOTH {
        made(way, &world, &session, &session.creator, Terms::of(Role::Member));
    }
}

#[test]
fn nobody_offers_more_than_they_have() {
    let (world, session) = active();
    let window = Quota { limit: 100, window_limit: 10, window_seconds: 60 };
    let limits = Quotas { operations: window, units: window, bytes: window };
    let inviter = session.invited(&world, "inviter", Terms { quotas: limits, expires_in: 1_000, ..Terms::of(Role::Moderator) });
    let end = world.member(&session.address, &inviter).rights.expires_at;
    let left = (end - world.now()) as u32;
    let sound = Terms { quotas: limits, expires_in: left, ..Terms::of(Role::Moderator) };
    let moderators = Role::Moderator.permissions().bits();
    let mut wide = vec![
        Terms { permissions: moderators | Permissions::SPEND.bits(), ..sound },
        Terms { permissions: Permissions::READ_CROSS_SESSION.bits(), ..sound },
        Terms { permissions: Permissions::ALL.bits(), ..sound },
        Terms { expires_in: left + 1, ..sound },
        Terms { expires_in: NO_EXPIRY, ..sound },
    ];
    for quota in [Quota { limit: 101, ..window }, Quota { window_limit: 11, ..window }, Quota { window_seconds: 59, ..window }] {
        let each = [Quotas { operations: quota, ..limits }, Quotas { units: quota, ..limits }, Quotas { bytes: quota, ..limits }];
        wide.extend(each.map(|quotas| Terms { quotas, ..sound }));
    }
    for terms in wide {
        refused(&world, &session, &inviter, terms, SessionError::PermissionsTooWide);
    }
    for way in Way::BOTH {
        let rights = made(way, &world, &session, &inviter, Terms { permissions: moderators, ..sound });
        assert_eq!(rights, world.member(&session.address, &inviter).rights);
    }
}

#[test]
fn what_is_out_of_its_range_is_named() {
    let (world, session) = active();
    let terms = Terms::of(Role::Member);
    let mut cases = vec![
        (Terms { role: 4, ..terms }, InvalidField::Role),
        (Terms { role: u8::MAX, ..terms }, InvalidField::Role),
        (Terms { permissions: 1 << 9, ..terms }, InvalidField::Permissions),
        (Terms { permissions: u32::MAX - 1, ..terms }, InvalidField::Permissions),
        (Terms { quotas: Quotas { operations: UNSOUND, ..Quotas::UNLIMITED }, ..terms }, InvalidField::QuotaOfOperations),
        (Terms { quotas: Quotas { units: UNSOUND, ..Quotas::UNLIMITED }, ..terms }, InvalidField::QuotaOfUnits),
        (Terms { quotas: Quotas { bytes: UNSOUND, ..Quotas::UNLIMITED }, ..terms }, InvalidField::QuotaOfBytes),
    ];
    for at in 0..terms.reserved.len() {
        let mut reserved = terms.reserved;
        reserved[at] = 1;
        cases.push((Terms { reserved, ..terms }, InvalidField::Reserved));
    }
    for (terms, field) in cases {
        refused(&world, &session, &session.creator, terms, field);
    }
}

#[test]
fn who_may_invite_comes_before_what_is_offered() {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    refused(&world, &session, &member, Terms { role: 4, ..Terms::of(Role::Member) }, Denial::NotPermitted);
    world.ok(update(&session, &member, MemberChanges { role: Some(Role::Moderator), ..NOTHING }), &session.creator);
    refused(&world, &session, &member, Terms { role: 4, ..Terms::of(Role::Member) }, InvalidField::Role);
}
