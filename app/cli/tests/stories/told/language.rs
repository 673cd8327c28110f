//! The examples as they stand, and the rules of the language that only a run shows.

use {
    super::{Kept, acts, json, run, steps},
    clap::ValueEnum,
    sessions_cli::{
        command::Demo,
        report::{lines::Lines, table::Table},
        scenario::record::{Outcome, State, What},
    },
    sessions_client::core::rules::lifecycle::Status,
};

#[test]
fn every_example_holds_and_leaves_nothing_behind() {
    for demo in Demo::value_variants() {
        let (name, text) = demo.scenario();
        let summary = run(text, &mut Kept::default());
        assert!(summary.passed(), "{name}: {summary:?}");
        assert_eq!((summary.left, summary.reached), (0, summary.steps), "{name}");
        // What mints and token accounts hold is not a session's to give back.
        assert_eq!(summary.locked != 0, text.contains("do: create_mint"), "{name}");
    }
}

#[test]
fn the_same_scenario_gives_the_same_bytes() {
    for demo in Demo::value_variants() {
        assert_eq!(json(demo.scenario().1), json(demo.scenario().1));
    }
}

#[test]
fn json_is_an_object_a_step_and_one_at_the_end() {
    let text = json(Demo::Lifecycle.scenario().1);
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (summary, steps) = lines.split_last().unwrap();
    assert!(steps.iter().enumerate().all(|(i, step)| step["type"] == "step" && step["step"] == i + 1));
    assert_eq!(summary["type"], "summary");
    assert_eq!((&summary["passed"], &summary["steps"]), (&true.into(), &steps.len().into()));
    let units: u64 = steps.iter().filter_map(|step| step["compute_units"].as_u64()).sum();
    let fees: u64 = steps.iter().filter_map(|step| step["fee"].as_u64()).sum();
    assert_eq!((summary["compute_units"].as_u64(), summary["fees"].as_u64()), (Some(units), Some(fees)));
    let refused = steps.iter().find(|step| step["outcome"] == "refused").unwrap();
    assert_eq!((&refused["expected"], &refused["error"]), (&"PermissionDenied".into(), &"PermissionDenied".into()));
    assert_eq!((&refused["before"], &refused["after"]), (&"Requested".into(), &"Requested".into()));
    assert_eq!((&steps[0]["before"], &steps[0]["after"]), (&serde_json::Value::Null, &"Requested".into()));
}

#[test]
fn transactions_have_slots_of_their_own_and_waits_move_both_clocks() {
    let first = crate::FIRST_SLOT;
    let (summary, records) = steps(&format!(
        "  - {{ as: gm, do: request_session, with: {{ id: a }}, save: s }}
  - {{ as: gm, do: begin_creation, with: {{ session: s }} }}
  - {{ as: gm, do: complete_creation, with: {{ session: s }}, together: true }}
  - wait: 10s
  - {{ as: gm, do: begin_activation, with: {{ session: s }} }}
  - check: {{ session: s, epoch: {first}, created_at: +0s, step_deadline: +70s }}
"
    ));
    assert!(summary.passed());
    let moments: Vec<_> = records.iter().map(|record| (record.slot - first, record.elapsed)).collect();
    assert_eq!(moments, [(0, 0), (1, 0), (1, 0), (26, 10), (26, 10), (26, 10)]);
}

#[test]
fn steps_together_succeed_as_one_and_each_tells_what_it_did() {
    let (summary, records) = steps(
        "  - { as: gm, do: request_session, with: { id: a, host: ana }, save: s }
  - { as: ana, do: begin_creation, with: { session: s }, together: true }
  - { as: ana, do: complete_creation, with: { session: s }, together: true }
  - check: { events: [SessionCreated], session: s, status: Created }
",
    );
    assert!(summary.passed());
    let acts = acts(&records);
    let states: Vec<_> = acts.iter().map(|act| (act.before, act.after)).collect();
    let [requested, creating, created] = [Status::Requested, Status::Creating, Status::Created].map(State::Present);
    assert_eq!(states, [(State::Absent, requested), (requested, creating), (creating, created)]);
    assert!(acts.iter().all(|act| act.events.len() == 1 && act.compute_units.is_some_and(|units| units > 0)));
    assert_eq!(summary.compute_units, acts.iter().filter_map(|act| act.compute_units).sum::<u64>());
    // One transaction, two signatures.
    assert_eq!(acts.iter().map(|act| act.fee).collect::<Vec<_>>(), [Some(10_000), None, None]);
}

