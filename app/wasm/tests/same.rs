//! What goes through the boundary does what the same calls do on the cache itself; and a revision changes with whatever a reader sees.

mod scene;

use {
    proptest::prelude::*,
    scene::{AT, Caller, OPTIONS, Opened, WIRE_AT, open},
    sessions_cache::{Cache, Cause, LedgerFailure, Limits, OperationId, Sighting},
    sessions_core::SessionError,
    sessions_wasm::wire::{self, Answer, Request},
    std::num::NonZeroUsize,
};

/// Both, and what their readers saw the last time.
struct Both {
    caller: Caller,
    core: Cache,
    tables: Vec<Opened>,
    seen: Vec<(u64, Vec<Answer>)>,
}

impl Both {
    fn new() -> Self {
        let size = |number: u32| usize::try_from(number).unwrap();
        let limits = Limits {
            sessions: NonZeroUsize::new(size(OPTIONS.sessions)).unwrap(),
            accounts: size(OPTIONS.accounts),
            pending_in_session: size(OPTIONS.pending_in_session),
            pending: size(OPTIONS.pending),
            ended: NonZeroUsize::new(size(OPTIONS.ended)).unwrap(),
        };
        let tables: Vec<Opened> = (1..=3).map(open).collect();
        let seen = tables.iter().map(|_| (0, vec![Answer::Reading(None); 3])).collect();
        Self { caller: Caller::new(&OPTIONS), core: Cache::new(limits, OperationId(OPTIONS.first)), tables, seen }
    }

    fn same(&mut self, request: &Request, expected: Answer) {
        assert_eq!(self.caller.call(request), expected, "{request:?}");
    }

    /// Something happens, and what that is these numbers say.
    fn step(&mut self, kind: u8, number: u64, other: u64) {
        let table = usize::try_from(number % 3).unwrap();
        let (session, bytes) = (self.tables[table].session, self.tables[table].session.to_bytes());
        let (id, at) = (number % 12, WIRE_AT);
        match kind {
            0 => {
                let accounts = self.tables[table].accounts;
                let held = self.core.want(&session, &accounts);
                self.same(&Request::Want { session: bytes, accounts: accounts.map(|account| account.to_bytes()).into() }, held.into());
            }
            1..=5 => {
                let after = other.is_multiple_of(4).then_some(OperationId(id));
                let operation = self.tables[table].operation(other % 5, &[kind], after);
                let request = Request::Submit { operation: (&operation).into(), at };
                let taken = self.core.submit(operation, &AT);
                self.same(&request, taken.into());
            }
            6 | 7 => {
                self.core.release(OperationId(id));
                self.same(&Request::Release { id }, Answer::Done);
            }
            8 | 9 => {
                let operation = self.core.sent(OperationId(id)).map(|operation| operation.as_ref().into());
                self.same(&Request::Sent { id }, Answer::Operation(operation));
            }
            10..=13 => self.sight(kind, id, other % 40),
            14 => {
                self.core.expired(OperationId(id), &AT);
                self.same(&Request::Expired { id, at }, Answer::Done);
            }
            15 => {
                self.core.lapsed(OperationId(id), &AT);
                self.same(&Request::Lapsed { id, at }, Answer::Done);
            }
            16 => {
                let cancelled = self.core.cancel(OperationId(id), &AT);
                self.same(&Request::Cancel { id, at }, Answer::Flag(cancelled));
            }
            17 => {
                let given_up = self.core.give_up(OperationId(id), Cause::NotSent("no".to_owned()), &AT);
                self.same(&Request::GiveUp { id, reason: wire::Reason::NotSent("no".to_owned()), at }, Answer::Flag(given_up));
            }
            18 => {
                self.core.hint(&session, other % 40);
                self.core.refresh(&session);
                self.same(&Request::Hint { session: bytes, slot: other % 40 }, Answer::Done);
                self.same(&Request::Refresh { session: bytes }, Answer::Done);
            }
            19..=22 => {
                self.tables[table].landed(other % 5, &[kind]);
                self.core.loaded(&session, self.tables[table].base(other % 40), &AT);
                let base = self.tables[table].wire_base(other % 40);
                self.same(&Request::Loaded { session: bytes, base, at }, Answer::Done);
            }
            23 => {
                self.core.load_failed(&session);
                self.same(&Request::LoadFailed { session: bytes }, Answer::Done);
            }
            24 => {
                self.core.rooted(other % 40);
                self.same(&Request::Rooted { slot: other % 40 }, Answer::Done);
            }
            _ => {
                let operation = self.tables[table].operation(other % 5, &[kind], None);
                let request = Request::Restore { id, operation: (&operation).into(), sent: other.is_multiple_of(2) };
                self.core.restore(OperationId(id), operation, other.is_multiple_of(2));
                self.same(&request, Answer::Done);
            }
        }
    }

