//! The lifecycle, in the order of a session's life.

use {
    super::{FAILED, Facts, STORED, Step},
    sessions_core::{
        SessionError::{self, *},
        events::{
            Event, SessionActivated, SessionActivating, SessionClosed, SessionClosing, SessionCreated, SessionCreating, SessionDeleted,
            SessionExpired as SessionExpiredEvent, SessionPaused, SessionRequested, SessionResumed, SessionUpdated,
        },
        rules::lifecycle::Transition,
    },
};

/// What a step answers to the wrong party, or in the wrong status.
const IMPOSSIBLE: &[SessionError] = &[PermissionDenied, InvalidTransition];
const BEFORE_DEADLINE: &[&[SessionError]] = &[IMPOSSIBLE, FAILED, &[StepTimedOut, ArithmeticOverflow]];
const BEFORE_END: &[&[SessionError]] = &[IMPOSSIBLE, FAILED, &[SessionExpired, ArithmeticOverflow]];

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "request_session",
        step: Step::Begins,
        who: "the creator",
        events: &[SessionRequested::NAME],
        loading: &[&[SessionAlreadyExists]],
        refusals: &[&[InvalidConfiguration]],
    },
    Facts {
        name: "open_session",
        step: Step::Begins,
        who: "the creator, who must be the host",
        events: &[SessionRequested::NAME, SessionCreated::NAME, SessionActivated::NAME],
        loading: &[&[SessionAlreadyExists]],
        refusals: &[&[PermissionDenied, InvalidConfiguration]],
    },
    Facts {
        name: "begin_creation",
        step: Step::Takes(Transition::BeginCreation, "before the step's deadline"),
        who: "the host",
        events: &[SessionCreating::NAME],
        loading: &[STORED],
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "complete_creation",
        step: Step::Takes(Transition::CompleteCreation, "before the step's deadline"),
        who: "the host",
        events: &[SessionCreated::NAME],
        loading: &[STORED],
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "begin_activation",
        step: Step::Takes(Transition::BeginActivation, "before the step's deadline"),
        who: "the authority",
        events: &[SessionActivating::NAME],
        loading: &[STORED],
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "complete_activation",
        step: Step::Takes(Transition::CompleteActivation, "before the step's deadline"),
        who: "the host",
        events: &[SessionActivated::NAME],
        loading: &[STORED],
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "pause_session",
        step: Step::Takes(Transition::Pause, "before the session's end"),
        who: "the authority",
        events: &[SessionPaused::NAME],
        loading: &[STORED],
        refusals: BEFORE_END,
    },
    Facts {
        name: "resume_session",
        step: Step::Takes(Transition::Resume, "before the session's end"),
        who: "the authority",
        events: &[SessionResumed::NAME],
        loading: &[STORED],
        refusals: BEFORE_END,
    },
    Facts {
        name: "update_session",
        step: Step::Takes(Transition::Update, "Created, Activating: before the step's deadline; Active, Paused: before the session's end"),
        who: "the authority",
        events: &[SessionUpdated::NAME],
        loading: &[STORED],
        refusals: &[IMPOSSIBLE, FAILED, &[StepTimedOut, SessionExpired, InvalidConfiguration, ArithmeticOverflow]],
    },
    Facts {
        name: "close_session",
        step: Step::Takes(Transition::Close, "before the session's end"),
        who: "the authority",
        events: &[SessionClosing::NAME],
        loading: &[STORED],
        refusals: &[IMPOSSIBLE, FAILED, &[SessionExpired, InvalidConfiguration, ArithmeticOverflow]],
    },
    Facts {
        name: "complete_close",
        step: Step::Takes(Transition::CompleteClose, "any time"),
        who: "the host; from the step's deadline on, anyone",
        events: &[SessionClosed::NAME],
        loading: &[STORED],
        refusals: &[IMPOSSIBLE, FAILED, &[ArithmeticOverflow]],
    },
    Facts {
        name: "abort_session",
        step: Step::Takes(Transition::Abort, "any time; from the step's deadline on only as TimedOut"),
        who: "the creator (Cancelled), the host (Failed); from the step's deadline on, anyone (TimedOut)",
        events: &[SessionClosed::NAME],
        loading: &[STORED],
        refusals: &[IMPOSSIBLE, FAILED, &[StepTimedOut, NotYetExpired, InvalidConfiguration, ArithmeticOverflow]],
    },
    Facts {
        name: "expire_session",
        step: Step::Takes(Transition::Expire, "from the session's end on"),
        who: "with AUTO_EXPIRE, anyone; without it the authority, and `step_timeout` after the end, anyone",
        events: &[SessionExpiredEvent::NAME],
        loading: &[STORED],
        refusals: &[IMPOSSIBLE, FAILED, &[NotYetExpired, ArithmeticOverflow]],
    },
    Facts {
        name: "reclaim_children",
        step: Step::Otherwise("once the session is Closed or gone; an account of an earlier life of it, at any time"),
        who: "anyone; nobody has to sign but who pays the fee",
        events: &[],
        loading: &[STORED, &[ChildNotFound, WrongRentRecipient]],
        refusals: &[&[WrongSession, InvalidTransition, ArithmeticOverflow]],
    },
    Facts {
        name: "reclaim_session",
        step: Step::Takes(Transition::Reclaim, "in a later slot than the request, when no children are left"),
        who: "anyone; nobody has to sign but who pays the fee",
        events: &[SessionDeleted::NAME],
        loading: &[STORED, &[WrongRentRecipient]],
        refusals: &[&[InvalidTransition, ChildrenRemain, SessionTooNew, ArithmeticOverflow]],
    },
];
