//! The binary itself: what goes where, and which exit code there is.

use {
    serde_json::Value,
    std::{
        io::{Read, Write},
        net::TcpListener,
        process::{Command, Stdio},
        thread,
        time::Duration,
    },
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

/// The words of every example in a command's help, up to what it is piped into.
fn examples() -> Vec<Vec<String>> {
    let line = sessions_cli::arguments::command_line();
    let texts = line.get_subcommands().filter_map(|command| command.get_after_help().map(ToString::to_string));
    let examples: Vec<String> = texts
        .flat_map(|text| text.lines().filter_map(|line| line.strip_prefix("  sessions ")).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let words = |example: &String| example.split(' ').take_while(|word| *word != "|").map(|word| word.replace('\'', "")).collect();
    examples.iter().map(words).collect()
}

#[test]
fn with_json_every_command_prints_json_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, &["keygen", ".config/solana/id.json"]);
    let mut ran = std::collections::BTreeSet::new();
    for example in examples() {
        // The one would stay, and the other is asked below.
        if ["localnet", "deploy"].contains(&example[0].as_str()) {
            continue;
        }
        let mut words: Vec<&str> = example.iter().map(String::as_str).filter(|word| *word != "--json").collect();
        words.push("--json");
        if !["demo", "run", "keygen"].contains(&words[0]) && !words.contains(&"-u") {
            words.extend(["-u", NOWHERE]);
        }
        let (code, out, err) = run(&folder, &words);
        assert_eq!(err, "", "{words:?}");
        let documents: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(&out).into_iter().collect();
        let documents = documents.unwrap_or_else(|error| panic!("{words:?}: {error}: {out}"));
        assert!(documents.len() == 1 || documents.len() > 1 && words[0] == "demo", "{words:?}: {out}");
        assert_eq!(documents[0]["error"].is_object(), code != 0, "{words:?}: {out}");
        ran.insert(words[0].to_owned());
    }
    assert!(ran.len() > 40, "{ran:?}");
}

#[test]
fn a_key_pair_can_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(&folder, &["keygen", "ana.json"]).1;
    let key = std::fs::read(folder.path().join("ana.json")).unwrap();
    let given = |arguments: &[&str], bytes: &[u8]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sessions"));
        command.args(arguments).current_dir(folder.path()).env("HOME", folder.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(given(&["address", "--keypair", "-"], &key), (0, made, String::new()));
    assert_eq!(given(&["address", "night", "-k", "-"], &key), run(&folder, &["address", "night", "-k", "ana.json"]));
    let (code, out, err) = given(&["address", "-k", "-"], b"hello");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("error: KeyFileInvalid: ") && err.contains("no JSON"), "{err}");
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
        assert_eq!((came, out.as_str(), err.lines().count()), (code, "", 2), "{arguments:?}: {err}");
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
    // Nothing at all is answered by the same, though as something that cannot be used.
    let (code, out, err) = run(&folder, &[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, run(&folder, &["--help"]).1);
}

#[test]
fn a_key_files_folders_are_made_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = ".config/solana/id.json";
    assert_eq!(run(&folder, &["keygen", file]).0, 0);
    #[cfg(unix)]
    for (name, mode) in [(".config", 0o700), (".config/solana", 0o700), (file, 0o600)] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777, mode, "{name}");
    }
    assert_eq!(run(&folder, &["keygen", &format!("{file}/x/id.json")]).0, 2);
}

#[test]
fn a_broken_scenario_is_a_document_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.yaml"), "steps: 1\nnonsense: 2\n").unwrap();
    for (arguments, name) in [
        (&["run", "--json", "nosuch.yaml"][..], "ScenarioInvalid"),
        (&["run", "--json", "broken.yaml", "nosuch.yaml"], "ScenarioInvalid"),
        (&["demo", "--json", "--program", "nosuch.so"], "ProgramUnreadable"),
    ] {
        let (code, out, err) = run(&folder, arguments);
        assert_eq!((code, err.as_str(), out.lines().count()), (2, "", 1), "{arguments:?}: {out}");
        let told: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(told["error"]["name"], name);
        let said = told["error"]["message"].as_str().unwrap();
        assert!(arguments.iter().skip(2).filter(|argument| !argument.starts_with('-')).all(|file| said.contains(file)), "{said}");
    }
}

/// Answers every request with the same; gives where that is.
fn server(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
            // What is closed with bytes unread is reset, and the answer lost.
            while stream.read(&mut [0; 4_096]).is_ok_and(|bytes| bytes > 0) {}
            let _ = write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    host
}

#[test]
fn who_answers_and_is_no_node_or_wants_a_key_is_told_and_the_key_is_not() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, &["keygen", "gm.json"]);
    for (status, body, show, deploy) in [
        ("404 Not Found", "", "is no Solana node", "is no Solana node"),
        ("200 OK", "<html>", "is no Solana node", "is no Solana node"),
        ("403 Forbidden", "", "the key to the node", "wants a key"),
    ] {
        let host = server(status, body);
        for (arguments, said) in [(&["show", "night"][..], show), (&["deploy", "--yes"], deploy)] {
            let url = format!("http://user:s3cret@{host}/s3cret?api-key=s3cret");
            let (code, out, err) = run(&folder, &[arguments, &["-k", "gm.json", "-u", &url]].concat());
            assert!(code > 0 && err.contains(said) && err.lines().count() == 2, "{status} {arguments:?}: {err}");
            assert!(!out.contains("s3cret") && !err.contains("s3cret"), "{out}{err}");
        }
    }
    let airdrop = |status, body| {
        let (code, _, err) = run(&folder, &["airdrop", "9SOL", "-k", "gm.json", "-u", &format!("http://{}", server(status, body))]);
        assert!(code > 0 && err.lines().count() == 2, "{err}");
        err
    };
    let refused = airdrop("200 OK", r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error"}}"#);
    assert!(refused.starts_with("error: AirdropRefused: the faucet gave nothing: Internal error"), "{refused}");
    assert!(airdrop("200 OK", r#"{"jsonrpc":"2.0","id":1,"result":"1"}"#).contains("is no Solana node"));
    assert!(airdrop("200 OK", "<html>").starts_with("error: NotSolana: "));
    assert!(run(&folder, &["airdrop", "9SOL", "-k", "gm.json", "-u", NOWHERE]).2.starts_with("error: Unreachable: "));
}
