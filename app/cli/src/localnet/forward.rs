//! Passing connections on to where surfpool listens: its SDK chooses its ports itself.
//!
//! The listeners are opened before surfpool is, so a port that is in use is known at once, and none is lost to another program meanwhile.

use {
    super::Error,
    std::{io, net::Ipv4Addr},
    tokio::{
        io::copy_bidirectional,
        net::{TcpListener, TcpStream},
        task::JoinSet,
    },
};

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
pub async fn forward(listener: TcpListener, to: u16) {
    let mut connections = JoinSet::new();
    loop {
        // A connection that was gone before it was accepted, or for which there was no descriptor left, is the client's to try again.
        match listener.accept().await {
            Ok((client, _)) => {
                connections.spawn(pass_on(client, to));
            }
            Err(_) => tokio::task::yield_now().await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Either side may close whenever it wants; there is nobody to tell of it.
async fn pass_on(mut client: TcpStream, to: u16) -> io::Result<()> {
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await?;
    // What is answered is answered at once, however short it is.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}
