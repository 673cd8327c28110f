//! The vault: SOL and tokens, allowances, and what comes back.

use super::{acts, passes, refusal, run, steps};

/// A session of `gm` with `ana`, who may do what there is to do, and 1 SOL in the vault.
const VAULT: &str = "  - { as: gm, do: open_session, with: { id: a, max_duration: 7d }, save: s }
  - { as: ana, do: join_session, with: { session: s } }
  - { as: gm, do: update_member, with: { session: s, member: ana, permissions: all } }
  - { as: ben, do: deposit, with: { session: s, amount: 0.5 SOL } }\n";

#[test]
fn what_anyone_deposits_a_member_spends_as_far_as_its_allowance_goes() {
    let records = passes(&format!(
        "{VAULT}  - check: {{ balance: [vault of s, 0.5 SOL], session: s, vault: vault of s, events: [Deposited] }}
  - {{ as: ana, do: spend, with: {{ session: s, to: ben, amount: 1 }}, expect: AllowanceNotFound }}
  - {{ as: ana, do: set_allowance, with: {{ session: s, member: ana }}, expect: PermissionDenied }}
  - as: gm
    do: set_allowance
    with: {{ session: s, member: ana, limit: 0.3 SOL, per_call: 100000000, window: {{ seconds: 1h, limit: 0.15 SOL }}, destinations: [ben, cleo] }}
  - check: {{ allowance: [s, ana, SOL], limit: 0.3 SOL, per_call: 0.1 SOL, window: {{ seconds: 3600, limit: 0.15 SOL }}, destinations: [ben, cleo] }}
  - check: {{ allowance: [s, ana, SOL], used: 0, mint: SOL, payer: gm, events: [AllowanceSet] }}
  - {{ as: ana, do: spend, with: {{ session: s, to: ben, amount: 0.1 SOL }} }}
  - {{ as: ana, do: spend, with: {{ session: s, to: gm, amount: 0.05 SOL }}, expect: PolicyViolation }}
  - {{ as: ana, do: spend, with: {{ session: s, to: ben, amount: 0.11 SOL }}, expect: AllowanceExceeded }}
  - {{ as: ana, do: spend, with: {{ session: s, to: cleo, amount: 0.06 SOL }}, expect: AllowanceExceeded }}
  - wait: 1h
  - {{ as: ana, do: spend, with: {{ session: s, to: cleo, amount: 0.06 SOL }} }}
  - check: {{ allowance: [s, ana, SOL], used: {{ total: 0.16 SOL, in_window: 0.06 SOL, window: 1 }}, balance: [cleo, 1.06 SOL] }}
  - check: {{ member: [s, ana], usage: {{ operations: 2 }}, last_active_at: +1h }}
  - {{ as: ana, do: set_session_key, with: {{ session: s, key: phone, permissions: [SPEND] }} }}
  - {{ as: ana, key: phone, do: spend, with: {{ session: s, to: cleo, amount: 0.01 SOL }} }}
"
    ));
    assert!(refusal(&records, 12).contains("(reason: "), "{}", refusal(&records, 12));
}

#[test]
fn what_is_left_goes_to_the_authority_and_once_the_session_is_over_to_its_creator() {
    passes(&format!(
        "{VAULT}  - {{ as: ana, do: withdraw, with: {{ session: s, amount: all }}, expect: PermissionDenied }}
  - {{ as: gm, do: withdraw, with: {{ session: s, amount: 0.1 SOL, to: cleo }} }}
  - check: {{ balance: [cleo, 1.1 SOL], events: [Withdrawn] }}
  - {{ as: gm, do: close_session, with: {{ session: s }} }}
  - {{ as: gm, do: complete_close, with: {{ session: s }}, together: true }}
  - {{ as: ben, do: withdraw, with: {{ session: s, amount: all, to: ben }}, expect: WrongRentRecipient }}
  - {{ as: ben, do: withdraw, with: {{ session: s, amount: all }} }}
  - check: {{ balance: [vault of s, 0] }}
  - {{ as: ben, do: reclaim_children, with: {{ session: s }} }}
  - {{ as: ben, do: reclaim_session, with: {{ session: s }} }}
  - {{ as: ben, do: withdraw, with: {{ session: s, amount: all }}, expect: InsufficientVault }}
"
    ));
}

