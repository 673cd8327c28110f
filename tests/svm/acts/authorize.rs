//! Who may act with a membership and when: the same for every act, so it is tried on each of them.

use {
    super::{active, denied, with_ana},
    sessions_client::{
        core::{
            MemberState, SessionError,
            rules::{
                config::SessionChanges,
                lifecycle::Status,
                membership::{MemberChanges, Role, Terms},
                permissions::Permissions,
            },
        },
        instruction::{self, SetSessionKeyArgs},
    },
    sessions_tests::{
        Actor, World,
        everything::Everything,
        session::{MAX_DURATION, STEP_TIMEOUT, TestSession},
    },
    solana_instruction::Instruction,
};

/// Whether the acts change what they act on: then each of them has a world of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Done,
    Refused,
}

/// Ana's acts, by whom `signer` gives after what it did before.
#[track_caller]
fn each(
    then: Then,
    signer: impl Fn(&World, &TestSession, &Actor) -> Actor,
    check: impl Fn(&World, &TestSession, Instruction, Permissions, &Actor),
) {
    let begin = || {
        let all = Everything::new();
        all.world.ok(all.session.set(&all.session.creator, b"old", b"", 0, 8), &all.session.creator);
        let signer = signer(&all.world, &all.session, &all.ana);
        (all, signer)
    };
    let (mut all, mut by) = begin();
    for i in 0..all.acts(&by, &all.ana).len() {
        let (name, act, permission) = all.acts(&by, &all.ana).swap_remove(i);
        println!("{name}");
        check(&all.world, &all.session, act, permission, &by);
        if then == Then::Done {
            (all, by) = begin();
        }
    }
}

#[track_caller]
fn ok(world: &World, session: &TestSession, act: Instruction, signer: &Actor) {
    world.ok_with(&[act], &[signer, &session.payer]);
}

#[track_caller]
fn refused(world: &World, session: &TestSession, act: Instruction, signer: &Actor, error: SessionError) {
    let receipt = world.send(&[act], &[signer, &session.payer]);
    assert_eq!(receipt.failure.and_then(|failure| failure.session_error()), Some(error), "{:#?}", receipt.logs);
}

#[track_caller]
fn denied_for(world: &World, session: &TestSession, act: Instruction, signer: &Actor, reason: &str) {
    let receipt = world.send(&[act], &[signer, &session.payer]);
    assert_eq!(receipt.failure.and_then(|failure| failure.session_error()), Some(SessionError::PermissionDenied), "{:#?}", receipt.logs);
    assert!(receipt.logs.contains(&format!("Program log: {reason}")), "{reason}: {:#?}", receipt.logs);
}

fn update(session: &TestSession, wallet: &Actor, changes: MemberChanges) -> Instruction {
    instruction::update_member(session.creator.address(), session.address, wallet.address(), changes)
}

#[test]
fn a_member_acts_with_its_wallet_and_with_its_session_key() {
    each(Then::Done, |_, _, ana| ana.clone(), |world, session, act, _, ana| ok(world, session, act, ana));
    each(Then::Done, key(60), |world, session, act, _, key| ok(world, session, act, key));
}

/// Gives Ana a session key for so many seconds.
fn key(ttl: u32) -> impl Fn(&World, &TestSession, &Actor) -> Actor {
    move |world, session, ana| {
        let key = world.actor("key");
        let args = SetSessionKeyArgs { key: key.address(), permissions: u32::MAX, ttl };
        world.ok(instruction::set_session_key(ana.address(), session.address, args), ana);
        key
    }
}

#[test]
fn a_stranger_cannot_act_as_a_member() {
    let stranger = |world: &World, _: &TestSession, _: &Actor| world.actor("stranger");
    each(Then::Refused, stranger, |world, session, act, _, stranger| {
        denied_for(world, session, act, stranger, "the signer is neither the member's wallet nor its session key");
    });
}

#[test]
fn one_who_is_no_member_cannot_act() {
    let all = Everything::new();
    let stranger = &all.session.stranger;
    for (_, act, _) in all.acts(stranger, stranger).into_iter().filter(|(name, ..)| !name.starts_with("spend")) {
        denied_for(&all.world, &all.session, act, stranger, "the signer is no member of the session, or did not act as one");
    }
}