    fn sight(&mut self, kind: u8, id: u64, slot: u64) {
        let failure = LedgerFailure { instruction: Some(0), error: Some(SessionError::VersionConflict), text: "late".to_owned() };
        let told = wire::LedgerFailure::from(&failure);
        let (sighting, on_wire) = match kind {
            10 => (Sighting::Unseen, wire::Sighting::Unseen),
            11 if slot.is_multiple_of(3) => (Sighting::Failing, wire::Sighting::Failing),
            11 => (Sighting::Processed(slot), wire::Sighting::Processed(slot)),
            12 if slot.is_multiple_of(5) => (Sighting::Failed(slot, failure), wire::Sighting::Failed(slot, told)),
            12 => (Sighting::Confirmed(slot), wire::Sighting::Confirmed(slot)),
            _ => (Sighting::Finalized(slot), wire::Sighting::Finalized(slot)),
        };
        self.core.seen(slot + 1, [(OperationId(id), sighting)], &AT);
        self.same(&Request::Seen { as_of: slot + 1, sightings: vec![(id, on_wire)], at: WIRE_AT }, Answer::Done);
    }

    /// Everything that can be asked is the same.
    fn compare(&mut self) {
        loop {
            self.same(&Request::HasEffects, Answer::Flag(self.core.has_effects()));
            let effect = self.core.poll_effect();
            self.same(&Request::PollEffect, Answer::Effect(effect.as_ref().map(Into::into)));
            if effect.is_none() {
                break;
            }
        }
        for table in 0..self.tables.len() {
            let session = self.tables[table].session;
            let queue: Vec<_> = self.core.queue(&session).map(|(id, stage)| (id.0, stage.into())).collect();
            self.same(&Request::Queue { session: session.to_bytes() }, Answer::Queue(queue));
            self.same(&Request::BaseSlot { session: session.to_bytes() }, Answer::Slot(self.core.base_slot(&session)));
            let mut readings = Vec::new();
            for account in self.tables[table].accounts {
                let reading = Answer::from(self.core.read(&session, &account));
                self.same(&Request::Read { session: session.to_bytes(), account: account.to_bytes() }, reading.clone());
                readings.push(reading);
            }
            let revision = self.caller.revision(&session);
            let (before, saw) = &self.seen[table];
            assert!(*saw == readings || revision != *before, "a change that no revision tells of");
            assert!(revision != 0 || readings.iter().all(|reading| *reading == Answer::Reading(None)), "held, and without a revision");
            self.seen[table] = (revision, readings);
        }
        for id in 0..14 {
            let stage = self.core.stage(OperationId(id)).as_ref().map(Into::into);
            self.same(&Request::Stage { id }, Answer::Stage(stage));
            let operation = self.core.operation(OperationId(id)).map(|operation| operation.as_ref().into());
            self.same(&Request::Operation { id }, Answer::Operation(operation));
        }
        let mut in_flight: Vec<u64> = self.core.in_flight().map(|id| id.0).collect();
        let Answer::Operations(mut told) = self.caller.call(&Request::InFlight) else { panic!("no operations") };
        in_flight.sort_unstable();
        told.sort_unstable();
        assert_eq!(told, in_flight);
        self.same(&Request::Pending, Answer::Count(self.core.pending().try_into().unwrap()));
        self.same(&Request::Sessions, Answer::Count(self.core.sessions().try_into().unwrap()));
        self.same(&Request::Statistics, Answer::Statistics(self.core.statistics().into()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_calls_have_the_same_answers(steps in prop::collection::vec((0_u8..26, any::<u16>(), any::<u16>()), 1..90)) {
        let mut both = Both::new();
        for (kind, number, other) in steps {
            both.step(kind, number.into(), other.into());
            both.compare();
        }
    }
}

#[test]
fn a_session_that_is_held_anew_has_a_revision_of_its_own() {
    let mut both = Both::new();
    let mut revisions = Vec::new();
    for round in 0..4 {
        for table in 0..3 {
            both.step(19, table, 4 + 5 * round);
            both.compare();
            revisions.push(both.caller.revision(&both.tables[usize::try_from(table).unwrap()].session));
        }
    }
    assert!(both.core.statistics().evictions > 0);
    let count = revisions.len();
    revisions.sort_unstable();
    revisions.dedup();
    assert_eq!(revisions.len(), count);
}