#[test]
fn a_transaction_is_refused_at_the_step_that_expects_it() {
    let (summary, records) = steps(
        "  - { as: gm, do: request_session, with: { id: a }, save: s }
  - { as: gm, do: begin_creation, with: { session: s } }
  - { as: gm, do: begin_creation, with: { session: s }, together: true, expect: InvalidTransition }
  - { as: gm, do: complete_creation, with: { session: s }, together: true }
  - check: { session: s, status: Requested, events: [] }
",
    );
    assert!(summary.passed(), "{records:#?}");
    assert_eq!(summary.refused, 1);
    let acts = acts(&records);
    assert!(matches!(&acts[2].outcome, Outcome::Refused(why) if why.name == "InvalidTransition"));
    assert_eq!((&acts[1].outcome, &acts[3].outcome), (&Outcome::Undone, &Outcome::NotReached));
    assert!(acts[1..].iter().all(|act| act.after == State::Present(Status::Requested) && act.events.is_empty()));
}

#[test]
fn a_transaction_refused_at_another_step_has_failed() {
    let (summary, records) = steps(
        "  - { as: gm, do: request_session, with: { id: a }, save: s }
  - { as: gm, do: complete_creation, with: { session: s } }
  - { as: gm, do: begin_creation, with: { session: s }, together: true, expect: InvalidTransition }
  - wait: 1s
",
    );
    assert_eq!((summary.failed_at.map(|place| place.number), summary.reached, summary.steps), (Some(2), 2, 4));
    assert!(matches!(&acts(&records)[1].outcome, Outcome::Failed { expected: None, came: Some(why) } if why.name == "InvalidTransition"));
}

#[test]
fn what_does_not_go_as_expected_ends_the_scenario() {
    let request = "  - { as: gm, do: request_session, with: { id: a }, save: s }\n";
    let close = "  - { as: gm, do: close_session, with: { session: s } }\n";
    let cases = [
        (format!("{request}{close}"), None, Some("InvalidTransition")),
        (
            format!("{request}{}", close.replace(" } }", " }, expect: PermissionDenied }")),
            Some("PermissionDenied"),
            Some("InvalidTransition"),
        ),
        (format!("{request}{}", close.replace("close", "abort").replace(" } }", " }, expect: StepTimedOut }")), Some("StepTimedOut"), None),
    ];
    for (text, expected, came) in cases {
        let (summary, records) = steps(&format!("{text}  - wait: 1s\n"));
        assert_eq!((summary.passed(), summary.reached, records.len()), (false, 2, 2));
        let Outcome::Failed { expected: e, came: c } = &acts(&records)[1].outcome else { panic!("{records:#?}") };
        assert_eq!((e.as_deref(), c.as_ref().map(|why| why.name.as_str())), (expected, came));
    }
}

#[test]
fn a_check_that_does_not_hold_says_what_is() {
    let (summary, records) = steps(
        "  - { as: gm, do: request_session, with: { id: a, metadata: none }, save: s }
  - check: { session: s, status: Requested, members: 2, host: ana, metadata: none }
",
    );
    assert!(!summary.passed());
    let What::Checked(verdicts) = &records[1].what else { panic!() };
    let told: Vec<_> = verdicts.iter().map(|v| (v.label.as_str(), v.expected.as_str(), v.found.as_str(), v.holds)).collect();
    assert_eq!(
        told,
        [
            ("s.status", "Requested", "Requested", true),
            ("s.members", "2", "1", false),
            ("s.host", "ana", "gm", false),
            ("s.metadata", "none", "none", true)
        ]
    );
}

