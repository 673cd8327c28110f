//! The command on a local validator: over JSON-RPC, with a real client, as a user would.

use {
    super::*,
    common::{Running, key_file},
    serde_json::Value,
    std::{fs, path::Path, process::Command},
};

fn deploy(running: &Running, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sessions"));
    command.args(["deploy", "--url", running.url(), "--keypair", &Running::wallet()]).args(arguments);
    let output = command.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn told(running: &Running, arguments: &[&str]) -> Value {
    let (code, out, err) = deploy(running, &[&["--json", "--yes"], arguments].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    serde_json::from_str(&out).unwrap()
}

fn path(name: &str) -> String {
    let folder = if name == "rogue" { "tests/programs/rogue" } else { "programs/arena" };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join(format!("artifact/{name}.so")).display().to_string()
}

#[test]
fn the_built_in_program_is_there_already_and_works_nowhere_else() {
    let running = Running::start(&[]);
    let result = told(&running, &[]);
    assert_eq!((&result["plan"], &result["transactions"]), (&"nothing".into(), &0.into()));
    let why = "the cluster has no Program Metadata program";
    assert_eq!((&result["idl"]["plan"], &result["idl"]["why"]), (&"skip".into(), &why.into()));
    let (code, out, err) = deploy(&running, &[]);
    assert_eq!((code, err.as_str()), (0, "comparing what is on the chain\n"), "it has nothing to ask");
    assert!(out.ends_with(&format!("  idl        is not written: {why}\n")), "{out}");
    assert_eq!(told(&running, &["--no-idl"])["idl"], Value::Null);
    let other = key_file("other", &Keypair::new_from_array([3; 32]));
    let (code, out, err) = deploy(&running, &["--program-id", &other]);
    assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2), "{err}");
    assert!(err.contains("works at its declared address SessGKKphX3HqFASfkrnKYdSKFhjhttP5tn6SdpUei8 only"), "{err}");
}

#[test]
fn the_wallet_upgrades_the_session_program_on_it() {
    let running = Running::start(&["--slot-time", "100"]);
    let result = told(&running, &["--program", &path("rogue")]);
    assert_eq!((&result["plan"], &result["done"]["authority"]), (&"upgrade".into(), &authority().pubkey().to_string().into()));
    assert_eq!(told(&running, &["--program", &path("rogue")])["plan"], "nothing");
    assert_eq!(told(&running, &["--dry-run"])["plan"], "upgrade", "the built-in one is another");
}

#[test]
fn a_program_is_deployed_upgraded_and_given_up() {
    let running = Running::start(&["--slot-time", "100"]);
    let program = Keypair::new_from_array([3; 32]);
    let (key, address) = (key_file("program", &program), program.pubkey().to_string());
    let (arena, rogue) = (path("arena"), path("rogue"));

    let (code, out, err) = deploy(&running, &["--program", &arena, "--program-id", &address, "--yes"]);
    assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2), "{err}");
    assert!(err.contains("the first deployment is signed by its key"), "{err}");
    let first = ["--program", &arena, "--program-id", &key];
    let (code, out, err) = deploy(&running, &first);
    assert_eq!((code, err.lines().count()), (2, 2), "{err}");
    assert!(out.contains("  to do      deploy, with room for 35464 bytes") && err.contains("add --yes"), "{out}{err}");
    assert_eq!(told(&running, &[&first[..], &["--dry-run"]].concat())["done"], Value::Null);

    let result = told(&running, &first);
    assert_eq!(result["plan"], "deploy");
    assert_eq!(result["done"]["authority"], authority().pubkey().to_string());
    assert_eq!(told(&running, &first)["plan"], "nothing");

    let second = ["--program", &rogue, "--program-id", &address];
    let (code, out, err) = deploy(&running, &[&second[..], &["--yes"]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(&format!("upgraded {address} in slot ")) && err.contains("upgrading the program"), "{out}{err}");
    assert!(err.lines().filter(|line| line.starts_with("uploaded ")).count() <= 10, "{err}");
    assert_eq!(told(&running, &[&second[..], &["--final"]].concat())["plan"], "finalize");
    let (code, _, err) = deploy(&running, &[&first[..], &["--yes"]].concat());
    assert_eq!((code, err.lines().count()), (2, 2), "{err}");
    assert!(!err.starts_with("error: G"), "an address is no name of an error: {err}");
    assert!(err.contains("is final"), "{err}");
}

