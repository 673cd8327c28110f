//! The task behind a cache: does what the core asks for.

use {
    super::{
        follow::Following,
        load::load,
        poll::{poll, settle},
        send::send,
        shared::{Shared, Task},
    },
    crate::ledger::Ledger,
    std::sync::Arc,
    tokio::{task::JoinSet, time::MissedTickBehavior},
};

pub(super) struct Driver<L: Ledger> {
    shared: Arc<Shared<L>>,
    following: Following,
    /// What is being done. There is at most one load and one question for each session that is held, and one sending for each pending operation.
    tasks: JoinSet<()>,
}

impl<L: Ledger> Driver<L> {
    pub fn new(shared: Arc<Shared<L>>) -> Self {
        let following = Following::new(shared.options.followed);
        Self { shared, following, tasks: JoinSet::new() }
    }

    /// Works until the cache is closed.
    pub async fn run(mut self) {
        let mut stopping = self.shared.stopping();
        let mut ticks = tokio::time::interval(self.shared.options.poll);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut asking: Option<tokio::task::AbortHandle> = None;
        loop {
            for task in self.shared.tasks() {
                self.begin(task);
            }
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => break,
                () = self.shared.woken() => {}
                Some(_) = self.tasks.join_next() => {}
                _ = ticks.tick() => {
                    if asking.as_ref().is_none_or(tokio::task::AbortHandle::is_finished) {
                        asking = Some(self.tasks.spawn(poll(Arc::clone(&self.shared))));
                    }
                }
            }
        }
        self.following.end();
        // What is under way is recorded by now, or has not left.
        self.tasks.shutdown().await;
        self.shared.end().await;
    }

    fn begin(&mut self, task: Task) {
        let shared = Arc::clone(&self.shared);
        match task {
            Task::Load { session, accounts, since } => {
                self.following.follow(&shared, session, accounts.clone());
                self.tasks.spawn(load(shared, session, accounts, since));
            }
            Task::Send(id) => drop(self.tasks.spawn(send(shared, id))),
            Task::Ask { session, as_of } => {
                if shared.read(|state| state.ask(session, as_of)) {
                    self.tasks.spawn(settle(shared, session));
                }
            }
            // What could not be forgotten is tried once more when the cache is closed.
            Task::Forget(ended) => drop(self.tasks.spawn(async move { drop(shared.forget(ended).await) })),
            Task::Unfollow(session) => self.following.unfollow(&session),
        }
    }
}
