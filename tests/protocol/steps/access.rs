//! Grants, and what members do with them.

use {
    super::situation::{
        ACCOUNT, All, CREATOR, ELSEWHERE, MADE, MEMBER, Outcomes, SESSION, SLOT, START, STRANGER, act, acting, at, headers, held, standing,
        waits,
    },
    bytemuck::Zeroable,
    sessions_core::{
        AccessGrantState, Act, Address, MemberState, PropertyState, SessionState,
        rules::{access::AccessRights, membership::NEVER},
        state::{Across, At, NewGrant, PropertyKey, PropertyWrite},
    },
};

/// Where the session is whose properties are used.
const OWNER: Address = Address::new_from_array([23; 32]);
/// The bytes that a property of these tests has room for.
const CAPACITY: u16 = 4;

/// Grants of the session at `owner` to the one at `reader` that differ in what decides about them.
fn stored(owner: Address, reader: Address) -> Vec<AccessGrantState> {
    let [header, stale, written] = headers();
    let one = AccessGrantState {
        header,
        session: owner,
        reader,
        reader_epoch: SLOT,
        expires_at: NEVER,
        rights: AccessRights::ALL.bits(),
        ..AccessGrantState::zeroed()
    };
    vec![
        one,
        AccessGrantState { header: stale, ..one },
        AccessGrantState { header: written, ..one },
        AccessGrantState { session: ELSEWHERE, ..one },
        AccessGrantState { reader: ELSEWHERE, ..one },
        AccessGrantState { reader_epoch: SLOT - 1, ..one },
        AccessGrantState { expires_at: START, ..one },
        AccessGrantState { rights: AccessRights::READ.bits(), ..one },
        AccessGrantState { rights: AccessRights::WRITE.bits(), ..one },
    ]
}

/// Grants access and takes it back.
pub fn grants(all: &mut All) {
    let reader = standing()[0];
    for session in standing() {
        for (wait, signer) in waits(&session.config).into_iter().flat_map(|wait| [(wait, &CREATOR), (wait, &STRANGER)]) {
            let act = act(&ACCOUNT, signer, wait);
            for (address, rights, ttl) in [(&OWNER, 1, 60), (&SESSION, 1, 60), (&OWNER, 0, 60), (&OWNER, 4, 60), (&OWNER, 1, 0)] {
                let (reader, grant) = (At { address, state: &reader }, NewGrant { rights, ttl });
                let mut new = AccessGrantState::zeroed();
                all.attempt("grant_access", |events| new.set(&act, at(&mut { session }), reader, &grant, Some(&MADE), events));
                for mut known in stored(SESSION, *address) {
                    all.attempt("grant_access", |events| known.set(&act, at(&mut { session }), reader, &grant, None, events));
                }
            }
            for mut grant in stored(SESSION, OWNER) {
                all.attempt("revoke_access", |events| grant.revoke(&act, at(&mut { session }), events));
            }
        }
    }
}

/// A property of the owner's, and what else could stand there.
fn properties() -> Vec<PropertyState> {
    let [header, stale, written] = headers();
    let one = PropertyState { header, session: OWNER, version: 1, capacity: CAPACITY, key_length: 1, ..PropertyState::zeroed() };
    vec![one, PropertyState { header: stale, ..one }, PropertyState { header: written, ..one }, PropertyState { session: ELSEWHERE, ..one }]
}

/// Who uses what of whom.
struct Use {
    reader: SessionState,
    is_writable: bool,
    member: MemberState,
    owner: SessionState,
    grant: AccessGrantState,
}

impl Use {
    fn read(mut self, act: &Act<'_>, property: &PropertyState) -> sessions_core::Result<()> {
        let owner = At { address: &OWNER, state: &self.owner };
        property.read_across(act, at(held(&mut self.reader, self.is_writable)), &mut self.member, owner, &self.grant)
    }

    /// Writes as the program does it: the key first, then the room that a new property needs.
    fn write(
        mut self,
        act: &Act<'_>,
        property: Option<PropertyState>,
        (key, value, capacity, expected): (&[u8], &[u8], u16, u64),
        events: &mut Outcomes,
    ) -> sessions_core::Result<()> {
        let write = PropertyWrite { key: PropertyKey::new(key)?, value, expected };
        let across = Across {
            reader: at(held(&mut self.reader, self.is_writable)),
            owner: At { address: &OWNER, state: &mut self.owner },
            grant: &self.grant,
        };
        if let Some(mut property) = property {
            let mut room = vec![0; usize::from(property.capacity)];
            property.put_across(act, across, &mut self.member, &mut room, &write, None, events)
        } else {
            let mut room = vec![0; PropertyState::size_with(capacity, value.len())? - PropertyState::SIZE];
            PropertyState::zeroed().put_across(act, across, &mut self.member, &mut room, &write, Some(&MADE), events)
        }
    }
}

/// Reads and writes properties of another session.
pub fn uses(all: &mut All) {
    let writes: [(&[u8], &[u8], u16, u64); 6] = [
        (b"k", b"v", CAPACITY, 0),
        (b"k", b"v", CAPACITY, 1),
        (b"k", b"v", CAPACITY, 2),
        (b"k", b"value", CAPACITY, 1),
        (b"k", b"value", 1_000, 0),
        (b"", b"v", CAPACITY, 0),
    ];
    let owners = standing();
    let active = owners[4];
    let one = stored(OWNER, SESSION)[0];
    // Each reader with a sound owner and grant; and a sound reader with each of those.
    let readers = acting().map(|(reader, wait, member, signer)| (reader, wait, member, signer, active, one));
    let (reader, _, member, _) = acting().find(|(reader, ..)| reader.status == active.status).unwrap();
    let others = owners.iter().map(|owner| (*owner, one)).chain(stored(OWNER, SESSION).into_iter().map(|grant| (active, grant)));
    let of_others = others.flat_map(|(owner, grant)| {
        // A reader that goes on for longer than the owner.
        let mut reader = reader;
        (reader.expires_at, reader.hard_end) = (NEVER, NEVER);
        waits(&owner.config).map(move |wait| (reader, wait, member, &MEMBER, owner, grant))
    });
    for (reader, wait, member, signer, owner, grant) in readers.chain(of_others) {
        let act = act(&ACCOUNT, signer, wait);
        for is_writable in [true, false] {
            let a_use = || Use { reader, is_writable, member, owner, grant };
            for property in properties() {
                all.attempt("read_property", |_| a_use().read(&act, &property));
            }
            for property in properties().into_iter().map(Some).chain([None]) {
                for write in writes {
                    all.attempt("write_property", |events| a_use().write(&act, property, write, events));
                }
            }
        }
    }
}
