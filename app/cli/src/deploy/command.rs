//! The command: what it is told, and what it does.

use {
    super::{
        Keys, Progress, Todo, Wanted,
        idl::{self, IdlFile},
        progress::Shown,
        report::{self, Found},
        rpc::Rpc,
    },
    crate::{
        cluster::Settings,
        commands::options::Reading,
        failed::{self, Failed},
        keys,
        scenario::names::quote,
    },
    clap::Args,
    sessions_client::{Embedded, LedgerError, address::PROGRAM, program},
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::{
        borrow::Cow,
        fs,
        io::{self, BufRead, IsTerminal, Write},
        path::{Path, PathBuf},
    },
};

/// Deploy or upgrade the session program, and write its IDL where explorers look for it.
///
/// What is on the cluster decides what there is to do; if the program is there already, that is nothing. An upload that was interrupted goes
/// on where it stopped when this is run again. The exit code is 2 if it cannot be done, and then nothing was sent.
#[derive(Args, Clone, Debug, Default)]
#[command(
    after_help = "Examples:\n  sessions deploy --url localhost\n  sessions deploy --dry-run --url devnet --program-id program.json --program mine.so\n  \
                        sessions deploy --url devnet --program-id program.json --program mine.so --upgrade-authority authority.json\n  \
                        sessions deploy --url devnet --program-id program.json --program mine.so --idl mine.json\n  \
                        sessions deploy --url devnet --close-buffer"
)]
pub struct Options {
    /// The cluster: localhost, devnet, testnet, mainnet-beta, or a URL [default: that of the Solana configuration].
    #[arg(long, short, value_name = "URL")]
    pub url: Option<String>,
    /// Who pays [default: the wallet of the Solana configuration].
    #[arg(long, short, value_name = "FILE")]
    pub keypair: Option<String>,
    /// The program's file, instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// The program's key file, or for an upgrade its address [default: the address of the built-in program].
    #[arg(long, value_name = "FILE_OR_ADDRESS")]
    pub program_id: Option<String>,
    /// Who may upgrade the program [default: who pays].
    #[arg(long, value_name = "FILE")]
    pub upgrade_authority: Option<String>,
    /// Make room for a program of so many bytes.
    #[arg(long, value_name = "BYTES")]
    pub max_len: Option<usize>,
    /// The program's IDL, instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    pub idl: Option<PathBuf>,
    /// Leave the IDL out.
    #[arg(long, conflicts_with = "idl")]
    pub no_idl: bool,
    /// Give up the authority afterwards: nobody can ever upgrade the program again.
    #[arg(long = "final")]
    pub last: bool,
    /// Give up an interrupted upload: close its buffer and take the rent back.
    #[arg(long, conflicts_with_all = ["dry_run", "last", "max_len", "program", "idl", "no_idl"])]
    pub close_buffer: bool,
    /// Say what there is to do, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// Why the command did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A key file, a URL or the configuration.
    #[error(transparent)]
    Given(#[from] Failed),
    /// A program file that is not there.
    #[error("the program file {} cannot be read ({reason}); name one that is there, or leave --program out for the built-in one", .path.display())]
    ProgramUnreadable {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A program file that no SVM can load.
    #[error("the program file {} is damaged or no Solana program ({reason}); build it again with `make program`", .path.display())]
    ProgramDamaged {
        /// The file.
        path: PathBuf,
        /// What the SVM says.
        reason: String,
    },
    /// An IDL's file that is not there.
    #[error("the IDL {} cannot be read ({reason}); name one that is there with --idl, or leave it out with --no-idl", .path.display())]
    IdlUnreadable {
        /// Where it was looked for.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A file that is no IDL.
    #[error("{name} is no IDL: {reason}; make it again with `make protocol`, or leave it out with --no-idl")]
    IdlInvalid {
        /// What it is called.
        name: String,
        /// Why it is none.
        reason: &'static str,
    },
    /// An IDL that was named and is of another program.
    #[error(
        "{name} is the IDL of {of}, not of {program}; name the IDL of this program, made with its declared address, or leave it out with --no-idl"
    )]
    IdlOfAnother {
        /// What it is called.
        name: String,
        /// The program that it is of.
        of: String,
        /// The program that is deployed.
        program: Address,
    },
    /// The built-in program at another address.
    #[error(
        "the built-in program works at its declared address {PROGRAM} only, not at {0}; declare that address, build the program, and name its \
         file with --program (docs/deployment.md says how)"
    )]
    WrongAddress(Address),
    /// Nobody can be asked.
    #[error("there is no terminal to ask on; add --yes to do it, or --dry-run to only see it")]
    Unasked,
    /// Somebody was asked, and said no.
    #[error("nothing was sent; add --yes to go on without the question")]
    Declined,
    /// It was begun, or refused.
    #[error(transparent)]
    Deploy(#[from] super::Error),
    /// The result cannot be written.
    #[error("the result cannot be written: {0}; check where the output goes")]
    Output(#[from] io::Error),
}

impl Error {
    /// The exit code: 2 if what was given cannot be used, 1 if something broke on the way.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Declined | Self::Output(_) => 1,
            Self::Deploy(super::Error::Refused(_) | super::Error::Unsigned(_) | super::Error::Address(_)) => 2,
            Self::Deploy(super::Error::Idl(idl::Error::Funds { .. })) => 2,
            Self::Deploy(_) => 1,
            _ => 2,
        }
    }
}

