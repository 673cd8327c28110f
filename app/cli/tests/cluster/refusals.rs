//! What is wrong, in one line, with a hint.

use {
    super::World,
    sessions_cli::deploy::{data_address, state::LOADER},
    sessions_client::{Ledger, address, program},
    solana_account::Account,
    std::fs,
};

#[test]
fn a_session_that_is_not_there_is_told_with_where_it_was_looked_for() {
    let world = World::new();
    let failed = world.fails("gm", "pause-session night");
    let gm = World::address("gm");
    let at = address::session(&gm, &address::id_from_text("night"));
    assert_eq!((failed.name.as_str(), failed.code), ("SessionNotFound", 2));
    assert!(failed.message.contains(&at.to_string()) && failed.message.contains(&gm.to_string()), "{failed}");
    assert!(failed.hint.contains("CREATOR/ID"));
    for line in [
        "show night",
        "withdraw night 1SOL --yes",
        "withdraw night all --yes",
        "reclaim-children night --yes",
        "history night",
        "history SessGKKphX3HqFASfkrnKYdSKFhjhttP5tn6SdpUei8",
    ] {
        assert_eq!(world.run(&format!("{line} -k @gm.json")).unwrap_err().name, "SessionNotFound", "{line}");
    }
}

#[test]
fn what_the_program_refuses_is_told_by_name_and_not_sent() {
    let world = World::new();
    world.sends("gm", "open-session night --max-members 2");
    for (name, line, error) in [
        ("gm", "open-session night", "SessionAlreadyExists"),
        ("gm", "open-session other --max-members 0", "InvalidConfiguration"),
        ("ana", "pause-session @gm.json/night", "PermissionDenied"),
        ("ana", "broadcast-message @gm.json/night hi", "PermissionDenied"),
        ("gm", "remove-member night @ana.json", "MemberNotFound"),
        ("gm", "expire-session night", "NotYetExpired"),
        ("gm", "resume-session night", "InvalidTransition"),
        ("gm", "reclaim-session night", "InvalidTransition"),
        ("gm", "spend night @ana.json 1SOL", "AllowanceNotFound"),
        ("gm", "withdraw night 1SOL", "InsufficientVault"),
        ("gm", "execute-function night memo", "FunctionNotFound"),
        ("gm", "delete-property night board --expect-version 1", "VersionConflict"),
        ("gm", "set-property night board x --expect-version 1", "VersionConflict"),
        ("gm", "clear-session-key night", "SessionKeyNotFound"),
        ("gm", "set-property night board 0x0102 --capacity 1", "ValueTooLong"),
    ] {
        let before = world.lamports(World::address(name));
        let failed = world.fails(name, line);
        assert_eq!((failed.name.as_str(), failed.code), (error, 1), "{line}: {failed}");
        assert!(!failed.hint.is_empty() && failed.to_string().lines().count() == 2, "{line}: {failed}");
        assert_eq!(world.lamports(World::address(name)), before, "{line}: nothing was sent");
    }
    assert!(world.fails("gm", "open-session other --max-members 0").message.contains("max_members"));
}

#[test]
fn what_is_not_there_is_told_with_where_it_would_be() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for (line, error) in [
        ("accept-invitation night", "InvitationNotFound"),
        ("decline-invitation night", "InvitationNotFound"),
        ("revoke-invitation night --member @ana.json", "InvitationNotFound"),
        ("unregister-function night memo", "FunctionNotFound"),
        ("revoke-access night night", "AccessNotFound"),
    ] {
        let failed = world.fails("gm", line);
        assert_eq!((failed.name.as_str(), failed.code), (error, 2), "{line}");
        assert!(failed.message.contains("(it would be at "), "{failed}");
    }
}

