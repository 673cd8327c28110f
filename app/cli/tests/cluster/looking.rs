//! Show, list, history, balance, airdrop.

use {
    super::{Answers, World, faulty::Faulty},
    serde_json::Value,
    sessions_client::{Ledger, address},
};

fn kinds(told: &Value) -> Vec<&str> {
    let entries = told["history"].as_array().unwrap().iter();
    entries.map(|entry| entry["event"]["name"].as_str().or(entry["type"].as_str()).unwrap()).collect()
}

/// A session with one of everything.
fn furnished() -> World {
    let world = World::new();
    for (name, line) in [
        ("gm", "open-session night --settings INVITE_ONLY,AUTO_EXPIRE --quota units=1000,20/1m"),
        ("gm", "invite-member night @ana.json --role moderator"),
        ("ana", "accept-invitation @gm.json/night"),
        ("gm", "invite-member night @ben.json"),
        ("gm", "create-invite-token night --uses 5 -o @night.link"),
        ("gm", "set-property night board x--"),
        ("gm", "register-function night memo --units 2"),
        ("gm", "set-allowance night @ana.json --window 0.5SOL/1d"),
        ("gm", "deposit night 1SOL"),
        ("gm", "open-session day"),
        ("gm", "grant-access night day --rights READ"),
        ("gm", "broadcast-message night hello"),
    ] {
        world.sends(name, line);
    }
    world
}

