//! What the tests of deploying and of the local validator share.

#![allow(dead_code, reason = "each of the tests uses a part")]

use {
    base64::{Engine, engine::general_purpose::STANDARD},
    litesvm::LiteSVM,
    serde_json::{Value, json},
    sessions_cli::deploy::{
        Keys,
        chain::{Chain, Submit, Unreachable},
    },
    solana_account::Account,
    solana_address::Address,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_keypair::{Keypair, Signer},
    solana_message::{Message, VersionedMessage},
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    std::{
        cell::RefCell,
        collections::HashMap,
        fs,
        io::{BufRead, BufReader, Read, Write},
        net::TcpStream,
        path::Path,
        process::{Child, ChildStdout, Command, Stdio},
    },
};

/// For how many blocks a blockhash is valid here: few, so that what is lost expires soon.
const VALID: u64 = 20;

/// LiteSVM as a ledger: a transaction that is handed over runs at once, in the present slot; a pause is a slot.
pub struct Svm(RefCell<Inner>);

/// Plays a program of which there is no file: runs a transaction that calls it; `None` if this one does not.
pub type Play = fn(&mut LiteSVM, &VersionedTransaction) -> Option<Result<(), TransactionError>>;

struct Inner {
    svm: LiteSVM,
    play: Play,
    height: u64,
    statuses: HashMap<Signature, Result<(), TransactionError>>,
    sent: u64,
    handed: u64,
    history: Vec<VersionedTransaction>,
    breaks_after: u64,
    loses_every: u64,
}

impl Svm {
    pub fn new() -> Self {
        Self::playing(|_, _| None)
    }

    pub fn playing(play: Play) -> Self {
        let mut svm = LiteSVM::new();
        svm.warp_to_slot(1);
        let (height, sent, handed) = (1, 0, 0);
        Self(RefCell::new(Inner {
            svm,
            play,
            height,
            statuses: HashMap::new(),
            history: Vec::new(),
            sent,
            handed,
            breaks_after: u64::MAX,
            loses_every: u64::MAX,
        }))
    }

    pub fn fund(&self, address: &Address, lamports: u64) {
        let svm = &mut self.0.borrow_mut().svm;
        let account = svm.get_account(address).unwrap_or_default();
        svm.set_account(*address, Account { lamports: account.lamports + lamports, ..account }).unwrap();
    }

    pub fn put(&self, address: &Address, account: Account) {
        self.0.borrow_mut().svm.set_account(*address, account).unwrap();
    }

    pub fn account(&self, address: &Address) -> Option<Account> {
        self.0.borrow().svm.get_account(address).filter(|account| account.lamports > 0)
    }

    /// Puts a program's file where it is called.
    pub fn install(&self, program: &Address, file: &[u8]) {
        self.0.borrow_mut().svm.add_program(*program, file).unwrap();
    }

    pub fn take(&self, address: &Address, lamports: u64) {
        let svm = &mut self.0.borrow_mut().svm;
        let account = svm.get_account(address).unwrap_or_default();
        svm.set_account(*address, Account { lamports: account.lamports - lamports, ..account }).unwrap();
    }

    pub fn balance(&self, address: &Address) -> u64 {
        self.0.borrow().svm.get_balance(address).unwrap_or_default()
    }

    /// How many transactions ran and did not fail.
    pub fn sent(&self) -> u64 {
        self.0.borrow().sent
    }

    /// The transactions that ran, failed or not.
    pub fn history(&self) -> Vec<VersionedTransaction> {
        self.0.borrow().history.clone()
    }

    /// The ledger cannot be reached any more once so many transactions ran.
    pub fn breaks_after(&self, transactions: u64) {
        self.0.borrow_mut().breaks_after = transactions;
    }

    /// Every so many transactions one is lost on its way.
    pub fn loses_every(&self, transactions: u64) {
        self.0.borrow_mut().loses_every = transactions;
    }

    /// Whether there is a program that is called and itself says what it thinks of no instruction at all.
    pub fn runs(&self, program: &Address) -> bool {
        let inner = &mut *self.0.borrow_mut();
        inner.step();
        let caller = Keypair::new_from_array([99; 32]);
        inner.svm.airdrop(&caller.pubkey(), 1_000_000_000).unwrap();
        let call = Instruction { program_id: *program, accounts: Vec::new(), data: Vec::new() };
        let message = Message::new_with_blockhash(&[call], Some(&caller.pubkey()), &inner.svm.latest_blockhash());
        let transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[&caller]).unwrap();
        let logs = match inner.svm.send_transaction(transaction) {
            Ok(meta) => meta.logs,
            Err(failed) => failed.meta.logs,
        };
        logs.iter().any(|line| line.contains(&format!("Program {program} consumed")))
    }
}

impl Inner {
    fn step(&mut self) {
        self.height += 1;
        self.svm.warp_to_slot(self.height);
    }
}

