//! The command line: every command with its options, and what its help says.

use {
    crate::{
        command::{self, Demo, Shape},
        commands::{
            self, content::Content, functions::Functions, lifecycle::Lifecycle, local::Keys, local::Local, looking::Looking,
            membership::Membership, options::Options, options::Output, options::Reading, options::Writing, others::Others, vault::Vault,
        },
        deploy::command as deploy,
        failed::Failed,
        localnet,
        scenario::{
            instructions::INSTRUCTIONS,
            names::{nearest, quote},
        },
    },
    clap::{
        ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand,
        builder::Resettable,
        error::{ContextKind, ContextValue, ErrorKind},
    },
    std::{collections::BTreeSet, ffi::OsString, path::PathBuf},
};

/// Sessions on Solana: who may do what, together, for how long, within which limits.
#[derive(Parser, Debug)]
#[command(name = "sessions", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What a command line asks for.
#[derive(Subcommand, Debug)]
#[expect(missing_docs, reason = "the types of what is flattened say it")]
pub enum Command {
    /// Show a session's life as a table, on a ledger in this process.
    #[command(after_help = "Examples:\n  sessions demo\n  sessions demo timeouts\n  sessions demo --json | jq .events")]
    Demo {
        /// Which of the built-in scenarios.
        #[arg(value_enum, default_value_t)]
        scenario: Demo,
        #[command(flatten)]
        common: Common,
    },
    /// Run scenario files, each on a ledger of its own in this process.
    ///
    /// Everything in the files is checked before anything runs. The exit code is 0 if every expectation held, 1 if one did not, and 2 if a
    /// file or an argument cannot be used; then nothing ran.
    #[command(after_help = RUN_EXAMPLES, after_long_help = run_long_help())]
    Run {
        /// The scenario files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    Localnet(localnet::Options),
    Deploy(deploy::Options),
    #[command(flatten)]
    Keys(Keys),
    #[command(flatten)]
    Cluster(commands::Command),
}

/// What `demo` and `run` share.
#[derive(Args, Debug)]
pub struct Common {
    /// Print one JSON object a step, and one for each scenario.
    #[arg(long)]
    json: bool,
    /// Run this program file instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

impl Common {
    /// The options of a run that is shown in `shape`, unless JSON is asked for.
    pub fn options(self, shape: Shape) -> command::Options {
        command::Options { shape: if self.json { Shape::Json } else { shape }, program: self.program }
    }
}

const RUN_EXAMPLES: &str = "Examples:\n  sessions run night.yaml\n  sessions run examples/*.yaml\n  sessions run --json night.yaml\n  \
                            sessions run --program target/deploy/sessions.so night.yaml";

fn run_long_help() -> String {
    let mut text = format!("{RUN_EXAMPLES}\n\nInstructions:\n");
    for entry in INSTRUCTIONS {
        let short = entry.short.map_or(String::new(), |short| format!(" (also {short})"));
        text.push_str(&format!("  {:<20} {}{short}\n", entry.name, entry.about));
    }
    text.push_str("\nA scenario:\n");
    for line in Demo::OpenAndClose.scenario().1.lines() {
        text.push_str(&format!("  {line}\n"));
    }
    text
}

const EXAMPLES: &str = "Examples:
  sessions demo                                    what a session is, with nothing to set up
  sessions localnet                                a cluster of your own, in another terminal
  sessions keygen ana.json                         a key file
  sessions open-session night                      a session of yours that is called night
  sessions create-invite-token night -o night.link a link for someone else
  sessions join-with-token night.link -k ana.json  who joins with it
  sessions show gm.json/night                      the session night of who has the key file gm.json

A session is named by its address, an id of yours, or CREATOR/ID; a wallet by its address or its key file.
The cluster and the wallet are those of `solana config get` (or the local cluster), unless --url and --keypair say otherwise.

Exit codes: 0 done; 1 refused by the program, declined, or not landed; 2 something that was given cannot be used.";

type Augment = fn(clap::Command) -> clap::Command;

/// The commands by topic, each with the options that its commands share.
const TOPICS: [(&str, Augment, Augment); 9] = [
    ("A session's life", Lifecycle::augment_subcommands, all_options),
    ("Who is in it", Membership::augment_subcommands, all_options),
    ("What is shared and recorded in it", Content::augment_subcommands, all_options),
    ("Its vault", Vault::augment_subcommands, all_options),
    ("What its members call", Functions::augment_subcommands, all_options),
    ("Other programs and sessions", Others::augment_subcommands, all_options),
    ("Looking", Looking::augment_subcommands, reading_options),
    ("Keys and lamports", Keys::augment_subcommands, reading_options),
    ("", Local::augment_subcommands, reading_options),
];

fn reading_options(command: clap::Command) -> clap::Command {
    said_of(command, |command| Reading::augment_args(Output::augment_args(command)))
}

fn all_options(command: clap::Command) -> clap::Command {
    said_of(command, |command| Writing::augment_args(reading_options(command)))
}

/// A command with more arguments, and what is said of it as it was: what is said of the arguments' struct would take its place.
fn said_of(command: clap::Command, augment: Augment) -> clap::Command {
    let (about, long) = (command.get_about().cloned(), command.get_long_about().cloned());
    augment(command).about(Resettable::from(about)).long_about(Resettable::from(long))
}

/// The commands of a topic.
fn commands_of(augment: Augment) -> Vec<clap::Command> {
    augment(clap::Command::new("")).get_subcommands().cloned().collect()
}

/// The whole command line.
pub fn command_line() -> clap::Command {
    let mut topics = String::new();
    let mut whole = Cli::command();
    for (topic, augment, options) in TOPICS {
        if !topic.is_empty() {
            topics.push_str(&format!("\n{topic}:\n"));
        }
        for command in commands_of(augment) {
            topics.push_str(&listed(&command));
            whole = whole.mut_subcommand(command.get_name(), options);
        }
    }
    whole = whole.mut_subcommand("watch", |watch| {
        let watch = watch
            .mut_arg("json", |json| json.help("Print a line of JSON for each thing that happens, and one document of what went wrong"));
        // It has one level, which can be named all the same.
        watch.mut_arg("commitment", |commitment| commitment.hide(true))
    });
    topics.push_str("\nTrying out, and setting up:\n");
    let told: BTreeSet<String> =
        TOPICS.iter().flat_map(|(_, augment, _)| commands_of(*augment)).map(|command| command.get_name().into()).collect();
    whole.get_subcommands().filter(|command| !told.contains(command.get_name())).for_each(|command| topics.push_str(&listed(command)));
    whole
        .help_template("{about-with-newline}\n{usage-heading} {usage}{after-help}\n\nOptions:\n{options}\n")
        .after_help(format!("{topics}\n`sessions COMMAND --help` has the options of a command, and examples.\n\n{EXAMPLES}"))
}

/// A command in the list.
fn listed(command: &clap::Command) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let also = command.get_visible_aliases().collect::<Vec<_>>().join(", ");
    let also = if also.is_empty() { also } else { format!(" (also {also})") };
    format!("  {:<20}  {about}{also}\n", command.get_name())
}

/// Reads a command line.
///
/// # Errors
/// That it asks for help, or what is wrong with it.
pub fn parse(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<(Command, Options), clap::Error> {
    let matches = command_line().try_get_matches_from(arguments)?;
    let command = Cli::from_arg_matches(&matches)?.command;
    let options = matches.subcommand().map(|(_, matches)| options(&command, matches)).transpose()?;
    Ok((command, options.unwrap_or_default()))
}

/// The options of a command, as far as it has them.
fn options(command: &Command, matches: &ArgMatches) -> Result<Options, clap::Error> {
    let writing = match command {
        Command::Demo { .. } | Command::Run { .. } | Command::Localnet(_) | Command::Deploy(_) => return Ok(Options::default()),
        Command::Keys(_) | Command::Cluster(commands::Command::Looking(_) | commands::Command::Local(_)) => Writing::default(),
        Command::Cluster(_) => Writing::from_arg_matches(matches)?,
    };
    Ok(Options { output: Output::from_arg_matches(matches)?, reading: Reading::from_arg_matches(matches)?, writing })
}

/// What is wrong with a command line, in one line and a hint.
pub fn wrong(error: &clap::Error) -> Failed {
    if let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(name))) = (error.kind(), error.get(ContextKind::InvalidSubcommand)) {
        let line = command_line();
        let known: Vec<&str> = line.get_subcommands().map(clap::Command::get_name).collect();
        let near = nearest(name, &known).map_or(String::new(), |near| format!("did you mean {}? ", quote(near)));
        return Failed::argument(format!("there is no command {}", quote(name)), format!("{near}`sessions --help` lists the commands"));
    }
    if let (ErrorKind::UnknownArgument, Some(ContextValue::String(given))) = (error.kind(), error.get(ContextKind::InvalidArg))
        && given.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
    {
        return Failed::argument(format!("{} is negative", quote(given)), "no amount or number is: write it without the sign");
    }
    let text = error.render().to_string();
    let mut paragraphs = text.split("\n\n");
    let message = paragraphs.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let rest: Vec<&str> = paragraphs.map(str::trim).collect();
    // What nobody knows is no value either.
    let tip = rest.iter().find_map(|paragraph| paragraph.strip_prefix("tip: ")).filter(|tip| !tip.starts_with("to pass "));
    let usage = || rest.iter().find_map(|paragraph| paragraph.strip_prefix("Usage: ")).map(|usage| format!("usage: {usage}"));
    let hint = tip.map(str::to_owned).or_else(usage).unwrap_or_else(|| "`sessions COMMAND --help` has examples".into());
    Failed::argument(message, hint)
}
