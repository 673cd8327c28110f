//! Why a command did not do what it was asked to: one line that says what was wrong, and one that says what to do.
//!
//! | exit code | means |
//! |---|---|
//! | 0 | done |
//! | 1 | the program refused it, or the transaction did not land |
//! | 2 | what was given cannot be used: an argument, a key file, a cluster, a session that is not there |

use {
    crate::{deploy::command as deploy, error, localnet, report::format::one_line, scenario::why::Why},
    serde_json::{Value, json},
    sessions_client::{
        LedgerError,
        core::{SessionError, error::Denial},
        failure::Failure,
    },
    solana_address::Address,
    solana_transaction_error::TransactionError,
    std::{fmt, io},
};

/// The exit code of what was refused or did not land.
const REFUSED: u8 = 1;
/// The exit code of what cannot be used.
const UNUSABLE: u8 = 2;

/// What to do about a wallet that cannot pay; about `another` than the one that is used where none is named.
pub fn no_funds(another: Option<Address>) -> String {
    let whose = another.map_or_else(String::new, |address| format!(" {address}"));
    format!(
        "on a local or a test cluster `sessions airdrop 1SOL{whose}` or `solana airdrop 1{whose}` gets some; elsewhere transfer SOL to that address"
    )
}

/// Why a command did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The condition, in one word that programs can tell: an error of the session program, or one of the command's own.
    pub name: String,
    /// What was wrong, in one line.
    pub message: String,
    /// What to do about it, in one line.
    pub hint: String,
    /// The exit code.
    pub code: u8,
    /// Whether the same may well succeed a little later, with nothing changed.
    pub passes: bool,
    /// What was done before it went wrong, for programs.
    pub done: Option<Box<Value>>,
}

impl Failed {
    /// What was given cannot be used.
    pub fn unusable(name: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            message: one_line(&message.into()),
            hint: one_line(&hint.into()),
            code: UNUSABLE,
            passes: false,
            done: None,
        }
    }

    /// An argument that cannot be used.
    pub fn argument(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::unusable("InvalidArgument", message, hint)
    }

    /// The program, or the runtime, refused; nothing was changed.
    pub fn refused(failure: &Failure, logs: &[String]) -> Self {
        use TransactionError as E;
        let Why { name, message } = Why::of(failure, logs);
        let no_funds =
            matches!(failure, Failure::Transaction(E::AccountNotFound | E::InsufficientFundsForFee | E::InsufficientFundsForRent { .. }));
        let hint = match failure.session_error() {
            Some(error) => refusal(error, &message).to_owned(),
            None if no_funds => self::no_funds(None),
            None => "nothing was changed; the log of the transaction may tell more".to_owned(),
        };
        Self { code: REFUSED, ..Self::unusable(&name, message, hint) }
    }

    /// The ledger did not do its part; `what` was to be done, like "the transaction did not land".
    pub fn ledger(what: &str, error: &LedgerError) -> Self {
        use LedgerError as E;
        let told = error.to_string();
        let (message, hint) = told.rsplit_once("; ").unwrap_or((&told, of_ledger(error)));
        let debug = format!("{error:?}");
        let name = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("LedgerFailed");
        let failed = match error {
            // These tell enough by themselves: nothing was tried.
            E::Unreachable { .. }
            | E::WrongUrl { .. }
            | E::NotSolana { .. }
            | E::ProgramMissing { .. }
            | E::ProgramNotExecutable { .. } => Self::unusable(name, message, hint),
            E::NoFunds { .. } | E::NoNonce { .. } | E::TransactionTooLarge(_) => Self::unusable(name, message, hint),
            _ => Self { code: REFUSED, ..Self::unusable(name, format!("{what}: {message}"), hint) },
        };
        Self { passes: error.is_retryable(), ..failed }
    }

    /// An account that an instruction needs is not there, which the program answers with `error`.
    pub fn absent(error: SessionError, address: &Address) -> Self {
        let message = format!("{} (it would be at {address})", error.message());
        Self::unusable(error.name(), message, hint(error))
    }

    /// An account is written in a layout that this client does not know.
    pub fn unknown_version(address: &Address) -> Self {
        let message = format!("the account {address} has a layout that this client does not know");
        Self::unusable(SessionError::UnsupportedVersion.name(), message, "the program was upgraded: update the `sessions` command too")
    }

    /// What a part of the command with errors of its own could not do: each says in one line what was wrong and, behind a semicolon, what to do, and
    /// is named by its variant.
    fn told(error: &(impl fmt::Display + fmt::Debug), code: u8) -> Self {
        let (text, debug) = (error.to_string(), format!("{error:?}"));
        let (message, hint) = text.rsplit_once("; ").unwrap_or((&text, "`sessions COMMAND --help` has examples"));
        // What a variant holds is no variant, as a text or an address.
        let outside = debug.split('"').next().unwrap_or_default();
        let variants = outside.split('(').map(|part| part.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
        let is_variant = |name: &&str| !name.is_empty() && name.parse::<Address>().is_err();
        let name = variants.take_while(is_variant).last().unwrap_or("Failed");
        Self { code, ..Self::unusable(name, message, hint) }
    }

    /// What is printed of it: one JSON document.
    pub fn json(&self) -> Value {
        let error = json!({ "name": self.name, "message": self.message, "hint": self.hint });
        match self.done.as_deref() {
            Some(Value::Object(done)) => Value::Object(done.clone().into_iter().chain([("error".to_owned(), error)]).collect()),
            _ => json!({ "error": error }),
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}: {}\n hint: {}", self.name, self.message, self.hint)
    }
}

