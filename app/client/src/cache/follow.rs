//! Following sessions: a change on the ledger has the session read again.
//!
//! A notification is only a hint. A subscription that ends is renewed, and then the session is read again whatever is known of it.

use {
    super::shared::Shared,
    crate::ledger::{Ledger, Snapshot},
    futures::{StreamExt, stream::FuturesUnordered},
    lru::LruCache,
    solana_address::Address,
    std::{num::NonZeroUsize, sync::Arc},
    tokio::{sync::watch, task::AbortHandle},
};

/// The sessions that are followed: those that were loaded last.
pub(super) struct Following {
    followed: LruCache<Address, (Vec<Address>, AbortHandle)>,
}

impl Following {
    pub fn new(most: usize) -> Self {
        Self { followed: LruCache::new(NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN)) }
    }

    /// Follows these accounts of a session, in place of those that were followed before, if they were not all of these.
    pub fn follow<L: Ledger>(&mut self, shared: &Arc<Shared<L>>, session: Address, accounts: Vec<Address>) {
        if self.followed.get(&session).is_some_and(|(former, _)| accounts.iter().all(|account| former.contains(account))) {
            return;
        }
        let task = tokio::spawn(follow(Arc::clone(shared), session, accounts.clone())).abort_handle();
        if let Some((_, (_, former))) = self.followed.push(session, (accounts, task)) {
            former.abort();
        }
    }

    pub fn unfollow(&mut self, session: &Address) {
        if let Some((_, task)) = self.followed.pop(session) {
            task.abort();
        }
    }

    pub fn end(&mut self) {
        while let Some((_, (_, task))) = self.followed.pop_lru() {
            task.abort();
        }
    }
}

/// Follows a session until it is aborted.
async fn follow<L: Ledger>(shared: Arc<Shared<L>>, session: Address, accounts: Vec<Address>) {
    loop {
        let mut changes = FuturesUnordered::new();
        for account in &accounts {
            if let Ok(receiver) = shared.ledger.subscribe(*account).await {
                changes.push(next(receiver));
            }
        }
        let complete = changes.len() == accounts.len();
        // What changed before the subscription began is not told by it.
        shared.with(|state| state.core.refresh(&session));
        while complete && let Some(Some((slot, receiver))) = changes.next().await {
            shared.with(|state| state.core.hint(&session, slot));
            changes.push(next(receiver));
        }
        tokio::time::sleep(shared.options.poll).await;
    }
}

/// The slot of an account's next change, and the subscription for the one after; `None` if it ended.
async fn next(mut receiver: watch::Receiver<Snapshot>) -> Option<(u64, watch::Receiver<Snapshot>)> {
    receiver.changed().await.ok()?;
    let slot = receiver.borrow_and_update().slot;
    Some((slot, receiver))
}
