//! Quotas: how much of something may be used in a lifetime and in a window of time.
//!
//! Zero allows nothing; "unlimited" is written out as [`UNLIMITED`]. A quota without a window has a window of zero seconds and an unlimited
//! window limit, and only that. Windows are counted from the session's activation on: the window of a moment is
//! `floor((now − activated_at) / seconds)`, so every quota of a session turns over at the same moments for everyone.

use {
    super::time,
    crate::error::SessionError,
    bytemuck::{Pod, Zeroable},
};

/// The limit that never refuses.
pub const UNLIMITED: u64 = u64::MAX;

/// The limits of one kind of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType, anchor_lang::AnchorSerialize, anchor_lang::AnchorDeserialize))]
#[repr(C)]
pub struct Quota {
    /// How much in a lifetime.
    pub limit: u64,
    /// How much in each window.
    pub window_limit: u64,
    /// The window's length in seconds; 0 if there is no window.
    pub window_seconds: u64,
}

impl Quota {
    /// The quota that never refuses.
    pub const UNLIMITED: Self = Self { limit: UNLIMITED, window_limit: UNLIMITED, window_seconds: 0 };

    /// Whether the fields agree: without a window there is no window limit.
    #[inline(always)]
    pub const fn is_sound(&self) -> bool {
        self.window_seconds != 0 || self.window_limit == UNLIMITED
    }

    /// Whether this is the quota that never refuses.
    #[inline(always)]
    pub const fn is_unlimited(&self) -> bool {
        self.limit == UNLIMITED && self.window_limit == UNLIMITED
    }

    /// The quota that keeps within both this one and `former`. Of two windows that have not the same length it is the former one.
    #[inline(always)]
    pub const fn narrowed_to(&self, former: &Self) -> Self {
        let mut narrowed = *former;
        if self.limit < former.limit {
            narrowed.limit = self.limit;
        }
        let same_window = self.window_seconds == former.window_seconds && self.window_limit < former.window_limit;
        if former.window_limit == UNLIMITED || same_window {
            narrowed.window_limit = self.window_limit;
            narrowed.window_seconds = self.window_seconds;
        }
        narrowed
    }

    /// Whether whoever keeps within this quota keeps within `other` too. Windows are compared only if they have the same length.
    #[inline(always)]
    pub const fn is_within(&self, other: &Self) -> bool {
        let same_window = self.window_seconds == other.window_seconds && self.window_limit <= other.window_limit;
        self.limit <= other.limit && (other.window_limit == UNLIMITED || same_window)
    }
}

/// The limits of everything that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType, anchor_lang::AnchorSerialize, anchor_lang::AnchorDeserialize))]
#[repr(C)]
pub struct Quotas {
    /// Acts.
    pub operations: Quota,
    /// Units, which functions and consumers charge.
    pub units: Quota,
    /// Bytes of property values and messages.
    pub bytes: Quota,
}

impl Quotas {
    /// No limits.
    pub const UNLIMITED: Self = Self { operations: Quota::UNLIMITED, units: Quota::UNLIMITED, bytes: Quota::UNLIMITED };

    /// Whether none of the quotas can refuse anything.
    #[inline(always)]
    pub const fn are_unlimited(&self) -> bool {
        self.operations.is_unlimited() && self.units.is_unlimited() && self.bytes.is_unlimited()
    }

    /// Whether whoever keeps within these quotas keeps within `other` too.
    #[inline(always)]
    pub const fn are_within(&self, other: &Self) -> bool {
        self.operations.is_within(&other.operations) && self.units.is_within(&other.units) && self.bytes.is_within(&other.bytes)
    }
}

/// What an act uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Acts.
    pub operations: u64,
    /// Units.
    pub units: u64,
    /// Bytes.
    pub bytes: u64,
}

impl Cost {
    /// One act that stores or sends this many bytes.
    #[inline(always)]
    pub const fn of_bytes(bytes: usize) -> Self {
        Self { operations: 1, units: 0, bytes: bytes as u64 }
    }
}

/// What time it is for a quota: now, and the moment from which windows are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed {
    /// When the session was activated.
    pub activated_at: i64,
    /// Now.
    pub now: i64,
}

