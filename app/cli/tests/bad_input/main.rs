//! What is wrong with a scenario is told with its line and the nearest valid name, all of it at once, and nothing runs.

mod vault;

use sessions_cli::{command::Demo, scenario::Plan};

/// A scenario that is right, one thing a line.
const GOOD: &str = "\
scenario: good
clock: 2026-01-01T00:00:00Z
actors:
  gm: 1 SOL
  relay: 1 SOL
steps:
  - as: gm
    do: request_session
    with:
      id: night
      host: relay
      max_duration: 1h
      max_members: 2
      permissions: [SEND_MESSAGES]
      settings: [AUTO_EXPIRE]
    save: night
  - { as: relay, do: begin_creation, with: { session: night } }
  - { as: gm, do: pause_session, with: { session: night }, expect: InvalidTransition }
  - wait: 30s
  - check: { session: night, status: Creating, events: [] }
";

/// The same about members and what they share.
const TABLE: &str = "\
scenario: table
actors: { gm: 1 SOL, ana: 1 SOL }
steps:
  - { as: gm, do: open_session, with: { id: a }, save: night }
  - { as: gm, do: invite_member, with: { session: night, member: ana, role: moderator, ttl: 5m, expires_in: 1h, quotas: { bytes: 9 } } }
  - { as: gm, do: create_invite_token, with: { session: night, token: link, uses: 3 } }
  - { as: ana, do: join_with_token, with: { session: night, token: link } }
  - { as: gm, do: revoke_invitation, with: { session: night, token: link } }
  - { as: ana, do: set_session_key, with: { session: night, key: phone, permissions: none, ttl: 5m } }
  - { as: gm, do: set_property, with: { session: night, key: board, value: 0xff, capacity: 9, expect_version: 0 } }
  - { as: gm, do: delete_property, with: { session: night, key: board, expect_version: 1 } }
  - { as: ana, do: send_direct_message, with: { session: night, to: gm, data: hello } }
  - { as: gm, do: commit_checkpoint, with: { session: night, sequence: 1, root: state } }
  - { as: gm, do: update_member, with: { session: night, member: ana, role: owner, expires_in: never } }
  - { as: gm, do: reclaim_children, with: { session: night, children: [member: ana, token: link, property: board] } }
  - check: { member: [night, ana], role: owner, status: active, session_key: ana/phone, expires_at: never }
  - check: { invitation: [night, link], uses_left: 3 }
  - check: { property: [night, board], absent: true }
";

/// The problems of [`GOOD`] after `from` has become `to`, as they are printed.
fn problems(from: &str, to: &str) -> Vec<String> {
    problems_of(GOOD, from, to)
}

/// The problems of a text after `from` has become `to`, as they are printed.
fn problems_of(text: &str, from: &str, to: &str) -> Vec<String> {
    assert!(text.contains(from), "{from}");
    match Plan::read("x.yaml", &text.replacen(from, to, 1)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.to_string().lines().map(str::to_owned).collect(),
    }
}

#[test]
fn the_good_one_is_good() {
    assert_eq!(problems("scenario", "scenario"), Vec::<String>::new());
    assert_eq!(problems_of(TABLE, "scenario", "scenario"), Vec::<String>::new());
    assert_eq!(problems_of(vault::VAULT, "scenario", "scenario"), Vec::<String>::new());
}

