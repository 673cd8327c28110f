//! Where a node is.

use {crate::ledger::LedgerError, solana_rpc_client_api::client_error::reqwest::Url};

/// Checks that `url` can be a node's JSON-RPC.
///
/// # Errors
/// [`LedgerError::WrongUrl`].
pub fn check_http(url: &str) -> Result<Url, LedgerError> {
    parse(url, ["http", "https"])
}

/// Checks that `url` can be a node's web socket.
///
/// # Errors
/// [`LedgerError::WrongUrl`].
pub fn check_websocket(url: &str) -> Result<Url, LedgerError> {
    parse(url, ["ws", "wss"])
}

fn parse(url: &str, schemes: [&str; 2]) -> Result<Url, LedgerError> {
    let wrong = |reason: String| LedgerError::WrongUrl { url: url.to_owned(), reason };
    let parsed: Url = url.parse().map_err(|error| wrong(format!("{error}")))?;
    if !schemes.contains(&parsed.scheme()) {
        Err(wrong(format!("it must begin with {}:// or {}://", schemes[0], schemes[1])))
    } else if parsed.host_str().is_none_or(str::is_empty) {
        Err(wrong("it names no host".to_owned()))
    } else {
        Ok(parsed)
    }
}

/// A URL without what may be a secret: user and password, the path and the query are left out.
pub fn shown(url: &str) -> String {
    let Ok(url) = url.parse::<Url>() else { return "…".to_owned() };
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let rest = if url.path().len() > 1 || url.query().is_some() { "/…" } else { "" };
    format!("{}://{}{port}{rest}", url.scheme(), url.host_str().unwrap_or_default())
}

/// The web socket of the node at `http`, by Solana's convention: ws for http, wss for https, and the port after the one that is named, if one is.
///
/// # Errors
/// [`LedgerError::WrongUrl`] if there is no port after it.
pub fn websocket_of(http: &Url) -> Result<Url, LedgerError> {
    let wrong = |reason: &str| LedgerError::WrongUrl { url: http.to_string(), reason: reason.to_owned() };
    let mut url = http.clone();
    let scheme = if http.scheme() == "https" { "wss" } else { "ws" };
    url.set_scheme(scheme).map_err(|()| wrong("it has no web socket"))?;
    if let Some(port) = http.port() {
        let next =
            port.checked_add(1).ok_or_else(|| wrong("no port comes after its own, for the web socket; give the web socket's URL too"))?;
        url.set_port(Some(next)).map_err(|()| wrong("it has no web socket"))?;
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_not_shown() {
        for (url, seen) in [
            ("http://127.0.0.1:8899/", "http://127.0.0.1:8899"),
            ("https://ana:secret@node.example/", "https://node.example"),
            ("https://node.example/?api-key=secret", "https://node.example/…"),
            ("wss://node.example:8900/v2/secret", "wss://node.example:8900/…"),
            ("secret", "…"),
        ] {
            assert_eq!(shown(url), seen);
        }
    }

    #[test]
    fn the_web_socket_is_on_the_next_port_or_on_the_same_name() {
        for (http, websocket) in [
            ("http://127.0.0.1:8899", "ws://127.0.0.1:8900/"),
            ("https://api.devnet.solana.com", "wss://api.devnet.solana.com/"),
            ("https://node.example:443/key", "wss://node.example/key"),
            ("http://[::1]:1000", "ws://[::1]:1001/"),
        ] {
            assert_eq!(websocket_of(&check_http(http).unwrap()).unwrap().as_str(), websocket);
        }
        let last = websocket_of(&check_http("http://127.0.0.1:65535").unwrap());
        assert!(matches!(last, Err(LedgerError::WrongUrl { .. })), "{last:?}");
    }

    #[test]
    fn what_is_no_url_of_a_node_is_refused_in_one_line() {
        for url in [
            "",
            "devnet",
            "127.0.0.1:8899",
            "ftp://127.0.0.1",
            "ws://127.0.0.1:8900",
            "http://",
            "http://:80",
            "http://a b",
            "http://127.0.0.1:99999",
        ] {
            let error = check_http(url).unwrap_err();
            assert!(matches!(error, LedgerError::WrongUrl { .. }), "{error:?}");
            assert!(!error.is_retryable());
            assert_eq!(error.to_string().lines().count(), 1, "{error}");
        }
        assert!(check_websocket("http://127.0.0.1:8899").is_err());
    }
}
