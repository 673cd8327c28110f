//! Allowances: what a member may take out of its session's vault, of one mint.

use {
    super::quotas::{Elapsed, Quota, Used},
    crate::{
        Address, NOBODY, Result,
        error::{InvalidField, SessionError},
        same,
    },
    bytemuck::{Pod, Zeroable},
};

/// The most destinations that an allowance can list.
pub const MAX_DESTINATIONS: usize = 4;

/// What an authority allows. Amounts are in lamports, or in the mint's smallest parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType, anchor_lang::AnchorSerialize, anchor_lang::AnchorDeserialize))]
#[cfg_attr(feature = "anchor", wincode(assert_zero_copy))]
#[repr(C)]
pub struct AllowanceTerms {
    /// How much in all, and how much in each window.
    pub quota: Quota,
    /// How much in one call.
    pub per_call: u64,
    /// The wallets that can be paid, if any are listed; zeros behind them.
    pub destinations: [Address; MAX_DESTINATIONS],
    /// How many destinations are listed; 0 allows any, and functions too.
    pub destination_count: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

impl AllowanceTerms {
    /// Checks every field; the error names the first that is out of its range.
    #[inline(always)]
    pub fn validate(&self) -> core::result::Result<(), InvalidField> {
        if !self.quota.is_sound() {
            return Err(InvalidField::QuotaOfAllowance);
        }
        let count = usize::from(self.destination_count);
        let (Some(listed), Some(rest)) = (self.destinations.get(..count), self.destinations.get(count..)) else {
            return Err(InvalidField::Destinations);
        };
        if listed.iter().any(|wallet| same(wallet, &NOBODY)) || rest.iter().any(|wallet| !same(wallet, &NOBODY)) {
            return Err(InvalidField::Destinations);
        }
        if self.reserved == [0; 7] { Ok(()) } else { Err(InvalidField::Reserved) }
    }

    /// The destinations that are listed.
    #[inline(always)]
    pub fn listed(&self) -> &[Address] {
        self.destinations.get(..usize::from(self.destination_count)).unwrap_or_default()
    }

    /// Whether `destination` can be paid.
    #[inline(always)]
    pub fn lists(&self, destination: &Address) -> bool {
        self.destination_count == 0 || self.names(destination)
    }

    /// Whether `destination` is one of those that are listed.
    // Not inlined: it is long.
    #[inline(never)]
    fn names(&self, destination: &Address) -> bool {
        self.listed().iter().any(|listed| same(listed, destination))
    }

    /// Whether these terms allow nothing that `former` did not.
    #[inline(never)]
    pub fn are_within(&self, former: &Self) -> bool {
        let narrower =
            former.destination_count == 0 || (self.destination_count > 0 && self.listed().iter().all(|wallet| former.lists(wallet)));
        self.per_call <= former.per_call && self.quota.is_within(&former.quota) && narrower
    }

    /// Makes these the terms of one who used this much, and allows nothing more: the lifetime's limit stands at what was used, if it is below it,
    /// and a window in which more was used than it now allows is used up. The next window begins empty, under the new limit.
    #[inline(always)]
    pub fn apply_to(&mut self, used: &mut Used) {
        self.quota.limit = self.quota.limit.max(used.total);
        used.in_window = used.in_window.min(self.quota.window_limit);
    }

    /// What is used once `amount` more is.
    ///
    /// # Errors
    /// AllowanceExceeded.
    #[inline(always)]
    pub fn plus(&self, used: &Used, amount: u64, time: Elapsed) -> Result<Used> {
        if amount > self.per_call {
            return Err(SessionError::AllowanceExceeded.into());
        }
        used.plus(amount, &self.quota, time).map_err(|_| SessionError::AllowanceExceeded.into())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::rules::quotas::UNLIMITED};

