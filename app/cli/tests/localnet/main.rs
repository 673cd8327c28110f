//! The local validator as its users meet it: the command, and what a client can ask of the ledger over JSON-RPC and the web socket.
//!
//! Where it answers otherwise than a real validator, the test says so by its name, and docs/localnet.md lists it.

#![cfg(feature = "localnet")]

#[path = "../common/mod.rs"]
mod common;
mod moments;
mod passing;

use {
    common::{Running, authority},
    futures::StreamExt,
    serde_json::{Value, json},
    sessions_client::{address::PROGRAM, program},
    solana_account_decoder_client_types::UiAccountEncoding,
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_keypair::{Keypair, Signer},
    solana_message::{Message, VersionedMessage},
    solana_pubsub_client::nonblocking::pubsub_client::PubsubClient,
    solana_rpc_client_api::{
        config::{
            RpcAccountInfoConfig, RpcBlockSubscribeFilter, RpcSignatureSubscribeConfig, RpcTransactionLogsConfig, RpcTransactionLogsFilter,
        },
        response::RpcSignatureResult,
    },
    solana_system_interface::instruction as system,
    solana_transaction::versioned::VersionedTransaction,
    std::{
        fs,
        io::{Read, Write},
        net::{TcpListener, TcpStream},
        process::{Command, Output},
    },
};

fn sessions(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_sessions")).args(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A transfer, signed as it should be or by nobody.
fn transfer(running: &Running, payer: &Keypair, signed: bool) -> (String, String) {
    transfer_of(running, payer, &authority().pubkey(), 1_000_000, signed)
}

fn transfer_of(running: &Running, payer: &Keypair, to: &Address, lamports: u64, signed: bool) -> (String, String) {
    let blockhash =
        running.ask("getLatestBlockhash", json!([{ "commitment": "confirmed" }]))["value"]["blockhash"].as_str().unwrap().to_owned();
    let instruction = system::transfer(&payer.pubkey(), to, lamports);
    let message = Message::new_with_blockhash(&[instruction], Some(&payer.pubkey()), &blockhash.parse().unwrap());
    let mut transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[payer]).unwrap();
    let signature = transaction.signatures[0].to_string();
    if !signed {
        transaction.signatures[0] = Default::default();
    }
    let bytes = [&[1u8][..], transaction.signatures[0].as_ref(), &transaction.message.serialize()].concat();
    (signature, common::base64(&bytes))
}

#[test]
fn it_is_ready_with_the_programs_and_the_funds_and_ends_with_0_on_either_signal() {
    let gm = Keypair::new_from_array([7; 32]).pubkey().to_string();
    for signal in ["INT", "TERM"] {
        let running = Running::start(&["--fund", &format!("{gm}=5")]);
        let ready = &running.ready;
        assert_eq!(ready["programs"]["sessions"], PROGRAM.to_string());
        assert_eq!(ready["funded"], json!([{ "address": gm, "lamports": 5_000_000_000u64 }]));
        assert_eq!(running.ask("getHealth", json!([])), "ok");
        assert_eq!(running.ask("getBalance", json!([gm, { "commitment": "processed" }]))["value"], 5_000_000_000u64);
        for name in ["sessions", "arena"] {
            let account = running.ask("getAccountInfo", json!([ready["programs"][name], { "encoding": "base64" }]));
            assert_eq!((&account["value"]["executable"], &account["value"]["space"]), (&json!(true), &json!(36)));
        }
        assert_eq!(running.stop(signal), (0, String::new()));
    }
}

#[test]
fn a_plain_request_at_the_web_socket_is_refused_and_breaks_nothing() {
    let running = Running::start(&[]);
    let ws = running.ready["ws"].as_str().unwrap().to_owned();
    let host = ws.strip_prefix("ws://").unwrap();
    for request in ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", "\r\n\r\n"] {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{answer}");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}", body.len())), "{answer}");
    }
    let slot = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let client = PubsubClient::new(&ws).await.unwrap();
        let (mut slots, _) = client.slot_subscribe().await.unwrap();
        slots.next().await
    });
    assert!(slot.is_some());
    assert_eq!(running.stop("TERM"), (0, String::new()));
}

