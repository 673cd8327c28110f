//! What a reader gets, and how fresh it is.

use {
    super::{SessionCache, shared::millis_since},
    crate::{
        address,
        ledger::{Ledger, LedgerError},
    },
    sessions_cache::Freshness,
    sessions_core::{MemberState, SessionError, SessionState},
    solana_address::Address,
    std::time::Duration,
    tokio::{sync::watch, time::Instant},
};

/// Something that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// What a reader sees.
    pub value: T,
    /// How sure that is.
    pub freshness: Freshness,
    /// The beginning of the cache's clock, by which `freshness.read_at` counts.
    pub(super) begun: Instant,
}

impl<T> Reading<T> {
    /// How long ago the confirmed state under it was read, as of when this is asked.
    pub fn age(&self) -> Duration {
        Duration::from_millis(self.freshness.age(millis_since(self.begun)))
    }
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such account, or one whose layout this client does not know.
    #[error("{0}")]
    Session(#[from] SessionError),
    /// The ledger could not be read.
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    /// The session would have more accounts than the cache holds of one.
    #[error("{0}")]
    Full(#[from] sessions_cache::SubmitError),
    /// The cache was closed.
    #[error("the cache was closed; open another")]
    Closed,
}

/// Tells of changes of what a reader sees of a session.
pub struct Watch(watch::Receiver<()>);

impl Watch {
    /// Waits until what a reader sees may have changed since the last time; `false` if the cache is gone.
    pub async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

impl<L: Ledger> SessionCache<L> {
    /// A session as a reader sees it, from memory if it is held.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn session(&self, session: &Address) -> impl Future<Output = Result<Reading<SessionState>, ReadError>> + Send {
        self.made(*session, *session, SessionState::read)
    }

    /// A membership as a reader sees it, from memory if it is held.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn member(&self, session: &Address, wallet: &Address) -> impl Future<Output = Result<Reading<MemberState>, ReadError>> + Send {
        self.made(*session, address::member(session, wallet), MemberState::read)
    }

    /// The data of any account of a session as a reader sees it; none if it is not there. From memory if it is held; if not it is loaded once,
    /// however many ask, and held from then on.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn account(&self, session: &Address, account: &Address) -> impl Future<Output = Result<Reading<Vec<u8>>, ReadError>> + Send {
        self.made(*session, *account, |data| Ok(data.to_vec()))
    }

    /// Makes something of an account's data, from memory if it is held, or else once it is.
    ///
    /// Its callers hand this future on rather than await it, and what loads is in a box, for each future around this one moves what is read once more.
    async fn made<T, M>(&self, session: Address, account: Address, make: M) -> Result<Reading<T>, ReadError>
    where
        M: Fn(&[u8]) -> Result<T, SessionError>,
    {
        if let Some(reading) = self.at_hand(&session, &account, &make) {
            return Ok(reading);
        }
        Box::pin(self.load(&session, &[account])).await?;
        let mut error = None;
        let reading = self.at_hand(&session, &account, |data| make(data).map_err(|why| *error.insert(why)));
        reading.ok_or_else(|| error.map_or(ReadError::Closed, ReadError::Session))
    }

    /// A session as a reader sees it, if it is held. It does not wait.
    pub fn session_at_hand(&self, session: &Address) -> Option<Reading<SessionState>> {
        self.at_hand(session, session, SessionState::read)
    }

    /// A membership as a reader sees it, if it is held. It does not wait.
    pub fn member_at_hand(&self, session: &Address, member: &Address) -> Option<Reading<MemberState>> {
        self.at_hand(session, member, MemberState::read)
    }

    /// Makes something of an account's data, if they are held and it can be made, under the lock and in its place: to copy a state is most of a reading.
    #[inline]
    fn at_hand<T>(&self, session: &Address, account: &Address, make: impl FnOnce(&[u8]) -> Result<T, SessionError>) -> Option<Reading<T>> {
        let begun = self.handle.shared.begun;
        self.handle.shared.read(|state| {
            let (found, freshness) = state.core.read(session, account)?;
            let data = found.filter(|account| account.owner == address::PROGRAM).map_or(&[][..], |account| &account.data);
            match make(data) {
                Ok(value) => Some(Reading { value, freshness, begun }),
                Err(_) => None,
            }
        })
    }

    /// Has accounts of a session held, and waits until they are.
    ///
    /// # Errors
    /// [`ReadError`]; what was held before is held still.
    pub async fn load(&self, session: &Address, accounts: &[Address]) -> Result<(), ReadError> {
        let shared = &self.handle.shared;
        let mut stopping = shared.stopping();
        let mut watch = shared.with(|state| {
            state.failed.remove(session);
            state.watch(*session)
        });
        loop {
            if *stopping.borrow_and_update() {
                return Err(ReadError::Closed);
            }
            let held = shared.with(|state| match state.failed.get(session) {
                Some(error) => Err(ReadError::Ledger(error.clone())),
                None => {
                    let held = state.core.want(session, accounts)?;
                    if !held {
                        state.resting.remove(session);
                    }
                    Ok(held)
                }
            });
            if held? {
                return Ok(());
            }
            tokio::select! {
                changed = watch.changed() => changed.map_err(|_| ReadError::Closed)?,
                _ = stopping.changed() => {}
            }
        }
    }

    /// Has a session read again, whatever is held of it.
    pub fn refresh(&self, session: &Address) {
        self.handle.shared.with(|state| state.core.refresh(session));
    }

    /// Tells of changes of what a reader sees of a session.
    pub fn watch(&self, session: &Address) -> Watch {
        Watch(self.handle.shared.with(|state| state.watch(*session)))
    }
}
