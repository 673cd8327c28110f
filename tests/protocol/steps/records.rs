//! What members and the host record: properties, messages, checkpoints.

use {
    super::situation::{
        ACCOUNT, All, CREATOR, ELSEWHERE, HOST, KEY, MEMBER, Outcomes, SESSION, SLOT, STRANGER, act, at, members, standing, waits,
    },
    bytemuck::Zeroable,
    sessions_core::{
        Act, MemberState, PropertyState, SessionState,
        rules::messages::MAX_MESSAGE,
        state::{AccountHeader, Creation, MAX_KEY, PropertyKey, PropertyWrite},
    },
};

/// The bytes that a property of these tests has room for.
const CAPACITY: u16 = 4;

/// What every step is tried in: a session, how long after its start, a membership of it, and who signs.
fn situations() -> impl Iterator<Item = (SessionState, u32, MemberState, &'static sessions_core::Address)> {
    let when = standing().into_iter().flat_map(|state| waits(&state.config).map(|wait| (state, wait)));
    when.flat_map(|(state, wait)| {
        members(MEMBER).into_iter().flat_map(move |member| [&MEMBER, &KEY, &STRANGER].map(|signer| (state, wait, member, signer)))
    })
}

/// Properties that differ in what decides about a write.
fn stored() -> Vec<PropertyState> {
    let header = AccountHeader { revision: 1, ..AccountHeader::new(CREATOR, SLOT, 255) };
    let mut key = [0; 32];
    key[0] = b'k';
    let one = PropertyState {
        header,
        session: SESSION,
        key,
        writer: MEMBER,
        version: 1,
        capacity: CAPACITY,
        key_length: 1,
        ..PropertyState::zeroed()
    };
    vec![
        one,
        PropertyState { session: ELSEWHERE, ..one },
        PropertyState { header: AccountHeader { epoch: SLOT - 1, ..header }, ..one },
        PropertyState { header: AccountHeader { revision: u64::MAX, ..header }, ..one },
    ]
}

/// Writes as the program does it: the key first, then the room that a new property needs.
fn set(
    act: &Act<'_>,
    mut session: SessionState,
    mut writer: MemberState,
    property: Option<PropertyState>,
    (key, value, capacity, expected): (&[u8], &[u8], u16, u64),
    events: &mut Outcomes,
) -> sessions_core::Result<()> {
    let write = PropertyWrite { key: PropertyKey::new(key)?, value, expected };
    let session = at(&mut session);
    if let Some(mut property) = property {
        let mut room = vec![0; usize::from(property.capacity)];
        property.set(act, session, &mut writer, &mut room, &write, events)
    } else {
        let mut room = vec![0; PropertyState::size_with(capacity, value.len())? - PropertyState::SIZE];
        let (mut property, made) = (PropertyState::zeroed(), Creation { payer: &STRANGER, bump: 255 });
        property.create(act, session, &mut writer, &mut room, &write, &made, events)
    }
}

/// Writes and deletes properties.
pub fn properties(all: &mut All) {
    let writes: [(&[u8], &[u8], u16, u64); 7] = [
        (b"k", b"v", CAPACITY, 0),
        (b"k", b"v", CAPACITY, 1),
        (b"k", b"v", CAPACITY, 2),
        (b"k", b"value", CAPACITY, 1),
        (b"k", b"value", 1_000, 0),
        (b"", b"v", CAPACITY, 0),
        (&[1; MAX_KEY + 1], b"v", CAPACITY, 0),
    ];
    for (session, wait, member, signer) in situations() {
        let act = act(&ACCOUNT, signer, wait);
        for property in stored() {
            for expected in [1, 2] {
                all.attempt("delete_property", |events| { property }.delete(&act, at(&mut { session }), &mut { member }, expected, events));
            }
        }
        for property in stored().into_iter().map(Some).chain([None]) {
            for write in writes {
                all.attempt("set_property", |events| set(&act, session, member, property, write, events));
            }
        }
    }
}

/// Sends messages and commits checkpoints.
pub fn messages(all: &mut All) {
    for (session, wait, member, signer) in situations() {
        let act = act(&SESSION, signer, wait);
        for data in [&[7; MAX_MESSAGE][..], &[7; MAX_MESSAGE + 1]] {
            all.attempt("broadcast_message", |events| { session }.broadcast_message(&act, &mut { member }, data, events));
            for recipient in members(STRANGER).iter().chain([&member]) {
                all.attempt("send_direct_message", |events| {
                    { session }.send_direct_message(&act, &mut { member }, recipient, data, events)
                });
            }
        }
    }
    for state in standing() {
        for (wait, signer) in waits(&state.config).into_iter().flat_map(|wait| [(wait, &HOST), (wait, &STRANGER)]) {
            for sequence in [1, 0] {
                all.attempt("commit_checkpoint", |events| {
                    { state }.commit_checkpoint(&act(&SESSION, signer, wait), sequence, &[1; 32], events)
                });
            }
        }
    }
}
