//! Which cluster, and with which wallet: by the options, the configuration of the Solana command line, or for lack of both the local one.

use {
    crate::{
        commands::options::{Reading, commitment},
        failed::{Failed, reason},
        scenario::names::{nearest, quote},
    },
    sessions_client::ledger::Commitment,
    solana_cli_config::{CONFIG_FILE, Config, ConfigInput},
    std::path::Path,
};

/// The cluster where there is no configuration: a local validator's.
const LOCAL: &str = "http://localhost:8899";
/// The names of the clusters, which all have a first letter of their own.
const MONIKERS: [&str; 4] = ["mainnet-beta", "testnet", "devnet", "localhost"];

/// Where to go, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The URL of the cluster's JSON-RPC.
    pub url: String,
    /// The URL of its web socket; without one, it follows from the other.
    pub ws: Option<String>,
    /// The wallet's key file.
    pub keypair: String,
    /// How sure a state has to be to count.
    pub commitment: Commitment,
}

impl Settings {
    /// What the options say, and the configuration file where they say nothing.
    ///
    /// # Errors
    /// ConfigInvalid, WrongUrl.
    pub fn resolve(reading: &Reading) -> Result<Self, Failed> {
        Self::with_default(reading, CONFIG_FILE.as_deref().map(Path::new))
    }

    /// The same with the configuration file at `default`, if it is there and `reading` names no other.
    ///
    /// # Errors
    /// As [`Self::resolve`].
    pub fn with_default(reading: &Reading, default: Option<&Path>) -> Result<Self, Failed> {
        let config = match (&reading.config, default) {
            (Some(path), _) => Some(load(path)?),
            (None, Some(path)) if path.exists() => Some(load(path)?),
            _ => None,
        };
        let of = |option: &Option<String>, configured: fn(&Config) -> &String| {
            let configured = config.as_ref().map(configured).filter(|text| !text.is_empty());
            option.clone().or_else(|| configured.cloned())
        };
        let url = url(&of(&reading.url, |config| &config.json_rpc_url).unwrap_or_else(|| LOCAL.into()))?;
        // The file's web socket belongs to the file's cluster.
        let ws = match &reading.url {
            Some(_) => reading.ws.clone(),
            None => of(&reading.ws, |config| &config.websocket_url),
        };
        let keypair = of(&reading.keypair, |config| &config.keypair_path).or_else(|| beside(default)).unwrap_or_else(|| "id.json".into());
        let configured = config.as_ref().and_then(|config| commitment(&config.commitment).ok());
        Ok(Self { url, ws, keypair, commitment: reading.commitment.or(configured).unwrap_or_default() })
    }
}

/// The wallet that the Solana command line makes: `id.json` above the folder of its configuration.
fn beside(config: Option<&Path>) -> Option<String> {
    Some(config?.parent()?.parent()?.join("id.json").display().to_string())
}

fn load(path: &Path) -> Result<Config, Failed> {
    Config::load(&path.display().to_string()).map_err(|error| {
        let message = format!("the configuration {} cannot be read: {}", path.display(), reason(&error));
        Failed::unusable(
            "ConfigInvalid",
            message,
            "`solana config get` shows a sound one; or name the cluster with --url and the wallet with --keypair",
        )
    })
}

/// The URL that a text is, or the one of the cluster that it names. Whether a URL is one is for the ledger to say.
fn url(text: &str) -> Result<String, Failed> {
    let named = MONIKERS.iter().find(|name| **name == text || name.get(..1) == Some(text));
    match named {
        Some(name) => Ok(ConfigInput::compute_json_rpc_url_setting(name, "").1),
        None if text.contains("://") => Ok(text.to_owned()),
        None => {
            let near = nearest(text, &MONIKERS).map_or(String::new(), |name| format!("; did you mean {}?", quote(name)));
            let hint = format!("write mainnet-beta, devnet, testnet, localhost, or a URL that begins with http:// or https://{near}");
            Err(Failed::unusable("WrongUrl", format!("{} is neither a cluster nor a URL", quote(text)), hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(url: &str) -> Reading {
        Reading { url: Some(url.into()), ..Reading::default() }
    }

    fn resolved(url: &str) -> Result<Settings, Failed> {
        Settings::with_default(&reading(url), None)
    }

    #[test]
    fn clusters_have_names_letters_and_urls() {
        for (text, url) in [
            ("l", "http://localhost:8899"),
            ("localhost", "http://localhost:8899"),
            ("d", "https://api.devnet.solana.com"),
            ("mainnet-beta", "https://api.mainnet-beta.solana.com"),
            ("testnet", "https://api.testnet.solana.com"),
            ("http://127.0.0.1:18899", "http://127.0.0.1:18899"),
        ] {
            let settings = resolved(text).unwrap();
            assert_eq!((settings.url.as_str(), &settings.ws), (url, &None));
        }
    }

    #[test]
    fn what_is_no_cluster_is_told() {
        for text in ["", "devnt", "localhost:8899", "dev net"] {
            let failed = resolved(text).unwrap_err();
            assert_eq!((failed.name.as_str(), failed.code), ("WrongUrl", 2), "{text}");
        }
        assert!(resolved("devnt").unwrap_err().hint.ends_with(r#"did you mean "devnet"?"#));
    }

    #[test]
    fn without_a_configuration_it_is_the_local_cluster() {
        let settings = Settings::with_default(&Reading::default(), Some(Path::new("/nowhere/solana/cli/config.yml"))).unwrap();
        assert_eq!((settings.url.as_str(), settings.commitment), (LOCAL, Commitment::Confirmed));
        assert_eq!(settings.keypair, "/nowhere/solana/id.json");
    }

    #[test]
    fn options_go_before_the_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.yml");
        let text = "json_rpc_url: devnet\nwebsocket_url: wss://d.example\nkeypair_path: gm.json\ncommitment: finalized\n";
        std::fs::write(&path, text).unwrap();
        let configured = Settings::with_default(&Reading::default(), Some(&path)).unwrap();
        assert_eq!(
            (configured.ws.as_deref().unwrap_or_default(), configured.keypair.as_str(), configured.commitment),
            ("wss://d.example", "gm.json", Commitment::Finalized)
        );
        let settings = Settings::with_default(&reading("l"), Some(&path)).unwrap();
        assert_eq!((settings.url.as_str(), settings.keypair.as_str()), (LOCAL, "gm.json"));
        assert_eq!(settings.ws, None, "another cluster's web socket is another one");
        std::fs::write(&path, "json_rpc_url: [").unwrap();
        assert_eq!(Settings::with_default(&Reading::default(), Some(&path)).unwrap_err().name, "ConfigInvalid");
        let missing = Reading { config: Some(folder.path().join("none.yml")), ..Reading::default() };
        assert_eq!(Settings::with_default(&missing, None).unwrap_err().name, "ConfigInvalid");
    }
}