#[test]
fn a_wallet_without_funds_is_told_how_much_it_needs() {
    let world = World::new();
    let failed = world.fails("poor", "open-session night");
    assert_eq!((failed.name.as_str(), failed.code), ("InsufficientFunds", 2));
    assert!(failed.message.contains(&World::address("poor").to_string()) && failed.message.contains("has 0 SOL and needs 0.0"), "{failed}");
    assert!(failed.hint.contains("sessions airdrop 1SOL`") && failed.hint.contains("solana airdrop 1`"), "{failed}");
    // Another wallet than the one that an airdrop goes to is named.
    let failed = world.fails("gm", "open-session night --fee-payer @poor.json");
    assert!(failed.hint.contains(&format!("sessions airdrop 1SOL {}`", World::address("poor"))), "{failed}");
    world.ledger.fund(World::address("poor"), 1_000_000).unwrap();
    assert!(world.fails("poor", "open-session night").message.contains("has 0.001 SOL"));
    world.sends("gm", "open-session night");
    assert_eq!(world.fails("gm", "deposit night 100SOL").name, "InsufficientFunds");
}

#[test]
fn a_cluster_without_the_program_is_told() {
    let world = World::new();
    let program = Account { lamports: 1, ..Account::default() };
    let failed = |world: &World| world.run("show night -k @gm.json").unwrap_err();
    world.ledger.put(address::PROGRAM, program).unwrap();
    assert_eq!((failed(&world).name.as_str(), failed(&world).code), ("ProgramNotFound", 2));
    assert!(failed(&world).message.contains("embedded") && failed(&world).hint.contains("--url"));
    assert!(world.run("balance -k @gm.json").is_ok(), "a wallet can be looked at all the same");
}

#[test]
fn a_program_that_was_closed_is_told() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let file = data_address(&address::PROGRAM);
    let state = [&2_u32.to_le_bytes()[..], file.as_array()].concat();
    let program = Account { lamports: 1, owner: LOADER, executable: true, data: state, ..Account::default() };
    let data = [&3_u32.to_le_bytes()[..], &[0; 41], program::FILE].concat();
    world.ledger.put(file, Account { lamports: 1, owner: LOADER, data, ..Account::default() }).unwrap();
    world.ledger.put(address::PROGRAM, program).unwrap();
    assert!(world.run("show night -k @gm.json").is_ok());
    // What closing it leaves: the account of its file is gone, and its own is as it was.
    world.ledger.put(file, Account::default()).unwrap();
    let failed = world.run("show night -k @gm.json").unwrap_err();
    assert_eq!((failed.name.as_str(), failed.code), ("ProgramNotFound", 2));
    assert!(failed.message.contains("was closed") && failed.hint.contains("--url"), "{failed}");
}

#[test]
fn a_layout_that_is_not_known_is_told() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let at = address::session(&World::address("gm"), &address::id_from_text("night"));
    let mut account = pollster::block_on(world.ledger.read(&[at])).unwrap()[0].account.clone().unwrap();
    // Behind the discriminator, the payer and three counters.
    account.data[8 + 32 + 24] = 9;
    world.ledger.put(at, account).unwrap();
    for line in ["show night", "pause-session night --yes", "list"] {
        let failed = world.run(&format!("{line} -k @gm.json")).unwrap_err();
        assert_eq!((failed.name.as_str(), failed.code), ("UnsupportedVersion", 2), "{line}");
        assert!(failed.message.contains(&at.to_string()) && failed.hint.contains("update"), "{failed}");
    }
}

