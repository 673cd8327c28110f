//! What a single value's text means: durations, moments, ids, hashes, and names of bits and reasons.
//!
//! Every function is pure and total: it answers with the value or with what is wrong and how to write it, in one line. Ranges are those of
//! the program's arguments; whether a value makes sense is for the program to say, so that a scenario can show its refusals.

use {
    super::names::{fold, hint, quote},
    jiff::Timestamp,
    sessions_client::{
        address,
        core::{
            rules::{
                config::Kind,
                functions::{MAX_SELECTOR, Selector},
                lifecycle::{APPLICATION_REASONS, CloseReason, Status},
                membership::{MemberStatus, NEVER, NO_EXPIRY, Role},
                quotas::UNLIMITED,
            },
            state::MAX_KEY,
        },
    },
    sha2::{Digest, Sha256},
    std::{fmt::Display, str::FromStr},
};

/// What is wrong with a value.
pub type Wrong = String;

/// The units of durations, in seconds.
const UNITS: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];

/// A duration in whole seconds: `90s`, `15m`, `1h`, `2d`, or several of them like `1h30m`.
pub fn duration(text: &str) -> Result<u32, Wrong> {
    let wrong = || {
        if text.starts_with('-') && text.len() > 1 {
            return format!("{} is negative; a duration is at least 0s", quote(text));
        }
        match nearest_duration(text) {
            Some(near) => format!("{} is no duration; did you mean {}?", quote(text), quote(&near)),
            None => format!("{} is no duration; write whole seconds, minutes, hours or days, like 90s, 15m, 1h or 2d", quote(text)),
        }
    };
    let (mut rest, mut total) = (text, 0_u64);
    let mut smaller_than = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (name, tail) = tail.split_at(unit);
        let seconds = UNITS.iter().find(|(unit, seconds)| *unit == name && *seconds < smaller_than).ok_or_else(wrong)?.1;
        if number.is_empty() {
            return Err(wrong());
        }
        let number = number.parse::<u64>().unwrap_or(u64::MAX);
        total = total.saturating_add(number.saturating_mul(seconds));
        (rest, smaller_than) = (tail, seconds);
    }
    if text.is_empty() {
        return Err(wrong());
    }
    u32::try_from(total).map_err(|_| format!("{} is too long; the longest duration is {}s, about 136 years", quote(text), u32::MAX))
}

/// How long something lasts: a duration, or `never` for no end of its own.
pub fn span(text: &str) -> Result<u32, Wrong> {
    if text == "never" {
        return Ok(NO_EXPIRY);
    }
    match duration(text) {
        Ok(NO_EXPIRY) => Err(format!("{} is too long; if it is to have no end, write never", quote(text))),
        other => other,
    }
}

/// The duration that someone most likely meant who wrote `90`, `5 min` or `1 hour`.
fn nearest_duration(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let (number, unit) = compact.split_at(compact.find(|c: char| !c.is_ascii_digit()).unwrap_or(compact.len()));
    let unit = match unit {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        _ => return None,
    };
    (!number.is_empty()).then(|| format!("{number}{unit}"))
}

/// A whole number in the range of `T`, up to `most`.
pub fn number<T: FromStr + Display>(text: &str, most: T) -> Result<T, Wrong> {
    let all = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(number) if all => Ok(number),
        _ if all => Err(format!("{} is out of range; the most is {most}", quote(text))),
        _ => Err(format!("{} is no whole number from 0 to {most}", quote(text))),
    }
}

/// A limit: a whole number, or `unlimited`.
pub fn limit(text: &str) -> Result<u64, Wrong> {
    if text == "unlimited" {
        return Ok(UNLIMITED);
    }
    number(text, UNLIMITED).map_err(|wrong| format!("{wrong}, nor is it unlimited"))
}

/// The length of a window: a whole number of seconds, or a duration.
pub fn window(text: &str) -> Result<u64, Wrong> {
    if text.ends_with(|c: char| UNITS.iter().any(|(unit, _)| unit.starts_with(c))) {
        duration(text).map(u64::from)
    } else {
        number(text, u64::MAX)
    }
}

/// `true` or `false`.
pub fn truth(text: &str) -> Result<bool, Wrong> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("{} is neither true nor false", quote(text))),
    }
}

/// A moment on the calendar, in seconds since 1970.
pub fn calendar(text: &str) -> Result<i64, Wrong> {
    let moment: Timestamp = text.parse().map_err(|_| format!("{} is no moment; write it like 2026-01-01T00:00:00Z", quote(text)))?;
    if moment.subsec_nanosecond() != 0 {
        return Err(format!("{} has a fraction; the ledger's clock counts whole seconds", quote(text)));
    }
    if moment.as_second() < 1 {
        return Err(format!("{} is too early; it must be after 1970-01-01T00:00:00Z", quote(text)));
    }
    Ok(moment.as_second())
}

