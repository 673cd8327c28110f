//! What is counted and measured, told to whatever the process has installed behind the `metrics` facade, with units and descriptions.
//!
//! | metric | kind | unit | labels | what |
//! |---|---|---|---|---|
//! | `sessions_cache_reads_total` | counter | count | `result`: `hit`, `miss` | readings, by whether what was asked for was held |
//! | `sessions_cache_evictions_total` | counter | count | – | sessions given up for others |
//! | `sessions_cache_loads_total` | counter | count | – | loads asked for |
//! | `sessions_cache_load_seconds` | histogram | seconds | `result`: `loaded`, `failed` | how long a load took, with what was tried again in it |
//! | `sessions_cache_operations_total` | counter | count | `stage`: [`Stage::name`] | operations that came to a stage |
//! | `sessions_cache_rebases_total` | counter | count | – | sessions whose pending operations were predicted anew |
//! | `sessions_cache_pending` | gauge | count | – | operations pending |
//! | `sessions_cache_sessions` | gauge | count | – | sessions held |
//! | `sessions_cache_landing_seconds` | histogram | seconds | `stage`: `processed`, `confirmed`, `finalized` | from an operation's submission to a stage |
//!
//! Counters and gauges are told when the cache's task has something to do, which is every [`Options::poll`](super::Options::poll) at the latest.

use {
    metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram},
    sessions_cache::{OperationId, Stage, Statistics},
    std::{collections::HashMap, time::Duration},
    tokio::time::Instant,
};

/// The readings.
pub const READS: &str = "sessions_cache_reads_total";
/// The sessions given up.
pub const EVICTIONS: &str = "sessions_cache_evictions_total";
/// The loads asked for.
pub const LOADS: &str = "sessions_cache_loads_total";
/// How long loads took.
pub const LOAD_SECONDS: &str = "sessions_cache_load_seconds";
/// The operations that came to a stage.
pub const OPERATIONS: &str = "sessions_cache_operations_total";
/// The sessions predicted anew.
pub const REBASES: &str = "sessions_cache_rebases_total";
/// The operations pending.
pub const PENDING: &str = "sessions_cache_pending";
/// The sessions held.
pub const SESSIONS: &str = "sessions_cache_sessions";
/// How long operations took to come to a stage.
pub const LANDING_SECONDS: &str = "sessions_cache_landing_seconds";

/// What was told so far, and what is being measured.
pub(super) struct Measures {
    told: Statistics,
    begun: HashMap<OperationId, Instant>,
}

impl Measures {
    /// Nothing so far. Says what the metrics are.
    pub fn new() -> Self {
        describe_counter!(READS, Unit::Count, "readings, by whether what was asked for was held");
        describe_counter!(EVICTIONS, Unit::Count, "sessions given up for others");
        describe_counter!(LOADS, Unit::Count, "loads asked for");
        describe_histogram!(LOAD_SECONDS, Unit::Seconds, "how long a load took, with what was tried again in it");
        describe_counter!(OPERATIONS, Unit::Count, "operations that came to a stage");
        describe_counter!(REBASES, Unit::Count, "sessions whose pending operations were predicted anew");
        describe_gauge!(PENDING, Unit::Count, "operations pending");
        describe_gauge!(SESSIONS, Unit::Count, "sessions held");
        describe_histogram!(LANDING_SECONDS, Unit::Seconds, "from an operation's submission to a stage");
        Self { told: Statistics::default(), begun: HashMap::new() }
    }

    /// An operation came to a stage.
    pub fn staged(&mut self, id: OperationId, stage: &Stage) {
        counter!(OPERATIONS, "stage" => stage.name()).increment(1);
        let begun = *self.begun.entry(id).or_insert_with(Instant::now);
        if stage.has_landed() {
            histogram!(LANDING_SECONDS, "stage" => stage.name()).record(begun.elapsed());
        }
        if stage.is_final() {
            self.begun.remove(&id);
        }
    }

    /// Tells what was counted since the last time.
    pub fn export(&mut self, now: &Statistics, pending: usize, sessions: usize) {
        let told = std::mem::replace(&mut self.told, *now);
        counter!(READS, "result" => "hit").increment(now.hits.saturating_sub(told.hits));
        counter!(READS, "result" => "miss").increment(now.misses.saturating_sub(told.misses));
        counter!(EVICTIONS).increment(now.evictions.saturating_sub(told.evictions));
        counter!(LOADS).increment(now.loads.saturating_sub(told.loads));
        counter!(REBASES).increment(now.rebases.saturating_sub(told.rebases));
        #[allow(clippy::cast_precision_loss, reason = "neither is beyond what a float counts")]
        let (pending, sessions) = (pending as f64, sessions as f64);
        gauge!(PENDING).set(pending);
        gauge!(SESSIONS).set(sessions);
    }
}

/// A load ended.
pub(super) fn load_took(time: Duration, failed: bool) {
    histogram!(LOAD_SECONDS, "result" => if failed { "failed" } else { "loaded" }).record(time);
}
