//! Where what is shown comes from: the session and its members from the client's cache, which follows them, and what happened from the session's
//! transactions.

use {
    super::super::past::{Found, Reader},
    crate::{context::Open, describe::Described, failed::Failed, report::format::one_line},
    sessions_client::{
        Ledger,
        address::{self, PROGRAM},
        cache::{
            Options, ReadError, SessionCache, SubmitError, Watch,
            core::{Freshness, Operation, OperationId, Stage},
            options::Keys,
        },
        core::{MemberState, SessionError, SessionState},
        instruction,
        ledger::{Entry, Snapshot},
    },
    solana_account::Account,
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    solana_signature::Signature,
    std::time::{Duration, Instant},
    tokio::sync::mpsc::Sender,
};

/// How many of the last transactions are read at first, and at once later.
const PAGE: usize = 50;
/// The most members that are shown: a cache holds a hundred accounts of a session.
pub const MOST_MEMBERS: usize = 90;
/// How long nothing has to happen until it is looked all the same: not every write is of an account that is followed.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// What was seen of a session.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The session; `None` once it is deleted.
    pub session: Option<SessionSeen>,
    /// Its memberships, those who left included.
    pub members: Vec<MemberState>,
    /// How many members there are besides.
    pub more_members: usize,
    /// What the vault has, in lamports.
    pub vault: u64,
    /// What happened since it was looked last.
    pub found: Vec<Found>,
    /// The operations of this cache that are not over.
    pub pending: Vec<(OperationId, Stage)>,
    /// The chain's clock.
    pub now: i64,
}

/// A session as a reader sees it.
#[derive(Clone, Debug)]
pub struct SessionSeen {
    /// Its state.
    pub state: SessionState,
    /// Its fields by name.
    pub described: Described,
    /// How fresh that is.
    pub freshness: Freshness,
    /// How long ago the confirmed state under it was read.
    pub age: Duration,
}

/// What comes of an operation.
#[derive(Clone, Debug)]
pub enum News {
    /// It was taken on, as this one.
    Taken(OperationId),
    /// It has come this far.
    Staged(OperationId, Stage),
    /// It was not taken on, and why.
    Refused(String),
}

/// Looks at a session.
pub struct Source<L: Ledger> {
    ledger: L,
    cache: SessionCache<L>,
    session: Address,
    wallet: Address,
    changes: Watch,
    reader: Reader,
    last: Option<Signature>,
    /// What was found and not given to anybody yet.
    found: Vec<Found>,
    /// The revision of the session that the last event told of.
    revision: u64,
    /// When it was last had read again because of that.
    refreshed: Instant,
    members: Vec<Address>,
}

