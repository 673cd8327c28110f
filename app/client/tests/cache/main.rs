//! The optimistic cache on the embedded ledger: the real program, and a ledger that fails when it is told to. Time is tokio's, paused: it moves
//! when nobody has anything to do.

mod faulty;
mod freshness;
mod journal;
mod measures;
mod mending;
mod votes;

use {
    faulty::Faulty,
    sessions_client::{
        Embedded, Ledger, SessionCache, address,
        cache::{
            Pending, SubmitError,
            core::{Cause, Level, Operation, Stage, SubmitError as Refusal},
            journal::Journal,
            options::{Keys, Options},
        },
        core::{
            SessionError, SessionState,
            rules::{
                config::SessionConfig,
                lifecycle::Status,
                permissions::{Permissions, Settings},
                quotas::Quotas,
            },
        },
        instruction::{self, SessionArgs},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
    std::{sync::atomic::Ordering::SeqCst, time::Duration},
};

const SOL: u64 = 1_000_000_000;
/// Longer than anything takes that ends at all.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// A session on a ledger, and the wallet that opened it.
struct Room {
    ledger: Faulty,
    session: Address,
    wallet: Address,
}

fn key() -> Keypair {
    Keypair::new_from_array([1; 32])
}

async fn room() -> Room {
    let ledger = Faulty::new(Embedded::new().unwrap());
    let wallet = key().pubkey();
    ledger.airdrop(wallet, 10 * SOL).await.unwrap();
    let config = SessionConfig {
        max_members: 4,
        max_duration: 86_400,
        hard_limit: 86_400,
        step_timeout: 60,
        activation_window: 0,
        invitation_ttl: 60,
        permissions: Permissions::ALL.bits(),
        settings: Settings::NONE.bits(),
        quotas: Quotas::UNLIMITED,
        kind: 0,
        reserved: 0,
    };
    let id = [7; 32];
    let room = Room { ledger, session: address::session(&wallet, &id), wallet };
    room.aside(&[instruction::open_session(wallet, wallet, SessionArgs { config, host: wallet, metadata: [0; 32], id })]).await;
    room
}

impl Room {
    /// Somebody does something without the cache.
    async fn aside(&self, instructions: &[Instruction]) {
        let blockhash = self.ledger.blockhash().await.unwrap();
        let message = Message::new_with_blockhash(instructions, Some(&self.wallet), &blockhash.hash);
        let transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[key()]).unwrap();
        let receipt = self.ledger.send(transaction).await.unwrap();
        assert_eq!(receipt.failure, None);
        self.ledger.next_slot().await.unwrap();
    }

    async fn cache(&self) -> SessionCache<Faulty> {
        SessionCache::open(self.ledger.clone(), Options::new(Keys::new(key(), []))).await.unwrap()
    }

    async fn cache_with(&self, journal: impl Journal) -> SessionCache<Faulty> {
        SessionCache::open(self.ledger.clone(), Options::new(Keys::new(key(), [])).journal(journal)).await.unwrap()
    }

    fn operation(&self, instruction: Instruction) -> Operation {
        Operation { session: self.session, instructions: vec![instruction], after: None }
    }

    fn say(&self, text: &str) -> Operation {
        self.operation(instruction::broadcast_message(self.wallet, self.session, self.wallet, text.as_bytes()))
    }

    async fn held(&self) -> SessionState {
        let snapshot = self.ledger.inner.read(&[self.session]).await.unwrap().remove(0);
        sessions_client::account::session(&snapshot).unwrap()
    }
}

async fn seen(cache: &SessionCache<Faulty>, room: &Room) -> SessionState {
    cache.session(&room.session).await.unwrap().value
}