#[test]
fn everything_of_a_session_is_shown() {
    let world = furnished();
    let told = world.run("show night -k @gm.json").unwrap();
    for part in [
        "status            Active",
        "settings          [AUTO_EXPIRE, INVITE_ONLY]",
        "units 1000 and 20 in 60s",
        "message_sequence  1",
        ", with 1 SOL",
        "members (2)",
        "role Moderator",
        "invitations (1)",
        "tokens (1)",
        "uses_left 5",
        "properties (1)",
        "board, value x--, version 1",
        "functions (1)",
        "memo, units 2",
        "allowances (1)",
        "SOL, window 0.5 SOL in 1d",
        "grants (1)",
        "rights [READ]",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
}

#[test]
fn as_json_it_is_complete() {
    let world = furnished();
    let told = world.json("gm", "show night");
    assert_eq!((&told["session"]["status"], &told["vault"]["lamports"]), (&Value::from("Active"), &Value::from(1_000_000_000)));
    assert_eq!(told["session"]["quotas"]["units"], serde_json::json!({ "limit": 1000, "window": { "seconds": 60, "limit": 20 } }));
    assert_eq!((&told["session"]["paused_at"], &told["session"]["expires_at"]), (&Value::Null, &Value::from("2026-01-01T01:00:00Z")));
    for (kind, count) in
        [("members", 2), ("invitations", 1), ("tokens", 1), ("properties", 1), ("functions", 1), ("allowances", 1), ("grants", 1)]
    {
        let of_kind = told[kind].as_array().unwrap();
        assert_eq!(of_kind.len(), count, "{kind}");
        assert!(of_kind.iter().all(|one| one["address"].is_string() && one["revision"].is_u64() && one["stale"] == false), "{kind}");
    }
    assert_eq!(told["allowances"][0]["wallet"], World::address("ana").to_string());
    assert_eq!(told["allowances"][0]["window"], serde_json::json!({ "seconds": 86_400, "limit": 500_000_000 }));
    assert_eq!(told["session"]["children"], 8);
}

#[test]
fn sessions_are_listed_by_creator_and_by_member() {
    let world = furnished();
    assert!(world.run("list -k @gm.json").unwrap().ends_with("2 sessions\n"));
    assert_eq!(world.json("ben", "list")["sessions"], serde_json::json!([]));
    let of_ana = world.json("ana", "list --member @ana.json");
    let of_ana = of_ana["sessions"].as_array().unwrap();
    assert_eq!((of_ana.len(), &of_ana[0]["membership"]["role"]), (1, &Value::from("Moderator")));
    let told = world.run("list --member @ana.json").unwrap();
    assert!(told.contains("Moderator (Active)") && told.contains("2/16"), "{told}");
    let both = world.json("ana", &format!("list --member @gm.json --creator {}", World::address("gm")));
    assert_eq!(both["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(world.json("ana", "list --member @gm.json --creator @ana.json")["sessions"], serde_json::json!([]));
    world.sends("ana", "leave-session @gm.json/night");
    assert!(world.run("list --member @ana.json").unwrap().contains("(Left)"));
}

#[test]
fn the_history_tells_every_event_in_order() {
    let world = furnished();
    let told = world.json("gm", "history night");
    assert_eq!(
        kinds(&told),
        [
            "SessionRequested",
            "SessionCreated",
            "SessionActivated",
            "MemberInvited",
            "InvitationAccepted",
            "MemberJoined",
            "MemberInvited",
            "TokenCreated",
            "PropertySet",
            "FunctionRegistered",
            "AllowanceSet",
            "Deposited",
            "AccessGranted",
            "MessageBroadcast"
        ]
    );
    assert_eq!((&told["complete"], &told["transactions"]), (&Value::Bool(true), &Value::from(11)));
    let text = world.run("history night -k @gm.json").unwrap();
    assert!(text.contains("2026-01-01T00:00:00Z  SessionRequested") && text.ends_with("11 transactions; nothing is missing\n"), "{text}");
    let some = world.json("gm", "history night --limit 2");
    assert_eq!((kinds(&some), &some["complete"]), (vec!["AccessGranted", "MessageBroadcast"], &Value::Bool(false)));
    assert!(world.run("history night --limit 2 -k @gm.json").unwrap().starts_with("… earlier transactions were not read"));
    // Failed transactions did not happen; what is gone has a history all the same.
    for line in ["close-session day", "complete-close day", "reclaim-children day", "reclaim-session day"] {
        world.sends("gm", line);
    }
    assert_eq!(kinds(&world.json("gm", "history day")).last(), Some(&"SessionDeleted"));
}

#[test]
fn an_id_that_is_used_again_begins_anew() {
    let world = World::new();
    for _ in 0..2 {
        for line in ["open-session night", "close-session night", "complete-close night", "reclaim-children night", "reclaim-session night"]
        {
            world.sends("gm", line);
        }
    }
    let told = world.json("gm", "history night");
    assert_eq!(kinds(&told).len(), 12);
    assert!(!kinds(&told).contains(&"gap"));
}

#[test]
fn events_that_no_transaction_has_are_told_as_missing() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let at = address::session(&World::address("gm"), &address::id_from_text("night"));
    let mut account = pollster::block_on(world.ledger.read(&[at])).unwrap()[0].account.clone().unwrap();
    // The revision, and the one that the last event told of, behind the discriminator, the payer and the epoch.
    for counter in [48, 56] {
        account.data[counter] += 4;
    }
    world.ledger.put(at, account).unwrap();
    let told = world.json("gm", "history night");
    assert_eq!(kinds(&told), ["SessionRequested", "SessionCreated", "SessionActivated", "gap"]);
    let gap = &told["history"][3];
    assert_eq!((&gap["address"], gap["to"].as_u64()), (&Value::from(at.to_string()), gap["after"].as_u64().map(|after| after + 4)));
    assert!(world.run("history night -k @gm.json").unwrap().ends_with("1 of these lines tells what is missing\n"));
}

#[test]
fn lamports_come_out_of_nothing_and_are_told() {
    let world = World::new();
    assert_eq!(world.json("poor", "balance")["lamports"], 0);
    assert_eq!(world.json("poor", "airdrop 2SOL")["lamports"], 2_000_000_000_u64);
    assert_eq!(world.run("balance @poor.json -k @gm.json").unwrap(), format!("2 SOL in {}\n", World::address("poor")));
    assert_eq!(world.json("gm", "airdrop 5000lamports @ana.json")["lamports"], 10_000_005_000_u64);
    assert!(world.run("airdrop 2 -k @gm.json").unwrap_err().message.contains("has no unit"));
    assert!(world.run("airdrop 1tokens -k @gm.json").unwrap_err().hint.contains("an airdrop is of SOL"));
    assert_eq!(world.run("airdrop 0SOL -k @gm.json").unwrap_err().name, "InvalidArgument");
    let faucet = Faulty::new(&world.ledger, |name, _| name == "airdrop");
    let nobody = &mut Answers::nobody();
    let failed = world.run_on(&faucet, nobody, "airdrop 1SOL -k @gm.json").0.unwrap_err();
    assert_eq!((failed.name.as_str(), failed.code), ("AirdropRefused", 1));
    assert!(failed.hint.contains("fewer lamports"), "{failed}");
}
