//! Starting surfpool, and not waiting for it for ever.
//!
//! Its SDK asks the system for free ports, lets them go, and listens on them some time later. Where somebody else has one by then, surfpool ends, and the
//! SDK says so or waits for its first word without end. So whoever starts it waits for a while only, and starts it once more, with other ports.

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
/// Those of the SDK; `Startup` if its ports are taken, or nothing is heard of it, however often it is started.
pub fn start(builder: impl Fn() -> SurfnetBuilder + Clone + Send + 'static) -> Result<Surfnet, SurfnetError> {
    let lost = || {
        SurfnetError::Startup(format!(
            "its ports were taken, or nothing was heard of it for {} seconds, {STARTS} times",
            PATIENCE.as_secs()
        ))
    };
    let start = move || Some(pollster::block_on(builder().start())).filter(|started| !is_of_a_taken_port(started.as_ref().err()));
    answered(start, PATIENCE).unwrap_or_else(|| Err(lost()))
}

/// Whether that is because somebody else had a port by then.
fn is_of_a_taken_port(error: Option<&SurfnetError>) -> bool {
    error.is_some_and(|error| error.to_string().contains("AddrInUse"))
}

/// What `work` answers, on a thread of its own, if it does so in time, at the first try or a later one. A thread that does not stays until the process ends.
fn answered<T: Send + 'static>(work: impl Fn() -> Option<T> + Clone + Send + 'static, patience: Duration) -> Option<T> {
    (0..STARTS).find_map(|_| {
        let (answer, answers) = mpsc::channel();
        let work = work.clone();
        // Nobody listens any more to an answer that comes too late.
        thread::spawn(move || drop(answer.send(work())));
        answers.recv_timeout(patience).ok().flatten()
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
    fn hanging(until: usize) -> impl Fn() -> Option<usize> + Clone + Send + 'static {
        let begun = Arc::new(AtomicUsize::new(0));
        move || {
            let time = begun.fetch_add(1, SeqCst) + 1;
            if time < until {
                loop {
                    thread::park();
                }
            }
            Some(time)
        }
    }

    #[test]
    fn what_is_not_heard_of_is_begun_once_more_and_not_for_ever() {
        let patience = Duration::from_millis(200);
        assert_eq!(answered(hanging(1), patience), Some(1));
        assert_eq!(answered(hanging(STARTS), patience), Some(STARTS));
        assert_eq!(answered(hanging(STARTS + 1), patience), None);
    }

    #[test]
    fn what_ended_because_a_port_was_taken_is_begun_once_more() {
        let begun = Arc::new(AtomicUsize::new(0));
        let work = move || Some(begun.fetch_add(1, SeqCst)).filter(|before| *before > 0);
        assert_eq!(answered(work, Duration::from_secs(60)), Some(1));
        let taken = "Failed to start WebSocket RPC server: Io(Os { code: 98, kind: AddrInUse, message: \"Address already in use\" })";
        assert!(is_of_a_taken_port(Some(&SurfnetError::Aborted(taken.into()))));
        assert!(!is_of_a_taken_port(Some(&SurfnetError::Aborted("it has no clock".into()))) && !is_of_a_taken_port(None));
    }
}
