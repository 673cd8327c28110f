//! Every instruction, each by its command, in one story.

use {
    super::{World, events},
    serde_json::Value,
    std::collections::BTreeSet,
};

/// The instructions of the program, by its interface.
fn instructions() -> BTreeSet<String> {
    let idl: Value = serde_json::from_str(include_str!("../../../../idl/sessions.json")).unwrap();
    idl["instructions"].as_array().unwrap().iter().map(|instruction| instruction["name"].as_str().unwrap().to_owned()).collect()
}

/// The story: who runs which command, and what happens.
const STORY: &[(&str, &str, &[&str])] = &[
    ("gm", "request-session night --host @relay.json --step-timeout 10m", &["SessionRequested"]),
    ("relay", "begin-creation @gm.json/night", &["SessionCreating"]),
    ("relay", "complete-creation @gm.json/night", &["SessionCreated"]),
    ("gm", "begin-activation night", &["SessionActivating"]),
    ("relay", "complete-activation @gm.json/night", &["SessionActivated"]),
    ("gm", "update-session night --max-members 8 --expires-in 30m", &["SessionUpdated"]),
    ("gm", "invite-member night @ana.json --role moderator --ttl 5m", &["MemberInvited"]),
    ("ana", "accept-invitation @gm.json/night", &["InvitationAccepted", "MemberJoined"]),
    ("gm", "invite-member night @ben.json", &["MemberInvited"]),
    ("ben", "decline-invitation @gm.json/night", &["InvitationDeclined"]),
    ("ana", "create-invite-token @gm.json/night --uses 2 --out @night.link", &["TokenCreated"]),
    ("ben", "join-with-token @night.link", &["InvitationAccepted", "MemberJoined"]),
    ("gm", "revoke-invitation night --token @night.link", &["InvitationRevoked"]),
    ("cleo", "join-session @gm.json/night", &["MemberJoined"]),
    ("gm", "update-member night @cleo.json --role owner --quota units=100,20/1m", &["MemberUpdated"]),
    ("cleo", "set-session-key @gm.json/night @agent.json --permissions SEND_MESSAGES,SPEND --ttl 1d", &["SessionKeySet"]),
    ("cleo", "broadcast-message @gm.json/night hello --session-key @agent.json", &["MessageBroadcast"]),
    ("ana", "send-direct-message @gm.json/night @ben.json 'your turn'", &["MessageSent"]),
    ("ana", "set-property @gm.json/night board x-- --capacity 9", &["PropertySet"]),
    ("ben", "set-property @gm.json/night board xo- --expect-version 1", &["PropertySet"]),
    ("relay", "commit-checkpoint @gm.json/night 1 state", &["CheckpointCommitted"]),
    ("ben", "deposit @gm.json/night 1SOL", &["Deposited"]),
    ("gm", "set-allowance night @cleo.json --window 0.5SOL/1d --per-call 0.2SOL", &["AllowanceSet"]),
    ("cleo", "spend @gm.json/night @ben.json 0.1SOL", &["AllowanceSpent"]),
    ("gm", "withdraw night 0.2SOL", &["Withdrawn"]),
    ("gm", "register-function night memo --units 2 --composable", &["FunctionRegistered"]),
    ("cleo", "execute-function @gm.json/night memo --data hello --account vault", &[]),
    ("cleo", "compose @gm.json/night --call 'memo hi vault' --call 'memo 0x4869'", &[]),
    ("gm", "unregister-function night memo", &["FunctionUnregistered"]),
    ("cleo", "consume @gm.json/night --units 3", &[]),
    ("cleo", "validate-session @gm.json/night --send", &[]),
    ("gm", "pause-session night", &["SessionPaused"]),
    ("gm", "resume-session night", &["SessionResumed"]),
    ("ana", "open-session day", &["SessionRequested", "SessionCreated", "SessionActivated"]),
    ("gm", "grant-access night @ana.json/day --rights READ,WRITE", &["AccessGranted"]),
    ("ana", "read-property day @gm.json/night board --send", &[]),
    ("ana", "write-property day @gm.json/night board xox --expect-version 2", &["PropertySet"]),
    ("gm", "revoke-access night @ana.json/day", &["AccessRevoked"]),
    ("cleo", "delete-property @gm.json/night board --expect-version 3", &["PropertyDeleted"]),
    ("gm", "propose-authority night @ana.json", &["AuthorityProposed"]),
    ("ana", "accept-authority @gm.json/night", &["AuthorityTransferred"]),
    ("cleo", "clear-session-key @gm.json/night", &["SessionKeyCleared"]),
    ("ben", "leave-session @gm.json/night", &["MemberLeft"]),
    ("gm", "remove-member night @cleo.json", &["MemberRemoved"]),
    ("ana", "close-session @gm.json/night --reason cancelled", &["SessionClosing"]),
    ("relay", "complete-close @gm.json/night", &["SessionClosed"]),
    ("ben", "reclaim-children @gm.json/night", &[]),
    ("ben", "reclaim-session @gm.json/night", &["SessionDeleted"]),
    ("gm", "request-session late --host @relay.json", &["SessionRequested"]),
    ("gm", "abort-session late", &["SessionClosed"]),
    ("ben", "open-session brief --max-duration 30s", &["SessionRequested", "SessionCreated", "SessionActivated"]),
];

