//! Registering functions, and executing them as the program does it: the step, the calls, what they took out of the vault.

use {
    super::situation::{
        ACCOUNT, All, CREATOR, ELSEWHERE, MADE, MEMBER, Outcomes, SESSION, STRANGER, VAULT, act, acting, at, headers, held, standing, waits,
    },
    bytemuck::Zeroable,
    sessions_core::{
        Act, Address, AllowanceState, FunctionState, MemberState, SessionState,
        rules::{
            allowance::AllowanceTerms,
            functions::{FORBIDDEN_PROGRAMS, Selector},
            outflow::{SOL, TokenHolding, VaultAccount},
            quotas::Quota,
        },
        state::{At, Execution, NewFunction, Vault},
    },
};

/// Where the member's account is.
const HELD_AT: Address = Address::new_from_array([21; 32]);
/// The program that is called.
const PROGRAM: Address = Address::new_from_array([22; 32]);
/// What a call has to begin with.
const SELECTOR: [u8; 2] = [1, 2];

/// Functions that differ in what decides about a call.
fn functions() -> Vec<FunctionState> {
    let [header, stale, written] = headers();
    let selector = Selector::new(&SELECTOR).unwrap();
    let one = FunctionState {
        header,
        session: SESSION,
        program: PROGRAM,
        units: 1,
        selector: selector.bytes,
        selector_length: selector.length,
        composable: 1,
        ..FunctionState::zeroed()
    };
    vec![
        one,
        FunctionState { composable: 0, ..one },
        FunctionState { session: ELSEWHERE, ..one },
        FunctionState { header: stale, ..one },
        FunctionState { header: written, units: u64::MAX, ..one },
    ]
}

/// Registers functions and unregisters them.
pub fn registers(all: &mut All) {
    let selector = Selector::new(&SELECTOR).unwrap();
    let one = NewFunction { program: &PROGRAM, is_executable: true, selector, units: 1, composable: 1, reserved: [0; 6] };
    let new = [
        one,
        NewFunction { program: &FORBIDDEN_PROGRAMS[0], ..one },
        NewFunction { is_executable: false, ..one },
        NewFunction { selector: Selector { length: 1, ..selector }, ..one },
        NewFunction { composable: 2, ..one },
        NewFunction { reserved: [1; 6], ..one },
    ];
    for session in standing() {
        for (wait, signer) in waits(&session.config).into_iter().flat_map(|wait| [(wait, &CREATOR), (wait, &STRANGER)]) {
            let act = act(&ACCOUNT, signer, wait);
            for function in &new {
                let vault = Some(Vault { address: VAULT, bump: 255 });
                let mut made = FunctionState::zeroed();
                all.attempt("register_function", |events| made.register(&act, at(&mut { session }), vault, function, &MADE, events));
            }
            for mut function in functions() {
                all.attempt("unregister_function", |events| function.unregister(&act, at(&mut { session }), events));
            }
        }
    }
}

/// What a call does to the vault and its token accounts, and what the member may take.
#[derive(Clone, Copy)]
struct Outflow {
    vault: [VaultAccount; 2],
    tokens: [Option<TokenHolding>; 2],
    allowance: AllowanceState,
}

/// Nothing happens, something is lost, something is not left as it has to be; and each kind of allowance.
fn outflows() -> Vec<Outflow> {
    let [header, stale, written] = headers();
    let terms = AllowanceTerms { quota: Quota::UNLIMITED, per_call: 100, ..Zeroable::zeroed() };
    let allowance = AllowanceState { header, session: SESSION, member: HELD_AT, terms, join_revision: 1, ..AllowanceState::zeroed() };
    let vault = VaultAccount { lamports: 50, is_plain: true };
    let still = Outflow { vault: [vault; 2], tokens: [None; 2], allowance };
    let lost = Outflow { vault: [vault, VaultAccount { lamports: 10, ..vault }], ..still };
    let holding = TokenHolding { program: PROGRAM, mint: SOL, amount: 50, lamports: 1, length: 165, is_shared: false, is_extended: false };
    let shared = Some(TokenHolding { is_shared: true, ..holding });
    let restricted = AllowanceTerms { destination_count: 1, destinations: [STRANGER; 4], ..terms };
    let allowances = [
        AllowanceState { session: ELSEWHERE, ..allowance },
        AllowanceState { header: stale, ..allowance },
        AllowanceState { header: written, ..allowance },
        AllowanceState { join_revision: 2, ..allowance },
        AllowanceState { terms: restricted, ..allowance },
        AllowanceState { terms: AllowanceTerms { per_call: 39, ..terms }, ..allowance },
    ];
    let changed = [
        Outflow { vault: [vault, VaultAccount { is_plain: false, ..vault }], ..still },
        Outflow { tokens: [Some(holding), None], ..still },
        Outflow { tokens: [Some(holding), shared], ..still },
        Outflow { tokens: [None, shared], ..still },
    ];
    [still, lost].into_iter().chain(changed).chain(allowances.map(|allowance| Outflow { allowance, ..lost })).collect()
}

/// One execution of one call.
struct Attempt<'a> {
    function: FunctionState,
    data: &'a [u8],
    composed: bool,
    is_writable: bool,
    outflow: Outflow,
}

/// Executes a call as the program does it.
fn execute(
    attempt: &Attempt<'_>,
    act: &Act<'_>,
    session: &mut SessionState,
    member: &mut MemberState,
    events: &mut Outcomes,
) -> sessions_core::Result<()> {
    let Attempt { function, data, composed, is_writable, outflow } = attempt;
    session.check_vault(&VAULT)?;
    function.check_belongs(&SESSION, session)?;
    let mut session = at(held(session, *is_writable));
    let execution = Execution { calls: 1, units: function.units, composed: *composed };
    member.begin_execution(act, &mut session, &execution)?;
    function.check_call(data, *composed)?;
    member.record_call(act, &mut session, function, 7, events)?;

    let [before, after] = outflow.vault;
    let lost = before.lost(&after)?;
    match outflow.tokens {
        [None, Some(new)] => new.check_new()?,
        [Some(before), after] => assert_eq!(before.lost(after)?.1, 0),
        [None, None] => {}
    }
    if lost > 0 {
        let mut allowance = outflow.allowance;
        let session = At { address: &SESSION, state: &*session.state };
        allowance.charge_outflow(&Act { account: &ACCOUNT, ..*act }, session, member, lost, events)?;
    }
    member.end_execution();
    Ok(())
}

/// Executes functions, alone and composed.
pub fn executes(all: &mut All) {
    let outflows = outflows();
    let calls = functions().into_iter().flat_map(|function| [(function, &SELECTOR[..]), (function, &SELECTOR[..1])]);
    let with_each_call = calls.map(|(function, data)| (function, data, outflows[0]));
    let with_each_outflow = outflows.iter().map(|outflow| (functions()[0], &SELECTOR[..], *outflow));
    let cases: Vec<_> = with_each_call.chain(with_each_outflow).collect();
    for (session, wait, member, signer) in acting() {
        let act = act(&MEMBER, signer, wait);
        for (function, data, outflow) in &cases {
            for (name, composed) in [("execute_function", false), ("compose_functions", true)] {
                for is_writable in [true, false] {
                    let attempt = Attempt { function: *function, data, composed, is_writable, outflow: *outflow };
                    all.attempt(name, |events| execute(&attempt, &act, &mut { session }, &mut { member }, events));
                }
            }
        }
    }
}
