//! The optimistic cache on each ledger, in real time: what it shows at once, and that it comes to what the chain holds.

mod stories;

use {
    crate::{
        on_both,
        support::{Proxy, SOL, Validator, comes, config, patient, signed},
    },
    sessions_client::{
        Ledger, Rpc, SessionCache, account, address,
        cache::{
            Options, Pending, SubmitError,
            core::{Cause, Level, Operation, Stage, SubmitError as Refusal},
            journal::Stored,
            options::Keys,
        },
        core::{
            PropertyState, SessionError, SessionState,
            rules::{
                lifecycle::Status,
                membership::{Role, Terms},
            },
        },
        instruction::{self, InviteMemberArgs, SessionArgs, SetPropertyArgs},
        ledger::Commitment,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{env, time::Duration},
};

on_both! { caching:
    what_is_submitted_is_seen_at_once_and_becomes_what_the_chain_holds,
    what_the_program_would_refuse_is_refused_at_once,
    a_session_is_loaded_once_however_many_ask,
    ten_that_follow_each_other_land_in_their_order,
    what_somebody_else_does_is_seen,
    two_who_write_at_random_come_to_what_the_chain_holds,
}

/// How often each of the two acts at random.
const STEPS: usize = 60;

/// A session on a ledger, and the wallet that opened it.
struct Room<L> {
    ledger: L,
    key: Keypair,
    session: Address,
}

impl<L: Ledger> Room<L> {
    async fn open(ledger: L) -> Self {
        let (ledger, key) = (ledger.with_commitment(Commitment::Confirmed), Keypair::new_from_array([1; 32]));
        ledger.airdrop(key.pubkey(), 10 * SOL).await.unwrap();
        let room = Self { ledger, session: address::session(&key.pubkey(), &[7; 32]), key };
        room.request([7; 32]).await;
        room
    }

    /// Opens the session, which has this id.
    async fn request(&self, id: [u8; 32]) {
        let wallet = self.wallet();
        let open = instruction::open_session(wallet, wallet, SessionArgs { config: config(), host: wallet, metadata: [0; 32], id });
        self.aside(&[&self.key], &[open]).await;
    }

    /// Somebody does something without the cache.
    async fn aside(&self, keys: &[&Keypair], instructions: &[Instruction]) {
        let transaction = signed(&self.ledger, keys[0].pubkey(), &keys.to_vec(), instructions).await;
        let receipt = self.ledger.send(transaction).await.unwrap();
        assert_eq!(receipt.failure, None);
        self.ledger.next_slot().await.unwrap();
    }

    fn wallet(&self) -> Address {
        self.key.pubkey()
    }

    fn operation(&self, instruction: Instruction) -> Operation {
        Operation { session: self.session, instructions: vec![instruction], after: None }
    }

    fn say(&self, text: &str) -> Operation {
        self.operation(instruction::broadcast_message(self.wallet(), self.session, self.wallet(), text.as_bytes()))
    }

    async fn held(&self) -> SessionState {
        account::session(&self.ledger.read(&[self.session]).await.unwrap()[0]).unwrap()
    }
}

/// How a cache of this wallet works where slots are short.
fn quick(key: &Keypair) -> Options {
    Options {
        poll: Duration::from_millis(20),
        rebroadcast: Duration::from_millis(200),
        ..Options::new(Keys::new(key.insecure_clone(), []))
    }
}

async fn cache<L: Ledger>(ledger: &L, key: &Keypair) -> SessionCache<L> {
    SessionCache::open(ledger.clone(), quick(key)).await.unwrap()
}

async fn ended(mut pending: Pending) -> Stage {
    comes("the end of an operation", pending.ended()).await
}

async fn finalized(pending: Pending) {
    let stage = ended(pending).await;
    assert!(matches!(stage, Stage::Finalized { .. }), "{stage:?}");
}

/// Waits until what a cache shows of an account is final, and gives its data.
async fn settled<L: Ledger>(cache: &SessionCache<L>, session: &Address, account: &Address) -> Vec<u8> {
    cache.refresh(session);
    comes("a final reading", async {
        loop {
            let reading = cache.account(session, account).await.unwrap();
            if reading.freshness.level == Level::Finalized {
                return reading.value;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

async fn what_is_submitted_is_seen_at_once_and_becomes_what_the_chain_holds(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = cache(&room.ledger, &room.key).await;
    assert_eq!(cache.session(&room.session).await.unwrap().value.message_sequence, 0);
    let pending = cache.submit(room.say("hello")).await.unwrap();
    assert!(pending.exact());
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.message_sequence, 1);
    finalized(pending).await;
    settled(&cache, &room.session, &room.session).await;
    assert_eq!(cache.session(&room.session).await.unwrap().value, room.held().await);
    assert_eq!(comes("the cache's end", cache.close(Duration::MAX)).await, 0);
}

async fn what_the_program_would_refuse_is_refused_at_once(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let before = room.ledger.history(&room.session, None, 10).await.unwrap();
    let cache = cache(&room.ledger, &room.key).await;
    let refused = cache.submit(room.operation(instruction::resume_session(room.wallet(), room.session))).await;
    let Err(SubmitError::Refused(Refusal::Refused { instruction: 0, rejection })) = refused else { panic!("{refused:?}") };
    assert_eq!(rejection.session_error(), Some(SessionError::InvalidTransition));
    assert_eq!(cache.close(Duration::ZERO).await, 0);
    assert_eq!(room.ledger.history(&room.session, None, 10).await.unwrap(), before, "nothing was sent");
}

async fn a_session_is_loaded_once_however_many_ask(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = cache(&room.ledger, &room.key).await;
    let readers = (0..100).map(|_| {
        let (cache, session) = (cache.clone(), room.session);
        tokio::spawn(async move { cache.session(&session).await.unwrap().value.members })
    });
    for reader in readers.collect::<Vec<_>>() {
        assert_eq!(reader.await.unwrap(), 1);
    }
    // One load, one more behind the subscription, and one to have it final.
    assert!(cache.statistics().loads <= 3, "{:?}", cache.statistics());
}

async fn ten_that_follow_each_other_land_in_their_order(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = cache(&room.ledger, &room.key).await;
    let mut pending = Vec::new();
    for i in 0..10 {
        pending.push(cache.submit(room.say(&i.to_string())).await.unwrap());
    }
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.message_sequence, 10);
    let mut slots = Vec::new();
    for one in pending {
        let Stage::Finalized { slot } = ended(one).await else { panic!("all of them land") };
        slots.push(slot);
    }
    assert!(slots.is_sorted(), "{slots:?}");
    assert_eq!(room.held().await.message_sequence, 10);
}

async fn what_somebody_else_does_is_seen(ledger: impl Ledger) {
    let room = Room::open(ledger).await;
    let cache = cache(&room.ledger, &room.key).await;
    cache.session(&room.session).await.unwrap();
    let mut watch = cache.watch(&room.session);
    room.aside(&[&room.key], &[instruction::pause_session(room.wallet(), room.session)]).await;
    comes("the pause", async {
        while cache.session_at_hand(&room.session).unwrap().value.status().unwrap() != Status::Paused {
            assert!(watch.changed().await);
        }
    })
    .await;
}

/// The owner writes, and pauses and resumes; a guest writes too. Neither cache knows of the other but by the ledger.
async fn two_who_write_at_random_come_to_what_the_chain_holds(ledger: impl Ledger) {
    let seed = env::var("SESSIONS_CACHE_SEED").map_or(1, |seed| seed.parse().unwrap());
    println!("SESSIONS_CACHE_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let room = Room::open(ledger).await;
    let (session, guest) = (room.session, Keypair::new_from_array([2; 32]));
    room.ledger.airdrop(guest.pubkey(), 10 * SOL).await.unwrap();
    let invite = InviteMemberArgs { member: guest.pubkey(), terms: Terms::of(Role::Member), ttl: 0, reserved: 0 };
    room.aside(&[&room.key], &[instruction::invite_member(room.wallet(), room.wallet(), session, invite)]).await;
    let invitation = room.ledger.read(&[address::invitation(&session, &guest.pubkey())]).await.unwrap();
    let invitation = account::invitation(&invitation[0]).unwrap();
    room.aside(&[&guest], &[instruction::accept_invitation(guest.pubkey(), guest.pubkey(), session, &invitation)]).await;

    let keys: [&[u8]; 3] = [b"board", b"score", b"turn"];
    let mut accounts = vec![session, address::member(&session, &room.wallet()), address::member(&session, &guest.pubkey())];
    accounts.extend(keys.map(|key| address::property(&session, key)));
    let players = [&room.key, &guest];
    let caches = [cache(&room.ledger, players[0]).await, cache(&room.ledger, players[1]).await];
    for cache in &caches {
        cache.load(&session, &accounts).await.unwrap();
    }
    let (mut pending, mut refused) = (Vec::new(), 0);
    for step in 0..STEPS {
        for (cache, player) in caches.iter().zip(players) {
            let wallet = player.pubkey();
            let instruction = match random.u32(..8) {
                0..4 => instruction::broadcast_message(wallet, session, wallet, &random.u64(..).to_le_bytes()),
                // Also by the guest, who may not.
                4 => instruction::pause_session(wallet, session),
                5 => instruction::resume_session(wallet, session),
                _ => {
                    let key = keys[random.usize(..keys.len())];
                    let property = cache.account(&session, &address::property(&session, key)).await.unwrap().value;
                    let expected_version = PropertyState::read(&property).map_or(0, |property| property.version);
                    let args = SetPropertyArgs { expected_version, capacity: 64, key, value: &random.u64(..).to_le_bytes() };
                    instruction::set_property(wallet, wallet, session, wallet, args)
                }
            };
            match cache.submit(Operation { session, instructions: vec![instruction], after: None }).await {
                Ok(operation) => pending.push(operation),
                Err(SubmitError::Refused(Refusal::Refused { .. })) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        if random.u32(..4) == 0 {
            tokio::time::sleep(Duration::from_millis(random.u64(..40))).await;
        }
        assert!(caches[step % 2].session_at_hand(&session).is_some(), "what is pending is held");
    }
    let (mut landed, mut undone) = (0, 0);
    for operation in pending {
        match ended(operation).await {
            Stage::Finalized { .. } => landed += 1,
            Stage::Failed { .. } | Stage::RolledBack(_) => undone += 1,
            stage => panic!("{stage:?}"),
        }
    }
    println!("{landed} landed, {undone} undone, {refused} refused at once");
    assert!(landed >= STEPS / 2 && undone + refused >= STEPS / 8, "{landed} landed, {undone} undone, {refused} refused at once");
    let held =
        room.ledger.read(&accounts).await.unwrap().into_iter().map(|seen| seen.account.map_or_else(Vec::new, |account| account.data));
    let held: Vec<_> = held.collect();
    for cache in &caches {
        // All accounts of a session are of one base.
        settled(cache, &session, &session).await;
        for (account, data) in accounts.iter().zip(&held) {
            assert_eq!(cache.account(&session, account).await.unwrap().value, *data);
        }
    }
    for cache in caches {
        assert_eq!(comes("the cache's end", cache.close(Duration::MAX)).await, 0);
    }
}

/// A room on a validator, and a proxy before the validator through which a cache goes.
async fn behind_a_proxy() -> (Validator, Room<Rpc>, [Proxy; 2], Rpc) {
    let validator = Validator::start().await;
    let room = Room::open(validator.ledger()).await;
    let proxies = [Proxy::to(&validator.localnet.rpc_url()).await, Proxy::to(&validator.localnet.ws_url()).await];
    let [rpc, ws] = &proxies;
    let through = patient(Rpc::connect(&format!("http://{}", rpc.address), Some(&format!("ws://{}", ws.address))).unwrap());
    (validator, room, proxies, through.with_commitment(Commitment::Confirmed))
}

/// Breaks or mends the connections.
async fn broken(proxies: &[Proxy; 2], broken: bool) {
    for proxy in proxies {
        proxy.refuse(broken);
        if broken {
            proxy.cut();
            proxy.has(0).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_submitted_without_a_connection_lands_once_when_there_is_one() {
    let (_validator, room, proxies, through) = behind_a_proxy().await;
    let cache = cache(&through, &room.key).await;
    // What it takes to predict a message.
    cache.load(&room.session, &[room.session, address::member(&room.session, &room.wallet())]).await.unwrap();
    broken(&proxies, true).await;
    let first = cache.submit(room.say("one")).await.unwrap();
    let second = cache.submit(room.say("two")).await.unwrap();
    // Longer than a blockhash lives here.
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert_eq!(cache.session_at_hand(&room.session).unwrap().value.message_sequence, 2);
    assert_eq!(room.held().await.message_sequence, 0);
    broken(&proxies, false).await;
    finalized(first).await;
    finalized(second).await;
    assert_eq!(room.held().await.message_sequence, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_did_meanwhile_is_seen_and_what_no_longer_applies_rolled_back() {
    let (_validator, room, proxies, through) = behind_a_proxy().await;
    let cache = cache(&through, &room.key).await;
    // What it takes to predict a message.
    cache.load(&room.session, &[room.session, address::member(&room.session, &room.wallet())]).await.unwrap();
    broken(&proxies, true).await;
    let pending = cache.submit(room.say("one")).await.unwrap();
    let follower = Operation { after: Some(pending.id()), ..room.say("two") };
    let follower = cache.submit(follower).await.unwrap();
    room.aside(&[&room.key], &[instruction::pause_session(room.wallet(), room.session)]).await;
    broken(&proxies, false).await;
    // Whether the rules knew of it in time, or a simulation, or it ran and failed.
    let (id, stage) = (pending.id(), ended(pending).await);
    let error = match &stage {
        Stage::RolledBack(Cause::Refused { rejection, .. }) => rejection.session_error(),
        Stage::Failed { failure, .. } => failure.error,
        Stage::RolledBack(Cause::WouldFail(failure)) => failure.error,
        stage => panic!("{stage:?}"),
    };
    assert_eq!(error, Some(SessionError::SessionNotActive));
    assert_eq!(ended(follower).await, Stage::RolledBack(Cause::Predecessor(id)));
    settled(&cache, &room.session, &room.session).await;
    let seen = cache.session(&room.session).await.unwrap().value;
    assert_eq!((seen.status().unwrap(), seen), (Status::Paused, room.held().await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pending_survives_its_process_and_happens_once() {
    let (_validator, room, proxies, through) = behind_a_proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let life =
        async |ledger: &Rpc| SessionCache::open(ledger.clone(), quick(&room.key).journal(Stored::open(&path).unwrap())).await.unwrap();
    let cache = life(&through).await;
    // What it takes to predict a message.
    cache.load(&room.session, &[room.session, address::member(&room.session, &room.wallet())]).await.unwrap();
    broken(&proxies, true).await;
    let first = cache.submit_once(b"first", room.say("one")).await.unwrap().id();
    let second = cache.submit(room.say("two")).await.unwrap().id();
    assert_eq!(cache.close(Duration::ZERO).await, 2);

    let cache = life(&room.ledger).await;
    assert_eq!(cache.submit_once(b"first", room.say("one")).await.unwrap().id(), first);
    for id in [first, second] {
        finalized(cache.operation(id).unwrap()).await;
    }
    assert_eq!(comes("the cache's end", cache.close(Duration::MAX)).await, 0);
    assert_eq!(room.held().await.message_sequence, 2);
}
