//! The structure that a cache's handles and its driver share, in interleavings that are chosen: `src/cache/desk.rs`, the same file, over primitives
//! that give every other task its turn before each step.
//!
//! What waits for ever is found as well, as all tasks waiting. The seed is printed; `SESSIONS_DESK_SEED` repeats a run.

mod primitives;

#[path = "../../src/cache/desk.rs"]
#[allow(dead_code, reason = "not every test uses every method")]
mod desk;

use {
    desk::{Desk, Work},
    primitives::watch,
    shuttle::{
        Config, Runner,
        future::block_on,
        scheduler::{PctScheduler, RandomScheduler, Scheduler},
    },
    shuttle_tokio::task::{JoinSet, spawn},
    std::{
        collections::{HashMap, VecDeque},
        env,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    },
};

/// Interleavings of each kind.
const RUNS: usize = 3_000;

/// What stands for the cache's state: operations that are to be done, and whom to tell.
#[derive(Default)]
struct Operations {
    closed: bool,
    next: u32,
    /// Asked for, and not begun.
    waiting: VecDeque<u32>,
    /// Done, and not told.
    done: VecDeque<u32>,
    /// Not done.
    pending: usize,
    told: HashMap<u32, watch::Sender<bool>>,
    /// How often each was begun.
    begun: Vec<u32>,
}

impl Work for Operations {
    fn has_work(&self) -> bool {
        !self.waiting.is_empty() || !self.done.is_empty()
    }
}

impl Operations {
    /// Takes one on, with whom to ask for its end.
    fn submit(&mut self) -> Option<watch::Receiver<bool>> {
        if self.closed {
            return None;
        }
        let id = self.next;
        self.next += 1;
        self.pending += 1;
        self.waiting.push_back(id);
        Some(self.told.entry(id).or_insert_with(|| watch::channel(false).0).subscribe())
    }

    fn finish(&mut self, id: u32) {
        self.pending -= 1;
        self.done.push_back(id);
    }

    /// What is to be begun, and whether something ended.
    fn take(&mut self) -> (Vec<u32>, bool) {
        let ended = !self.done.is_empty();
        for id in self.done.drain(..) {
            self.told.remove(&id).expect("told once").send_replace(true);
        }
        let tasks: Vec<_> = self.waiting.drain(..).collect();
        self.begun.extend(&tasks);
        (tasks, ended)
    }
}

/// The driver's loop: what it waits for, in its order.
async fn work(desk: Arc<Desk<Operations>>) {
    let mut stopping = desk.stopping();
    let mut tasks = JoinSet::new();
    loop {
        let (begin, ended) = desk.read(Operations::take);
        if ended {
            desk.something_ended();
        }
        for id in begin {
            let desk = Arc::clone(&desk);
            tasks.spawn(async move { desk.with(|operations| operations.finish(id)) });
        }
        shuttle_tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => break,
            () = desk.woken() => {}
        }
    }
    desk.has_stopped();
}

/// Runs `story` in many interleavings: at random, and with few but unlikely switches.
fn in_every_order(story: fn()) {
    let seed = env::var("SESSIONS_DESK_SEED").map_or_else(|_| 2026, |seed| seed.parse().expect("a number"));
    println!("SESSIONS_DESK_SEED={seed}");
    let run = |scheduler: Box<dyn Scheduler + Send>| Runner::new(scheduler, Config::new()).run(story);
    assert_eq!(run(Box::new(RandomScheduler::new_from_seed(seed, RUNS))), RUNS);
    assert_eq!(run(Box::new(PctScheduler::new_from_seed(seed, 3, RUNS))), RUNS);
}

#[test]
fn whatever_is_taken_on_is_done_once_and_told() {
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    static REFUSED: AtomicUsize = AtomicUsize::new(0);
    in_every_order(|| {
        block_on(async {
            let desk = Arc::new(Desk::new(Operations::default()));
            let worker = spawn(work(Arc::clone(&desk)));
            let handles: Vec<_> = (0..3)
                .map(|_| {
                    let desk = Arc::clone(&desk);
                    spawn(async move {
                        for _ in 0..2 {
                            match desk.with(Operations::submit) {
                                Some(mut end) => {
                                    TAKEN.fetch_add(1, Ordering::Relaxed);
                                    // The sender goes once it has told.
                                    end.wait_for(|ended| *ended).await.expect("an operation that was taken on ends");
                                }
                                None => drop(REFUSED.fetch_add(1, Ordering::Relaxed)),
                            }
                        }
                    })
                })
                .collect();
            // Closing, while the handles work.
            desk.read(|operations| operations.closed = true);
            desk.quiet(|operations| operations.pending == 0 && operations.done.is_empty()).await;
            for handle in handles {
                handle.await.expect("a handle");
            }
            desk.stop();
            desk.stopped().await;
            worker.await.expect("the worker");
            desk.read(|operations| {
                operations.begun.sort_unstable();
                assert_eq!(operations.begun, (0..operations.next).collect::<Vec<_>>());
                assert!(operations.told.is_empty() && !operations.has_work());
            });
        });
    });
    // Closing came before some and after others, or the runs would tell little.
    assert!(TAKEN.load(Ordering::Relaxed) > RUNS && REFUSED.load(Ordering::Relaxed) > RUNS);
}

#[test]
fn a_stop_is_heard_whenever_it_is_said() {
    in_every_order(|| {
        block_on(async {
            let desk = Arc::new(Desk::new(Operations::default()));
            drop(spawn(work(Arc::clone(&desk))));
            let other = Arc::clone(&desk);
            let waiting = spawn(async move { other.stopped().await });
            desk.stop();
            desk.stopped().await;
            waiting.await.expect("whoever waits too");
        });
    });
}

#[test]
fn every_watcher_hears_of_every_end() {
    in_every_order(|| {
        block_on(async {
            let desk = Arc::new(Desk::new(Operations::default()));
            drop(spawn(work(Arc::clone(&desk))));
            let mut end = desk.with(Operations::submit).expect("it is open");
            let quiet: Vec<_> = (0..2)
                .map(|_| {
                    let desk = Arc::clone(&desk);
                    spawn(async move { desk.quiet(|operations| operations.told.is_empty()).await })
                })
                .collect();
            end.wait_for(|ended| *ended).await.expect("it ends");
            for watcher in quiet {
                watcher.await.expect("a watcher");
            }
            desk.stop();
        });
    });
}
