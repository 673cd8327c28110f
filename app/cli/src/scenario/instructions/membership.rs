//! Who is in a session: inviting, joining, leaving; rights, session keys, authority.
//!
//! All of it is the wallet's own to do. A session key that tries is named as the signer beside its actor's membership, so that it is the
//! program that refuses it.

use {
    crate::scenario::{
        act::{Act, Caller, Needed, Origin, SessionRef},
        actors::{Wallet, name},
        config::{permissions, quotas},
        fields::Fields,
        names::quote,
        values,
    },
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::{
            InvitationState, InviteTokenState,
            rules::{
                membership::{MemberChanges, NO_EXPIRY, OF_ROLE, Role, Terms},
                quotas::Quotas,
            },
        },
        instruction as build,
        instruction::{CreateInviteTokenArgs, InviteMemberArgs, SetSessionKeyArgs},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// The instruction with another signer in the place of the wallet that acts, which stands first.
fn signed_by(signer: Address, mut instruction: Instruction) -> Instruction {
    if let Some(first) = instruction.accounts.first_mut() {
        first.pubkey = signer;
    }
    instruction
}

/// What a member takes upon itself that takes nothing but its session.
pub(super) fn of_member(f: &mut Fields<'_, '_>, by: Caller<'_>, build: fn(Address, Address) -> Instruction) -> Option<Act> {
    let session = f.session()?;
    let instruction = signed_by(by.signer, build(by.actor.address, session.address));
    Some(Act::ready(session, instruction))
}

/// What an invitation or a token admits to.
fn terms(f: &mut Fields<'_, '_>) -> Terms {
    Terms {
        quotas: f.node("quotas").and_then(|node| quotas(f.scope, node)).unwrap_or(Quotas::UNLIMITED),
        permissions: permissions(f).unwrap_or(OF_ROLE),
        expires_in: f.value("expires_in", values::span).unwrap_or(0),
        role: f.value("role", values::role).unwrap_or(Role::Member) as u8,
        reserved: [0; 7],
    }
}

/// How long an invitation or a token lasts; 0 for as long as the session says.
fn ttl(f: &mut Fields<'_, '_>) -> u32 {
    f.value("ttl", values::span).unwrap_or(0)
}

pub(super) fn invite(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, member) = (f.session(), f.needed_address("member"));
    let (terms, ttl) = (terms(f), ttl(f));
    let (session, member) = (session?, member?);
    f.scope.makes(address::invitation(&session.address, &member), Origin { payer: by.payer, maker: by.actor.address });
    let args = InviteMemberArgs { member, terms, ttl, reserved: 0 };
    let instruction = signed_by(by.signer, build::invite_member(by.actor.address, by.payer, session.address, args));
    Some(Act::ready(session, instruction))
}

pub(super) fn create_token(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let named = f.needed_value("token", |text| name("a token", text));
    if let Some(taken) = named.as_ref().filter(|named| f.scope.actors.iter().any(|actor| actor.name == **named)) {
        let line = f.line_of("token").unwrap_or(f.line);
        f.scope.wrong(line, format!("token: {} is an actor's name; choose another", quote(taken)));
    }
    let uses = f.value("uses", |text| values::number(text, u32::MAX)).unwrap_or(1);
    let (terms, ttl) = (terms(f), ttl(f));
    let (session, token) = (session?, Wallet::token(&named?).address);
    f.scope.makes(address::invite_token(&session.address, &token), Origin { payer: by.payer, maker: by.actor.address });
    let args = CreateInviteTokenArgs { token, terms, ttl, uses };
    let instruction = signed_by(by.signer, build::create_invite_token(by.actor.address, by.payer, session.address, args));
    Some(Act::ready(session, instruction))
}

/// The invitation of `target` as far as an instruction has to know it; of one that is not there, what a stranger would have made.
fn invitation(target: Address, origin: Origin) -> InvitationState {
    let mut state = InvitationState::zeroed();
    state.target = target;
    (state.header.payer, state.offer.inviter) = (origin.payer, origin.maker);
    state
}

/// The same of a token.
fn invite_token(token: Address, origin: Origin) -> InviteTokenState {
    let mut state = InviteTokenState::zeroed();
    state.token = token;
    (state.header.payer, state.offer.inviter) = (origin.payer, origin.maker);
    state
}

/// Who is named in the unknown places of an invitation that is not there.
const fn stranger(session: &SessionRef, by: &Caller<'_>) -> Origin {
    Origin { payer: by.payer, maker: session.creator }
}

