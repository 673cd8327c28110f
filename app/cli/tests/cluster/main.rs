//! Commands on the embedded ledger: the real program, key files in a folder of their own, and no process.
//!
//! | module | what it shows |
//! |---|---|
//! | [`sending`] | what landed is told, whatever comes behind it |
//! | [`story`] | every instruction, each by its command |
//! | [`previews`] | what is shown and asked before something is sent |
//! | [`refusals`] | what is wrong, in one line, with a hint |
//! | [`looking`] | show, list, history, balance, airdrop |
//! | [`binary`] | the binary itself, and its exit codes |
//! | [`faulty`] | a ledger that fails when it is told to |
//! | [`help`] | what every command's help says |
//! | [`landing`] | transactions that are lost, and what is paid so that they are not |
//! | [`nonce`] | transactions that do not expire |
//! | [`tokens`] | tokens in the vault |
//! | [`watch`] | a session as it goes on |
//! | [`readme`] | the README's transcript |

mod binary;
mod faulty;
mod help;
mod landing;
mod looking;
mod nonce;
mod previews;
mod readme;
mod refusals;
mod sending;
mod story;
mod tokens;
mod watch;

use {
    serde_json::Value,
    sessions_cli::{
        arguments::{self, Command},
        cluster::Settings,
        commands,
        confirm::Console,
        context::Context,
        failed::Failed,
        keys,
        who::Who,
    },
    sessions_client::{Embedded, Ledger, ledger::Commitment},
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::{cell::Cell, io, time::Duration},
    tempfile::TempDir,
};

/// Everyone, each with the first byte of their secret and what they have in SOL.
const PEOPLE: [(&str, u8, u64); 7] =
    [("gm", 1, 10), ("relay", 2, 10), ("ana", 3, 10), ("ben", 4, 10), ("cleo", 5, 10), ("agent", 6, 1), ("poor", 7, 0)];

/// Somebody before the terminal, or nobody.
struct Answers {
    there: bool,
    says: bool,
    asked: Vec<String>,
    /// What it was told of what went on.
    shown: Vec<String>,
}

impl Answers {
    /// Nobody before the terminal.
    const fn nobody() -> Self {
        Self { there: false, says: false, asked: Vec::new(), shown: Vec::new() }
    }

    /// Somebody, who says yes or no to everything.
    const fn somebody(says: bool) -> Self {
        Self { there: true, says, asked: Vec::new(), shown: Vec::new() }
    }
}

impl Console for Answers {
    fn is_there(&self) -> bool {
        self.there
    }

    fn ask(&mut self, question: &str) -> io::Result<bool> {
        self.asked.push(question.to_owned());
        Ok(self.says)
    }

    fn tell(&mut self, text: &str) -> io::Result<()> {
        self.asked.push(text.to_owned());
        Ok(())
    }

    fn begin(&mut self, what: &str) {
        self.shown.push(format!("begin: {what}"));
    }

    fn progress(&mut self, what: &str) {
        self.shown.push(what.to_owned());
    }

    fn end(&mut self) {
        self.shown.push("end".to_owned());
    }
}

/// A ledger, and the key files of those who use it.
struct World {
    ledger: Embedded,
    folder: TempDir,
    /// How many keys were made.
    made: Cell<u8>,
}

impl World {
    fn new() -> Self {
        let (ledger, folder) = (Embedded::new().unwrap(), tempfile::tempdir().unwrap());
        for (name, seed, sol) in PEOPLE {
            let key = Keypair::new_from_array([seed; 32]);
            keys::write(&folder.path().join(format!("{name}.json")), &key).unwrap();
            if sol > 0 {
                ledger.fund(key.pubkey(), sol * 1_000_000_000).unwrap();
            }
        }
        Self { ledger, folder, made: Cell::new(100) }
    }

    /// Whose address it is.
    fn address(name: &str) -> Address {
        let seed = PEOPLE.iter().find(|(known, ..)| *known == name).unwrap().1;
        Keypair::new_from_array([seed; 32]).pubkey()
    }

