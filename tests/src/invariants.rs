//! What holds after every transaction, whatever it was. Later accounts add their part here.

use {
    crate::World,
    sessions_client::{
        address,
        core::{
            SessionState,
            events::AnyEvent,
            rules::lifecycle::{Status, Transition, next},
        },
        ledger::Receipt,
    },
    solana_account::{Account, ReadableAccount},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// Everything on the ledger that the invariants are about.
pub struct Ledgers {
    /// The program's accounts.
    accounts: BTreeMap<Address, Account>,
    /// Lamports of all accounts there are.
    balances: BTreeMap<Address, u64>,
}

impl Ledgers {
    /// What there is now.
    pub fn of(world: &World) -> Self {
        let balances = world
            .ledger
            .with_svm(|svm| svm.accounts_db().inner.iter().map(|(address, account)| (*address, account.lamports())).collect())
            .unwrap();
        Self { accounts: world.program_accounts().into_iter().collect(), balances }
    }

    fn balance(&self, address: &Address) -> u64 {
        self.balances.get(address).copied().unwrap_or_default()
    }

    fn session(&self, address: &Address) -> Option<SessionState> {
        self.accounts.get(address).map(|account| SessionState::read(&account.data).unwrap())
    }

    fn lamports(&self) -> u128 {
        self.balances.values().map(|lamports| u128::from(*lamports)).sum()
    }
}

/// Checks the step from `before` to `after`, of which `receipt` tells.
#[track_caller]
pub fn check(before: &Ledgers, after: &Ledgers, receipt: &Receipt) {
    assert_eq!(before.lamports(), after.lamports() + u128::from(receipt.fee), "lamports are conserved, but for the fee");
    if receipt.failure.is_some() {
        assert_eq!(before.accounts, after.accounts, "a transaction that failed changed nothing");
        assert_eq!(receipt.events, [], "a transaction that failed has no events");
        return;
    }
    for address in before.accounts.keys().chain(after.accounts.keys().filter(|address| !before.accounts.contains_key(*address))) {
        let events: Vec<_> = receipt.events.iter().filter(|event| event.header().address == *address).collect();
        check_account(before, after, address, &events, receipt);
    }
}

#[track_caller]
fn check_account(before: &Ledgers, after: &Ledgers, address: &Address, events: &[&AnyEvent], receipt: &Receipt) {
    let (earlier, later) = (before.session(address), after.session(address));
    if let Some(state) = &later {
        state.invariant().unwrap_or_else(|rule| panic!("{address}: {rule}\n{state:#?}"));
    }
    // A life ends with its deletion, and only so; behind it another can begin.
    let deleted = events.iter().position(|event| matches!(event, AnyEvent::SessionDeleted(_)));
    let (old, new) = events.split_at(deleted.map_or(events.len(), |at| at + 1));
    match (earlier, later) {
        (Some(earlier), Some(later)) if deleted.is_none() => {
            check_change(&earlier, &later, receipt);
            check_events(Some(&earlier), old, later.header.event_revision);
        }
        (Some(earlier), later) => {
            assert!(deleted.is_some(), "a session does not vanish untold");
            check_deletion(before, after, address, &earlier, receipt);
            check_events(Some(&earlier), old, earlier.header.revision + 1);
            if let Some(later) = later {
                assert!(later.header.epoch > earlier.header.epoch, "another life has another epoch");
                check_events(None, new, later.header.event_revision);
            }
        }
        (None, Some(later)) => {
            assert!(matches!(events.first(), Some(AnyEvent::SessionRequested(_))), "a session begins with its request");
            check_events(None, events, later.header.event_revision);
        }
        (None, None) => {}
    }
}

/// How often the program was called at the top of a transaction.
fn calls(receipt: &Receipt) -> usize {
    let call = format!("Program {} invoke [1]", address::PROGRAM);
    receipt.logs.iter().filter(|line| **line == call).count()
}

/// The statuses that as many steps of the table, or fewer, lead to from `status`.
fn reachable(status: Status, steps: usize) -> Vec<Status> {
    let mut reached = vec![status];
    for _ in 0..steps {
        for status in reached.clone() {
            reached.extend(Transition::ALL.iter().filter_map(|transition| next(status, *transition)));
        }
    }
    reached
}

#[track_caller]
fn check_change(before: &SessionState, after: &SessionState, receipt: &Receipt) {
    if before == after {
        return;
    }
    assert!(after.header.revision > before.header.revision, "every write is counted");
    let reachable = reachable(before.status().unwrap(), calls(receipt));
    assert!(reachable.contains(&after.status().unwrap()), "only the table's transitions happen, one an instruction");
    assert_ne!(before.status(), Ok(Status::Closed), "a closed session does not change");
    let fixed = |s: &SessionState| (s.id, s.creator, s.header.payer, s.header.epoch, s.header.bump, s.requested_at, s.config.kind);
    assert_eq!(fixed(before), fixed(after), "what names a session stays");
}

/// Only a closed session goes, and each lamport of it goes where it belongs.
#[track_caller]
fn check_deletion(before: &Ledgers, after: &Ledgers, address: &Address, gone: &SessionState, receipt: &Receipt) {
    if calls(receipt) > 1 {
        // Other steps of the transaction may have closed it, and moved lamports as well.
        return;
    }
    assert_eq!(gone.status(), Ok(Status::Closed), "only a closed session is deleted");
    assert_eq!(gone.children, 0, "what belongs to a session goes first");
    let vault = address::vault(address);
    let (rent, left) = (before.balance(address), before.balance(&vault));
    assert_eq!(after.balance(&vault), 0, "nothing is left in the vault");
    if after.balance(address) == 0 {
        let got = |who: &Address| after.balance(who) - before.balance(who);
        let (payer, creator) = (&gone.header.payer, &gone.creator);
        if payer == creator {
            assert_eq!(got(payer), rent + left, "who paid and created gets both");
        } else {
            assert_eq!((got(payer), got(creator)), (rent, left), "rent goes to its payer, the vault to the creator");
        }
    }
}

/// The events about an account tell of a chain of revisions that begins at the last one told of and ends at `told`.
#[track_caller]
fn check_events(before: Option<&SessionState>, events: &[&AnyEvent], told: u64) {
    let mut last = before.map_or(0, |before| before.header.event_revision);
    for header in events.iter().map(|event| event.header()) {
        assert_eq!(before.map_or(header.session_id, |before| before.id), header.session_id, "an event names its session");
        assert_eq!(header.previous, last, "an event names the one before it");
        assert!(header.revision > last, "revisions rise from event to event");
        last = header.revision;
    }
    assert_eq!(last, told, "the account knows its last event");
}
