//! Consumption: what other programs ask of a membership, by a call or by the guard.

use {
    super::{BELONGS, Facts, OVER, STORED, Step},
    sessions_core::{
        SessionError::{self, *},
        events::{Event, UsageRecorded},
        rules::lifecycle::When,
    },
};

const WHO: &str = "a member with what is asked for, by its wallet or its session key";

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "consume",
        step: Step::Acts(When::Acting),
        who: WHO,
        events: &[UsageRecorded::NAME],
        loading: &[STORED, &[PermissionDenied]],
        refusals: &[&[InvalidConfiguration], BELONGS, &[PermissionDenied], OVER, &[QuotaExceeded, SessionReadOnly, ArithmeticOverflow]],
    },
    Facts {
        name: "validate_session",
        step: Step::Acts(When::Acting),
        who: WHO,
        events: &[],
        loading: &[STORED, &[PermissionDenied]],
        refusals: &[&[InvalidConfiguration], BELONGS, &[PermissionDenied], OVER, &[QuotaExceeded, ArithmeticOverflow]],
    },
];

/// What the guard answers, in the order in which it checks.
pub const GUARD: &[&[SessionError]] = &[&[SessionNotFound, UnsupportedVersion, MemberNotFound], BELONGS, &[PermissionDenied], OVER];
