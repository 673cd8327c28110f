//! How a session changes from one transaction to the next.

use {
    super::{Ledgers, Stored, calls, check_events},
    sessions_client::{
        address,
        core::{
            SessionState,
            events::AnyEvent,
            rules::lifecycle::{Status, Transition, next},
        },
        ledger::Receipt,
    },
    solana_address::Address,
};

/// Checks the session at `address`, of which `events` tell.
#[track_caller]
pub fn check(before: &Ledgers, after: &Ledgers, address: &Address, events: &[&AnyEvent], receipt: &Receipt) {
    let (earlier, later) = (before.session(address), after.session(address));
    if let Some(state) = &later {
        check_counts(after, address, state);
    }
    // A life ends with its deletion, and only so; behind it another can begin.
    let deleted = events.iter().position(|event| matches!(event, AnyEvent::SessionDeleted(_)));
    let (old, new) = events.split_at(deleted.map_or(events.len(), |at| at + 1));
    match (earlier, later) {
        (Some(earlier), Some(later)) if deleted.is_none() => {
            check_change(&earlier, &later, receipt);
            check_events(&earlier.id, earlier.header.event_revision, old, later.header.event_revision);
        }
        (Some(earlier), later) => {
            assert!(deleted.is_some(), "a session does not vanish untold");
            check_deletion(after, address, &earlier, receipt);
            check_events(&earlier.id, earlier.header.event_revision, old, last_revision(old));
            if let Some(later) = later {
                assert!(later.header.epoch > earlier.header.epoch, "another life has another epoch");
                check_events(&later.id, 0, new, later.header.event_revision);
            }
        }
        (None, Some(later)) => {
            assert!(matches!(events.first(), Some(AnyEvent::SessionRequested(_))), "a session begins with its request");
            check_events(&later.id, 0, events, later.header.event_revision);
        }
        // What a session left in its vault can be withdrawn when it is gone.
        (None, None) => {}
    }
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
    if before.status() == Ok(Status::Closed) {
        let mut same = *after;
        same.children = before.children;
        (same.header.revision, same.header.event_revision) = (before.header.revision, before.header.event_revision);
        assert_eq!(*before, same, "a closed session only loses what belonged to it");
        let emptied = receipt.events.iter().any(|event| matches!(event, AnyEvent::Withdrawn(_)));
        assert!(after.children < before.children || emptied);
    }
    let fixed = |s: &SessionState| (s.id, s.creator, s.header.payer, s.header.epoch, s.header.bump, s.requested_at, s.config.kind);
    assert_eq!(fixed(before), fixed(after), "what names a session stays");
}

/// Only a closed session goes, and it goes last.
#[track_caller]
fn check_deletion(after: &Ledgers, address: &Address, gone: &SessionState, receipt: &Receipt) {
    assert_eq!(after.balance(&address::vault(address)), 0, "nothing is left in the vault");
    assert_eq!(after.children(address, gone.header.epoch), [], "nothing outlives its session");
    if calls(receipt) == 1 {
        assert_eq!(gone.status(), Ok(Status::Closed), "only a closed session is deleted");
        assert_eq!(gone.children, 0, "what belongs to a session goes first");
    }
}

/// The session counts what belongs to it.
#[track_caller]
fn check_counts(after: &Ledgers, address: &Address, state: &SessionState) {
    let children = after.children(address, state.header.epoch);
    assert_eq!(children.len(), state.children as usize, "the session counts its accounts");
    let active = children.iter().filter(|child| matches!(child, Stored::Member(member) if member.is_active())).count();
    let reclaiming = state.status() == Ok(Status::Closed);
    assert!(active == state.members as usize || (reclaiming && active < state.members as usize), "the session counts its active members");
}

fn last_revision(events: &[&AnyEvent]) -> u64 {
    events.last().map_or(0, |event| event.header().revision)
}
