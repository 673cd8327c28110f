//! What holds after every transaction, whatever it was. Later accounts add their part here.

use {
    crate::World,
    sessions_client::{
        core::{
            SessionState,
            events::AnyEvent,
            rules::lifecycle::{Status, Transition, next},
        },
        ledger::Receipt,
    },
    solana_account::Account,
    solana_address::Address,
    std::collections::BTreeMap,
};

/// Everything on the ledger that the invariants are about.
pub struct Ledgers {
    accounts: BTreeMap<Address, Account>,
    /// Lamports of all accounts there are.
    lamports: u128,
}

impl Ledgers {
    /// What there is now.
    pub fn of(world: &World) -> Self {
        let lamports = world
            .ledger
            .with_svm(|svm| {
                svm.accounts_db().inner.values().map(|account| u128::from(solana_account::ReadableAccount::lamports(account))).sum()
            })
            .unwrap();
        Self { accounts: world.program_accounts().into_iter().collect(), lamports }
    }
}

/// Checks the step from `before` to `after`, of which `receipt` tells.
#[track_caller]
pub fn check(before: &Ledgers, after: &Ledgers, receipt: &Receipt) {
    assert_eq!(before.lamports, after.lamports + u128::from(receipt.fee), "lamports are conserved, but for the fee");
    if receipt.failure.is_some() {
        assert_eq!(before.accounts, after.accounts, "a transaction that failed changed nothing");
        assert_eq!(receipt.events, [], "a transaction that failed has no events");
        return;
    }
    for (address, account) in &after.accounts {
        let state = SessionState::read(&account.data).unwrap();
        state.invariant().unwrap_or_else(|rule| panic!("{address}: {rule}\n{state:#?}"));
        let earlier = before.accounts.get(address).map(|account| SessionState::read(&account.data).unwrap());
        check_session(earlier.as_ref(), &state);
        check_events(address, earlier.as_ref(), &state, &receipt.events);
    }
}

/// The states that steps of the table lead to from `status`, in any number.
fn reachable(status: Status) -> Vec<Status> {
    let mut reached = vec![status];
    let mut i = 0;
    while i < reached.len() {
        for transition in Transition::ALL {
            if let Some(status) = next(reached[i], *transition).filter(|status| !reached.contains(status)) {
                reached.push(status);
            }
        }
        i += 1;
    }
    reached
}

#[track_caller]
fn check_session(before: Option<&SessionState>, after: &SessionState) {
    let Some(before) = before.filter(|before| before.header.epoch == after.header.epoch) else { return };
    if before == after {
        return;
    }
    assert!(after.header.revision > before.header.revision, "every write is counted");
    assert!(reachable(before.status().unwrap()).contains(&after.status().unwrap()), "only the table's transitions happen");
    assert_ne!(before.status(), Ok(Status::Closed), "a closed session does not change");
    let fixed = |s: &SessionState| (s.id, s.creator, s.header.payer, s.header.bump, s.vault_bump, s.requested_at, s.config.kind);
    assert_eq!(fixed(before), fixed(after), "what names a session stays");
}

/// The events about an account tell of a chain of revisions that begins at the last one told of and ends at the present one.
#[track_caller]
fn check_events(address: &Address, before: Option<&SessionState>, after: &SessionState, events: &[AnyEvent]) {
    let mut told = before.filter(|before| before.header.epoch == after.header.epoch).map_or(0, |before| before.header.event_revision);
    for header in events.iter().map(AnyEvent::header).filter(|header| header.address == *address) {
        assert_eq!(header.session_id, after.id, "an event names its session");
        assert_eq!(header.previous, told, "an event names the one before it");
        assert!(header.revision > told, "revisions rise from event to event");
        told = header.revision;
    }
    assert_eq!(told, after.header.event_revision, "the account knows its last event");
}
