//! The value of an account's field, and how it is written: the same way in an expectation and in a report.

use {
    crate::report::format::{elapsed, seconds},
    sessions_client::core::rules::{
        config::Kind,
        lifecycle::{CloseReason, Status},
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
    /// A moment: on the calendar, as time since the start, or `none`.
    Moment(i64),
    /// An address: an actor's name, base58, or `none`.
    Address(Address),
    /// A session's id.
    Id([u8; 32]),
    /// A hash.
    Hash([u8; 32]),
    /// A byte of [`Status`].
    Status(u8),
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
            Self::Moment(moment) => elapsed(moment.saturating_sub(start)),
            Self::Address(address) if *address == Address::default() => "none".into(),
            Self::Address(address) => name(address).unwrap_or_else(|| address.to_string()),
            Self::Id(bytes) => hex::encode(bytes),
            Self::Hash(bytes) if *bytes == [0; 32] => "none".into(),
            Self::Hash(bytes) => format!("0x{}", hex::encode(bytes)),
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
    format!("{} and {} in window {}", used.total, used.in_window, used.window)
}
