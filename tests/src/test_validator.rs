//! A `solana-test-validator` of its own, with the committed program files in its genesis.

use {
    crate::{programs, tokens::MEMO},
    sessions_cli::scenario::arena::ARENA,
    sessions_client::{Embedded, Ledger, LedgerError, Rpc, address::PROGRAM},
    std::{
        env, fs,
        net::TcpListener,
        path::{Path, PathBuf},
        process::{Child, Command, Stdio},
        time::Duration,
    },
    tokio::time::sleep,
};

/// How often a validator that starts is asked whether it has.
const POLL: Duration = Duration::from_millis(200);

/// The validator's program: the one that SOLANA_TEST_VALIDATOR names, or the first on the path.
pub fn binary() -> Option<PathBuf> {
    let named = env::var_os("SOLANA_TEST_VALIDATOR").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    named
        .or_else(|| env::split_paths(&path).map(|folder| folder.join("solana-test-validator")).find(|file| file.is_file()))
        .filter(|file| file.is_file())
}

/// A validator; it is stopped when it is dropped.
pub struct Validator {
    process: Child,
    /// A handle to it.
    pub ledger: Rpc,
}

impl Validator {
    /// Starts one, and waits until it can be used. There is one at a time: each begins with an empty ledger in the same folder.
    ///
    /// # Panics
    /// It does not start.
    pub async fn start(binary: &Path) -> Self {
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
