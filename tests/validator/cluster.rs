//! What only a cluster can be: absent, something else, without the program.

use {
    crate::support::Validator,
    sessions_client::{Ledger, LedgerError, Rpc, address::PROGRAM},
    solana_signature::Signature,
    tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    },
};

/// The error, which has to be one line that says what to do.
#[track_caller]
fn said(answer: Result<(), LedgerError>) -> LedgerError {
    let error = answer.unwrap_err();
    let text = error.to_string();
    assert!(text.lines().count() == 1 && text.len() < 400, "{text}");
    error
}

/// A server that answers every request with the same bytes.
async fn server(answer: &'static str) -> String {
    answering(move |_| answer).await
}

/// A server that answers each request with these bytes.
async fn answering(answer: impl Fn(&str) -> &'static str + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                // A request fits into one read here.
                let mut request = vec![0; 65_536];
                let read = client.read(&mut request).await.unwrap_or_default();
                let _ = client.write_all(answer(&String::from_utf8_lossy(&request[..read])).as_bytes()).await;
            });
        }
    });
    url
}

fn http(status: &str, headers: &str, body: &str) -> &'static str {
    let answer = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    Box::leak(answer.into_boxed_str())
}

async fn checked(answer: &'static str) -> LedgerError {
    said(Rpc::connect(&server(answer).await, None).unwrap().check().await)
}

#[tokio::test]
async fn a_wrong_url_is_told_before_anything_is_asked() {
    for url in ["devnet", "http://", "ws://127.0.0.1:8900", "file:///etc"] {
        assert!(matches!(said(Rpc::connect(url, None).map(|_| ())), LedgerError::WrongUrl { .. }), "{url}");
    }
    let wrong_socket = Rpc::connect("http://127.0.0.1:8899", Some("http://127.0.0.1:8900"));
    assert!(matches!(said(wrong_socket.map(|_| ())), LedgerError::WrongUrl { .. }));
    let ledger = Rpc::connect("http://127.0.0.1:8899", None).unwrap();
    assert_eq!(ledger.websocket_url(), "ws://127.0.0.1:8900/");
}

#[tokio::test]
async fn where_nobody_answers_is_unreachable_and_may_be_tried_again() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let ledger = Rpc::connect(&format!("http://{free}"), None).unwrap();
    let error = said(ledger.check().await);
    assert!(matches!(error, LedgerError::Unreachable { .. }) && error.is_retryable(), "{error:?}");
    let error = said(ledger.subscribe(PROGRAM).await.map(|_| ()));
    assert!(matches!(error, LedgerError::Unreachable { .. }) && error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn what_is_no_node_is_told_from_one() {
    let wrong_version = r#"{"jsonrpc":"2.0","id":0,"result":7}"#;
    let unknown_method = r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32601,"message":"Method not found"}}"#;
    for body in ["<html>hello</html>", "", "{}", "\"hello\"", "[]", wrong_version, unknown_method] {
        let error = checked(http("200 OK", "Content-Type: application/json\r\n", body)).await;
        assert!(matches!(error, LedgerError::NotSolana { .. }) && !error.is_retryable(), "{body}: {error:?}");
    }
    let error = checked(http("404 Not Found", "", "nothing here")).await;
    assert!(matches!(error, LedgerError::NotSolana { .. }), "{error:?}");
}

#[tokio::test]
async fn a_node_that_is_busy_behind_or_down_is_told_from_one_that_refuses() {
    let error = checked(http("429 Too Many Requests", "Retry-After: 0\r\n", "")).await;
    assert!(matches!(error, LedgerError::RateLimited { .. }) && error.is_retryable(), "{error:?}");
    let error = checked(http("503 Service Unavailable", "", "")).await;
    assert!(matches!(error, LedgerError::Unreachable { .. }) && error.is_retryable(), "{error:?}");
    let behind = r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32005,"message":"Node is behind by 42 slots","data":{"numSlotsBehind":42}}}"#;
    let error = checked(http("200 OK", "", behind)).await;
    assert!(matches!(error, LedgerError::NodeBehind { slots: Some(42), .. }) && error.is_retryable(), "{error:?}");
    let ledger = Rpc::connect(&server(http("403 Forbidden", "", "")).await, None).unwrap();
    let error = said(ledger.blockhash().await.map(|_| ()));
    assert!(matches!(error, LedgerError::Refused { .. }) && !error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn an_airdrop_that_fails_on_the_chain_is_refused() {
    let named = http("200 OK", "", &format!(r#"{{"jsonrpc":"2.0","id":0,"result":"{}"}}"#, Signature::default()));
    let failed = r#"{"slot":8,"confirmations":null,"confirmationStatus":"finalized","status":{"Err":{"InsufficientFundsForRent":{"account_index":1}}},"err":{"InsufficientFundsForRent":{"account_index":1}}}"#;
    let failed = http("200 OK", "", &format!(r#"{{"jsonrpc":"2.0","id":0,"result":{{"context":{{"slot":9}},"value":[{failed}]}}}}"#));
    let url = answering(move |request| if request.contains("requestAirdrop") { named } else { failed }).await;
    let error = said(Rpc::connect(&url, None).unwrap().airdrop(PROGRAM, 1_000).await);
    assert!(matches!(&error, LedgerError::Refused { reason, .. } if reason.contains("insufficient funds for rent")), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_good_only_with_the_program() {
    let validator = Validator::with(Vec::new(), Vec::new()).await;
    assert!(matches!(said(validator.ledger().check().await), LedgerError::ProgramMissing { program: PROGRAM, .. }));
    let validator = Validator::with(Vec::new(), vec![(PROGRAM, 1_000_000)]).await;
    assert!(matches!(said(validator.ledger().check().await), LedgerError::ProgramNotExecutable { program: PROGRAM, .. }));
    let validator = Validator::start().await;
    assert_eq!(validator.ledger().check().await, Ok(()));
}
