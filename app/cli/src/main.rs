//! The `sessions` command: its arguments, and nothing else.

use {
    clap::{Args, Parser, Subcommand},
    sessions_cli::{
        command::{self, Demo, Options, Shape},
        output::Patient,
        scenario::instructions::INSTRUCTIONS,
    },
    std::{path::PathBuf, process::ExitCode},
};

/// Sessions on Solana: try out what a session does, on a real SVM inside this process.
#[derive(Parser)]
#[command(
    name = "sessions",
    version,
    after_help = "Examples:\n  sessions demo\n  sessions run examples/lifecycle.yaml\n  sessions run --help"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show a session's life as a table.
    #[command(after_help = "Examples:\n  sessions demo\n  sessions demo timeouts\n  sessions demo --json | jq .events")]
    Demo {
        /// Which of the built-in scenarios.
        #[arg(value_enum, default_value_t)]
        scenario: Demo,
        #[command(flatten)]
        common: Common,
    },
    /// Run scenario files, each on a ledger of its own.
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
}

#[derive(Args)]
struct Common {
    /// Print one JSON object a step, and one for each scenario.
    #[arg(long)]
    json: bool,
    /// Run this program file instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

impl Common {
    fn options(self, shape: Shape) -> Options {
        Options { shape: if self.json { Shape::Json } else { shape }, program: self.program }
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

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = Patient::new(anstream::stdout().lock());
    let result = match cli.command {
        Command::Demo { scenario, common } => command::demo(scenario, &common.options(Shape::Table), &mut out),
        Command::Run { files, common } => command::run(&files, &common.options(Shape::Lines), &mut out),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            // A standard error that nobody reads is no reason to fail in another way.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{error}\n").as_bytes());
            ExitCode::from(error.exit_code())
        }
    }
}