    /// The path of a file in the folder.
    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A command line's words: `@name` is a file in the folder, quotes hold words together.
    fn words(&self, line: &str) -> Vec<String> {
        let line = line.replace('@', &format!("{}/", self.folder.path().display()));
        let quoted = line.split('\'').enumerate();
        let words = quoted.flat_map(|(i, part)| match i % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        ["sessions".to_owned()].into_iter().chain(words).collect()
    }

    /// Runs a command line with somebody, or nobody, before the terminal.
    fn run_before(&self, console: &mut Answers, line: &str) -> Result<String, Failed> {
        let (ran, told) = self.run_on(&self.ledger, console, line);
        ran.map(|()| told)
    }

    /// Runs a command line on a ledger: how it ended, and what it printed by then.
    fn run_on<L: Ledger>(&self, ledger: &L, console: &mut Answers, line: &str) -> (Result<(), Failed>, String) {
        let mut out = Vec::new();
        let ran = pollster::block_on(self.print_on(ledger, console, line, &mut out));
        (ran, anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string())
    }

    /// The same for a ledger that does not know at once what becomes of a transaction; time passes as fast as everybody waits.
    fn run_in_time_on<L: Ledger>(&self, ledger: &L, console: &mut Answers, line: &str) -> (Result<(), Failed>, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let mut out = Vec::new();
        let ran = runtime.block_on(self.print_on(ledger, console, line, &mut out));
        (ran, anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string())
    }

    async fn print_on<L: Ledger>(&self, ledger: &L, console: &mut Answers, line: &str, out: &mut Vec<u8>) -> Result<(), Failed> {
        let (command, options) = arguments::parse(self.words(line)).map_err(|error| arguments::wrong(&error))?;
        let Command::Cluster(command) = command else { panic!("{line} is no command on a cluster") };
        let who = Who::new(&Settings::with_default(&options.reading, None)?, &options);
        let context = Context { ledger, cluster: "embedded", who: &who, commitment: Commitment::Confirmed };
        self.made.set(self.made.get() + 1);
        let new_key = Keypair::new_from_array([self.made.get(); 32]);
        let ran = commands::run(&context, command, new_key, &options, console, out).await;
        self.ledger.next_slot().await.unwrap();
        ran
    }

    /// Runs a command line with nobody before the terminal.
    fn run(&self, line: &str) -> Result<String, Failed> {
        self.run_before(&mut Answers::nobody(), line)
    }

    /// Runs a command as `name`, for JSON, with nothing asked.
    fn json(&self, name: &str, line: &str) -> Value {
        let line = format!("{line} -k @{name}.json --json");
        serde_json::from_str(&self.run(&line).unwrap_or_else(|failed| panic!("{line}: {failed}"))).unwrap()
    }

    /// Sends a command as `name`: its JSON.
    fn sends(&self, name: &str, line: &str) -> Value {
        let told = self.json(name, &format!("{line} --yes"));
        assert_eq!(told["sent"], true, "{line}: {told}");
        told
    }

    /// What is wrong with a command that `name` sends.
    fn fails(&self, name: &str, line: &str) -> Failed {
        let line = format!("{line} -k @{name}.json --yes");
        self.run(&line).map_or_else(|failed| failed, |told| panic!("{line}: {told}"))
    }

    fn wait(&self, seconds: u64) {
        pollster::block_on(self.ledger.wait(Duration::from_secs(seconds))).unwrap();
    }

    fn lamports(&self, address: Address) -> u64 {
        pollster::block_on(self.ledger.read(&[address])).unwrap()[0].account.as_ref().map_or(0, |account| account.lamports)
    }
}

/// The names of the events of a command that was sent.
fn events(told: &Value) -> Vec<String> {
    let receipts = told["receipts"].as_array().unwrap().iter();
    receipts.flat_map(|receipt| receipt["events"].as_array().unwrap()).map(|event| event["name"].as_str().unwrap().to_owned()).collect()
}
