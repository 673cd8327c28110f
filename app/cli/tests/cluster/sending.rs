//! What landed is told, whatever comes behind it.

use {
    super::{Answers, World, faulty::Faulty},
    serde_json::Value,
    sessions_client::Embedded,
    std::sync::atomic::{AtomicBool, Ordering::SeqCst},
};

const fn nobody() -> Answers {
    Answers::nobody()
}

/// A ledger that can no longer be read once something was sent.
fn mute_after_sending(ledger: &Embedded) -> Faulty {
    let sent = AtomicBool::new(false);
    Faulty::new(ledger, move |name, _| {
        let before = sent.fetch_or(name == "submit", SeqCst);
        name == "read" && before
    })
}

#[test]
fn a_link_that_is_shown_this_once_is_shown_though_the_state_cannot_be_read() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let line = "create-invite-token night -k @gm.json --yes";
    let (ran, told) = world.run_on(&mute_after_sending(&world.ledger), &mut nobody(), line);
    assert_eq!(ran, Ok(()), "{told}");
    assert!(
        told.contains("\ndone ") && told.contains("sessions:join/") && told.contains("  how the session is now could not be read: "),
        "{told}"
    );

    let (ran, told) = world.run_on(&mute_after_sending(&world.ledger), &mut nobody(), &format!("{line} --json"));
    assert_eq!(ran, Ok(()), "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["sent"], &told["state"], &told["state_unread"]["name"]), (&true.into(), &Value::Null, &"RateLimited".into()));
    assert!(told["link"].as_str().is_some_and(|link| link.starts_with("sessions:join/")) && told["receipts"][0]["signature"].is_string());
}

#[test]
fn what_landed_before_another_transaction_failed_is_told() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for key in 0..70 {
        world.sends("gm", &format!("set-property night k{key} v --capacity 1"));
    }
    world.sends("gm", "close-session night");
    world.sends("gm", "complete-close night");
    let second = |ledger: &Embedded| Faulty::new(ledger, |name, before| name == "submit" && before == 1);

    let (ran, told) = world.run_on(&second(&world.ledger), &mut nobody(), "reclaim-children night -k @gm.json --yes --json");
    let failed = ran.unwrap_err();
    assert_eq!((failed.name.as_str(), failed.code, told.as_str()), ("Refused", 1, ""), "{failed}");
    assert!(failed.hint.starts_with("1 of ") && failed.hint.contains("transactions landed before"), "{failed}");
    let document = failed.json();
    assert_eq!((&document["error"]["name"], document["receipts"].as_array().map(Vec::len)), (&"Refused".into(), Some(1)));
    let left = world.json("gm", "show night")["session"]["children"].as_u64().unwrap();
    assert!(document["state"]["children"] == left && left < 71, "{document}");

    // What is left still takes several transactions.
    let (ran, told) = world.run_on(&second(&world.ledger), &mut nobody(), "reclaim-children night -k @gm.json --yes");
    assert_eq!((told.matches("\ndone ").count(), ran.unwrap_err().name.as_str()), (1, "Refused"), "{told}");
}

#[test]
fn what_is_longer_than_a_transaction_is_refused_before_it_is_one() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for bytes in [1_233, 65_536] {
        let long = "x".repeat(bytes);
        for line in ["broadcast-message night", "set-property night board", "send-direct-message night @gm.json"] {
            let failed = world.run(&format!("{line} {long} --dry-run -k @gm.json")).unwrap_err();
            assert_eq!((failed.name.as_str(), failed.code), ("TransactionTooLarge", 2), "{line}");
        }
    }
}

#[test]
fn what_comes_next_is_told_at_the_end_of_a_session() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for (line, next) in [
        ("pause-session night", ""),
        ("close-session night", "next: its host completes that with `sessions complete-close night`"),
        ("complete-close night", "next: `sessions reclaim-children night` and then `sessions reclaim-session night` give its rent back"),
        ("reclaim-children night", "next: `sessions reclaim-session night` gives the rest of its rent back"),
        ("reclaim-session night", ""),
    ] {
        let told = world.run(&format!("{line} --yes -k @gm.json")).unwrap();
        assert_eq!(told.lines().find(|line| line.trim().starts_with("next: ")).unwrap_or_default().trim(), next, "{told}");
    }
}
