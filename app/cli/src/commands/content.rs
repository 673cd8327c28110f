//! What is shared and recorded in a session: properties, messages, checkpoints.

use {
    super::{arguments::Hash, lifecycle::Of},
    crate::{
        context::{Context, Open},
        describe::PROPERTY,
        draft::Draft,
        failed::Failed,
        keys,
        scenario::{instructions::CAPACITY, names::quote, values},
    },
    clap::{Args, Subcommand},
    sessions_client::{
        Ledger, account, address,
        core::{SessionError, state::MAX_VALUE},
        instruction as build,
        instruction::SetPropertyArgs,
    },
    solana_address::Address,
};

/// A value that is written under a key.
#[derive(Args, Clone, Debug)]
pub struct Value {
    /// The key: a text, or 0x and hex digits; 1 to 32 bytes.
    key: String,
    /// The value: a text, or 0x and hex digits.
    value: String,
    /// The version that is there now; 0 if there is none.
    #[arg(long, value_name = "VERSION", default_value_t = 0)]
    expect_version: u64,
    /// How many bytes there is room for, at the cost of their rent; counts when the property is made.
    #[arg(long, value_name = "BYTES", default_value_t = CAPACITY, value_parser = capacity)]
    capacity: u16,
}

fn capacity(text: &str) -> Result<u16, values::Wrong> {
    let known = text.parse().ok().filter(|bytes| usize::from(*bytes) <= MAX_VALUE);
    known.ok_or_else(|| format!("{} is no capacity; a property has room for 0 to {MAX_VALUE} bytes", quote(text)))
}

impl Value {
    /// The key's and the value's bytes.
    pub fn bytes(&self) -> Result<(Vec<u8>, Vec<u8>), Failed> {
        Ok((key(&self.key)?, data(&self.value)?))
    }

    /// The arguments of the instruction that writes it.
    pub const fn args<'a>(&self, key: &'a [u8], value: &'a [u8]) -> SetPropertyArgs<'a> {
        SetPropertyArgs { expected_version: self.expect_version, capacity: self.capacity, key, value }
    }

    /// The bytes of its account.
    pub fn size(&self) -> usize {
        PROPERTY.size.saturating_add(self.capacity.into())
    }

    /// Refuses a version that is not the one at `at`, which a simulation would only call a conflict.
    pub async fn check<L: Ledger>(&self, context: &Context<'_, L>, at: Address) -> Result<(), Failed> {
        let there = context.find(at, |snapshot| account::property(snapshot).map(|(state, _)| state.version)).await?.unwrap_or(0);
        conflict(&self.key, there, self.expect_version)
    }
}

fn conflict(key: &str, there: u64, expected: u64) -> Result<(), Failed> {
    if there == expected {
        return Ok(());
    }
    let is = if there == 0 { "is not there".to_owned() } else { format!("is at version {there}") };
    let message = format!("the property {} {is}, and version {expected} was expected", quote(key));
    let hint = format!("if you know what is there and want to write over it, say --expect-version {there}");
    Err(Failed { code: 1, ..Failed::unusable(SessionError::VersionConflict.name(), message, hint) })
}

/// A property's key.
pub fn key(text: &str) -> Result<Vec<u8>, Failed> {
    values::property_key(text).map_err(|wrong| Failed::argument(wrong, "write a text of 1 to 32 bytes, or 0x and hex digits"))
}

/// Bytes of any length.
pub fn data(text: &str) -> Result<Vec<u8>, Failed> {
    values::bytes(text).map_err(|wrong| Failed::argument(wrong, "write a text, or 0x and two hex digits a byte"))
}

