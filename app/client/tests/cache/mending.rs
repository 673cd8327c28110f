//! What went wrong for a while is made good by itself, and what was said of one thing is not taken for another.

use {
    super::{PATIENCE, Room, room},
    sessions_client::{
        Ledger, address,
        cache::{
            SubmitError,
            core::{Cause, OperationId, Stage},
            journal::{Journal, JournalError, Record, Stored, StoredError},
            reading::ReadError,
        },
        instruction,
        ledger::BLOCKHASH_BLOCKS,
    },
    std::{
        sync::{
            Arc, Condvar, Mutex,
            atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        },
        time::Duration,
    },
};

/// Longer than it takes until what could not be read is read once more.
const RECOVERY: Duration = Duration::from_secs(11);

fn unreadable(room: &Room, is: bool) {
    room.ledger.faults.unreadable.store(is, SeqCst);
}

/// What somebody else says in a session.
async fn said(room: &Room) {
    room.aside(&[instruction::broadcast_message(room.wallet, room.session, room.wallet, b"aside")]).await;
}

#[tokio::test(start_paused = true)]
async fn operations_of_an_earlier_life_go_on_although_their_session_could_not_be_read_at_first() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("journal");
    room.ledger.faults.swallows.store(true, SeqCst);
    let cache = room.cache_with(Stored::open(&path).unwrap()).await;
    let mut sent = cache.submit(room.say("one")).await.unwrap();
    let waiting = cache.submit(room.say("two")).await.unwrap();
    assert!(matches!(sent.next().await, Some(Stage::Sent)));
    let ids = [sent.id(), waiting.id()];
    assert_eq!(cache.close(Duration::ZERO).await, 2);
    drop((sent, waiting));

    room.ledger.faults.swallows.store(false, SeqCst);
    unreadable(&room, true);
    let cache = room.cache_with(Stored::open(&path).unwrap()).await;
    tokio::time::sleep(RECOVERY * 3).await;
    assert!(matches!(cache.session(&room.session).await, Err(ReadError::Ledger(_))), "who asks is told");
    unreadable(&room, false);
    for id in ids {
        assert!(matches!(cache.operation(id).unwrap().ended().await, Stage::Finalized { .. }));
    }
    assert_eq!(cache.session(&room.session).await.unwrap().value.message_sequence, 2);
    assert_eq!(cache.close(PATIENCE).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_change_that_could_not_be_read_is_read_later_without_being_asked_for() {
    let room = room().await;
    let cache = room.cache().await;
    assert_eq!(cache.session(&room.session).await.unwrap().value.message_sequence, 0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    unreadable(&room, true);
    said(&room).await;
    tokio::time::sleep(RECOVERY * 3).await;
    unreadable(&room, false);
    let mut watch = cache.watch(&room.session);
    while cache.session_at_hand(&room.session).unwrap().value.message_sequence == 0 {
        assert!(watch.changed().await);
    }
    assert_eq!(cache.close(PATIENCE).await, 0);
}

#[tokio::test(start_paused = true)]
async fn who_comes_to_wait_for_a_session_that_could_not_be_read_does_not_wait_for_the_pause() {
    let room = room().await;
    let cache = room.cache().await;
    cache.session(&room.session).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    unreadable(&room, true);
    said(&room).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    unreadable(&room, false);
    let member = address::member(&room.session, &room.wallet);
    let begun = tokio::time::Instant::now();
    cache.member(&room.session, &room.wallet).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(cache.member_at_hand(&room.session, &member).is_some());
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.message_sequence, 1, "and the rest is read with it");
    assert_eq!(cache.close(PATIENCE).await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_account_is_followed_also_if_others_could_not_be_read_before_it() {
    let room = room().await;
    let cache = room.cache().await;
    unreadable(&room, true);
    let member = address::member(&room.session, &room.wallet);
    assert!(cache.account(&room.session, &member).await.is_err());
    unreadable(&room, false);
    assert_eq!(cache.session(&room.session).await.unwrap().value.message_sequence, 0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut watch = cache.watch(&room.session);
    said(&room).await;
    while cache.session_at_hand(&room.session).unwrap().value.message_sequence == 0 {
        assert!(watch.changed().await);
    }
    assert_eq!(cache.close(PATIENCE).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_comes_late_is_not_of_what_was_signed_since() {
    let room = room().await;
    let cache = room.cache().await;
    room.ledger.faults.refuses_after.store(60_000, SeqCst);
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    assert!(matches!(pending.next().await, Some(Stage::Sent)));
    for _ in 0..BLOCKHASH_BLOCKS + 2 {
        room.ledger.next_slot().await.unwrap();
    }
    room.ledger.faults.swallows.store(true, SeqCst);
    // It is signed anew, and that is on its way when the first is refused.
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(pending.stage(), Stage::Sent);
    room.ledger.faults.swallows.store(false, SeqCst);
    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
    assert_eq!(room.held().await.message_sequence, 1);
}

/// A journal that waits, fails to forget, and counts what was signed, when it is told to.
#[derive(Clone)]
struct Strange {
    inner: Arc<Stored>,
    /// Whether recording waits.
    shut: Arc<(Mutex<bool>, Condvar)>,
    remembers: Arc<AtomicBool>,
    signed: Arc<AtomicUsize>,
}

impl Strange {
    fn new(folder: &tempfile::TempDir) -> Self {
        let inner = Arc::new(Stored::open(&folder.path().join("journal")).unwrap());
        Self { inner, shut: Arc::default(), remembers: Arc::default(), signed: Arc::default() }
    }

    fn shut(&self, is: bool) {
        *self.shut.0.lock().unwrap() = is;
        self.shut.1.notify_all();
    }
}

impl Journal for Strange {
    fn records(&self) -> Result<Vec<Record>, JournalError> {
        self.inner.records()
    }

    fn next(&self) -> Result<OperationId, JournalError> {
        self.inner.next()
    }

    fn record(&self, record: &Record) -> Result<(), JournalError> {
        drop(self.shut.1.wait_while(self.shut.0.lock().unwrap(), |is| *is).unwrap());
        self.signed.fetch_add(usize::from(record.signed.is_some()), SeqCst);
        self.inner.record(record)
    }

    fn forget(&self, ended: &[OperationId]) -> Result<(), JournalError> {
        if !self.remembers.load(SeqCst) {
            return self.inner.forget(ended);
        }
        let error = Box::new(redb::Error::Io(std::io::Error::other("the disk is gone")));
        Err(JournalError::Store(StoredError::Failed { journal: "the journal".into(), error }))
    }
}

#[tokio::test(start_paused = true)]
async fn the_second_of_a_name_is_answered_when_the_first_is_recorded() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let journal = Strange::new(&folder);
    let cache = room.cache_with(journal.clone()).await;
    cache.session(&room.session).await.unwrap();
    journal.shut(true);
    let (mut first, mut second) =
        (Box::pin(cache.submit_once(b"move", room.say("e4"))), Box::pin(cache.submit_once(b"move", room.say("e4"))));
    for _ in 0..100 {
        assert!(futures::poll!(&mut first).is_pending() && futures::poll!(&mut second).is_pending());
        tokio::task::yield_now().await;
    }
    journal.shut(false);
    assert_eq!(first.await.unwrap().id(), second.await.unwrap().id());
    assert_eq!(journal.records().unwrap().len(), 1);
    assert_eq!(cache.close(PATIENCE).await, 0);
    assert_eq!(room.held().await.message_sequence, 1);
}

#[tokio::test(start_paused = true)]
async fn who_takes_an_operation_back_is_answered_when_the_journal_has_forgotten_it() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let journal = Strange::new(&folder);
    let cache = room.cache_with(journal.clone()).await;
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut first = cache.submit(room.say("one")).await.unwrap();
    let [second, mut third] = [cache.submit(room.say("two")).await.unwrap(), cache.submit(room.say("three")).await.unwrap()];
    assert!(matches!(first.next().await, Some(Stage::Sent)));
    assert!(cache.cancel(second.id()).await.unwrap());
    let kept: Vec<OperationId> = journal.records().unwrap().iter().map(|record| record.id).collect();
    assert_eq!(kept, [first.id(), third.id()]);
    // Where it cannot, that is said: the operation is taken back in this life.
    journal.remembers.store(true, SeqCst);
    assert!(matches!(cache.cancel(third.id()).await, Err(SubmitError::Journal(_))));
    assert_eq!(third.ended().await, Stage::RolledBack(Cause::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_back_while_it_is_signed_is_not_recorded_as_signed() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let journal = Strange::new(&folder);
    let cache = room.cache_with(journal.clone()).await;
    let pending = cache.submit(room.say("hello")).await.unwrap();
    // It is being tried out, which takes a while.
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(cache.cancel(pending.id()).await.unwrap());
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(journal.signed.load(SeqCst), 0);
    assert_eq!(journal.records().unwrap(), []);
    let submits = room.ledger.faults.submits.load(SeqCst);
    assert_eq!(cache.close(PATIENCE).await, 0);
    assert_eq!((submits, room.held().await.message_sequence), (0, 0));
}
