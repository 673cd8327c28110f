//! The `sessions` command: from its arguments to its exit code, and nothing else.

use {
    clap::error::ErrorKind,
    sessions_cli::{
        arguments::{self, Command},
        cluster::Settings,
        command::{self, Shape},
        commands::{self, options::Options},
        confirm::Terminal,
        context::Context,
        deploy::command as deploy,
        error::Error,
        failed::Failed,
        localnet,
        output::Patient,
        who::Who,
    },
    sessions_client::{Ledger, ledger::Rpc},
    solana_keypair::Keypair,
    std::{env, io::Write, process::ExitCode},
};

fn main() -> ExitCode {
    let mut out = Patient::new(anstream::stdout().lock());
    let asked: Vec<_> = env::args_os().collect();
    let json = asked.iter().any(|argument| argument == "--json");
    let (command, options) = match arguments::parse(asked) {
        Ok(read) => read,
        // Without a command it is help that is printed, though where errors go.
        Err(error) if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => error.exit(),
        Err(error) if error.use_stderr() => return fail(&arguments::wrong(&error), json, &mut out),
        // Help and the version.
        Err(error) => error.exit(),
    };
    match command {
        Command::Demo { scenario, common } => passed(command::demo(scenario, &common.options(Shape::Table), &mut out), json, &mut out),
        Command::Deploy(asked) => done(deploy::run(&asked, &mut out).map_err(Failed::from), asked.json, &mut out),
        Command::Localnet(asked) => done(localnet::run(&asked, &mut out).map_err(Failed::from), asked.json, &mut out),
        Command::Run { files, common } => passed(command::run(&files, &common.options(Shape::Lines), &mut out), json, &mut out),
        Command::Keys(command) => {
            let who = || Ok(Who::new(&Settings::resolve(&options.reading)?, &options));
            done(command.run(who, &Keypair::new(), &options, &mut out), options.output.json, &mut out)
        }
        Command::Cluster(command) => {
            // What never ends by itself is not to go on when nobody reads.
            let ran = match out.inner() {
                Some(inner) if command.goes_on() => on_cluster(command, &options, inner),
                _ => on_cluster(command, &options, &mut out),
            };
            done(ran, options.output.json, &mut out)
        }
    }
}

/// Runs a command on the cluster that its options name.
fn on_cluster(command: commands::Command, options: &Options, out: &mut dyn Write) -> Result<(), Failed> {
    let settings = Settings::resolve(&options.reading)?;
    let who = Who::new(&settings, options);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failed::unusable("NotStarted", error.to_string(), "free some memory or files, and try again"))?;
    runtime.block_on(async {
        let ledger = Rpc::connect(&settings.url, settings.ws.as_deref())?.with_commitment(settings.commitment);
        let context = Context { ledger: &ledger, cluster: ledger.name(), who: &who, commitment: settings.commitment };
        commands::run(&context, command, Keypair::new(), options, &mut Terminal::default(), out).await
    })
}

fn done(result: Result<(), Failed>, json: bool, out: &mut dyn Write) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => fail(&failed, json, out),
    }
}

fn fail(failed: &Failed, json: bool, out: &mut dyn Write) -> ExitCode {
    // Where nobody reads, that is no reason to fail in another way.
    let _ = if json { writeln!(out, "{}", failed.json()) } else { writeln!(anstream::stderr(), "{failed}") };
    ExitCode::from(failed.code)
}

fn passed(result: Result<bool, Error>, json: bool, out: &mut dyn Write) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) if json => fail(&error.into(), json, out),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(error.exit_code())
        }
    }
}
