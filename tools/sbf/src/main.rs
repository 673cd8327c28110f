//! The command line: one line if something goes wrong, and a code that says whether the committed program is in question.

use {
    clap::{Args, Parser, Subcommand},
    sessions_sbf::{
        Error,
        commands::{self, Context},
        error::{FAILED, MOVED},
    },
    std::process::ExitCode,
};

/// Builds a program for Solana, or a WebAssembly module, from crates.io and Debian packages, and checks the committed one.
#[derive(Parser)]
#[command(name = "sbf", version, after_help = codes())]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build `target/deploy/<package>.so`, with cargo build-sbf where it is installed; or a module's `.wasm`
    Build {
        #[command(flatten)]
        program: Program,
        /// Build by the recipe even so
        #[arg(long)]
        registry: bool,
    },
    /// Build by the recipe and write the program to be committed, with its manifest
    Record(Program),
    /// Check that the committed program is what its sources build, byte for byte
    #[command(after_help = codes())]
    Verify(Program),
    /// Say what is there and what is missing, and change nothing
    Doctor(Program),
}

#[derive(Args)]
struct Program {
    /// The package of the program or module
    #[arg(long, default_value = "sessions")]
    package: String,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sbf: {error}");
            ExitCode::from(error.code())
        }
    }
}

fn codes() -> String {
    format!(
        "Exit codes:\n  \
         0  it is done; for verify: the committed program is what its sources build\n  \
         {FAILED}  it failed; for verify: the program is not what its sources build, or it could not be built\n  \
         2  the arguments are wrong\n  \
         {MOVED}  the Debian archive no longer serves the pinned versions; this says nothing about the committed program"
    )
}

fn run(command: Command) -> Result<(), Error> {
    let context = |program: Program| Context::new(&program.package);
    match command {
        Command::Build { program, registry } => commands::build(&context(program)?, registry),
        Command::Record(program) => commands::record(&context(program)?),
        Command::Verify(program) => commands::verify(&context(program)?),
        Command::Doctor(program) => commands::doctor(&context(program)?),
    }
}
