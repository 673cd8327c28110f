//! A sequence of calls with their answers, for those who call the module from another language: `fixture.json`, which this test makes and compares.
//!
//! `SESSIONS_WASM_RECORD=1 cargo test --package sessions-wasm --test fixture` writes it anew.

mod scene;

use {
    borsh::BorshDeserialize,
    scene::{Caller, OPTIONS, WIRE_AT, open},
    serde_json::{Value, json},
    sessions_wasm::wire::{Answer, Effect, Level, Request, Sighting, Stage},
    std::{env, fs},
};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture.json");

/// Plays an operation's life, from a load to its being taken back or confirmed, and notes each call.
fn play() -> Value {
    let mut caller = Caller::new(&OPTIONS);
    let mut steps = Vec::new();
    let table = open(1);
    let (session, property) = (table.session.to_bytes(), table.accounts[2].to_bytes());
    let accounts = table.accounts.map(|account| account.to_bytes()).to_vec();
    let mut call = |what: &str, request: Request| {
        let request = borsh::to_vec(&request).unwrap();
        let answer = caller.bytes(&request);
        let revision = caller.revision(&table.session);
        steps.push(json!({
            "what": what, "request": hex::encode(&request), "answer": hex::encode(&answer), "revision": revision
        }));
        Answer::try_from_slice(&answer).unwrap()
    };
    let submit = |version, value: &[u8]| Request::Submit { operation: (&table.operation(version, value, None)).into(), at: WIRE_AT };

    assert_eq!(call("want", Request::Want { session, accounts }), Answer::Flag(false));
    assert!(matches!(call("load is asked for", Request::PollEffect), Answer::Effect(Some(Effect::Load { .. }))));
    call("loaded", Request::Loaded { session, base: table.wire_base(5), at: WIRE_AT });
    let Answer::Reading(Some(reading)) = call("read what is confirmed", Request::Read { session, account: property }) else { panic!() };
    assert!(reading.account.is_none() && reading.freshness.level == Level::Confirmed);
    assert!(matches!(call("submit what is refused", submit(3, b"no")), Answer::NotTaken(_)));
    assert_eq!(call("submit", submit(0, b"42")), Answer::Submitted { id: 1, exact: true });
    let Answer::Reading(Some(reading)) = call("read what is predicted", Request::Read { session, account: property }) else { panic!() };
    assert!(reading.account.is_some() && reading.freshness.level == Level::Predicted);
    call("release", Request::Release { id: 1 });
    while call("what is to be done", Request::PollEffect) != Answer::Effect(None) {}
    assert!(matches!(call("sent", Request::Sent { id: 1 }), Answer::Operation(Some(_))));
    call("seen", Request::Seen { as_of: 8, sightings: vec![(1, Sighting::Confirmed(7))], at: WIRE_AT });
    assert_eq!(call("stage", Request::Stage { id: 1 }), Answer::Stage(Some(Stage::Confirmed(7))));
    assert_eq!(call("submit the next", submit(1, b"43")), Answer::Submitted { id: 2, exact: true });
    assert_eq!(call("cancel it", Request::Cancel { id: 2, at: WIRE_AT }), Answer::Flag(true));
    call("statistics", Request::Statistics);
    json!({
        "options": hex::encode(borsh::to_vec(&OPTIONS).unwrap()),
        "session": hex::encode(session),
        "account": hex::encode(table.accounts[0].to_bytes()),
        "steps": steps,
    })
}

#[test]
fn the_committed_calls_have_the_committed_answers() {
    let text = serde_json::to_string_pretty(&play()).unwrap() + "\n";
    if env::var_os("SESSIONS_WASM_RECORD").is_some() {
        fs::write(PATH, &text).unwrap();
    }
    assert!(fs::read_to_string(PATH).is_ok_and(|committed| committed == text), "run it once with SESSIONS_WASM_RECORD=1");
}
