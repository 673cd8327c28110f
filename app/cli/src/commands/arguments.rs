//! Arguments that several commands take, and how they are written; most as in scenarios.

use {
    crate::{
        context::Mint,
        failed::Failed,
        scenario::{
            amounts::{SOL_DECIMALS, SOL_NAME, Written},
            config::Choices,
            names::quote,
            values::{self, Wrong},
        },
    },
    clap::Args,
    sessions_client::core::rules::{
        access::AccessRights,
        config::{Kind, SessionConfig},
        membership::{MemberChanges, OF_ROLE, Role, Terms},
        permissions::{Permissions, Settings},
        quotas::{Quota, Quotas, UNLIMITED},
    },
};

/// A set of bits: names with commas between them, `all` or `none`.
fn set<T: Copy + Default>(what: &str, text: &str, names: &[(&'static str, T)], all: T, or: fn(T, T) -> T) -> Result<T, Wrong> {
    match text {
        "all" => Ok(all),
        "none" => Ok(T::default()),
        _ => text.split(',').try_fold(T::default(), |sum, name| Ok(or(sum, values::bit(what, &name.trim().to_uppercase(), names)?))),
    }
}

/// Permissions, like `SEND_MESSAGES,SPEND`.
pub fn permissions(text: &str) -> Result<u32, Wrong> {
    set("permission", text, Permissions::NAMES, Permissions::ALL, Permissions::or).map(Permissions::bits)
}

/// Settings, like `AUTO_EXPIRE`.
pub fn settings(text: &str) -> Result<Settings, Wrong> {
    set("setting", text, Settings::NAMES, Settings::ALL, Settings::or)
}

/// Rights in another session's properties, like `READ,WRITE`.
pub fn rights(text: &str) -> Result<u32, Wrong> {
    set("right", text, AccessRights::NAMES, AccessRights::ALL, AccessRights::or).map(AccessRights::bits)
}

/// One of a session's or a member's quotas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneQuota {
    of: usize,
    quota: Quota,
}

/// What there are quotas of.
const COUNTED: [&str; 3] = ["operations", "units", "bytes"];

/// A quota: `units=1000`, `units=20/1m` for each window of a minute, or `units=1000,20/1m`.
pub fn quota(text: &str) -> Result<OneQuota, Wrong> {
    let (name, limits) = text.split_once('=').ok_or_else(|| format!("{} is no quota; write it like units=1000,20/1m", quote(text)))?;
    let of =
        values::bit("quota of", name, &COUNTED.map(|name| (name, COUNTED.iter().position(|known| *known == name).unwrap_or_default())))?;
    let mut quota = Quota::UNLIMITED;
    for limit in limits.split(',') {
        match limit.split_once('/') {
            Some((limit, window)) => (quota.window_limit, quota.window_seconds) = (values::limit(limit)?, values::window(window)?),
            None => quota.limit = values::limit(limit)?,
        }
    }
    Ok(OneQuota { of, quota })
}

/// The quotas that were given; the others are unlimited. `None` if none was.
fn quotas(given: &[OneQuota]) -> Option<Quotas> {
    let of = |which| given.iter().rev().find(|one| one.of == which).map_or(Quota::UNLIMITED, |one| one.quota);
    (!given.is_empty()).then(|| Quotas { operations: of(0), units: of(1), bytes: of(2) })
}

/// What a creator chooses.
#[derive(Args, Clone, Debug)]
pub struct Configuration {
    /// group, or point-to-point for two.
    #[arg(long, value_parser = values::kind)]
    kind: Option<Kind>,
    /// How many members there can be. [left out: 16, or 2 if point to point]
    #[arg(long, value_name = "NUMBER")]
    max_members: Option<u32>,
    /// How long the session lasts, like 90s, 15m, 2h or 1d12h. [left out: 1h]
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    max_duration: Option<u32>,
    /// How far its end can be moved, from its beginning. [left out: --max-duration]
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    hard_limit: Option<u32>,
    /// How long anyone may take for a step. [left out: 60s]
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    step_timeout: Option<u32>,
    /// How long a created session may wait to be started. [left out: --step-timeout]
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    activation_window: Option<u32>,
    /// How long invitations last. [left out: 10m]
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    invitation_ttl: Option<u32>,
    /// What members can be allowed at all: names with commas between them, all or none. [left out: all]
    #[arg(long, value_name = "NAMES", value_parser = permissions)]
    permissions: Option<u32>,
    /// AUTO_EXPIRE, LOG_EXECUTION, MONITOR_PERFORMANCE, PAUSE_STOPS_CLOCK, INVITE_ONLY, with commas between them. [left out: none]
    #[arg(long, value_name = "NAMES", value_parser = settings)]
    settings: Option<Settings>,
    /// A limit that all members share, of operations, units or bytes: units=1000, units=20/1m or both, units=1000,20/1m. [left out: none]
    #[arg(long = "quota", value_name = "LIMIT", value_parser = quota)]
    quotas: Vec<OneQuota>,
}

impl Configuration {
    /// The configuration with everything that was left out.
    pub fn config(&self) -> SessionConfig {
        let Self {
            kind,
            max_members,
            max_duration,
            hard_limit,
            step_timeout,
            activation_window,
            invitation_ttl,
            permissions,
            settings,
            ..
        } = *self;
        let quotas = quotas(&self.quotas);
        Choices {
            kind,
            max_members,
            max_duration,
            hard_limit,
            step_timeout,
            activation_window,
            invitation_ttl,
            permissions,
            settings,
            quotas,
        }
        .config()
    }
}

/// Rights of a member.
#[derive(Args, Clone, Debug)]
pub struct Rights {
    /// observer, member, moderator or owner.
    #[arg(long, value_parser = values::role)]
    role: Option<Role>,
    /// Names with commas between them, all or none. [left out: those of the role]
    #[arg(long, value_name = "NAMES", value_parser = permissions)]
    permissions: Option<u32>,
    /// How long the membership lasts: a time, or never.
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    expires_in: Option<u32>,
    /// A limit of operations, units or bytes: units=1000, units=20/1m or both, units=1000,20/1m. Those left out are unlimited.
    #[arg(long = "quota", value_name = "LIMIT", value_parser = quota)]
    quotas: Vec<OneQuota>,
}

impl Rights {
    /// What an invitation admits to; without a role as a member.
    pub fn terms(&self) -> Terms {
        Terms {
            quotas: quotas(&self.quotas).unwrap_or(Quotas::UNLIMITED),
            permissions: self.permissions.unwrap_or(OF_ROLE),
            expires_in: self.expires_in.unwrap_or(0),
            role: self.role.unwrap_or(Role::Member) as u8,
            reserved: [0; 7],
        }
    }

    /// What changes of a member.
    pub fn changes(&self) -> MemberChanges {
        MemberChanges { role: self.role, permissions: self.permissions, expires_in: self.expires_in, quotas: quotas(&self.quotas) }
    }
}

/// What changes of a session.
#[derive(Args, Clone, Debug)]
pub struct Changes {
    /// The new host: an address or a key file.
    #[arg(long, value_name = "WALLET")]
    pub host: Option<String>,
    /// The metadata's hash: 0x and 64 hex digits, none, or a text to be hashed.
    #[arg(long, value_name = "HASH", value_parser = values::hash)]
    pub metadata: Option<Hash>,
    /// How many members there can be.
    #[arg(long, value_name = "NUMBER")]
    pub max_members: Option<u32>,
    /// What members can be allowed at all: names with commas between them, all or none.
    #[arg(long, value_name = "NAMES", value_parser = permissions)]
    pub permissions: Option<u32>,
    /// A limit that all members share; those left out become unlimited.
    #[arg(long = "quota", value_name = "LIMIT", value_parser = quota)]
    quotas: Vec<OneQuota>,
    /// When the session ends, from now: a time like 30m.
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    pub expires_in: Option<u32>,
}

/// A hash.
pub type Hash = [u8; 32];

impl Changes {
    /// The quotas, if any was given.
    pub fn quotas(&self) -> Option<Quotas> {
        quotas(&self.quotas)
    }
}

/// An amount of SOL or of a mint's tokens, always with its unit: `0.5SOL`, `5000lamports`; `25.5tokens`, `100parts`.
///
/// # Errors
/// InvalidArgument.
pub fn amount(text: &str, mint: Option<&Mint>) -> Result<u64, Failed> {
    let (unit, part, decimals, example) = match mint {
        None => (SOL_NAME, "lamports", SOL_DECIMALS, "0.5SOL or 5000lamports"),
        Some(mint) => ("tokens", "parts", mint.decimals, "25.5tokens or, in smallest parts, 100parts"),
    };
    let hint = format!("write the amount with its unit, like {example}");
    let wrong = |what: String| Failed::argument(what, hint.clone());
    let written = Written::read(text).ok_or_else(|| wrong(format!("{} is no amount", quote(text))))?;
    match written.unit {
        named if named.eq_ignore_ascii_case(unit) => written.parts(unit, decimals).map_err(wrong),
        named if named.eq_ignore_ascii_case(part) => written.parts(part, 0).map_err(wrong),
        "" => Err(wrong(format!("{} has no unit", quote(text)))),
        named if mint.is_none() && ["tokens", "parts"].contains(&named) => {
            Err(Failed::argument(format!("{} is of tokens, and no mint is named", quote(text)), "name the mint with --mint"))
        }
        other => Err(wrong(format!("{} is of {}, which is not known here", quote(text), quote(other)))),
    }
}

/// The same, or `unlimited`.
///
/// # Errors
/// InvalidArgument.
pub fn limit(text: &str, mint: Option<&Mint>) -> Result<u64, Failed> {
    if text == "unlimited" { Ok(UNLIMITED) } else { amount(text, mint) }
}

#[cfg(test)]
mod tests {
    use {super::*, sessions_client::instruction::Tokens};

    #[test]
    fn quotas_have_limits_and_windows() {
        let read = |texts: &[&str]| quotas(&texts.iter().map(|text| quota(text).unwrap()).collect::<Vec<_>>()).unwrap();
        let both = read(&["units=1000,20/1m", "operations=7"]);
        assert_eq!(both.units, Quota { limit: 1_000, window_limit: 20, window_seconds: 60 });
        assert_eq!((both.operations.limit, both.bytes), (7, Quota::UNLIMITED));
        assert_eq!(read(&["bytes=9/90"]).bytes, Quota { limit: UNLIMITED, window_limit: 9, window_seconds: 90 });
        assert_eq!(quotas(&[]), None);
        for text in ["units", "unit=1", "units=x", "units=1/x", "units="] {
            assert!(quota(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sets_are_names_with_commas() {
        assert_eq!(permissions("SEND_MESSAGES, spend"), Ok(Permissions::SEND_MESSAGES.or(Permissions::SPEND).bits()));
        assert_eq!((permissions("all"), permissions("none")), (Ok(Permissions::ALL.bits()), Ok(0)));
        assert!(permissions("SEND_MESAGES").unwrap_err().ends_with(r#"did you mean "SEND_MESSAGES"?"#));
    }

    #[test]
    fn amounts_always_have_a_unit() {
        let of = |text| amount(text, None).map_err(|failed| failed.message);
        assert_eq!((of("0.5SOL"), of("0.5 sol"), of("5000lamports")), (Ok(500_000_000), Ok(500_000_000), Ok(5_000)));
        assert!(of("2").unwrap_err().contains("no unit") && of("x").unwrap_err().contains("no amount") && of("0.1lamports").is_err());
        assert!(of("1tokens").unwrap_err().contains("no mint") && of("1USDC").unwrap_err().contains("not known"));
        assert!(of("-1SOL").is_err() && of("99999999999SOL").unwrap_err().contains("out of range"));
        let mint = Mint { tokens: Tokens { mint: sessions_client::core::NOBODY, program: sessions_client::core::NOBODY }, decimals: 2 };
        assert_eq!((amount("2.5tokens", Some(&mint)).unwrap(), amount("7parts", Some(&mint)).unwrap()), (250, 7));
        assert!(amount("2.505tokens", Some(&mint)).is_err() && amount("1SOL", Some(&mint)).is_err());
    }
}
