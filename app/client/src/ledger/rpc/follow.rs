//! Accounts that are followed, through one web-socket connection.
//!
//! One task owns the connection and everything that is followed; there is a second one inside the client library, and no more, however many
//! accounts there are. There is a connection only while something is followed. One that breaks is made again, with a pause that grows and jitter,
//! and then every account is read again. An older slot never takes the place of a newer one. The task ends when the last handle is dropped.

use {
    super::{error, node::Node, url},
    crate::ledger::{Commitment, LedgerError, MAX_READ, Snapshot},
    backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder},
    futures::{
        FutureExt, StreamExt,
        future::BoxFuture,
        stream::{self, BoxStream, FuturesUnordered, SelectAll},
    },
    solana_account_decoder_client_types::UiAccount,
    solana_address::Address,
    solana_pubsub_client::nonblocking::pubsub_client::PubsubClient,
    solana_pubsub_client::pubsub_client::PubsubClientError,
    solana_rpc_client_api::response::Response,
    std::{
        collections::HashMap,
        sync::{Arc, Mutex, PoisonError},
        time::Duration,
    },
    tokio::{
        runtime::Handle,
        sync::{mpsc, oneshot, watch},
        time::{Instant, interval_at, sleep, timeout},
    },
};

/// The most accounts that are followed at once.
const MAX_FOLLOWED: usize = 10_000;

/// How many requests to follow wait for the task.
const WAITING: usize = 64;

/// How long the other side has to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// The pause before the connection is made again, at first and at most; up to as much again is jitter.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(10)];

/// How often everything is read again although the connection seems to stand: a notification can be lost.
const READ_AGAIN: Duration = Duration::from_secs(30);

type Told = watch::Sender<Snapshot>;

/// A request to follow an account.
struct Follow {
    address: Address,
    reply: oneshot::Sender<Result<watch::Receiver<Snapshot>, LedgerError>>,
}

/// What a handle and its clones follow.
#[derive(Default)]
pub struct Following(Mutex<Option<mpsc::Sender<Follow>>>);

impl Following {
    pub async fn subscribe(
        &self,
        address: Address,
        node: &Arc<Node>,
        websocket: &Arc<str>,
        commitment: Commitment,
        seed: u64,
    ) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        let hub = {
            // A panic in another thread cannot have left the sender half changed.
            let mut hub = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match &*hub {
                Some(running) if !running.is_closed() => running.clone(),
                _ => {
                    let runtime = Handle::try_current().map_err(|_| LedgerError::Closed)?;
                    let (sender, asked) = mpsc::channel(WAITING);
                    let new = Hub { node: node.clone(), websocket: websocket.clone(), commitment, followed: HashMap::new() };
                    runtime.spawn(new.run(asked, seed));
                    hub.insert(sender).clone()
                }
            }
        };
        let (reply, answer) = oneshot::channel();
        hub.send(Follow { address, reply }).await.map_err(|_| LedgerError::Closed)?;
        drop(hub);
        answer.await.map_err(|_| LedgerError::Closed)?
    }
}

/// Why a connection is no longer used.
enum End {
    /// Nobody follows anything.
    Idle,
    /// It broke.
    Broken,
    /// The last handle was dropped.
    Closed,
}

/// The task that follows.
struct Hub {
    node: Arc<Node>,
    websocket: Arc<str>,
    commitment: Commitment,
    followed: HashMap<Address, Told>,
}

impl Hub {
    async fn run(mut self, mut asked: mpsc::Receiver<Follow>, seed: u64) {
        let mut pauses = pauses(seed);
        let mut waiting = Vec::new();
        loop {
            self.followed.retain(|_, told| told.receiver_count() > 0);
            if self.followed.is_empty() && waiting.is_empty() {
                match asked.recv().await {
                    Some(follow) => waiting.push(follow),
                    None => return,
                }
            }
            let begun = Instant::now();
            match timeout(ANSWER, PubsubClient::new(&*self.websocket)).await {
                Ok(Ok(client)) => {
                    let end = self.serve(&client, &mut asked, &mut waiting).await;
                    // What the other side says to that is of no interest.
                    let _ = timeout(ANSWER, client.shutdown()).await;
                    match end {
                        End::Closed => return,
                        End::Idle => continue,
                        End::Broken => {}
                    }
                }
                Ok(Err(error)) => self.fail(&mut waiting, &self.translate(&error)),
                Err(_) => self.fail(&mut waiting, &LedgerError::Timeout { url: url::shown(&self.websocket) }),
            }
            if begun.elapsed() > PAUSES[1] {
                pauses = self::pauses(seed);
            }
            let pause = sleep(pauses.next().unwrap_or(PAUSES[1]));
            tokio::pin!(pause);
            loop {
                tokio::select! {
                    () = &mut pause => break,
                    follow = asked.recv() => match follow {
                        Some(follow) => waiting.push(follow),
                        None => return,
                    },
                }
            }
        }
    }