#[test]
fn an_upload_that_was_killed_goes_on_and_a_buffer_can_be_closed() {
    let running = Running::start(&["--slot-time", "100"]);
    let program = Keypair::new_from_array([4; 32]);
    let keys = keys(Some(&program));
    let (key, file) = (key_file("killed", &program), common::file("rogue"));
    let wanted = wanted(&keys, &program, &file);
    let rpc = Breaking { rpc: sessions_cli::deploy::rpc::Rpc::connect(running.url()).unwrap(), left: 15.into() };
    let broken = run(async {
        let todo = deploy::find_out(&rpc, &keys, &wanted, None).await.unwrap();
        deploy::carry_out(&rpc, &keys, &wanted, &todo, &mut Silent).await
    });
    assert!(matches!(broken, Err(Error::Unreachable(_))), "{broken:?}");
    // The buffer, and 14 chunks, which land within a slot or two.
    let chunks =
        file.len().div_ceil(keys.chunk(&sessions_cli::deploy::plan::buffer_address(&authority().pubkey(), &program.pubkey()).unwrap()));
    let arguments = ["--program", &path("rogue"), "--program-id", &key];
    while told(&running, &[&arguments[..], &["--dry-run"]].concat())["missing_chunks"] != chunks - 14 {}
    let result = told(&running, &arguments);
    assert_eq!(result["done"]["written_chunks"], chunks - 14);
    assert_eq!(told(&running, &arguments)["plan"], "nothing");
    assert_eq!(told(&running, &["--close-buffer", "--program-id", &program.pubkey().to_string()])["lamports"], Value::Null);
}

#[test]
fn what_cannot_be_used_is_one_line_with_a_hint() {
    let running = Running::start(&[]);
    let poor = key_file("poor", &Keypair::new_from_array([6; 32]));
    let program = key_file("wanted", &Keypair::new_from_array([7; 32]));
    let folder = tempfile::tempdir().unwrap();
    let half = folder.path().join("half.so");
    fs::write(&half, &common::file("arena")[..9_000]).unwrap();
    let half = half.display().to_string();
    let [none, other] = ["none.json", "other.json"].map(|name| folder.path().join(name).display().to_string());
    fs::write(&none, "{}").unwrap();
    fs::write(&other, format!("{{\"address\":\"{}\"}}", authority().pubkey())).unwrap();
    let arena = path("arena");
    for (code, what, arguments) in [
        (2, "is damaged or no Solana program", vec!["--program", half.as_str(), "--program-id", &program]),
        (2, "error: ProgramUnreadable: the program file no-such.so cannot be read", vec!["--program", "no-such.so"]),
        (2, "is neither an address nor a key file", vec!["--program-id", "no-such.json"]),
        (2, "there is no key file", vec!["--upgrade-authority", "no-such.json"]),
        (2, "send it some SOL", vec!["--program", &arena, "--program-id", &program, "--keypair", &poor]),
        (2, "can have from 35464", vec!["--program", &arena, "--program-id", &program, "--max-len", "1"]),
        (2, "error: IdlInvalid: ", vec!["--idl", &none]),
        (2, "error: IdlInvalid: ", vec!["--idl", &half]),
        (2, "error: IdlOfAnother: ", vec!["--idl", &other]),
        (2, "error: IdlUnreadable: the IDL no-such.json cannot be read", vec!["--idl", "no-such.json"]),
        (1, "the cluster cannot be reached", vec!["--url", "http://127.0.0.1:1"]),
        (2, "is neither a cluster nor a URL", vec!["--url", "devnt"]),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sessions"));
        command.arg("deploy");
        if !arguments.contains(&"--url") {
            command.args(["--url", running.url()]);
        }
        if !arguments.contains(&"--keypair") {
            command.args(["--keypair", &Running::wallet()]);
        }
        let output = command.args(&arguments).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice(), err.lines().count()), (Some(code), &b""[..], 2), "{err}");
        assert!(err.contains(what), "{err}");
    }
}

/// A cluster that cannot be reached any more once so many transactions were handed over.
struct Breaking {
    rpc: sessions_cli::deploy::rpc::Rpc,
    left: std::cell::Cell<u32>,
}

impl deploy::Chain for Breaking {
    async fn accounts(&self, addresses: &[solana_address::Address]) -> Result<Vec<Option<solana_account::Account>>, deploy::Unreachable> {
        self.rpc.accounts(addresses).await
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, deploy::Unreachable> {
        self.rpc.minimum_balance(bytes).await
    }

    async fn blockhash(&self) -> Result<(solana_hash::Hash, u64), deploy::Unreachable> {
        self.rpc.blockhash().await
    }

    async fn block_height(&self) -> Result<u64, deploy::Unreachable> {
        self.rpc.block_height().await
    }

    async fn slot(&self) -> Result<u64, deploy::Unreachable> {
        self.rpc.slot().await
    }

    async fn submit(
        &self,
        transaction: &solana_transaction::versioned::VersionedTransaction,
        tried: bool,
    ) -> Result<(), deploy::chain::Submit> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| deploy::Unreachable("the test pulled the plug".into()))?;
        self.left.set(left);
        self.rpc.submit(transaction, tried).await
    }

    async fn statuses(
        &self,
        signatures: &[solana_signature::Signature],
    ) -> Result<Vec<Option<Result<(), solana_transaction_error::TransactionError>>>, deploy::Unreachable> {
        self.rpc.statuses(signatures).await
    }

    async fn pause(&self) {
        self.rpc.pause().await;
    }
}
