//! What is recorded in a session: messages and checkpoints.

use {
    super::{BELONGS, Facts, OVER, STANDING, STORED, Step},
    sessions_core::{
        SessionError::*,
        events::{CheckpointCommitted, Event, MessageBroadcast, MessageSent},
        rules::lifecycle::When,
    },
};

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "broadcast_message",
        step: Step::Acts(When::Acting),
        who: "a member with SEND_MESSAGES, by its wallet or its session key",
        events: &[MessageBroadcast::NAME],
        loading: &[STORED, &[PermissionDenied]],
        refusals: &[BELONGS, &[PermissionDenied], OVER, &[QuotaExceeded, ValueTooLong, ArithmeticOverflow]],
    },
    Facts {
        name: "send_direct_message",
        step: Step::Acts(When::Acting),
        who: "a member with SEND_MESSAGES, by its wallet or its session key",
        events: &[MessageSent::NAME],
        loading: &[STORED, &[PermissionDenied, AccountsMustDiffer, MemberNotFound]],
        refusals: &[
            BELONGS,
            &[PermissionDenied],
            OVER,
            &[QuotaExceeded, ValueTooLong, MemberNotActive, AccountsMustDiffer, ArithmeticOverflow],
        ],
    },
    Facts {
        name: "commit_checkpoint",
        step: Step::Acts(When::Serving),
        who: "the host",
        events: &[CheckpointCommitted::NAME],
        loading: &[STORED],
        refusals: &[&[PermissionDenied], STANDING, &[SequenceNotRising, ArithmeticOverflow]],
    },
];
