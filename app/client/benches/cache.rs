//! What the cache costs beside what it builds on, side by side: `make bench` runs it, `docs/cache-costs.md` has the numbers.
//!
//! | group | what is compared |
//! |---|---|
//! | `read` | a session from a `SessionCache`, and from a bare `lru` behind the same kind of lock |
//! | `readers` | a million readings by eight tasks on two threads, of the same two |
//! | `predict` | an instruction's bytes through the reducer, over what the cache holds, and the bare rule on a copy of its account |
//! | `submit` | the same prediction from `SessionCache::submit` to its answer |
//! | `rebase` | a new base for one session among 100 and among 10,000, of which each has ten operations pending |
//!
//! The `SessionCache` is whole and on an embedded ledger: its task runs, asks and follows meanwhile.

use {
    criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main},
    lru::LruCache,
    sessions_client::{
        Embedded, SessionCache, address,
        cache::{
            core::{
                Base, Cache, Limits, Operation, OperationId,
                overlay::{Overlay, Shelf},
            },
            options::{Keys, Options},
        },
        core::{
            Act, Address, MemberState, SessionState,
            rules::{
                config::SessionConfig,
                permissions::{Permissions, Settings},
                quotas::Quotas,
            },
            state::At,
        },
        instruction::{self, SessionArgs, SetSessionKeyArgs},
    },
    sessions_reducer::{Account, Moment, Silent, reduce},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{
        collections::HashMap,
        hint::black_box,
        num::NonZeroUsize,
        sync::{Arc, LazyLock, Mutex},
        time::{Duration, Instant},
    },
    tokio::runtime::{Builder, Runtime},
};

static KEY: LazyLock<Keypair> = LazyLock::new(|| Keypair::new_from_array([1; 32]));
static ME: LazyLock<Address> = LazyLock::new(|| KEY.pubkey());
const AT: Moment = Moment { unix_timestamp: 1_767_225_600, slot: 10, lamports_per_byte: Moment::LAMPORTS_PER_BYTE };

/// More sessions than there are.
const ROOM: NonZeroUsize = NonZeroUsize::new(1 << 15).unwrap();

/// How often is read in all, and by how many.
const READINGS: u64 = 1_000_000;
const TASKS: u64 = 8;

/// All that there is.
type State = HashMap<Address, Option<Account>>;

/// A session, active and without shared limits, and its only membership.
struct Opened {
    session: Address,
    member: Address,
    accounts: State,
}

fn open(number: u32) -> Opened {
    let config = SessionConfig {
        max_members: 4,
        max_duration: 1 << 30,
        hard_limit: 1 << 30,
        step_timeout: 60,
        activation_window: 0,
        invitation_ttl: 60,
        permissions: Permissions::ALL.bits(),
        settings: Settings::NONE.bits(),
        quotas: Quotas::UNLIMITED,
        kind: 0,
        reserved: 0,
    };
    let mut id = [0; 32];
    id[..4].copy_from_slice(&number.to_le_bytes());
    let session = address::session(&ME, &id);
    let member = address::member(&session, &ME);
    let wallet = Account { lamports: 1 << 40, ..Account::default() };
    let mut accounts = State::from([(*ME, Some(wallet)), (session, None), (member, None)]);
    let begin = instruction::open_session(*ME, *ME, SessionArgs { config, host: *ME, metadata: [0; 32], id });
    reduce(&begin, &mut accounts, &Moment { slot: 1, ..AT }, &mut Silent).unwrap();
    Opened { session, member, accounts }
}

impl Opened {
    fn account(&self, address: &Address) -> Account {
        self.accounts[address].clone().unwrap()
    }

    /// Its accounts as they were at a slot.
    fn base(&self, slot: u64) -> Base {
        let accounts = [self.session, self.member].map(|address| (address, self.accounts[&address].clone()));
        Base { slot, read_at: 0, accounts: accounts.into() }
    }
}

/// A cache that holds these sessions, and has room for more.
fn holding(all: &[Opened]) -> Cache {
    let limits = Limits { sessions: ROOM, pending: 1 << 20, pending_in_session: 256, ..Limits::default() };
    let mut cache = Cache::new(limits, OperationId(1));
    for opened in all {
        cache.want(&opened.session, &[opened.session, opened.member, *ME]).unwrap();
        let mut base = opened.base(5);
        base.accounts.push((*ME, opened.accounts[&ME].clone()));
        cache.loaded(&opened.session, base, &AT);
    }
    while cache.poll_effect().is_some() {}
    cache
}