#[test]
fn the_program_on_it_is_the_committed_file_and_the_wallet_may_upgrade_it() {
    let running = Running::start(&[]);
    let data = sessions_cli::deploy::data_address(&PROGRAM).to_string();
    let account = running.ask("getAccountInfo", json!([data, { "encoding": "base64" }]));
    let bytes = common::from_base64(account["value"]["data"][0].as_str().unwrap());
    assert_eq!(&bytes[45..], program::FILE);
    assert_eq!((bytes[12], &bytes[13..45]), (1, authority().pubkey().as_array().as_slice()));
    assert_eq!(running.ready["upgrade_authority"], authority().pubkey().to_string());
    assert_eq!(running.ready["funded"][0]["lamports"], 100_000_000_000u64);
}

#[test]
fn a_client_can_airdrop_send_and_find_what_became_of_it() {
    let running = Running::start(&[]);
    let payer = Keypair::new_from_array([8; 32]);
    let address = payer.pubkey().to_string();
    let airdrop = running.ask("requestAirdrop", json!([address, 2_000_000_000u64]));
    running.confirmed(airdrop.as_str().unwrap());
    let (signature, bytes) = transfer(&running, &payer, true);
    let config = json!({ "encoding": "base64", "preflightCommitment": "confirmed" });
    assert_eq!(running.ask("sendTransaction", json!([bytes, config])), signature);
    running.confirmed(&signature);
    let balance = running.ask("getBalance", json!([address, { "commitment": "confirmed" }]))["value"].as_u64().unwrap();
    assert_eq!(balance, 2_000_000_000 - 1_000_000 - 5_000);

    let history = running.ask("getSignaturesForAddress", json!([address, { "commitment": "confirmed" }]));
    let named: Vec<&str> = history.as_array().unwrap().iter().filter_map(|entry| entry["signature"].as_str()).collect();
    assert_eq!(named, [signature.as_str(), airdrop.as_str().unwrap()], "newest first");
    let before = running.ask("getSignaturesForAddress", json!([address, { "commitment": "confirmed", "before": signature, "limit": 5 }]));
    assert_eq!(before.as_array().unwrap().len(), 1);

    let config = json!({ "encoding": "json", "commitment": "confirmed", "maxSupportedTransactionVersion": 0 });
    let transaction = running.ask("getTransaction", json!([signature, config]));
    assert_eq!((&transaction["meta"]["fee"], &transaction["meta"]["err"]), (&json!(5_000), &Value::Null));
    assert!(transaction["slot"].as_u64().is_some() && transaction["meta"]["logMessages"].as_array().is_some());
}

#[test]
fn a_transaction_is_simulated_without_signatures_and_with_any_blockhash() {
    let running = Running::start(&[]);
    let payer = Keypair::new_from_array([8; 32]);
    let airdrop = running.ask("requestAirdrop", json!([payer.pubkey().to_string(), 2_000_000_000u64]));
    running.confirmed(airdrop.as_str().unwrap());
    let (_, bytes) = transfer(&running, &payer, false);
    let config = json!({ "encoding": "base64", "sigVerify": false, "replaceRecentBlockhash": true, "commitment": "confirmed" });
    let simulated = running.ask("simulateTransaction", json!([bytes, config]));
    assert_eq!(simulated["value"]["err"], Value::Null, "{simulated}");
    assert!(simulated["value"]["unitsConsumed"].as_u64().is_some_and(|units| units > 0));
    // Sent like that, it is refused.
    let refused = running.request("sendTransaction", json!([bytes, { "encoding": "base64", "skipPreflight": true }]));
    assert!(refused["error"].is_object(), "{refused}");
}

#[test]
fn slots_blocks_fees_and_rent_are_told() {
    let running = Running::start(&["--slot-time", "20"]);
    let at = |commitment| running.ask("getSlot", json!([{ "commitment": commitment }])).as_u64().unwrap();
    let (first, height) = (at("processed"), running.ask("getBlockHeight", json!([{ "commitment": "processed" }])).as_u64().unwrap());
    while at("finalized") <= first {}
    assert!(at("processed") > first && running.ask("getBlockHeight", json!([{ "commitment": "processed" }])).as_u64().unwrap() > height);
    let latest = running.ask("getLatestBlockhash", json!([{ "commitment": "confirmed" }]));
    assert!(latest["value"]["lastValidBlockHeight"].as_u64().is_some());
    assert!(running.ask("getRecentPrioritizationFees", json!([[]])).is_array());
    let rent = |bytes| running.ask("getMinimumBalanceForRentExemption", json!([bytes])).as_u64().unwrap();
    assert_eq!(rent(200) - rent(100), rent(100) - rent(0));
    let clock = running.ask("getAccountInfo", json!(["SysvarC1ock11111111111111111111111111111111", { "encoding": "base64" }]));
    assert_eq!(clock["value"]["space"], 40);
    let valid = running.ask("isBlockhashValid", json!([latest["value"]["blockhash"], { "commitment": "processed" }]));
    assert_eq!(valid["value"], true);
    while running.ask("isBlockhashValid", json!([latest["value"]["blockhash"], { "commitment": "processed" }]))["value"] == true {}
    let passed = running.ask("getBlockHeight", json!([{ "commitment": "processed" }])).as_u64().unwrap();
    assert!(passed >= latest["value"]["lastValidBlockHeight"].as_u64().unwrap(), "no blockhash ends before it says");
}