impl Elapsed {
    /// The number of the window of this many seconds, not 0, that it is now.
    ///
    /// A function of its own, and not inlined: the compiler for SBPF takes a division by zero for harmless and moves it before the question
    /// whether there is anything to divide by; the machine then stops.
    #[inline(never)]
    const fn window(self, seconds: u64) -> u64 {
        match (time::standing(self.activated_at, self.now) as u64).checked_div(seconds) {
            Some(window) => window,
            None => 0,
        }
    }
}

/// What is left of a limit of which this much was used.
#[inline(always)]
const fn rest(limit: u64, used: u64) -> u64 {
    if limit == UNLIMITED { UNLIMITED } else { limit.saturating_sub(used) }
}

/// What was used under one [`Quota`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct Used {
    /// In the lifetime.
    pub total: u64,
    /// In the window with the number [`Used::window`].
    pub in_window: u64,
    /// The number of the window last used: full windows since the activation.
    pub window: u64,
}

impl Used {
    /// Nothing.
    pub const NONE: Self = Self { total: 0, in_window: 0, window: 0 };

    /// Whether this use keeps within `quota`.
    pub const fn is_within(&self, quota: &Quota) -> bool {
        self.total <= quota.limit && self.in_window <= quota.window_limit
    }

    /// This use when `new` takes the place of `old`: the total stays, and windows of another length begin empty, as one does that is over.
    #[inline(always)]
    pub(crate) const fn under(&self, old: &Quota, new: &Quota, time: Elapsed) -> Self {
        if old.window_seconds != new.window_seconds {
            return Self { total: self.total, in_window: 0, window: 0 };
        }
        if new.window_seconds != 0 {
            let window = time.window(new.window_seconds);
            if window > self.window {
                return Self { total: self.total, in_window: 0, window };
            }
        }
        *self
    }

    /// How much is left under `quota` at this time: of the lifetime or of the window, whichever has less; [`UNLIMITED`] where nothing limits it.
    #[inline(always)]
    pub const fn left(&self, quota: &Quota, time: Elapsed) -> u64 {
        let left = rest(quota.limit, self.total);
        if quota.window_seconds == 0 {
            return left;
        }
        let in_window = if time.window(quota.window_seconds) > self.window { 0 } else { self.in_window };
        let in_window = rest(quota.window_limit, in_window);
        if in_window < left { in_window } else { left }
    }

    /// The use after `amount` more under `quota`, at this time.
    ///
    /// # Errors
    /// QuotaExceeded; ArithmeticOverflow where nothing limits the sum but its range.
    #[inline(always)]
    pub const fn plus(&self, amount: u64, quota: &Quota, time: Elapsed) -> Result<Self, SessionError> {
        if amount == 0 {
            return Ok(*self);
        }
        if quota.window_seconds != 0 {
            let mut after = *self;
            return match after.add_in_window(amount, quota, time.window(quota.window_seconds)) {
                Ok(()) => Ok(after),
                Err(error) => Err(error),
            };
        }
        // Without windows nothing is counted in one, so that a window that is set later begins empty.
        let Some(total) = self.total.checked_add(amount) else { return Err(SessionError::ArithmeticOverflow) };
        let after = Self { total, ..*self };
        if after.is_within(quota) { Ok(after) } else { Err(SessionError::QuotaExceeded) }
    }

