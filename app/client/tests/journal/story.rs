//! A story of calls to a journal, lived through in one life or in several, and what must be in the journal at each point of it.

use {
    crate::disk::Disk,
    fastrand::Rng,
    sessions_cache::{Operation, OperationId},
    sessions_client::cache::journal::{Journal, JournalError, Record, Signed, Stored},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_signature::Signature,
    std::collections::BTreeMap,
};

/// A call, given what is recorded when it is made.
#[derive(Clone, Debug)]
pub enum Call {
    /// Records a new operation, under the next number, with so many bytes of data.
    Take { data: usize },
    /// Records the transaction that an operation is signed in: the one so far into those that are recorded.
    Sign { which: usize },
    /// Forgets each recorded operation whose bit is set, and one that never was.
    Forget { which: u64 },
}

/// So many calls, with data of sizes up to `data`.
pub fn calls(rng: &mut Rng, count: usize, data: usize) -> Vec<Call> {
    let call = |_| match rng.u8(..10) {
        0..5 => Call::Take { data: rng.usize(..data) },
        5..8 => Call::Sign { which: rng.usize(..) },
        _ => Call::Forget { which: rng.u64(..) & rng.u64(..) },
    };
    (0..count).map(call).collect()
}

/// What a journal holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    pub records: BTreeMap<OperationId, Record>,
    pub next: u64,
}

/// What a call asks the journal for.
enum Request {
    Record(Box<Record>),
    Forget(Vec<OperationId>),
}

impl Holding {
    pub fn of(journal: &impl Journal) -> Result<Self, JournalError> {
        let records = journal.records()?;
        assert!(records.is_sorted_by_key(|record| record.id), "in the order of their numbers");
        Ok(Self { next: journal.next()?.0, records: records.into_iter().map(|record| (record.id, record)).collect() })
    }

    /// What a call asks for, the `nth` of a story: no two ask for the same.
    fn request(&self, call: &Call, nth: usize) -> Request {
        let mark = u8::try_from(nth % 251).unwrap();
        match call {
            Call::Take { data } => {
                let meta = AccountMeta::new(Address::new_from_array([mark; 32]), true);
                let instruction = Instruction { program_id: Address::default(), accounts: vec![meta], data: vec![mark; *data] };
                let after = self.records.keys().next_back().copied();
                let operation = Operation { session: Address::new_from_array([mark; 32]), instructions: vec![instruction], after };
                let key = Some(nth.to_le_bytes().to_vec());
                Request::Record(Box::new(Record { id: OperationId(self.next), key, operation, signed: None, attempts: 0 }))
            }
            Call::Sign { which } => match self.records.values().nth(which % self.records.len().max(1)) {
                Some(record) => {
                    let signed =
                        Signed { signature: Signature::from([mark; 64]), bytes: vec![mark; 1_000], last_valid_block_height: nth as u64 };
                    Request::Record(Box::new(Record { signed: Some(signed), attempts: record.attempts + 1, ..record.clone() }))
                }
                None => Request::Forget(vec![]),
            },
            Call::Forget { which } => {
                let chosen = self.records.keys().enumerate().filter(|(place, _)| which >> (place % 64) & 1 == 1).map(|(_, id)| *id);
                Request::Forget(chosen.chain([OperationId(self.next + 1_000)]).collect())
            }
        }
    }

    /// What it holds once that is done.
    fn after(&self, request: &Request) -> Self {
        let mut after = self.clone();
        match request {
            Request::Record(record) => {
                after.next = after.next.max(record.id.0 + 1);
                after.records.insert(record.id, (**record).clone());
            }
            Request::Forget(ids) => after.records.retain(|id, _| !ids.contains(id)),
        }
        after
    }
}

/// A story as it goes on over the lives of a journal.
#[derive(Clone, Debug)]
pub struct Story {
    calls: Vec<Call>,
    made: usize,
    /// What the journal may hold: what it held before the call that was cut off, or what it held after it.
    possible: Vec<Holding>,
    /// How often a cut off call was found not done, and done.
    pub found: (u64, u64),
}

/// How a life ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    InOpening,
    InACall,
    InClosing,
    /// It did not: all calls were made, and the journal was closed.
    Quiet,
}

impl Story {
    pub fn new(calls: Vec<Call>) -> Self {
        Self { calls, made: 0, possible: vec![Holding::default()], found: (0, 0) }
    }

    pub fn is_over(&self) -> bool {
        self.made == self.calls.len()
    }

    /// The same story with more to come.
    pub fn and_then(mut self, calls: Vec<Call>) -> Self {
        self.calls.extend(calls);
        self
    }

    /// Lives on, on that disk, until it dies or the story is over.
    ///
    /// # Errors
    /// What the journal did that it must not.
    pub fn live(&mut self, disk: &Disk) -> Result<End, String> {
        let cut_off = |error: JournalError, end| match error {
            JournalError::Store(_) if disk.is_dead() => Ok(end),
            error => Err(format!("on a disk that lives: {error}")),
        };
        let journal = match Stored::with_backend(disk.clone()) {
            Ok(journal) => journal,
            Err(error) => return cut_off(error.into(), End::InOpening),
        };
        let held = match Holding::of(&journal) {
            Ok(held) => held,
            Err(error) => return cut_off(error, End::InOpening),
        };
        let place = self.possible.iter().position(|possible| *possible == held);
        match (place, self.possible.len()) {
            (None, _) => return Err(format!("after {} calls it holds {held:?}, and only this could be: {:?}", self.made, self.possible)),
            (Some(0), 2) => self.found.0 += 1,
            (Some(_), 2) => self.found.1 += 1,
            _ => {}
        }
        let mut held = held;
        while let Some(call) = self.calls.get(self.made) {
            let request = held.request(call, self.made);
            let after = held.after(&request);
            self.made += 1;
            let done = match &request {
                Request::Record(record) => journal.record(record),
                Request::Forget(ids) => journal.forget(ids),
            };
            if let Err(error) = done {
                self.possible = if held == after { vec![held] } else { vec![held, after] };
                return cut_off(error, End::InACall);
            }
            held = after;
        }
        self.possible = vec![held.clone()];
        match Holding::of(&journal) {
            Ok(shown) if shown != held => return Err(format!("it shows {shown:?} after {held:?}")),
            Ok(_) => {}
            Err(error) => return cut_off(error, End::InClosing),
        }
        drop(journal);
        Ok(if disk.is_dead() { End::InClosing } else { End::Quiet })
    }
}
