//! The `sessions` command as a user meets it: exit codes, one line for each thing that is wrong, and no panic whoever stops reading.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sessions"));
    command.args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A file with this text; its name says which test made it.
fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

const REFUSED: &str = "scenario: x\nactors: { gm: 1 SOL }\nsteps:\n  - { as: gm, do: open_session, with: { id: a, max_members: 0 } }\n";

#[test]
fn the_demo_is_a_table_without_colours_where_there_is_no_terminal() {
    let (code, out, err) = run(&["demo"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Requested → Creating") && out.contains("✗ PermissionDenied") && out.contains("✓ everything reclaimed"));
    assert!(!out.contains('\u{1b}'));
    let widest = out.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|columns| columns <= 120), "{widest:?}");
    for scenario in ["lifecycle", "timeouts", "open-and-close", "game-night", "agent-team", "agent-allowance", "two-rooms"] {
        assert_eq!(run(&["demo", scenario]).0, 0);
    }
}

#[test]
fn the_demo_tells_what_is_left_and_what_another_program_refused() {
    let out = run(&["demo", "agent-allowance"]).1;
    assert!(out.contains("✗ Custom(7001)") && out.contains("╰ the program arena failed: OwnTile: "), "{out}");
    assert!(out.contains("✓ as expected; no session is left; 0.0") && out.contains(" SOL stays outside the wallets, as in mints"), "{out}");
}

#[test]
fn what_holds_is_0_what_does_not_is_1_and_what_cannot_run_is_2() {
    let (code, out, err) = run(&["run", "examples/lifecycle.yaml", "examples/timeouts.yaml"]);
    assert_eq!((code, err.as_str(), out.matches("passed").count()), (0, "", 2));

    let failing = file("refused.yaml", REFUSED);
    let (code, out, _) = run(&["run", &failing, "examples/open-and-close.yaml"]);
    assert_eq!((code, out.matches("passed").count()), (1, 1), "the other file still runs: {out}");
    let line = out.lines().find(|line| line.contains("FAILED")).unwrap();
    assert!(line.contains("refused.yaml:4: expected to succeed, but InvalidConfiguration came: "), "{line}");
    assert!(line.contains("max_members"), "{line}");

    let misspelt = file("misspelt.yaml", &REFUSED.replace("open_session", "open_sesion").replace("as: gm", "as: gmm"));
    let (code, out, err) = run(&["run", "examples/open-and-close.yaml", &misspelt]);
    assert_eq!((code, out.as_str()), (2, ""), "nothing of any file runs");
    assert_eq!(err.lines().count(), 2);
    assert!(err.contains(r#"misspelt.yaml:4: there is no instruction "open_sesion"; did you mean "open_session"?"#), "{err}");
}

#[test]
fn files_that_cannot_be_used_are_one_line_each() {
    for (what, arguments) in [
        ("cannot be read", vec!["run", "no-such.yaml"]),
        ("is a folder", vec!["run", "examples"]),
        ("is no UTF-8 text", vec!["run", "programs/sessions/artifact/sessions.so"]),
        ("cannot be read", vec!["demo", "--program", "no-such.so"]),
        ("is damaged or no Solana program", vec!["demo", "--program", "Cargo.toml"]),
    ] {
        let (code, out, err) = run(&arguments);
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{arguments:?}: {err}");
        assert!(err.contains(what), "{err}");
    }
    let program = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../programs/sessions/artifact/sessions.so")).unwrap();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("half.so");
    fs::write(&path, &program[..program.len() / 2]).unwrap();
    let (code, _, err) = run(&["demo", "--program", &path.display().to_string()]);
    assert_eq!((code, err.lines().count()), (2, 1), "{err}");
    assert_eq!(run(&["demo", "--program", "programs/sessions/artifact/sessions.so"]).0, 0);
}

#[test]
fn json_is_json_and_the_same_twice() {
    let arguments = ["run", "--json", "examples/lifecycle.yaml", "examples/timeouts.yaml"];
    let (code, out, err) = run(&arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, run(&arguments).1);
    let kinds: Vec<String> =
        out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "summary").count(), 2);
}

#[test]
fn a_reader_who_leaves_is_no_reason_to_panic() {
    let failing = file("left.yaml", REFUSED);
    for (arguments, code) in
        [(vec!["demo"], 0), (vec!["run", "examples/lifecycle.yaml", &failing], 1), (vec!["run", "--json", &failing], 1)]
    {
        let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        assert_eq!((status.code(), stderr.as_slice()), (Some(code), &b""[..]), "{arguments:?}");
    }
}

#[test]
fn help_has_examples_and_lists_every_instruction() {
    for arguments in [vec!["--help"], vec!["run", "--help"], vec!["demo", "-h"]] {
        let (code, out, _) = run(&arguments);
        assert!(code == 0 && out.contains("Examples:"), "{out}");
    }
    let help = run(&["run", "--help"]).1;
    for entry in sessions_cli::scenario::instructions::INSTRUCTIONS {
        assert!(help.contains(entry.name), "{}", entry.name);
    }
    assert_eq!(run(&["rum"]).0, 2);
}
