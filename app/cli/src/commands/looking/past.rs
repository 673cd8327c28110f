//! What happened in a session, read from its transactions, oldest first; and where something is missing.
//!
//! An event tells which revision of its account the event before it told of. Where that is not the last one that was read, or the account by
//! now knows of later ones, events are missing: of a log that was cut, or of a transaction that the node no longer has.

use {
    crate::{
        book::Book,
        context::Context,
        failed::Failed,
        report::{events, format, json, naming::Naming},
    },
    futures::{StreamExt, stream},
    serde_json::{Value, json},
    sessions_client::{
        Ledger, account,
        core::events::AnyEvent,
        event::is_truncated,
        ledger::{Entry, Receipt, Snapshot},
    },
    solana_address::Address,
    solana_signature::Signature,
    std::collections::BTreeMap,
};

/// How many transactions a node lists at once.
const PAGE: usize = 1_000;
/// How many transactions are asked for at once.
const AT_ONCE: usize = 8;

/// What was read of a session's past.
#[derive(Debug, Default)]
pub struct Past {
    /// What was found, in order.
    pub found: Vec<Found>,
    /// Whether the first transaction was reached.
    pub complete: bool,
    /// How many transactions were read.
    pub transactions: usize,
}

/// Something in the past.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// An event, and the transaction it is of.
    Event(Signature, u64, Box<AnyEvent>),
    /// Events of an account are missing: from behind one revision up to another.
    Gap {
        /// The account.
        address: Address,
        /// The revision that the last event before told of; 0 if there was none.
        after: u64,
        /// The revision that the last missing event told of.
        to: u64,
    },
    /// The log of a transaction was cut.
    Cut(Signature),
    /// The node does not have a transaction that it lists.
    Missing(Signature),
}

impl Found {
    /// It in one line.
    pub fn line(&self) -> String {
        match self {
            Self::Event(signature, _, event) => {
                format!("{}  {}  {signature}", format::calendar(event.header().time), told(event, &Book::default()))
            }
            Self::Gap { address, after, to } => format!("⚠ events of {address} are missing: those behind revision {after}, up to {to}"),
            Self::Cut(signature) => format!("⚠ the log of {signature} was cut; events at its end are missing"),
            Self::Missing(signature) => format!("⚠ the node no longer has {signature}"),
        }
    }

    /// It as JSON.
    pub fn json(&self) -> Value {
        match self {
            Self::Event(signature, slot, event) => json!({
                "type": "event", "signature": signature.to_string(), "slot": slot, "time": format::calendar(event.header().time),
                "event": json::event(event),
            }),
            Self::Gap { address, after, to } => json!({ "type": "gap", "address": address.to_string(), "after": after, "to": to }),
            Self::Cut(signature) => json!({ "type": "cut", "signature": signature.to_string() }),
            Self::Missing(signature) => json!({ "type": "missing", "signature": signature.to_string() }),
        }
    }
}

/// An event in short, and what a reader wants to know besides: whose act it was, and what was said.
pub fn told(event: &AnyEvent, naming: &dyn Naming) -> String {
    let (brief, fields) = (events::brief(event, naming), events::fields(event));
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let actor = ["wallet", "sender", "writer", "depositor", "inviter"].into_iter().find_map(text);
    let by =
        actor.map(|who| who.parse().map_or_else(|_| who.to_owned(), |address| naming.who(&address))).filter(|who| !brief.contains(who));
    let said = text("message").map(|message| format!(": {message:?}"));
    let besides: String = by.map(|who| format!(" by {who}")).into_iter().chain(said).collect();
    format!("{brief}{besides}")
}

/// Reads the past of the session at an address, with that id if it is known.
///
/// # Errors
/// The ledger's.
pub async fn read<L: Ledger>(context: &Context<'_, L>, session: &Address, id: Option<[u8; 32]>, limit: usize) -> Result<Past, Failed> {
    // Before the history, so that everything they know of is in it.
    let now = context.snapshot(*session).await?;
    let id = account::session(&now).map(|session| session.id).ok().or(id);
    let mut present: Vec<(Address, u64)> =
        account::session(&now).map(|state| (*session, state.header.event_revision)).into_iter().collect();
    for (address, account) in context.ledger.children(session).await? {
        let child = account::child(&Snapshot { slot: 0, account: Some(account) });
        present.extend(child.map(|child| (address, child.header.event_revision)));
    }
    let (entries, complete) = entries(context, session, limit).await?;
    let mut past = Past { complete, transactions: entries.len(), found: Vec::new() };
    let mut reader = Reader::new(*session, id, complete);
    reader.read_all(context.ledger, &entries, &mut past.found).await?;
    for (address, revision) in present {
        let after = reader.last.get(&address).copied();
        if after.unwrap_or(0) < revision && (complete || after.is_some()) {
            past.found.push(Found::Gap { address, after: after.unwrap_or(0), to: revision });
        }
    }
    Ok(past)
}