    fn fail(&self, waiting: &mut Vec<Follow>, error: &LedgerError) {
        for follow in waiting.drain(..) {
            // Who does not wait any more does not need to know.
            let _ = follow.reply.send(Err(error.clone()));
        }
    }

    /// Follows through this connection until it ends.
    async fn serve(&mut self, client: &PubsubClient, asked: &mut mpsc::Receiver<Follow>, waiting: &mut Vec<Follow>) -> End {
        let mut connection = Connection::new(client);
        let addresses: Vec<Address> = self.followed.keys().copied().collect();
        for address in &addresses {
            if self.open(&mut connection, *address).await.is_err() {
                return End::Broken;
            }
            connection.await_gone(*address, &self.followed);
        }
        if self.read_again().await.is_err() {
            return End::Broken;
        }
        for follow in std::mem::take(waiting) {
            if let Some(end) = self.admit(&mut connection, follow).await {
                return end;
            }
        }
        let mut again = interval_at(Instant::now() + READ_AGAIN, READ_AGAIN);
        loop {
            tokio::select! {
                follow = asked.recv() => match follow {
                    None => return End::Closed,
                    Some(follow) => if let Some(end) = self.admit(&mut connection, follow).await {
                        return end;
                    },
                },
                Some((address, number, told)) = connection.told.next() => match told {
                    Some(response) => self.notified(&address, &response),
                    // Its end is the connection's, unless it was ended on purpose.
                    None if connection.is_open(&address, number) => return End::Broken,
                    None => {}
                },
                Some(address) = connection.gone.next() => {
                    // Somebody may have come back.
                    if self.followed.get(&address).is_some_and(|told| told.receiver_count() == 0) {
                        self.followed.remove(&address);
                        connection.close(&address).await;
                        if self.followed.is_empty() {
                            return End::Idle;
                        }
                    } else {
                        connection.await_gone(address, &self.followed);
                    }
                },
                _ = again.tick() => if self.read_again().await.is_err_and(|error| !error.is_retryable()) {
                    return End::Broken;
                },
            }
        }
    }

    /// Begins to follow an account, or joins those who do.
    async fn admit(&mut self, connection: &mut Connection<'_>, follow: Follow) -> Option<End> {
        let Follow { address, reply } = follow;
        if let Some(told) = self.followed.get(&address) {
            let _ = reply.send(Ok(told.subscribe()));
            return None;
        }
        if self.followed.len() >= MAX_FOLLOWED {
            let asked = self.followed.len() + 1;
            let _ = reply.send(Err(LedgerError::TooMany { what: "followed accounts", asked, most: MAX_FOLLOWED }));
            return None;
        }
        // First the subscription, then the account: what changes in between is told.
        let opened = self.open(connection, address).await;
        let present = match opened {
            Ok(()) => self.node.read(&[address], self.commitment).await,
            Err(error) => {
                let broken = error.is_retryable();
                let _ = reply.send(Err(error));
                return broken.then_some(End::Broken);
            }
        };
        match present.map(|found| found.into_iter().next()) {
            Ok(Some(present)) => {
                let (told, receiver) = watch::channel(present);
                self.followed.insert(address, told);
                connection.await_gone(address, &self.followed);
                // If nobody waits any more, the receiver is gone, which is noticed as ever.
                let _ = reply.send(Ok(receiver));
            }
            Ok(None) => connection.close(&address).await,
            Err(error) => {
                connection.close(&address).await;
                let _ = reply.send(Err(error));
            }
        }
        None
    }

    async fn open(&self, connection: &mut Connection<'_>, address: Address) -> Result<(), LedgerError> {
        let config = self.node.account_config(self.commitment);
        match timeout(ANSWER, connection.client.account_subscribe(&address, Some(config))).await {
            Ok(Ok((told, unsubscribe))) => {
                connection.add(address, told, Box::new(unsubscribe));
                Ok(())
            }
            Ok(Err(error)) => Err(self.translate(&error)),
            Err(_) => Err(LedgerError::Timeout { url: url::shown(&self.websocket) }),
        }
    }

    async fn read_again(&self) -> Result<(), LedgerError> {
        let addresses: Vec<Address> = self.followed.keys().copied().collect();
        for part in addresses.chunks(MAX_READ) {
            for (address, snapshot) in part.iter().zip(self.node.read(part, self.commitment).await?) {
                if let Some(told) = self.followed.get(address) {
                    offer(told, snapshot, false);
                }
            }
        }
        Ok(())
    }

