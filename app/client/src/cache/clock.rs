//! The chain's clock, as far as it is known: what it said last, and how long ago.

use {crate::ledger::Ledger, crate::ledger::LedgerError, sessions_cache::Moment, solana_clock::Clock, tokio::time::Instant};

/// What the chain's clock said.
pub(super) struct ChainClock {
    said: Clock,
    at: Instant,
    lamports_per_byte: u64,
}

/// The bytes that rent counts besides an account's data.
const OVERHEAD: u64 = 128;
/// How long a slot is about, in milliseconds.
const SLOT_MILLIS: u64 = 400;

impl ChainClock {
    /// Asks a ledger.
    pub async fn ask(ledger: &impl Ledger) -> Result<Self, LedgerError> {
        let (said, minimum) = (ledger.clock().await?, ledger.minimum_balance(0).await?);
        Ok(Self { said, at: Instant::now(), lamports_per_byte: minimum.checked_div(OVERHEAD).unwrap_or_default() })
    }

    /// What it says by now, if it runs as clocks do.
    pub fn now(&self) -> Moment {
        let elapsed = self.at.elapsed();
        let slots = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).checked_div(SLOT_MILLIS).unwrap_or_default();
        Moment {
            unix_timestamp: self.said.unix_timestamp.saturating_add(i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)),
            slot: self.said.slot.saturating_add(slots),
            lamports_per_byte: self.lamports_per_byte,
        }
    }
}
