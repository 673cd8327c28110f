//! The cluster and the key files, by the options or the configuration of the Solana command line.

use {
    crate::scenario::names::quote,
    solana_cli_config::{CONFIG_FILE, Config, ConfigInput},
    solana_keypair::{Keypair, read_keypair_file},
    std::path::Path,
};

/// What cannot be used, in one line with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

/// The configuration of the Solana command line, or its defaults where there is none.
fn config() -> Result<Config, Unusable> {
    let Some(path) = CONFIG_FILE.as_deref().filter(|path| Path::new(path).exists()) else {
        return Ok(Config { json_rpc_url: "http://localhost:8899".into(), ..Config::default() });
    };
    let told = |error: std::io::Error| {
        Unusable(format!("the configuration {path} cannot be read ({error}); `solana config get` shows a sound one"))
    };
    Config::load(path).map_err(told)
}

/// The URL of the cluster's JSON-RPC: what `--url` says, or the configuration.
///
/// # Errors
/// It is no URL and no cluster's name.
pub fn url(option: Option<&str>) -> Result<String, Unusable> {
    let text = match option {
        Some(text) => text.to_owned(),
        None => config()?.json_rpc_url,
    };
    let url = ConfigInput::compute_json_rpc_url_setting(&text, "").1;
    if ["http://", "https://"].iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
        Ok(url)
    } else {
        Err(Unusable(format!(
            "{} is no cluster; write localhost, devnet, testnet, mainnet-beta, or a URL like http://127.0.0.1:8899",
            quote(&text)
        )))
    }
}

/// The path of the wallet's key file: what `--keypair` says, or the configuration.
///
/// # Errors
/// The configuration cannot be read.
pub fn path(option: Option<&str>) -> Result<String, Unusable> {
    match option {
        Some(path) => Ok(path.to_owned()),
        None => Ok(config()?.keypair_path),
    }
}

/// The key pair in a file.
///
/// # Errors
/// It is not there, or is no key file.
pub fn read(path: &str) -> Result<Keypair, Unusable> {
    let hint = "name a key file as `solana-keygen new` writes it: a JSON array of 64 numbers";
    if !Path::new(path).exists() {
        return Err(Unusable(format!("there is no key file {path}; {hint}")));
    }
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    read_keypair_file(path).map_err(|error| Unusable(format!("{path} is no key file ({}); {hint}", one_line(error.to_string()))))
}