/// Commands about what is shared and recorded in a session.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "the types of what is flattened say it")]
pub enum Content {
    /// Write a shared value.
    #[command(
        after_help = "Examples:\n  sessions set-property night board x--\n  sessions set-property night board xo- --expect-version 1\n  sessions set-property night score 0x00ff --capacity 2"
    )]
    SetProperty {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        value: Value,
    },
    /// Delete a shared value; its rent goes back to who paid it.
    #[command(after_help = "Examples:\n  sessions delete-property night board --expect-version 2")]
    DeleteProperty {
        #[command(flatten)]
        of: Of,
        /// The key: a text, or 0x and hex digits.
        key: String,
        /// The version that is there now.
        #[arg(long, value_name = "VERSION")]
        expect_version: u64,
    },
    /// Send a message to everyone.
    #[command(
        after_help = "Examples:\n  sessions broadcast-message night 'Who begins?'\n  sessions broadcast-message gm.json/night hello --session-key agent.json --as WALLET_ADDRESS"
    )]
    BroadcastMessage {
        #[command(flatten)]
        of: Of,
        /// The message: a text, or 0x and hex digits; up to 768 bytes. It is public.
        data: String,
    },
    /// Send a message to a member. It is public too.
    #[command(after_help = "Examples:\n  sessions send-direct-message night ana.json 'Your turn'")]
    SendDirectMessage {
        #[command(flatten)]
        of: Of,
        /// To whom: an address or a key file.
        to: String,
        /// The message: a text, or 0x and hex digits; up to 768 bytes.
        data: String,
    },
    /// Record where the live state stands, as the host.
    #[command(after_help = "Examples:\n  sessions commit-checkpoint gm.json/night 1 'what the state is' -k relay.json")]
    CommitCheckpoint {
        #[command(flatten)]
        of: Of,
        /// Its number, above that of the last one.
        sequence: u64,
        /// The hash of the state: 0x and 64 hex digits, or a text to be hashed.
        #[arg(value_parser = values::hash)]
        root: Hash,
    },
}

impl Content {
    /// What the command is going to do.
    ///
    /// # Errors
    /// What is wrong with an argument, a key file or the session; the ledger's.
    pub async fn draft<L: Ledger>(self, context: &Context<'_, L>) -> Result<Draft, Failed> {
        let who = context.who;
        match self {
            Self::SetProperty { of, value } => {
                let Open { place, .. } = context.session(&of.session).await?;
                let (key, bytes) = value.bytes()?;
                let at = address::property(&place.address, &key);
                value.check(context, at).await?;
                let built = build::set_property(who.actor()?, who.payer()?, place.address, who.member()?, value.args(&key, &bytes));
                Ok(Draft::new("set_property", place, built).makes_bytes("property", at, value.size()))
            }
            Self::DeleteProperty { of, key: text, expect_version } => {
                let Open { place, .. } = context.session(&of.session).await?;
                let key = key(&text)?;
                let at = address::property(&place.address, &key);
                let there = context.find(at, |snapshot| account::property(snapshot).map(|(state, _)| state)).await?;
                conflict(&text, there.map_or(0, |state| state.version), expect_version)?;
                let payer = there.map_or(who.payer()?, |state| state.header.payer);
                let built = build::delete_property(who.actor()?, place.address, who.member()?, &key, payer, expect_version);
                Ok(Draft::new("delete_property", place, built).ends(at))
            }
            Self::BroadcastMessage { of, data: text } => {
                let Open { place, .. } = context.session(&of.session).await?;
                let built = build::broadcast_message(who.actor()?, place.address, who.member()?, &data(&text)?);
                Ok(Draft::new("broadcast_message", place, built))
            }
            Self::SendDirectMessage { of, to, data: text } => {
                let (Open { place, .. }, to) = (context.session(&of.session).await?, keys::address(&to)?);
                let built = build::send_direct_message(who.actor()?, place.address, who.member()?, to, &data(&text)?);
                Ok(Draft::new("send_direct_message", place, built).notes("to", to.to_string()))
            }
            Self::CommitCheckpoint { of, sequence, root } => {
                let Open { place, .. } = context.session(&of.session).await?;
                let built = build::commit_checkpoint(who.wallet()?, place.address, sequence, root);
                Ok(Draft::new("commit_checkpoint", place, built))
            }
        }
    }
}
