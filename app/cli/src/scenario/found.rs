//! The value of an account's field, and how it is written: the same way in an expectation and in a report.

use {
    super::amounts::SOL_NAME,
    crate::report::{
        format::{is_unseen, seconds},
        naming::Naming,
    },
    sessions_client::core::rules::{
        access::AccessRights,
        config::Kind,
        lifecycle::{CloseReason, Status},
        membership::{MemberStatus, NEVER, Role},
        outflow::SOL,
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
    /// What is left of a limit.
    Left(u64),
    /// A byte that is 1 or 0.
    Truth(u8),
    /// Bits of [`AccessRights`].
    Rights(u32),
    /// The address of a session: its saved name.
    Session(Address),
    /// Addresses of wallets; none stands for any.
    Addresses(Vec<Address>),
    /// A mint, or what stands for SOL.
    Mint(Address),
    /// An amount of a mint, which can be unlimited.
    Amount(u64, Address),
    /// A window: its seconds, and how much of a mint in each.
    Window(u64, u64, Address),
    /// What was taken of a mint.
    Used(Used, Address),
}

impl Found {
    /// The value as text: moments, addresses and amounts as they are written here, in a scenario by its own names and its own clock.
    pub fn show(&self, naming: &dyn Naming) -> String {
        let name = |address: &Address| naming.who(address);
        let amount = |amount: u64, mint: &Address| match amount {
            UNLIMITED => "unlimited".to_owned(),
            amount => naming.amount(amount, mint),
        };
        match self {
            Self::Number(number) => number.to_string(),
            Self::Seconds(span) => seconds(u64::from(*span)),
            Self::Moment(0) => "none".into(),
            Self::Moment(NEVER) => "never".into(),
            Self::Moment(moment) => naming.moment(*moment),
            Self::Address(address) if *address == Address::default() => "none".into(),
            Self::Address(address) | Self::Session(address) => name(address),
            Self::Addresses(addresses) if addresses.is_empty() => "any".into(),
            Self::Addresses(addresses) => bracketed(addresses.iter().map(name)),
            Self::Mint(mint) if *mint == SOL => SOL_NAME.into(),
            Self::Mint(mint) => name(mint),
            Self::Amount(number, mint) => amount(*number, mint),
            Self::Window(0, ..) => "none".into(),
            Self::Window(span, limit, mint) => format!("{} in {}", amount(*limit, mint), seconds(*span)),
            Self::Used(used, mint) => match (used.in_window, used.window) {
                (0, 0) => amount(used.total, mint),
                (in_window, window) => format!("{} and {} in window {window}", amount(used.total, mint), amount(in_window, mint)),
            },
            Self::Left(left) => show_limit(*left),
            Self::Truth(byte) => (*byte == 1).to_string(),
            Self::Rights(bits) => match AccessRights::from_bits(*bits) {
                Some(set) => bracketed(set.names()),
                None => format!("{bits:#x}"),
            },
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
        Ok(text) if !text.starts_with("0x") && !text.chars().any(is_unseen) => text.to_owned(),
        _ => format!("0x{}", hex::encode(bytes)),
    }
}

fn bracketed(names: impl Iterator<Item = impl Into<String>>) -> String {
    format!("[{}]", names.map(Into::into).collect::<Vec<_>>().join(", "))
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
    use {super::*, crate::scenario::Plan};

    #[test]
    fn bytes_are_shown_as_they_can_be_written() {
        for (bytes, shown) in [
            (&b"hi"[..], "hi"),
            (b"", ""),
            (b"a\nb", "0x610a62"),
            (&[0xff, 0], "0xff00"),
            (b"0x", "0x3078"),
            ("\u{202e}".as_bytes(), "0xe280ae"),
        ] {
            assert_eq!(text(bytes), shown);
            assert_eq!(crate::scenario::values::bytes(shown), Ok(bytes.to_vec()));
        }
    }

    #[test]
    fn what_never_comes_is_shown_as_never() {
        let plan = Plan { start: 100, ..Plan::default() };
        let show = |moment| Found::Moment(moment).show(&plan);
        assert_eq!([0, 190, NEVER].map(show), ["none", "+1m30s", "never"]);
    }
}
