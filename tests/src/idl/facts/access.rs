//! Access across sessions: granting it, and using it.

use {
    super::{BELONGS, Facts, GONE, OVER, STANDING, STORED, Step},
    sessions_core::{
        SessionError::*,
        events::{AccessGranted, AccessRevoked, Event, PropertySet},
        rules::lifecycle::When,
    },
};

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "grant_access",
        step: Step::Acts(When::Joining),
        who: "the authority of the session whose properties they are",
        events: &[AccessGranted::NAME],
        loading: &[STORED, &[AccountsMustDiffer, AccessNotFound]],
        refusals: &[BELONGS, &[AccessNotFound, PermissionDenied], STANDING, &[InvalidConfiguration, ArithmeticOverflow]],
    },
    Facts {
        name: "revoke_access",
        step: Step::Acts(When::Leaving),
        who: "the authority of the session that made the grant",
        events: &[AccessRevoked::NAME],
        loading: &[STORED, &[AccessNotFound, WrongRentRecipient]],
        refusals: &[BELONGS, &[PermissionDenied], GONE, &[ArithmeticOverflow]],
    },
    Facts {
        name: "read_property",
        step: Step::ActsOr(When::Acting, "the other session [Serving](#acts)"),
        who: "a member with READ_CROSS_SESSION, by its wallet or its session key, and a grant",
        events: &[],
        loading: &[STORED, &[PermissionDenied, AccountsMustDiffer, PolicyViolation, PropertyNotFound]],
        refusals: &[
            BELONGS,
            &[PermissionDenied],
            OVER,
            &[QuotaExceeded, StepTimedOut, PolicyViolation, SessionReadOnly, ArithmeticOverflow],
        ],
    },
    Facts {
        name: "write_property",
        step: Step::ActsOr(When::Acting, "both sessions"),
        who: "a member with WRITE_CROSS_SESSION, by its wallet or its session key, and a grant",
        events: &[PropertySet::NAME],
        loading: &[STORED, &[PermissionDenied, PolicyViolation, VersionConflict]],
        refusals: &[
            &[InvalidConfiguration, ValueTooLong],
            BELONGS,
            &[PermissionDenied],
            OVER,
            &[QuotaExceeded, PolicyViolation, VersionConflict, SessionReadOnly, ArithmeticOverflow],
        ],
    },
];