impl Chain for Svm {
    async fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>, Unreachable> {
        let inner = self.0.borrow();
        Ok(addresses.iter().map(|address| inner.svm.get_account(address).filter(|account| account.lamports > 0)).collect())
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, Unreachable> {
        Ok(self.0.borrow().svm.minimum_balance_for_rent_exemption(bytes))
    }

    async fn blockhash(&self) -> Result<(Hash, u64), Unreachable> {
        let inner = &mut *self.0.borrow_mut();
        inner.svm.expire_blockhash();
        Ok((inner.svm.latest_blockhash(), inner.height + VALID))
    }

    async fn block_height(&self) -> Result<u64, Unreachable> {
        Ok(self.0.borrow().height)
    }

    async fn slot(&self) -> Result<u64, Unreachable> {
        Ok(self.0.borrow().height)
    }

    async fn submit(&self, transaction: &VersionedTransaction, tried: bool) -> Result<(), Submit> {
        let inner = &mut *self.0.borrow_mut();
        if inner.sent >= inner.breaks_after {
            return Err(Unreachable("the test pulled the plug".into()).into());
        }
        inner.handed += 1;
        let signature = transaction.signatures[0];
        if inner.statuses.contains_key(&signature) || inner.handed.is_multiple_of(inner.loses_every) {
            return Ok(());
        }
        let size = 1 + 64 * transaction.signatures.len() + transaction.message.serialize().len();
        assert!(size <= 1_232, "{size} bytes are no transaction");
        let result = (inner.play)(&mut inner.svm, transaction)
            .unwrap_or_else(|| inner.svm.send_transaction(transaction.clone()).map(drop).map_err(|failed| failed.err));
        if let (Err(failed), true) = (&result, tried) {
            return Err(Submit::Refused(failed.to_string()));
        }
        inner.sent += u64::from(result.is_ok());
        inner.statuses.insert(signature, result);
        inner.history.push(transaction.clone());
        Ok(())
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Vec<Option<Result<(), TransactionError>>>, Unreachable> {
        let inner = self.0.borrow();
        Ok(signatures.iter().map(|signature| inner.statuses.get(signature).cloned()).collect())
    }

    async fn pause(&self) {
        self.0.borrow_mut().step();
    }
}

/// The recorded file of a small program of this repository.
pub fn file(name: &str) -> Vec<u8> {
    let folder = match name {
        "rogue" => "tests/programs/rogue",
        _ => "programs/arena",
    };
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join(format!("artifact/{name}.so"))).unwrap()
}

/// Who may upgrade.
pub fn authority() -> Keypair {
    Keypair::new_from_array([2; 32])
}

/// One wallet for everything, and the program's key if it is at hand.
pub fn keys(program: Option<&Keypair>) -> Keys {
    Keys { payer: authority(), authority: authority(), program: program.map(Keypair::insecure_clone) }
}

/// A local validator, as a process of its own, on free ports; killed when it is dropped.
pub struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    /// What it said when it was ready.
    pub ready: Value,
}

impl Running {
    /// Starts it for [`authority`]'s wallet, and waits until it is ready.
    pub fn start(arguments: &[&str]) -> Self {
        Self::begin(Command::new(env!("CARGO_BIN_EXE_sessions")).args(["localnet", "--keypair", &Self::wallet()]).args(arguments))
    }

    /// Starts it for somebody who has no wallet yet, and whose folder that is.
    pub fn newcomer(folder: &Path) -> Self {
        Self::begin(Command::new(env!("CARGO_BIN_EXE_sessions")).arg("localnet").env("HOME", folder).current_dir(folder))
    }

    fn begin(command: &mut Command) -> Self {
        command.args(["--json", "--rpc-port", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut told = String::new();
            child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
            panic!("it did not start: {told}")
        });
        Self { child, out, ready }
    }

    /// [`authority`]'s key file.
    pub fn wallet() -> String {
        key_file("authority", &authority())
    }

    /// Where JSON-RPC is.
    pub fn url(&self) -> &str {
        self.ready["rpc"].as_str().unwrap()
    }

    /// Sends a signal, and answers the exit code and what it said to standard error.
    pub fn stop(mut self, signal: &str) -> (i32, String) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut told = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "it says nothing more to standard output");
        (code, told)
    }

    /// What it answers to a request, be it a result or an error.
    pub fn request(&self, method: &str, parameters: Value) -> Value {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters }).to_string();
        let host = self.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(stream, "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or_else(|_| panic!("{method}: {answer}"))
    }

    /// What it answers to a request that succeeds.
    pub fn ask(&self, method: &str, parameters: Value) -> Value {
        let answer = self.request(method, parameters);
        answer.get("result").cloned().unwrap_or_else(|| panic!("{method}: {answer}"))
    }

    /// Waits until a transaction is confirmed, and did not fail.
    pub fn confirmed(&self, signature: &str) {
        loop {
            let status = &self.ask("getSignatureStatuses", json!([[signature]]))["value"][0];
            assert_eq!(status.get("err").unwrap_or(&Value::Null), &Value::Null);
            if ["confirmed", "finalized"].iter().any(|level| status["confirmationStatus"] == *level) {
                return;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A key file, as the Solana command line writes it; each test, which runs on a thread of its own, has its own.
pub fn key_file(name: &str, keypair: &Keypair) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{:?}.json", std::thread::current().id()));
    fs::write(&path, format!("{:?}", keypair.to_bytes())).unwrap();
    path.display().to_string()
}

pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub fn from_base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}
