//! Passing connections on to where surfpool listens: its SDK chooses its ports itself.
//!
//! JSON-RPC passes [request by request](super::json_rpc), what comes by a web socket as it is.
//!
//! Surfpool's web socket takes no plain HTTP request, and is broken by one: who sends that is answered here.
//!
//! The listeners are opened before surfpool is, so a port that is in use is known at once, and none is lost to another program meanwhile.

use {
    super::{Error, json_rpc},
    std::{io, net::Ipv4Addr, time::Duration},
    tokio::{
        io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
        net::{TcpListener, TcpStream},
        task::JoinSet,
        time::timeout,
    },
};

/// The most bytes of a request's head.
const MAX_HEAD: usize = 8_192;
/// How long a request's head may take: whoever means it sends it at once.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a rest that is not wanted is read, so that the answer is.
const REST_TIME: Duration = Duration::from_secs(1);
/// What is answered to who does not ask for a web socket.
const UPGRADE_REQUIRED: &[u8] =
    b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nContent-Type: text/plain\r\n\
                                  Content-Length: 55\r\n\r\nThis port is for web sockets; JSON-RPC is on the other.";

/// What is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON-RPC.
    JsonRpc,
    /// Web sockets.
    WebSocket,
}

/// Listens on a port of the loopback address; 0 for any that is free.
///
/// # Errors
/// The port is in use, or cannot be listened on.
pub async fn listen(port: u16, option: &'static str) -> Result<TcpListener, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Error::PortInUse { port, option },
        _ => Error::Port { port, option, reason: error.to_string() },
    })
}

/// Passes every connection on to another port, until it is dropped; then the connections end too.
pub async fn forward(listener: TcpListener, to: u16, kind: Kind) {
    let mut connections = JoinSet::new();
    loop {
        // A connection that was gone before it was accepted, or for which there was no descriptor left, is the client's to try again.
        match listener.accept().await {
            Ok((client, _)) => {
                connections.spawn(async move {
                    match kind {
                        Kind::JsonRpc => json_rpc::pass_on(client, to).await,
                        Kind::WebSocket => pass_on(client, to).await,
                    }
                });
            }
            Err(_) => tokio::task::yield_now().await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Either side may close whenever it wants; there is nobody to tell of it.
async fn pass_on(mut client: TcpStream, to: u16) -> io::Result<()> {
    let mut head = Vec::new();
    // Who sends nothing gets nothing, and least of all surfpool.
    let Ok(read) = timeout(HEAD_TIME, read_head(&mut client, &mut head)).await else { return Ok(()) };
    read?;
    if !asks_for_web_socket(&head) {
        client.write_all(UPGRADE_REQUIRED).await?;
        client.shutdown().await?;
        // What is closed with bytes unread is reset, and the answer lost.
        let _ = timeout(REST_TIME, tokio::io::copy(&mut client, &mut tokio::io::sink())).await;
        return Ok(());
    }
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await?;
    server.write_all(&head).await?;
    // What is told is told at once, however short it is.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// Reads up to the end of a request's head, or of what there is of it.
async fn read_head(client: &mut TcpStream, head: &mut Vec<u8>) -> io::Result<()> {
    while head.len() < MAX_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if client.read_buf(head).await? == 0 {
            break;
        }
    }
    Ok(())
}

/// Whether a request's head is complete and asks for a web socket.
fn asks_for_web_socket(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let Some((lines, _)) = text.split_once("\r\n\r\n") else { return false };
    let headers = |name: &'static str| lines.lines().filter_map(move |line| line.split_once(':')).filter(move |(of, _)| *of == name);
    lines.starts_with("get ")
        && headers("upgrade").any(|(_, value)| value.trim() == "websocket")
        && headers("sec-websocket-key").count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complete_request_for_a_web_socket_is_one() {
        let socket = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: a\r\n\r\n";
        assert!(asks_for_web_socket(socket));
        assert!(!asks_for_web_socket(&socket[..socket.len() - 1]));
        for other in [&b""[..], b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", b"\x16\x03\x01"] {
            assert!(!asks_for_web_socket(other));
        }
    }
}
