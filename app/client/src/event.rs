//! Events read from a transaction's log.
//!
//! Any program can print a `Program data:` line with any bytes, so a line counts only while the session program itself is the one that
//! runs: the log's `invoke` and `success`/`failed` lines tell which that is.

use {
    crate::address::PROGRAM,
    base64::{Engine, engine::general_purpose::STANDARD},
    sessions_core::events::AnyEvent,
};

/// The session program's events in a log, in order. Lines that are no event this client knows are left out.
pub fn from_logs<'a>(logs: impl IntoIterator<Item = &'a str>) -> Vec<AnyEvent> {
    let program = PROGRAM.to_string();
    let mut running: Vec<&str> = Vec::new();
    let mut events = Vec::new();
    for line in logs {
        if line.starts_with("Program log: ") {
            // What a program says of itself, in words of its own choosing.
        } else if let Some(data) = line.strip_prefix("Program data: ") {
            if running.last() == Some(&program.as_str())
                && let Ok(bytes) = STANDARD.decode(data)
            {
                events.extend(AnyEvent::decode(&bytes));
            }
        } else if let Some(rest) = line.strip_prefix("Program ") {
            match rest.split_once(' ') {
                Some((id, what)) if what.starts_with("invoke [") => running.push(id),
                Some((id, what)) if (what == "success" || what.starts_with("failed")) && running.last() == Some(&id) => {
                    running.pop();
                }
                _ => {}
            }
        }
    }
    events
}

/// Whether a log was cut: a transaction's log ends after some ten thousand bytes, and whatever was told behind that is in no log. Whoever relies
/// on events then reads the accounts again, whose revisions tell that something is missing.
pub fn is_truncated<'a>(logs: impl IntoIterator<Item = &'a str>) -> bool {
    logs.into_iter().any(|line| line == "Log truncated")
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        sessions_core::events::{About, SessionPaused},
    };

    fn line() -> (SessionPaused, String) {
        let event = SessionPaused::new(About { session_id: &[1; 32], address: &PROGRAM, revision: 7, previous: 6, time: 5 });
        (event, format!("Program data: {}", STANDARD.encode(bytemuck::bytes_of(&event))))
    }

    #[test]
    fn an_event_counts_inside_the_programs_own_invocation() {
        let (event, data) = line();
        let (invoke, success) = (format!("Program {PROGRAM} invoke [1]"), format!("Program {PROGRAM} success"));
        assert_eq!(from_logs([invoke.as_str(), &data, &success]), [AnyEvent::SessionPaused(event)]);
    }

    #[test]
    fn the_same_bytes_printed_by_another_program_are_no_event() {
        let (_, data) = line();
        let invoke = format!("Program {PROGRAM} invoke [1]");
        let other = "Program Vote111111111111111111111111111111111111111";
        let (inner, done) = (format!("{other} invoke [2]"), format!("{other} success"));
        assert_eq!(from_logs([invoke.as_str(), &inner, &data, &done]), []);
        assert_eq!(from_logs([inner.as_str(), &data, &done]), []);
        assert_eq!(from_logs([data.as_str()]), []);
    }

    #[test]
    fn a_log_message_cannot_end_the_invocation_of_another_program() {
        let (_, data) = line();
        let invoke = "Program Vote111111111111111111111111111111111111111 invoke [1]";
        for message in [format!("Program {PROGRAM} invoke [1]"), "success".to_owned(), "invoke [1]".to_owned()] {
            assert_eq!(from_logs([invoke, &format!("Program log: {message}"), &data]), []);
        }
    }

    #[test]
    fn a_log_message_cannot_hide_the_events_behind_it() {
        let (event, data) = line();
        let other = "Program Vote111111111111111111111111111111111111111";
        let lines = [
            format!("Program {PROGRAM} invoke [1]"),
            format!("{other} invoke [2]"),
            "Program log: invoke [3]".to_owned(),
            format!("{other} success"),
            data,
        ];
        assert_eq!(from_logs(lines.iter().map(String::as_str)), [AnyEvent::SessionPaused(event)]);
    }

    #[test]
    fn damaged_lines_are_left_out() {
        let (_, data) = line();
        let invoke = format!("Program {PROGRAM} invoke [1]");
        let short = &data[..data.len() - 8];
        assert_eq!(from_logs([invoke.as_str(), short, "Program data: !!!", "Program data: "]), []);
    }

    #[test]
    fn a_log_that_was_cut_says_so() {
        assert!(is_truncated(["Program data: aaaa", "Log truncated"]));
        assert!(!is_truncated(["Program log: Log truncated"]));
    }
}
