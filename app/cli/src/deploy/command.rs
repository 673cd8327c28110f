//! The command: what it is told, what it shows before it asks, and what it says afterwards.

use {
    super::{Cost, Done, Keys, Plan, Progress, Survey, Upload, Wanted, progress::Shown, rpc::Rpc},
    crate::{cluster::Settings, commands::options::Reading, failed::Failed, keys, report::format::amount, scenario::names::quote},
    clap::Args,
    serde_json::json,
    sessions_client::{Embedded, LedgerError, address::PROGRAM, program},
    sha2::{Digest, Sha256},
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::{
        borrow::Cow,
        fs,
        io::{self, BufRead, IsTerminal, Write},
        path::{Path, PathBuf},
    },
};

/// Deploy or upgrade the session program.
///
/// What is on the cluster decides what there is to do; if the program is there already, that is nothing. An upload that was interrupted goes
/// on where it stopped when this is run again. The exit code is 2 if it cannot be done, and then nothing was sent.
#[derive(Args, Clone, Debug, Default)]
#[command(
    after_help = "Examples:\n  sessions deploy --url localhost\n  sessions deploy --dry-run --url devnet --program-id program.json --program mine.so\n  \
                        sessions deploy --url devnet --program-id program.json --program mine.so --upgrade-authority authority.json\n  \
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
    /// Give up the authority afterwards: nobody can ever upgrade the program again.
    #[arg(long = "final")]
    pub last: bool,
    /// Give up an interrupted upload: close its buffer and take the rent back.
    #[arg(long, conflicts_with_all = ["dry_run", "last", "max_len", "program"])]
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
        return Ok(out.write_all(closed_text(options, &program, closed).as_bytes())?);
    }
    let file = file(options.program.as_deref())?;
    if options.program.is_none() && program != PROGRAM {
        return Err(Error::WrongAddress(program));
    }
    let wanted = Wanted {
        program,
        key: keys.program.is_some(),
        authority: keys.authority.pubkey(),
        payer: keys.payer.pubkey(),
        file: &file,
        max_len: options.max_len,
        last: options.last,
    };
    let survey = runtime.block_on(super::survey(&chain, &keys, &wanted))?;
    if let Plan::Refuse(refusal) = &survey.plan {
        return Err(super::Error::Refused(refusal.clone()).into());
    }
    if !options.json {
        out.write_all(preview(chain.name(), &wanted, &survey).as_bytes())?;
        out.flush()?;
    }
    let done = if options.dry_run {
        None
    } else {
        if survey.plan != Plan::Nothing && !options.yes {
            ask()?;
        }
        let mut progress: Box<dyn Progress> = if options.json { Box::new(super::progress::Silent) } else { Box::new(Shown::new()) };
        Some(runtime.block_on(super::execute(&chain, &keys, &wanted, &survey, &mut *progress))?)
    };
    let text = if options.json { line(&wanted, &survey, done) } else { done.map_or(String::new(), |done| told(&wanted, &survey, done)) };
    Ok(out.write_all(text.as_bytes())?)
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

/// What there is to do, by a word; an upload that goes on is told apart by [`Upload::Resume`].
const fn word(plan: &Plan) -> &'static str {
    match plan {
        Plan::Nothing => "nothing",
        Plan::Finalize => "finalize",
        Plan::Deploy { .. } => "deploy",
        Plan::Upgrade { .. } => "upgrade",
        Plan::Refuse(_) => "refuse",
    }
}

fn hash(file: &[u8]) -> String {
    hex::encode(Sha256::digest(file))
}

