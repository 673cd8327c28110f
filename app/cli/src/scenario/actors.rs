//! The key pairs of a scenario's actors, of their session keys, of invite tokens and of mints.
//!
//! On the embedded ledger a key pair follows from the actor's name alone, so that a scenario is the same story, address for address, on
//! every run. Anyone can derive these keys: they are worth nothing anywhere else.

use {
    super::{names::quote, values::Wrong},
    sha2::{Digest, Sha256},
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::fmt,
};

const ACTOR_DOMAIN: &str = "sessions scenario actor";
const KEY_DOMAIN: &str = "sessions scenario session key";
const TOKEN_DOMAIN: &str = "sessions scenario invite token";
const MINT_DOMAIN: &str = "sessions scenario mint";

/// Who can sign: an actor, a session key of one, whoever holds an invite token, or a mint, which signs when it is made.
#[derive(Clone, PartialEq, Eq)]
pub struct Wallet {
    /// The actor's, the token's or the mint's name; for a session key `actor/key`.
    pub name: String,
    /// The address.
    pub address: Address,
    seed: [u8; 32],
}

impl Wallet {
    /// The actor with this name.
    pub fn actor(name: &str) -> Self {
        Self::derive(name.to_owned(), &[ACTOR_DOMAIN, name])
    }

    /// The session key that `actor` calls `key`.
    pub fn session_key(actor: &str, key: &str) -> Self {
        Self::derive(format!("{actor}/{key}"), &[KEY_DOMAIN, actor, key])
    }

    /// The invite token with this name: whoever knows it holds its key.
    pub fn token(name: &str) -> Self {
        Self::derive(name.to_owned(), &[TOKEN_DOMAIN, name])
    }

    /// The mint with this name.
    pub fn mint(name: &str) -> Self {
        Self::derive(name.to_owned(), &[MINT_DOMAIN, name])
    }

    /// The seed is SHA-256 over the parts with a zero byte after each; names have no zero bytes, so no two lists of parts are alike.
    fn derive(name: String, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
            hash.update([0]);
        }
        let seed = hash.finalize().into();
        Self { name, address: Keypair::new_from_array(seed).pubkey(), seed }
    }

    /// The key pair to sign with.
    pub fn keypair(&self) -> Keypair {
        Keypair::new_from_array(self.seed)
    }
}

impl fmt::Debug for Wallet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.address)
    }
}

/// The name that `what` ("an actor", "a session key") is given.
///
/// # Errors
/// What is wrong with it.
pub fn name(what: &str, text: &str) -> Result<String, Wrong> {
    if is_name(text) {
        return Ok(text.to_owned());
    }
    Err(format!("{} cannot be {what}'s name; use up to 32 letters, digits, _, - or .", quote(text)))
}

/// Whether an actor, a session key, a token or a saved thing can have this name.
pub fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    (1..=32).contains(&text.chars().count()) && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_always_has_the_same_key_and_no_other_has_it() {
        assert_eq!(Wallet::actor("ana"), Wallet::actor("ana"));
        assert_eq!(Wallet::actor("ana").keypair().pubkey(), Wallet::actor("ana").address);
        let all = [
            Wallet::actor("ana"),
            Wallet::actor("anab"),
            Wallet::session_key("ana", "b"),
            Wallet::session_key("an", "ab"),
            Wallet::token("ana"),
            Wallet::mint("ana"),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other.address != one.address));
        }
    }

    #[test]
    fn names_are_words() {
        assert!(is_name("ana") && is_name("ana-2.b_c") && is_name("Zoë"));
        assert!(!is_name("") && !is_name("a b") && !is_name("a/b") && !is_name("a\0") && !is_name(&"a".repeat(33)));
    }
}