#[test]
fn every_instruction_has_a_command_and_does_what_it_says() {
    let world = World::new();
    let mut used = BTreeSet::new();
    for (name, line, expected) in STORY {
        let told = world.sends(name, line);
        assert_eq!(events(&told), *expected, "{line}");
        assert_eq!(
            events(&told).len(),
            told["preview"]["events"].as_array().unwrap().len(),
            "{line}: what was shown before is what happened"
        );
        used.insert(told["instruction"].as_str().unwrap().to_owned());
    }
    world.wait(31);
    let told = world.sends("ben", "expire-session brief");
    assert_eq!(events(&told), ["SessionExpired"]);
    used.insert(told["instruction"].as_str().unwrap().to_owned());
    // The same command pays tokens, which are in [`super::tokens`].
    used.insert("spend_tokens".into());
    assert_eq!(used, instructions());
}

#[test]
fn what_was_shown_before_is_what_it_cost() {
    let world = World::new();
    for (name, line, _) in STORY {
        let told = world.sends(name, line);
        for balance in told["preview"]["balances"].as_array().unwrap() {
            let address = balance["address"].as_str().unwrap().parse().unwrap();
            assert_eq!(balance["after"].as_u64(), Some(world.lamports(address)), "{line}");
        }
        let (fee, units) = (&told["preview"]["fee"], &told["preview"]["compute_units"]);
        assert_eq!((fee, units), (&told["receipts"][0]["fee"], &told["receipts"][0]["compute_units"]), "{line}");
    }
}

#[test]
fn the_same_story_can_be_read_without_json() {
    let world = World::new();
    for (name, line, expected) in STORY {
        let told = world.run(&format!("{line} -k @{name}.json --yes")).unwrap_or_else(|failed| panic!("{line}: {failed}"));
        assert!(expected.iter().all(|event| told.matches(event).count() >= 2), "{line}: before and after\n{told}");
        assert!(told.contains("  costs ") && told.contains("\ndone "), "{told}");
        assert!(!told.contains('\u{1b}'));
    }
}

#[test]
fn a_priority_fee_is_paid_for_what_is_needed() {
    let world = World::new();
    let told = world.sends("gm", "open-session night --priority-fee 1000000");
    let (fee, units) = (told["preview"]["fee"].as_u64().unwrap(), told["preview"]["compute_units"].as_u64().unwrap());
    assert_eq!(fee, 5_000 + units + units / 10 + 1_000);
    assert_eq!(told["receipts"][0]["fee"], fee);
    let failed = world.fails("gm", "pause-session night --compute-limit 450");
    assert_eq!((failed.name.as_str(), failed.code), ("ProgramFailedToComplete", 1));
    assert_eq!(world.json("gm", "balance")["lamports"], told["preview"]["balances"][0]["after"], "it was only simulated");
}

#[test]
fn who_pays_can_be_somebody_else() {
    let world = World::new();
    let told = world.sends("poor", "open-session night --fee-payer @gm.json --payer @ana.json");
    let address = |name| World::address(name).to_string();
    assert_eq!((told["signer"].as_str(), told["fee_payer"].as_str()), (Some(&*address("poor")), Some(&*address("gm"))));
    let shown = world.json("poor", "show night");
    assert_eq!(shown["session"]["payer"], address("ana"));
    // A session key pays for itself where its wallet's key file is not at hand.
    world.sends("poor", "set-session-key night @agent.json --fee-payer @gm.json");
    let line = format!("broadcast-message @poor.json/night hi --session-key @agent.json --as {} --yes --json", address("poor"));
    let told: serde_json::Value = serde_json::from_str(&world.run(&line).unwrap()).unwrap();
    assert_eq!(told["fee_payer"], address("agent"));
}
