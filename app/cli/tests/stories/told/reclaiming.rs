//! What is left of a session, and who gets it.

use super::{Kept, acts, passes, run, steps};
use sessions_cli::scenario::record::{Acted, Outcome};

const CLOSE: &str = "  - { as: gm, do: close_session, with: { session: s } }
  - { as: gm, do: complete_close, with: { session: s }, together: true }\n";
const RECLAIM: &str = "  - { as: gm, do: reclaim_children, with: { session: s } }
  - { as: gm, do: reclaim_session, with: { session: s } }
  - check: { session: s, absent: true }\n";

#[test]
fn children_are_reclaimed_by_their_names_and_only_once_the_session_is_closed() {
    passes(&format!(
        "  - {{ as: gm, do: open_session, with: {{ id: a }}, save: s }}
  - {{ as: ana, do: join_session, with: {{ session: s }} }}
  - {{ as: gm, do: invite_member, with: {{ session: s, member: ben, payer: ana }} }}
  - {{ as: gm, do: create_invite_token, with: {{ session: s, token: link, payer: ana }} }}
  - {{ as: ana, do: set_property, with: {{ session: s, key: board, value: v }} }}
  - {{ as: gm, do: reclaim_children, with: {{ session: s, children: [member: ana] }}, expect: InvalidTransition }}
  - {{ as: gm, do: reclaim_children, with: {{ session: s }}, expect: InvalidTransition }}
{CLOSE}  - {{ as: gm, do: reclaim_children, with: {{ session: s, children: [member: cleo] }}, expect: ChildNotFound }}
  - {{ as: cleo, do: reclaim_children, with: {{ session: s, children: [member: ana, property: board, invitation: ben, token: link] }} }}
  - check: {{ session: s, children: 1, balance: [ana, 0.99997 SOL] }}
  - check: {{ member: [s, ana], absent: true }}
  - check: {{ member: [s, gm], absent: false }}
  - {{ as: gm, do: reclaim_session, with: {{ session: s }}, expect: ChildrenRemain }}
  - {{ as: gm, do: reclaim_children, with: {{ session: s, children: [member: gm] }} }}
  - {{ as: gm, do: reclaim_session, with: {{ session: s }}, together: true }}
  - {{ as: gm, do: reclaim_children, with: {{ session: s }} }}
"
    ));
}

#[test]
fn a_full_table_with_two_payers_fits_into_one_transaction() {
    let players: String = (1..=8).map(|i| format!(", p{i}: 1 SOL")).collect();
    let joins: String = (1..=8)
        .map(|i| {
            let payer = if i % 2 == 0 { "gm" } else { "ana" };
            format!("  - {{ as: p{i}, do: join_with_token, with: {{ session: s, token: link, payer: {payer} }} }}\n")
        })
        .collect();
    let text = format!(
        "scenario: x\nactors: {{ gm: 1 SOL, ana: 1 SOL{players} }}\nsteps:
  - {{ as: gm, do: open_session, with: {{ id: a }}, save: s }}
  - {{ as: gm, do: create_invite_token, with: {{ session: s, token: link, uses: 8 }} }}
{joins}{CLOSE}  - check: {{ session: s, children: 10 }}
{RECLAIM}"
    );
    let mut kept = Kept::default();
    let summary = run(&text, &mut kept);
    assert!(summary.passed(), "{:#?}", kept.records.last());
    assert_eq!((summary.locked, summary.left), (0, 0));
    let acts = acts(&kept.records);
    assert_eq!(acts.iter().find(|act| act.instruction == "reclaim_children").and_then(|act| act.fee), Some(5_000));
}

/// A session with more children than fit into a transaction.
fn crowded(end: &str) -> String {
    let property = |i| format!("  - {{ as: gm, do: set_property, with: {{ session: s, key: k{i}, value: '', capacity: 0 }} }}\n");
    let properties: String = (0..40).map(property).collect();
    format!("  - {{ as: gm, do: open_session, with: {{ id: a }}, save: s }}\n{properties}{CLOSE}{end}")
}

#[test]
fn what_does_not_fit_into_one_transaction_is_reclaimed_with_several_in_one_step() {
    let records = passes(&crowded(RECLAIM));
    let acts = acts(&records);
    let reclaim: &Acted = acts.iter().find(|act| act.instruction == "reclaim_children").unwrap();
    let fee = reclaim.fee.unwrap();
    assert!(fee > 5_000 && fee.is_multiple_of(5_000), "{fee}");
    assert!(reclaim.compute_units.is_some_and(|units| units > 40 * 100), "{reclaim:?}");

    let named: String = (0..40).map(|i| format!("property: k{i}, ")).collect();
    passes(&crowded(&format!(
        "  - {{ as: gm, do: reclaim_children, with: {{ session: s, children: [{named}member: gm] }} }}
  - {{ as: gm, do: reclaim_session, with: {{ session: s }} }}\n"
    )));
}

#[test]
fn a_step_of_several_transactions_fails_with_the_one_that_fails_and_none_is_divided_that_goes_with_others() {
    let named: String = (0..40).map(|i| format!("property: k{i}, ")).collect();
    passes(&crowded(&format!(
        "  - {{ as: gm, do: reclaim_children, with: {{ session: s, children: [{named}member: ana] }}, expect: ChildNotFound }}
  - check: {{ session: s, absent: false, property_version: 40 }}
{RECLAIM}"
    )));
    let (summary, records) = steps(&crowded(
        "  - { as: gm, do: reclaim_children, with: { session: s } }
  - { as: gm, do: reclaim_session, with: { session: s }, together: true }\n",
    ));
    assert!(!summary.passed());
    let acts = acts(&records);
    let Outcome::Failed { came: Some(why), .. } = &acts[acts.len() - 2].outcome else { panic!("{:#?}", acts.last()) };
    assert!(why.message.contains("1232"), "{}", why.message);
}
