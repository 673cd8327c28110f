//! What is shared and recorded in a session: properties, messages, checkpoints.

use {
    crate::scenario::{
        act::{Act, Caller, Origin},
        fields::Fields,
        values,
    },
    sessions_client::{address, core::state::MAX_VALUE, instruction as build, instruction::SetPropertyArgs},
};

/// Room for the longest value, unless less is asked for.
#[allow(clippy::cast_possible_truncation, reason = "704 is no large number")]
pub const CAPACITY: u16 = MAX_VALUE as u16;

pub(super) fn set_property(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let (key, value) = (f.needed_value("key", values::bytes), f.needed_value("value", values::bytes));
    let expected_version = f.value("expect_version", |text| values::number(text, u64::MAX)).unwrap_or(0);
    let capacity = f.value("capacity", |text| values::number(text, u16::MAX)).unwrap_or(CAPACITY);
    let (session, key, value) = (session?, key?, value?);
    if expected_version == 0 {
        f.scope.makes(address::property(&session.address, &key), Origin { payer: by.payer, maker: by.actor.address });
    }
    let args = SetPropertyArgs { expected_version, capacity, key: &key, value: &value };
    let instruction = build::set_property(by.signer, by.payer, session.address, by.actor.address, args);
    Some(Act::ready(session, instruction))
}

pub(super) fn delete_property(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let key = f.needed_value("key", values::bytes);
    let version = f.needed_value("expect_version", |text| values::number(text, u64::MAX));
    let (session, key, version) = (session?, key?, version?);
    let (at, signer, wallet, stranger) = (session.address, by.signer, by.actor.address, by.payer);
    let needed = f.scope.needed(address::property(&at, &key));
    Some(Act::from_state(session, needed, move |origin| {
        let payer = origin.map_or(stranger, |origin| origin.payer);
        build::delete_property(signer, at, wallet, &key, payer, version)
    }))
}

pub(super) fn broadcast(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let data = f.needed_value("data", values::bytes);
    let (session, data) = (session?, data?);
    let instruction = build::broadcast_message(by.signer, session.address, by.actor.address, &data);
    Some(Act::ready(session, instruction))
}

pub(super) fn send_direct(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let (to, data) = (f.needed_address("to"), f.needed_value("data", values::bytes));
    let (session, to, data) = (session?, to?, data?);
    let instruction = build::send_direct_message(by.signer, session.address, by.actor.address, to, &data);
    Some(Act::ready(session, instruction))
}

pub(super) fn checkpoint(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let sequence = f.needed_value("sequence", |text| values::number(text, u64::MAX));
    let root = f.needed_value("root", values::hash);
    let (session, sequence, root) = (session?, sequence?, root?);
    let instruction = build::commit_checkpoint(by.signer, session.address, sequence, root);
    Some(Act::ready(session, instruction))
}
