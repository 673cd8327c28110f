//! What other programs ask of a membership, and properties across sessions.

use {
    super::acting,
    crate::scenario::{
        act::{Act, Caller, Origin, SessionRef},
        config::{permissions, rights},
        fields::Fields,
        instructions::content::CAPACITY,
        values,
    },
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::{AccessGrantState, rules::membership::NO_EXPIRY},
        instruction as build,
        instruction::{Acting, GrantAccessArgs, SetPropertyArgs},
    },
    solana_instruction::Instruction,
};

/// What asks for permissions (left out: EXECUTE_FUNCTIONS) and units.
pub(super) fn charge(f: &mut Fields<'_, '_>, by: Caller<'_>, build: fn(Acting, u32, u64) -> Instruction) -> Option<Act> {
    let session = f.session();
    let permissions = permissions(f).unwrap_or(0);
    let units = f.value("units", |text| values::number(text, u64::MAX)).unwrap_or(0);
    let session = session?;
    let instruction = build(acting(&session, by), permissions, units);
    Some(Act::ready(session, instruction))
}

/// The saved session under `key`, which must be there.
fn other(f: &mut Fields<'_, '_>, key: &'static str) -> Option<SessionRef> {
    let node = f.needed(key)?;
    f.scope.session(key, node)
}

pub(super) fn grant(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, reader) = (f.session(), other(f, "reader"));
    let rights = f.needed("rights").and_then(|node| rights(f.scope, node));
    let ttl = f.value("ttl", values::span).unwrap_or(NO_EXPIRY);
    let (session, reader, rights) = (session?, reader?.address, rights?.bits());
    let at = session.address;
    f.scope.makes(address::grant(&at, &reader), Origin { payer: by.payer, maker: by.signer });
    let instruction = build::grant_access(by.signer, by.payer, at, reader, GrantAccessArgs { rights, ttl });
    Some(Act::ready(session, instruction))
}

pub(super) fn revoke(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, reader) = (f.session(), other(f, "reader"));
    let (session, reader) = (session?, reader?.address);
    let (at, signer, stranger) = (session.address, by.signer, by.payer);
    let needed = f.scope.needed(address::grant(&at, &reader));
    Some(Act::from_state(session, needed, move |origin| {
        let mut state = AccessGrantState::zeroed();
        state.reader = reader;
        state.header.payer = origin.map_or(stranger, |origin| origin.payer);
        build::revoke_access(signer, at, &state)
    }))
}

pub(super) fn read(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, owner) = (f.session(), other(f, "owner"));
    let key = f.needed_value("key", values::bytes);
    let (session, owner, key) = (session?, owner?, key?);
    let instruction = build::read_property(acting(&session, by), owner.address, &key);
    Some(Act::ready(session, instruction))
}

pub(super) fn write(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let (session, owner) = (f.session(), other(f, "owner"));
    let (key, value) = (f.needed_value("key", values::bytes), f.needed_value("value", values::bytes));
    let expected_version = f.value("expect_version", |text| values::number(text, u64::MAX)).unwrap_or(0);
    let capacity = f.value("capacity", |text| values::number(text, u16::MAX)).unwrap_or(CAPACITY);
    let (session, owner, key, value) = (session?, owner?.address, key?, value?);
    if expected_version == 0 {
        f.scope.makes(address::property(&owner, &key), Origin { payer: by.payer, maker: by.actor.address });
    }
    let args = SetPropertyArgs { expected_version, capacity, key: &key, value: &value };
    let instruction = build::write_property(acting(&session, by), by.payer, owner, args);
    Some(Act::ready(session, instruction))
}