/// A cache as an application has it, on a ledger with these sessions, which it holds.
async fn delivered(all: &[Opened]) -> SessionCache<Embedded> {
    let ledger = Embedded::new().unwrap();
    for (address, account) in all.iter().flat_map(|opened| &opened.accounts) {
        let Account { owner, lamports, executable, data } = account.clone().unwrap();
        ledger.put(*address, solana_account::Account { lamports, data, owner, executable, rent_epoch: u64::MAX }).unwrap();
    }
    let limits = Limits { sessions: ROOM, ..Limits::default() };
    let options = Options { limits, ..Options::new(Keys::new(KEY.insecure_clone(), [])) };
    let cache = SessionCache::open(ledger, options).await.unwrap();
    for opened in all {
        cache.load(&opened.session, &[opened.session, opened.member]).await.unwrap();
    }
    cache
}

/// What stands for the library alone: the sessions' bytes behind a lock.
fn bare(all: &[Opened]) -> Mutex<LruCache<Address, Vec<u8>>> {
    let mut bare = LruCache::new(ROOM);
    for opened in all {
        bare.put(opened.session, opened.account(&opened.session).data);
    }
    Mutex::new(bare)
}

fn read_bare(bare: &Mutex<LruCache<Address, Vec<u8>>>, session: &Address) -> SessionState {
    let mut bare = bare.lock().unwrap();
    bare.get(session).and_then(|data| SessionState::read(data).ok()).unwrap()
}

/// Two threads, on which the cache's task runs too.
fn two_threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}

fn reading(c: &mut Criterion) {
    let all: Vec<Opened> = (0..1_000).map(open).collect();
    let runtime = two_threads();
    let (bare, cache) = (bare(&all), runtime.block_on(delivered(&all)));
    let mut group = c.benchmark_group("read");
    let mut turn = all.iter().cycle().map(|opened| opened.session);
    group.bench_function("lru", |b| b.iter(|| read_bare(&bare, &turn.next().unwrap())));
    group.bench_function("session_at_hand", |b| b.iter(|| cache.session_at_hand(&turn.next().unwrap()).unwrap()));
    // What waits if it has to, and does not have to.
    group.bench_function("session", |b| {
        b.iter_custom(|times| {
            runtime.block_on(async {
                let begun = Instant::now();
                for _ in 0..times {
                    black_box(cache.session(&turn.next().unwrap()).await.unwrap());
                }
                begun.elapsed()
            })
        });
    });
    group.finish();
}

fn readers(c: &mut Criterion) {
    let all: Vec<Opened> = (0..1_000).map(open).collect();
    let sessions: Arc<[Address]> = all.iter().map(|opened| opened.session).collect();
    let runtime = two_threads();
    let (bare, cache) = (Arc::new(bare(&all)), runtime.block_on(delivered(&all)));
    let mut group = c.benchmark_group("readers");
    group.sample_size(10).throughput(Throughput::Elements(READINGS));
    group.bench_function("lru, 8 tasks, 2 threads", |b| {
        b.iter(|| {
            at_once(&runtime, &sessions, || {
                let bare = Arc::clone(&bare);
                move |session: &Address| {
                    black_box(read_bare(&bare, session));
                }
            });
        });
    });
    group.bench_function("session_at_hand, 8 tasks, 2 threads", |b| {
        b.iter(|| {
            at_once(&runtime, &sessions, || {
                let cache = cache.clone();
                move |session: &Address| {
                    black_box(cache.session_at_hand(session).unwrap());
                }
            });
        });
    });
    group.finish();
}

/// All readings, by all tasks.
fn at_once<R: FnMut(&Address) + Send + 'static>(runtime: &Runtime, sessions: &Arc<[Address]>, mut reader: impl FnMut() -> R) {
    let tasks = (0..TASKS).map(|task| {
        let (mut read, sessions) = (reader(), Arc::clone(sessions));
        runtime.spawn(async move {
            for turn in 0..READINGS / TASKS {
                let place = (turn.wrapping_mul(31).wrapping_add(task) % 1_000) as usize;
                read(&sessions[place]);
            }
        })
    });
    let tasks: Vec<_> = tasks.collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}

const NEW_KEY: Address = Address::new_from_array([9; 32]);
const MAY: Permissions = Permissions::SEND_MESSAGES;

fn set_key(session: Address) -> Instruction {
    instruction::set_session_key(*ME, session, SetSessionKeyArgs { key: NEW_KEY, permissions: MAY.bits(), ttl: 60 })
}