    /// Adds `amount` under `quota` at this time, in place.
    ///
    /// # Errors
    /// Those of [`Used::plus`], which leave the use as it is.
    #[inline(always)]
    const fn add(&mut self, amount: u64, quota: &Quota, time: Elapsed) -> Result<(), SessionError> {
        if amount == 0 {
            return Ok(());
        }
        match self.plus(amount, quota, time) {
            Ok(after) => {
                *self = after;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Adds `amount` in this window of the quota.
    // Not inlined: few quotas have windows.
    #[inline(never)]
    const fn add_in_window(&mut self, amount: u64, quota: &Quota, window: u64) -> Result<(), SessionError> {
        // A clock that goes back does not give a window's use back.
        let before = if window > self.window { 0 } else { self.in_window };
        let (Some(total), Some(in_window)) = (self.total.checked_add(amount), before.checked_add(amount)) else {
            return Err(SessionError::ArithmeticOverflow);
        };
        *self = Self { total, in_window, window: if window > self.window { window } else { self.window } };
        if self.is_within(quota) { Ok(()) } else { Err(SessionError::QuotaExceeded) }
    }
}

/// What was used of everything that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct Usage {
    /// Acts.
    pub operations: Used,
    /// Units.
    pub units: Used,
    /// Bytes.
    pub bytes: Used,
}

impl Usage {
    /// Nothing.
    pub const NONE: Self = Self { operations: Used::NONE, units: Used::NONE, bytes: Used::NONE };

    /// Whether this usage keeps within `quotas`.
    pub const fn is_within(&self, quotas: &Quotas) -> bool {
        self.operations.is_within(&quotas.operations) && self.units.is_within(&quotas.units) && self.bytes.is_within(&quotas.bytes)
    }

    /// This usage when `new` takes the place of `old`: totals stay, and windows of another length begin empty, as one does that is over.
    #[inline(always)]
    pub const fn under(&self, old: &Quotas, new: &Quotas, time: Elapsed) -> Self {
        Self {
            operations: self.operations.under(&old.operations, &new.operations, time),
            units: self.units.under(&old.units, &new.units, time),
            bytes: self.bytes.under(&old.bytes, &new.bytes, time),
        }
    }

    /// Adds `cost` under `quotas` at this time, in place, which costs less than a copy; it has been checked that there is room for it
    /// ([`Usage::plus`]).
    ///
    /// # Errors
    /// Those of [`Usage::plus`], and then part of it may be added.
    #[inline(always)]
    pub fn add(&mut self, cost: &Cost, quotas: &Quotas, time: Elapsed) -> Result<(), SessionError> {
        self.operations.add(cost.operations, &quotas.operations, time)?;
        self.units.add(cost.units, &quotas.units, time)?;
        self.bytes.add(cost.bytes, &quotas.bytes, time)
    }

    /// The usage after `cost` more under `quotas`, at this time.
    ///
    /// # Errors
    /// QuotaExceeded, ArithmeticOverflow.
    #[inline(always)]
    pub fn plus(&self, cost: &Cost, quotas: &Quotas, time: Elapsed) -> Result<Self, SessionError> {
        Ok(Self {
            operations: self.operations.plus(cost.operations, &quotas.operations, time)?,
            units: self.units.plus(cost.units, &quotas.units, time)?,
            bytes: self.bytes.plus(cost.bytes, &quotas.bytes, time)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(elapsed: i64) -> Elapsed {
        Elapsed { activated_at: 1_000, now: 1_000 + elapsed }
    }

    #[test]
    fn a_window_limit_needs_a_window() {
        assert!(Quota::UNLIMITED.is_sound());
        assert!(Quota { limit: 0, ..Quota::UNLIMITED }.is_sound());
        assert!(Quota { limit: 9, window_limit: 3, window_seconds: 60 }.is_sound());
        assert!(!Quota { limit: 9, window_limit: 3, window_seconds: 0 }.is_sound());
    }

    #[test]
    fn use_up_to_the_limit_keeps_within_it() {
        let quota = Quota { limit: 5, window_limit: 2, window_seconds: 60 };
        assert!(Used { total: 5, in_window: 2, window: 7 }.is_within(&quota));
        assert!(!Used { total: 6, in_window: 2, window: 7 }.is_within(&quota));
        assert!(!Used { total: 5, in_window: 3, window: 7 }.is_within(&quota));
    }

    #[test]
    fn a_limit_is_reached_and_not_passed() {
        let quota = Quota { limit: 5, ..Quota::UNLIMITED };
        let used = Used::NONE.plus(5, &quota, at(0)).unwrap();
        assert_eq!(used.total, 5);
        assert_eq!(used.plus(0, &quota, at(9)), Ok(used));
        assert_eq!(used.plus(1, &quota, at(9)), Err(SessionError::QuotaExceeded));
        assert_eq!(Used::NONE.plus(1, &Quota { limit: 0, ..Quota::UNLIMITED }, at(0)), Err(SessionError::QuotaExceeded));
    }

    #[test]
    fn a_window_ends_at_its_second_and_the_total_goes_on() {
        let quota = Quota { limit: 5, window_limit: 2, window_seconds: 60 };
        let used = Used::NONE.plus(2, &quota, at(59)).unwrap();
        assert_eq!(used.plus(1, &quota, at(59)), Err(SessionError::QuotaExceeded));
        let next = used.plus(2, &quota, at(60)).unwrap();
        assert_eq!(next, Used { total: 4, in_window: 2, window: 1 });
        assert_eq!(next.plus(2, &quota, at(120)), Err(SessionError::QuotaExceeded));
        assert_eq!(next.plus(1, &quota, at(120)), Ok(Used { total: 5, in_window: 1, window: 2 }));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_back() {
        let quota = Quota { limit: 5, window_limit: 2, window_seconds: 60 };
        let used = Used::NONE.plus(2, &quota, at(120)).unwrap();
        assert_eq!(used.plus(1, &quota, at(0)), Err(SessionError::QuotaExceeded));
    }

    #[test]
    fn windows_of_another_length_begin_empty() {
        let cost = Cost { operations: 2, ..Cost::default() };
        let quotas =
            |window_limit, window_seconds| Quotas { operations: Quota { limit: 9, window_limit, window_seconds }, ..Quotas::UNLIMITED };
        let used = Usage::NONE.plus(&cost, &quotas(2, 60), at(600)).unwrap();
        assert_eq!(used.under(&quotas(2, 60), &quotas(1, 60), at(659)), used);
        assert_eq!(used.under(&quotas(2, 60), &quotas(1, 60), at(660)).operations, Used { total: 2, in_window: 0, window: 11 });
        let after = used.under(&quotas(2, 60), &quotas(2, 3_600), at(600));
        assert_eq!(after.operations, Used { total: 2, in_window: 0, window: 0 });
        assert!(after.plus(&cost, &quotas(2, 3_600), at(601)).unwrap().plus(&cost, &quotas(2, 3_600), at(602)).is_err());
        let unlimited = Usage::NONE.plus(&cost, &Quotas::UNLIMITED, at(600)).unwrap();
        assert_eq!(unlimited.operations, Used { total: 2, in_window: 0, window: 0 });
    }

    #[test]
    fn what_has_no_limit_stops_at_the_end_of_its_range() {
        let used = Used::NONE.plus(UNLIMITED, &Quota::UNLIMITED, at(0)).unwrap();
        assert_eq!(used.plus(1, &Quota::UNLIMITED, at(0)), Err(SessionError::ArithmeticOverflow));
    }

    #[test]
    fn what_is_left_is_the_least_and_of_what_is_unlimited_there_is_no_less() {
        let used = Used { total: 7, in_window: 2, window: 1 };
        let quota = Quota { limit: 10, window_limit: 4, window_seconds: 60 };
        assert_eq!((used.left(&quota, at(119)), used.left(&quota, at(120))), (2, 3));
        assert_eq!(used.left(&Quota { limit: 10, ..Quota::UNLIMITED }, at(0)), 3);
        assert_eq!(used.left(&Quota::UNLIMITED, at(0)), UNLIMITED);
        assert_eq!(used.left(&Quota { limit: 5, ..quota }, at(0)), 0);
    }

    #[test]
    fn narrowed_is_within_both() {
        let quotas = [
            Quota::UNLIMITED,
            Quota { limit: 100, ..Quota::UNLIMITED },
            Quota { limit: 1_000, window_limit: 5, window_seconds: 60 },
            Quota { limit: 10, window_limit: 9, window_seconds: 60 },
        ];
        for one in quotas {
            for other in quotas {
                let narrowed = one.narrowed_to(&other);
                assert!(narrowed.is_within(&one) && narrowed.is_within(&other) && narrowed.is_sound(), "{one:?} {other:?}: {narrowed:?}");
            }
        }
        let (hourly, daily) = (Quota { window_seconds: 3_600, ..quotas[2] }, Quota { limit: 7, window_seconds: 86_400, ..quotas[2] });
        assert_eq!(daily.narrowed_to(&hourly), Quota { limit: 7, ..hourly });
    }

    #[test]
    fn narrower_is_within_and_wider_is_not() {
        let giver = Quota { limit: 10, window_limit: 3, window_seconds: 60 };
        let cases = [
            (giver, true),
            (Quota { limit: 9, ..giver }, true),
            (Quota { window_limit: 2, ..giver }, true),
            (Quota { limit: 11, ..giver }, false),
            (Quota { window_limit: 4, ..giver }, false),
            (Quota { window_seconds: 61, ..giver }, false),
            (Quota { limit: 1, ..Quota::UNLIMITED }, false),
            (Quota::UNLIMITED, false),
        ];
        for (quota, within) in cases {
            assert_eq!(quota.is_within(&giver), within, "{quota:?}");
            assert!(quota.is_within(&Quota::UNLIMITED));
        }
    }
}
