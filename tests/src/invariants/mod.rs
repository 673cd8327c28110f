//! What holds after every transaction, whatever it was. Later accounts add their part here.
//!
//! | module | is about |
//! |---|---|
//! | [`session`] | how a session changes from one transaction to the next |
//! | [`child`] | how what belongs to a session does |
//! | [`rent`] | where lamports go |

mod child;
mod rent;
mod session;

use {
    crate::World,
    sessions_client::{
        address,
        core::{
            AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionState,
            events::AnyEvent,
            state::{AccountHeader, Child},
        },
        ledger::Receipt,
    },
    solana_account::{Account, ReadableAccount},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// An account of the program.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// A session, which is by far the largest.
    Session(Box<SessionState>),
    /// A membership.
    Member(MemberState),
    /// An invitation to a wallet.
    Invitation(InvitationState),
    /// A token.
    Token(InviteTokenState),
    /// A shared value, and its bytes.
    Property(PropertyState, Vec<u8>),
    /// A call that members may make.
    Function(FunctionState),
    /// What a member may take out of the vault.
    Allowance(Box<AllowanceState>),
    /// What a session lets another do.
    Grant(AccessGrantState),
}

impl Stored {
    /// What an account of the program holds; `None` if a test put something there that no transaction makes.
    fn read(data: &[u8]) -> Option<Self> {
        let found = [
            SessionState::read(data).ok().map(Box::new).map(Self::Session),
            MemberState::read(data).ok().map(Self::Member),
            InvitationState::read(data).ok().map(Self::Invitation),
            InviteTokenState::read(data).ok().map(Self::Token),
            PropertyState::read_with_value(data).ok().map(|(state, value)| Self::Property(state, value.to_vec())),
            FunctionState::read(data).ok().map(Self::Function),
            AllowanceState::read(data).ok().map(Box::new).map(Self::Allowance),
            AccessGrantState::read(data).ok().map(Self::Grant),
        ];
        found.into_iter().flatten().next()
    }

    fn header(&self) -> &AccountHeader {
        match self {
            Self::Session(state) => &state.header,
            Self::Member(state) => &state.header,
            Self::Invitation(state) => &state.header,
            Self::Token(state) => &state.header,
            Self::Property(state, _) => &state.header,
            Self::Function(state) => &state.header,
            Self::Allowance(state) => &state.header,
            Self::Grant(state) => &state.header,
        }
    }

    fn session(&self) -> Option<&SessionState> {
        if let Self::Session(state) = self { Some(state) } else { None }
    }

    fn invariant(&self) -> Result<(), &'static str> {
        match self {
            Self::Session(state) => state.invariant(),
            Self::Member(state) => state.invariant(),
            Self::Invitation(state) => state.invariant(),
            Self::Token(state) => state.invariant(),
            Self::Property(state, _) => state.invariant(),
            Self::Function(state) => state.invariant(),
            Self::Allowance(state) => state.invariant(),
            Self::Grant(state) => state.invariant(),
        }
    }
}

/// Everything on the ledger that the invariants are about.
pub struct Ledgers {
    /// The program's accounts.
    accounts: BTreeMap<Address, Account>,
    /// Lamports of all accounts there are.
    balances: BTreeMap<Address, u64>,
    /// Whether a test has written something that no transaction could: then accounts need not fit together.
    forged: bool,
}

impl Ledgers {
    /// What there is now.
    pub fn of(world: &World) -> Self {
        let balances = world
            .ledger
            .with_svm(|svm| svm.accounts_db().inner.iter().map(|(address, account)| (*address, account.lamports())).collect())
            .unwrap();
        Self { accounts: world.program_accounts().into_iter().collect(), balances, forged: world.is_forged() }
    }

    fn balance(&self, address: &Address) -> u64 {
        self.balances.get(address).copied().unwrap_or_default()
    }

    fn stored(&self, address: &Address) -> Option<Stored> {
        self.accounts.get(address).and_then(|account| Stored::read(&account.data))
    }

    fn session(&self, address: &Address) -> Option<SessionState> {
        self.stored(address)?.session().copied()
    }

    fn lamports(&self) -> u128 {
        self.balances.values().map(|lamports| u128::from(*lamports)).sum()
    }

    /// What belongs to this life of the session at `address`.
    fn children(&self, address: &Address, epoch: u64) -> Vec<Stored> {
        let children = self.accounts.values().filter(|account| {
            let child = Child::read(&account.data);
            child.is_some_and(|child| child.session == *address && child.header.epoch == epoch)
        });
        children.filter_map(|account| Stored::read(&account.data)).collect()
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
    if after.forged {
        return;
    }
    rent::check(before, after, receipt);
    for address in before.accounts.keys().chain(after.accounts.keys().filter(|address| !before.accounts.contains_key(*address))) {
        let events: Vec<_> = receipt.events.iter().filter(|event| event.header().address == *address).collect();
        let states = (before.stored(address), after.stored(address));
        if let Some(state) = &states.1 {
            state.invariant().unwrap_or_else(|rule| panic!("{address}: {rule}\n{state:#?}"));
        }
        match states {
            (Some(Stored::Session(_)), _) | (_, Some(Stored::Session(_))) => session::check(before, after, address, &events, receipt),
            (earlier, later) => child::check(before, after, earlier.as_ref(), later.as_ref(), &events),
        }
    }
}

/// How often the program was called at the top of a transaction.
fn calls(receipt: &Receipt) -> usize {
    let call = format!("Program {} invoke [1]", address::PROGRAM);
    receipt.logs.iter().filter(|line| **line == call).count()
}

/// The events about an account tell of a chain of revisions that begins at the last one told of and ends at `told`.
#[track_caller]
fn check_events(session_id: &[u8; 32], before: u64, events: &[&AnyEvent], told: u64) {
    let mut last = before;
    for header in events.iter().map(|event| event.header()) {
        assert_eq!(header.session_id, *session_id, "an event names its session");
        assert_eq!(header.previous, last, "an event names the one before it");
        assert!(header.revision > last, "revisions rise from event to event");
        last = header.revision;
    }
    assert_eq!(last, told, "the account knows its last event");
}