impl std::error::Error for Failed {}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        let message = format!("the result cannot be written: {}", reason(&error));
        Self { name: "NotWritten".into(), message, hint: "check where the output goes".into(), code: REFUSED, passes: false, done: None }
    }
}

impl From<LedgerError> for Failed {
    fn from(error: LedgerError) -> Self {
        Self::ledger("the ledger could not be asked", &error)
    }
}

impl From<error::Error> for Failed {
    fn from(error: error::Error) -> Self {
        let code = error.exit_code();
        match &error {
            error::Error::Scenarios(files) => {
                let all: Vec<String> =
                    files.iter().flat_map(|file| file.to_string().lines().map(str::to_owned).collect::<Vec<_>>()).collect();
                Self::unusable("ScenarioInvalid", all.join("; "), "nothing ran; `sessions run --help` shows what a scenario looks like")
            }
            other => Self::told(other, code),
        }
    }
}

impl From<deploy::Error> for Failed {
    fn from(error: deploy::Error) -> Self {
        match error {
            deploy::Error::Given(failed) => failed,
            other => Self::told(&other, other.exit_code()),
        }
    }
}

impl From<localnet::Error> for Failed {
    fn from(error: localnet::Error) -> Self {
        match error {
            localnet::Error::Wallet(failed) => failed,
            other => Self::told(&other, other.exit_code()),
        }
    }
}

/// What the system says, without its error number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

/// What to do about what a ledger did not do, if it does not say that itself.
const fn of_ledger(error: &LedgerError) -> &'static str {
    match error {
        LedgerError::NotSolana { .. } | LedgerError::Refused { .. } => {
            "check the URL, and the key to the node in it, if it needs one; `solana config get` shows which is configured, --url names another"
        }
        _ => "look with `sessions show` or `sessions history` before you try again",
    }
}

/// What to do about a refusal of the program, whose `message` may say more than its error does.
fn refusal(error: SessionError, message: &str) -> &'static str {
    if error == SessionError::PermissionDenied && message.contains(Denial::NotPermitted.text()) {
        return "`sessions show SESSION` tells who has which permissions; the authority gives a member more with `sessions update-member SESSION WALLET --permissions NAMES`";
    }
    hint(error)
}

/// What to do about an error of the program.
fn hint(error: SessionError) -> &'static str {
    use SessionError as E;
    match error {
        E::SessionNotFound => "name it by its address, an id of yours, or CREATOR/ID; `sessions list` finds yours",
        E::SessionAlreadyExists => "choose another id, or delete the old one with `sessions reclaim-children` and `reclaim-session`",
        E::SessionNotActive | E::InvalidTransition => "`sessions show SESSION` tells its status, `sessions --help` which step leads where",
        E::SessionExpired => "`sessions expire-session SESSION` closes it",
        E::StepTimedOut => "`sessions abort-session SESSION` or `sessions complete-close SESSION` leads out of it",
        E::NotYetExpired => "`sessions show SESSION` tells when; try again then",
        E::PermissionDenied => "`sessions show SESSION` tells who has which role; sign as another wallet with --keypair",
        E::InvalidConfiguration => "change the argument that the message names",
        E::QuotaExceeded => {
            "`sessions show SESSION` tells what is left; the authority raises it with `sessions update-member` or `update-session`"
        }
        E::ChildrenRemain => "`sessions reclaim-children SESSION` first",
        E::SessionTooNew => "try again in a second",
        E::SessionFull => "someone leaves, or the authority raises --max-members with `sessions update-session`",
        E::MemberNotFound => {
            "join with `sessions join-session`, `accept-invitation` or `join-with-token`, or say with --as whose membership it is"
        }
        E::MemberNotActive => "`sessions show SESSION` tells who is an active member",
        E::AlreadyMember => "there is nothing to do; `sessions show SESSION` lists the members",
        E::InvitationNotFound | E::InvitationExpired | E::InvitationRevoked | E::InvitationExhausted | E::InvitationRequired => {
            "a member with INVITE_MEMBERS runs `sessions invite-member SESSION YOUR_WALLET` or `sessions create-invite-token SESSION`"
        }
        E::InvitationAlreadyExists => "take it back with `sessions revoke-invitation` to make another",
        E::PermissionsTooWide => "give a narrower --permissions, --quota or --expires-in, or leave it out",
        E::SessionKeyNotFound => "`sessions set-session-key SESSION KEY` gives one",
        E::VersionConflict => "`sessions show SESSION` tells its version: give that with --expect-version",
        E::ValueTooLong => "a value can be made with a larger --capacity, up to 704 bytes; a longer text is sent in parts",
        E::SequenceNotRising => "`sessions show SESSION` tells the last checkpoint",
        E::FunctionNotFound => "the authority runs `sessions register-function SESSION PROGRAM`",
        E::FunctionAlreadyRegistered => "`sessions unregister-function SESSION PROGRAM` first",
        E::AllowanceExceeded => {
            "it is used up, or the payment is above one of its limits: `sessions show SESSION` tells; the authority raises it with `sessions set-allowance`"
        }
        E::AllowanceNotFound => "the authority gives one with `sessions set-allowance SESSION MEMBER`",
        E::VaultBelowRent | E::InsufficientVault => "`sessions deposit SESSION AMOUNT` fills the vault",
        E::AccessNotFound => "the other session's authority runs `sessions grant-access`",
        E::PropertyNotFound => "`sessions show` of the other session lists its properties",
        _ => "nothing was changed; `sessions show SESSION` tells how things are",
    }
}