#[test]
fn each_kind_of_mistake_has_its_line_and_its_hint() {
    let cases = [
        ("scenario: good", "scenario: \"a\\nb\"", r#"x.yaml:1: scenario: "a\nb" is more than one line of text"#),
        ("clock:", "clok:", r#"x.yaml:2: unknown key "clok" in the scenario; did you mean "clock"?"#),
        ("  gm:", "  \"g m\":", r#"x.yaml:4: "g m" cannot be an actor's name; use up to 32 letters, digits, _, - or ."#),
        ("as: gm", "as: gmm", r#"x.yaml:7: as: there is no actor "gmm"; did you mean "gm"?"#),
        (
            "do: request_session",
            "do: request_sesion",
            r#"x.yaml:8: there is no instruction "request_sesion"; did you mean "request_session"?"#,
        ),
        ("host: relay", "host: rellay", r#"x.yaml:11: host: "rellay" is neither an actor nor an address; did you mean "relay"?"#),
        ("host: relay", "host: gm/phone", r#"x.yaml:11: host: "gm/phone" is no session key of any step; valid here: gm, relay"#),
        (
            "status: Creating",
            "creator: gm/fone }\n  - { as: gm, key: phone, do: pause_session, with: { session: night } }\n  - check: { session: night",
            r#"x.yaml:20: creator: "gm/fone" is no session key of any step; did you mean "gm/phone"?"#,
        ),
        (
            "status: Creating",
            "requested_at: soon",
            r#"x.yaml:20: requested_at: "soon" is no moment; write it like 2026-01-01T00:00:00Z; or write the time since the start like +90s, none or never"#,
        ),
        ("max_members:", "max_member:", r#"x.yaml:13: unknown key "max_member" in request_session; did you mean "max_members"?"#),
        ("1h", "90", r#"x.yaml:12: max_duration: "90" is no duration; did you mean "90s"?"#),
        ("1h", "1 hour", r#"x.yaml:12: max_duration: "1 hour" is no duration; did you mean "1h"?"#),
        ("1h", "-1h", r#"x.yaml:12: max_duration: "-1h" is negative; a duration is at least 0s"#),
        ("1h", "9999999h", r#"x.yaml:12: max_duration: "9999999h" is too long; the longest duration is 4294967295s, about 136 years"#),
        ("max_members: 2", "max_members: 4294967296", r#"x.yaml:13: max_members: "4294967296" is out of range; the most is 4294967295"#),
        ("max_members: 2", "max_members: [2]", "x.yaml:13: max_members must be a single value, but here it is a list"),
        ("max_members: 2", "max_members:", "x.yaml:13: max_members has no value; write one, or leave the key out"),
        ("SEND_MESSAGES", "SEND_MESAGES", r#"x.yaml:14: there is no permission "SEND_MESAGES"; did you mean "SEND_MESSAGES"?"#),
        ("AUTO_EXPIRE", "AUTOEXPIRE", r#"x.yaml:15: there is no setting "AUTOEXPIRE"; did you mean "AUTO_EXPIRE"?"#),
        ("session: night }", "session: nihgt }", r#"x.yaml:17: session: no step saved a session as "nihgt"; did you mean "night"?"#),
        (
            "InvalidTransition",
            "InvalidTranstion",
            r#"x.yaml:18: expect: there is no error "InvalidTranstion"; did you mean "InvalidTransition"?"#,
        ),
        (
            "wait: 30s",
            "wait: soon",
            r#"x.yaml:19: wait: "soon" is no duration; write whole seconds, minutes, hours or days, like 90s, 15m, 1h or 2d"#,
        ),
        ("wait: 30s", "wiat: 30s", r#"x.yaml:19: a step needs one of do, wait and check; did you mean "wait"?"#),
        ("wait: 30s", "{ wait: 30s, as: gm }", r#"x.yaml:19: unknown key "as" in a wait; valid here: wait"#),
        ("wait: 30s", "{ wait: 30s, check: {} }", "x.yaml:19: a step has one of do, wait and check; make two steps of it"),
        ("wait: 30s", "just words", "x.yaml:19: a step must be a mapping, but here it is a single value"),
        ("status:", "statu:", r#"x.yaml:20: unknown key "statu" in a check; did you mean "status"?"#),
        ("Creating", "Craeting", r#"x.yaml:20: status: there is no status "Craeting"; did you mean "Creating"?"#),
        ("events: []", "events: [SessionActivatd]", r#"x.yaml:20: there is no event "SessionActivatd"; did you mean "SessionActivated"?"#),
        ("2026-01-01T00:00:00Z", "tomorrow", r#"x.yaml:2: clock: "tomorrow" is no moment; write it like 2026-01-01T00:00:00Z"#),
        (
            "2026-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            r#"x.yaml:2: clock: "1970-01-01T00:00:00Z" is too early; it must be after 1970-01-01T00:00:00Z"#,
        ),
        ("gm: 1 SOL", "gm: one SOL", r#"x.yaml:4: gm: "one SOL" is no amount; write it like 0.5 SOL, or as whole lamports like 5000"#),
        (
            "gm: 1 SOL",
            "gm: 99999999999 SOL",
            r#"x.yaml:4: gm: "99999999999 SOL" is out of range; the most is 18446744073709551615 lamports"#,
        ),
        ("relay: 1 SOL", "gm: 2 SOL", r#"x.yaml:5: the key "gm" stands here a second time; the first is on line 4"#),
        (
            "id: night",
            "id: 0x0000000000000000000000000000000000000000000000000000000000000000",
            r#"x.yaml:10: id: "0x0000000000000000000000000000000000000000000000000000000000…" looks like hex digits; an id's 64 digits stand without 0x"#,
        ),
        ("save: night", "save: night\n    as: relay", r#"x.yaml:17: the key "as" stands here a second time; the first is on line 7"#),
        ("}, expect: Inv", "}, together: yes, expect: Inv", r#"x.yaml:18: together: "yes" is neither true nor false"#),
        (
            "wait: 30s",
            "{ as: gm, do: open_session, with: { id: b }, save: night }",
            r#"x.yaml:19: the name "night" is taken by the step on line 16; choose another"#,
        ),
        (
            "wait: 30s",
            "{ as: gm, do: open_session, with: { id: b }, save: b, expect: PermissionDenied }",
            "x.yaml:19: a step that is refused makes nothing to save",
        ),
        (
            "expect: InvalidTransition",
            "save: b",
            "x.yaml:18: pause_session makes nothing to save; only request_session and open_session do",
        ),
        (
            "    save: night",
            "    together: true\n    save: night",
            "x.yaml:16: together joins the step right before, which must be an instruction; here there is none",
        ),
        (
            "wait: 30s",
            "&a wait: 30s",
            "x.yaml:19: anchors (&name) are not part of the scenario language; write the value out where it is needed",
        ),
    ];
    for (from, to, expected) in cases {
        assert!(problems(from, to).iter().any(|line| line == expected), "{to}: {:#?} has no\n{expected}", problems(from, to));
    }
}

#[test]
fn mistakes_about_members_and_what_they_share_are_told_the_same_way() {
    let cases = [
        ("member: ana, role: moderator", "member: anna", r#"5: member: "anna" is neither an actor nor an address; did you mean "ana"?"#),
        ("member: ana, role: moderator,", "", "5: invite_member needs the key member"),
        ("role: moderator", "role: moderater", r#"5: role: there is no role "moderater"; did you mean "Moderator"?"#),
        ("role: moderator", "rolle: moderator", r#"5: unknown key "rolle" in invite_member; did you mean "role"?"#),
        ("ttl: 5m, exp", "ttl: 300, exp", r#"5: ttl: "300" is no duration; did you mean "300s"?"#),
        ("bytes: 9", "byte: 9", r#"5: unknown key "byte" in quotas; did you mean "bytes"?"#),
        (
            "token: link, uses",
            "token: a link, uses",
            r#"6: token: "a link" cannot be a token's name; use up to 32 letters, digits, _, - or ."#,
        ),
        ("token: link, uses", "token: ana, uses", r#"6: token: "ana" is an actor's name; choose another"#),
        ("uses: 3", "uses: many", r#"6: uses: "many" is no whole number from 0 to 4294967295"#),
        ("night, token: link } }", "night, token: lnk } }", r#"7: token: no step makes a token "lnk"; did you mean "link"?"#),
        ("night, token: link } }", "night } }", "7: join_with_token needs the key token"),
        (
            "revoke_invitation, with: { session: night, token: link }",
            "revoke_invitation, with: { session: night }",
            "8: revoke_invitation needs the key member or the key token",
        ),
        (
            "revoke_invitation, with: { session: night, token: link }",
            "revoke_invitation, with: { session: night, token: link, member: ana }",
            "8: revoke_invitation takes back one thing, a member's invitation or a token; make two steps of it",
        ),
        (
            "key: phone, perm",
            "key: my phone, perm",
            r#"9: key: "my phone" cannot be a session key's name; use up to 32 letters, digits, _, - or ."#,
        ),
        (
            "permissions: none",
            "permissions: nothing",
            r#"9: permissions are a list of names like [EXECUTE_FUNCTIONS], all or none, not "nothing""#,
        ),
        ("value: 0xff", "value: 0xfg", r#"10: value: "0xfg" is no hex; write two digits a byte after 0x, or a text that begins otherwise"#),
        ("value: 0xff, ", "", "10: set_property needs the key value"),
        ("capacity: 9", "capacity: 70000", r#"10: capacity: "70000" is out of range; the most is 65535"#),
        ("key: board, expect_version: 1", "key: board", "11: delete_property needs the key expect_version"),
        ("to: gm", "to: [gm]", "12: to must be a single value, but here it is a list"),
        ("data: hello", "dat: hello", r#"12: unknown key "dat" in send_direct_message; did you mean "data"?"#),
        ("root: state", "root: 0x12", r#"13: root: "0x12" is no hash; write 0x and 64 hex digits, or a text to be hashed"#),
        (
            "expires_in: never",
            "expires_in: newer",
            r#"14: expires_in: "newer" is no duration; write whole seconds, minutes, hours or days, like 90s, 15m, 1h or 2d"#,
        ),
        ("children: [member: ana,", "children: [membr: ana,", r#"15: unknown key "membr" in one of the children; did you mean "member"?"#),
        ("[member: ana, ", "[ana, ", "15: one of the children must be a mapping, but here it is a single value"),
        (
            "[member: ana, token: link, property: board]",
            "[{ member: ana, token: link }]",
            "15: each of the children is named by one key, like member: ana, invitation: ben, token: link, property: board, function: move, allowance: [ana, SOL] or grant: day",
        ),
        (
            "[member: ana, token: link, property: board]",
            "[]",
            "15: children is empty; name at least one, or leave the key out for all of them",
        ),
        ("property: board]", "property: '']", r#"15: property: "" has 0 bytes; the key of a property has 1 to 32"#),
        ("token: link, property", "token: gm, property", r#"15: token: no step makes a token "gm"; valid here: link"#),
        ("[night, ana]", "[nigt, ana]", r#"16: member: no step saved a session as "nigt"; did you mean "night"?"#),
        ("[night, ana]", "[night, anna]", r#"16: member: "anna" is neither an actor nor an address; did you mean "ana"?"#),
        ("member: [night, ana]", "member: night", "16: member must be a list, but here it is a single value"),
        ("[night, ana]", "[night]", "16: member is a list of two: the session and whose it is, like [night, ana]"),
        ("status: active", "status: activ", r#"16: status: there is no status of a member "activ"; did you mean "Active"?"#),
        (
            "session_key: ana/phone",
            "session_key: ana/fone",
            r#"16: session_key: "ana/fone" is no session key of any step; did you mean "ana/phone"?"#,
        ),
        (
            "check: { member: [night, ana], role",
            "check: { role",
            "16: status of which account? name one by one of the keys session, member, invitation, property, function, allowance, grant, like session: night",
        ),
        (
            "check: { member: [night, ana]",
            "check: { session: night, member: [night, ana]",
            "16: a check is about one account, and this one names a session and a member; make two checks of it",
        ),
        ("[night, link]", "[night, lnk]", r#"17: invitation: "lnk" is neither an actor nor an address; did you mean "link"?"#),
        ("[night, link]", "[night, ana]", r#"17: unknown key "uses_left" in a check"#),
        ("absent: true", "absent: true, version: 3", "18: version cannot be checked of an account that must be absent"),
        ("absent: true", "", "18: this checks nothing of the property; name fields of it, or absent: true"),
    ];
    for (from, to, expected) in cases {
        let problems = problems_of(TABLE, from, to);
        assert!(problems.iter().any(|line| line.starts_with(&format!("x.yaml:{expected}"))), "{to}: {problems:#?} has no\n{expected}");
    }
}

#[test]
fn a_payer_of_a_joined_step_must_have_something_to_pay() {
    let step = |what: &str| format!("reclaim_children, with: {{ session: night }} }}\n  - {{ as: ana, do: {what}, together: true }}\n");
    let told = |what: &str| {
        let text = TABLE
            .replace("reclaim_children, with: { session: night, children: [member: ana, token: link, property: board] } }\n", &step(what));
        Plan::read("x.yaml", &text).err().map(|problems| problems.to_string())
    };
    let nothing = Some("x.yaml:16: payer has nothing to pay here: the first step of a transaction pays its fee".to_owned());
    for what in ["leave_session", "decline_invitation", "reclaim_children"] {
        assert_eq!(told(&format!("{what}, with: {{ session: night, payer: gm }}")), nothing, "{what}");
    }
    for what in ["accept_invitation", "join_session"] {
        assert_eq!(told(&format!("{what}, with: {{ session: night, payer: gm }}")), None, "{what}");
    }
}

#[test]
fn what_is_saved_later_is_not_misspelt() {
    let later =
        "  - { as: relay, do: begin_creation, with: { session: late } }\n  - { as: gm, do: open_session, with: { id: b }, save: late }\n";
    let text = GOOD.replace("  - wait: 30s\n", later);
    let problems = Plan::read("x.yaml", &text).unwrap_err().to_string();
    assert_eq!(problems, r#"x.yaml:19: session: "late" is not saved yet; the step on line 20 saves it"#);
}

#[test]
fn all_problems_are_told_at_once_by_line_and_none_of_them_twice() {
    let text = GOOD.replace("1h", "1x").replace("as: gm", "as: gmm").replace("InvalidTransition", "Nothing").replace("clock", "clok");
    let problems = Plan::read("x.yaml", &text).unwrap_err();
    let lines: Vec<_> = problems.list.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(2), Some(7), Some(12), Some(18), Some(18)]);
}

#[test]
fn a_mistake_in_what_is_saved_is_not_told_again_where_it_is_used() {
    assert_eq!(problems("do: request_session", "do: request_sesion").len(), 1);
    assert_eq!(problems("id: night", "idd: night").len(), 1);
}

#[test]
fn broken_yaml_has_its_line() {
    assert!(problems("[SEND_MESSAGES]", "[SEND_MESSAGES")[0].starts_with("x.yaml:15: this is no YAML: "));
    assert_eq!(Plan::read("x.yaml", "").unwrap_err().list.len(), 1);
    assert!(Plan::read("x.yaml", "[]").is_err() && Plan::read("x.yaml", "a").is_err() && Plan::read("x.yaml", "\0").is_err());
}

/// Whatever stands in a file, reading it ends, and each problem is one line that names the file.
#[test]
fn no_text_is_too_strange_to_be_refused_in_one_line() {
    let mut tried = 0;
    for text in [Demo::Lifecycle.scenario().1, Demo::Timeouts.scenario().1, TABLE, vault::VAULT] {
        for (at, old) in text.char_indices() {
            let (before, after) = (&text[..at], &text[at + old.len_utf8()..]);
            for new in ["", "\n", ":", "{", "]", "-", "\t", "'", "&", "0", "é", "\u{0}"] {
                if (tried + at) % 13 == 0
                    && let Err(problems) = Plan::read("x.yaml", &format!("{before}{new}{after}"))
                {
                    assert!(problems.list.iter().all(|problem| !problem.what.contains('\n')), "{problems}");
                    assert!(problems.list.iter().all(|problem| problem.line.is_some_and(|line| line > 0)), "{problems}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 10_000);
}

#[test]
fn a_name_that_should_be_a_list_is_offered_as_one() {
    let told = problems("[SEND_MESSAGES]", "SEND_MESSAGES");
    assert!(told.iter().any(|problem| problem.ends_with("did you mean [SEND_MESSAGES]?")), "{told:?}");
}