/// A moment in an account: on the calendar, `+90s` after the scenario's start, `none` if it has not come, or `never` if it will not.
pub fn moment(text: &str, start: i64) -> Result<i64, Wrong> {
    match text.strip_prefix('+') {
        _ if text == "none" => Ok(0),
        _ if text == "never" => Ok(NEVER),
        Some(after) => Ok(start.saturating_add(i64::from(duration(after)?))),
        None => calendar(text).map_err(|wrong| format!("{wrong}; or write the time since the start like +90s, none or never")),
    }
}

/// The 32 bytes of a session's id: 64 hex digits are the id itself, any other text is hashed.
pub fn id(text: &str) -> Result<[u8; 32], Wrong> {
    match text {
        "" => Err("an id needs at least one character".into()),
        _ if text.starts_with("0x") && text.len() == 66 => {
            Err(format!("{} looks like hex digits; an id's 64 digits stand without 0x", quote(text)))
        }
        _ => Ok(address::id_from_text(text)),
    }
}

/// A hash: `0x` and 64 hex digits are the hash itself, `none` is zero, any other text is hashed by SHA-256.
pub fn hash(text: &str) -> Result<[u8; 32], Wrong> {
    if text == "none" {
        return Ok([0; 32]);
    }
    let Some(digits) = text.strip_prefix("0x") else { return Ok(Sha256::digest(text).into()) };
    let mut bytes = [0; 32];
    match hex::decode_to_slice(digits, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(format!("{} is no hash; write 0x and 64 hex digits, or a text to be hashed", quote(text))),
    }
}

/// Bytes: `0x` and hex digits, or any other text as it stands.
pub fn bytes(text: &str) -> Result<Vec<u8>, Wrong> {
    let Some(digits) = text.strip_prefix("0x") else { return Ok(text.into()) };
    hex::decode(digits).map_err(|_| format!("{} is no hex; write two digits a byte after 0x, or a text that begins otherwise", quote(text)))
}

/// What the data of a call must begin with.
pub fn selector(text: &str) -> Result<Selector, Wrong> {
    let bytes = bytes(text)?;
    Selector::new(&bytes).ok_or_else(|| format!("{} has {} bytes; a selector has up to {MAX_SELECTOR}", quote(text), bytes.len()))
}

/// The key of a property that there can be.
pub fn property_key(text: &str) -> Result<Vec<u8>, Wrong> {
    let key = bytes(text)?;
    if (1..=MAX_KEY).contains(&key.len()) {
        return Ok(key);
    }
    Err(format!("{} has {} bytes; the key of a property has 1 to {MAX_KEY}", quote(text), key.len()))
}

