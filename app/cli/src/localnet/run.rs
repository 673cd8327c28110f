//! The command: starts, says what is where, and waits to be stopped.

use {
    super::{Error, Localnet, Options, Settings},
    crate::report::format::amount,
    serde_json::{Map, Value, json},
    std::{
        future::Future,
        io::{self, Write},
    },
};

/// Starts a local validator, says so, and runs it until Ctrl-C or SIGTERM.
///
/// # Errors
/// Whatever is wrong with an option; a validator that does not start or ends by itself.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<(), Error> {
    let settings = options.settings()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let stopped = stopped()?;
        let mut localnet = Localnet::start(settings.clone()).await?;
        let text = if options.json { line(&settings, &localnet) } else { banner(&settings, &localnet) };
        out.write_all(text.as_bytes())?;
        out.flush()?;
        tokio::select! {
            () = stopped => localnet.stop().await,
            error = localnet.ended() => Err(error),
        }
    })
}

/// Ends when somebody asks this process to. Asks that come from now on count.
#[cfg(unix)]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    })
}

/// Ends when somebody asks this process to. Asks that come from now on count.
#[cfg(not(unix))]
fn stopped() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where no signal can be waited for, the process is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

fn line(settings: &Settings, localnet: &Localnet) -> String {
    let programs: Map<String, Value> =
        settings.programs.iter().map(|program| (program.name.to_owned(), program.address.to_string().into())).collect();
    let funded: Vec<Value> =
        settings.funds.iter().map(|(address, lamports)| json!({ "address": address.to_string(), "lamports": lamports })).collect();
    let authority = settings.authority.map(|address| address.to_string());
    let ready = json!({
        "type": "ready", "rpc": localnet.rpc_url(), "ws": localnet.ws_url(), "programs": programs, "upgrade_authority": authority,
        "funded": funded,
    });
    format!("{ready}\n")
}

fn banner(settings: &Settings, localnet: &Localnet) -> String {
    let mut text = format!("A local validator is ready.\n\n  JSON-RPC    {}\n  web socket  {}\n", localnet.rpc_url(), localnet.ws_url());
    for program in &settings.programs {
        text.push_str(&format!("  {:<10}  {}\n", program.name, program.address));
    }
    for (address, lamports) in &settings.funds {
        text.push_str(&format!("  funded      {address} with {}\n", amount(*lamports)));
    }
    if settings.funds.is_empty() {
        text.push_str("  funded      nobody: there is no wallet yet\n");
    }
    let url = if settings.rpc_port == super::RPC_PORT { "localhost".to_owned() } else { localnet.rpc_url() };
    text.push_str(&format!(
        "\nIn another terminal:\n  sessions keygen me.json\n  sessions airdrop 10SOL me.json --url {url}\n  sessions open-session night --url {url} --keypair me.json\n  sessions --help\n\nNothing is kept: when it stops, everything on it is gone. Ctrl-C stops it.\n"
    ));
    text
}
