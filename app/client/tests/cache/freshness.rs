//! What a reading says of itself is true: how sure it is, of which slot, and how old.

use {
    super::{PATIENCE, Room, faulty::Faulty, key, room},
    sessions_client::{
        Ledger, SessionCache, address,
        cache::{
            Reading,
            core::{Level, Stage},
            options::{Keys, Options},
        },
        core::{SessionState, rules::lifecycle::Status},
        instruction,
        ledger::Commitment,
    },
    std::{collections::BTreeSet, sync::atomic::Ordering::SeqCst, time::Duration},
    tokio::time::{sleep, timeout},
};

/// A cache on a handle that reads at this commitment.
async fn cache_at(room: &Room, commitment: Commitment) -> SessionCache<Faulty> {
    SessionCache::open(room.ledger.with_commitment(commitment), Options::new(Keys::new(key(), []))).await.unwrap()
}

fn at_hand(cache: &SessionCache<Faulty>, room: &Room) -> Reading<SessionState> {
    cache.session_at_hand(&room.session).unwrap()
}

/// What a reader sees as soon as that is so.
async fn comes(cache: &SessionCache<Faulty>, room: &Room, so: impl Fn(&Reading<SessionState>) -> bool) -> Reading<SessionState> {
    let comes = async {
        loop {
            let reading = at_hand(cache, room);
            if so(&reading) {
                return reading;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, comes).await.unwrap_or_else(|_| panic!("it stays so: {:?}", at_hand(cache, room)))
}

/// The same as soon as it is so sure; it is never surer than that before.
async fn comes_to(cache: &SessionCache<Faulty>, room: &Room, level: Level) -> Reading<SessionState> {
    let reading = comes(cache, room, |reading| reading.freshness.level >= level).await;
    assert_eq!(reading.freshness.level, level, "{reading:?}");
    reading
}

#[tokio::test(start_paused = true)]
async fn what_is_only_processed_is_not_shown_as_confirmed() {
    for commitment in [Commitment::Processed, Commitment::Confirmed, Commitment::Finalized] {
        let room = room().await;
        room.ledger.hold_votes().await;
        let cache = cache_at(&room, commitment).await;
        cache.session(&room.session).await.unwrap();
        let before = comes_to(&cache, &room, Level::Finalized).await;
        room.aside(&[instruction::pause_session(room.wallet, room.session)]).await;
        assert_eq!(room.held().await.status().unwrap(), Status::Paused, "the chain has processed it");

        // Neither by itself nor when it is asked for.
        sleep(Duration::from_secs(5)).await;
        cache.refresh(&room.session);
        sleep(Duration::from_secs(5)).await;
        let reading = at_hand(&cache, &room);
        assert_eq!((reading.value.status().unwrap(), reading.freshness.slot), (Status::Active, before.freshness.slot), "{commitment:?}");

        let slot = room.ledger.confirm().await;
        let reading = comes(&cache, &room, |reading| reading.freshness.slot != before.freshness.slot).await;
        assert_eq!((reading.value.status().unwrap(), reading.freshness.slot), (Status::Paused, slot), "{commitment:?}");
        assert_eq!(reading.freshness.level, Level::Confirmed, "{commitment:?}");
        room.ledger.finalize();
        let reading = comes_to(&cache, &room, Level::Finalized).await;
        assert_eq!((reading.value.status().unwrap(), reading.freshness.slot), (Status::Paused, slot), "{commitment:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_is_asked_at_confirmed_and_what_is_tried_is_tried_on_the_newest_block() {
    for commitment in [Commitment::Processed, Commitment::Confirmed, Commitment::Finalized] {
        let room = room().await;
        room.ledger.faults.asked.lock().unwrap().clear();
        let cache = cache_at(&room, commitment).await;
        let mut pending = cache.submit(room.say("hello")).await.unwrap();
        assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
        assert_eq!(cache.close(PATIENCE).await, 0);
        let expected = [
            ("read", Commitment::Confirmed),
            ("subscribe", Commitment::Confirmed),
            ("clock", Commitment::Confirmed),
            ("simulate", Commitment::Processed),
            ("submit", Commitment::Processed),
        ];
        assert_eq!(*room.ledger.faults.asked.lock().unwrap(), BTreeSet::from(expected), "{commitment:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_prediction_becomes_processed_confirmed_and_finalized_as_its_block_does() {
    let room = room().await;
    room.ledger.hold_votes().await;
    let cache = cache_at(&room, Commitment::Confirmed).await;
    cache.load(&room.session, &[room.session, address::member(&room.session, &room.wallet)]).await.unwrap();
    let before = comes_to(&cache, &room, Level::Finalized).await.freshness;
    let mut pending = cache.submit(room.say("hello")).await.unwrap();

    let reading = at_hand(&cache, &room);
    assert_eq!((reading.value.message_sequence, reading.freshness.level), (1, Level::Predicted));
    assert!(reading.freshness.exact);
    let reading = comes_to(&cache, &room, Level::Processed).await;
    let Stage::Processed { slot: landed } = pending.stage() else { panic!("{pending:?}") };
    assert_eq!((reading.value.message_sequence, reading.freshness.slot), (1, before.slot), "what is under it is what it was");
    // However long the cluster takes.
    sleep(Duration::from_secs(20)).await;
    assert_eq!(at_hand(&cache, &room).freshness.level, Level::Processed);

    let slot = room.ledger.confirm().await;
    assert!(slot > landed && landed > before.slot);
    assert!(matches!(pending.confirmed().await, Stage::Confirmed { .. }));
    // From now on it is no prediction, and neither while the session is read again nor after.
    let reading = comes_to(&cache, &room, Level::Confirmed).await;
    assert_eq!(reading.value.message_sequence, 1);
    sleep(Duration::from_secs(20)).await;
    let reading = at_hand(&cache, &room);
    assert_eq!((reading.value.message_sequence, reading.freshness.level, reading.freshness.slot), (1, Level::Confirmed, slot));

    room.ledger.finalize();
    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
    let reading = comes_to(&cache, &room, Level::Finalized).await;
    assert_eq!((reading.value, reading.freshness.slot), (room.held().await, slot));
    // What somebody predicts on it is a prediction again.
    let _another = cache.submit(room.say("hello again")).await.unwrap();
    assert_eq!(at_hand(&cache, &room).freshness.level, Level::Predicted);
    assert_eq!(cache.session(&room.session).await.unwrap().freshness.level, Level::Predicted, "for who waits for it as for who does not");
}

#[tokio::test(start_paused = true)]
async fn the_slot_and_the_age_of_a_reading_are_those_of_the_confirmed_state_under_it() {
    let room = room().await;
    room.ledger.hold_votes().await;
    let cache = cache_at(&room, Commitment::Confirmed).await;
    cache.load(&room.session, &[room.session, address::member(&room.session, &room.wallet)]).await.unwrap();
    let first = cache.session(&room.session).await.unwrap();
    assert_eq!((first.freshness.slot, first.age()), (room.ledger.slot(Commitment::Confirmed).await.unwrap(), Duration::ZERO));
    // It is read once more when its subscription has begun; from then on it only grows old, also in the hands of who keeps it.
    sleep(Duration::from_secs(1)).await;
    let reading = at_hand(&cache, &room);
    let young = reading.age();
    assert!(young < Duration::from_secs(1) && reading.freshness.read_at > first.freshness.read_at, "{reading:?}");
    sleep(Duration::from_secs(7)).await;
    let later = at_hand(&cache, &room);
    assert_eq!((later.freshness, later.age(), reading.age()), (reading.freshness, young + Duration::from_secs(7), later.age()));

    // A prediction is younger than what is under it, and does not make that any younger; nor does its block.
    room.ledger.faults.swallows.store(true, SeqCst);
    let _pending = cache.submit(room.say("hello")).await.unwrap();
    let predicted = at_hand(&cache, &room);
    assert_eq!((predicted.value.message_sequence, predicted.freshness.level, predicted.age()), (1, Level::Predicted, later.age()));
    room.ledger.faults.swallows.store(false, SeqCst);
    sleep(Duration::from_secs(8)).await;
    let processed = at_hand(&cache, &room);
    assert_eq!((processed.freshness.level, processed.age()), (Level::Processed, young + Duration::from_secs(15)));
    assert_eq!((processed.freshness.slot, processed.freshness.read_at), (reading.freshness.slot, reading.freshness.read_at));

    // The confirmed state is read anew, which is what makes it young.
    let slot = room.ledger.confirm().await;
    sleep(Duration::from_secs(2)).await;
    let confirmed = at_hand(&cache, &room);
    assert_eq!((confirmed.freshness.level, confirmed.freshness.slot), (Level::Confirmed, slot));
    assert!(confirmed.age() < Duration::from_secs(2) && confirmed.freshness.read_at > processed.freshness.read_at, "{confirmed:?}");
    assert_eq!(
        confirmed.freshness.read_at - reading.freshness.read_at,
        (young + Duration::from_secs(17) - confirmed.age()).as_millis() as u64
    );
}

#[tokio::test(start_paused = true)]
async fn who_watches_a_session_is_told_when_its_reading_is_finalized() {
    let room = room().await;
    room.ledger.hold_votes().await;
    let cache = cache_at(&room, Commitment::Confirmed).await;
    cache.session(&room.session).await.unwrap();
    let before = comes_to(&cache, &room, Level::Finalized).await;
    room.aside(&[instruction::pause_session(room.wallet, room.session)]).await;
    room.ledger.confirm().await;
    let reading = comes(&cache, &room, |reading| reading.freshness.slot != before.freshness.slot).await;
    assert_eq!(reading.freshness.level, Level::Confirmed);
    let mut watch = cache.watch(&room.session);
    room.ledger.finalize();
    let told = async {
        while at_hand(&cache, &room).freshness.level != Level::Finalized {
            assert!(watch.changed().await);
        }
    };
    timeout(PATIENCE, told).await.unwrap();
}
