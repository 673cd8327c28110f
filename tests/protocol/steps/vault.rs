//! What goes into the vault, what members may take out of it, and what comes back.

use {
    super::situation::{
        ACCOUNT, All, CREATOR, ELSEWHERE, MADE, MEMBER, NOBODY, Outcomes, SESSION, STRANGER, UNSOUND, VAULT, act, acting, at, headers,
        held, members, standing, waits,
    },
    bytemuck::Zeroable,
    sessions_core::{
        Act, Address, AllowanceState, MemberState, SessionState,
        rules::{allowance::AllowanceTerms, outflow::SOL, quotas::Quota},
        state::{
            At, Payment, Vault,
            session::vault::{EVERYTHING, Withdrawal, check_balance},
        },
    },
};

/// Where the member's account is.
const HELD_AT: Address = Address::new_from_array([21; 32]);
/// The vault, when the session does not know it yet.
const FOUND: Option<Vault> = Some(Vault { address: VAULT, bump: 255 });
/// What the vault has, and what it has to keep.
const BALANCE: u64 = 100;
const MINIMUM: u64 = 10;

/// What every step of those who rule is tried in: a session, how long after its start, and who signs.
fn ruling() -> impl Iterator<Item = (SessionState, u32, &'static Address)> {
    let when = standing().into_iter().flat_map(|state| waits(&state.config).map(|wait| (state, wait)));
    when.flat_map(|(state, wait)| [&CREATOR, &STRANGER].map(|signer| (state, wait, signer)))
}

/// What is allowed: nothing in particular.
fn terms() -> AllowanceTerms {
    AllowanceTerms { quota: Quota { limit: 60, ..Quota::UNLIMITED }, per_call: 50, ..Zeroable::zeroed() }
}

/// Allowances that differ in what decides about them.
fn allowances() -> Vec<AllowanceState> {
    let [header, stale, written] = headers();
    let one = AllowanceState { header, session: SESSION, member: HELD_AT, terms: terms(), join_revision: 1, ..AllowanceState::zeroed() };
    vec![
        one,
        AllowanceState { header: stale, ..one },
        AllowanceState { header: written, ..one },
        AllowanceState { session: ELSEWHERE, ..one },
        AllowanceState { member: ELSEWHERE, ..one },
        AllowanceState { join_revision: 2, ..one },
        AllowanceState { terms: AllowanceTerms { destination_count: 1, ..with_destination(MEMBER) }, ..one },
    ]
}

/// Terms with a wallet in the list, which is not counted yet.
fn with_destination(wallet: Address) -> AllowanceTerms {
    AllowanceTerms { destinations: [wallet, NOBODY, NOBODY, NOBODY], ..terms() }
}

/// Deposits as the program does it: before something arrives, and behind that.
pub fn deposits(all: &mut All) {
    for (session, wait, signer) in ruling() {
        let act = act(&SESSION, signer, wait);
        for (amount, arrived) in [(5, 5), (0, 0), (5, 0)] {
            all.attempt("deposit", |events| {
                session.check_deposit(&act, amount)?;
                { session }.deposit(&act, FOUND, &SOL, arrived, events)
            });
        }
    }
}

/// Makes allowances, raises and lowers them.
pub fn allows(all: &mut All) {
    let cases = [
        terms(),
        AllowanceTerms { per_call: 1, ..terms() },
        AllowanceTerms { per_call: 51, ..terms() },
        AllowanceTerms { quota: UNSOUND, ..terms() },
        with_destination(STRANGER),
        AllowanceTerms { destination_count: 5, ..terms() },
        AllowanceTerms { reserved: [1; 7], ..terms() },
    ];
    for (session, wait, signer) in ruling() {
        let act = act(&ACCOUNT, signer, wait);
        for member in &members(MEMBER) {
            let member = At { address: &HELD_AT, state: member };
            for terms in &cases {
                let mut new = AllowanceState::zeroed();
                all.attempt("set_allowance", |events| new.set(&act, at(&mut { session }), FOUND, member, &SOL, terms, Some(&MADE), events));
                for mut allowance in allowances() {
                    all.attempt("set_allowance", |events| {
                        allowance.set(&act, at(&mut { session }), FOUND, member, &SOL, terms, None, events)
                    });
                }
            }
        }
    }
}

/// Pays as the program does it: the step, and then what the vault has.
fn spend(
    act: &Act<'_>,
    (mut session, is_writable): (SessionState, bool),
    mut member: MemberState,
    mut allowance: AllowanceState,
    (amount, minimum): (u64, u64),
    events: &mut Outcomes,
) -> sessions_core::Result<()> {
    let payment = Payment { mint: &SOL, amount, destination: &STRANGER };
    let by = At { address: &HELD_AT, state: &mut member };
    allowance.spend(act, at(held(&mut session, is_writable)), by, &payment, events)?;
    Ok(check_balance(30, amount, minimum)?)
}

/// Pays from allowances.
pub fn spends(all: &mut All) {
    for (session, wait, member, signer) in acting() {
        let act = act(&ACCOUNT, signer, wait);
        for allowance in allowances() {
            // Within everything, nothing, below what has to stay, more than there is, and more than is allowed.
            for amount in [5, 0, 25, 40, 51] {
                for is_writable in [true, false] {
                    for (name, minimum) in [("spend", MINIMUM), ("spend_tokens", 0)] {
                        let paid = (amount, minimum);
                        all.attempt(name, |events| spend(&act, (session, is_writable), member, allowance, paid, events));
                    }
                }
            }
        }
    }
}

/// Withdraws.
pub fn withdraws(all: &mut All) {
    for (session, wait, signer) in ruling() {
        let act = act(&SESSION, signer, wait);
        for recipient in [&CREATOR, &STRANGER] {
            for (amount, balance) in [(5, BALANCE), (EVERYTHING, BALANCE), (EVERYTHING, 0), (0, BALANCE), (95, BALANCE), (101, BALANCE)] {
                let withdrawal = Withdrawal { mint: &SOL, amount, balance, recipient, minimum: MINIMUM, closes: false };
                all.attempt("withdraw", |events| { session }.withdraw(&act, &withdrawal, events).map(drop));
            }
        }
    }
}
