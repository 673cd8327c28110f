//! Deploying a program: on LiteSVM, which runs the real loader, and on a local validator over JSON-RPC.

mod common;

use {
    common::{Svm, authority, file, keys},
    sessions_cli::deploy::{self, Error, Keys, Plan, Refusal, Survey, Upload, Wanted, progress::Silent},
    solana_keypair::{Keypair, Signer},
};

const SOL: u64 = 1_000_000_000;

fn wanted<'a>(keys: &Keys, program: &Keypair, file: &'a [u8]) -> Wanted<'a> {
    Wanted {
        program: program.pubkey(),
        key: keys.program.is_some(),
        authority: keys.authority.pubkey(),
        payer: keys.payer.pubkey(),
        file,
        max_len: None,
        last: false,
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn survey(svm: &Svm, keys: &Keys, wanted: &Wanted<'_>) -> Survey {
    run(deploy::survey(svm, keys, wanted)).unwrap()
}

fn execute(svm: &Svm, keys: &Keys, wanted: &Wanted<'_>) -> Result<deploy::Done, Error> {
    let todo = run(deploy::find_out(svm, keys, wanted, None))?;
    run(deploy::carry_out(svm, keys, wanted, &todo, &mut Silent))
}

#[test]
fn a_program_is_deployed_once_and_costs_what_was_told() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let told = survey(&svm, &keys, &wanted);
    assert_eq!(told.plan, Plan::Deploy { max_len: file.len(), upload: Upload::New });
    let done = execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(done.authority, Some(authority().pubkey()));
    assert_eq!(keys.chunk(&told.buffer), 1_012, "as docs/deployment.md says");
    assert_eq!(done.written, file.len().div_ceil(keys.chunk(&told.buffer)) as u64);
    assert_eq!(svm.sent(), told.cost.transactions);
    assert_eq!(i128::from(10 * SOL - svm.balance(&keys.payer.pubkey())), told.cost.spends);
    assert_eq!(svm.balance(&told.buffer), 0, "its rent went into the program");

    let again = survey(&svm, &keys, &wanted);
    assert_eq!((again.plan, again.cost.transactions), (Plan::Nothing, 0));
    assert_eq!(execute(&svm, &keys, &wanted).unwrap().written, 0);
    assert_eq!(svm.sent(), told.cost.transactions, "nothing was sent");
    assert!(svm.runs(&program.pubkey()), "the loader took it for a program that can be called");
}

/// A payer that is left with something must be left with a wallet's rent, which it has not when only fees are to be paid yet.
#[test]
fn what_an_upgrade_or_giving_up_the_authority_needs_is_enough() {
    let program = Keypair::new_from_array([1; 32]);
    for (first, then, last) in [(Some("arena"), "rogue", false), (None, "arena", true)] {
        let (rich, svm) = (keys(Some(&program)), Svm::new());
        svm.fund(&rich.payer.pubkey(), 20 * SOL);
        if let Some(first) = first {
            let file = file(first);
            execute(&svm, &rich, &wanted(&rich, &program, &file)).unwrap();
        }
        let (file, payer) = (file(then), Keypair::new_from_array([8; 32]));
        let exact = Keys { payer: payer.insecure_clone(), ..keys(Some(&program)) };
        let wanted = Wanted { last, ..wanted(&exact, &program, &file) };
        svm.fund(&payer.pubkey(), 20 * SOL);
        let needs = survey(&svm, &exact, &wanted).cost.needs;
        svm.take(&payer.pubkey(), 20 * SOL - needs);
        execute(&svm, &exact, &wanted).unwrap();
    }
}

#[test]
fn what_the_payer_needs_is_enough_to_the_lamport() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, file) = (keys(Some(&program)), file("rogue"));
    let wanted = wanted(&keys, &program, &file);
    let rich = Svm::new();
    rich.fund(&keys.payer.pubkey(), 10 * SOL);
    let needs = survey(&rich, &keys, &wanted).cost.needs;
    // An account must not be left with less than its rent, so the payer ends with nothing at all.
    let exact = Svm::new();
    exact.fund(&keys.payer.pubkey(), needs);
    execute(&exact, &keys, &wanted).unwrap();
    assert_eq!(exact.balance(&keys.payer.pubkey()), 0);
    let poor = Svm::new();
    poor.fund(&keys.payer.pubkey(), needs - 1);
    let refused = Refusal::Funds { payer: keys.payer.pubkey(), needs, has: needs - 1 };
    assert_eq!(execute(&poor, &keys, &wanted), Err(Error::Refused(refused)));
    assert_eq!(poor.sent(), 0);
}

#[test]
fn an_interrupted_upload_goes_on_with_what_is_missing() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let whole = survey(&svm, &keys, &wanted).cost.transactions;
    // The buffer, and 20 chunks.
    svm.breaks_after(21);
    assert!(matches!(execute(&svm, &keys, &wanted), Err(Error::Unreachable(_))));
    assert_eq!(svm.sent(), 21);
    svm.breaks_after(u64::MAX);
    let Plan::Deploy { upload: Upload::Resume(missing), .. } = survey(&svm, &keys, &wanted).plan else { panic!("it is not resumed") };
    assert_eq!(missing.len() as u64, whole - 2 - 20);
    let done = execute(&svm, &keys, &wanted).unwrap();
    assert_eq!((done.written, svm.sent()), (whole - 22, whole), "no chunk was written twice");
    assert_eq!(survey(&svm, &keys, &wanted).plan, Plan::Nothing);
}

#[test]
fn writes_that_never_arrive_are_made_again() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    svm.loses_every(3);
    let wanted = wanted(&keys, &program, &file);
    execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(survey(&svm, &keys, &wanted).plan, Plan::Nothing);
}

