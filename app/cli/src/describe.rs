//! Every account of the program by its fields, as text and as JSON.
//!
//! The fields are those of the scenario language's checks, so that each is told, and by the same name.

use {
    crate::{
        report::events,
        scenario::{
            checks::fields::{
                ALLOWANCE_FIELDS, FUNCTION_FIELDS, Field, GRANT_FIELDS, INVITATION_FIELDS, MEMBER_FIELDS, PROPERTY_FIELDS, SESSION_FIELDS,
                TOKEN_FIELDS,
            },
            found::Found,
        },
    },
    serde_json::{Map, Value, json},
    sessions_client::{
        address::PROGRAM,
        core::{
            AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionError,
            SessionState,
        },
        ledger::Snapshot,
    },
};

/// A kind of account.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name, of one.
    pub name: &'static str,
    /// Its name, of several.
    pub plural: &'static str,
    /// What its data begins with.
    pub discriminator: [u8; 8],
    /// Its size in bytes, without what a property holds.
    pub size: usize,
    fields: &'static [Field],
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $name:literal, $plural:literal, $state:ty, $fields:expr;)+) => {
        $($(#[$doc])* pub const $kind: Kind =
            Kind { name: $name, plural: $plural, discriminator: <$state>::DISCRIMINATOR, size: <$state>::SIZE, fields: $fields };)+
        /// Every kind.
        pub const KINDS: &[Kind] = &[$($kind),+];
    };
}

kinds! {
    /// A session.
    SESSION: "session", "sessions", SessionState, SESSION_FIELDS;
    /// A membership.
    MEMBER: "member", "members", MemberState, MEMBER_FIELDS;
    /// An invitation of a wallet.
    INVITATION: "invitation", "invitations", InvitationState, INVITATION_FIELDS;
    /// An invite token.
    TOKEN: "token", "tokens", InviteTokenState, TOKEN_FIELDS;
    /// A property.
    PROPERTY: "property", "properties", PropertyState, PROPERTY_FIELDS;
    /// A function.
    FUNCTION: "function", "functions", FunctionState, FUNCTION_FIELDS;
    /// An allowance.
    ALLOWANCE: "allowance", "allowances", AllowanceState, ALLOWANCE_FIELDS;
    /// A grant.
    GRANT: "grant", "grants", AccessGrantState, GRANT_FIELDS;
}

/// An account of the program.
#[derive(Clone, Debug)]
pub struct Described {
    /// What it is.
    pub kind: Kind,
    /// Its fields by name, in the order of their tables.
    pub fields: Vec<(&'static str, Found)>,
}

impl Described {
    /// The account in a snapshot; `None` if it is none of the program's.
    ///
    /// # Errors
    /// UnsupportedVersion if its layout is not known.
    pub fn read(snapshot: &Snapshot) -> Result<Option<Self>, SessionError> {
        let Some(account) = snapshot.account.as_ref().filter(|account| account.owner == PROGRAM) else { return Ok(None) };
        let Some(kind) = KINDS.iter().find(|kind| account.data.starts_with(&kind.discriminator)) else { return Ok(None) };
        let fields = kind.fields.iter().map(|field| Ok((field.name, (field.read)(snapshot)?))).collect::<Result<_, SessionError>>()?;
        Ok(Some(Self { kind: *kind, fields }))
    }

    /// The field with this name.
    pub fn get(&self, name: &str) -> Option<&Found> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, found)| found)
    }

    /// All of it.
    pub fn json(&self) -> Map<String, Value> {
        self.fields.iter().map(|(name, found)| ((*name).to_owned(), json_of(found))).collect()
    }
}

/// A value as JSON: numbers, durations and amounts as numbers (of seconds, of smallest parts), moments in RFC 3339 or "never", null where there is none.
pub fn json_of(found: &Found) -> Value {
    let plain = |found: &Found| json!(found.show(&crate::book::Book::default()));
    let limit = |limit: u64| if limit == u64::MAX { Value::Null } else { json!(limit) };
    match found {
        Found::Number(number) => json!(number),
        Found::Seconds(seconds) => json!(seconds),
        Found::Moment(0) => Value::Null,
        Found::Address(address) if *address == solana_address::Address::default() => Value::Null,
        Found::Address(address) | Found::Session(address) => json!(address.to_string()),
        Found::Hash(hash) if *hash == [0; 32] => Value::Null,
        Found::Bytes(bytes) => json!(events::data(bytes)),
        Found::Permissions(bits) => events::permissions(*bits),
        Found::Settings(bits) => events::settings(*bits),
        Found::Rights(bits) => events::rights(*bits),
        Found::Quotas(quotas) => events::quotas(quotas),
        Found::Usage(usage) => json!({ "operations": used(&usage.operations), "units": used(&usage.units), "bytes": used(&usage.bytes) }),
        Found::Left(left) => limit(*left),
        Found::Truth(byte) => json!(*byte == 1),
        Found::Addresses(addresses) if addresses.is_empty() => Value::Null,
        Found::Addresses(addresses) => addresses.iter().map(ToString::to_string).collect(),
        Found::Mint(mint) => events::mint(mint),
        Found::Amount(amount, _) => limit(*amount),
        Found::Window(0, ..) => Value::Null,
        Found::Window(seconds, amount, _) => json!({ "seconds": seconds, "limit": limit(*amount) }),
        Found::Used(of, _) => used(of),
        Found::Moment(_)
        | Found::Id(_)
        | Found::Hash(_)
        | Found::Status(_)
        | Found::MemberStatus(_)
        | Found::Role(_)
        | Found::Kind(_)
        | Found::Reason(_) => plain(found),
    }
}

fn used(used: &sessions_client::core::rules::quotas::Used) -> Value {
    json!({ "total": used.total, "window": used.window, "in_window": used.in_window })
}