/// The newest transactions that name the session, newest first, and whether these are all.
async fn entries<L: Ledger>(context: &Context<'_, L>, session: &Address, limit: usize) -> Result<(Vec<Entry>, bool), Failed> {
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let wanted = PAGE.min(limit.saturating_sub(entries.len()));
        if wanted == 0 {
            let more = context.ledger.history(session, entries.last().map(|entry| entry.signature), 1).await?;
            return Ok((entries, more.is_empty()));
        }
        let page = context.ledger.history(session, entries.last().map(|entry| entry.signature), wanted).await?;
        let is_last = page.is_empty();
        entries.extend(page);
        if is_last {
            return Ok((entries, true));
        }
    }
}

/// What was read of each account so far.
#[derive(Debug)]
pub struct Reader {
    session: Address,
    id: Option<[u8; 32]>,
    complete: bool,
    /// The revision that the last event of each account told of.
    last: BTreeMap<Address, u64>,
}

impl Reader {
    /// Nothing yet, of the session at an address, with that id if it is known; `complete` if its first transaction is going to be read.
    pub const fn new(session: Address, id: Option<[u8; 32]>, complete: bool) -> Self {
        Self { session, id, complete, last: BTreeMap::new() }
    }

    /// Reads transactions, which are listed from the newest to the oldest: all of them, or none.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn read_all<L: Ledger>(&mut self, ledger: &L, entries: &[Entry], found: &mut Vec<Found>) -> Result<(), Failed> {
        let wanted: Vec<Signature> = entries.iter().rev().filter(|entry| !entry.failed).map(|entry| entry.signature).collect();
        let ask = |signature: Signature| {
            let ledger = ledger.clone();
            async move { (signature, ledger.receipt(&signature).await) }
        };
        let (id, last, known) = (self.id, self.last.clone(), found.len());
        let mut receipts = stream::iter(wanted).map(ask).buffered(AT_ONCE);
        while let Some((signature, receipt)) = receipts.next().await {
            match receipt {
                Ok(Some(receipt)) => self.read(&receipt, found),
                Ok(None) => found.push(Found::Missing(signature)),
                // All of them are read again then, and would else seem to come behind themselves.
                Err(error) => {
                    (self.id, self.last) = (id, last);
                    found.truncate(known);
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    fn read(&mut self, receipt: &Receipt, found: &mut Vec<Found>) {
        for event in &receipt.events {
            let header = event.header();
            if header.address == self.session {
                self.id = Some(header.session_id);
            }
            // A transaction can be about several sessions.
            if self.id.is_some_and(|id| id != header.session_id) {
                continue;
            }
            let last = self.last.insert(header.address, header.revision);
            // An account that was deleted and made again begins anew.
            let missing = header.previous > 0 && last.map_or(self.complete, |last| last != header.previous);
            if missing {
                found.push(Found::Gap { address: header.address, after: last.unwrap_or(0), to: header.previous });
            }
            found.push(Found::Event(receipt.signature, receipt.slot, Box::new(*event)));
        }
        if is_truncated(receipt.logs.iter().map(String::as_str)) {
            found.push(Found::Cut(receipt.signature));
        }
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        sessions_client::core::events::{About, SessionPaused},
    };

    const SESSION: Address = Address::new_from_array([1; 32]);

    fn event(id: u8, revision: u64, previous: u64) -> AnyEvent {
        SessionPaused::new(About { session_id: &[id; 32], address: &SESSION, revision, previous, time: 9 }).into()
    }

    fn read(complete: bool, events: &[AnyEvent], logs: &[&str]) -> Vec<String> {
        let mut reader = Reader::new(SESSION, None, complete);
        let mut found = Vec::new();
        for event in events {
            let receipt = Receipt {
                signature: Signature::default(),
                slot: 1,
                failure: None,
                compute_units: 0,
                fee: 0,
                logs: logs.iter().map(|line| (*line).to_owned()).collect(),
                events: vec![*event],
                returned: Vec::new(),
            };
            reader.read(&receipt, &mut found);
        }
        let short = |found: &Found| match found {
            Found::Event(_, _, event) => event.header().revision.to_string(),
            Found::Gap { after, to, .. } => format!("{after}..{to}"),
            Found::Cut(_) => "cut".into(),
            Found::Missing(_) => "missing".into(),
        };
        found.iter().map(short).collect()
    }

    #[test]
    fn an_event_that_is_missing_is_told_where_it_is_missing() {
        assert_eq!(read(true, &[event(1, 1, 0), event(1, 2, 1), event(1, 5, 2)], &[]), ["1", "2", "5"], "silent writes are no gaps");
        assert_eq!(read(true, &[event(1, 1, 0), event(1, 5, 3)], &[]), ["1", "1..3", "5"]);
        assert_eq!(read(true, &[event(1, 5, 3)], &[]), ["0..3", "5"], "the first ones are missing");
        assert_eq!(read(false, &[event(1, 5, 3)], &[]), ["5"], "they were not looked for");
        assert_eq!(read(true, &[event(1, 5, 0), event(1, 2, 0)], &[]), ["5", "2"], "an account that was made again begins anew");
    }

    #[test]
    fn a_log_that_was_cut_is_told() {
        assert_eq!(read(true, &[event(1, 1, 0)], &["Log truncated"]), ["1", "cut"]);
    }
}
