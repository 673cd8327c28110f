//! How sure a reader can be of what it sees.

use crate::Slot;

/// How sure, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something in it is a prediction that no block bears out yet.
    Predicted,
    /// What is predicted in it has happened in a block that may still disappear.
    Processed,
    /// It is what the cluster has voted for, or follows from it by operations that are confirmed.
    Confirmed,
    /// It is what cannot disappear.
    Finalized,
}

impl Level {
    /// The level's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Predicted => "predicted",
            Self::Processed => "processed",
            Self::Confirmed => "confirmed",
            Self::Finalized => "finalized",
        }
    }
}

/// How fresh a reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How sure it is.
    pub level: Level,
    /// The slot of the confirmed state under it.
    pub slot: Slot,
    /// When that was read, by the caller's clock, in milliseconds.
    pub read_at: u64,
    /// Whether a prediction in it is exact but for what only the chain knows: its clock. Where other programs have a say, it is not.
    pub exact: bool,
}

impl Freshness {
    /// How long ago the confirmed state was read, in milliseconds by the same clock.
    pub const fn age(&self, now: u64) -> u64 {
        now.saturating_sub(self.read_at)
    }
}