    fn wallet(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn terms(destinations: &[u8]) -> AllowanceTerms {
        let mut terms = AllowanceTerms {
            quota: Quota { limit: 100, window_limit: 30, window_seconds: 60 },
            per_call: 20,
            destination_count: destinations.len() as u8,
            ..Zeroable::zeroed()
        };
        for (place, byte) in terms.destinations.iter_mut().zip(destinations) {
            *place = wallet(*byte);
        }
        terms
    }

    #[test]
    fn terms_are_written_in_one_way() {
        assert_eq!(terms(&[1, 2]).validate(), Ok(()));
        assert_eq!(terms(&[1, 0]).validate(), Err(InvalidField::Destinations));
        assert_eq!(AllowanceTerms { destination_count: 1, ..terms(&[1, 2]) }.validate(), Err(InvalidField::Destinations));
        assert_eq!(AllowanceTerms { destination_count: 5, ..terms(&[1, 2, 3, 4]) }.validate(), Err(InvalidField::Destinations));
        assert_eq!(AllowanceTerms { reserved: [1; 7], ..terms(&[]) }.validate(), Err(InvalidField::Reserved));
        let quota = Quota { window_seconds: 0, ..terms(&[]).quota };
        assert_eq!(AllowanceTerms { quota, ..terms(&[]) }.validate(), Err(InvalidField::QuotaOfAllowance));
    }

    #[test]
    fn only_listed_destinations_are_paid() {
        assert!(terms(&[]).lists(&wallet(9)));
        assert!(terms(&[1, 2]).lists(&wallet(2)) && !terms(&[1, 2]).lists(&wallet(3)));
        // The zeros behind the list are nobody's.
        assert!(!terms(&[1]).lists(&wallet(0)));
    }

    #[test]
    fn lower_is_within_and_higher_is_not() {
        let former = terms(&[1, 2]);
        let quota = |limit, window_limit| Quota { limit, window_limit, window_seconds: 60 };
        let lower = [
            former,
            AllowanceTerms { per_call: 0, ..former },
            AllowanceTerms { quota: quota(0, 0), ..former },
            terms(&[2]),
            terms(&[2, 1]),
        ];
        for terms in lower {
            assert!(terms.are_within(&former), "{terms:?}");
        }
        let higher = [
            AllowanceTerms { per_call: 21, ..former },
            AllowanceTerms { quota: quota(101, 30), ..former },
            AllowanceTerms { quota: quota(100, 31), ..former },
            AllowanceTerms { quota: Quota::UNLIMITED, ..former },
            terms(&[]),
            terms(&[1, 3]),
        ];
        for terms in higher {
            assert!(!terms.are_within(&former), "{terms:?}");
        }
        assert!(former.are_within(&terms(&[])));
    }

    #[test]
    fn a_limit_below_what_was_used_allows_nothing_more() {
        let mut used = Used { total: 40, in_window: 10, window: 3 };
        let mut lowered = AllowanceTerms { quota: Quota { limit: 0, window_limit: UNLIMITED, window_seconds: 60 }, ..terms(&[]) };
        lowered.apply_to(&mut used);
        assert_eq!((lowered.quota.limit, used.total), (40, 40));
        assert!(lowered.plus(&used, 1, Elapsed { activated_at: 0, now: 200 }).is_err());
    }

    #[test]
    fn a_window_that_allows_less_than_was_used_in_it_is_used_up_and_grants_nothing_later() {
        for window_limit in [0, 4] {
            let mut used = Used { total: 40, in_window: 10, window: 3 };
            let mut lowered = AllowanceTerms { quota: Quota { limit: UNLIMITED, window_limit, window_seconds: 60 }, ..terms(&[]) };
            lowered.apply_to(&mut used);
            assert_eq!((lowered.quota.window_limit, used.in_window), (window_limit, window_limit));
            let at = |now| Elapsed { activated_at: 0, now };
            assert!(lowered.plus(&used, 1, at(200)).is_err());
            assert_eq!(lowered.plus(&used, 4, at(240)).is_ok(), window_limit == 4);
            assert!(lowered.plus(&used, 5, at(240)).is_err());
        }
    }

    #[test]
    fn limits_hold_at_their_edges() {
        let at = |now| Elapsed { activated_at: 0, now };
        let terms = terms(&[]);
        assert!(terms.plus(&Used::NONE, 20, at(0)).is_ok() && terms.plus(&Used::NONE, 21, at(0)).is_err());
        let used = terms.plus(&Used::NONE, 20, at(0)).unwrap();
        assert!(terms.plus(&used, 10, at(59)).is_ok() && terms.plus(&used, 11, at(59)).is_err());
        assert!(terms.plus(&used, 20, at(60)).is_ok());
        let nearly = Used { total: 90, in_window: 0, window: 0 };
        assert!(terms.plus(&nearly, 10, at(0)).is_ok() && terms.plus(&nearly, 11, at(0)).is_err());
    }
}
