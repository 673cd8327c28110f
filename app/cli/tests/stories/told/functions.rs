//! Functions, what other programs ask of a membership, and the arena, which does.

use super::{acts, json, passes, refusal};

/// A session of `gm` with `ana`, who may do what there is to do, and a function for notes.
const SESSION: &str = "  - { as: gm, do: open_session, with: { id: a, settings: [LOG_EXECUTION] }, save: s }
  - { as: ana, do: join_session, with: { session: s } }
  - { as: gm, do: update_member, with: { session: s, member: ana, permissions: all, quotas: { units: 10 } } }
  - { as: gm, do: register_function, with: { session: s, program: memo, units: 2, composable: true, name: note } }\n";

#[test]
fn what_is_registered_is_called_by_its_name_until_it_is_no_longer() {
    passes(&format!(
        "{SESSION}  - check: {{ function: [s, note], program: memo, selector: '', units: 2, composable: true, payer: gm, events: [FunctionRegistered] }}
  - {{ as: ana, do: register_function, with: {{ session: s, program: memo, selector: x, name: other }}, expect: PermissionDenied }}
  - {{ as: gm, do: register_function, with: {{ session: s, program: token, name: transfer }}, expect: PolicyViolation }}
  - {{ as: gm, do: register_function, with: {{ session: s, program: ben, name: nobody }}, expect: InvalidConfiguration }}
  - {{ as: ana, do: execute_function, with: {{ session: s, function: note, data: hello }} }}
  - {{ as: ana, do: execute, with: {{ session: s, function: note, data: signed, accounts: [vault] }} }}
  - check: {{ member: [s, ana], executions: 2, usage: {{ operations: 2, units: 4 }}, events: [FunctionExecuted] }}
  - {{ as: ana, do: execute, with: {{ session: s, function: note, data: unsigned, accounts: [ben] }}, expect: MissingRequiredSignature }}
  - {{ as: ana, do: execute, with: {{ session: s, function: other, data: x }}, expect: FunctionNotFound }}
  - {{ as: gm, do: unregister_function, with: {{ session: s, function: note }} }}
  - check: {{ function: [s, note], absent: true, events: [FunctionUnregistered] }}
  - {{ as: ana, do: execute, with: {{ session: s, function: note, data: hello }}, expect: FunctionNotFound }}
  - {{ as: gm, do: register_function, with: {{ session: s, program: memo, selector: '0x68', name: note-h }} }}
  - {{ as: ana, do: execute, with: {{ session: s, function: note-h, data: hello }} }}
  - {{ as: ana, do: execute, with: {{ session: s, function: note-h, data: oh }}, expect: PolicyViolation }}
  - {{ as: ana, do: compose, with: {{ session: s, calls: [{{ function: note-h, data: hello }}] }}, expect: PolicyViolation }}
"
    ));
}

#[test]
fn a_composition_happens_as_a_whole_or_not_at_all() {
    passes(&format!(
        "{SESSION}  - {{ as: gm, do: register_function, with: {{ session: s, program: arena, selector: make_move_by_vault, units: 1, composable: true, name: move }} }}
  - {{ as: ana, do: open_board, with: {{ session: s }} }}
  - {{ as: ana, do: execute, with: {{ session: s, function: move, tile: 4 }} }}
  - {{ as: ana, do: compose_functions, with: {{ session: s, calls: [{{ function: note, data: hi }}, {{ function: move, tile: 5 }}] }} }}
  - check: {{ events: [FunctionExecuted, FunctionExecuted], member: [s, ana], executions: 3, usage: {{ operations: 3, units: 4 }} }}
  - {{ as: ana, do: compose, with: {{ session: s, calls: [{{ function: note, data: hi }}, {{ function: move, tile: 5 }}] }}, expect: Custom(7001) }}
  - {{ as: ana, do: compose, with: {{ session: s, calls: [] }}, expect: InvalidConfiguration }}
  - check: {{ member: [s, ana], executions: 3, usage: {{ operations: 3, units: 4 }} }}
"
    ));
}

#[test]
fn a_game_charges_its_players_and_its_board_goes_with_its_session() {
    let records = passes(&format!(
        "{SESSION}  - {{ as: ben, do: open_board, with: {{ session: s }}, expect: Custom }}
  - {{ as: ana, do: open_board, with: {{ session: s, payer: cleo }} }}
  - {{ as: ana, do: make_move, with: {{ session: s, tile: 4 }} }}
  - check: {{ events: [UsageRecorded], member: [s, ana], usage: {{ operations: 1, units: 1 }} }}
  - {{ as: gm, do: make_move, with: {{ session: s, tile: 4 }} }}
  - check: {{ member: [s, gm], usage: {{ operations: 1, units: 3 }} }}
  - {{ as: ana, do: surrender, with: {{ session: s, tile: 4 }}, expect: Custom(7002) }}
  - {{ as: ana, do: set_session_key, with: {{ session: s, key: phone, permissions: [EXECUTE_FUNCTIONS] }} }}
  - {{ as: ana, key: phone, do: make_move, with: {{ session: s, tile: 5 }} }}
  - {{ as: ana, do: surrender, with: {{ session: s, tile: 5 }} }}
  - {{ as: ben, do: close_board, with: {{ session: s }}, expect: Custom }}
  - {{ as: gm, do: close_session, with: {{ session: s }} }}
  - {{ as: gm, do: complete_close, with: {{ session: s }}, together: true }}
  - {{ as: ben, do: close_board, with: {{ session: s }} }}
  - check: {{ balance: [cleo, 0.99999 SOL] }}
  - {{ as: ben, do: reclaim_children, with: {{ session: s, children: [function: note] }} }}
  - check: {{ function: [s, note], absent: true }}
"
    ));
    assert_eq!(acts(&records).iter().filter(|act| act.instruction == "make_move").count(), 3);
}