#[test]
fn tokens_are_counted_in_their_own_unit_and_their_accounts_are_made_where_they_are_needed() {
    let records = passes(&format!(
        "{VAULT}  - {{ as: gm, do: create_mint, with: {{ mint: USDC }} }}
  - {{ as: ana, do: mint_tokens, with: {{ to: ana, amount: 1 USDC }}, expect: Custom }}
  - {{ as: gm, do: mint_tokens, with: {{ to: gm, amount: 100.5 USDC }} }}
  - check: {{ balance: [gm, 100.5 USDC] }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 10 USDC }} }}
  - {{ as: gm, do: set_allowance, with: {{ session: s, member: ana, mint: USDC, limit: 4000000 }} }}
  - check: {{ allowance: [s, ana, USDC], mint: USDC, limit: 4 USDC, per_call: unlimited, window: none, destinations: any }}
  - {{ as: ana, do: spend, with: {{ session: s, to: ben, amount: 3 USDC }} }}
  - {{ as: ana, do: spend, with: {{ session: s, to: ben, amount: 1000001, mint: USDC }}, expect: AllowanceExceeded }}
  - check: {{ balance: [ben, 3 USDC], allowance: [s, ana, USDC], used: 3 USDC }}
  - {{ as: gm, do: set_allowance, with: {{ session: s, member: ana, window: {{ seconds: 1h, limit: 9 USDC }} }} }}
  - check: {{ allowance: [s, ana, USDC], limit: unlimited, window: {{ seconds: 1h, limit: 9 USDC }} }}
  - {{ as: gm, do: withdraw, with: {{ session: s, amount: all USDC }} }}
  - check: {{ balance: [gm, 97.5 USDC] }}
  - check: {{ balance: [cleo, 0 USDC] }}
"
    ));
    let acts = acts(&records);
    let mint = acts.iter().find(|act| act.instruction == "create_mint").unwrap();
    assert_eq!((mint.session.as_deref(), mint.before.name(), mint.events.len()), (None, None, 0));
}

#[test]
fn of_a_mint_with_a_fee_less_arrives_and_one_that_can_take_its_tokens_back_is_refused() {
    passes(&format!(
        "{VAULT}  - as: gm
    do: create_mint
    with: {{ mint: FEE, decimals: 2, program: token-2022, transfer_fee: {{ basis_points: 100, maximum: 30 }} }}
  - {{ as: gm, do: mint_tokens, with: {{ to: gm, amount: 100 FEE }} }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 20 FEE }} }}
  - check: {{ balance: [vault of s, 19.8 FEE] }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 80 FEE }} }}
  - check: {{ balance: [vault of s, 99.5 FEE] }}
  - {{ as: gm, do: create_mint, with: {{ mint: OPEN, program: token-2022, extensions: [mint_close_authority, pausable] }} }}
  - {{ as: gm, do: mint_tokens, with: {{ to: gm, amount: 1 OPEN }} }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 1 OPEN }} }}
"
    ));
    for extension in ["permanent_delegate", "non_transferable", "transfer_hook"] {
        passes(&format!(
            "{VAULT}  - {{ as: gm, do: create_mint, with: {{ mint: BAD, program: token-2022, extensions: [{extension}] }} }}
  - {{ as: gm, do: mint_tokens, with: {{ to: gm, amount: 1 BAD }} }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 1 BAD }}, expect: UnsupportedMint }}\n"
        ));
    }
}

#[test]
fn a_step_of_several_instructions_is_one_step_of_its_transaction() {
    let (summary, records) = steps(&format!(
        "{VAULT}  - {{ as: gm, do: create_mint, with: {{ mint: USDC }} }}
  - {{ as: gm, do: mint_tokens, with: {{ to: gm, amount: 5 USDC }}, together: true }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 6 USDC }}, together: true, expect: Custom(1) }}
  - {{ as: gm, do: pause_session, with: {{ session: s }}, together: true }}
  - {{ as: gm, do: create_mint, with: {{ mint: EURC }} }}
  - {{ as: gm, do: mint_tokens, with: {{ to: gm, amount: 5 EURC }}, together: true }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 5 EURC }}, together: true }}
  - {{ as: gm, do: pause_session, with: {{ session: s }}, together: true }}
  - check: {{ session: s, status: Paused, events: [SessionPaused] }}
"
    ));
    assert!(summary.passed(), "{:#?}", records.last());
    let acts = acts(&records);
    let last: Vec<_> = acts.iter().rev().take(4).map(|act| (act.events.len(), act.compute_units.is_some())).collect();
    assert_eq!(last, [(1, true), (1, true), (0, true), (0, true)]);
}

#[test]
fn a_mint_holds_lamports_that_are_nobodys() {
    let text = "scenario: x\nactors: { gm: 1 SOL }\nsteps:\n  - { as: gm, do: create_mint, with: { mint: USDC } }\n";
    let summary = run(text, &mut super::Kept::default());
    assert!(summary.passed());
    // The rent of 82 bytes and of what every account has besides.
    assert_eq!(summary.locked, 210 * 6_960);
}
