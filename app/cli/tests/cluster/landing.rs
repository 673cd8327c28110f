//! Transactions that are lost, and what is paid so that they are not.

use {
    super::{Answers, World, faulty::Faulty},
    serde_json::Value,
    sessions_client::{Ledger, ledger::BLOCKHASH_BLOCKS, transaction::budget},
};

/// As many slots as end a blockhash.
const ENOUGH: u64 = BLOCKHASH_BLOCKS + 1;

/// How many transactions gm has on the chain.
fn landed(world: &World) -> usize {
    pollster::block_on(world.ledger.history(&World::address("gm"), None, 10)).unwrap().len()
}

fn json(told: &str) -> Value {
    serde_json::from_str(told).unwrap_or_else(|error| panic!("{error}: {told}"))
}

#[test]
fn what_expired_is_signed_again_and_lands_once() {
    let world = World::new();
    let ledger = Faulty::losing(&world.ledger, 1, ENOUGH);
    let mut console = Answers::somebody(true);
    let (ran, told) = world.run_on(&ledger, &mut console, "open-session night -k @gm.json");
    assert_eq!(ran, Ok(()), "{told}");
    let handed = ledger.handed();
    assert_ne!(handed[0], handed[1], "another one was signed");
    assert!(handed.len() == 2 && told.contains(&format!("\ndone {}", handed[1])), "{told}");
    assert_eq!(landed(&world), 1);
    let waiting = "sent, and waiting for it to land";
    let shown: Vec<&str> = console.shown.iter().map(String::as_str).collect();
    assert_eq!(
        shown[..6],
        ["begin: signing", "signed", waiting, "expired, and has not run", "signed again (2 of 3)", waiting],
        "{shown:?}"
    );
    assert!(shown[6].starts_with("finalized in slot ") && shown[7..] == ["end"], "{shown:?}");
}

#[test]
fn the_same_bytes_are_sent_again_as_long_as_they_can_land() {
    let world = World::new();
    let ledger = Faulty::losing(&world.ledger, 2, 1);
    let mut console = Answers::somebody(true);
    let (ran, told) = world.run_in_time_on(&ledger, &mut console, "open-session night -k @gm.json");
    assert_eq!(ran, Ok(()), "{told}");
    let handed = ledger.handed();
    assert_eq!(handed, [handed[0]; 3]);
    assert_eq!((landed(&world), console.shown.iter().filter(|shown| shown.as_str() == "signed").count()), (1, 1));
}

#[test]
fn what_expires_each_time_is_given_up_with_what_to_do() {
    let world = World::new();
    for line in ["open-session night -k @gm.json --yes", "open-session night -k @gm.json --yes --json"] {
        let ledger = Faulty::losing(&world.ledger, 9, ENOUGH);
        let mut console = Answers::nobody();
        let (ran, told) = world.run_on(&ledger, &mut console, line);
        let failed = ran.unwrap_err();
        assert_eq!((failed.name.as_str(), failed.code, ledger.handed().len()), ("BlockhashExpired", 1, 3));
        assert!(failed.message.contains("did not run before its blockhash expired, signed 3 times"), "{failed}");
        assert_eq!(failed.hint, "try again, with a higher priority fee");
        // It never can run, so nothing is told as if it had.
        assert!(!told.contains("done ") && failed.done.is_none() && console.shown.last().unwrap() == "end", "{told}");
    }
    assert_eq!((landed(&world), world.lamports(World::address("gm"))), (0, 10_000_000_000));
}

#[test]
fn what_is_handed_over_and_never_seen_is_told_not_to_be_known() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let ledger = Faulty::losing(&world.ledger, usize::MAX, 0);
    let line = "create-invite-token night -k @gm.json --yes --json";
    let (ran, told) = world.run_in_time_on(&ledger, &mut Answers::nobody(), line);
    let failed = ran.unwrap_err();
    assert_eq!((failed.name.as_str(), failed.code, told.as_str()), ("Unresolved", 1, ""));
    assert!(failed.hint.contains("do not send another in its place") || failed.message.contains("is not known yet"), "{failed}");
    // It may land yet, and the link is the only one.
    assert!(failed.json()["link"].as_str().is_some_and(|link| link.starts_with("sessions:join/")), "{failed}");
    let handed = ledger.handed();
    assert!(handed.len() > 2 && handed.iter().all(|signature| *signature == handed[0]), "nothing else was signed");
}

