//! A `solana-test-validator` of its own, with the committed program files, and what its users have, in its genesis.

use {
    crate::{
        programs,
        tokens::{MEMO, TOKEN_2022},
    },
    serde_json::json,
    sessions_cli::scenario::arena::ARENA,
    sessions_client::{Embedded, Ledger, LedgerError, Rpc, address::PROGRAM},
    solana_address::Address,
    std::{
        env,
        ffi::OsString,
        fs,
        net::TcpListener,
        ops::Range,
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

/// The validator's program, if the environment asks for tests to be run on it, as `make test-validator` does.
///
/// # Panics
/// There is none: a test that was asked for would pass without it.
pub fn wanted() -> Option<PathBuf> {
    env::var_os("SESSIONS_ON_TEST_VALIDATOR")?;
    Some(binary().expect("there is no solana-test-validator"))
}

/// A validator; it is stopped when it is dropped.
pub struct Validator {
    process: Child,
    /// A handle to it.
    pub ledger: Rpc,
}

impl Validator {
    /// Starts one with these lamports at these addresses, and waits until it can be used. There is one at a time: each begins with an empty ledger in
    /// the same folder.
    ///
    /// # Panics
    /// It does not start.
    pub async fn start(binary: &Path, funds: &[(Address, u64)]) -> Self {
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
            .arg(embedded_file(&folder, MEMO).await)
            .args(["--bpf-program", &TOKEN_2022.to_string()])
            .arg(embedded_file(&folder, TOKEN_2022).await)
            .args(
                funds
                    .iter()
                    .flat_map(|(address, lamports)| ["--account".into(), address.to_string().into(), wallet(&folder, address, *lamports)]),
            )
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

/// The file of a program that the embedded ledger has, in a folder. A validator's own Memo is an older one, which takes twice as many compute units, and so is
/// its Token-2022, which takes a little less.
async fn embedded_file(folder: &Path, program: Address) -> PathBuf {
    /// Where a program's account names the account of its file, and where the file begins in that.
    const FILE_AT: Range<usize> = 4..36;
    const FILE_FROM: usize = 45;
    let ledger = Embedded::new().unwrap();
    let read = async |address| ledger.read(&[address]).await.unwrap().remove(0).account.unwrap().data;
    let mut file = read(program).await;
    // Of the second loader the account is the file; of the third it names another.
    if file.len() == FILE_AT.end {
        file = read(Address::try_from(&file[FILE_AT]).unwrap()).await.split_off(FILE_FROM);
    }
    let path = folder.join(format!("{program}.so"));
    fs::write(&path, file).unwrap();
    path
}

/// The file of a wallet's account, in a folder, as the validator reads it: its faucet gives nobody less than a wallet must hold. The system program, whose address
/// is the default one, owns it.
fn wallet(folder: &Path, address: &Address, lamports: u64) -> OsString {
    let path = folder.join(format!("{address}.json"));
    let account = json!({ "lamports": lamports, "data": ["", "base64"], "owner": Address::default().to_string(), "executable": false, "rentEpoch": u64::MAX });
    fs::write(&path, json!({ "pubkey": address.to_string(), "account": account }).to_string()).unwrap();
    path.into()
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