fn preview(cluster: &str, wanted: &Wanted<'_>, survey: &Survey) -> String {
    let Wanted { program, file, authority, payer, .. } = wanted;
    let mut text = format!("  cluster    {cluster}\n  program    {program}\n  file       {} bytes, sha256 {}\n", file.len(), hash(file));
    let uploading = |upload: &Upload| match upload {
        Upload::New => "its file is uploaded".to_owned(),
        Upload::Replace => "a buffer of another size is closed, and the file uploaded into a new one".to_owned(),
        Upload::Resume(missing) if missing.is_empty() => "its file is uploaded already".to_owned(),
        Upload::Resume(missing) => format!("an interrupted upload goes on with the {} chunks that are missing", missing.len()),
    };
    let plan = match &survey.plan {
        Plan::Nothing => "nothing: the program there is this file already".to_owned(),
        Plan::Finalize => "the program there is this file already; its authority is given up".to_owned(),
        Plan::Deploy { max_len, upload } => format!("deploy, with room for {max_len} bytes; {}", uploading(upload)),
        Plan::Upgrade { extend, upload } => {
            let room = extend.map_or(String::new(), |more| format!(", with room for {more} bytes more"));
            format!("upgrade{room}; {}", uploading(upload))
        }
        Plan::Refuse(refusal) => refusal.to_string(),
    };
    text.push_str(&format!("  to do      {plan}\n"));
    if survey.plan != Plan::Nothing {
        text.push_str(&format!(
            "  authority  {authority}{}\n",
            if wanted.last { ", given up at the end: nobody can ever upgrade it" } else { "" }
        ));
        text.push_str(&format!("  payer      {payer}\n  costs      {}\n", price(&survey.cost)));
    }
    if matches!(survey.plan, Plan::Nothing | Plan::Finalize)
        && let Some(lamports) = survey.left_over
    {
        text.push_str(&format!("  left over  a buffer with {}; --close-buffer takes it back\n", amount(lamports)));
    }
    if matches!(survey.plan, Plan::Deploy { .. }) && *program == PROGRAM && !is_local(cluster) {
        text.push_str("  beware     the key of this address is public, so whoever deploys first owns it; docs/deployment.md says how to take your own\n");
    }
    text
}

fn price(cost: &Cost) -> String {
    let gone = match u64::try_from(cost.spends) {
        Ok(spends) => amount(spends),
        Err(_) => format!("nothing; {} come back", amount(u64::try_from(-cost.spends).unwrap_or(u64::MAX))),
    };
    format!("{gone} in {} transactions; it takes {} to begin with", cost.transactions, amount(cost.needs))
}

/// Whether a cluster is on this machine, where a public key does no harm.
fn is_local(cluster: &str) -> bool {
    let host = cluster.split_once("://").map_or(cluster, |(_, rest)| rest);
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

fn told(wanted: &Wanted<'_>, survey: &Survey, done: Done) -> String {
    let program = wanted.program;
    let who = done.authority.map_or("it is final".to_owned(), |authority| format!("{authority} may upgrade it"));
    match survey.plan {
        Plan::Nothing => String::new(),
        Plan::Finalize => format!("{program} is final\n"),
        Plan::Upgrade { .. } => format!("upgraded {program} in slot {}, compared byte for byte; {who}\n", done.slot),
        Plan::Deploy { .. } | Plan::Refuse(_) => format!("deployed {program} in slot {}, compared byte for byte; {who}\n", done.slot),
    }
}

/// The result as JSON; what was not done is null.
fn line(wanted: &Wanted<'_>, survey: &Survey, done: Option<Done>) -> String {
    let resumed = match &survey.plan {
        Plan::Deploy { upload: Upload::Resume(missing), .. } | Plan::Upgrade { upload: Upload::Resume(missing), .. } => Some(missing.len()),
        _ => None,
    };
    let result = json!({
        "type": "deploy",
        "plan": word(&survey.plan),
        "missing_chunks": resumed,
        "program": wanted.program.to_string(),
        "sha256": hash(wanted.file),
        "bytes": wanted.file.len(),
        "buffer": survey.buffer.to_string(),
        "left_over_lamports": survey.left_over,
        "needs_lamports": survey.cost.needs,
        "spends_lamports": i64::try_from(survey.cost.spends).unwrap_or(i64::MAX),
        "transactions": survey.cost.transactions,
        "done": done.map(|done| json!({
            "written_chunks": done.written, "slot": done.slot, "authority": done.authority.map(|authority| authority.to_string()),
        })),
    });
    format!("{result}\n")
}

fn closed_text(options: &Options, program: &Address, closed: Option<u64>) -> String {
    if options.json {
        return format!("{}\n", json!({ "type": "close_buffer", "program": program.to_string(), "lamports": closed }));
    }
    match closed {
        Some(lamports) => format!("closed the buffer of an upload for {program}; {} came back\n", amount(lamports)),
        None => format!("there is no buffer of an upload for {program}\n"),
    }
}
