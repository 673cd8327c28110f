//! A local validator in this process, a proxy that breaks connections, actors and transactions.

use {
    sessions_cli::localnet::{self, Loaded, Localnet},
    sessions_client::{
        Ledger, Rpc,
        address::PROGRAM,
        core::rules::{
            config::SessionConfig,
            permissions::{Permissions, Settings},
            quotas::Quotas,
        },
        program,
        transaction::Options,
    },
    sessions_tests::test_validator,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signer::{Signer, signers::Signers},
    solana_system_interface::instruction::transfer,
    solana_transaction::versioned::VersionedTransaction,
    std::{
        future::Future,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering::SeqCst},
        },
        time::Duration,
    },
    tokio::{
        io::copy_bidirectional,
        net::{TcpListener, TcpStream},
        sync::watch,
        task::JoinHandle,
        time::timeout,
    },
};

pub const SOL: u64 = 1_000_000_000;
pub const FEE: u64 = 5_000;

/// How long a slot takes on the local validator.
const SLOT: Duration = Duration::from_millis(40);

/// After how long something that has to come is given up. No test passes because of it.
const GIVEN_UP: Duration = Duration::from_secs(120);

/// A local validator in this process, as `sessions localnet` has one; it stops when it is dropped.
pub struct Validator {
    pub localnet: Localnet,
}

impl Validator {
    /// A validator with the committed program file.
    pub async fn start() -> Self {
        Self::with(vec![Loaded { name: "sessions", address: PROGRAM, file: program::FILE.to_vec() }], Vec::new()).await
    }

    /// A validator with these programs, and these lamports at these addresses.
    pub async fn with(programs: Vec<Loaded>, funds: Vec<(Address, u64)>) -> Self {
        let settings = localnet::Settings { rpc_port: 0, ws_port: 0, slot_time: SLOT, clock: None, programs, authority: None, funds };
        Self { localnet: Localnet::start(settings).await.unwrap() }
    }

    /// A handle to it.
    pub fn ledger(&self) -> Rpc {
        patient(Rpc::connect(&self.localnet.rpc_url(), Some(&self.localnet.ws_url())).unwrap())
    }
}

/// What a suite is run on.
pub enum Started {
    Local(Box<Validator>),
    Real(test_validator::Validator),
}

impl Started {
    /// The local one, unless the environment asks for the real one.
    pub async fn anew() -> Self {
        match test_validator::wanted() {
            Some(binary) => Self::Real(test_validator::Validator::start(&binary, &[]).await),
            None => Self::Local(Box::new(Validator::start().await)),
        }
    }

    /// A handle to it.
    pub fn ledger(&self) -> Rpc {
        match self {
            Self::Local(validator) => validator.ledger(),
            Self::Real(validator) => validator.ledger.clone(),
        }
    }
}

/// The handle, with pauses that fit short slots.
pub fn patient(ledger: Rpc) -> Rpc {
    ledger.with_options(options())
}

/// How transactions are landed here.
pub fn options() -> Options {
    Options { look: Duration::from_millis(20), rebroadcast: Duration::from_millis(200), patience: GIVEN_UP, ..Options::default() }
}

/// Waits for what has to come.
pub async fn comes<T>(what: &'static str, future: impl Future<Output = T>) -> T {
    timeout(GIVEN_UP, future).await.unwrap_or_else(|_| panic!("never came: {what}"))
}

/// A wallet with ten SOL.
pub async fn funded(ledger: &impl Ledger) -> Keypair {
    let key = Keypair::new_from_array([1; 32]);
    ledger.airdrop(key.pubkey(), 10 * SOL).await.unwrap();
    key
}

/// An address that nobody has.
pub fn elsewhere(number: u8) -> Address {
    Address::new_from_array([number; 32])
}

/// A signed transaction with a recent blockhash, the first key's wallet pays.
pub async fn signed(ledger: &impl Ledger, payer: Address, keys: &impl Signers, instructions: &[Instruction]) -> VersionedTransaction {
    let blockhash = ledger.blockhash().await.unwrap();
    let message = Message::new_with_blockhash(instructions, Some(&payer), &blockhash.hash);
    VersionedTransaction::try_new(VersionedMessage::Legacy(message), keys).unwrap()
}

/// A signed transfer of SOL.
pub async fn paying(ledger: &impl Ledger, key: &Keypair, to: Address, lamports: u64) -> VersionedTransaction {
    signed(ledger, key.pubkey(), &[key], &[transfer(&key.pubkey(), &to, lamports)]).await
}

pub async fn balance(ledger: &impl Ledger, address: Address) -> u64 {
    ledger.read(&[address]).await.unwrap().remove(0).account.map_or(0, |account| account.lamports)
}

/// A configuration under which everything is allowed for an hour.
pub fn config() -> SessionConfig {
    SessionConfig {
        max_members: 4,
        max_duration: 3_600,
        hard_limit: 3_600,
        step_timeout: 60,
        activation_window: 0,
        invitation_ttl: 600,
        permissions: Permissions::ALL.bits(),
        settings: Settings::NONE.bits(),
        quotas: Quotas::UNLIMITED,
        kind: 0,
        reserved: 0,
    }
}

/// Passes connections on, until it is told to break them.
pub struct Proxy {
    pub address: String,
    /// Counts up each time that every connection is broken.
    cuts: watch::Sender<u64>,
    /// How many connections there are.
    pub open: watch::Sender<usize>,
    /// Whether connections are closed as soon as they are made.
    refusing: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// A proxy of what is at `target`, a URL.
    pub async fn to(target: &str) -> Self {
        let target = target.split("://").nth(1).unwrap().trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (cuts, open, refusing) = (watch::Sender::new(0), watch::Sender::new(0), Arc::new(AtomicBool::new(false)));
        let parts = (cuts.clone(), open.clone(), refusing.clone());
        let task = tokio::spawn(async move {
            let (cuts, open, refusing) = parts;
            while let Ok((mut client, _)) = listener.accept().await {
                if refusing.load(SeqCst) {
                    continue;
                }
                let (mut cut, open, target) = (cuts.subscribe(), open.clone(), target.clone());
                open.send_modify(|open| *open += 1);
                tokio::spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(target).await {
                        tokio::select! {
                            _ = copy_bidirectional(&mut client, &mut server) => {}
                            _ = cut.changed() => {}
                        }
                    }
                    open.send_modify(|open| *open -= 1);
                });
            }
        });
        Self { address, cuts, open, refusing, task }
    }

    /// Breaks every connection.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Closes connections as soon as they are made, or no longer.
    pub fn refuse(&self, refusing: bool) {
        self.refusing.store(refusing, SeqCst);
    }

    /// Waits until there are so many connections.
    pub async fn has(&self, connections: usize) {
        comes("the number of connections", self.open.subscribe().wait_for(|open| *open == connections)).await.unwrap();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}