#[tokio::test(start_paused = true)]
async fn what_is_submitted_is_seen_at_once_and_becomes_what_the_chain_holds() {
    let room = room().await;
    let cache = room.cache().await;
    assert!(cache.session(&room.session).await.unwrap().freshness.level >= Level::Confirmed);
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    assert!(pending.exact());
    let reading = cache.session_at_hand(&room.session).unwrap();
    assert_eq!((reading.value.message_sequence, reading.freshness.level), (1, Level::Predicted));
    assert_eq!(room.held().await.message_sequence, 0, "it did not even arrive yet");
    room.ledger.faults.swallows.store(false, SeqCst);

    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
    cache.refresh(&room.session);
    while cache.session_at_hand(&room.session).unwrap().freshness.level != Level::Finalized {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(seen(&cache, &room).await, room.held().await);
    assert_eq!(cache.close(PATIENCE).await, 0);
}

#[tokio::test(start_paused = true)]
async fn what_the_program_would_refuse_is_refused_at_once_and_costs_nothing() {
    let room = room().await;
    let cache = room.cache().await;
    let refused = cache.submit(room.operation(instruction::resume_session(room.wallet, room.session))).await;
    let Err(SubmitError::Refused(Refusal::Refused { instruction: 0, rejection })) = refused else { panic!("{refused:?}") };
    assert_eq!(rejection.session_error(), Some(SessionError::InvalidTransition));
    assert_eq!(room.ledger.faults.submits.load(SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_loaded_once_however_many_ask() {
    let room = room().await;
    let cache = room.cache().await;
    let readers: Vec<_> = (0..100)
        .map(|_| {
            let (cache, session) = (cache.clone(), room.session);
            tokio::spawn(async move { cache.session(&session).await.unwrap().value.members })
        })
        .collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap(), 1);
    }
    // One load, and one more behind the subscription.
    assert!(room.ledger.faults.reads.load(SeqCst) <= 2, "{:?}", room.ledger.faults.reads);
}

#[tokio::test(start_paused = true)]
async fn ten_that_follow_each_other_land_in_their_order() {
    let room = room().await;
    let cache = room.cache().await;
    let mut pending: Vec<Pending> = Vec::new();
    for i in 0..10 {
        pending.push(cache.submit(room.say(&i.to_string())).await.unwrap());
    }
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.message_sequence, 10);
    for one in &mut pending {
        assert!(matches!(one.ended().await, Stage::Finalized { .. }));
    }
    assert_eq!(room.held().await.message_sequence, 10);
    assert_eq!(room.ledger.faults.submits.load(SeqCst), 10, "nothing was sent twice");
}

#[tokio::test(start_paused = true)]
async fn what_no_longer_applies_is_rolled_back_with_the_programs_error_and_what_follows_it_too() {
    let room = room().await;
    let cache = room.cache().await;
    cache.session(&room.session).await.unwrap();
    // The first is on its way and does not arrive, so the others wait behind it.
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut first = cache.submit(room.say("first")).await.unwrap();
    let mut second = cache.submit(room.say("second")).await.unwrap();
    let mut third = cache
        .submit(Operation { after: Some(second.id()), ..room.operation(instruction::pause_session(room.wallet, room.session)) })
        .await
        .unwrap();
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.status().unwrap(), Status::Paused);
    assert!(matches!(first.next().await, Some(Stage::Sent)));
    room.aside(&[instruction::pause_session(room.wallet, room.session)]).await;

    let Stage::RolledBack(Cause::Refused { rejection, .. }) = second.ended().await else { panic!("{second:?}") };
    assert_eq!(rejection.session_error(), Some(SessionError::SessionNotActive));
    assert_eq!(third.ended().await, Stage::RolledBack(Cause::Predecessor(second.id())));
    // The first arrives after all, and fails there.
    room.ledger.faults.swallows.store(false, SeqCst);
    let Stage::Failed { failure, .. } = first.ended().await else { panic!("{first:?}") };
    assert_eq!(failure.error, Some(SessionError::SessionNotActive));
    assert_eq!(seen(&cache, &room).await, room.held().await);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_makes_no_sense_is_no_refusal() {
    let room = room().await;
    let cache = room.cache().await;
    room.ledger.faults.garbles.store(true, SeqCst);
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
    assert_eq!(room.held().await.message_sequence, 1);
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_told_and_others_go_on_without_its_receipt() {
    let room = room().await;
    let cache = room.cache().await;
    cache.session(&room.session).await.unwrap();
    room.ledger.faults.forgets.store(true, SeqCst);
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    assert!(matches!(pending.next().await, Some(Stage::Sent)));
    room.aside(&[instruction::pause_session(room.wallet, room.session)]).await;
    room.ledger.faults.swallows.store(false, SeqCst);
    let Stage::Failed { failure, .. } = pending.ended().await else { panic!("{pending:?}") };
    assert_eq!(failure.error, None, "only the log tells whose error it is: {failure:?}");
    let mut next = cache.submit(room.operation(instruction::resume_session(room.wallet, room.session))).await.unwrap();
    assert!(matches!(next.ended().await, Stage::Finalized { .. }));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_arrive_is_sent_again_as_the_same_bytes() {
    let room = room().await;
    let cache = room.cache().await;
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(pending.stage(), Stage::Sent);
    assert!(room.ledger.faults.submits.load(SeqCst) >= 3);
    room.ledger.faults.swallows.store(false, SeqCst);
    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
    assert_eq!(room.held().await.message_sequence, 1);
}

#[tokio::test(start_paused = true)]
async fn what_can_land_no_more_is_signed_anew_and_in_the_end_expires() {
    let room = room().await;
    let cache = room.cache().await;
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    let mut signed = 0;
    loop {
        match pending.next().await.unwrap() {
            Stage::Sent => signed += 1,
            Stage::Expired => break,
            stage => assert_eq!(stage, Stage::Local),
        }
        // Blocks go by, more than a blockhash is good for.
        room.ledger.inner.wait(Duration::from_secs(120)).await.unwrap();
    }
    assert_eq!(signed, 3);
    room.ledger.faults.swallows.store(false, SeqCst);
    assert_eq!(seen(&cache, &room).await.message_sequence, 0);
    assert_eq!(room.held().await.message_sequence, 0);
}

#[tokio::test(start_paused = true)]
async fn a_wallet_without_funds_is_told_so_before_anything_is_sent() {
    let room = room().await;
    let poor = Keypair::new_from_array([9; 32]);
    let options = Options::new(Keys::new(poor, [key()]));
    let cache = SessionCache::open(room.ledger.clone(), options).await.unwrap();
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    let Stage::RolledBack(Cause::NotSent(reason)) = pending.ended().await else { panic!("{pending:?}") };
    assert!(reason.contains("airdrop"), "{reason}");
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.message_sequence, 0);
    assert_eq!(room.ledger.faults.submits.load(SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_missing_is_named() {
    let room = room().await;
    room.ledger.airdrop(Keypair::new_from_array([9; 32]).pubkey(), SOL).await.unwrap();
    let cache = SessionCache::open(room.ledger.clone(), Options::new(Keys::new(Keypair::new_from_array([9; 32]), []))).await.unwrap();
    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    let Stage::RolledBack(Cause::NotSent(reason)) = pending.ended().await else { panic!("{pending:?}") };
    assert!(reason.contains(&room.wallet.to_string()), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_does_is_seen() {
    let room = room().await;
    let cache = room.cache().await;
    cache.session(&room.session).await.unwrap();
    let mut watch = cache.watch(&room.session);
    tokio::time::sleep(Duration::from_secs(1)).await;
    room.aside(&[instruction::pause_session(room.wallet, room.session)]).await;
    while cache.session_at_hand(&room.session).unwrap().value.status().unwrap() != Status::Paused {
        assert!(watch.changed().await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_ends_is_renewed_and_the_session_read_again() {
    let room = room().await;
    let cache = room.cache().await;
    room.ledger.faults.hangs_up.store(true, SeqCst);
    cache.session(&room.session).await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    room.aside(&[instruction::pause_session(room.wallet, room.session)]).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.status().unwrap(), Status::Paused);
    assert!(room.ledger.faults.subscriptions.load(SeqCst) > 2);
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_cannot_be_reached_is_an_error_for_who_reads_and_none_for_what_is_on_its_way() {
    let room = room().await;
    let cache = room.cache().await;
    room.ledger.faults.unreachable.store(true, SeqCst);
    let error = cache.session(&room.session).await.unwrap_err();
    assert!(error.to_string().contains("http://node"), "{error}");
    room.ledger.faults.unreachable.store(false, SeqCst);
    assert_eq!(seen(&cache, &room).await.members, 1, "the next one who asks is answered");

    let mut pending = cache.submit(room.say("hello")).await.unwrap();
    room.ledger.faults.unreachable.store(true, SeqCst);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(!pending.stage().is_final());
    room.ledger.faults.unreachable.store(false, SeqCst);
    assert!(matches!(pending.ended().await, Stage::Finalized { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_closed_cache_takes_on_nothing() {
    let room = room().await;
    let cache = room.cache().await;
    let other = cache.clone();
    assert_eq!(cache.close(PATIENCE).await, 0);
    assert!(matches!(other.submit(room.say("late")).await, Err(SubmitError::Closed)));
    assert!(other.session(&room.session).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_can_be_taken_back_and_what_was_sent_cannot() {
    let room = room().await;
    let cache = room.cache().await;
    room.ledger.faults.swallows.store(true, SeqCst);
    let mut first = cache.submit(room.say("first")).await.unwrap();
    let mut second = cache.submit(room.say("second")).await.unwrap();
    assert!(matches!(first.next().await, Some(Stage::Sent)));
    assert!(!cache.cancel(first.id()).await.unwrap());
    assert!(cache.cancel(second.id()).await.unwrap());
    assert_eq!(second.ended().await, Stage::RolledBack(Cause::Cancelled));
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.message_sequence, 1);
}
