//! Why a step failed, so that whoever reads it knows what would be right.
//!
//! What the session program refuses has a name and a message of its own. Of any other failure the runtime says little, often a number; the log
//! tells which program it was, and mostly what that had to say.

use {
    super::{
        arena::{self, ARENA},
        programs,
    },
    crate::report::format::one_line,
    sessions_client::{
        core::SessionError,
        failure::{Failure, first_failed},
    },
    solana_instruction::error::InstructionError,
};

/// An error: its name, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The name.
    pub name: String,
    /// What was wrong and what would be right.
    pub message: String,
}

impl Why {
    /// Why a transaction failed.
    pub fn of(failure: &Failure, logs: &[String]) -> Self {
        let message = match failure {
            Failure::Session { error, .. } => refusal(*error, logs),
            Failure::Instruction { error, .. } => of_program(error, logs).unwrap_or_else(|| failure.to_string()),
            Failure::Transaction(_) => failure.to_string(),
        };
        Self { name: failure.name(), message: one_line(&message) }
    }
}

/// What an error of the session program says, with what is logged of it besides: the field that it is about, or why exactly something may not
/// be done.
fn refusal(error: SessionError, logs: &[String]) -> String {
    let logged = |line: &String| line.strip_prefix("Program log: ").map(str::to_owned);
    let is_name = |line: &String| line.strip_prefix("Program log: ") == Some(error.name());
    let detail = logs.iter().rposition(is_name).and_then(|i| logs.get(i.saturating_add(1))).and_then(logged);
    let what = if error == SessionError::InvalidConfiguration { "field" } else { "reason" };
    detail.map_or_else(|| error.message().to_owned(), |detail| format!("{} ({what}: {detail})", error.message()))
}

/// Which program failed, and what it says; `None` if the log does not tell.
fn of_program(error: &InstructionError, logs: &[String]) -> Option<String> {
    let (at, program, reason) = first_failed(logs)?;
    let number = if let InstructionError::Custom(number) = error { Some(*number) } else { None };
    let said = match (program == ARENA, number) {
        (true, Some(number)) => match (arena::error(number), SessionError::from_code(number)) {
            (Some((name, message)), _) => Some(format!("{name}: {message}")),
            // It hands on what the session refuses.
            (None, Some(error)) => Some(format!("{}: {}", error.name(), refusal(error, logs))),
            (None, None) => None,
        },
        _ => said_before(logs.get(..at)?),
    };
    let name = programs::name_of(&program).map_or_else(|| program.to_string(), str::to_owned);
    let said = said.unwrap_or_else(|| number.map_or_else(|| reason.to_owned(), |number| format!("its error number {number}")));
    Some(format!("the program {name} failed: {said}"))
}

/// What a program logged of its error right before it failed: a line that begins with `Error: `, or a line of the runtime's own programs.
fn said_before(logs: &[String]) -> Option<String> {
    let last = logs.iter().rev().map(String::as_str).find(|line| !line.contains(" consumed ") || line.starts_with("Program log: "))?;
    match last.strip_prefix("Program log: ") {
        Some(logged) => logged.strip_prefix("Error: ").map(str::to_owned),
        None => (!last.starts_with("Program ")).then(|| last.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";

    fn message(error: InstructionError, logs: &[&str]) -> String {
        let logs: Vec<String> = logs.iter().map(|line| (*line).to_owned()).collect();
        Why::of(&Failure::Instruction { instruction: 1, error }, &logs).message
    }

    #[test]
    fn a_number_gets_the_program_and_what_it_said() {
        let (consumed, failed) = (format!("Program {TOKEN} consumed 233 of 900 compute units"), format!("Program {TOKEN} failed: custom"));
        let said = message(InstructionError::Custom(4), &["Program log: Error: owner does not match", &consumed, &failed]);
        assert_eq!(said, "the program token failed: owner does not match");
        let silent = message(InstructionError::Custom(4), &["Program log: Instruction: Transfer", &consumed, &failed]);
        assert_eq!(silent, "the program token failed: its error number 4");
        let lines = ["Transfer: insufficient lamports 5, need 10", "Program 11111111111111111111111111111111 failed: custom", &failed];
        assert_eq!(message(InstructionError::Custom(1), &lines), "the program system failed: Transfer: insufficient lamports 5, need 10");
    }

    #[test]
    fn what_a_program_logs_does_nothing_to_a_terminal() {
        let failed = format!("Program {TOKEN} failed: custom");
        let said = message(InstructionError::Custom(4), &["Program log: Error: \u{1b}[2J\u{202e}gone", &failed]);
        assert_eq!(said, r"the program token failed: \u{1b}[2J\u{202e}gone");
        let denied = SessionError::PermissionDenied;
        let logs = ["Program log: PermissionDenied".to_owned(), "Program log: \u{7}bell".to_owned()];
        let said = Why::of(&Failure::Session { error: denied, instruction: 0 }, &logs).message;
        assert!(said.ends_with(r"(reason: \u{7}bell)"), "{said}");
    }

    #[test]
    fn the_arenas_numbers_have_names() {
        let failed = format!("Program {ARENA} failed: custom program error: 0x1b59");
        let own = "the program arena failed: OwnTile: The tile is the player's own already; take a free one or another's.";
        assert_eq!(message(InstructionError::Custom(7001), &[&failed]), own);
        let denied = ["Program log: PermissionDenied", "Program log: left", "Program x consumed 1 of 2 compute units", &failed];
        let handed_on = message(InstructionError::Custom(SessionError::PermissionDenied.code()), &denied);
        assert!(
            handed_on.starts_with("the program arena failed: PermissionDenied: ") && handed_on.ends_with("(reason: left)"),
            "{handed_on}"
        );
    }

    #[test]
    fn without_a_log_the_runtime_has_the_word() {
        assert_eq!(message(InstructionError::Custom(7), &[]), "instruction 1: custom program error: 0x7");
        // What a program prints is not what the runtime says of it.
        assert_eq!(message(InstructionError::Custom(7), &["Program log: Program x failed: y"]), "instruction 1: custom program error: 0x7");
    }
}