#[test]
fn the_clock_starts_at_a_moment_to_come() {
    let running = Running::start(&["--clock", "2040-01-01T00:00:00Z"]);
    let clock = running
        .ask("getAccountInfo", json!(["SysvarC1ock11111111111111111111111111111111", { "encoding": "base64", "commitment": "processed" }]));
    let bytes = common::from_base64(clock["value"]["data"][0].as_str().unwrap());
    let time = i64::from_le_bytes(bytes[32..40].try_into().unwrap());
    let start = 2_208_988_800;
    assert!((start..start + 3_600).contains(&time), "{time}");
    let wallet = Running::wallet();
    let (code, out, err) = sessions(&["localnet", "--rpc-port", "0", "--keypair", &wallet, "--clock", "2020-01-01T00:00:00Z"]);
    assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2), "{err}");
    assert!(err.contains("this moment is past"), "{err}");
}

#[test]
fn what_cannot_be_used_is_one_line_with_a_hint() {
    let wallet = Running::wallet();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().map(|address| (taken, address.port().to_string())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let half = folder.path().join("half.so");
    fs::write(&half, &program::FILE[..program::FILE.len() / 2]).unwrap();
    let half = half.display().to_string();
    for (what, arguments) in [
        (
            "is in use, perhaps by another validator\n hint: stop that, or name another port with --rpc-port",
            vec!["--rpc-port", &taken.1, "--ws-port", "0"],
        ),
        ("name another port with --ws-port", vec!["--rpc-port", "0", "--ws-port", &taken.1]),
        ("cannot be read", vec!["--program", "no-such.so"]),
        ("is damaged or no Solana program", vec!["--program", &half]),
        ("is no moment", vec!["--clock", "tomorrow"]),
    ] {
        let (code, out, err) = sessions(&[vec!["localnet", "--keypair", &wallet], arguments].concat());
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2), "{err}");
        assert!(err.contains(what), "{err}");
    }
    let (code, out, err) = sessions(&["localnet", "--keypair", "no-such.json"]);
    assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 2), "{err}");
    assert!(err.contains("there is no key file no-such.json\n hint: make it with"), "{err}");
    assert_eq!(sessions(&["localnet", "--fund", "gm"]).0, 2);
}

