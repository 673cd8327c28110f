//! Why a ledger could not do what it was asked to.

use {super::MAX_TRANSACTION_BYTES, solana_address::Address, solana_signature::Signature, solana_transaction_error::TransactionError};

/// Why a ledger could not do what it was asked to. [`LedgerError::is_retryable`] tells what may go away by itself from what will not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The node could not be reached, or the connection broke.
    #[error("no node answers at {url} ({reason}); check the URL and the network, or start a node there")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// What the system says.
        reason: String,
    },
    /// The node did not answer in time.
    #[error("the node at {url} did not answer in time; try again, or use another node")]
    Timeout {
        /// The node.
        url: String,
    },
    /// The node answers no more requests for now.
    #[error("the node at {url} answers no more requests for now; try again later, or use a node of your own")]
    RateLimited {
        /// The node.
        url: String,
    },
    /// The node is behind its cluster, or still starting.
    #[error("the node at {url} is behind its cluster; try again later, or use another node")]
    NodeBehind {
        /// The node.
        url: String,
        /// By how many slots, if it says.
        slots: Option<u64>,
    },
    /// What was given is no URL of a node.
    #[error("{url} is no node's URL ({reason}); one looks like https://api.devnet.solana.com or http://127.0.0.1:8899")]
    WrongUrl {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// What answers does not speak Solana's JSON-RPC.
    #[error("what answers at {url} is no Solana node ({reason}); check the URL")]
    NotSolana {
        /// Where it answers.
        url: String,
        /// What it said, in short.
        reason: String,
    },
    /// The node refuses the request, and will again.
    #[error("the node at {url} refuses the request: {reason}")]
    Refused {
        /// The node.
        url: String,
        /// What it says.
        reason: String,
    },
    /// The node failed at the request in a way of its own. What was handed over to it may have gone on its way.
    #[error("the node at {url} failed: {reason}; try again, or use another node")]
    NodeFailed {
        /// The node.
        url: String,
        /// What it says.
        reason: String,
    },
    /// The cluster does not have the session program.
    #[error("the session program {program} is not on the cluster at {url}; deploy it with `sessions deploy`, or use another cluster")]
    ProgramMissing {
        /// The cluster.
        url: String,
        /// The program's address.
        program: Address,
    },
    /// At the session program's address is something that cannot be run.
    #[error("what is at the session program's address {program} on {url} cannot be run; deploy the program there, or use another cluster")]
    ProgramNotExecutable {
        /// The cluster.
        url: String,
        /// The program's address.
        program: Address,
    },
    /// A wallet cannot pay for the transaction.
    #[error("{payer} cannot pay for the transaction; fund it, with `sessions airdrop` or `solana airdrop` on a test cluster")]
    NoFunds {
        /// The wallet.
        payer: Address,
    },
    /// The transaction was turned away and did not run.
    #[error("the transaction was turned away and has not run: {0}")]
    Rejected(TransactionError),
    /// The transaction did not run in the time that its blockhashes gave it, and can no longer.
    #[error("the transaction did not run before its blockhash expired, signed {signed} times; try again, with a higher priority fee")]
    BlockhashExpired {
        /// How often it was signed, each time after the time before could no longer run.
        signed: u32,
    },
    /// It is not known what became of a transaction, and it may still run.
    #[error("it is not known yet what became of the transaction {signature}; do not send another in its place, and look for it later")]
    Unresolved {
        /// Its name.
        signature: Signature,
    },
    /// The transaction ran, and the node does not say what came of it.
    #[error(
        "the transaction {signature} has run, and what came of it cannot be read ({reason}); do not send another in its place, and look for it elsewhere"
    )]
    NoReceipt {
        /// Its name.
        signature: Signature,
        /// Why it cannot be read.
        reason: String,
    },
    /// The nonce account cannot be used.
    #[error("{account} is no nonce account that can be used ({reason}); create one with `solana create-nonce-account`")]
    NoNonce {
        /// The account.
        account: Address,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The transaction does not fit into a packet.
    #[error("the transaction has {0} bytes and {MAX_TRANSACTION_BYTES} is the most; send less data, or fewer instructions in one")]
    TransactionTooLarge(usize),
    /// The transaction or an account could not be serialized.
    #[error("the transaction is malformed: {0}")]
    Malformed(String),
    /// The caller's keys did not sign.
    #[error("the transaction could not be signed ({0}); give the keys of all its signers")]
    Unsigned(String),
    /// More was asked for at once than the ledger can answer.
    #[error("{asked} {what} were asked for at once and {most} is the most; ask for fewer")]
    TooMany {
        /// What.
        what: &'static str,
        /// How many.
        asked: usize,
        /// How many would have been possible.
        most: usize,
    },
    /// The ledger was closed while it was asked.
    #[error("the connection to the ledger was closed; connect again")]
    Closed,
    /// The program file is not one that the SVM can load.
    #[error("the program file cannot be loaded ({0}); build it again with `make program`")]
    Program(String),
    /// The ledger's lock was poisoned by a panic in another thread.
    #[error("the embedded ledger was left in an unknown state by a panic; start it again")]
    Poisoned,
}

impl LedgerError {
    /// Whether the same request may well be answered a little later, with nothing changed.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Timeout { .. } | Self::RateLimited { .. } | Self::NodeBehind { .. })
    }

    /// Whether it says for sure that what was handed over was not taken, and is not on its way by that.
    pub const fn is_refusal(&self) -> bool {
        use LedgerError as E;
        // Too busy, or behind: it has not taken it either, and will later.
        let later = matches!(self, E::RateLimited { .. } | E::NodeBehind { .. });
        let never = matches!(self, E::Rejected(_) | E::Refused { .. } | E::WrongUrl { .. });
        later || never || matches!(self, E::TransactionTooLarge(_) | E::Malformed(_) | E::Unsigned(_) | E::TooMany { .. })
    }
}
