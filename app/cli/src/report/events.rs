//! What an event tells: its name with what is worth knowing of it, for a line; all of it, for JSON.

use {
    super::{count, format, naming::Naming},
    crate::scenario::{amounts::SOL_NAME, fields::FunctionRef},
    serde_json::{Map, Value, json},
    sessions_client::core::{
        Address, NOBODY,
        events::AnyEvent,
        rules::{
            access::AccessRights,
            config::{Kind, SessionConfig},
            functions::{MAX_SELECTOR, Selector},
            lifecycle::CloseReason,
            membership::{NEVER, Role},
            outflow::SOL,
            permissions::{Permissions, Settings},
            quotas::{Quota, Quotas, UNLIMITED},
        },
    },
};

/// An event's name, with what is worth knowing of it.
pub fn brief(event: &AnyEvent, naming: &dyn Naming) -> String {
    let who = |address: &Address| naming.who(address);
    let until = |word: &str, moment: i64| format!("{word} {}", naming.moment(moment));
    let role = |byte: u8| role(byte).to_lowercase();
    let mint = |address: &Address| if *address == SOL { SOL_NAME.to_owned() } else { who(address) };
    let function = |program: &Address, bytes: &[u8; MAX_SELECTOR], length: u8| {
        let function = FunctionRef { program: *program, selector: Selector { bytes: *bytes, length } };
        naming.function(&function).unwrap_or_else(|| who(program))
    };
    let note = match event {
        AnyEvent::SessionActivated(e) => until("ends", e.expires_at),
        AnyEvent::SessionResumed(e) => until("ends", e.expires_at),
        AnyEvent::SessionClosing(e) => reason(e.reason),
        AnyEvent::SessionClosed(e) => reason(e.reason),
        AnyEvent::MemberInvited(e) => format!("{} as {}", who(&e.target), role(e.role)),
        AnyEvent::TokenCreated(e) => format!("{}, {}", who(&e.token), count(e.uses as usize, "use")),
        AnyEvent::InvitationAccepted(e) if e.uses_left > 0 => format!("{} left", e.uses_left),
        AnyEvent::InvitationRevoked(e) => format!("by {}", who(&e.by)),
        AnyEvent::MemberJoined(e) => role(e.role),
        AnyEvent::MemberRemoved(e) => who(&e.wallet),
        AnyEvent::MemberUpdated(e) => format!("{} is {}", who(&e.wallet), role(e.role)),
        AnyEvent::AuthorityProposed(e) => who(&e.proposed),
        AnyEvent::AuthorityTransferred(e) => format!("to {}", who(&e.to)),
        AnyEvent::SessionKeySet(e) => who(&e.key),
        AnyEvent::PropertySet(e) => format!("v{}", e.version),
        AnyEvent::PropertyDeleted(e) => format!("v{}", e.version),
        AnyEvent::MessageBroadcast(e) => format!("#{}", e.sequence),
        AnyEvent::MessageSent(e) => format!("#{} to {}", e.sequence, who(&e.recipient)),
        AnyEvent::CheckpointCommitted(e) => format!("#{}", e.sequence),
        AnyEvent::FunctionRegistered(e) => function(&e.program, &e.selector, e.selector_length),
        AnyEvent::FunctionUnregistered(e) => function(&e.program, &e.selector, e.selector_length),
        AnyEvent::FunctionExecuted(e) => function(&e.program, &e.selector, e.selector_length),
        AnyEvent::UsageRecorded(e) => count(usize::try_from(e.units).unwrap_or(usize::MAX), "unit"),
        AnyEvent::Deposited(e) => naming.amount(e.amount, &e.mint),
        AnyEvent::Withdrawn(e) => format!("{} to {}", naming.amount(e.amount, &e.mint), who(&e.recipient)),
        AnyEvent::AllowanceSet(e) => format!("{} for {}", mint(&e.mint), who(&e.wallet)),
        AnyEvent::AllowanceSpent(e) if e.destination == NOBODY => naming.amount(e.amount, &e.mint),
        AnyEvent::AllowanceSpent(e) => format!("{} to {}", naming.amount(e.amount, &e.mint), who(&e.destination)),
        AnyEvent::AccessGranted(e) => format!("{} to {}", rights_of(e.rights), who(&e.reader)),
        AnyEvent::AccessRevoked(e) => format!("from {}", who(&e.reader)),
        _ => return event.name().to_owned(),
    };
    format!("{} ({note})", event.name())
}

