//! The key pairs of a scenario's actors.
//!
//! On the embedded ledger a key pair follows from the actor's name alone, so that a scenario is the same story, address for address, on
//! every run. Anyone can derive these keys: they are worth nothing anywhere else.

use {
    sha2::{Digest, Sha256},
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::fmt,
};

const ACTOR_DOMAIN: &str = "sessions scenario actor";
const KEY_DOMAIN: &str = "sessions scenario session key";

/// Who can sign: an actor, or a session key of one.
#[derive(Clone, PartialEq, Eq)]
pub struct Wallet {
    /// The actor's name; for a session key `actor/key`.
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

/// Whether an actor, a session key or a saved thing can have this name.
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
        let all = [Wallet::actor("ana"), Wallet::actor("anab"), Wallet::session_key("ana", "b"), Wallet::session_key("an", "ab")];
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
