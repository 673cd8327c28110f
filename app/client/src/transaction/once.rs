//! An operation that is asked for twice while it is on its way is done once.
//!
//! Each operation has a key, which its caller chose. What was done before and is over is not remembered here: that is a journal's to know.

use {
    futures::{
        FutureExt,
        future::{BoxFuture, Shared, WeakShared},
    },
    std::{
        collections::HashMap,
        future::Future,
        hash::Hash,
        sync::{Arc, Mutex, PoisonError},
    },
};

type Underway<K, T> = Mutex<HashMap<K, WeakShared<BoxFuture<'static, T>>>>;

/// The operations that are on their way, by key. Clones share them. It holds no more than there are callers that wait.
#[derive(Clone)]
pub struct Once<K, T: Clone> {
    underway: Arc<Underway<K, T>>,
}

impl<K, T: Clone> Default for Once<K, T> {
    fn default() -> Self {
        Self { underway: Arc::default() }
    }
}

impl<K, T> Once<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Does `operation`, unless one with the same key is on its way: then it waits for that one, and answers the same. Nothing is done until the
    /// answer is awaited, and an operation goes on as long as anyone awaits it.
    pub fn run<F>(&self, key: K, operation: impl FnOnce() -> F) -> Shared<BoxFuture<'static, T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        // A panic in another thread cannot have left the map half changed.
        let mut underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = underway.get(&key).and_then(WeakShared::upgrade)
            && running.peek().is_none()
        {
            return running;
        }
        underway.retain(|_, running| running.upgrade().is_some_and(|running| running.peek().is_none()));
        let running = operation().boxed().shared();
        if let Some(weak) = running.downgrade() {
            underway.insert(key, weak);
        }
        running
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        std::sync::atomic::{AtomicU32, Ordering::SeqCst},
    };

    struct Counter(Arc<AtomicU32>, Once<&'static str, u32>);

    impl Counter {
        fn new() -> Self {
            Self(Arc::default(), Once::default())
        }

        fn ask(&self, key: &'static str) -> Shared<BoxFuture<'static, u32>> {
            let count = self.0.clone();
            self.1.run(key, move || async move {
                futures::future::ready(()).await;
                count.fetch_add(1, SeqCst) + 1
            })
        }
    }

    #[test]
    fn what_is_on_its_way_is_done_once_for_all_who_ask() {
        let counter = Counter::new();
        let (first, second, other) = (counter.ask("a"), counter.ask("a"), counter.ask("b"));
        let done = pollster::block_on(async { futures::join!(first, second, other) });
        assert_eq!(done, (1, 1, 2));
    }

    #[test]
    fn what_is_over_is_done_again() {
        let counter = Counter::new();
        assert_eq!(pollster::block_on(counter.ask("a")), 1);
        assert_eq!(pollster::block_on(counter.ask("a")), 2);
    }

    #[test]
    fn what_everyone_gave_up_is_begun_anew_and_forgotten() {
        let counter = Counter::new();
        drop(counter.ask("a"));
        let again = counter.ask("b");
        assert_eq!(counter.1.underway.lock().unwrap().len(), 1);
        assert_eq!(pollster::block_on(again), 1);
    }
}
