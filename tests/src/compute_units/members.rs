//! What members' instructions cost. Everyone's addresses are chosen to have the bump 255.

use {
    super::{in_status, is_at_255, units},
    crate::{Actor, World, session::TestSession},
    sessions_client::{
        address,
        core::{
            AllowanceState, InvitationState, InviteTokenState, MemberState, PropertyState,
            rules::{
                config::SessionChanges,
                lifecycle::Status,
                membership::{MemberChanges, Role, Terms},
                outflow::SOL,
                quotas::{Quota, Quotas},
            },
            state::MAX_VALUE,
        },
        instruction,
    },
    solana_address::Address,
};

/// Someone whose membership, invitation and allowance of SOL have the bump 255, as who and whose token do.
pub fn actor(world: &World, session: &Address, role: &str) -> Actor {
    let name = (0_u32..).map(|n| format!("{role} {n}")).find(|name| {
        let wallet = Actor::named(name).address();
        is_at_255(&MemberState::seeds(session, &wallet))
            && is_at_255(&InvitationState::seeds(session, &wallet))
            && is_at_255(&InviteTokenState::seeds(session, &wallet))
            && is_at_255(&AllowanceState::seeds(&address::member(session, &wallet), &SOL))
    });
    world.actor(&name.unwrap())
}

/// A key whose property has the bump 255.
fn key(session: &Address) -> Vec<u8> {
    let is_255 = |key: &Vec<u8>| is_at_255(&PropertyState::seeds(session, key));
    (0_u32..).map(|n| format!("key {n}").into_bytes()).find(is_255).unwrap()
}

/// An active session with a member.
fn active() -> (World, TestSession, Actor) {
    let (world, session) = in_status(Status::Active);
    let member = actor(&world, &session.address, "member");
    world.ok(instruction::join_session(member.address(), member.address(), session.address), &member);
    (world, session, member)
}

/// Every instruction that makes, changes or ends a membership, and what members do.
pub fn measure() -> Vec<(&'static str, u64)> {
    let mut all = membership();
    all.extend(acts());
    all.extend(reclaiming());
    all
}

fn membership() -> Vec<(&'static str, u64)> {
    let (world, session) = in_status(Status::Active);
    let (gm, at) = (&session.creator, session.address);
    let [ana, ben, cem, link] = ["ana", "ben", "cem", "link"].map(|role| actor(&world, &at, role));
    let key = world.actor("key");
    let terms = Terms::of(Role::Member);
    let mut all = vec![
        ("invite_member", units(&world, session.invite(gm, &ana, terms), &[gm])),
        ("accept_invitation", units(&world, session.accept(&world, &ana), &[&ana])),
        ("create_invite_token", units(&world, session.tokenize(gm, &link, 3), &[gm])),
        ("join_with_token", units(&world, session.join_with(&world, &link, &ben), &[&ben, &link])),
        ("join_session", units(&world, instruction::join_session(cem.address(), cem.address(), at), &[&cem])),
        ("set_session_key", units(&world, session.set_key(&ana, &key), &[&ana])),
        ("clear_session_key", units(&world, instruction::clear_session_key(ana.address(), at), &[&ana])),
        ("leave_session", units(&world, instruction::leave_session(cem.address(), at), &[&cem])),
        ("join_session, coming back", units(&world, instruction::join_session(cem.address(), cem.address(), at), &[&cem])),
        ("remove_member", units(&world, instruction::remove_member(gm.address(), at, cem.address()), &[gm])),
    ];
    let changes = MemberChanges {
        role: Some(Role::Moderator),
        permissions: Some(0),
        expires_in: Some(60),
        quotas: Some(Quotas { bytes: Quota { limit: 9, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED }),
    };
    all.push(("update_member, everything", units(&world, instruction::update_member(gm.address(), at, ben.address(), changes), &[gm])));
    let token = world.invite_token(&at, &link);
    all.push(("revoke_invitation, a token", units(&world, instruction::revoke_token(gm.address(), at, &token), &[gm])));
    for (name, revokes) in [("revoke_invitation", true), ("decline_invitation", false)] {
        let dan = actor(&world, &at, "dan");
        world.ok(session.invite(gm, &dan, terms), gm);
        let invitation = world.invitation(&at, &dan);
        let (signer, step) = if revokes {
            (gm, instruction::revoke_invitation(gm.address(), at, &invitation))
        } else {
            (&dan, instruction::decline_invitation(dan.address(), at, &invitation))
        };
        all.push((name, units(&world, step, &[signer])));
    }
    all.push(("propose_authority", units(&world, instruction::propose_authority(gm.address(), at, ana.address()), &[gm])));
    all.push(("accept_authority", units(&world, instruction::accept_authority(ana.address(), at), &[&ana])));
    all
}

fn acts() -> Vec<(&'static str, u64)> {
    let (world, session, member) = active();
    let (at, wallet, key) = (session.address, member.address(), key(&session.address));
    let gm = session.creator.address();
    let set = |length: usize, expected| session.set(&member, &key, &vec![7; length], expected, MAX_VALUE as u16);
    let delete = instruction::delete_property(wallet, at, wallet, &key, wallet, 3);
    let mut all = vec![
        ("set_property, 64 bytes, made", units(&world, set(64, 0), &[&member])),
        ("set_property, 64 bytes, updated", units(&world, set(64, 1), &[&member])),
        ("set_property, 704 bytes, updated", units(&world, set(704, 2), &[&member])),
        ("delete_property", units(&world, delete, &[&member])),
        ("broadcast_message, 256 bytes", units(&world, session.say(&member, &[7; 256]), &[&member])),
        ("broadcast_message, 768 bytes", units(&world, session.say(&member, &[7; 768]), &[&member])),
    ];
    let direct = instruction::send_direct_message(wallet, at, wallet, gm, &[7; 256]);
    all.push(("send_direct_message, 256 bytes", units(&world, direct, &[&member])));
    let quotas = Quotas { bytes: Quota { limit: 99_999, window_limit: 99_999, window_seconds: 60 }, ..Quotas::UNLIMITED };
    let limited = MemberChanges { quotas: Some(quotas), ..MemberChanges::default() };
    world.ok(instruction::update_member(gm, at, wallet, limited), &session.creator);
    let shared = SessionChanges { quotas: Some(quotas), ..Default::default() };
    world.ok(instruction::update_session(gm, at, shared), &session.creator);
    all.push(("broadcast_message, 256 bytes, under shared and own limits", units(&world, session.say(&member, &[7; 256]), &[&member])));
    all.push((
        "commit_checkpoint",
        units(&world, instruction::commit_checkpoint(session.host.address(), at, 1, [7; 32]), &[&session.host]),
    ));
    all
}

fn reclaiming() -> Vec<(&'static str, u64)> {
    let measure = |count: usize| {
        let (world, session, member) = active();
        for n in 0..count - 2 {
            world.ok(session.set(&member, format!("{n}").as_bytes(), b"", 0, 0), &member);
        }
        session.close(&world);
        let children = world.children(&session.address);
        units(&world, instruction::reclaim_children(session.address, &children), &[])
    };
    let (two, ten) = (measure(2), measure(10));
    vec![("reclaim_children, two", two), ("reclaim_children, ten", ten)]
}