#[test]
fn a_member_cannot_act_with_anothers_membership() {
    let (world, session, ana, ben) = active();
    let act = instruction::broadcast_message(ana.address(), session.address, ben.address(), b"as ben");
    denied(&world, act, &ana, "the signer is neither the member's wallet nor its session key");
}

#[test]
fn an_observer_cannot_act() {
    each(
        Then::Refused,
        |world, session, ana| {
            world.ok(update(session, ana, MemberChanges { role: Some(Role::Observer), ..MemberChanges::default() }), &session.creator);
            ana.clone()
        },
        |world, session, act, _, ana| {
            denied_for(world, session, act, ana, "the session, the member or the session key does not have the permission");
        },
    );
}

#[test]
fn each_act_needs_its_own_permission_of_member_session_and_key() {
    const REASON: &str = "the session, the member or the session key does not have the permission";
    for missing in [0, 1, 2] {
        each(
            Then::Refused,
            |_, _, ana| ana.clone(),
            |world, session, act, permission, ana| {
                let others = Permissions::ALL.bits() & !permission.bits();
                let (signer, act) = match missing {
                    0 => {
                        let changes = MemberChanges { permissions: Some(others), ..MemberChanges::default() };
                        world.ok(update(session, ana, changes), &session.creator);
                        (ana.clone(), act)
                    }
                    1 => {
                        let changes = SessionChanges { permissions: Some(others), ..SessionChanges::default() };
                        world.ok(instruction::update_session(session.creator.address(), session.address, changes), &session.creator);
                        (ana.clone(), act)
                    }
                    _ => {
                        let key = world.actor("key");
                        let args = SetSessionKeyArgs { key: key.address(), permissions: others, ttl: 60 };
                        world.ok(instruction::set_session_key(ana.address(), session.address, args), ana);
                        let mut act = act;
                        act.accounts[0].pubkey = key.address();
                        (key, act)
                    }
                };
                denied_for(world, session, act, &signer, REASON);
            },
        );
    }
}

#[test]
fn one_who_left_or_was_removed_cannot_act() {
    for removed in [false, true] {
        each(
            Then::Refused,
            |world, session, ana| {
                let (at, gm) = (session.address, &session.creator);
                let step = if removed {
                    instruction::remove_member(gm.address(), at, ana.address())
                } else {
                    instruction::leave_session(ana.address(), at)
                };
                world.ok_with(&[step], &[gm, ana]);
                ana.clone()
            },
            |world, session, act, _, ana| denied_for(world, session, act, ana, "the member left the session or was removed from it"),
        );
    }
}

#[test]
fn expired_member_cannot_act() {
    for (wait, expired) in [(59, false), (60, true), (61, true)] {
        each(
            if expired { Then::Refused } else { Then::Done },
            |world, session, ana| {
                world.ok(update(session, ana, MemberChanges { expires_in: Some(60), ..MemberChanges::default() }), &session.creator);
                let until = world.member(&session.address, ana).rights.expires_at;
                world.set_time(until - 60 + wait);
                ana.clone()
            },
            |world, session, act, _, ana| {
                if expired { denied_for(world, session, act, ana, "the membership has expired") } else { ok(world, session, act, ana) }
            },
        );
    }
}

#[test]
fn expired_session_key_cannot_act() {
    for (wait, expired) in [(-1, false), (0, true), (1, true)] {
        each(
            if expired { Then::Refused } else { Then::Done },
            |world, session, ana| {
                let key = key(60)(world, session, ana);
                world.set_time(world.member(&session.address, ana).key_expires_at + wait);
                key
            },
            |world, session, act, _, key| {
                if expired { denied_for(world, session, act, key, "the session key has expired") } else { ok(world, session, act, key) }
            },
        );
    }
}

#[test]
fn the_sessions_end_is_the_end_of_every_act() {
    each(
        Then::Refused,
        |world, session, ana| {
            world.set_time(world.session(&session.address).expires_at);
            ana.clone()
        },
        |world, session, act, _, ana| refused(world, session, act, ana, SessionError::SessionExpired),
    );
}

