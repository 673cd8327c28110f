//! The binary itself: what goes where, and which exit code there is.

use {
    serde_json::Value,
    std::process::{Command, Stdio},
    tempfile::TempDir,
};

/// An address at which no node answers: port 1 is no ephemeral port, and needs privileges.
const NOWHERE: &str = "http://127.0.0.1:1";

fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sessions"));
    command.args(arguments).current_dir(folder.path()).env("HOME", folder.path()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_key_file_is_made_once_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (code, made, err) = run(&folder, &["keygen", "ana.json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(folder.path().join("ana.json")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(run(&folder, &["address", "-k", "ana.json"]), (0, made.clone(), String::new()));
    let (code, out, err) = run(&folder, &["keygen", "ana.json"]);
    assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2));
    assert!(err.starts_with("error: FileExists: "), "{err}");
    assert_eq!(run(&folder, &["address", "-k", "ana.json"]).1, made);
    let (_, out, _) = run(&folder, &["keygen", "ben.json", "--json"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_ne!(told["address"], made.trim());
    // A session's address follows from its creator and its id alone.
    let night = run(&folder, &["address", "night", "-k", "ana.json"]);
    assert_eq!(night, run(&folder, &["address", "ana.json/night"]));
}

#[test]
fn what_is_wrong_is_one_line_with_a_hint_on_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, &["keygen", "gm.json"]);
    for (arguments, name, code) in [
        (&["show", "night", "-k", "gm.json", "-u", NOWHERE][..], "Unreachable", 2),
        (&["open-session", "night", "-k", "gm.json", "-u", NOWHERE, "--yes"], "Unreachable", 2),
        (&["show", "night", "-u", "devnt"], "WrongUrl", 2),
        (&["show", "night", "-u", "ftp://x"], "WrongUrl", 2),
        (&["show", "night", "-u", "http://"], "WrongUrl", 2),
        (&["show", "night", "-u", "http://127.0.0.1:65535"], "WrongUrl", 2),
        (&["show", "night", "--config", "none.yml"], "ConfigInvalid", 2),
        (&["opn-session", "night"], "InvalidArgument", 2),
        (&["balance", "-k", "none.json", "-u", NOWHERE], "KeyFileNotFound", 2),
        (&["address"], "KeyFileNotFound", 2),
    ] {
        let (came, out, err) = run(&folder, arguments);
        assert_eq!((came, out.as_str(), err.lines().count()), (code, "", 2), "{arguments:?}: {err}");
        assert!(err.starts_with(&format!("error: {name}: ")) && err.contains("\n hint: "), "{err}");
        assert!(!err.contains('\u{1b}') && !err.contains("panicked"), "{err}");

        let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        let (came, out, err) = run(&folder, &with_json);
        assert_eq!((came, err.as_str(), out.lines().count()), (code, "", 1), "{with_json:?}");
        let told: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(told["error"]["name"], name);
        assert!(["message", "hint"].iter().all(|part| told["error"][part].as_str().is_some_and(|text| !text.is_empty())), "{told}");
    }
}

#[test]
fn what_is_wrong_with_a_deployment_is_a_document_too() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, &["keygen", "gm.json"]);
    for (arguments, code) in [
        (&["deploy", "-u", "devnt", "-k", "gm.json"][..], 2),
        (&["deploy", "-u", NOWHERE, "-k", "gm.json", "--yes"], 1),
        (&["deploy", "-u", NOWHERE, "-k", "none.json", "--yes"], 2),
    ] {
        let (came, out, err) = run(&folder, arguments);
        assert_eq!((came, out.as_str(), err.lines().count()), (code, "", 1), "{arguments:?}: {err}");
        let with_json: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        let (came, out, err) = run(&folder, &with_json);
        assert_eq!((came, err.as_str(), out.lines().count()), (code, "", 1), "{with_json:?}: {out}");
        let told: Value = serde_json::from_str(&out).unwrap();
        let is_told = |part: &str| told["error"][part].as_str().is_some_and(|text| !text.is_empty());
        assert!(["name", "message", "hint"].into_iter().all(is_told), "{told}");
    }
}

#[test]
fn help_is_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["--help"][..], &["open-session", "--help"], &["spend", "-h"], &["--version"]] {
        let (code, out, err) = run(&folder, arguments);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(!out.is_empty());
    }
    assert_eq!(run(&folder, &[]).0, 2);
}
