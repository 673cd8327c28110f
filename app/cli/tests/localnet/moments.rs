//! Of which moment an account is that the local validator shows: of the slot that it names, whichever commitment was asked for.

use {
    crate::{
        common::{Running, authority},
        transfer_of,
    },
    futures::StreamExt,
    serde_json::{Value, json},
    solana_account_decoder_client_types::UiAccountEncoding,
    solana_address::Address,
    solana_commitment_config::{CommitmentConfig, CommitmentLevel},
    solana_pubsub_client::nonblocking::pubsub_client::PubsubClient,
    solana_rpc_client_api::config::RpcAccountInfoConfig,
    std::{
        collections::BTreeMap,
        sync::atomic::{AtomicBool, Ordering::SeqCst},
        thread,
    },
};

/// How often the account is written.
const WRITES: u64 = 150;
/// Who is paid with each write.
const PAID: Address = Address::new_from_array([9; 32]);
/// The system program, which is always there.
const SYSTEM: &str = "11111111111111111111111111111111";

/// Slots so short that many writes are the last ones of theirs.
fn start() -> Running {
    Running::start(&["--slot-time", "20"])
}

/// What is to be read of the account, at each commitment and at none, by methods that name a slot.
fn questions() -> Vec<(&'static str, Value, &'static str)> {
    let address = PAID.to_string();
    let levels = [Value::Null, json!("processed"), json!("confirmed"), json!("finalized")];
    let at = |level: Value| {
        let config = json!({ "encoding": "base64", "commitment": level });
        [
            ("getBalance", json!([address, { "commitment": level }]), "/value"),
            ("getAccountInfo", json!([address, config]), "/value/lamports"),
            ("getMultipleAccounts", json!([[SYSTEM, address], config]), "/value/1/lamports"),
        ]
    };
    let bare = [("getBalance", json!([address]), "/value"), ("getAccountInfo", json!([address]), "/value/lamports")];
    levels.into_iter().flat_map(at).chain(bare).collect()
}

/// The slot that an answer names, and what it shows.
fn shown(running: &Running, (method, parameters, place): &(&str, Value, &str)) -> (u64, u64) {
    let answer = running.ask(method, parameters.clone());
    (answer["context"]["slot"].as_u64().unwrap(), answer.pointer(place).and_then(Value::as_u64).unwrap_or_default())
}

/// Writes the account, and calls `then` behind each write. Answers what it held when, by the slot of each write; 0 before the first.
fn write(running: &Running, mut then: impl FnMut()) -> BTreeMap<u64, u64> {
    let mut balance = 0;
    let written = (0..WRITES).map(|i| {
        let lamports = 1_000_000 + i;
        let (signature, bytes) = transfer_of(running, &authority(), &PAID, lamports, true);
        running.ask("sendTransaction", json!([bytes, { "encoding": "base64", "skipPreflight": true }]));
        then();
        balance += lamports;
        (balance, signature)
    });
    let written: Vec<_> = written.collect();
    let landed = written.into_iter().map(|(balance, signature)| {
        running.confirmed(&signature);
        (balance, running.ask("getSignatureStatuses", json!([[signature]]))["value"][0]["slot"].as_u64().unwrap())
    });
    [(0, 0)].into_iter().chain(landed).collect()
}

/// What is shown is no newer than the slot beside it, nor older: at most writes of that slot itself are still to come.
#[track_caller]
fn assert_of_its_slot(written: &BTreeMap<u64, u64>, (slot, balance): (u64, u64), what: &str) {
    let landed = written[&balance];
    assert!(landed <= slot, "{what}: {balance} lamports, which are of slot {landed}, are shown as those of slot {slot}");
    if let Some((next, landed)) = written.range(balance + 1..).next() {
        assert!(*landed >= slot, "{what}: {balance} lamports are shown as those of slot {slot}, and there are {next} since slot {landed}");
    }
}

#[test]
fn an_account_is_shown_as_of_the_slot_beside_it_at_every_commitment() {
    let running = start();
    let (questions, over) = (questions(), AtomicBool::new(false));
    let (mut seen, mut turn) = (Vec::new(), 0);
    let (written, others) = thread::scope(|scope| {
        let reader = || {
            let mut seen = Vec::new();
            while !over.load(SeqCst) {
                seen.extend(questions.iter().map(|question| (question, shown(&running, question))));
            }
            seen
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        // Right behind a write, where the slot is still open in most cases, and while there are others.
        let written = write(&running, || {
            let question = &questions[turn % questions.len()];
            seen.push((question, shown(&running, question)));
            turn += 1;
        });
        over.store(true, SeqCst);
        (written, readers.map(|reader| reader.join().unwrap()))
    });
    for (question, reading) in others.into_iter().flatten().chain(seen) {
        assert_of_its_slot(&written, reading, &format!("{question:?}"));
    }
}

/// By the web socket surfpool tells at once of each write, at whichever commitment.
#[test]
fn what_is_told_of_an_account_is_of_the_slot_beside_it_at_every_commitment() {
    let running = start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = PubsubClient::new(running.ready["ws"].as_str().unwrap()).await.unwrap();
        let mut all = Vec::new();
        for commitment in [CommitmentLevel::Processed, CommitmentLevel::Confirmed, CommitmentLevel::Finalized] {
            let commitment = Some(CommitmentConfig { commitment });
            let config = RpcAccountInfoConfig { commitment, encoding: Some(UiAccountEncoding::Base64), ..Default::default() };
            all.push((commitment, client.account_subscribe(&PAID, Some(config)).await.unwrap().0));
        }
        let written = tokio::task::block_in_place(|| write(&running, || ()));
        for (commitment, mut told) in all {
            for (balance, landed) in written.iter().skip(1) {
                let next = told.next().await.unwrap();
                assert_eq!((next.value.lamports, next.context.slot), (*balance, *landed), "{commitment:?}");
            }
        }
    });
}
