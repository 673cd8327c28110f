//! Properties, messages, checkpoints.

use super::{acts, json, passes, refusal, run};
use sessions_cli::report::lines::Lines;

const OPEN: &str = "  - { as: gm, do: open_session, with: { id: a }, save: s }
  - { as: ana, do: join_session, with: { session: s } }\n";

#[test]
fn a_property_is_written_by_who_knows_its_version() {
    let records = passes(&format!(
        "{OPEN}  - check: {{ property: [s, board], absent: true }}
  - {{ as: gm, do: set_property, with: {{ session: s, key: board, value: one, payer: ben }} }}
  - check: {{ property: [s, board], value: one, key: board, key_length: 5, length: 3, capacity: 704, version: 1, writer: gm, payer: ben,
             written_at: +0s, layout_version: 1, revision: 1 }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: board, value: two }}, expect: VersionConflict }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: board, value: two, expect_version: 1, capacity: 9 }} }}
  - check: {{ property: [s, board], value: two, version: 2, writer: ana, capacity: 704, payer: ben }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: 0x00ff, value: 0xff01, capacity: 2 }} }}
  - check: {{ property: [s, 0x00ff], value: 0xff01, key: 0x00ff, version: 3, capacity: 2, payer: ana }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: 0x00ff, value: abc, expect_version: 3 }}, expect: ValueTooLong }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: k, value: '', capacity: 705 }}, expect: InvalidConfiguration }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: '', value: v }}, expect: InvalidConfiguration }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: {}, value: v }}, expect: InvalidConfiguration }}
  - {{ as: gm, do: delete_property, with: {{ session: s, key: board, expect_version: 1 }}, expect: VersionConflict }}
  - {{ as: gm, do: delete_property, with: {{ session: s, key: board, expect_version: 2 }} }}
  - check: {{ property: [s, board], absent: true, events: [PropertyDeleted], balance: [ben, 0.99999 SOL] }}
  - {{ as: gm, do: delete_property, with: {{ session: s, key: board, expect_version: 2 }}, expect: VersionConflict }}
  - {{ as: ben, do: set_property, with: {{ session: s, key: k, value: v }}, expect: PermissionDenied }}
  - {{ as: gm, do: set_property, with: {{ session: s, key: k, value: v, payer: ben }} }}
  - {{ as: ana, do: delete_property, with: {{ session: s, key: k, expect_version: 4 }}, together: true }}
  - check: {{ property: [s, k], absent: true }}
",
        "k".repeat(33)
    ));
    assert!(refusal(&records, 13).ends_with("(field: key)"), "{}", refusal(&records, 13));
}

#[test]
fn messages_are_numbered_and_say_what_they_say() {
    passes(&format!(
        "{OPEN}  - {{ as: ana, do: broadcast_message, with: {{ session: s, data: '' }} }}
  - {{ as: gm, do: send_direct_message, with: {{ session: s, to: ana, data: 0xff }} }}
  - {{ as: gm, do: send_direct_message, with: {{ session: s, to: gm, data: me }}, expect: AccountsMustDiffer }}
  - {{ as: gm, do: send_direct_message, with: {{ session: s, to: ben, data: hi }}, expect: MemberNotFound }}
  - {{ as: ben, do: broadcast_message, with: {{ session: s, data: hi }}, expect: PermissionDenied }}
  - {{ as: gm, do: broadcast_message, with: {{ session: s, data: {} }}, expect: ValueTooLong }}
  - check: {{ session: s, message_sequence: 2, events: [] }}
  - check: {{ member: [s, gm], usage: {{ operations: {{ total: 1 }}, bytes: {{ total: 1 }} }} }}
",
        "m".repeat(769)
    ));
}

#[test]
fn checkpoints_rise_and_are_the_hosts() {
    passes(&format!(
        "{OPEN}  - {{ as: gm, do: commit_checkpoint, with: {{ session: s, sequence: 5, root: state }} }}
  - check: {{ session: s, checkpoint_sequence: 5, checkpoint_root: state, events: [CheckpointCommitted] }}
  - {{ as: gm, do: commit_checkpoint, with: {{ session: s, sequence: 5, root: none }}, expect: SequenceNotRising }}
  - {{ as: ana, do: commit_checkpoint, with: {{ session: s, sequence: 6, root: none }}, expect: PermissionDenied }}
"
    ));
}

const STORY: &str = "scenario: x
actors: { gm: 1 SOL, ana: 1 SOL }
steps:
  - { as: gm, do: open_session, with: { id: a }, save: s }
  - { as: gm, do: create_invite_token, with: { session: s, token: link } }
  - { as: ana, do: join_with_token, with: { session: s, token: link } }
  - { as: ana, do: broadcast_message, with: { session: s, data: grüß dich } }
  - { as: ana, do: send_direct_message, with: { session: s, to: gm, data: 0xff00 } }
  - { as: gm, do: set_property, with: { session: s, key: board, value: v } }
  - { as: gm, do: delete_property, with: { session: s, key: board, expect_version: 1 } }
  - { as: gm, do: remove_member, with: { session: s, member: ana } }
";

#[test]
fn lines_have_the_telling_detail_of_an_event() {
    let mut bytes = Vec::new();
    assert!(run(STORY, &mut Lines::new(&mut bytes)).passed());
    let lines = String::from_utf8(bytes).unwrap();
    for told in [
        "SessionRequested, SessionCreated, SessionActivated (ends +1h)",
        "TokenCreated (link, 1 use)",
        "InvitationAccepted, MemberJoined (member)",
        "MessageBroadcast (#1)",
        "MessageSent (#2 to gm)",
        "PropertySet (v1)",
        "PropertyDeleted (v1)",
        "MemberRemoved (ana)",
    ] {
        assert!(lines.contains(told), "{told}: {lines}");
    }
}

#[test]
fn json_has_every_field_of_an_event() {
    let lines: Vec<serde_json::Value> = json(STORY).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let event = |step: usize, event: usize| &lines[step - 1]["events"][event];
    let joined = event(3, 1);
    assert_eq!((&joined["name"], &joined["role"], &joined["expires_at"]), (&"MemberJoined".into(), &"Member".into(), &"never".into()));
    assert_eq!(joined["permissions"][2], "WRITE_PROPERTIES");
    assert_eq!((&event(4, 0)["message"], &event(4, 0)["sequence"]), (&"grüß dich".into(), &1.into()));
    assert_eq!((&event(5, 0)["message"], &event(5, 0)["sender"]), (&"0xff00".into(), &joined["wallet"]));
    assert_eq!((&event(7, 0)["key"], &event(7, 0)["version"]), (&"board".into(), &1.into()));
    assert_eq!(event(1, 1)["config"]["quotas"]["units"]["limit"], serde_json::Value::Null);
    assert_eq!(event(2, 0)["expires_at"], "2026-01-01T00:10:00Z");
}

#[test]
fn an_act_in_a_session_leaves_its_status_as_it_is() {
    let records = passes(&format!("{OPEN}  - {{ as: ana, do: broadcast_message, with: {{ session: s, data: hi }} }}\n"));
    let act = acts(&records)[2];
    assert_eq!((act.before, act.session.as_deref()), (act.after, Some("s")));
}