pub(super) fn revoke(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let (member, token) = (f.address("member"), f.token("token"));
    let session = match (f.line_of("member"), f.line_of("token")) {
        (Some(_), None) | (None, Some(_)) => session?,
        (None, None) => {
            f.scope.wrong(f.line, "revoke_invitation needs the key member or the key token");
            return None;
        }
        (Some(_), Some(line)) => {
            f.scope.wrong(line, "revoke_invitation takes back one thing, a member's invitation or a token; make two steps of it");
            return None;
        }
    };
    let (at, signer, otherwise) = (session.address, by.signer, stranger(&session, &by));
    if let Some(token) = token {
        let needed = f.scope.needed(address::invite_token(&at, &token.address));
        return Some(Act::from_state(session, needed, move |origin| {
            build::revoke_token(signer, at, &invite_token(token.address, origin.unwrap_or(otherwise)))
        }));
    }
    let target = member?;
    let needed = f.scope.needed(address::invitation(&at, &target));
    Some(Act::from_state(session, needed, move |origin| {
        build::revoke_invitation(signer, at, &invitation(target, origin.unwrap_or(otherwise)))
    }))
}

/// Notes that the actor becomes a member.
fn enters(f: &mut Fields<'_, '_>, by: Caller<'_>, session: &SessionRef) {
    let origin = Origin { payer: by.payer, maker: by.actor.address };
    f.scope.makes(address::member(&session.address, &by.actor.address), origin);
}

/// Whose invitation it is: the actor's own, unless another's is asked for.
fn invited(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<(SessionRef, Address, Needed)> {
    let session = f.session();
    let target = f.address("member").unwrap_or(by.actor.address);
    let session = session?;
    let needed = f.scope.needed(address::invitation(&session.address, &target));
    Some((session, target, needed))
}

pub(super) fn accept(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, target, needed) = invited(f, by)?;
    enters(f, by, &session);
    let (at, signer, wallet, payer, otherwise) = (session.address, by.signer, by.actor.address, by.payer, stranger(&session, &by));
    Some(Act::from_state(session, needed, move |origin| {
        signed_by(signer, build::accept_invitation(wallet, payer, at, &invitation(target, origin.unwrap_or(otherwise))))
    }))
}

pub(super) fn decline(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, target, needed) = invited(f, by)?;
    let (at, signer, otherwise) = (session.address, by.signer, stranger(&session, &by));
    Some(Act::from_state(session, needed, move |origin| {
        build::decline_invitation(signer, at, &invitation(target, origin.unwrap_or(otherwise)))
    }))
}

pub(super) fn join_with_token(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let token = f.needed("token").and_then(|node| f.scope.token("token", node));
    let (session, token) = (session?, token?.address);
    enters(f, by, &session);
    let (at, signer, wallet, payer, otherwise) = (session.address, by.signer, by.actor.address, by.payer, stranger(&session, &by));
    let needed = f.scope.needed(address::invite_token(&at, &token));
    Some(Act::from_state(session, needed, move |origin| {
        signed_by(signer, build::join_with_token(wallet, payer, at, &invite_token(token, origin.unwrap_or(otherwise))))
    }))
}

pub(super) fn join(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session()?;
    enters(f, by, &session);
    let instruction = signed_by(by.signer, build::join_session(by.actor.address, by.payer, session.address));
    Some(Act::ready(session, instruction))
}

/// The remover's own membership goes with it, if there is one; without it the program removes only who has expired.
pub(super) fn remove(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, member) = (f.session(), f.needed_address("member"));
    let (session, member) = (session?, member?);
    let (at, signer, wallet) = (session.address, by.signer, by.actor.address);
    let needed = f.scope.needed(address::member(&at, &wallet));
    Some(Act::from_state(session, needed, move |membership| {
        let as_member = membership.is_some() && member != wallet;
        let build = if as_member { build::remove_member } else { build::remove_expired_member };
        signed_by(signer, build(wallet, at, member))
    }))
}

pub(super) fn update_member(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, member) = (f.session(), f.needed_address("member"));
    let changes = MemberChanges {
        role: f.value("role", values::role),
        permissions: permissions(f),
        expires_in: f.value("expires_in", values::span),
        quotas: f.node("quotas").and_then(|node| quotas(f.scope, node)),
    };
    let (session, member) = (session?, member?);
    let instruction = build::update_member(by.signer, session.address, member, changes);
    Some(Act::ready(session, instruction))
}

pub(super) fn propose(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, member) = (f.session(), f.needed_address("member"));
    let (session, member) = (session?, member?);
    let instruction = build::propose_authority(by.signer, session.address, member);
    Some(Act::ready(session, instruction))
}

pub(super) fn set_key(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let key = f.needed_value("key", |text| name("a session key", text));
    let permissions = permissions(f).unwrap_or(OF_ROLE);
    let ttl = f.value("ttl", values::span).unwrap_or(NO_EXPIRY);
    let (session, key) = (session?, Wallet::session_key(&by.actor.name, &key?).address);
    let args = SetSessionKeyArgs { key, permissions, ttl };
    let instruction = signed_by(by.signer, build::set_session_key(by.actor.address, session.address, args));
    Some(Act::ready(session, instruction))
}
