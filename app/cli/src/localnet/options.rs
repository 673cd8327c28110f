//! What `sessions localnet` is told, and the settings that follow from it.

use {
    super::{Error, Loaded, RPC_PORT, SLOT_TIME, Settings, WS_PORT},
    crate::{
        cluster,
        commands::options::Reading,
        keys,
        scenario::{amounts, arena, names::quote, values},
    },
    clap::Args,
    sessions_client::{Embedded, LedgerError, address::PROGRAM, program},
    solana_address::Address,
    solana_keypair::Signer,
    std::{
        fs,
        path::{Path, PathBuf},
        time::Duration,
    },
};

/// What the wallet is given unless it is told otherwise: 100 SOL.
const FUNDED: u64 = 100_000_000_000;

/// Start a local validator with the session program on it.
///
/// It runs in this process until Ctrl-C, on the loopback address only, and keeps nothing: when it stops, everything on it is gone. The wallet
/// of --keypair gets 100 SOL, and may upgrade the programs.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = "Examples:\n  sessions localnet\n  sessions localnet --fund 9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin=5\n  \
                        sessions localnet --rpc-port 18899 --ws-port 18900 --slot-time 50\n  sessions localnet --program target/deploy/sessions.so")]
pub struct Options {
    /// The port of JSON-RPC [default: 8899].
    #[arg(long, value_name = "PORT")]
    pub rpc_port: Option<u16>,
    /// The port of the web socket [default: the one after --rpc-port].
    #[arg(long, value_name = "PORT")]
    pub ws_port: Option<u16>,
    /// The session program's file, instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// Give SOL to an address; again for others [default: 100 SOL to the wallet].
    #[arg(long, value_name = "ADDRESS[=SOL]")]
    pub fund: Vec<Fund>,
    /// The wallet [default: that of the Solana configuration].
    #[arg(long, short, value_name = "FILE")]
    pub keypair: Option<String>,
    /// Start the clock at a moment to come, like 2030-01-01T00:00:00Z [default: now].
    #[arg(long, value_name = "RFC3339")]
    pub clock: Option<String>,
    /// How long a slot takes, in milliseconds [default: 400].
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub slot_time: Option<u64>,
    /// Print one line of JSON when it is ready.
    #[arg(long)]
    pub json: bool,
}

/// Who is given how many lamports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fund(pub Address, pub u64);

impl std::str::FromStr for Fund {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, amount) = text.split_once('=').map_or((text, None), |(address, amount)| (address, Some(amount)));
        let address =
            address.parse().map_err(|_| format!("{} is no address; write it in base58, like ADDRESS or ADDRESS=5", quote(address)))?;
        let bare = |amount: &str| amount.ends_with(|c: char| c.is_ascii_digit());
        let lamports = match amount {
            None => FUNDED,
            Some(amount) if bare(amount) => amounts::lamports(&format!("{amount} SOL"))?,
            Some(amount) => amounts::lamports(amount)?,
        };
        Ok(Self(address, lamports))
    }
}

impl Options {
    /// The settings: files are read, and programs tried out.
    ///
    /// # Errors
    /// Whatever is wrong with an option.
    pub fn settings(&self) -> Result<Settings, Error> {
        let rpc_port = self.rpc_port.unwrap_or(RPC_PORT);
        let ws_port = match (self.ws_port, self.rpc_port) {
            (Some(port), _) => port,
            (None, Some(0)) => 0,
            (None, Some(port)) => port.checked_add(1).ok_or_else(|| Error::Option {
                option: "--rpc-port",
                reason: "65535 leaves no port after it for the web socket; name that with --ws-port".into(),
            })?,
            (None, None) => WS_PORT,
        };
        if rpc_port == ws_port && rpc_port != 0 {
            let reason = format!("{ws_port} is the port of JSON-RPC too; the web socket needs one of its own");
            return Err(Error::Option { option: "--ws-port", reason });
        }
        let clock = self.clock.as_deref().map(values::calendar).transpose();
        let clock = clock.map_err(|reason| Error::Option { option: "--clock", reason })?;
        let authority = self.wallet()?;
        let mut funds: Vec<(Address, u64)> = self.fund.iter().map(|fund| (fund.0, fund.1)).collect();
        if funds.is_empty() {
            funds.extend(authority.map(|address| (address, FUNDED)));
        }
        Ok(Settings {
            rpc_port,
            ws_port,
            slot_time: self.slot_time.map_or(SLOT_TIME, Duration::from_millis),
            clock,
            programs: vec![
                Loaded { name: "sessions", address: PROGRAM, file: self.file()? },
                Loaded { name: "arena", address: arena::ARENA, file: arena::FILE.to_vec() },
            ],
            authority,
            funds,
        })
    }

    /// The wallet's address. One that is named has to be there; the configured one need not.
    fn wallet(&self) -> Result<Option<Address>, Error> {
        let here = Reading { url: Some("localhost".into()), keypair: self.keypair.clone(), ..Reading::default() };
        let path = cluster::Settings::resolve(&here)?.keypair;
        if self.keypair.is_none() && !Path::new(&path).exists() {
            return Ok(None);
        }
        Ok(Some(keys::read(&path)?.pubkey()))
    }

    /// The session program's file. One that is named is loaded once on the embedded SVM, since surfpool takes anything.
    fn file(&self) -> Result<Vec<u8>, Error> {
        let Some(path) = &self.program else { return Ok(program::FILE.to_vec()) };
        let unreadable = |error: std::io::Error| Error::ProgramUnreadable { path: path.clone(), reason: error.to_string() };
        let file = fs::read(path).map_err(unreadable)?;
        match Embedded::with_program(&file) {
            Ok(_) => Ok(file),
            Err(LedgerError::Program(reason)) => {
                let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
                Err(Error::ProgramDamaged { path: path.display().to_string(), reason })
            }
            Err(error) => Err(Error::Validator(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn funds_are_an_address_and_sol() {
        let address = PROGRAM.to_string();
        let fund = |text: &str| text.parse::<Fund>();
        assert_eq!(fund(&address), Ok(Fund(PROGRAM, FUNDED)));
        assert_eq!(fund(&format!("{address}=0.5")), Ok(Fund(PROGRAM, 500_000_000)));
        assert_eq!(fund(&format!("{address}=2 SOL")), Ok(Fund(PROGRAM, 2_000_000_000)));
        assert!(fund("gm").unwrap_err().contains("is no address"));
        for wrong in ["=", "=-1", "=x", "=1 USDC", "=0.0000000001"] {
            assert!(fund(&format!("{address}{wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_web_socket_is_behind_the_port_of_json_rpc() {
        let ports = |rpc_port, ws_port| {
            let settings = Options { rpc_port, ws_port, ..Options::default() }.settings();
            settings.map(|settings| (settings.rpc_port, settings.ws_port)).map_err(|error| error.to_string())
        };
        assert_eq!(ports(None, None), Ok((8899, 8900)));
        assert_eq!(ports(Some(9000), None), Ok((9000, 9001)));
        assert_eq!(ports(Some(0), None), Ok((0, 0)));
        assert_eq!(ports(None, Some(7)), Ok((8899, 7)));
        assert!(ports(Some(7), Some(7)).is_err() && ports(Some(u16::MAX), None).is_err());
    }
}