#[test]
fn defaults_are_the_promised_ones() {
    let (summary, records) = steps(
        "  - { as: gm, do: request_session, with: { id: a }, save: s }
  - check: { session: s, kind: group, host: gm, creator: gm, payer: gm, authority: gm, pending_authority: none, metadata: none,
             max_members: 16, max_duration: 1h, hard_limit: 1h, step_timeout: 60s, activation_window: 0s, invitation_ttl: 10m,
             permissions: all, settings: none, quotas: unlimited, usage: {}, id: a, requested_at: +0s, closed_at: none,
             close_reason: none, version: 1, revision: 1 }
  - { as: gm, do: request_session, with: { id: b, kind: point-to-point, max_duration: 2h, quotas: { units: 5 } }, save: t }
  - check: { session: t, kind: PointToPoint, max_members: 2, hard_limit: 2h, quotas: { units: { limit: 5 }, bytes: unlimited } }
",
    );
    assert!(summary.passed(), "{records:#?}");
    assert_eq!((summary.left, summary.locked > 0), (2, true));
}

#[test]
fn a_payer_pays_the_fee_and_the_rent_and_a_session_key_signs_for_an_actor() {
    let (summary, records) = steps(
        "  - { as: ana, do: request_session, with: { id: a, payer: gm }, save: s }
  - check: { session: s, payer: gm, creator: ana, balance: [ana, 1 SOL] }
  - { as: ana, key: phone, do: abort_session, with: { session: s }, expect: PermissionDenied }
  - check: { balance: [ana, 0.99999 SOL] }
  - { as: poor, do: abort_session, with: { session: s }, expect: InsufficientFundsForFee }
  - { as: ana, do: abort_session, with: { session: s, reason: cancelled } }
  - { as: ana, do: reclaim_session, with: { session: s }, expect: ChildrenRemain }
  - { as: poor, do: reclaim_children, with: { session: s, payer: ana } }
  - { as: poor, do: reclaim_session, with: { session: s, payer: ana } }
  - { as: ana, do: reclaim_session, with: { session: s }, expect: SessionNotFound }
",
    );
    assert!(summary.passed(), "{records:#?}");
    assert_eq!((summary.left, summary.refused, summary.locked), (0, 4, 0));
    assert_eq!(acts(&records)[1].actor, "ana/phone");
}

#[test]
fn an_id_can_be_used_again_after_its_session_is_reclaimed() {
    let (summary, records) = steps(
        "  - { as: gm, do: request_session, with: { id: a }, save: first }
  - { as: gm, do: request_session, with: { id: a }, expect: SessionAlreadyExists }
  - { as: gm, do: abort_session, with: { session: first } }
  - { as: gm, do: reclaim_children, with: { session: first } }
  - { as: gm, do: reclaim_session, with: { session: first } }
  - { as: gm, do: request_session, with: { id: a, max_duration: 5m }, save: second }
  - check: { session: second, max_duration: 5m, close_reason: none }
  - check: { session: first, absent: false }
",
    );
    assert!(summary.passed(), "{records:#?}");
}

#[test]
fn what_does_not_fit_into_a_transaction_is_a_step_that_failed() {
    let one = "  - { as: gm, do: request_session, with: { id: a }, save: s }\n";
    let more: String = (0..6).map(|i| one.replace("id: a", &format!("id: a{i}")).replace("save: s", "together: true")).collect();
    let (summary, records) = steps(&format!("{one}{more}"));
    assert!(!summary.passed());
    assert!(matches!(&acts(&records)[0].outcome, Outcome::Failed { came: Some(why), .. } if why.message.contains("1232")), "{records:#?}");
    assert_eq!((summary.steps, summary.reached, summary.not_run()), (7, 1, 6));

    // Nothing of it ran, so nothing is undone, whichever step counts as the one that failed.
    let expecting =
        more.replacen("together: true", "together: true, expect: PermissionDenied", 3).replacen(", expect: PermissionDenied", "", 2);
    let (summary, records) = steps(&format!("{one}{expecting}"));
    assert_eq!((summary.failed_at.map(|place| place.number), summary.not_run()), (Some(4), 6));
    assert_eq!(acts(&records).iter().filter(|act| act.outcome == Outcome::NotReached).count(), 6);
}