#[test]
fn nobody_acts_in_a_paused_session() {
    each(
        Then::Refused,
        |world, session, ana| {
            if world.session(&session.address).status() == Ok(Status::Active) {
                world.ok(instruction::pause_session(session.creator.address(), session.address), &session.creator);
            }
            ana.clone()
        },
        |world, session, act, _, ana| refused(world, session, act, ana, SessionError::SessionNotActive),
    );
}

#[test]
fn a_membership_of_a_former_life_is_none_for_any_act() {
    each(
        Then::Refused,
        |world, session, ana| {
            let member = sessions_client::address::member(&session.address, &ana.address());
            world.forge_as::<MemberState>(&member, |state| state.header.epoch -= 1);
            ana.clone()
        },
        |world, session, act, _, ana| refused(world, session, act, ana, SessionError::StaleEpoch),
    );
}

#[test]
fn nobody_acts_before_the_membership_or_the_session_has_begun() {
    let all = Everything::new();
    let Everything { world, session, ana, .. } = &all;
    world.ok(session.set(&session.creator, b"old", b"", 0, 8), &session.creator);
    // The session as it stood before its activation.
    world.forge(&session.address, |state| {
        state.status = Status::Activating as u8;
        state.step_deadline = state.activated_at + 60;
        (state.activated_at, state.expires_at, state.hard_end) = (0, 0, 0);
    });
    for (_, act, _) in all.acts(ana, ana) {
        refused(world, session, act, ana, SessionError::SessionNotActive);
    }
}

#[test]
fn members_act_while_the_session_is_active_and_at_no_other_time() {
    for status in [Status::Created, Status::Activating, Status::Active, Status::Paused, Status::Closing, Status::Closed] {
        let world = World::new();
        let (session, ana) = with_ana(&world, status);
        let say = session.say(&ana, b"hello");
        let set = session.set(&ana, b"key", b"value", 0, 8);
        for act in [say, set] {
            if status == Status::Active {
                world.ok(act, &ana);
            } else {
                world.refused(act, &ana, SessionError::SessionNotActive);
            }
        }
    }
}

#[test]
fn a_session_that_failed_says_so_to_its_members() {
    let world = World::new();
    let (session, ana) = with_ana(&world, Status::Created);
    let fail = instruction::abort_session(session.host.address(), session.address, 3);
    world.ok(fail, &session.host);
    world.refused(session.say(&ana, b"hello"), &ana, SessionError::ActivationFailed);
}

#[test]
fn a_member_of_a_former_life_cannot_act() {
    let (world, session, ana, _) = active();
    let member = sessions_client::address::member(&session.address, &ana.address());
    world.forge_as::<MemberState>(&member, |state| state.header.epoch -= 1);
    world.refused(session.say(&ana, b"hello"), &ana, SessionError::StaleEpoch);
}

#[test]
fn a_paused_session_can_be_over_too() {
    // The status comes before the time.
    let world = World::new();
    let (session, ana) = with_ana(&world, Status::Paused);
    world.wait(MAX_DURATION + STEP_TIMEOUT);
    world.refused(session.say(&ana, b"hello"), &ana, SessionError::SessionNotActive);
}

#[test]
fn the_writes_of_a_member_are_counted_to_their_end() {
    let (world, session, ana, _) = active();
    let member = sessions_client::address::member(&session.address, &ana.address());
    world.forge_as::<MemberState>(&member, |state| state.header.revision = u64::MAX);
    world.refused(session.say(&ana, b"hello"), &ana, SessionError::ArithmeticOverflow);
}

#[test]
fn terms_that_begin_with_an_invitation_bind_the_member() {
    let (world, session, ..) = active();
    let terms = Terms { permissions: Permissions::SEND_MESSAGES.bits(), expires_in: 30, ..Terms::of(Role::Observer) };
    let cem = session.invited(&world, "cem", terms);
    world.ok(session.say(&cem, b"hello"), &cem);
    denied(&world, session.set(&cem, b"k", b"v", 0, 8), &cem, "the session, the member or the session key does not have the permission");
    world.wait(30);
    denied(&world, session.say(&cem, b"hello"), &cem, "the membership has expired");
}