#[test]
fn a_longer_program_takes_more_room_and_a_shorter_one_takes_what_is_there() {
    let program = Keypair::new_from_array([1; 32]);
    let (first, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&first.payer.pubkey(), 10 * SOL);
    let (short, long) = (file("arena"), file("rogue"));
    assert!(short.len() < long.len());
    execute(&svm, &first, &wanted(&first, &program, &short)).unwrap();

    let keys = keys(None);
    let upgrade = wanted(&keys, &program, &long);
    let (before, sent) = (svm.balance(&keys.payer.pubkey()), svm.sent());
    let told = survey(&svm, &keys, &upgrade);
    assert_eq!(told.plan, Plan::Upgrade { extend: Some((long.len() - short.len()) as u32), upload: Upload::New });
    execute(&svm, &keys, &upgrade).unwrap();
    assert_eq!(i128::from(before - svm.balance(&keys.payer.pubkey())), told.cost.spends);
    assert_eq!(svm.sent() - sent, told.cost.transactions);
    assert_eq!(survey(&svm, &keys, &upgrade).plan, Plan::Nothing);

    let back = wanted(&keys, &program, &short);
    assert_eq!(survey(&svm, &keys, &back).plan, Plan::Upgrade { extend: None, upload: Upload::New });
    execute(&svm, &keys, &back).unwrap();
    assert_eq!(survey(&svm, &keys, &back).plan, Plan::Nothing);
    assert!(svm.runs(&program.pubkey()));
}

#[test]
fn a_final_program_is_nobodys_any_more() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let (arena, rogue) = (file("arena"), file("rogue"));
    let last = Wanted { last: true, ..wanted(&keys, &program, &arena) };
    let told = survey(&svm, &keys, &last);
    assert_eq!(execute(&svm, &keys, &last).unwrap().authority, None);
    assert_eq!(svm.sent(), told.cost.transactions);
    assert_eq!(survey(&svm, &keys, &last).plan, Plan::Nothing);
    let refused = Refusal::Final(program.pubkey());
    assert_eq!(execute(&svm, &keys, &wanted(&keys, &program, &rogue)), Err(Error::Refused(refused)));
}

#[test]
fn a_program_that_is_not_one_stays_in_its_buffer_and_the_buffer_can_be_closed() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &[7; 3_000]);
    let failed = execute(&svm, &keys, &wanted).unwrap_err();
    assert!(matches!(failed, Error::Failed { what: "the deployment", .. }), "{failed:?}");
    assert!(matches!(survey(&svm, &keys, &wanted).plan, Plan::Deploy { upload: Upload::Resume(missing), .. } if missing.is_empty()));

    // A file of another length takes another buffer, at the same place.
    let arena = file("arena");
    let other = Wanted { file: &arena, ..wanted };
    assert!(matches!(survey(&svm, &keys, &other).plan, Plan::Deploy { upload: Upload::Replace, .. }));
    let held = svm.balance(&survey(&svm, &keys, &wanted).buffer);
    assert_eq!(run(deploy::close_buffer(&svm, &keys, &program.pubkey())).unwrap(), Some(held));
    assert_eq!(run(deploy::close_buffer(&svm, &keys, &program.pubkey())).unwrap(), None);
    assert_eq!(survey(&svm, &keys, &other).plan, Plan::Deploy { max_len: arena.len(), upload: Upload::New });
}

#[test]
fn a_buffer_of_another_length_is_replaced() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let (rogue, arena) = (file("rogue"), file("arena"));
    svm.breaks_after(5);
    execute(&svm, &keys, &wanted(&keys, &program, &rogue)).unwrap_err();
    svm.breaks_after(u64::MAX);
    let (before, sent) = (svm.balance(&keys.payer.pubkey()), svm.sent());
    let wanted = wanted(&keys, &program, &arena);
    let told = survey(&svm, &keys, &wanted);
    assert_eq!(told.plan, Plan::Deploy { max_len: arena.len(), upload: Upload::Replace });
    execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(svm.sent() - sent, told.cost.transactions);
    assert_eq!(i128::from(before) - i128::from(svm.balance(&keys.payer.pubkey())), told.cost.spends);
}

#[test]
fn lamports_sent_to_the_addresses_before_are_in_nobodys_way() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("arena"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let buffer = survey(&svm, &keys, &wanted).buffer;
    svm.fund(&buffer, 1_000_000);
    svm.fund(&program.pubkey(), 1_000_000);
    let told = survey(&svm, &keys, &wanted);
    execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(i128::from(10 * SOL) - i128::from(svm.balance(&keys.payer.pubkey())), told.cost.spends);
}

#[test]
fn who_pays_and_who_may_upgrade_can_be_two() {
    let program = Keypair::new_from_array([1; 32]);
    let svm = Svm::new();
    let keys = Keys { payer: Keypair::new_from_array([5; 32]), ..keys(Some(&program)) };
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let file = file("arena");
    let wanted = wanted(&keys, &program, &file);
    let told = survey(&svm, &keys, &wanted);
    assert_eq!(execute(&svm, &keys, &wanted).unwrap().authority, Some(authority().pubkey()));
    assert_eq!(i128::from(10 * SOL - svm.balance(&keys.payer.pubkey())), told.cost.spends);
}

/// The command on a local validator: over JSON-RPC, with a real client, as a user would.
#[cfg(feature = "localnet")]
mod on_a_local_validator {
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
        async fn accounts(
            &self,
            addresses: &[solana_address::Address],
        ) -> Result<Vec<Option<solana_account::Account>>, deploy::Unreachable> {
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
}
