//! How a session is named on the command line: by its address, by an id of one's own, or by its creator and id.

use {
    crate::{
        failed::Failed,
        keys,
        scenario::{names::quote, values},
    },
    sessions_client::address,
    solana_address::Address,
};

/// Where a session is, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub address: Address,
    /// Its creator and its id, if it was named by them.
    pub named: Option<(Address, [u8; 32])>,
    /// As it was written.
    pub text: String,
}

impl Place {
    /// The session that `text` names: an address, `CREATOR/ID`, or an id of `own`'s.
    ///
    /// # Errors
    /// InvalidArgument, and what is wrong with a creator; those of `own`, which is asked for an id alone.
    pub fn read(text: &str, own: impl FnOnce() -> Result<Address, Failed>) -> Result<Self, Failed> {
        if let Ok(address) = text.parse() {
            return Ok(Self { address, named: None, text: text.to_owned() });
        }
        let (creator, id) = match text.rsplit_once('/') {
            Some((creator, id)) => (self::creator(text, creator)?, id),
            None => (own()?, text),
        };
        Ok(Self { text: text.to_owned(), ..Self::of(creator, id)? })
    }

    /// The session that `creator` calls `id`.
    ///
    /// # Errors
    /// InvalidArgument.
    pub fn of(creator: Address, id: &str) -> Result<Self, Failed> {
        let bytes = values::id(id).map_err(|wrong| Failed::argument(wrong, "an id is any text, or 64 hex digits"))?;
        Ok(Self { address: address::session(&creator, &bytes), named: Some((creator, bytes)), text: id.to_owned() })
    }

    /// That there is no session there: which address that is, and how it came about.
    pub fn absent(&self) -> Failed {
        let (message, hint) = match &self.named {
            Some((creator, _)) => {
                let message = format!(
                    "there is no session at {}, which is where {} of the creator {creator} would be",
                    self.address,
                    quote(&self.text)
                );
                (message, "one that another wallet created is named CREATOR/ID; `sessions list` lists yours; check --url too")
            }
            None => (format!("there is no session at {}", self.address), "check the address and --url; `sessions list` lists yours"),
        };
        Failed::unusable("SessionNotFound", message, hint)
    }
}

/// The creator before the last slash of a session's name.
fn creator(text: &str, creator: &str) -> Result<Address, Failed> {
    keys::address(creator).map_err(|failed| match failed.name.as_str() {
        "InvalidAddress" => Failed::argument(
            format!("{} is no session: {} is neither an address nor a key file", quote(text), quote(creator)),
            "a session is named by its address, an id of yours, or CREATOR/ID",
        ),
        _ => failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_three_names() {
        let creator = Address::new_from_array([9; 32]);
        let own = || Ok(creator);
        let night = Place::read("night", own).unwrap();
        assert_eq!(night.address, address::session(&creator, &address::id_from_text("night")));
        let other = || Err(Failed::argument("not asked for", ""));
        assert_eq!(Place::read(&format!("{creator}/night"), other).unwrap().address, night.address);
        assert_eq!(Place::read(&night.address.to_string(), other).unwrap().address, night.address);
        let digits = "0a".repeat(32);
        assert_eq!(Place::read(&digits, own).unwrap().named, Some((creator, [10; 32])));
        assert!(Place::read("nobody/night", own).unwrap_err().message.contains("\"nobody\" is neither an address nor a key file"));
        assert!(Place::read("", own).unwrap_err().message.contains("at least one character"));
        assert!(night.absent().message.contains(&night.address.to_string()) && night.absent().message.contains(&creator.to_string()));
    }
}
