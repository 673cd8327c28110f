//! What is pending survives its process by a journal, and happens once, also where the journal fails.

use {
    super::{PATIENCE, key, room},
    sessions_client::{
        Ledger, SessionCache,
        cache::{
            SubmitError,
            core::{OperationId, Stage},
            journal::{Journal, JournalError, Record, Signed, Stored, StoredError},
            options::{Keys, Options},
        },
        ledger::BLOCKHASH_BLOCKS,
    },
    solana_signature::Signature,
    std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering::SeqCst},
        },
        time::Duration,
    },
};

#[tokio::test(start_paused = true)]
async fn what_is_pending_survives_its_process_and_happens_once() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("journal");
    room.ledger.faults.swallows.store(true, SeqCst);
    let cache = room.cache_with(Stored::open(&path).unwrap()).await;
    let mut first = cache.submit_once(b"first", room.say("one")).await.unwrap();
    let second = cache.submit(room.say("two")).await.unwrap();
    assert!(matches!(first.next().await, Some(Stage::Sent)));
    let ids = [first.id(), second.id()];
    assert_eq!(cache.close(Duration::from_secs(5)).await, 2);
    drop((first, second));

    room.ledger.faults.swallows.store(false, SeqCst);
    let cache = room.cache_with(Stored::open(&path).unwrap()).await;
    // The same name is the same operation, also now.
    let again = cache.submit_once(b"first", room.say("one")).await.unwrap();
    assert_eq!(again.id(), ids[0]);
    for id in ids {
        let mut pending = cache.operation(id).unwrap();
        assert!(matches!(pending.ended().await, Stage::Finalized { .. }), "{pending:?}");
    }
    let third = cache.submit(room.say("three")).await.unwrap();
    assert!(third.id() > ids[1], "numbers rise over all lives");
    drop((again, third));
    assert_eq!(cache.close(PATIENCE).await, 0);
    assert_eq!(room.held().await.message_sequence, 3);
    assert_eq!(Stored::open(&path).unwrap().records().unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_back_does_not_come_back() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("journal");
    room.ledger.faults.swallows.store(true, SeqCst);
    let cache = room.cache_with(Stored::open(&path).unwrap()).await;
    let mut first = cache.submit(room.say("one")).await.unwrap();
    let second = cache.submit(room.say("two")).await.unwrap();
    assert!(matches!(first.next().await, Some(Stage::Sent)));
    assert!(cache.cancel(second.id()).await.unwrap());
    // At once, before anybody could do anything about it.
    assert_eq!(cache.close(Duration::ZERO).await, 1);
    let kept = Stored::open(&path).unwrap().records().unwrap();
    assert_eq!(kept.iter().map(|record| record.id).collect::<Vec<_>>(), [first.id()]);
}

#[tokio::test(start_paused = true)]
async fn what_a_ledger_may_have_forgotten_is_not_done_once_more() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("journal");
    for (hours, again) in [(1, true), (6, false)] {
        room.ledger.faults.swallows.store(true, SeqCst);
        let cache = room.cache_with(Stored::open(&path).unwrap()).await;
        let mut pending = cache.submit(room.say("one")).await.unwrap();
        assert_eq!(pending.next().await, Some(Stage::Sent));
        let id = pending.id();
        assert_eq!(cache.close(Duration::ZERO).await, 1);
        drop(pending);
        room.ledger.wait(Duration::from_secs(hours * 3_600)).await.unwrap();

        room.ledger.faults.swallows.store(false, SeqCst);
        let cache = room.cache_with(Stored::open(&path).unwrap()).await;
        let stage = cache.operation(id).unwrap().ended().await;
        assert!(if again { matches!(stage, Stage::Finalized { .. }) } else { stage == Stage::Expired }, "{hours} h: {stage:?}");
        assert_eq!(cache.close(PATIENCE).await, 0);
    }
    assert_eq!(room.held().await.message_sequence, 1);
}

/// A journal whose disk takes one signed transaction more and then says that it did not.
#[derive(Clone)]
struct Doubtful {
    inner: Arc<Stored>,
    fails: Arc<AtomicBool>,
}

impl Journal for Doubtful {
    fn records(&self) -> Result<Vec<Record>, JournalError> {
        self.inner.records()
    }

    fn next(&self) -> Result<OperationId, JournalError> {
        self.inner.next()
    }

    fn record(&self, record: &Record) -> Result<(), JournalError> {
        self.inner.record(record)?;
        let fails = record.signed.is_some() && self.fails.load(SeqCst);
        if !fails {
            return Ok(());
        }
        let error = Box::new(redb::Error::Io(std::io::Error::other("the disk is gone")));
        Err(JournalError::Store(StoredError::Failed { journal: "the journal".into(), error }))
    }

    fn forget(&self, ended: &[OperationId]) -> Result<(), JournalError> {
        self.inner.forget(ended)
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_recorded_does_not_leave_and_is_not_said_to_be_over_before_it_is() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let journal =
        Doubtful { inner: Arc::new(Stored::open(&folder.path().join("journal")).unwrap()), fails: Arc::new(AtomicBool::new(true)) };
    let cache = room.cache_with(journal.clone()).await;
    let submits = room.ledger.faults.submits.load(SeqCst);
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    // Much later it is still in doubt: another life of the journal would find it, and send it.
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!((pending.stage(), room.ledger.faults.submits.load(SeqCst)), (Stage::Sent, submits));
    assert!(journal.records().unwrap()[0].signed.is_some());
    // Once it can land no more it is signed anew, and goes its way.
    journal.fails.store(false, SeqCst);
    for _ in 0..BLOCKHASH_BLOCKS + 2 {
        room.ledger.next_slot().await.unwrap();
    }
    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
    assert_eq!(room.held().await.message_sequence, 1);
}

#[tokio::test(start_paused = true)]
async fn a_journal_with_what_is_no_transaction_is_not_taken_for_one_that_sent_nothing() {
    let (room, folder) = (room().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("journal");
    let signed = Signed { signature: Signature::default(), bytes: vec![1, 2, 3], last_valid_block_height: 9 };
    let record = Record { id: OperationId(7), key: None, operation: room.say("hello"), signed: Some(signed), attempts: 1 };
    Stored::open(&path).unwrap().record(&record).unwrap();
    let options = Options::new(Keys::new(key(), [])).journal(Stored::open(&path).unwrap());
    let Err(SubmitError::Journal(error)) = SessionCache::open(room.ledger.clone(), options).await else { panic!("it is refused") };
    assert!(error.to_string().contains("operation 7") && error.to_string().contains("no transaction"), "{error}");
}