/// One of `named`, whatever its case and separators.
fn one_of<T: Copy>(what: &str, text: &str, named: impl Iterator<Item = (&'static str, T)> + Clone) -> Result<T, Wrong> {
    match named.clone().find(|(name, _)| fold(name) == fold(text)) {
        Some((_, value)) => Ok(value),
        None => Err(format!("there is no {what} {}{}", quote(text), hint(text, named.map(|(name, _)| name)))),
    }
}

/// The bit with exactly this name.
pub fn bit<T: Copy>(what: &str, text: &str, names: &[(&'static str, T)]) -> Result<T, Wrong> {
    let found = names.iter().find(|(name, _)| *name == text).map(|(_, bit)| *bit);
    found.ok_or_else(|| format!("there is no {what} {}{}", quote(text), hint(text, names.iter().map(|(name, _)| *name))))
}

/// The status with this name.
pub fn status(text: &str) -> Result<Status, Wrong> {
    one_of("status", text, Status::ALL.iter().map(|status| (status.name(), *status)))
}

/// The kind of session with this name.
pub fn kind(text: &str) -> Result<Kind, Wrong> {
    one_of("kind", text, Kind::ALL.iter().map(|kind| (kind.name(), *kind)))
}

/// The role with this name.
pub fn role(text: &str) -> Result<Role, Wrong> {
    one_of("role", text, Role::ALL.iter().map(|role| (role.name(), *role)))
}

/// The status of a member with this name.
pub fn member_status(text: &str) -> Result<MemberStatus, Wrong> {
    one_of("status of a member", text, MemberStatus::ALL.iter().map(|status| (status.name(), *status)))
}

/// The byte of a reason to close: a [`CloseReason`]'s name, or a number of the application's own. 0 is the reason `none`; what it means
/// is for the instruction to say.
pub fn reason(text: &str) -> Result<u8, Wrong> {
    if text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
        let byte = number(text, u8::MAX)?;
        return match byte {
            0 | APPLICATION_REASONS.. => Ok(byte),
            _ => Err(format!("{byte} is no application's own reason; those are {APPLICATION_REASONS} to 255, the others have names")),
        };
    }
    one_of("reason", text, CloseReason::ALL.iter().map(|reason| (reason.name(), *reason as u8)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("90s"), Ok(90));
        assert_eq!(duration("15m"), Ok(900));
        assert_eq!(duration("1h"), Ok(3_600));
        assert_eq!(duration("1d2h3m4s"), Ok(93_784));
        assert_eq!(duration("4294967295s"), Ok(u32::MAX));
        for near in [("90", "90s"), ("5 minutes", "5m"), ("1 Hour", "1h"), ("30sec", "30s")] {
            let wrong = duration(near.0).unwrap_err();
            assert!(wrong.ends_with(&format!("did you mean \"{}\"?", near.1)), "{wrong}");
        }
        for text in ["", "s", "1x", "1.5h", "5m1h", "1m1m", "90s ", "ms", "1e3s", "é", "1é"] {
            assert!(duration(text).unwrap_err().contains("is no duration"), "{text}");
        }
        assert!(duration("-5s").unwrap_err().contains("negative"));
        assert!(duration("4294967296s").unwrap_err().contains("too long"));
        assert!(duration("99999999999999999999999d").unwrap_err().contains("too long"));
    }

    #[test]
    fn numbers_and_limits() {
        assert_eq!(number("7", u32::MAX), Ok(7));
        assert!(number("4294967296", u32::MAX).unwrap_err().contains("out of range"));
        for text in ["", "-1", "+1", "1.0", "x"] {
            assert!(number(text, u32::MAX).unwrap_err().contains("no whole number"), "{text}");
        }
        assert_eq!(limit("unlimited"), Ok(u64::MAX));
        assert_eq!(limit("0"), Ok(0));
        assert!(limit("lots").is_err());
    }

    #[test]
    fn moments() {
        assert_eq!(calendar("2026-01-01T00:00:00Z"), Ok(1_767_225_600));
        assert_eq!(calendar("2026-01-01T01:00:00+01:00"), Ok(1_767_225_600));
        for text in ["", "2026-01-01", "yesterday", "2026-13-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-01T00:00:00.5Z"] {
            assert!(calendar(text).is_err(), "{text}");
        }
        assert_eq!(calendar("1970-01-01T00:00:01Z"), Ok(1));
        for text in ["1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
            assert!(calendar(text).unwrap_err().ends_with("it must be after 1970-01-01T00:00:00Z"), "{text}");
        }
        assert_eq!(moment("+90s", 1_000), Ok(1_090));
        assert_eq!((moment("none", 1_000), moment("never", 1_000)), (Ok(0), Ok(i64::MAX)));
        assert!(moment("+x", 0).is_err());
    }

    #[test]
    fn spans_that_have_no_end_say_so() {
        assert_eq!((span("never"), span("90s"), span("4294967294s")), (Ok(u32::MAX), Ok(90), Ok(u32::MAX - 1)));
        assert!(span("4294967295s").unwrap_err().ends_with("write never"));
        assert!(span("forever").unwrap_err().contains("is no duration"));
    }

    #[test]
    fn bytes_are_hex_or_the_text_itself() {
        assert_eq!(bytes("hi é"), Ok("hi é".into()));
        assert_eq!((bytes(""), bytes("0x"), bytes("0x00fF")), (Ok(vec![]), Ok(vec![]), Ok(vec![0, 255])));
        assert!(bytes("0x1").is_err() && bytes("0xzz").is_err());
        assert_eq!(property_key("board"), Ok("board".into()));
        assert!(property_key("").unwrap_err().contains("0 bytes") && property_key(&"k".repeat(33)).unwrap_err().contains("33 bytes"));
    }

    #[test]
    fn ids_and_hashes() {
        assert_eq!(id(&"0a".repeat(32)), Ok([10; 32]));
        assert_eq!(id("abc").unwrap(), hash("abc").unwrap());
        assert!(id("").is_err());
        assert!(id(&format!("0x{}", "0a".repeat(32))).unwrap_err().contains("without 0x"));
        assert_eq!(hash(&format!("0x{}", "0a".repeat(32))), Ok([10; 32]));
        assert_eq!(hash("none"), Ok([0; 32]));
        assert!(hash("0x12").is_err());
    }

    #[test]
    fn names_of_values() {
        assert_eq!(kind("group"), Ok(Kind::Group));
        assert_eq!(kind("point_to_point"), Ok(Kind::PointToPoint));
        assert_eq!(status("Active"), Ok(Status::Active));
        assert_eq!((role("moderator"), role("Owner")), (Ok(Role::Moderator), Ok(Role::Owner)));
        assert_eq!(role("moderater").unwrap_err(), r#"there is no role "moderater"; did you mean "Moderator"?"#);
        assert_eq!(member_status("removed"), Ok(MemberStatus::Removed));
        assert!(status("Actve").unwrap_err().contains(r#"did you mean "Active"?"#));
        assert_eq!(reason("timed_out"), Ok(CloseReason::TimedOut as u8));
        assert_eq!(reason("Completed"), Ok(CloseReason::Completed as u8));
        assert_eq!((reason("0"), reason("16"), reason("255")), (Ok(0), Ok(16), Ok(255)));
        assert!(reason("4").is_err() && reason("256").is_err() && reason("bored").is_err());
    }
}
