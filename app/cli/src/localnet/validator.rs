//! Surfpool with the programs and the funds on it.
//!
//! The SDK's calls block, and some of them own an async runtime, so they run where blocking is allowed. Its ports are its own; see
//! [`forward`](super::forward).

use {
    super::{
        Error, Settings,
        forward::{Kind, forward, listen},
        surfpool,
    },
    serde_json::{Value, json},
    solana_address::Address,
    std::{
        net::Ipv4Addr,
        time::{Duration, SystemTime, UNIX_EPOCH},
    },
    surfpool_sdk::{BlockProductionMode, SimnetEvent, Surfnet, SurfnetError, cheatcodes::builders::CheatcodeBuilder},
    tokio::task::{JoinHandle, spawn_blocking},
};

/// How often surfpool's reports are looked through. It keeps some thousand for us, and some of its threads wait when there is no more room.
const REPORTS: Duration = Duration::from_millis(50);

/// A local validator that runs. Dropped without [`Self::stop`], it ends with its runtime.
pub struct Localnet {
    surfnet: Surfnet,
    rpc_port: u16,
    ws_port: u16,
    forwarding: [JoinHandle<()>; 2],
    reports: JoinHandle<String>,
}

/// Puts a program into its place, with whoever may upgrade it; the SDK's own builder names nobody.
struct WriteProgram {
    address: Address,
    file: Vec<u8>,
    authority: Option<Address>,
}

impl CheatcodeBuilder for WriteProgram {
    const METHOD: &'static str = "surfnet_writeProgram";

    fn build(self) -> Value {
        let authority = self.authority.map(|address| address.to_string());
        json!([self.address.to_string(), hex::encode(self.file), 0, authority])
    }
}

impl Localnet {
    /// Starts a validator. It is ready when this returns. Needs a runtime with I/O and time.
    ///
    /// # Errors
    /// A port is in use, the clock would go back, or surfpool does not start.
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        let rpc = listen(settings.rpc_port, "--rpc-port").await?;
        let ws = listen(settings.ws_port, "--ws-port").await?;
        let (rpc_port, ws_port) = (rpc.local_addr()?.port(), ws.local_addr()?.port());
        let surfnet = blocking(|| open(settings)).await??;
        let ports = [(rpc, port(surfnet.rpc_url())?, Kind::JsonRpc), (ws, port(surfnet.ws_url())?, Kind::WebSocket)];
        let forwarding = ports.map(|(listener, to, kind)| tokio::spawn(forward(listener, to, kind)));
        let events = surfnet.events().clone();
        let reports = tokio::spawn(async move {
            loop {
                for event in events.try_iter() {
                    match event {
                        SimnetEvent::Aborted(reason) => return reason,
                        SimnetEvent::Shutdown => return "it shut down".to_owned(),
                        _ => {}
                    }
                }
                tokio::time::sleep(REPORTS).await;
            }
        });
        Ok(Self { surfnet, rpc_port, ws_port, forwarding, reports })
    }

    /// Where JSON-RPC is.
    pub fn rpc_url(&self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.rpc_port)
    }

    /// Where the web socket is.
    pub fn ws_url(&self) -> String {
        format!("ws://{}:{}", Ipv4Addr::LOCALHOST, self.ws_port)
    }

    /// Waits until the validator ends by itself, which it should not, and answers why.
    pub async fn ended(&mut self) -> Error {
        match (&mut self.reports).await {
            Ok(reason) => Error::Validator(reason),
            Err(error) => Error::Validator(error.to_string()),
        }
    }

    /// Stops it: its ports are free when this returns.
    ///
    /// # Errors
    /// Surfpool does not say within five seconds that it stopped.
    pub async fn stop(self) -> Result<(), Error> {
        let Self { mut surfnet, forwarding, reports, .. } = self;
        // The end is told by reports too.
        for task in &forwarding {
            task.abort();
        }
        reports.abort();
        let _ = reports.await;
        for task in forwarding {
            let _ = task.await;
        }
        blocking(move || surfnet.stop()).await?.map_err(failed)
    }
}

/// Starts surfpool, and puts there what the settings say.
fn open(settings: Settings) -> Result<Surfnet, Error> {
    let slot_time = u64::try_from(settings.slot_time.as_millis()).unwrap_or(u64::MAX);
    let builder = move || Surfnet::builder().offline(true).block_production_mode(BlockProductionMode::Clock).slot_time_ms(slot_time);
    let surfnet = surfpool::start(builder).map_err(failed)?;
    let cheats = surfnet.cheatcodes();
    if let Some(moment) = settings.clock {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let moment = u64::try_from(moment).ok().filter(|moment| *moment > now).ok_or_else(|| Error::Option {
            option: "--clock",
            reason: "this moment is past, and the clock of a local validator only goes forward from now; name one to come".into(),
        })?;
        cheats.time_travel_to_timestamp(moment.saturating_mul(1_000)).map_err(failed)?;
    }
    for program in settings.programs {
        let written = WriteProgram { address: program.address, file: program.file, authority: settings.authority };
        cheats.execute(written).map_err(failed)?;
    }
    for (address, lamports) in settings.funds {
        cheats.fund_sol(&address, lamports).map_err(failed)?;
    }
    Ok(surfnet)
}

fn failed(error: SurfnetError) -> Error {
    Error::Validator(error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The port in one of surfpool's own URLs.
fn port(url: &str) -> Result<u16, Error> {
    let port = url.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    port.ok_or_else(|| Error::Validator(format!("it listens on {url}, which has no port")))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(|error| Error::Validator(error.to_string()))
}
