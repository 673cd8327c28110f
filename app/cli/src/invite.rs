//! Links: what admits whoever has it to a session. A link is a session's address and the secret key of an invite token, which never goes to
//! the chain; the token's address does.

use {
    crate::{
        failed::{Failed, reason},
        keys,
        scenario::names::quote,
    },
    solana_address::Address,
    solana_keypair::Keypair,
    std::{fs, path::Path},
};

/// What a link begins with. The secret stands behind a `#`, which browsers do not send to servers.
const SCHEME: &str = "sessions:join/";

/// A link.
#[derive(Debug)]
pub struct Link {
    /// The session's address.
    pub session: Address,
    /// The token's key.
    pub token: Keypair,
}

impl Link {
    /// Its text, with the secret.
    pub fn text(&self) -> String {
        format!("{SCHEME}{}#{}", self.session, hex::encode(self.token.secret_bytes()))
    }

    /// The link that a text is, or the one in the file at that path.
    ///
    /// # Errors
    /// InvalidLink, which does not tell the secret.
    pub fn read(text: &str) -> Result<Self, Failed> {
        if text.starts_with(SCHEME) {
            return Self::parse(text).ok_or_else(|| wrong("the link is damaged".into()));
        }
        if text != "-" && !Path::new(text).is_file() {
            return Err(wrong(format!("{} is neither a link nor a file with one", quote(text))));
        }
        let content = if text == "-" { std::io::read_to_string(std::io::stdin().lock()) } else { fs::read_to_string(text) };
        let content = content.map_err(|error| wrong(format!("{} cannot be read: {}", quote(text), reason(&error))))?;
        Self::parse(content.trim()).ok_or_else(|| wrong(format!("the file {text} has no link, or a damaged one")))
    }

    fn parse(text: &str) -> Option<Self> {
        let (session, secret) = text.strip_prefix(SCHEME)?.split_once('#')?;
        let mut seed = [0; 32];
        hex::decode_to_slice(secret, &mut seed).ok()?;
        Some(Self { session: session.parse().ok()?, token: Keypair::new_from_array(seed) })
    }
}

fn wrong(message: String) -> Failed {
    Failed::unusable("InvalidLink", message, "paste all of what `sessions create-invite-token` gave, in quotes, or name the file it wrote")
}

/// The address of a token: as such, of a link, or of a key file.
///
/// # Errors
/// InvalidLink, InvalidAddress, and what is wrong with a key file.
pub fn token(text: &str) -> Result<Address, Failed> {
    use solana_keypair::Signer;
    match keys::address(text) {
        Ok(address) => Ok(address),
        Err(_) => Ok(Link::read(text)?.token.pubkey()),
    }
}

#[cfg(test)]
mod tests {
    use {super::*, solana_keypair::Signer};

    #[test]
    fn a_link_is_read_as_it_was_written_and_no_other() {
        let link = Link { session: Address::new_from_array([5; 32]), token: Keypair::new_from_array([7; 32]) };
        let text = link.text();
        let read = Link::read(&text).unwrap();
        assert_eq!((read.session, read.token.pubkey()), (link.session, link.token.pubkey()));
        assert_eq!(token(&text).unwrap(), link.token.pubkey());
        for damaged in [&text[..text.len() - 1], &text.replace('#', ""), &text.replace("join/", "join/1")] {
            let failed = Link::read(damaged).unwrap_err();
            assert_eq!(failed.name, "InvalidLink");
            assert!(!failed.message.contains("0707"), "the secret is not told: {failed}");
        }
    }
}
