//! The vault: what goes in, what members may take out, and what comes back.

use {
    super::{BELONGS, Facts, OVER, STANDING, STORED, Step},
    sessions_core::{
        SessionError::*,
        events::{AllowanceSet, AllowanceSpent, Deposited, Event, Withdrawn},
        rules::lifecycle::When,
    },
};

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "deposit",
        step: Step::Acts(When::Joining),
        who: "anyone",
        events: &[Deposited::NAME],
        loading: &[STORED, &[WrongSession]],
        refusals: &[STANDING, &[InvalidConfiguration, InvalidTokenAccount, UnsupportedMint, VaultBelowRent, ArithmeticOverflow]],
    },
    Facts {
        name: "set_allowance",
        step: Step::ActsOr(When::Joining, "to allow nothing more than before, [Leaving](#acts)"),
        who: "the authority",
        events: &[AllowanceSet::NAME],
        loading: &[STORED, &[MemberNotFound, WrongSession, AllowanceNotFound]],
        refusals: &[
            BELONGS,
            &[AllowanceNotFound, PermissionDenied],
            STANDING,
            &[MemberNotActive, InvalidConfiguration, ArithmeticOverflow],
        ],
    },
    Facts {
        name: "spend",
        step: Step::Acts(When::Acting),
        who: "a member with SPEND and an allowance, by its wallet or its session key",
        events: &[AllowanceSpent::NAME],
        loading: &[STORED, &[PermissionDenied, AllowanceNotFound, WrongSession, AccountsMustDiffer]],
        refusals: &[
            BELONGS,
            &[AllowanceNotFound, PermissionDenied],
            OVER,
            &[
                QuotaExceeded,
                InvalidConfiguration,
                PolicyViolation,
                AllowanceExceeded,
                SessionReadOnly,
                InsufficientVault,
                VaultBelowRent,
                ArithmeticOverflow,
            ],
        ],
    },
    Facts {
        name: "spend_tokens",
        step: Step::Acts(When::Acting),
        who: "a member with SPEND and an allowance of the mint, by its wallet or its session key",
        events: &[AllowanceSpent::NAME],
        loading: &[STORED, &[PermissionDenied, AllowanceNotFound, WrongSession, AccountsMustDiffer, InvalidTokenAccount]],
        refusals: &[
            BELONGS,
            &[AllowanceNotFound, PermissionDenied],
            OVER,
            &[
                QuotaExceeded,
                InvalidConfiguration,
                PolicyViolation,
                AllowanceExceeded,
                SessionReadOnly,
                InsufficientVault,
                ArithmeticOverflow,
            ],
        ],
    },
    Facts {
        name: "withdraw",
        step: Step::Otherwise("any time, also once the session is gone"),
        who: "the authority; once the session is Closed or gone, anyone",
        events: &[Withdrawn::NAME],
        loading: &[&[AccountsMustDiffer, InvalidTokenAccount], STORED, &[WrongSession]],
        refusals: &[&[PermissionDenied, WrongRentRecipient, InvalidConfiguration, InsufficientVault, VaultBelowRent, ArithmeticOverflow]],
    },
];