/// What an event tells besides its header, by the names of its fields. What is only padding is left out, and a key ends where it ends.
pub fn fields(event: &AnyEvent) -> Map<String, Value> {
    let told = match event {
        AnyEvent::SessionCreated(e) => json!({ "creator": address(&e.creator), "config": config(&e.config) }),
        AnyEvent::SessionActivated(e) => json!({ "expires_at": moment(e.expires_at), "hard_end": moment(e.hard_end) }),
        AnyEvent::SessionResumed(e) => json!({ "expires_at": moment(e.expires_at) }),
        AnyEvent::SessionClosing(e) => json!({ "reason": reason(e.reason) }),
        AnyEvent::SessionClosed(e) => json!({ "reason": reason(e.reason) }),
        AnyEvent::SessionDeleted(e) => json!({ "epoch": e.epoch }),
        AnyEvent::MemberInvited(e) => json!({
            "target": address(&e.target), "inviter": address(&e.inviter), "expires_at": moment(e.expires_at),
            "permissions": permissions(e.permissions), "role": role(e.role),
        }),
        AnyEvent::TokenCreated(e) => json!({
            "token": address(&e.token), "inviter": address(&e.inviter), "expires_at": moment(e.expires_at),
            "permissions": permissions(e.permissions), "uses": e.uses, "role": role(e.role),
        }),
        AnyEvent::InvitationAccepted(e) => json!({ "wallet": address(&e.wallet), "uses_left": e.uses_left }),
        AnyEvent::InvitationDeclined(e) => json!({ "target": address(&e.target) }),
        AnyEvent::InvitationRevoked(e) => json!({ "by": address(&e.by) }),
        AnyEvent::MemberJoined(e) => json!({
            "wallet": address(&e.wallet), "expires_at": moment(e.expires_at), "permissions": permissions(e.permissions), "role": role(e.role),
        }),
        AnyEvent::MemberLeft(e) => json!({ "wallet": address(&e.wallet) }),
        AnyEvent::MemberRemoved(e) => json!({ "wallet": address(&e.wallet), "by": address(&e.by) }),
        AnyEvent::MemberUpdated(e) => json!({
            "wallet": address(&e.wallet), "expires_at": moment(e.expires_at), "permissions": permissions(e.permissions), "role": role(e.role),
        }),
        AnyEvent::AuthorityProposed(e) => json!({ "proposed": address(&e.proposed) }),
        AnyEvent::AuthorityTransferred(e) => json!({ "from": address(&e.from), "to": address(&e.to) }),
        AnyEvent::SessionKeySet(e) => json!({ "key": address(&e.key) }),
        AnyEvent::SessionKeyCleared(e) => json!({ "wallet": address(&e.wallet) }),
        AnyEvent::PropertySet(e) => json!({ "version": e.version, "writer": address(&e.writer) }),
        AnyEvent::PropertyDeleted(e) => json!({
            "version": e.version, "writer": address(&e.writer), "key": key(&e.key, e.key_length),
        }),
        AnyEvent::MessageBroadcast(e) => json!({
            "sequence": e.sequence, "sender": address(&e.sender), "head": hash(&e.head), "message": data(e.message.as_slice()),
        }),
        AnyEvent::MessageSent(e) => json!({
            "sequence": e.sequence, "sender": address(&e.sender), "recipient": address(&e.recipient), "head": hash(&e.head),
            "message": data(e.message.as_slice()),
        }),
        AnyEvent::CheckpointCommitted(e) => json!({ "sequence": e.sequence, "root": hash(&e.root), "epoch": e.epoch }),
        AnyEvent::FunctionRegistered(e) => json!({
            "program": address(&e.program), "units": e.units, "selector": selector(&e.selector, e.selector_length),
            "composable": e.composable == 1,
        }),
        AnyEvent::FunctionUnregistered(e) => json!({
            "program": address(&e.program), "selector": selector(&e.selector, e.selector_length),
        }),
        AnyEvent::FunctionExecuted(e) => json!({
            "wallet": address(&e.wallet), "program": address(&e.program), "units": e.units, "compute_units": e.compute_units,
            "selector": selector(&e.selector, e.selector_length),
        }),
        AnyEvent::UsageRecorded(e) => json!({
            "wallet": address(&e.wallet), "units": e.units, "permissions": permissions(e.permissions),
        }),
        AnyEvent::Deposited(e) => json!({ "depositor": address(&e.depositor), "mint": mint(&e.mint), "amount": e.amount }),
        AnyEvent::Withdrawn(e) => json!({ "recipient": address(&e.recipient), "mint": mint(&e.mint), "amount": e.amount }),
        AnyEvent::AllowanceSet(e) => json!({ "wallet": address(&e.wallet), "mint": mint(&e.mint) }),
        AnyEvent::AllowanceSpent(e) => json!({
            "mint": mint(&e.mint), "amount": e.amount,
            "destination": (e.destination != NOBODY).then(|| address(&e.destination)),
        }),
        AnyEvent::AccessGranted(e) => json!({
            "reader": address(&e.reader), "expires_at": moment(e.expires_at), "rights": rights(e.rights),
        }),
        AnyEvent::AccessRevoked(e) => json!({ "reader": address(&e.reader) }),
        _ => Value::Null,
    };
    if let Value::Object(fields) = told { fields } else { Map::new() }
}

