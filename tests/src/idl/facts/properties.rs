//! Properties: shared values.

use {
    super::{BELONGS, Facts, OVER, STORED, Step},
    sessions_core::{
        SessionError::*,
        events::{Event, PropertyDeleted, PropertySet},
        rules::lifecycle::When,
    },
};

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "set_property",
        step: Step::Acts(When::Acting),
        who: "a member with WRITE_PROPERTIES, by its wallet or its session key",
        events: &[PropertySet::NAME],
        loading: &[STORED, &[PermissionDenied, VersionConflict]],
        refusals: &[
            &[InvalidConfiguration, ValueTooLong],
            BELONGS,
            &[PermissionDenied],
            OVER,
            &[QuotaExceeded, VersionConflict, ArithmeticOverflow],
        ],
    },
    Facts {
        name: "delete_property",
        step: Step::Acts(When::Acting),
        who: "a member with WRITE_PROPERTIES, by its wallet or its session key",
        events: &[PropertyDeleted::NAME],
        loading: &[STORED, &[PermissionDenied, VersionConflict, WrongRentRecipient]],
        refusals: &[BELONGS, &[PermissionDenied], OVER, &[QuotaExceeded, VersionConflict, ArithmeticOverflow]],
    },
];
