//! What is counted and measured, told to whatever the process has installed behind the `metrics` facade.
//!
//! | metric | kind | what |
//! |---|---|---|
//! | `sessions_cache_reads_total{result}` | counter | readings: hit or miss |
//! | `sessions_cache_evictions_total` | counter | sessions given up for others |
//! | `sessions_cache_loads_total` | counter | loads asked for |
//! | `sessions_cache_operations_total{stage}` | counter | operations that came to a stage |
//! | `sessions_cache_rebases_total` | counter | sessions predicted anew |
//! | `sessions_cache_pending` | gauge | operations pending |
//! | `sessions_cache_sessions` | gauge | sessions held |
//! | `sessions_cache_landing_seconds{stage}` | histogram | from submission to a stage |

use {
    metrics::{counter, gauge, histogram},
    sessions_cache::{OperationId, Stage, Statistics},
    std::collections::HashMap,
    tokio::time::Instant,
};

/// What was told so far, and what is being measured.
#[derive(Default)]
pub(super) struct Measures {
    told: Statistics,
    begun: HashMap<OperationId, Instant>,
}

impl Measures {
    /// An operation came to a stage.
    pub fn staged(&mut self, id: OperationId, stage: &Stage) {
        counter!("sessions_cache_operations_total", "stage" => stage.name()).increment(1);
        let begun = *self.begun.entry(id).or_insert_with(Instant::now);
        if stage.has_landed() {
            histogram!("sessions_cache_landing_seconds", "stage" => stage.name()).record(begun.elapsed());
        }
        if stage.is_final() {
            self.begun.remove(&id);
        }
    }

    /// Tells what was counted since the last time.
    pub fn export(&mut self, now: &Statistics, pending: usize, sessions: usize) {
        let told = std::mem::replace(&mut self.told, *now);
        counter!("sessions_cache_reads_total", "result" => "hit").increment(now.hits.saturating_sub(told.hits));
        counter!("sessions_cache_reads_total", "result" => "miss").increment(now.misses.saturating_sub(told.misses));
        counter!("sessions_cache_evictions_total").increment(now.evictions.saturating_sub(told.evictions));
        counter!("sessions_cache_loads_total").increment(now.loads.saturating_sub(told.loads));
        counter!("sessions_cache_rebases_total").increment(now.rebases.saturating_sub(told.rebases));
        #[allow(clippy::cast_precision_loss, reason = "neither is beyond what a float counts")]
        let (pending, sessions) = (pending as f64, sessions as f64);
        gauge!("sessions_cache_pending").set(pending);
        gauge!("sessions_cache_sessions").set(sessions);
    }
}
