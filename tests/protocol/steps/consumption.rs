//! What other programs ask of a membership, by a call or by the guard.

use {
    super::situation::{ACCOUNT, All, ELSEWHERE, SESSION, START, VAULT, act, acting, at, held},
    bytemuck::{Pod, bytes_of, cast_slice, cast_slice_mut},
    sessions_core::{
        Address, ID, MemberState, SessionState,
        guard::{AccountBytes, authorized_by_vault, member_may},
        rules::permissions::Permissions,
        state::DISCRIMINATOR_LEN,
    },
};

/// Charges members, and asks whether they could be.
pub fn consumes(all: &mut All) {
    for (session, wait, mut member, signer) in acting() {
        let act = act(&ACCOUNT, signer, wait);
        // So that the largest charge is too large for a number.
        member.usage.units.total = 1;
        for (permissions, units) in [(0, 1), (Permissions::SPEND.bits(), 0), (1 << 9, 1), (0, u64::MAX)] {
            for is_writable in [true, false] {
                all.attempt("consume", |events| {
                    let mut session = session;
                    { member }.consume(&act, at(held(&mut session, is_writable)), permissions, units, events).map(drop)
                });
            }
            all.attempt("validate_session", |_| member.validate(&act, at(&session), permissions, units).map(drop));
        }
    }
}

/// The data of an account, where numbers can be read in place.
fn data<T: Pod>(discriminator: [u8; DISCRIMINATOR_LEN], state: &T) -> Vec<u64> {
    let bytes = [&discriminator[..], bytes_of(state)].concat();
    let mut words = vec![0_u64; bytes.len().div_ceil(8)];
    cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(&bytes);
    words
}

/// The account with this data.
fn account<'a>(address: &'a Address, owner: &'a Address, data: &'a [u64]) -> AccountBytes<'a> {
    AccountBytes { address, owner, data: cast_slice(data) }
}

/// Asks the guard.
pub fn guards(all: &mut All) {
    for (session, wait, member, signer) in acting() {
        let mut unknown = session;
        unknown.header.version = u8::MAX;
        let now = START + i64::from(wait);
        for (session, owner) in [(session, ID), (unknown, ID), (session, ELSEWHERE)] {
            let (session, member) = (data(SessionState::DISCRIMINATOR, &session), data(MemberState::DISCRIMINATOR, &member));
            for owner_of_member in [ID, ELSEWHERE] {
                let session = account(&SESSION, &owner, &session);
                let member = account(&ACCOUNT, &owner_of_member, &member);
                all.ask_guard(|| member_may(&session, &member, signer, Permissions::SPEND, now).map(drop));
                for (vault, signed) in [(&VAULT, true), (&VAULT, false), (&ELSEWHERE, true)] {
                    all.ask_guard(|| authorized_by_vault(&session, &member, vault, signed, Permissions::SPEND, now).map(drop));
                }
            }
        }
    }
}
