//! The addresses of a session's accounts.

use {
    sessions_core::{InvitationState, InviteTokenState, MemberState, PropertyState, SessionState, state::MAX_KEY},
    sha2::{Digest, Sha256},
    solana_address::Address,
};

/// The program's address.
pub const PROGRAM: Address = sessions::ID;

/// The address of the session that `creator` calls `id`.
pub fn session(creator: &Address, id: &[u8; 32]) -> Address {
    Address::find_program_address(&SessionState::seeds(creator, id), &PROGRAM).0
}

/// The address of the vault of the session at `session`.
pub fn vault(session: &Address) -> Address {
    Address::find_program_address(&SessionState::vault_seeds(session), &PROGRAM).0
}

/// The address of the membership of `wallet` in the session at `session`.
pub fn member(session: &Address, wallet: &Address) -> Address {
    Address::find_program_address(&MemberState::seeds(session, wallet), &PROGRAM).0
}

/// The address of the invitation of `target` to the session at `session`.
pub fn invitation(session: &Address, target: &Address) -> Address {
    Address::find_program_address(&InvitationState::seeds(session, target), &PROGRAM).0
}

/// The address of the account of the token with the key `token` of the session at `session`.
pub fn invite_token(session: &Address, token: &Address) -> Address {
    Address::find_program_address(&InviteTokenState::seeds(session, token), &PROGRAM).0
}

/// The address of the property `key` of the session at `session`. Only the first 32 bytes of a key count here; the program refuses more.
pub fn property(session: &Address, key: &[u8]) -> Address {
    Address::find_program_address(&PropertyState::seeds(session, key.get(..MAX_KEY).unwrap_or(key)), &PROGRAM).0
}

/// The session id that a text stands for: 64 hex digits are the id itself, any other text is its SHA-256.
pub fn id_from_text(text: &str) -> [u8; 32] {
    match hex::decode(text).map(<[u8; 32]>::try_from) {
        Ok(Ok(id)) => id,
        _ => Sha256::digest(text).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_digits_are_the_id_and_other_text_is_hashed() {
        assert_eq!(id_from_text(&"0a".repeat(32)), [10; 32]);
        assert_eq!(id_from_text(&"0A".repeat(32)), [10; 32]);
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(id_from_text("abc")), abc);
        assert_ne!(id_from_text(&"0a".repeat(31)), [10; 32]);
    }
}