    fn notified(&self, address: &Address, response: &Response<UiAccount>) {
        if let Some(told) = self.followed.get(address)
            // What cannot be read is read again with everything else.
            && let Ok(account) = super::decode::account(&self.websocket, Some(&response.value))
        {
            offer(told, Snapshot { slot: response.context.slot, account }, true);
        }
    }

    fn translate(&self, error: &PubsubClientError) -> LedgerError {
        let url = url::shown(&self.websocket);
        match error {
            PubsubClientError::SubscribeFailed { reason, .. } | PubsubClientError::RequestFailed { reason, .. } => {
                LedgerError::Refused { url, reason: error::short(reason) }
            }
            PubsubClientError::ConnectionError(cause) | PubsubClientError::WsError(cause) => {
                LedgerError::Unreachable { url, reason: error::short(&cause.to_string()) }
            }
            other => LedgerError::Unreachable { url, reason: error::short(&other.to_string()) },
        }
    }
}

/// Puts a snapshot in the place of an older one, and tells the followers if it is another. At the same slot a notification is the newer: what was
/// read at a slot can be from before its last change.
fn offer(told: &Told, snapshot: Snapshot, notified: bool) {
    told.send_if_modified(|present| {
        if snapshot.slot < present.slot || (snapshot.slot == present.slot && !notified) {
            return false;
        }
        let changed = snapshot.account != present.account;
        *present = snapshot;
        changed
    });
}

fn pauses(seed: u64) -> ExponentialBackoff {
    let [first, longest] = PAUSES;
    ExponentialBuilder::default()
        .with_min_delay(first)
        .with_max_delay(longest)
        .without_max_times()
        .with_jitter()
        .with_jitter_seed(seed)
        .build()
}

type Unsubscribe = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;
type Notifications<'a> = BoxStream<'a, (Address, u64, Option<Response<UiAccount>>)>;

/// What is subscribed to through a connection.
struct Connection<'a> {
    client: &'a PubsubClient,
    /// Each subscription has a number of its own, so that the end of an old one is not taken for that of a new one.
    open: HashMap<Address, (u64, Unsubscribe)>,
    opened: u64,
    /// What the accounts are told to be; `None` when a subscription ends.
    told: SelectAll<Notifications<'a>>,
    /// Resolves to an account whose last follower is gone.
    gone: FuturesUnordered<BoxFuture<'static, Address>>,
}

impl<'a> Connection<'a> {
    fn new(client: &'a PubsubClient) -> Self {
        Self { client, open: HashMap::new(), opened: 0, told: SelectAll::new(), gone: FuturesUnordered::new() }
    }

    fn add(&mut self, address: Address, told: BoxStream<'a, Response<UiAccount>>, unsubscribe: Unsubscribe) {
        self.opened += 1;
        let number = self.opened;
        self.open.insert(address, (number, unsubscribe));
        let end = stream::once(async { None });
        self.told.push(told.map(Some).chain(end).map(move |told| (address, number, told)).boxed());
    }

    fn is_open(&self, address: &Address, number: u64) -> bool {
        self.open.get(address).is_some_and(|(open, _)| *open == number)
    }

    fn await_gone(&self, address: Address, followed: &HashMap<Address, Told>) {
        if let Some(told) = followed.get(&address).cloned() {
            self.gone.push(async move { told.closed().await }.map(move |()| address).boxed());
        }
    }

    async fn close(&mut self, address: &Address) {
        if let Some((_, unsubscribe)) = self.open.remove(address) {
            // If the other side does not answer, the connection is broken, and its end will tell.
            let _ = timeout(ANSWER, unsubscribe()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use {super::*, solana_account::Account};

    fn at(slot: u64, lamports: u64) -> Snapshot {
        Snapshot { slot, account: Some(Account { lamports, ..Account::default() }) }
    }

    #[test]
    fn an_older_slot_never_takes_the_place_of_a_newer_one() {
        let (told, mut follower) = watch::channel(at(5, 1));
        offer(&told, at(4, 2), true);
        offer(&told, at(4, 2), false);
        assert!(!follower.has_changed().unwrap());
        offer(&told, at(6, 3), false);
        assert_eq!(*follower.borrow_and_update(), at(6, 3));
    }

    #[test]
    fn at_the_same_slot_a_notification_counts_and_a_reading_does_not() {
        let (told, follower) = watch::channel(at(5, 1));
        offer(&told, at(5, 2), false);
        assert_eq!(*follower.borrow(), at(5, 1));
        offer(&told, at(5, 3), true);
        assert_eq!(*follower.borrow(), at(5, 3));
    }

    #[test]
    fn a_newer_slot_without_a_change_is_noted_and_not_told() {
        let (told, mut follower) = watch::channel(at(5, 1));
        follower.mark_unchanged();
        offer(&told, at(7, 1), false);
        assert!(!follower.has_changed().unwrap());
        assert_eq!(follower.borrow().slot, 7);
    }
}
