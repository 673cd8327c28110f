//! Epochs, which LiteSVM leaves to others when its slots move. Token-2022 reads them: a transfer fee changes with the epoch.

use {litesvm::LiteSVM, solana_address::Address};

/// The account of the schedule by which epochs follow each other.
const SCHEDULE: Address = Address::from_str_const("SysvarEpochSchedu1e111111111111111111111111");

/// How many slots the first epoch has where epochs grow at the beginning.
const FIRST_SLOTS: u64 = 32;

/// The epoch that a slot is in, by the schedule that the SVM has; 0 if it has none.
pub fn at(svm: &LiteSVM, slot: u64) -> u64 {
    let schedule = svm.get_account(&SCHEDULE).unwrap_or_default().data;
    let number = |offset| schedule.get(offset..).and_then(|rest| rest.first_chunk()).map(|bytes| u64::from_le_bytes(*bytes));
    // Behind the slots of an epoch: an offset of leaders' schedules, and whether epochs grow at the beginning.
    let (Some(slots), Some(first), Some(begin)) = (number(0), number(17), number(25)) else { return 0 };
    match slot.checked_sub(begin) {
        Some(behind) => first.saturating_add(behind.checked_div(slots).unwrap_or_default()),
        // Each epoch has twice as many slots as the one before it.
        None => (slot.saturating_add(FIRST_SLOTS).ilog2() - FIRST_SLOTS.ilog2()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_double_until_they_are_full() {
        let svm = LiteSVM::new();
        let slots = [0, 31, 32, 95, 96, 223, 224, 524_255, 524_256, 956_255, 956_256, u64::MAX];
        let last = 14 + (u64::MAX - 524_256) / 432_000;
        assert_eq!(slots.map(|slot| at(&svm, slot)), [0, 0, 1, 1, 2, 2, 3, 13, 14, 14, 15, last]);
    }
}
