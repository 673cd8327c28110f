//! Functions: registering them, and calling them with the vault's signature.

use {
    super::{BELONGS, Facts, GONE, OVER, STANDING, STORED, Step},
    sessions_core::{
        SessionError::{self, *},
        events::{AllowanceSpent, Event, FunctionExecuted, FunctionRegistered, FunctionUnregistered},
        rules::lifecycle::When,
    },
};

/// What an execution meets once it is permitted: calls, each in its turn, and what they took out of the vault.
const CALLED: &[SessionError] = &[
    QuotaExceeded,
    SessionReadOnly,
    PolicyViolation,
    InvalidConfiguration,
    VaultBelowRent,
    AllowanceNotFound,
    AllowanceExceeded,
    ArithmeticOverflow,
];

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "register_function",
        step: Step::Acts(When::Joining),
        who: "the authority",
        events: &[FunctionRegistered::NAME],
        loading: &[STORED, &[WrongSession, FunctionAlreadyRegistered]],
        refusals: &[&[PermissionDenied], STANDING, &[PolicyViolation, InvalidConfiguration, ArithmeticOverflow]],
    },
    Facts {
        name: "unregister_function",
        step: Step::Acts(When::Leaving),
        who: "the authority",
        events: &[FunctionUnregistered::NAME],
        loading: &[STORED, &[FunctionNotFound, WrongRentRecipient]],
        refusals: &[BELONGS, &[PermissionDenied], GONE, &[ArithmeticOverflow]],
    },
    Facts {
        name: "execute_function",
        step: Step::Acts(When::Acting),
        who: "a member with EXECUTE_FUNCTIONS, and with SPEND if something leaves the vault, by its wallet or its session key",
        events: &[FunctionExecuted::NAME, AllowanceSpent::NAME],
        loading: &[STORED, &[PermissionDenied, FunctionNotFound]],
        refusals: &[BELONGS, &[PermissionDenied], OVER, CALLED],
    },
    Facts {
        name: "compose_functions",
        step: Step::Acts(When::Acting),
        who: "a member with COMPOSE_FUNCTIONS, and with SPEND if something leaves the vault, by its wallet or its session key",
        events: &[FunctionExecuted::NAME, AllowanceSpent::NAME],
        loading: &[STORED, &[PermissionDenied, InvalidConfiguration, FunctionNotFound]],
        refusals: &[BELONGS, &[PermissionDenied], OVER, CALLED],
    },
];
