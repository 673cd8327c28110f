//! Plays the scenarios on a `solana-test-validator`: what `make test-validator` runs.
//!
//! Each scenario has a validator of its own, with the committed program files in its genesis. `docs/ledgers.md` has the record of the last run.

use {
    clap::ValueEnum,
    sessions_cli::{command::Demo, scenario::arena::ARENA},
    sessions_client::{Embedded, Ledger, LedgerError, Rpc, address::PROGRAM},
    sessions_tests::{
        programs,
        real_time::{self, Cut},
        tokens::MEMO,
    },
    std::{
        env, fs,
        net::TcpListener,
        path::{Path, PathBuf},
        process::{Child, Command, ExitCode, Stdio},
        time::Duration,
    },
    tokio::time::sleep,
};

/// For how many seconds a scenario may wait in all.
const PATIENCE: u32 = 30;

/// How often a validator that starts is asked whether it has.
const POLL: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let Some(binary) = binary() else {
        eprintln!(
            "there is no solana-test-validator on the PATH, nor at SOLANA_TEST_VALIDATOR; get it with `cargo install agave-validator@4.2.2 --bin \
             solana-test-validator --locked`"
        );
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads can be started");
    let failed = runtime.block_on(run(&binary));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The validator to run: the one that the environment names, or the first on the path.
fn binary() -> Option<PathBuf> {
    let named = env::var_os("SOLANA_TEST_VALIDATOR").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    named
        .or_else(|| env::split_paths(&path).map(|folder| folder.join("solana-test-validator")).find(|file| file.is_file()))
        .filter(|file| file.is_file())
}

/// Plays every scenario and gives how many differed.
async fn run(binary: &Path) -> usize {
    let version = Command::new(binary).arg("--version").output().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    println!("{}", version.unwrap_or_else(|error| error.to_string()));
    let mut failed = 0;
    for demo in Demo::value_variants() {
        let (name, text) = demo.scenario();
        let validator = Validator::start(binary).await;
        let ledger = &validator.ledger;
        let cut = Cut::of(name, text, ledger.clock().await.unwrap().unix_timestamp, PATIENCE);
        println!("{cut}");
        match real_time::play(&cut.plan, ledger).await {
            Ok(()) => println!("  as on the embedded ledger"),
            Err(differences) => {
                failed += 1;
                for difference in differences {
                    println!("  {difference}");
                }
            }
        }
    }
    failed
}

/// A validator; it is stopped when it is dropped.
struct Validator {
    process: Child,
    ledger: Rpc,
}

impl Validator {
    async fn start(binary: &Path) -> Self {
        let folder = programs::root().join("target/test-validator");
        // A ledger of an earlier run is of no use, and there may be none.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let (rpc, faucet) = (two_free_ports(), two_free_ports());
        let process = Command::new(binary)
            .arg("--quiet")
            .arg("--ledger")
            .arg(&folder)
            .args(["--rpc-port", &rpc.to_string(), "--faucet-port", &faucet.to_string()])
            .args(["--bpf-program", &PROGRAM.to_string()])
            .arg(programs::path("sessions"))
            .args(["--bpf-program", &ARENA.to_string()])
            .arg(programs::path("arena"))
            .args(["--bpf-program", &MEMO.to_string()])
            .arg(memo(&folder).await)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let ledger = Rpc::connect(&format!("http://127.0.0.1:{rpc}"), None).unwrap();
        let mut validator = Self { process, ledger };
        while let Err(error) = validator.ledger.check().await {
            let gone = validator.process.try_wait().unwrap();
            assert!(gone.is_none(), "the validator ended ({gone:?}); its log is in {}", folder.display());
            assert!(error.is_retryable() || matches!(error, LedgerError::ProgramMissing { .. }), "{error}");
            sleep(POLL).await;
        }
        validator
    }
}

impl Drop for Validator {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The file of the memo program that the embedded ledger has, in a folder: a validator's own is an older one, which takes twice as many compute units.
async fn memo(folder: &Path) -> PathBuf {
    let found = Embedded::new().unwrap().read(&[MEMO]).await.unwrap().remove(0);
    let path = folder.join("memo.so");
    // Its loader is the second, where a program's account is its file.
    fs::write(&path, found.account.unwrap().data).unwrap();
    path
}

/// A port that nobody has, and neither the one behind it, where a validator has its web socket.
fn two_free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port.checked_add(1).is_some_and(|next| TcpListener::bind(("127.0.0.1", next)).is_ok()) {
            return port;
        }
    }
}