/// What the reports say at the end agrees with the lines above it, whether the scenario passed or not.
#[test]
fn reports_count_as_not_run_what_they_show_as_not_run() {
    let begin = "scenario: x\nactors: { gm: 1 SOL }\nsteps:\n  - { as: gm, do: open_session, with: { id: a }, save: s }\n";
    let resume = "  - { as: gm, do: resume_session, with: { session: s }, EXPECT }\n";
    let more = "  - { as: gm, do: pause_session, with: { session: s }, together: true }\n".repeat(2);
    for (expect, passed) in [("expect: InvalidTransition", true), ("together: false", false)] {
        let text = format!("{begin}{}{more}", resume.replace("EXPECT", expect));
        let (mut lines, mut table) = (Vec::new(), Vec::new());
        assert_eq!(run(&text, &mut Lines::new(&mut lines)).passed(), passed);
        assert_eq!(run(&text, &mut Table::new(&mut table)).passed(), passed);
        for report in [lines, table] {
            let report = String::from_utf8(report).unwrap();
            let (shown, counted): (Vec<_>, Vec<_>) =
                report.lines().filter(|line| line.contains("not run")).partition(|line| line.contains("pause"));
            assert_eq!((shown.len(), counted.len()), (2, 1), "{report}");
            assert!(counted[0].contains("2 not run") && counted[0].contains('4'), "{report}");
        }
        let last = json(&text).lines().last().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).unwrap();
        assert_eq!((last["steps"].as_u64(), last["reached"].as_u64()), (Some(4), Some(2)));
    }
}

#[test]
fn a_session_is_completed_only_if_no_reason_is_given() {
    let open = "  - { as: gm, do: open_session, with: { id: a }, save: s }\n";
    let (summary, records) = steps(&format!(
        "{open}  - {{ as: gm, do: close_session, with: {{ session: s, reason: none }}, expect: InvalidConfiguration }}
  - {{ as: gm, do: close_session, with: {{ session: s, reason: 0 }}, expect: InvalidConfiguration }}
  - check: {{ session: s, status: Active, close_reason: none }}
  - {{ as: gm, do: close_session, with: {{ session: s }} }}
  - check: {{ session: s, status: Closing, close_reason: completed }}
"
    ));
    assert!(summary.passed(), "{records:#?}");
    assert!(matches!(&acts(&records)[1].outcome, Outcome::Refused(why) if why.message.contains("reason")), "{records:#?}");
}

#[test]
fn a_session_key_is_an_address_by_the_name_of_its_actor_and_its_own() {
    let (summary, records) = steps(
        "  - { as: ana, do: request_session, with: { id: a, host: gm/phone }, save: s }
  - { as: gm, key: phone, do: request_session, with: { id: b }, save: t }
  - check: { session: t, creator: gm/phone, authority: gm/phone, host: gm/phone, payer: gm, balance: [gm/phone, 0 SOL] }
  - { as: gm, key: phone, do: begin_creation, with: { session: s } }
  - check: { session: s, status: Creating, host: gm/phone }
  - check: { session: t, creator: gm }
",
    );
    assert_eq!(summary.failed_at.map(|place| place.number), Some(6), "{records:#?}");
    let What::Checked(verdicts) = &records[5].what else { panic!("{records:#?}") };
    assert_eq!((verdicts[0].expected.as_str(), verdicts[0].found.as_str()), ("gm", "gm/phone"));
}

#[test]
fn the_last_clock_of_all_is_rfc_3339_in_json() {
    let text = "scenario: x\nclock: 9999-12-30T21:59:58Z\nactors: { gm: 1 SOL }\nsteps:\n  - wait: 2s\n";
    let step: serde_json::Value = serde_json::from_str(json(text).lines().next().unwrap()).unwrap();
    assert_eq!(step["time"], "9999-12-30T22:00:00Z");
}

#[test]
fn what_is_longer_than_a_transaction_is_not_sent() {
    for bytes in [2_000, 65_536] {
        let (summary, records) = steps(&format!(
            "  - {{ as: gm, do: open_session, with: {{ id: a }}, save: s }}
  - {{ as: gm, do: broadcast_message, with: {{ session: s, data: '{}' }} }}\n",
            "x".repeat(bytes)
        ));
        assert!(!summary.passed());
        assert!(format!("{:?}", records[1].what).contains("1232 is the most"), "{:?}", records[1].what);
    }
}
