//! The stories of the cache that need neither faults nor a time of their own, on each ledger; `app/client/tests/cache` has the others.

use {
    super::{Room, cache, ended, finalized, quick, settled},
    crate::{
        on_both,
        support::{SOL, comes},
    },
    sessions_client::{
        Ledger, SessionCache, address,
        cache::{
            Options, Pending, SubmitError,
            core::{Cause, Level, Limits, Operation, OperationId, Stage, SubmitError as Refusal},
            journal::{Journal, Stored},
            options::Keys,
        },
        core::{MemberState, SessionError, rules::lifecycle::Status},
        instruction::{self, SetPropertyArgs},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{num::NonZeroUsize, time::Duration},
};

on_both! { stories:
    nothing_is_shown_twice_nor_taken_back_while_it_lands,
    what_is_shown_is_no_surer_than_what_is_known,
    a_watch_tells_of_what_is_submitted_and_of_what_others_do,
    of_two_who_write_one_version_one_is_refused_with_what_follows,
    what_is_taken_back_does_not_happen_and_all_else_does,
    what_follows_in_another_session_lands_behind_and_not_without,
    a_session_with_something_pending_is_held_and_others_make_room,
    what_is_pending_goes_on_in_the_next_life_and_happens_once,
    who_closes_can_wait_for_what_is_pending,
    a_closed_cache_takes_on_nothing,
    who_pays_need_not_be_who_acts,
    a_wallet_without_funds_is_told_so_and_nothing_is_sent,
    a_key_that_is_missing_is_named,
    what_is_not_there_is_told_from_what_is,
}

/// How many messages are sent where one is not enough.
const MESSAGES: u64 = 12;

impl<L: Ledger> Room<L> {
    /// Another session of the same wallet.
    async fn another(&self, number: u8) -> Self {
        let room =
            Self { ledger: self.ledger.clone(), key: self.key.insecure_clone(), session: address::session(&self.wallet(), &[number; 32]) };
        room.request([number; 32]).await;
        room
    }

    /// A cache by which nothing is left to load before a message can be predicted.
    async fn ready(&self, options: Options) -> SessionCache<L> {
        let cache = SessionCache::open(self.ledger.clone(), options).await.unwrap();
        cache.load(&self.session, &[self.session, address::member(&self.session, &self.wallet())]).await.unwrap();
        cache
    }

    fn pause(&self) -> Operation {
        self.operation(instruction::pause_session(self.wallet(), self.session))
    }
}

/// How many messages there are, as a reader sees it.
fn messages<L: Ledger>(cache: &SessionCache<L>, session: &Address) -> u64 {
    cache.session_at_hand(session).unwrap().value.message_sequence
}

async fn nothing_is_shown_twice_nor_taken_back_while_it_lands(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = room.ready(quick(&room.key)).await;
    let (mut pending, mut shown) = (Vec::new(), 0);
    for submitted in 1..=MESSAGES {
        pending.push(cache.submit(room.say(&submitted.to_string())).await.unwrap());
        // Some of them while others land.
        for _ in 0..10 {
            let now = messages(&cache, &room.session);
            assert!((shown..=submitted).contains(&now), "{now} are shown behind {shown}, of {submitted}");
            shown = now;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(shown, submitted, "what was submitted is seen");
    }
    while pending.iter().any(|one| !one.stage().is_final()) {
        assert_eq!(messages(&cache, &room.session), MESSAGES);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    settled(&cache, &room.session, &room.session).await;
    assert_eq!((messages(&cache, &room.session), room.held().await.message_sequence), (MESSAGES, MESSAGES));
}

async fn what_is_shown_is_no_surer_than_what_is_known(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = room.ready(quick(&room.key)).await;
    assert!(cache.session_at_hand(&room.session).unwrap().freshness.level >= Level::Confirmed);
    let pending = cache.submit(room.say("hello")).await.unwrap();
    comes("the end", async {
        loop {
            // The stage behind the reading, as the cache has it: it may have got further meanwhile, but not back. (Who waits for it is told a moment later.)
            let level = cache.session_at_hand(&room.session).unwrap().freshness.level;
            let stage = cache.pending(&room.session).into_iter().find(|(id, _)| *id == pending.id()).map(|(_, stage)| stage);
            let most = match &stage {
                Some(Stage::Local | Stage::Sent) => Level::Predicted,
                Some(Stage::Processed { .. }) => Level::Processed,
                _ => Level::Finalized,
            };
            assert!(level <= most, "{level:?} while {stage:?}");
            if pending.stage().is_final() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    finalized(pending).await;
    settled(&cache, &room.session, &room.session).await;
    assert_eq!(messages(&cache, &room.session), 1);
}

async fn a_watch_tells_of_what_is_submitted_and_of_what_others_do(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = room.ready(quick(&room.key)).await;
    let mut watch = cache.watch(&room.session);
    let pending = cache.submit(room.pause()).await.unwrap();
    comes("the news", watch.changed()).await;
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.status().unwrap(), Status::Paused);
    finalized(pending).await;
    room.aside(&[&room.key], &[instruction::resume_session(room.wallet(), room.session)]).await;
    comes("the end of the pause", async {
        while cache.session_at_hand(&room.session).unwrap().value.status().unwrap() != Status::Active {
            assert!(watch.changed().await);
        }
    })
    .await;
}

async fn of_two_who_write_one_version_one_is_refused_with_what_follows(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let (session, wallet) = (room.session, room.wallet());
    let keys: [&[u8]; 3] = [b"board", b"score", b"turn"];
    let caches = [room.ready(quick(&room.key)).await, room.ready(quick(&room.key)).await];
    for cache in &caches {
        cache.load(&session, &keys.map(|key| address::property(&session, key))).await.unwrap();
    }
    // Each by each cache, before either has heard of the other.
    let mut written = Vec::new();
    for key in keys {
        for (cache, value) in caches.iter().zip([b"1", b"2"]) {
            let args = SetPropertyArgs { expected_version: 0, capacity: 64, key, value };
            let write = cache.submit(room.operation(instruction::set_property(wallet, wallet, session, wallet, args))).await;
            let write = match write {
                Ok(write) => write,
                // It had heard after all.
                Err(SubmitError::Refused(Refusal::Refused { rejection, .. })) => {
                    assert_eq!(rejection.session_error(), Some(SessionError::VersionConflict));
                    continue;
                }
                Err(error) => panic!("{error}"),
            };
            let follower = cache.submit(Operation { after: Some(write.id()), ..room.say(&format!("{key:?} {value:?}")) }).await.unwrap();
            written.push((write, follower));
        }
    }
    let mut won = 0;
    for (write, follower) in written {
        let (id, stage) = (write.id(), ended(write).await);
        let error = match &stage {
            Stage::Finalized { .. } => {
                won += 1;
                finalized(follower).await;
                continue;
            }
            Stage::RolledBack(Cause::Refused { rejection, .. }) => rejection.session_error(),
            Stage::Failed { failure, .. } | Stage::RolledBack(Cause::WouldFail(failure)) => failure.error,
            stage => panic!("{stage:?}"),
        };
        assert_eq!(error, Some(SessionError::VersionConflict), "{stage:?}");
        assert_eq!(ended(follower).await, Stage::RolledBack(Cause::Predecessor(id)));
    }
    assert_eq!((won, room.held().await.message_sequence), (3, 3), "one of the two, and what was to follow it");
    for cache in &caches {
        settled(cache, &session, &session).await;
        assert_eq!(messages(cache, &session), 3);
    }
}

async fn what_is_taken_back_does_not_happen_and_all_else_does(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = room.ready(quick(&room.key)).await;
    let mut pending = Vec::new();
    for i in 0..MESSAGES {
        pending.push(cache.submit(room.say(&i.to_string())).await.unwrap());
    }
    // Each waits for the one before it, so the last ones can be taken back still.
    let mut taken = Vec::new();
    for one in pending.iter().rev() {
        taken.push(cache.cancel(one.id()).await.unwrap());
    }
    assert!(taken.is_sorted_by_key(|taken| !taken), "what is sent is sent in order: {taken:?}");
    let mut happened = 0;
    for (one, taken) in pending.into_iter().rev().zip(&taken) {
        if *taken {
            assert_eq!(ended(one).await, Stage::RolledBack(Cause::Cancelled));
        } else {
            finalized(one).await;
            happened += 1;
        }
    }
    settled(&cache, &room.session, &room.session).await;
    assert_eq!((messages(&cache, &room.session), room.held().await.message_sequence), (happened, happened));
}

async fn what_follows_in_another_session_lands_behind_and_not_without(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let other = room.another(8).await;
    let cache = room.ready(quick(&room.key)).await;
    cache.load(&other.session, &[other.session, address::member(&other.session, &other.wallet())]).await.unwrap();
    let unknown = cache.submit(Operation { after: Some(OperationId(u64::MAX)), ..other.say("?") }).await;
    assert!(matches!(unknown, Err(SubmitError::Refused(Refusal::Predecessor(OperationId(u64::MAX))))), "{unknown:?}");

    let mut pending: Vec<Pending> = Vec::new();
    for (i, room) in [&room, &other, &room, &other].into_iter().enumerate() {
        let after = pending.last().map(Pending::id);
        pending.push(cache.submit(Operation { after, ..room.say(&i.to_string()) }).await.unwrap());
    }
    let mut slots = Vec::new();
    for one in pending {
        let Stage::Finalized { slot } = ended(one).await else { panic!("all of them land") };
        slots.push(slot);
    }
    assert!(slots.is_sorted(), "{slots:?}");
    assert_eq!((room.held().await.message_sequence, other.held().await.message_sequence), (2, 2));

    // Behind one that is on its way, so that it can be taken back in most cases; then what was to follow it elsewhere does not happen.
    let first = cache.submit(room.say("first")).await.unwrap();
    let second = cache.submit(room.say("second")).await.unwrap();
    let follower = cache.submit(Operation { after: Some(second.id()), ..other.say("third") }).await.unwrap();
    let (id, taken) = (second.id(), cache.cancel(second.id()).await.unwrap());
    finalized(first).await;
    if taken {
        assert_eq!(ended(follower).await, Stage::RolledBack(Cause::Predecessor(id)));
    } else {
        finalized(second).await;
        finalized(follower).await;
    }
    let more = u64::from(!taken);
    assert_eq!((room.held().await.message_sequence, other.held().await.message_sequence), (3 + more, 2 + more));
}

async fn a_session_with_something_pending_is_held_and_others_make_room(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let others = [room.another(8).await, room.another(9).await];
    let limits = Limits { sessions: NonZeroUsize::MIN, ..Limits::default() };
    let cache = room.ready(Options { limits, ..quick(&room.key) }).await;
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    for other in &others {
        cache.session(&other.session).await.unwrap();
        // What is pending is held. Where it was given up, the operation is confirmed and in what was read, so that it is told at once; and otherwise never.
        if cache.session_at_hand(&room.session).is_none() {
            let stage = comes("what was given up with its session", pending.confirmed()).await;
            assert!(matches!(stage, Stage::Confirmed { .. } | Stage::Finalized { .. }), "{stage:?}");
        }
    }
    assert!(others.iter().filter(|other| cache.session_at_hand(&other.session).is_some()).count() <= 1, "there is room for one");
    assert!(cache.statistics().evictions >= 1, "{:?}", cache.statistics());
    finalized(pending).await;
    // What was given up is loaded once more when somebody asks.
    for (room, sequence) in [(&others[0], 0), (&room, 1), (&others[1], 0)] {
        settled(&cache, &room.session, &room.session).await;
        assert_eq!(cache.session(&room.session).await.unwrap().value.message_sequence, sequence);
    }
}

async fn what_is_pending_goes_on_in_the_next_life_and_happens_once(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journaled = || quick(&room.key).journal(Stored::open(&path).unwrap());
    let mut ids: Vec<OperationId> = Vec::new();
    for life in 0..3 {
        let cache = room.ready(journaled()).await;
        for message in 0..MESSAGES / 3 {
            let name = format!("{life} {message}");
            let submitted = cache.submit_once(name.as_bytes(), room.say(&name)).await.unwrap();
            // The same name is the same operation for as long as that is pending.
            let again = cache.submit_once(name.as_bytes(), room.say(&name)).await.unwrap();
            assert_eq!(again.id(), submitted.id());
            assert!(ids.last().is_none_or(|last| *last < submitted.id()), "numbers rise over all lives");
            ids.push(submitted.id());
        }
        // Some were sent by now, and others not.
        let left = cache.close(Duration::ZERO).await;
        let kept = Stored::open(&path).unwrap().records().unwrap();
        assert!(kept.len() >= left && kept.iter().all(|record| ids.contains(&record.id)), "{left} are pending, {} kept", kept.len());
    }
    // What the first of these ends the second does not do once more.
    for _ in 0..2 {
        let cache = room.ready(journaled()).await;
        assert_eq!(comes("the end of all", cache.close(Duration::MAX)).await, 0);
        assert_eq!(room.held().await.message_sequence, MESSAGES);
    }
}

async fn who_closes_can_wait_for_what_is_pending(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = room.ready(quick(&room.key)).await;
    for i in 0..MESSAGES {
        cache.submit(room.say(&i.to_string())).await.unwrap();
    }
    assert!(cache.pending(&room.session).len() <= MESSAGES as usize && !cache.pending(&room.session).is_empty());
    assert_eq!(comes("the end of all", cache.close(Duration::MAX)).await, 0);
    assert_eq!(room.held().await.message_sequence, MESSAGES);
}

async fn a_closed_cache_takes_on_nothing(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = room.ready(quick(&room.key)).await;
    let other = cache.clone();
    assert_eq!(cache.close(Duration::ZERO).await, 0);
    assert!(matches!(other.submit(room.say("late")).await, Err(SubmitError::Closed)));
    assert!(other.member(&room.session, &Address::default()).await.is_err());
}

async fn who_pays_need_not_be_who_acts(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let rich = Keypair::new_from_array([9; 32]);
    room.ledger.airdrop(rich.pubkey(), SOL).await.unwrap();
    let held = async |wallet| room.ledger.read(&[wallet]).await.unwrap()[0].account.as_ref().unwrap().lamports;
    let (payer, actor) = (held(rich.pubkey()).await, held(room.wallet()).await);
    let keys = Keys::new(rich.insecure_clone(), [room.key.insecure_clone()]);
    let cache = room.ready(Options { poll: Duration::from_millis(20), ..Options::new(keys) }).await;
    finalized(cache.submit(room.say("hello")).await.unwrap()).await;
    // Two signatures.
    assert_eq!((held(rich.pubkey()).await, held(room.wallet()).await), (payer - 10_000, actor));
    settled(&cache, &room.session, &room.session).await;
    let member = cache.member(&room.session, &room.wallet()).await.unwrap().value;
    let chain = room.ledger.read(&[address::member(&room.session, &room.wallet())]).await.unwrap().remove(0);
    assert_eq!(member, MemberState::read(&chain.account.unwrap().data).unwrap());
}

async fn a_wallet_without_funds_is_told_so_and_nothing_is_sent(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let before = room.ledger.history(&room.session, None, 10).await.unwrap();
    let keys = Keys::new(Keypair::new_from_array([9; 32]), [room.key.insecure_clone()]);
    let cache = room.ready(Options::new(keys)).await;
    let stage = ended(cache.submit(room.say("hello")).await.unwrap()).await;
    let Stage::RolledBack(Cause::NotSent(reason)) = stage else { panic!("{stage:?}") };
    assert!(reason.contains("airdrop"), "{reason}");
    assert_eq!(messages(&cache, &room.session), 0);
    assert_eq!(room.ledger.history(&room.session, None, 10).await.unwrap(), before);
}

async fn a_key_that_is_missing_is_named(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let rich = Keypair::new_from_array([9; 32]);
    room.ledger.airdrop(rich.pubkey(), SOL).await.unwrap();
    let cache = cache(&room.ledger, &rich).await;
    let stage = ended(cache.submit(room.say("hello")).await.unwrap()).await;
    let Stage::RolledBack(Cause::NotSent(reason)) = stage else { panic!("{stage:?}") };
    assert!(reason.contains(&room.wallet().to_string()), "{reason}");
}

async fn what_is_not_there_is_told_from_what_is(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = cache(&room.ledger, &room.key).await;
    let nobody = Address::new_from_array([3; 32]);
    assert!(cache.session(&nobody).await.is_err() && cache.member(&room.session, &nobody).await.is_err());
    let board = cache.account(&room.session, &address::property(&room.session, b"board")).await.unwrap();
    assert!(board.value.is_empty(), "{board:?}");
    assert_eq!(cache.member(&room.session, &room.wallet()).await.unwrap().value.session, room.session);
}
