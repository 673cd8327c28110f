//! How much a transaction may compute, and what it pays to go first.

use {
    solana_compute_budget_interface::ComputeBudgetInstruction, solana_instruction::Instruction,
    solana_transaction::versioned::VersionedTransaction,
};

/// The most compute units that a transaction can have.
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;

/// What is added to what a simulation took: a tenth, for state that changes in between, and this, for the two instructions that set the budget.
const EXTRA_UNITS: u64 = 1_000;

/// The most micro-lamports per compute unit that are paid unless a caller says otherwise.
pub const DEFAULT_PRICE_CAP: u64 = 100_000;

/// What a transaction pays for each compute unit beside its fee, in micro-lamports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// So many.
    Exactly(u64),
    /// What three quarters of the recent slots' transactions on the same accounts did with, and at most so many.
    Recent {
        /// The most.
        cap: u64,
    },
}

impl Default for Price {
    fn default() -> Self {
        Self::Recent { cap: DEFAULT_PRICE_CAP }
    }
}

/// How much a transaction may compute, and what it pays for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The most compute units it may take.
    pub units: u32,
    /// The price of one, in micro-lamports.
    pub price: u64,
}

impl Budget {
    /// The budget of a simulation: everything, for nothing.
    pub const SIMULATION: Self = Self { units: MAX_COMPUTE_UNITS, price: 0 };

    /// The instructions that set it, which go before the others (and behind the one that advances a nonce).
    pub fn instructions(&self) -> Vec<Instruction> {
        let limit = ComputeBudgetInstruction::set_compute_unit_limit(self.units);
        let price = (self.price > 0).then(|| ComputeBudgetInstruction::set_compute_unit_price(self.price));
        [Some(limit), price].into_iter().flatten().collect()
    }

    /// What it costs beside the fee for signatures, in lamports, rounded up as the runtime does. The limit is paid for, not what is used.
    pub const fn priority_fee(&self) -> u64 {
        let micro = self.units as u128 * self.price as u128;
        let lamports = micro.div_ceil(1_000_000);
        if lamports > u64::MAX as u128 { u64::MAX } else { lamports as u64 }
    }
}

/// The limit for a transaction that took so many compute units when it was simulated: a tenth and a little more, at most [`MAX_COMPUTE_UNITS`].
pub fn limit(simulated: u64) -> u32 {
    let with_margin = simulated.saturating_add(simulated / 10).saturating_add(EXTRA_UNITS);
    u32::try_from(with_margin).map_or(MAX_COMPUTE_UNITS, |units| units.min(MAX_COMPUTE_UNITS))
}

/// The price that three quarters of `recent` did with, at most `cap`; nothing if none is known.
pub fn price(mut recent: Vec<u64>, cap: u64) -> u64 {
    recent.sort_unstable();
    let place = (recent.len() * 3 / 4).min(recent.len().saturating_sub(1));
    recent.get(place).copied().unwrap_or_default().min(cap)
}

/// The accounts that a transaction locks to write them, which is what it competes with others for.
pub fn writable(transaction: &VersionedTransaction) -> Vec<solana_address::Address> {
    let message = &transaction.message;
    let keys = message.static_account_keys().iter().enumerate();
    let none = None::<&std::collections::HashSet<_>>;
    keys.filter(|(place, _)| message.is_maybe_writable_with_reserved_addresses(*place, none)).map(|(_, key)| *key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_what_was_simulated_and_a_margin_and_never_more_than_possible() {
        for (simulated, expected) in
            [(0, 1_000), (10_000, 12_000), (1_271_818, 1_399_999), (1_271_819, 1_400_000), (1_400_000, 1_400_000), (u64::MAX, 1_400_000)]
        {
            assert_eq!(limit(simulated), expected, "{simulated}");
        }
    }

    #[test]
    fn the_price_is_what_three_quarters_did_with_up_to_the_cap() {
        assert_eq!(price(vec![], 9), 0);
        assert_eq!(price(vec![5], 9), 5);
        assert_eq!(price(vec![4, 1, 3, 2], 9), 4);
        assert_eq!(price((0..100).collect(), 1_000), 75);
        assert_eq!(price((0..100).collect(), 50), 50);
    }

    #[test]
    fn a_priority_fee_is_rounded_up() {
        for (units, price, lamports) in [(0, 5, 0), (1, 1, 1), (200_000, 5, 1), (200_001, 5, 2), (u32::MAX, u64::MAX, u64::MAX)] {
            assert_eq!(Budget { units, price }.priority_fee(), lamports);
        }
    }

    #[test]
    fn a_price_of_nothing_takes_no_instruction() {
        assert_eq!(Budget { units: 1, price: 0 }.instructions().len(), 1);
        assert_eq!(Budget { units: 1, price: 1 }.instructions().len(), 2);
    }
}