#[test]
fn how_a_member_stands_is_the_steps_answer() {
    let records = passes(&format!(
        "{SESSION}  - {{ as: ana, do: validate_session, with: {{ session: s, permissions: [SPEND], units: 10 }} }}
  - check: {{ standing: {{ permissions: all, seconds_left: 3600, units_left: 10, operations_left: unlimited, session_id: a }}, events: [] }}
  - {{ as: ana, do: validate_session, with: {{ session: s, units: 11 }}, expect: QuotaExceeded }}
  - {{ as: ana, do: consume, with: {{ session: s, units: 4, permissions: [SEND_MESSAGES] }} }}
  - check: {{ standing: {{ units_left: 6 }}, events: [UsageRecorded] }}
  - {{ as: ben, do: consume, with: {{ session: s }}, expect: PermissionDenied }}
"
    ));
    assert!(refusal(&records, 10).contains("(reason: "), "{}", refusal(&records, 10));
}

#[test]
fn a_session_with_shared_limits_counts_what_its_members_do() {
    passes(
        "  - { as: gm, do: open_session, with: { id: a, quotas: { operations: { limit: 10, window: { seconds: 1h, limit: 3 } } } }, save: s }
  - { as: ana, do: join_session, with: { session: s } }
  - { as: gm, do: register_function, with: { session: s, program: memo, name: note } }
  - { as: ana, do: execute, with: { session: s, function: note, data: x } }
  - check: { session: s, executions: 1, usage: { operations: { total: 1, in_window: 1 } }, last_active_at: +0s }
  - { as: ana, do: consume, with: { session: s } }
  - check: { standing: { operations_left: 1 } }
",
    );
}

#[test]
fn an_answer_that_did_not_come_is_told() {
    let (summary, records) = super::steps(&format!("{SESSION}  - check: {{ standing: {{ units_left: 1 }} }}\n"));
    assert!(!summary.passed());
    assert!(format!("{:?}", records.last()).contains("nothing, for the step did not answer"), "{:?}", records.last());
}

#[test]
fn json_has_the_answer_and_the_new_events_in_full() {
    let text = format!(
        "scenario: x\nactors: {{ gm: 1 SOL, ana: 1 SOL }}\nsteps:\n{SESSION}  - {{ as: ana, do: consume, with: {{ session: s, units: 1 }} }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 0.1 SOL }} }}\n"
    );
    let lines: Vec<serde_json::Value> = json(&text).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let registered = &lines[3]["events"][0];
    assert_eq!((&registered["selector"], &registered["composable"], &registered["units"]), (&"0x".into(), &true.into(), &2.into()));
    assert_eq!((lines[4]["returned"].as_str().map(str::len), lines[3]["returned"].as_str()), (Some(2 + 2 * 72), None));
    assert_eq!((&lines[5]["events"][0]["mint"], &lines[5]["events"][0]["amount"]), (&serde_json::Value::Null, &100_000_000.into()));
}

#[test]
fn an_error_of_another_program_is_told_with_the_program_and_what_it_says() {
    let records = passes(&format!(
        "{SESSION}  - {{ as: gm, do: open_board, with: {{ session: s }} }}
  - {{ as: gm, do: make_move, with: {{ session: s, tile: 64 }}, expect: Custom(7000) }}
  - {{ as: ben, do: make_move, with: {{ session: s, tile: 1 }}, expect: Custom }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 100 SOL }}, expect: Custom(1) }}
  - {{ as: gm, do: create_mint, with: {{ mint: USDC }} }}
  - {{ as: ana, do: mint_tokens, with: {{ to: ana, amount: 1 USDC }}, expect: Custom(4) }}
  - {{ as: ana, do: execute, with: {{ session: s, function: note, data: unsigned, accounts: [ben] }}, expect: MissingRequiredSignature }}
"
    ));
    let said = [
        (6, "the program arena failed: NoSuchTile: There is no such tile"),
        (7, "the program arena failed: MemberNotFound: "),
        (8, "the program system failed: Transfer: insufficient lamports "),
        (10, "the program token failed: owner does not match"),
        (11, "the program memo failed: missing required signature"),
    ];
    for (step, begin) in said {
        assert!(refusal(&records, step).starts_with(begin), "{}", refusal(&records, step));
    }
}