#[test]
fn a_key_file_that_cannot_be_used_says_what_it_is_instead() {
    let world = World::new();
    let file = |name: &str, text: &str| fs::write(world.path(name), text).unwrap();
    file("text.json", "hello");
    file("address.json", &World::address("ana").to_string());
    file("half.json", &format!("{:?}", [1; 32]));
    file("map.json", "{}");
    for (name, error, said) in [
        ("missing.json", "KeyFileNotFound", "there is no key file"),
        ("text.json", "KeyFileInvalid", "no JSON"),
        ("address.json", "KeyFileInvalid", "cannot sign"),
        ("half.json", "KeyFileInvalid", "half of a key pair"),
        ("map.json", "KeyFileInvalid", "no array"),
    ] {
        let failed = world.run(&format!("open-session night --yes -k @{name}")).unwrap_err();
        assert_eq!((failed.name.as_str(), failed.code), (error, 2), "{name}");
        assert!(failed.message.contains(said) && !failed.hint.is_empty(), "{failed}");
    }
    assert_eq!(world.run("open-session night --yes -k usb://ledger").unwrap_err().name, "KeySourceUnsupported");
    assert_eq!(world.fails("gm", "invite-member night @missing.json").name, "SessionNotFound");
    world.sends("gm", "open-session night");
    assert_eq!(world.fails("gm", "invite-member night nobody").name, "InvalidAddress");
    // An address is all that a member needs.
    world.sends("gm", "invite-member night @address.json --role observer");
}

#[test]
fn a_session_key_only_acts() {
    let world = World::new();
    world.sends("gm", "open-session night");
    world.sends("gm", "set-session-key night @agent.json --permissions all");
    world.sends("gm", "broadcast-message night hello --session-key @agent.json");
    for line in ["pause-session night", "leave-session night", "deposit night 1SOL", "invite-member night @ana.json"] {
        let failed = world.fails("gm", &format!("{line} --session-key @agent.json"));
        assert_eq!((failed.name.as_str(), failed.code), ("InvalidArgument", 2), "{line}");
        assert!(failed.hint.contains("--session-key"), "{failed}");
    }
    // A key that is nobody's is the program's to refuse.
    assert_eq!(world.fails("gm", "broadcast-message night hello --session-key @ana.json").name, "PermissionDenied");
}

#[test]
fn arguments_that_mean_nothing_are_told() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for (line, said) in [
        ("update-session night", "changes nothing"),
        ("open-session day --host @relay.json", "served by its creator"),
        ("set-property night board x --capacity 705", "room for 0 to 704 bytes"),
        ("update-member night @gm.json", "changes nothing"),
        ("deposit night 2", "has no unit"),
        ("deposit night 2tokens", "no mint is named"),
        ("set-allowance night @gm.json --window 1SOL", "has no time"),
        ("set-property night '' x", "0 bytes"),
        ("broadcast-message night 0xzz", "no hex"),
        ("register-function night nothing/0x01", "neither a program nor an address"),
        ("register-function night memo/0x010203040506070809", "has 9 bytes"),
        ("join-with-token night", "neither a link nor a file"),
        ("deposit night 1tokens --mint SessGKKphX3HqFASfkrnKYdSKFhjhttP5tn6SdpUei8", "no mint at"),
        ("execute-function night memo --account tokens:vault", "names no mint"),
    ] {
        let failed = world.fails("gm", line);
        assert!(failed.code == 2 && failed.message.contains(said), "{line}: {failed}");
    }
}

#[test]
fn a_permission_that_lacks_and_an_allowance_that_is_used_up_are_told_apart_from_none() {
    let world = World::new();
    world.sends("gm", "open-session night");
    world.sends("ana", "join-session @gm.json/night");
    world.sends("gm", "update-member night @ana.json --permissions none");
    let failed = world.fails("ana", "broadcast-message @gm.json/night hi");
    assert!(failed.name == "PermissionDenied" && failed.hint.contains("sessions update-member"), "{failed}");
    let failed = world.fails("ben", "broadcast-message @gm.json/night hi");
    assert!(failed.name == "PermissionDenied" && !failed.hint.contains("sessions update-member"), "{failed}");
    world.sends("gm", "deposit night 1SOL");
    world.sends("gm", "set-allowance night @gm.json --per-call 0.1SOL");
    let failed = world.fails("gm", "spend night @ana.json 0.2SOL");
    assert!(failed.name == "AllowanceExceeded" && failed.hint.contains("above one of its limits"), "{failed}");
}
