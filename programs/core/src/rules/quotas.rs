//! Quotas: how much of something may be used in a lifetime and in a window of time.
//!
//! Zero allows nothing; "unlimited" is written out as [`UNLIMITED`]. A quota without a window has a window of zero seconds and an unlimited
//! window limit, and only that.

use bytemuck::{Pod, Zeroable};

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