fn address(address: &Address) -> String {
    address.to_string()
}

fn moment(moment: i64) -> String {
    if moment == NEVER { "never".into() } else { format::calendar(moment) }
}

fn hash(bytes: &[u8; 32]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Bytes as text if they are UTF-8, and do not look like the digits that stand for bytes.
pub fn data(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with("0x") => text.to_owned(),
        _ => format!("0x{}", hex::encode(bytes)),
    }
}

fn key(bytes: &[u8; 32], length: u8) -> String {
    data(bytes.get(..length.into()).unwrap_or(bytes))
}

/// A mint's address; null stands for SOL.
pub fn mint(mint: &Address) -> Value {
    if *mint == SOL { Value::Null } else { json!(address(mint)) }
}

/// The bytes of a selector that count.
fn selector(bytes: &[u8; MAX_SELECTOR], length: u8) -> String {
    format!("0x{}", hex::encode(bytes.get(..length.into()).unwrap_or(bytes)))
}

fn role(byte: u8) -> String {
    Role::from_byte(byte).map_or_else(|| format!("role {byte}"), |role| role.name().to_owned())
}

fn reason(byte: u8) -> String {
    CloseReason::from_byte(byte).map_or_else(|| byte.to_string(), |reason| reason.name().to_owned())
}

/// The names of the bits, or their number if one has no name.
pub fn permissions(bits: u32) -> Value {
    Permissions::from_bits(bits).map_or_else(|| json!(bits), |set| set.names().collect())
}

/// The names of the rights.
pub fn rights(bits: u32) -> Value {
    AccessRights::from_bits(bits).map_or_else(|| json!(bits), |set| set.names().collect())
}

/// The same for a line.
fn rights_of(bits: u32) -> String {
    AccessRights::from_bits(bits).map_or_else(|| format!("{bits:#x}"), |set| set.names().collect::<Vec<_>>().join(" and "))
}

/// The names of the settings.
pub fn settings(bits: u16) -> Value {
    Settings::from_bits(bits).map_or_else(|| json!(bits), |set| set.names().collect())
}

fn config(config: &SessionConfig) -> Value {
    json!({
        "kind": Kind::from_byte(config.kind).map_or_else(|| config.kind.to_string(), |kind| kind.name().to_owned()),
        "max_members": config.max_members, "max_duration": config.max_duration, "hard_limit": config.hard_limit,
        "step_timeout": config.step_timeout, "activation_window": config.activation_window, "invitation_ttl": config.invitation_ttl,
        "permissions": permissions(config.permissions), "settings": settings(config.settings), "quotas": quotas(&config.quotas),
    })
}

/// Limits as numbers; null stands for none.
pub fn quotas(quotas: &Quotas) -> Value {
    let limit = |limit: u64| (limit != UNLIMITED).then_some(limit);
    let quota = |q: &Quota| match q.window_seconds {
        0 => json!({ "limit": limit(q.limit), "window": null }),
        seconds => json!({ "limit": limit(q.limit), "window": { "seconds": seconds, "limit": limit(q.window_limit) } }),
    };
    json!({ "operations": quota(&quotas.operations), "units": quota(&quotas.units), "bytes": quota(&quotas.bytes) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use {
        bytemuck::Zeroable,
        sessions_client::core::{events, for_each_event},
    };

    /// Every event with the names of its fields.
    macro_rules! catalogue {
        ($($(#[$doc:meta])* $name:ident = $id:literal $(+ $tail:ident)? { $($(#[$about:meta])* $field:ident: $type:ty),* $(,)? })+) => {
            [$((AnyEvent::from(events::$name::zeroed()), vec![$(stringify!($field)),*])),+]
        };
    }

    #[test]
    fn every_field_of_every_event_is_told() {
        for (event, names) in for_each_event!(catalogue) {
            let told = fields(&event);
            for name in names.iter().filter(|name| !["reserved", "key_length", "selector_length"].contains(*name)) {
                assert!(told.contains_key(*name), "{} does not tell its {name}", event.name());
            }
            assert!(["name", "address", "revision", "previous"].iter().all(|taken| !told.contains_key(*taken)), "{}", event.name());
        }
    }

    #[test]
    fn data_is_text_where_it_can_be() {
        assert_eq!([data("é\n".as_bytes()), data(&[0xff]), data(b"0xff"), data(b"")], ["é\n", "0xff", "0x30786666", ""]);
        assert_eq!(key(&[b'k'; 32], 3), "kkk");
    }
}
