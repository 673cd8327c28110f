//! Starting surfpool, and not waiting for it for ever.
//!
//! Its SDK asks the system for free ports, lets them go, and listens on them some time later. Where somebody else has one by then, surfpool ends, and the
//! SDK waits for its first word without end. So whoever starts it waits for a while only, and starts it once more, with other ports.

use {
    std::{sync::mpsc, thread, time::Duration},
    surfpool_sdk::{Surfnet, SurfnetBuilder, SurfnetError},
};

/// How long surfpool may take to start. It takes some tenths of a second, and some seconds where there is much else to do.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is started.
const STARTS: usize = 3;

/// Starts a surfpool as `builder` says. Blocks.
///
/// # Errors
/// Those of the SDK; `Startup` if nothing is heard of it however often it is started.
pub fn start(builder: impl Fn() -> SurfnetBuilder + Clone + Send + 'static) -> Result<Surfnet, SurfnetError> {
    let lost = || SurfnetError::Startup(format!("nothing was heard of it for {} seconds", PATIENCE.as_secs()));
    answered(move || pollster::block_on(builder().start()), PATIENCE).unwrap_or_else(|| Err(lost()))
}

/// What `work` answers, on a thread of its own, if it does so in time, at the first try or a later one. A thread that does not stays until the process ends.
fn answered<T: Send + 'static>(work: impl Fn() -> T + Clone + Send + 'static, patience: Duration) -> Option<T> {
    (0..STARTS).find_map(|_| {
        let (answer, answers) = mpsc::channel();
        let work = work.clone();
        // Nobody listens any more to an answer that comes too late.
        thread::spawn(move || drop(answer.send(work())));
        answers.recv_timeout(patience).ok()
    })
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        std::sync::{
            Arc,
            atomic::{AtomicUsize, Ordering::SeqCst},
        },
    };

    /// What hangs until it was begun so often; and what it answers then.
    fn hanging(until: usize) -> impl Fn() -> usize + Clone + Send + 'static {
        let begun = Arc::new(AtomicUsize::new(0));
        move || {
            let time = begun.fetch_add(1, SeqCst) + 1;
            if time < until {
                loop {
                    thread::park();
                }
            }
            time
        }
    }

    #[test]
    fn what_is_not_heard_of_is_begun_once_more_and_not_for_ever() {
        let patience = Duration::from_millis(200);
        assert_eq!(answered(hanging(1), patience), Some(1));
        assert_eq!(answered(hanging(STARTS), patience), Some(STARTS));
        assert_eq!(answered(hanging(STARTS + 1), patience), None);
    }
}
