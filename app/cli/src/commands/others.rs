//! What other programs ask of a membership, and properties across sessions.

use {
    super::{
        arguments::{permissions, rights},
        content::{Value, key},
        lifecycle::Of,
    },
    crate::{
        context::{Context, Open},
        describe::GRANT,
        draft::{Answer, Draft},
        failed::Failed,
        scenario::values,
    },
    clap::{Args, Subcommand},
    sessions_client::{
        Ledger, account, address,
        core::{SessionError, rules::membership::NO_EXPIRY},
        instruction as build,
        instruction::GrantAccessArgs,
    },
};

/// What a member is charged.
#[derive(Args, Clone, Debug)]
pub struct Charge {
    #[command(flatten)]
    of: Of,
    /// What it needs to be allowed: names with commas between them. [left out: EXECUTE_FUNCTIONS]
    #[arg(long, value_name = "NAMES", value_parser = permissions)]
    permissions: Option<u32>,
    /// How many units it takes.
    #[arg(long, default_value_t = 0)]
    units: u64,
}

/// Another session.
#[derive(Args, Clone, Debug)]
pub struct Reader {
    #[command(flatten)]
    of: Of,
    /// The session that may read or write: its address, an id of yours, or CREATOR/ID.
    reader: String,
}

/// Another session's property.
#[derive(Args, Clone, Debug)]
pub struct Owner {
    #[command(flatten)]
    of: Of,
    /// The session whose property it is: its address, an id of yours, or CREATOR/ID.
    owner: String,
}

/// Commands about other programs and other sessions.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "the types of what is flattened say it")]
pub enum Others {
    /// Charge yourself for what you do elsewhere.
    #[command(after_help = "Examples:\n  sessions consume night --units 3")]
    Consume(Charge),
    /// Ask how you stand in a session; it is simulated and costs nothing.
    #[command(
        after_help = "Examples:\n  sessions validate-session night\n  sessions validate-session night --permissions SPEND --units 3 --json"
    )]
    ValidateSession {
        #[command(flatten)]
        charge: Charge,
        /// Send it all the same.
        #[arg(long)]
        send: bool,
    },
    /// Let another session use properties, as the authority.
    #[command(
        after_help = "Examples:\n  sessions grant-access night day --rights READ\n  sessions grant-access night ben.json/day --rights READ,WRITE --ttl 1d"
    )]
    GrantAccess {
        #[command(flatten)]
        reader: Reader,
        /// READ, WRITE, or both with a comma between them.
        #[arg(long, value_name = "NAMES", value_parser = rights)]
        rights: u32,
        /// How long: a time, or never.
        #[arg(long, value_name = "TIME", value_parser = values::span)]
        ttl: Option<u32>,
    },
    /// Let another session use properties no longer, as the authority.
    #[command(after_help = "Examples:\n  sessions revoke-access night day")]
    RevokeAccess(Reader),
    /// Read another session's value as a member of this one; it is simulated and costs nothing.
    #[command(after_help = "Examples:\n  sessions read-property day night board")]
    ReadProperty {
        #[command(flatten)]
        owner: Owner,
        /// The key: a text, or 0x and hex digits.
        key: String,
        /// Send it all the same, which counts as an operation.
        #[arg(long)]
        send: bool,
    },
    /// Write another session's value as a member of this one.
    #[command(after_help = "Examples:\n  sessions write-property day night board x-- --expect-version 1")]
    WriteProperty {
        #[command(flatten)]
        owner: Owner,
        #[command(flatten)]
        value: Value,
    },
}

impl Others {
    /// What the command is going to do.
    ///
    /// # Errors
    /// What is wrong with an argument, a key file or a session; the ledger's.
    pub async fn draft<L: Ledger>(self, context: &Context<'_, L>) -> Result<Draft, Failed> {
        let who = context.who;
        match self {
            Self::Consume(Charge { of, permissions, units }) => {
                let session = context.session(&of.session).await?;
                let built = build::consume(context.acting(&session)?, permissions.unwrap_or(0), units);
                Ok(Draft::new("consume", session.place, built).answers(Answer::Standing))
            }
            Self::ValidateSession { charge: Charge { of, permissions, units }, send } => {
                let session = context.session(&of.session).await?;
                let built = build::validate_session(context.acting(&session)?, permissions.unwrap_or(0), units);
                Ok(Draft { only_asks: !send, ..Draft::new("validate_session", session.place, built).answers(Answer::Standing) })
            }
            Self::GrantAccess { reader: Reader { of, reader }, rights, ttl } => {
                let (Open { place, .. }, reader) = (context.session(&of.session).await?, context.session(&reader).await?.address());
                let args = GrantAccessArgs { rights, ttl: ttl.unwrap_or(NO_EXPIRY) };
                let built = build::grant_access(who.wallet()?, who.payer()?, place.address, reader, args);
                let at = address::grant(&place.address, &reader);
                Ok(Draft::new("grant_access", place, built).makes(GRANT, at).notes("reader", reader.to_string()))
            }
            Self::RevokeAccess(Reader { of, reader }) => {
                let (Open { place, .. }, reader) = (context.session(&of.session).await?, context.place(&reader)?.address);
                let at = address::grant(&place.address, &reader);
                let grant = context.get(at, account::grant, SessionError::AccessNotFound).await?;
                let built = build::revoke_access(who.wallet()?, place.address, &grant);
                Ok(Draft::new("revoke_access", place, built).ends(at).notes("reader", reader.to_string()))
            }
            Self::ReadProperty { owner: Owner { of, owner }, key: text, send } => {
                let (session, owner) = (context.session(&of.session).await?, context.session(&owner).await?.address());
                let built = build::read_property(context.acting(&session)?, owner, &key(&text)?);
                let draft = Draft::new("read_property", session.place, built).answers(Answer::Property).notes("owner", owner.to_string());
                Ok(Draft { only_asks: !send, ..draft })
            }
            Self::WriteProperty { owner: Owner { of, owner }, value } => {
                let (session, owner) = (context.session(&of.session).await?, context.session(&owner).await?.address());
                let (key, bytes) = value.bytes()?;
                let at = address::property(&owner, &key);
                value.check(context, at).await?;
                let built = build::write_property(context.acting(&session)?, who.payer()?, owner, value.args(&key, &bytes));
                let draft = Draft::new("write_property", session.place, built).makes_bytes("property", at, value.size());
                Ok(draft.notes("owner", owner.to_string()))
            }
        }
    }
}
