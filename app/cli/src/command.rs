//! What the commands do: read everything, refuse everything that is wrong with it, and only then run.

use {
    crate::{
        error::{Error, Problems},
        report::{Report, format::one_line, json::Json, lines::Lines, table::Table},
        scenario::{self, Plan},
    },
    clap::ValueEnum,
    sessions_client::LedgerError,
    std::{
        fs,
        io::{self, Read, Write},
        path::{Path, PathBuf},
    },
};

/// The most bytes of a scenario file: far more than any story, far less than what fills the memory.
const MAX_SCENARIO_BYTES: usize = 1 << 20;
/// The most bytes of a program file: what an account can hold.
const MAX_PROGRAM_BYTES: usize = 10 << 20;

/// The scenarios that are built in, from `examples/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Demo {
    /// A session's whole life, with a creator, a host and a player.
    #[default]
    Lifecycle,
    /// Steps that nobody takes, and time that runs out.
    Timeouts,
    /// The shortest way: a host that opens its own session.
    OpenAndClose,
    /// A table with a link, an invitation, a kick and a message or two.
    GameNight,
    /// Workers with limits, a session key, and a session that changes hands.
    AgentTeam,
    /// An agent with a session key, half a SOL a day, and calls of other programs.
    AgentAllowance,
    /// Properties across sessions, through a grant.
    TwoRooms,
}

impl Demo {
    /// The scenario's name and text.
    pub const fn scenario(self) -> (&'static str, &'static str) {
        match self {
            Self::Lifecycle => ("examples/lifecycle.yaml", include_str!("../../../examples/lifecycle.yaml")),
            Self::Timeouts => ("examples/timeouts.yaml", include_str!("../../../examples/timeouts.yaml")),
            Self::OpenAndClose => ("examples/open-and-close.yaml", include_str!("../../../examples/open-and-close.yaml")),
            Self::GameNight => ("examples/game-night.yaml", include_str!("../../../examples/game-night.yaml")),
            Self::AgentTeam => ("examples/agent-team.yaml", include_str!("../../../examples/agent-team.yaml")),
            Self::AgentAllowance => ("examples/agent-allowance.yaml", include_str!("../../../examples/agent-allowance.yaml")),
            Self::TwoRooms => ("examples/two-rooms.yaml", include_str!("../../../examples/two-rooms.yaml")),
        }
    }
}

/// How results are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line a step.
    Lines,
    /// A table.
    Table,
    /// JSON lines.
    Json,
}

/// What all commands share.
#[derive(Clone, Debug)]
pub struct Options {
    /// How results are shown.
    pub shape: Shape,
    /// The program file to run instead of the built-in one.
    pub program: Option<PathBuf>,
}

/// Runs scenario files, each on a ledger of its own; `Ok(true)` if every expectation of every file held.
///
/// # Errors
/// Files that cannot be read or say something impossible (then nothing ran), a program that cannot be loaded, output that cannot be
/// written.
pub fn run(files: &[PathBuf], options: &Options, out: &mut dyn Write) -> Result<bool, Error> {
    let (mut plans, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.display().to_string();
        match read(file).map_err(|what| Problems::of_file(&name, what)).and_then(|text| Plan::read(&name, &text)) {
            Ok(plan) => plans.push(plan),
            Err(wrong) => problems.push(wrong),
        }
    }
    if problems.is_empty() { play(&plans, options, out) } else { Err(Error::Scenarios(problems)) }
}

/// Runs a built-in scenario; `Ok(true)` if its expectations held.
///
/// # Errors
/// As [`run`].
pub fn demo(demo: Demo, options: &Options, out: &mut dyn Write) -> Result<bool, Error> {
    let (name, text) = demo.scenario();
    let plan = Plan::read(name, text).map_err(|problems| Error::Scenarios(vec![problems]))?;
    play(&[plan], options, out)
}

fn play(plans: &[Plan], options: &Options, out: &mut dyn Write) -> Result<bool, Error> {
    let program = options.program.as_deref().map(program).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut report: Box<dyn Report> = match options.shape {
        Shape::Lines => Box::new(Lines::new(out)),
        Shape::Table => Box::new(Table::new(out)),
        Shape::Json => Box::new(Json::new(out)),
    };
    let mut passed = true;
    for plan in plans {
        let ledger = scenario::embedded(plan, program.as_deref()).map_err(|error| match (error, &options.program) {
            (LedgerError::Program(reason), Some(path)) => Error::ProgramDamaged { path: path.clone(), reason: one_line(&reason) },
            (error, _) => Error::Ledger(error),
        })?;
        passed &= runtime.block_on(scenario::run(plan, &ledger, &mut *report))?.passed();
    }
    Ok(passed)
}

/// The text of a scenario file.
fn read(file: &Path) -> Result<String, String> {
    if file.is_dir() {
        return Err("is a folder; name the scenario files in it".into());
    }
    let bytes = read_at_most(MAX_SCENARIO_BYTES, file).map_err(|error| format!("cannot be read ({}); check the path", reason(&error)))?;
    if bytes.len() > MAX_SCENARIO_BYTES {
        return Err(format!("has more than {MAX_SCENARIO_BYTES} bytes, the most of a scenario; is it another kind of file?"));
    }
    String::from_utf8(bytes).map_err(|_| "is no UTF-8 text; is it another kind of file?".into())
}

/// The bytes of a program file. One that is longer than a program can be is cut off and then refused as damaged.
fn program(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |error: io::Error| Error::ProgramUnreadable { path: path.to_owned(), reason: reason(&error) };
    read_at_most(MAX_PROGRAM_BYTES, path).map_err(unreadable)
}

/// A file's bytes, and one more than `most` at the most: enough to see that it is too long, whatever kind of file it is.
fn read_at_most(most: usize, path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).map_or(u64::MAX, |most| most.saturating_add(1));
    fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What the system says, without its error number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}