#[test]
fn what_others_paid_is_paid_up_to_a_cap_and_shown_before() {
    let world = World::new();
    for (fees, price) in [(&[][..], 0), (&[0, 40, 20, 30], 40), (&[7, 9_000_000, 9_000_000], budget::DEFAULT_PRICE_CAP)] {
        let ledger = Faulty::crowded(&world.ledger, fees);
        let line = format!("open-session at-{price} -k @gm.json --yes");
        let (ran, told) = world.run_on(&ledger, &mut Answers::nobody(), &format!("{line} --json"));
        assert_eq!(ran, Ok(()));
        let (told, preview) = (json(&told), &json(&told)["preview"]);
        let number = |name: &str| preview[name].as_u64().unwrap();
        assert_eq!(number("compute_limit"), u64::from(budget::limit(number("compute_units"))));
        assert_eq!(number("priority_fee"), (number("compute_limit") * price).div_ceil(1_000_000), "{price}");
        assert_eq!(number("fee"), 5_000 + number("priority_fee"));
        let receipt = &told["receipts"][0];
        assert_eq!((&receipt["fee"], &receipt["compute_units"]), (&preview["fee"], &preview["compute_units"]));
        assert_eq!(preview["balances"][0]["after"], world.lamports(World::address("gm")));
        let (ran, shown) = world.run_on(&ledger, &mut Answers::nobody(), &line.replace("at-", "on-").replace("--yes", "--dry-run"));
        assert_eq!((ran, shown.contains(" of it for priority)")), (Ok(()), price > 0), "{shown}");
    }
    let crowded = Faulty::crowded(&world.ledger, &[50_000]);
    for (asked, fee) in [("--priority-fee 0", 5_000), ("--priority-fee 1000000 --compute-limit 20000", 25_000)] {
        let line = format!("open-session by-hand -k @gm.json --dry-run --json {asked}");
        let (ran, told) = world.run_on(&crowded, &mut Answers::nobody(), &line);
        assert_eq!((ran, &json(&told)["preview"]["fee"]), (Ok(()), &Value::from(fee)));
    }
}

#[test]
fn what_leaves_no_room_for_a_budget_goes_without() {
    let world = World::new();
    world.sends("gm", "open-session night");
    world.sends("gm", "register-function night memo");
    let tried = |bytes: usize, more: &str| {
        let line = format!("execute-function night memo --data {} --account vault -k @gm.json --dry-run --json {more}", "x".repeat(bytes));
        let ledger = Faulty::crowded(&world.ledger, &[50_000]);
        let (ran, told) = world.run_on(&ledger, &mut Answers::nobody(), &line);
        ran.map(|()| json(&told)["preview"].clone())
    };
    let (mut longest, mut longer) = (600_usize, 1_232);
    while longest + 1 < longer {
        let between = longest.midpoint(longer);
        if tried(between, "").is_ok() { longest = between } else { longer = between }
    }
    let (full, priceless, whole) = (tried(longest, "").unwrap(), tried(longest - 40, "").unwrap(), tried(longest - 60, "").unwrap());
    assert_eq!((&full["compute_limit"], &full["fee"]), (&Value::Null, &5_000.into()));
    assert_eq!((priceless["compute_limit"].is_u64(), &priceless["fee"]), (true, &5_000.into()));
    assert!(whole["compute_limit"].is_u64() && whole["fee"].as_u64() > Some(5_000), "{whole}");
    for asked in ["--priority-fee 5", "--compute-limit 100000"] {
        assert_eq!(tried(longest, asked).unwrap_err().name, "TransactionTooLarge", "what was asked for is not left out");
    }
    let limited = tried(longest - 40, "--compute-limit 100000").unwrap();
    assert_eq!((&limited["compute_limit"], &limited["fee"]), (&100_000.into(), &5_000.into()));
    world.sends("gm", &format!("execute-function night memo --data {} --account vault", "x".repeat(longest)));
}

#[test]
fn which_of_several_transactions_is_on_its_way_is_shown() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for key in 0..40 {
        world.sends("gm", &format!("set-property night k{key} v --capacity 1"));
    }
    world.sends("gm", "close-session night");
    world.sends("gm", "complete-close night");
    let mut console = Answers::nobody();
    let told = json(&world.run_before(&mut console, "reclaim-children night --yes --json -k @gm.json").unwrap());
    let all = told["receipts"].as_array().unwrap().len();
    for i in 1..=all {
        assert!(console.shown.contains(&format!("{i} of {all}: signed")), "{:?}", console.shown);
    }
    assert!(all > 1 && told["preview"]["compute_limit"].is_u64(), "each has room for its limit: {told}");
}