/// Where this fails, surfpool has learnt something, and docs/localnet.md wants a change.
#[test]
fn what_it_answers_otherwise_than_a_real_validator() {
    let running = Running::start(&[]);
    let payer = Keypair::new_from_array([8; 32]);
    let address = payer.pubkey().to_string();
    let airdrop = running.ask("requestAirdrop", json!([address, 2_000_000_000u64]));

    // Every account is the latest at every commitment. A transaction that ran has no status until its slot is over; then it is confirmed.
    let finalized = running.ask("getBalance", json!([address, { "commitment": "finalized" }]));
    assert_eq!(finalized["value"], 2_000_000_000u64);
    running.confirmed(airdrop.as_str().unwrap());
    let status = running.ask("getSignatureStatuses", json!([[airdrop]]));
    assert!(finalized["context"]["slot"].as_u64().unwrap() >= status["value"][0]["slot"].as_u64().unwrap());
    // So is the history of an account, and a transaction is found at once.
    let history = running.ask("getSignaturesForAddress", json!([address, { "commitment": "finalized" }]));
    assert_eq!(history[0]["signature"], airdrop);
    assert!(running.ask("getTransaction", json!([airdrop, { "commitment": "finalized" }]))["slot"].is_u64());

    // A transaction has run when `sendTransaction` answers, and one that ran already is an error there.
    let (_, bytes) = transfer(&running, &payer, true);
    let unchecked = json!({ "encoding": "base64", "skipPreflight": true });
    running.ask("sendTransaction", json!([bytes, unchecked]));
    let balance = running.ask("getBalance", json!([address, { "commitment": "processed" }]));
    assert_eq!(balance["value"], 2_000_000_000u64 - 1_000_000 - 5_000);
    let again = running.request("sendTransaction", json!([bytes, unchecked]));
    assert!(again["error"]["message"].as_str().unwrap().contains("already been processed"), "{again}");

    // Blockhashes count up, and limits of requests are not kept.
    let latest = running.ask("getLatestBlockhash", json!([]));
    assert!(latest["value"]["blockhash"].as_str().unwrap().starts_with("SURFNETxSAFEHASHx"));
    assert_eq!(running.ask("getMultipleAccounts", json!([vec![&address; 101]]))["value"].as_array().unwrap().len(), 101);
    assert_eq!(running.ask("getSignatureStatuses", json!([vec![&airdrop; 257]]))["value"].as_array().unwrap().len(), 257);
    // Empty blocks are not kept, so their fees are not told, nor the time of the first.
    let fees = running.ask("getRecentPrioritizationFees", json!([]));
    assert!(fees.as_array().unwrap().len() < 10, "a real one lists the last 150 slots");
    assert_eq!(running.ask("getBlockTime", json!([1])), Value::Null);
    // There are no votes, no stake and no supply.
    assert_eq!(running.ask("getVoteAccounts", json!([]))["current"], json!([]));
    assert_eq!(running.ask("getSupply", json!([]))["value"]["total"], 0);
    assert_eq!(running.ask("getLeaderSchedule", json!([])), json!({}));

    // Roots, blocks and votes cannot be followed.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = PubsubClient::new(running.ready["ws"].as_str().unwrap()).await.unwrap();
        assert!(client.root_subscribe().await.is_err());
        assert!(client.vote_subscribe().await.is_err());
        assert!(client.block_subscribe(RpcBlockSubscribeFilter::All, None).await.is_err());
    });
}

/// By the client that Rust applications use.
#[test]
fn a_client_is_told_of_changes_over_the_web_socket() {
    let running = Running::start(&[]);
    let payer = Keypair::new_from_array([8; 32]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let address = solana_address::Address::new_from_array(*payer.pubkey().as_array());
    runtime.block_on(async {
        let client = PubsubClient::new(running.ready["ws"].as_str().unwrap()).await.unwrap();
        let confirmed = Some(CommitmentConfig::confirmed());
        let config = RpcAccountInfoConfig { commitment: confirmed, encoding: Some(UiAccountEncoding::Base64), ..Default::default() };
        let (mut accounts, _) = client.account_subscribe(&address, Some(config)).await.unwrap();
        let (mut slots, _) = client.slot_subscribe().await.unwrap();
        let mentions = RpcTransactionLogsFilter::Mentions(vec![address.to_string()]);
        let (mut logs, _) = client.logs_subscribe(mentions, RpcTransactionLogsConfig { commitment: confirmed }).await.unwrap();
        let first = slots.next().await.unwrap();
        assert!(first.slot > first.parent);

        let airdrop = running.ask("requestAirdrop", json!([address.to_string(), 2_000_000_000u64]));
        let told = accounts.next().await.unwrap();
        assert_eq!(told.value.lamports, 2_000_000_000);
        assert_eq!(logs.next().await.unwrap().value.signature, airdrop);
        running.confirmed(airdrop.as_str().unwrap());

        let (signature, bytes) = transfer(&running, &payer, true);
        let config = RpcSignatureSubscribeConfig { commitment: confirmed, enable_received_notification: None };
        let (mut signatures, _) = client.signature_subscribe(&signature.parse().unwrap(), Some(config)).await.unwrap();
        running.ask("sendTransaction", json!([bytes, { "encoding": "base64", "skipPreflight": true }]));
        let RpcSignatureResult::ProcessedSignature(result) = signatures.next().await.unwrap().value else { panic!("not processed") };
        assert_eq!(result.err, None);
        assert_eq!(accounts.next().await.unwrap().value.lamports, 2_000_000_000 - 1_000_000 - 5_000);
    });
}
