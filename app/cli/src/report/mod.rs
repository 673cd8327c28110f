//! Showing what happened, step by step as it happens.
//!
//! | module | for |
//! |---|---|
//! | [`lines`] | `sessions run`: a line a step |
//! | [`table`] | `sessions demo`: a table that is pleasant to read |
//! | [`json`] | `--json`: an object a step |
//! | [`events`] | what an event tells, in short and in full |
//! | [`naming`] | what things are called |
//! | [`mod@format`] | how numbers, amounts and times are written, in all of them |
//!
//! A report writes styles as ANSI sequences; what stands behind its writer drops them where there is no terminal.

pub mod events;
pub mod format;
pub mod json;
pub mod lines;
pub mod naming;
pub mod table;

use {
    crate::scenario::{Plan, Record, Summary, plan::Item, record::Verdict, why::Why},
    anstyle::{AnsiColor, Style},
    std::io,
};

/// Something that tells of a scenario.
pub trait Report {
    /// The scenario begins.
    fn begin(&mut self, plan: &Plan) -> io::Result<()>;
    /// A step is over.
    fn record(&mut self, plan: &Plan, record: &Record) -> io::Result<()>;
    /// The scenario is over.
    fn end(&mut self, plan: &Plan, summary: &Summary) -> io::Result<()>;
}

const PLAIN: Style = Style::new();
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const REFUSED: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const EVENT: Style = AnsiColor::Cyan.on_default();

/// `text` in a style.
fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Cells with two blanks between them, and none at the end of the line.
fn row(cells: &[(Style, String)]) -> String {
    let last = cells.iter().rposition(|(_, text)| !text.trim_end().is_empty()).map_or(0, |last| last + 1);
    let shown = cells.iter().take(last).enumerate();
    let cells = shown.map(|(i, (style, text))| styled(*style, if i + 1 == last { text.trim_end() } else { text }));
    cells.collect::<Vec<_>>().join("  ")
}

/// What a check found, in one line: `night: status Created, members 1`.
fn claims(verdicts: &[Verdict]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut before = "";
    for Verdict { label, found, .. } in verdicts {
        // A name may have dots in it, a field has none.
        let (account, field) = label.rsplit_once('.').unwrap_or(("", label));
        let told = match (field, found.as_str()) {
            ("absent", "true") => "absent".to_owned(),
            ("absent", _) => "present".to_owned(),
            _ => format!("{field} {}", visible(found)),
        };
        parts.push(if account == before || account.is_empty() { told } else { format!("{account}: {told}") });
        before = account;
    }
    parts.join(", ")
}

/// A value as it can be seen in a line: one without a character is shown as what it would be in a scenario.
const fn visible(value: &str) -> &str {
    if value.is_empty() { "''" } else { value }
}

/// What a check found that was not expected.
fn broken_claims(verdicts: &[Verdict]) -> String {
    let broken = verdicts.iter().filter(|verdict| !verdict.holds);
    let each = broken.map(|verdict| format!("{} must be {} but is {}", verdict.label, visible(&verdict.expected), visible(&verdict.found)));
    each.collect::<Vec<_>>().join("; ")
}

/// `expected this, but that came`, for a step that failed.
fn mismatch(expected: Option<&str>, came: Option<&Why>) -> String {
    match (expected, came) {
        (Some(expected), None) => format!("expected {expected}, but the step succeeded"),
        (Some(expected), Some(why)) => format!("expected {expected}, but {} came: {}", why.name, why.message),
        (None, Some(why)) => format!("expected to succeed, but {} came: {}", why.name, why.message),
        (None, None) => "expected to succeed".into(),
    }
}

/// The columns that a scenario's times, actors and instructions need.
fn columns(plan: &Plan) -> [usize; 3] {
    let (mut now, mut widths) = (0, [format::width("time"), format::width("actor"), format::width("check")]);
    let mut widen = |column: usize, text: &str| {
        if let Some(width) = widths.get_mut(column) {
            *width = format::width(text).max(*width);
        }
    };
    for item in &plan.items {
        match item {
            Item::Wait(_, seconds) => {
                now += i64::from(*seconds);
                widen(0, &format::elapsed(now));
            }
            Item::Transaction(steps) => {
                for step in steps {
                    widen(1, &step.actor);
                    widen(2, step.instruction);
                }
            }
            Item::Check(..) => {}
        }
    }
    widths
}

/// `1 step`, `2 steps`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
