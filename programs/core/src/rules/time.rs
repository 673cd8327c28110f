//! Time: one boundary rule and one rule for a session's end.
//!
//! Moments are Unix timestamps in seconds as the cluster's clock gives them (`Clock::unix_timestamp`); spans are whole seconds in a `u32`,
//! which reaches 136 years. Sums saturate: a moment past the end of the calendar is "never", and never is what it should mean.

/// Whether the moment `t` has passed at `now`. The boundary belongs to the later side: at `t` itself, `t` has passed.
#[inline(always)]
pub const fn has_passed(now: i64, t: i64) -> bool {
    now >= t
}

/// The moment `seconds` after `t`.
#[inline(always)]
pub const fn after(t: i64, seconds: u32) -> i64 {
    // Only a sum too large can wrap, for a span has no sign; the general saturating sum costs four times as much on SBF.
    let sum = t.wrapping_add(seconds as i64);
    if sum < t { i64::MAX } else { sum }
}

/// How long a clock that stopped at `since` has been standing at `now`, in seconds. Zero if the cluster's clock went back meanwhile.
#[inline(always)]
pub const fn standing(since: i64, now: i64) -> i64 {
    let span = now.saturating_sub(since);
    if span > 0 { span } else { 0 }
}

/// The moment a session ends: `min(hard_end, expires_at + the time its clock has been standing)`.
///
/// `stopped_since` is the moment of the pause, if the session is paused and its pauses stop the clock.
#[inline(always)]
pub const fn end(expires_at: i64, hard_end: i64, stopped_since: Option<i64>, now: i64) -> i64 {
    let moved = match stopped_since {
        Some(since) => expires_at.saturating_add(standing(since, now)),
        None => expires_at,
    };
    if moved < hard_end { moved } else { hard_end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_belongs_to_the_later_side() {
        assert!(!has_passed(99, 100));
        assert!(has_passed(100, 100));
        assert!(has_passed(101, 100));
    }

    #[test]
    fn the_end_is_the_earlier_of_both_limits() {
        assert_eq!(end(100, 200, None, 50), 100);
        assert_eq!(end(300, 200, None, 50), 200);
    }

    #[test]
    fn a_stopped_clock_moves_the_end_up_to_the_hard_end() {
        assert_eq!(end(100, 200, Some(60), 60), 100);
        assert_eq!(end(100, 200, Some(60), 90), 130);
        assert_eq!(end(100, 200, Some(60), 160), 200);
        assert_eq!(end(100, 200, Some(60), 1_000), 200);
    }

    #[test]
    fn a_clock_that_goes_back_never_shortens_a_session() {
        assert_eq!(end(100, 200, Some(60), 10), 100);
    }

    #[test]
    fn the_far_future_is_never() {
        assert_eq!(after(i64::MAX - 1, u32::MAX), i64::MAX);
        assert_eq!(end(i64::MAX, i64::MAX, Some(0), 10), i64::MAX);
    }
}
