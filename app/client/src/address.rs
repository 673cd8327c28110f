//! The addresses of a session's accounts.

use {
    sessions_core::{
        AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionState,
        rules::functions::Selector, state::MAX_KEY,
    },
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

/// The address of the function of the session at `session` that calls `program` with data that begins with `selector`.
pub fn function(session: &Address, program: &Address, selector: &Selector) -> Address {
    Address::find_program_address(&FunctionState::seeds(session, program, &selector.seed()), &PROGRAM).0
}

/// The address of the allowance of `mint`, or of SOL, for the member whose account is at `member`.
pub fn allowance(member: &Address, mint: &Address) -> Address {
    Address::find_program_address(&AllowanceState::seeds(member, mint), &PROGRAM).0
}

/// The address of what the session at `owner` grants the one at `reader`.
pub fn grant(owner: &Address, reader: &Address) -> Address {
    Address::find_program_address(&AccessGrantState::seeds(owner, reader), &PROGRAM).0
}

/// The address of the associated token account of `owner` for `mint`, by the token program `token_program`.
pub fn associated_token(owner: &Address, mint: &Address, token_program: &Address) -> Address {
    anchor_spl::associated_token::get_associated_token_address_with_program_id(owner, mint, token_program)
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
