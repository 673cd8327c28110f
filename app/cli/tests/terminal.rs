//! What somebody meets who sits before a terminal: the binary in a pseudo-terminal, which `script` of util-linux makes, on a local validator.

#![cfg(all(feature = "localnet", target_os = "linux"))]

mod common;

use {
    common::Running,
    serde_json::Value,
    std::{
        io::{Read, Write},
        path::Path,
        process::{Child, Command, Stdio},
    },
};

/// A shell's line in a terminal of its own, at home in `folder`, with the binary under its name.
fn typed(folder: &Path, line: &str) -> Child {
    let line = format!("sessions() {{ '{}' \"$@\"; }}; {line}", env!("CARGO_BIN_EXE_sessions"));
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]).current_dir(folder);
    command.env("HOME", folder).env("SHELL", "/bin/sh").env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().unwrap()
}

/// Types a line, and yes to whatever it asks. What the terminal shows, if it ends with 0.
fn agreed(folder: &Path, line: &str) -> String {
    let mut child = typed(folder, line);
    // It is there before it is asked for.
    child.stdin.take().unwrap().write_all(b"y\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{line}: {:?}\n{shown}", output.status.code());
    shown
}

fn json(folder: &Path, line: &str) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sessions"));
    let output = command.args(line.split(' ')).arg("--json").current_dir(folder).env("HOME", folder).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
    serde_json::Deserializer::from_slice(&output.stdout).into_iter().map(Result::unwrap).collect()
}

/// The lines of the README that a newcomer types in the second terminal, where the validator is at `url`.
fn walk(url: &str) -> Vec<String> {
    let readme = include_str!("../../../README.md");
    let block = readme.split("In another terminal, with the same alias:\n\n```console\n").nth(1).unwrap().split("```").next().unwrap();
    block.lines().map(|line| line.strip_prefix("$ ").unwrap().replace("-u localhost", &format!("-u {url}"))).collect()
}

#[test]
fn a_newcomer_gets_through_the_readme() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::newcomer(home.path());
    let url = running.url().to_owned();
    let lines = walk(&url);
    assert!(lines.first().unwrap().starts_with("sessions keygen ") && lines.last().unwrap().starts_with("sessions complete-close "));
    for line in &lines {
        let shown = agreed(home.path(), line);
        let sends = !["sessions keygen", "sessions history"].iter().any(|start| line.starts_with(start));
        assert_eq!(shown.contains("Send it? [y/N]"), sends, "{line}: {shown}");
        assert!(!line.starts_with("sessions history") || shown.contains("Shall we begin?"), "{shown}");
    }
    let shown = json(home.path(), &format!("show night -u {url} -k gm.json"));
    assert_eq!(shown[0]["session"]["status"], "Closed", "{shown:?}");
    let told = json(home.path(), &format!("history night -u {url} -k gm.json"));
    assert!(told.iter().any(|told| told.to_string().contains("Shall we begin?")), "{told:?}");
}

#[test]
fn the_terminal_is_as_it_was_when_watching_is_over() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::newcomer(home.path());
    let url = running.url().to_owned();
    agreed(home.path(), &format!("sessions keygen gm.json && sessions airdrop 1SOL gm.json -u {url}"));
    agreed(home.path(), &format!("sessions open-session night -u {url} -k gm.json"));

    let watch = format!("stty -g && stty rows 30 columns 100 && sessions watch night -u {url} -k gm.json && echo it-ended && stty -g");
    let mut child = typed(home.path(), &watch);
    let (mut shown, mut stdout, mut stdin) = (Vec::new(), child.stdout.take().unwrap(), child.stdin.take().unwrap());
    let mut quit = false;
    let mut part = [0; 4_096];
    loop {
        let bytes = stdout.read(&mut part).unwrap();
        if bytes == 0 {
            break;
        }
        shown.extend(&part[..bytes]);
        // Without a line's end the key gets there only in raw mode.
        if !quit && String::from_utf8_lossy(&shown).contains("SessionRequested") {
            stdin.write_all(b"q").unwrap();
            quit = true;
        }
    }
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert!(child.wait().unwrap().success() && quit, "{shown}");
    let (before, after) = (shown.lines().next().unwrap().trim(), shown.lines().last().unwrap().trim());
    assert!(before.matches(':').count() > 10, "it is what stty tells: {before}");
    assert_eq!(before, after, "{shown}");
    let places = ["\u{1b}[?1049h", "\u{1b}[?1049l", "it-ended"].map(|sign| shown.find(sign));
    assert!(places[0].is_some() && places.is_sorted(), "a screen of its own, and away from it: {places:?}");
}
