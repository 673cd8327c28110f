//! The value of an account's field, and how it is written: the same way in an expectation and in a report.

use {
    crate::report::format::{elapsed, seconds},
    sessions_client::core::rules::{
        config::Kind,
        lifecycle::{CloseReason, Status},
        membership::{MemberStatus, NEVER, Role},
        permissions::{Permissions, Settings},
        quotas::{Quota, Quotas, UNLIMITED, Usage, Used},
    },
    solana_address::Address,
};

/// The value of a field, and with it the way its kind is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A count, as a whole number.
    Number(u64),
    /// A span of time, as a duration.
    Seconds(u32),
    /// A moment: on the calendar, as time since the start, `none` or `never`.
    Moment(i64),
    /// An address: an actor's name, a session key's, a token's, base58, or `none`.
    Address(Address),
    /// A session's id.
    Id([u8; 32]),
    /// A hash.
    Hash([u8; 32]),
    /// Bytes of any length: text, or `0x` and hex digits.
    Bytes(Vec<u8>),
    /// A byte of [`Status`].
    Status(u8),
    /// A byte of [`MemberStatus`].
    MemberStatus(u8),
    /// A byte of [`Role`].
    Role(u8),
    /// A byte of [`Kind`].
    Kind(u8),
    /// A byte of [`CloseReason`], or the application's own.
    Reason(u8),
    /// Bits of [`Permissions`].
    Permissions(u32),
    /// Bits of [`Settings`].
    Settings(u16),
    /// Limits.
    Quotas(Quotas),
    /// What was used of them.
    Usage(Usage),
}

impl Found {
    /// The value as text: moments as time since `start`, addresses by the `name` of whose they are.
    pub fn show(&self, start: i64, name: impl Fn(&Address) -> Option<String>) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Seconds(span) => seconds(u64::from(*span)),
            Self::Moment(0) => "none".into(),
            Self::Moment(NEVER) => "never".into(),
            Self::Moment(moment) => elapsed(moment.saturating_sub(start)),
            Self::Address(address) if *address == Address::default() => "none".into(),
            Self::Address(address) => name(address).unwrap_or_else(|| address.to_string()),
            Self::Id(bytes) => hex::encode(bytes),
            Self::Hash(bytes) if *bytes == [0; 32] => "none".into(),
            Self::Hash(bytes) => format!("0x{}", hex::encode(bytes)),
            Self::Bytes(bytes) => text(bytes),
            Self::MemberStatus(byte) => MemberStatus::from_byte(*byte).map_or_else(|| byte.to_string(), |status| status.name().into()),
            Self::Role(byte) => Role::from_byte(*byte).map_or_else(|| byte.to_string(), |role| role.name().into()),
            Self::Status(byte) => Status::from_byte(*byte).map_or_else(|| byte.to_string(), |status| status.name().into()),
            Self::Kind(byte) => Kind::from_byte(*byte).map_or_else(|| byte.to_string(), |kind| kind.name().into()),
            Self::Reason(byte) => CloseReason::from_byte(*byte).map_or_else(|| byte.to_string(), |reason| reason.name().into()),
            Self::Permissions(bits) => match Permissions::from_bits(*bits) {
                Some(set) => bracketed(set.names()),
                None => format!("{bits:#x}"),
            },
            Self::Settings(bits) => match Settings::from_bits(*bits) {
                Some(set) => bracketed(set.names()),
                None => format!("{bits:#x}"),
            },
            Self::Quotas(q) => {
                format!("operations {}, units {}, bytes {}", show_quota(&q.operations), show_quota(&q.units), show_quota(&q.bytes))
            }
            Self::Usage(u) => {
                format!("operations {}, units {}, bytes {}", show_used(&u.operations), show_used(&u.units), show_used(&u.bytes))
            }
        }
    }
}

/// Bytes as they are written: the text that they are, or hex digits. What would break a line, or be read as something else, is no text.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with("0x") && !text.chars().any(char::is_control) => text.to_owned(),
        _ => format!("0x{}", hex::encode(bytes)),
    }
}

fn bracketed(names: impl Iterator<Item = &'static str>) -> String {
    format!("[{}]", names.collect::<Vec<_>>().join(", "))
}

fn show_limit(limit: u64) -> String {
    if limit == UNLIMITED { "unlimited".into() } else { limit.to_string() }
}

fn show_quota(quota: &Quota) -> String {
    match quota.window_seconds {
        0 => show_limit(quota.limit),
        span => format!("{} and {} in {span}s", show_limit(quota.limit), show_limit(quota.window_limit)),
    }
}

fn show_used(used: &Used) -> String {
    match (used.in_window, used.window) {
        (0, 0) => used.total.to_string(),
        (in_window, window) => format!("{} and {in_window} in window {window}", used.total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_they_can_be_written() {
        for (bytes, shown) in [(&b"hi"[..], "hi"), (b"", ""), (b"a\nb", "0x610a62"), (&[0xff, 0], "0xff00"), (b"0x", "0x3078")] {
            assert_eq!(text(bytes), shown);
            assert_eq!(crate::scenario::values::bytes(shown), Ok(bytes.to_vec()));
        }
    }

    #[test]
    fn what_never_comes_is_shown_as_never() {
        let show = |moment| Found::Moment(moment).show(100, |_| None);
        assert_eq!([0, 190, NEVER].map(show), ["none", "+1m30s", "never"]);
    }
}
