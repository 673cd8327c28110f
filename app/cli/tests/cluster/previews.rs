//! What is shown and asked before something is sent.

use {
    super::{Answers, World, events},
    serde_json::Value,
};

fn somebody(says: bool) -> Answers {
    Answers::somebody(says)
}

#[test]
fn a_write_is_shown_with_its_cost_before_it_is_asked_for() {
    let world = World::new();
    let mut console = somebody(true);
    let told = world.run_before(&mut console, "open-session night -k @gm.json").unwrap();
    assert_eq!(console.asked, ["Send it?"]);
    let (before, after) = told.split_once("done ").unwrap();
    for part in [
        "open-session night",
        "makes",
        "session (688 bytes, rent 0.",
        "member (400 bytes, rent 0.",
        "costs",
        "fee 0.000005 SOL",
        "balance",
        "10 SOL → 9.9",
        "SessionActivated (ends 2026-01-01T01:00:00Z)",
    ] {
        assert!(before.contains(part), "{part}:\n{before}");
    }
    assert!(after.contains("is Active, with 1 of 16 members, ends 2026-01-01T01:00:00Z"), "{after}");
}

#[test]
fn with_json_too_it_is_shown_before_it_is_asked_for() {
    let world = World::new();
    let mut console = somebody(true);
    let told = world.run_before(&mut console, "open-session night -k @gm.json --json").unwrap();
    assert_eq!((console.asked.len(), console.asked[1].as_str()), (2, "Send it?"));
    assert!(console.asked[0].contains("rent 0.") && console.asked[0].contains("10 SOL → 9.9"), "{:?}", console.asked);
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["sent"], true);
}

#[test]
fn who_declines_sends_nothing() {
    let world = World::new();
    let failed = world.run_before(&mut somebody(false), "open-session night -k @gm.json").unwrap_err();
    assert_eq!((failed.name.as_str(), failed.code), ("Declined", 1));
    assert_eq!(world.fails("gm", "pause-session night").name, "SessionNotFound");
    assert_eq!(world.lamports(World::address("gm")), 10_000_000_000);
}

#[test]
fn where_nobody_can_be_asked_yes_has_to_be_said() {
    let world = World::new();
    let failed = world.run("open-session night -k @gm.json").unwrap_err();
    assert_eq!((failed.name.as_str(), failed.code), ("NeedsYes", 2));
    assert!(failed.hint.contains("--yes") && failed.hint.contains("--dry-run"));
}

#[test]
fn a_dry_run_shows_all_and_sends_nothing() {
    let world = World::new();
    let told = world.json("gm", "open-session night --dry-run");
    assert_eq!((&told["sent"], &told["state"], events(&told).len()), (&Value::Bool(false), &Value::Null, 0));
    assert_eq!(told["preview"]["events"].as_array().unwrap().len(), 3);
    assert_eq!(told["preview"]["makes"][0]["bytes"], 688);
    assert!(world.run("open-session night --dry-run -k @gm.json").unwrap().ends_with("nothing was sent\n"));
    assert_eq!(world.lamports(World::address("gm")), 10_000_000_000);
}

#[test]
fn what_only_asks_is_answered_and_not_sent() {
    let world = World::new();
    world.sends("gm", "open-session night --quota units=10");
    let told = world.json("gm", "validate-session night --units 3");
    assert_eq!((&told["sent"], &told["preview"]["answer"]["units_left"]), (&Value::Bool(false), &Value::from(10)));
    assert_eq!(told["preview"]["answer"]["operations_left"], Value::Null);
    let charged = world.sends("gm", "consume night --units 3");
    assert_eq!(charged["receipts"][0]["answer"]["units_left"], 7);
    world.sends("gm", "open-session day");
    world.sends("gm", "grant-access night day --rights READ");
    world.sends("gm", "set-property night board 0x00ff");
    let told = world.run("read-property day night board -k @gm.json").unwrap();
    assert!(told.contains("version 1") && told.contains("value 0x00ff") && told.contains("nothing was sent"), "{told}");
    assert_eq!(world.json("gm", "show day")["session"]["executions"], 0);
}

#[test]
fn a_link_is_written_for_its_owner_alone_or_shown_this_once() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let shown = world.sends("gm", "create-invite-token night");
    let link = shown["link"].as_str().unwrap();
    assert!(link.starts_with("sessions:join/") && shown["link_file"].is_null());
    world.sends("ana", &format!("join-with-token '{link}'"));

    let told = world.run("create-invite-token night --uses 3 -o @night.link -k @gm.json --yes").unwrap();
    assert!(told.contains("The link is in") && !told.contains("sessions:join/"), "{told}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(world.path("night.link")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    world.sends("ben", "join-with-token @night.link");
    // Nothing of the secret is on the chain.
    let secret = link.split_once('#').unwrap().1;
    assert!(!world.run("show night --json -k @gm.json").unwrap().contains(secret));
    // A file that is there stays, and nothing is sent, or even asked.
    let (ran, told) = world.run_on(&world.ledger, &mut somebody(true), "create-invite-token night -o @night.link -k @gm.json");
    assert_eq!((ran.unwrap_err().name.as_str(), told.as_str()), ("FileExists", ""));
    let failed = world.fails("gm", "create-invite-token night -o @night.link");
    assert_eq!((failed.name.as_str(), failed.code), ("FileExists", 2));
    assert_eq!(world.json("gm", "show night")["tokens"].as_array().unwrap().len(), 2);
    // Whoever only looks gets no link.
    let told = world.json("gm", "create-invite-token night -o @other.link --dry-run");
    assert!(told["link"].is_null() && !std::path::Path::new(&world.path("other.link")).exists());
}

#[test]
fn what_goes_back_is_shown_with_whom_it_goes_to() {
    let world = World::new();
    world.sends("gm", "open-session night");
    world.sends("gm", "invite-member night @ana.json");
    let told = world.json("gm", "revoke-invitation night --member @ana.json --dry-run");
    assert_eq!(told["preview"]["deletes"][0]["payer"], World::address("gm").to_string());
    let (before, after) = (&told["preview"]["balances"][0]["before"], &told["preview"]["balances"][0]["after"]);
    assert_eq!(after.as_u64().unwrap() - before.as_u64().unwrap(), told["preview"]["deletes"][0]["lamports"].as_u64().unwrap() - 5_000);
}

#[test]
fn a_full_table_is_reclaimed_in_several_transactions() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for key in 0..40 {
        world.sends("gm", &format!("set-property night k{key} v --capacity 1"));
    }
    world.sends("gm", "close-session night");
    world.sends("gm", "complete-close night");
    let told = world.sends("gm", "reclaim-children night");
    assert!(told["receipts"].as_array().unwrap().len() > 1);
    assert_eq!(told["preview"]["deletes"].as_array().unwrap().len(), 41);
    assert_eq!(told["state"]["children"], 0);
    assert_eq!(world.fails("gm", "reclaim-children night").name, "ChildNotFound");
    world.sends("gm", "reclaim-session night");
    let fees: u64 = 5_000 * (2 + 40 + 2 + told["receipts"].as_array().unwrap().len() as u64);
    assert_eq!(world.lamports(World::address("gm")), 10_000_000_000 - fees);
}
