//! Passing JSON-RPC on to surfpool, request by request, with every account read at [`processed`](super::commitment).
//!
//! What is not JSON-RPC passes as it is: what a browser asks before it asks, what makes no sense, and every header that is not about the connection.

use {
    super::commitment::{rewritten, slots},
    hyper::{
        Body, HeaderMap, Method, Request, Response, StatusCode, Uri,
        body::{Bytes, HttpBody, to_bytes},
        client::conn::{self, SendRequest},
        header::{
            CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderName, HeaderValue, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
        },
        server::conn::Http,
        service::service_fn,
    },
    serde_json::{Value, json},
    std::{future::poll_fn, io, net::Ipv4Addr, pin::pin, sync::Arc},
    tokio::{net::TcpStream, sync::Mutex},
};

/// The most bytes of a request's body; surfpool reads no more either.
const MAX_BODY: usize = 15 * 1024 * 1024;

/// How often accounts are read at the most until no slot ended meanwhile. One does where a slot is hardly longer than a read.
const READS: usize = 20;

/// What is about a connection, and so not about what passes through it.
const OF_CONNECTION: [HeaderName; 7] = [CONNECTION, CONTENT_LENGTH, EXPECT, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

/// Passes what comes by one connection on by another, until either side closes its own.
pub async fn pass_on(client: TcpStream, to: u16) -> io::Result<()> {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).await?;
    // What is answered is answered at once, however short it is.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (node, server) = conn::handshake(server).await.map_err(io::Error::other)?;
    let node = Arc::new(Mutex::new(node));
    let answers = service_fn(move |request| answer(request, Arc::clone(&node)));
    let mut client = pin!(Http::new().http1_only(true).serve_connection(client, answers));
    tokio::select! {
        served = &mut client => return served.map_err(io::Error::other),
        // What it answered before is still passed on.
        _ = server => client.as_mut().graceful_shutdown(),
    }
    client.await.map_err(io::Error::other)
}

/// A request without its body.
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

async fn answer(request: Request<Body>, node: Arc<Mutex<SendRequest<Body>>>) -> Result<Response<Body>, hyper::Error> {
    let (head, body) = request.into_parts();
    let Some(body) = whole(body).await? else {
        let mut refusal = Response::new(Body::from("A request has 15 MiB at the most."));
        *refusal.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        // Nobody reads the rest of it.
        refusal.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        return Ok(refusal);
    };
    let head = Head { method: head.method, uri: head.uri, headers: of_message(head.headers) };
    let mut node = node.lock().await;
    let reading = if head.method == Method::POST { rewritten(&body) } else { None };
    let Some(reading) = reading else { return Ok(ask(&mut node, &head, body).await?.map(Body::from)) };
    let body = Bytes::from(reading.body);
    let mut answer = ask(&mut node, &head, body.clone()).await?;
    // Surfpool looks at the slot first and at the accounts behind it. Where a slot ends in between, they may be newer than the one it names.
    for _ in 1..READS {
        let slots = slots(answer.body());
        if !reading.only || slots.is_empty() || slot(&mut node).await?.is_none_or(|now| slots.iter().all(|slot| *slot == now)) {
            break;
        }
        answer = ask(&mut node, &head, body.clone()).await?;
    }
    Ok(answer.map(Body::from))
}

/// A body, unless it is too large.
async fn whole(mut body: Body) -> Result<Option<Bytes>, hyper::Error> {
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    while let Some(more) = body.data().await {
        bytes.extend_from_slice(&more?);
        if bytes.len() > MAX_BODY {
            return Ok(None);
        }
    }
    Ok(Some(bytes.into()))
}

/// Asks surfpool.
async fn ask(node: &mut SendRequest<Body>, head: &Head, body: Bytes) -> Result<Response<Bytes>, hyper::Error> {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = head.method.clone();
    *request.uri_mut() = head.uri.clone();
    *request.headers_mut() = head.headers.clone();
    poll_fn(|context| node.poll_ready(context)).await?;
    let (mut head, body) = node.send_request(request).await?.into_parts();
    head.headers = of_message(head.headers);
    Ok(Response::from_parts(head, to_bytes(body).await?))
}

/// The slot that is open now.
async fn slot(node: &mut SendRequest<Body>) -> Result<Option<u64>, hyper::Error> {
    let headers = [(HOST, HeaderValue::from_static("localhost")), (CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let head = Head { method: Method::POST, uri: Uri::from_static("/"), headers: headers.into_iter().collect() };
    let question = json!({ "jsonrpc": "2.0", "id": 0, "method": "getSlot", "params": [{ "commitment": "processed" }] });
    let answer = ask(node, &head, question.to_string().into()).await?;
    Ok(serde_json::from_slice::<Value>(answer.body()).ok().and_then(|answer| answer.get("result")?.as_u64()))
}

/// The headers but for those about the connection.
fn of_message(mut headers: HeaderMap) -> HeaderMap {
    for name in OF_CONNECTION {
        headers.remove(name);
    }
    headers
}