fn predicting(c: &mut Criterion) {
    let opened = open(0);
    let Opened { session, member, .. } = opened;
    let (base, nothing) = (opened.base(5).accounts, Shelf::new());
    let session_data = opened.account(&session).data;
    let member_data = opened.account(&member).data;
    let state = SessionState::read(&session_data).unwrap();
    let act = Act { account: &session, signer: &ME, now: AT.unix_timestamp, slot: AT.slot };
    let through = |instruction: &Instruction| {
        let mut overlay = Overlay { base: &base, predicted: &nothing, written: Shelf::new() };
        reduce(instruction, &mut overlay, &AT, &mut Silent).unwrap();
        overlay.written
    };
    let mut group = c.benchmark_group("predict");
    // The bare rule: the account's bytes are copied, read, changed and written back.
    let pause = instruction::pause_session(*ME, session);
    group.bench_function("pause_session, rule", |b| {
        b.iter(|| {
            let mut copy = session_data.clone();
            let mut state = SessionState::read(&copy).unwrap();
            state.pause(&act, &mut Silent).unwrap();
            copy[8..].copy_from_slice(bytemuck::bytes_of(&state));
            copy
        });
    });
    group.bench_function("pause_session, reducer", |b| b.iter(|| through(&pause)));
    let say = instruction::broadcast_message(*ME, session, *ME, &[7; 256]);
    group.bench_function("broadcast_message, rule", |b| {
        b.iter(|| {
            let (mut of_session, mut of_member) = (session_data.clone(), member_data.clone());
            let (mut state, mut sender) = (SessionState::read(&of_session).unwrap(), MemberState::read(&of_member).unwrap());
            state.broadcast_message(&act, &mut sender, &[7; 256], &mut Silent).unwrap();
            of_session[8..].copy_from_slice(bytemuck::bytes_of(&state));
            of_member[8..].copy_from_slice(bytemuck::bytes_of(&sender));
            (of_session, of_member)
        });
    });
    group.bench_function("broadcast_message, reducer", |b| b.iter(|| through(&say)));
    let set_key = set_key(session);
    let on_member = Act { account: &member, ..act };
    group.bench_function("set_session_key, rule", |b| {
        b.iter(|| {
            let mut copy = member_data.clone();
            let mut state_of_member = MemberState::read(&copy).unwrap();
            let at = At { address: &session, state: &state };
            state_of_member.set_session_key(&on_member, at, &NEW_KEY, MAY.bits(), 60, &mut Silent).unwrap();
            copy[8..].copy_from_slice(bytemuck::bytes_of(&state_of_member));
            copy
        });
    });
    group.bench_function("set_session_key, reducer", |b| b.iter(|| through(&set_key)));
    group.finish();
}

fn submitting(c: &mut Criterion) {
    let opened = open(0);
    let operation = Operation { session: opened.session, instructions: vec![set_key(opened.session)], after: None };
    // One thread, so that what is timed is what there is to do, and not how long another thread takes to wake up.
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let cache = runtime.block_on(delivered(&[opened]));
    let mut group = c.benchmark_group("submit");
    group.bench_function("set_session_key", |b| {
        b.iter_custom(|times| {
            runtime.block_on(async {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    let operation = operation.clone();
                    let begun = Instant::now();
                    let mut pending = cache.submit(operation).await.unwrap();
                    spent += begun.elapsed();
                    // It is taken back before it is signed, and the cache's task hears of that; or else it lands.
                    if !cache.cancel(pending.id()).await.unwrap() {
                        pending.ended().await;
                    }
                    for _ in 0..8 {
                        tokio::task::yield_now().await;
                    }
                }
                spent
            })
        });
    });
    group.finish();
}

fn rebasing(c: &mut Criterion) {
    const PENDING: usize = 10;
    let mut group = c.benchmark_group("rebase");
    group.sample_size(30);
    for sessions in [100, 10_000] {
        let all: Vec<Opened> = (0..sessions).map(open).collect();
        let mut cache = holding(&all);
        for opened in &all {
            for turn in 0..PENDING {
                let step = if turn % 2 == 0 { instruction::pause_session } else { instruction::resume_session };
                let operation = Operation { session: opened.session, instructions: vec![step(*ME, opened.session)], after: None };
                cache.submit(operation, &AT).unwrap();
            }
        }
        while cache.poll_effect().is_some() {}
        let (mut slot, mut turn) = (6, all.iter().cycle());
        group.bench_function(format!("one of {sessions} sessions, {} operations in all", sessions as usize * PENDING), |b| {
            b.iter_batched(
                || {
                    slot += 1;
                    let opened = turn.next().unwrap();
                    let mut base = opened.base(slot);
                    base.accounts.push((*ME, opened.accounts[&ME].clone()));
                    (opened.session, base)
                },
                |(session, base)| {
                    cache.loaded(&session, base, &AT);
                    while cache.poll_effect().is_some() {}
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, reading, readers, predicting, submitting, rebasing);
criterion_main!(benches);