/// Deploys, upgrades, or does nothing.
///
/// # Errors
/// What was given cannot be used, the chain does not allow it, or something breaks on the way.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<(), Error> {
    let reading = Reading { url: options.url.clone(), keypair: options.keypair.clone(), ..Reading::default() };
    let Settings { url, keypair, .. } = Settings::resolve(&reading)?;
    let chain = Rpc::connect(&url).map_err(Failed::from)?;
    let payer = keys::read(&keypair)?;
    let authority = match &options.upgrade_authority {
        Some(path) => keys::read(path)?,
        None => payer.insecure_clone(),
    };
    let (program, key) = program_id(options.program_id.as_deref())?;
    let keys = Keys { payer, authority, program: key };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if options.close_buffer {
        let closed = runtime.block_on(super::close_buffer(&chain, &keys, &program))?;
        return Ok(out.write_all(report::closed(options.json, &program, closed).as_bytes())?);
    }
    let file = file(options.program.as_deref())?;
    if options.program.is_none() && program != PROGRAM {
        return Err(Error::WrongAddress(program));
    }
    let idl = if options.no_idl { None } else { Some(idl_file(options.idl.as_deref(), &program)?) };
    let wanted = Wanted {
        program,
        key: keys.program.is_some(),
        authority: keys.authority.pubkey(),
        payer: keys.payer.pubkey(),
        file: &file,
        max_len: options.max_len,
        last: options.last,
    };
    let todo = runtime.block_on(super::find_out(&chain, &keys, &wanted, idl.as_ref()))?;
    let found = Found { cluster: chain.name(), wanted: &wanted, todo: &todo };
    if !options.json {
        out.write_all(report::preview(&found).as_bytes())?;
        out.flush()?;
    }
    let done = if options.dry_run {
        None
    } else {
        let mut progress = begin(options, &todo)?;
        Some(runtime.block_on(super::carry_out(&chain, &keys, &wanted, &todo, &mut *progress))?)
    };
    let text = if options.json { report::line(&found, done) } else { done.map_or(String::new(), |done| report::told(&found, done)) };
    Ok(out.write_all(text.as_bytes())?)
}

/// Asks, if it is to; answers who is told how far it is.
fn begin(options: &Options, todo: &Todo) -> Result<Box<dyn Progress>, Error> {
    if !todo.is_nothing() && !options.yes {
        ask()?;
    }
    Ok(if options.json { Box::new(super::progress::Silent) } else { Box::new(Shown::new()) })
}

/// The program's address, and its key pair if it is at hand.
fn program_id(text: Option<&str>) -> Result<(Address, Option<Keypair>), Error> {
    let Some(text) = text else { return Ok((PROGRAM, None)) };
    if let Ok(address) = text.parse() {
        return Ok((address, None));
    }
    if !Path::new(text).exists() {
        let message = format!("{} is neither an address nor a key file that is there", quote(text));
        return Err(Failed::argument(message, "check --program-id").into());
    }
    let keypair = keys::read(text)?;
    Ok((keypair.pubkey(), Some(keypair)))
}

/// The program's file, loaded once on the embedded SVM: a damaged one is to cost nothing.
fn file(path: Option<&Path>) -> Result<Cow<'static, [u8]>, Error> {
    let Some(path) = path else { return Ok(Cow::Borrowed(program::FILE)) };
    let unreadable = |error: io::Error| Error::ProgramUnreadable { path: path.to_owned(), reason: error.to_string() };
    let file = fs::read(path).map_err(unreadable)?;
    match Embedded::with_program(&file) {
        Ok(_) => Ok(Cow::Owned(file)),
        Err(LedgerError::Program(reason)) => {
            let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
            Err(Error::ProgramDamaged { path: path.to_owned(), reason })
        }
        Err(error) => Err(Error::ProgramDamaged { path: path.to_owned(), reason: error.to_string() }),
    }
}

/// The IDL, which has to be of this program if it is named.
fn idl_file(path: Option<&Path>, program: &Address) -> Result<IdlFile, Error> {
    let Some(path) = path else {
        return IdlFile::built_in().map_err(|reason| Error::IdlInvalid { name: "the built-in IDL".to_owned(), reason });
    };
    let name = path.display().to_string();
    let unreadable = |error: io::Error| Error::IdlUnreadable { path: path.to_owned(), reason: failed::reason(&error) };
    let text = fs::read(path).map_err(unreadable)?;
    let file = IdlFile::read(name.clone(), Cow::Owned(text)).map_err(|reason| Error::IdlInvalid { name: name.clone(), reason })?;
    if file.program == program.to_string() { Ok(file) } else { Err(Error::IdlOfAnother { name, of: file.program, program: *program }) }
}

fn ask() -> Result<(), Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::Unasked);
    }
    let mut shown = io::stderr();
    write!(shown, "Go on? [y/N] ")?;
    shown.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) { Ok(()) } else { Err(Error::Declined) }
}