impl<L: Ledger> Source<L> {
    /// Looks at a session that is there, with a wallet's key.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn open(ledger: L, session: &Open, key: Keypair) -> Result<Self, Failed> {
        let (address, wallet) = (session.address(), key.pubkey());
        let cache = SessionCache::open(ledger.clone(), Options::new(Keys::new(key, []))).await.map_err(|error| failed(&error))?;
        let changes = cache.watch(&address);
        let reader = Reader::new(address, Some(session.state.id), false);
        Ok(Self {
            ledger,
            cache,
            session: address,
            wallet,
            changes,
            reader,
            last: None,
            found: Vec::new(),
            revision: 0,
            refreshed: Instant::now(),
            members: Vec::new(),
        })
    }

    /// The cache, to send by.
    pub fn sender(&self) -> Outbox<L> {
        Outbox { cache: self.cache.clone(), session: self.session, wallet: self.wallet }
    }

    /// Looks.
    ///
    /// # Errors
    /// The ledger's, and a layout that this client does not know.
    pub async fn look(&mut self) -> Result<Seen, Failed> {
        self.news().await?;
        if self.members.is_empty() || !self.found.is_empty() {
            let children = self.ledger.children(&self.session).await?;
            let is_member = |account: &Account| account.data.starts_with(&MemberState::DISCRIMINATOR);
            self.members = children.into_iter().filter(|(_, account)| is_member(account)).map(|(address, _)| address).collect();
        }
        let more_members = self.members.len().saturating_sub(MOST_MEMBERS);
        let shown: Vec<Address> = self.members.iter().take(MOST_MEMBERS).copied().collect();
        let wanted: Vec<Address> = [self.session].into_iter().chain(shown.iter().copied()).collect();
        self.cache.load(&self.session, &wanted).await.map_err(unread)?;
        let session = self.session().await?;
        // An event says for sure that what is held is not the newest, whatever the web socket is silent about.
        let is_behind = session.as_ref().is_some_and(|session| session.state.header.event_revision < self.revision);
        if !self.found.is_empty() || is_behind && self.refreshed.elapsed() >= PATIENCE {
            self.cache.refresh(&self.session);
            self.refreshed = Instant::now();
        }
        let members = shown.iter().filter_map(|member| Some(self.cache.member_at_hand(&self.session, member)?.value)).collect();
        let vault = self.ledger.read(&[address::vault(&self.session)]).await?;
        let vault = vault.first().and_then(|snapshot| snapshot.account.as_ref()).map_or(0, |account| account.lamports);
        let now = self.ledger.clock().await?.unix_timestamp;
        let found = std::mem::take(&mut self.found);
        Ok(Seen { session, members, more_members, vault, found, pending: self.cache.pending(&self.session), now })
    }

    async fn session(&self) -> Result<Option<SessionSeen>, Failed> {
        let unknown = |_: SessionError| Failed::unknown_version(&self.session);
        let reading = self.cache.account(&self.session, &self.session).await.map_err(unread)?;
        if reading.value.is_empty() {
            return Ok(None);
        }
        let (state, age) = (SessionState::read(&reading.value).map_err(unknown)?, reading.age());
        let account = Account { owner: PROGRAM, data: reading.value, ..Account::default() };
        let described = Described::read(&Snapshot { slot: reading.freshness.slot, account: Some(account) }).map_err(unknown)?;
        Ok(described.map(|described| SessionSeen { state, described, freshness: reading.freshness, age }))
    }

    /// Finds what happened since the last time.
    async fn news(&mut self) -> Result<(), Failed> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let before = entries.last().map(|entry| entry.signature);
            let page = self.ledger.history(&self.session, before, PAGE).await?;
            let known = page.iter().position(|entry| Some(entry.signature) == self.last);
            let is_last = page.len() < PAGE || known.is_some() || self.last.is_none();
            entries.extend(page.into_iter().take(known.unwrap_or(PAGE)));
            if is_last {
                break;
            }
        }
        let known = self.found.len();
        self.reader.read_all(&self.ledger, &entries, &mut self.found).await?;
        self.last = entries.first().map(|entry| entry.signature).or(self.last);
        for found in self.found.iter().skip(known) {
            if let Found::Event(_, _, event) = found
                && event.header().address == self.session
            {
                self.revision = event.header().revision;
            }
        }
        Ok(())
    }

    /// Waits until there may be something new.
    pub async fn changed(&mut self) {
        // Whether something changed or not, it is looked.
        let _ = tokio::time::timeout(PATIENCE, self.changes.changed()).await;
    }
}

/// What sends to a session.
pub struct Outbox<L: Ledger> {
    cache: SessionCache<L>,
    session: Address,
    wallet: Address,
}

impl<L: Ledger> Outbox<L> {
    /// Has the session read again.
    pub fn refresh(&self) {
        self.cache.refresh(&self.session);
    }

    /// Sends a message to everyone, and tells what comes of it until it is over.
    pub fn broadcast(&self, text: &str, news: Sender<News>) {
        let instructions = vec![instruction::broadcast_message(self.wallet, self.session, self.wallet, text.as_bytes())];
        let (cache, operation) = (self.cache.clone(), Operation { session: self.session, instructions, after: None });
        tokio::spawn(async move {
            // Where nobody listens any more, it goes on all the same.
            let mut pending = match cache.submit(operation).await {
                Ok(pending) => pending,
                Err(error) => return drop(news.send(News::Refused(refusal(&error))).await),
            };
            let _ = news.send(News::Taken(pending.id())).await;
            let mut stage = Some(pending.stage());
            while let Some(at) = stage {
                let is_over = at.is_final();
                let _ = news.send(News::Staged(pending.id(), at)).await;
                stage = if is_over { None } else { pending.next().await };
            }
        });
    }

    /// Waits for what is pending, but not for ever. Gives how much is pending still.
    pub async fn close(self, patience: Duration) -> usize {
        self.cache.close(patience).await
    }
}

fn unread(error: ReadError) -> Failed {
    match error {
        ReadError::Ledger(error) => error.into(),
        other => failed(&other),
    }
}

fn failed(error: &dyn std::error::Error) -> Failed {
    Failed::unusable("NotWatched", error.to_string(), "try again; `sessions show SESSION` looks once")
}

/// Why a message was not taken on, in one line.
fn refusal(error: &SubmitError) -> String {
    one_line(&error.to_string())
}
