//! How numbers, amounts, times and columns are written.

use {jiff::Timestamp, unicode_width::UnicodeWidthStr};

/// Whether a character is not shown, but does something to the terminal or to the order of what stands there.
pub fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text of others in one line: what a program logs or a node says is shown, and never does anything to the terminal.
pub fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().map(|c| if is_unseen(c) { c.escape_unicode().to_string() } else { c.into() }).collect()
}

/// A number with a comma after each three digits.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Lamports as SOL, with no more decimals than needed.
pub fn amount(lamports: u64) -> String {
    format!("{} SOL", decimal(lamports, 9))
}

/// A number of smallest parts as a number with so many decimals, and no more of them than needed.
pub fn decimal(amount: u64, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    let digits = format!("{amount:0>width$}", width = decimals.saturating_add(1));
    let (whole, part) = digits.split_at(digits.len().saturating_sub(decimals));
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{whole}{point}{part}")
}

/// A span of time: `45s`, `1m30s`, `2h`, `1d1h`.
pub fn seconds(span: u64) -> String {
    if span == 0 {
        return "0s".into();
    }
    let mut text = String::new();
    let mut rest = span;
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        if rest >= size {
            text.push_str(&format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    text
}

/// A span of time since the start: `+1m30s`.
pub fn elapsed(span: i64) -> String {
    format!("{}{}", if span < 0 { '-' } else { '+' }, seconds(span.unsigned_abs()))
}

/// A moment on the calendar.
pub fn calendar(moment: i64) -> String {
    Timestamp::from_second(moment).map_or_else(|_| moment.to_string(), |moment| moment.to_string())
}

/// How many columns a text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text with blanks after it, up to `columns`.
pub fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A text with blanks before it, up to `columns`.
pub fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A text in lines of at most `columns`, broken at blanks; a longer word stays whole.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0, 1, 500_000_000, 10_000_000_000].map(amount), ["0 SOL", "0.000000001 SOL", "0.5 SOL", "10 SOL"]);
    }

    #[test]
    fn texts_of_others() {
        assert_eq!(one_line(" a\n b\tc→é "), "a b c→é");
        assert_eq!(one_line("\u{1b}[2J\u{202e}x\u{2069}\u{200f}\u{9b}"), r"\u{1b}[2J\u{202e}x\u{2069}\u{200f}\u{9b}");
    }

    #[test]
    fn times() {
        assert_eq!([0, 45, 90, 3_600, 7_265, 90_000].map(seconds), ["0s", "45s", "1m30s", "1h", "2h1m5s", "1d1h"]);
        assert_eq!((elapsed(0), elapsed(90), elapsed(-5)), ("+0s".into(), "+1m30s".into(), "-5s".into()));
        assert_eq!(calendar(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(calendar(i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn columns() {
        assert_eq!((left("é→", 4), right("ab", 4), left("long", 2)), ("é→  ".into(), "  ab".into(), "long".into()));
        assert_eq!(wrapped("one two  three", 7), ["one two", "three"]);
        assert_eq!((wrapped("", 7), wrapped("overlong", 3)), (vec![String::new()], vec!["overlong".to_owned()]));
    }
}
