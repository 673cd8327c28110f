//! What neither the IDL nor a type says: who takes a step and when, which events tell of it, and which errors can answer it.
//!
//! Written by hand; the test `protocol` tries every step in every situation and compares the events, errors and fields that came of it with
//! this table. Who takes a step and when is prose: `tests/svm` checks it on the program.

use sessions_core::{
    SessionError::{self, *},
    events::{
        Event, SessionActivated, SessionActivating, SessionClosed, SessionClosing, SessionCreated, SessionCreating, SessionDeleted,
        SessionExpired as SessionExpiredEvent, SessionPaused, SessionRequested, SessionResumed, SessionUpdated,
    },
    rules::lifecycle::Transition,
};

/// An instruction, as far as the IDL does not know it.
pub struct Facts {
    /// Its name in the IDL.
    pub name: &'static str,
    /// Its row in the table of transitions; `None` if it makes a session.
    pub transition: Option<Transition>,
    /// Who may take it.
    pub who: &'static str,
    /// When they may.
    pub when: &'static str,
    /// The events that tell of it.
    pub events: &'static [&'static str],
    /// The errors that loading its accounts can give.
    pub loading: &'static [SessionError],
    /// The errors that the step itself can give, in the order in which they are checked.
    pub refusals: &'static [SessionError],
}

/// What loading an existing session can give.
const STORED: &[SessionError] = &[SessionNotFound, UnsupportedVersion];
/// What creating one can give.
const CREATED: &[SessionError] = &[SessionAlreadyExists];

/// The instructions, in the order of a session's life.
pub const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "request_session",
        transition: None,
        who: "the creator",
        when: "any time",
        events: &[SessionRequested::NAME],
        loading: CREATED,
        refusals: &[InvalidConfiguration],
    },
    Facts {
        name: "open_session",
        transition: None,
        who: "the creator, who must be the host",
        when: "any time",
        events: &[SessionRequested::NAME, SessionCreated::NAME, SessionActivated::NAME],
        loading: CREATED,
        refusals: &[PermissionDenied, InvalidConfiguration],
    },
    Facts {
        name: "begin_creation",
        transition: Some(Transition::BeginCreation),
        who: "the host",
        when: "before the step's deadline",
        events: &[SessionCreating::NAME],
        loading: STORED,
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "complete_creation",
        transition: Some(Transition::CompleteCreation),
        who: "the host",
        when: "before the step's deadline",
        events: &[SessionCreated::NAME],
        loading: STORED,
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "begin_activation",
        transition: Some(Transition::BeginActivation),
        who: "the authority",
        when: "before the step's deadline",
        events: &[SessionActivating::NAME],
        loading: STORED,
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "complete_activation",
        transition: Some(Transition::CompleteActivation),
        who: "the host",
        when: "before the step's deadline",
        events: &[SessionActivated::NAME],
        loading: STORED,
        refusals: BEFORE_DEADLINE,
    },
    Facts {
        name: "pause_session",
        transition: Some(Transition::Pause),
        who: "the authority",
        when: "before the session's end",
        events: &[SessionPaused::NAME],
        loading: STORED,
        refusals: BEFORE_END,
    },
    Facts {
        name: "resume_session",
        transition: Some(Transition::Resume),
        who: "the authority",
        when: "before the session's end",
        events: &[SessionResumed::NAME],
        loading: STORED,
        refusals: BEFORE_END,
    },
    Facts {
        name: "update_session",
        transition: Some(Transition::Update),
        who: "the authority",
        when: "Created, Activating: before the step's deadline; Active, Paused: before the session's end",
        events: &[SessionUpdated::NAME],
        loading: STORED,
        refusals: &[
            PermissionDenied,
            InvalidTransition,
            CreationFailed,
            ActivationFailed,
            StepTimedOut,
            SessionExpired,
            InvalidConfiguration,
            ArithmeticOverflow,
        ],
    },
    Facts {
        name: "close_session",
        transition: Some(Transition::Close),
        who: "the authority",
        when: "before the session's end",
        events: &[SessionClosing::NAME],
        loading: STORED,
        refusals: &[
            PermissionDenied,
            InvalidTransition,
            CreationFailed,
            ActivationFailed,
            SessionExpired,
            InvalidConfiguration,
            ArithmeticOverflow,
        ],
    },
    Facts {
        name: "complete_close",
        transition: Some(Transition::CompleteClose),
        who: "the host; from the step's deadline on, anyone",
        when: "any time",
        events: &[SessionClosed::NAME],
        loading: STORED,
        refusals: &[PermissionDenied, InvalidTransition, CreationFailed, ActivationFailed, ArithmeticOverflow],
    },
    Facts {
        name: "abort_session",
        transition: Some(Transition::Abort),
        who: "the creator (Cancelled), the host (Failed); from the step's deadline on, anyone (TimedOut)",
        when: "any time; from the step's deadline on only as TimedOut",
        events: &[SessionClosed::NAME],
        loading: STORED,
        refusals: &[
            PermissionDenied,
            InvalidTransition,
            CreationFailed,
            ActivationFailed,
            StepTimedOut,
            NotYetExpired,
            InvalidConfiguration,
            ArithmeticOverflow,
        ],
    },
    Facts {
        name: "expire_session",
        transition: Some(Transition::Expire),
        who: "with AUTO_EXPIRE, anyone; without it the authority, and `step_timeout` after the end, anyone",
        when: "from the session's end on",
        events: &[SessionExpiredEvent::NAME],
        loading: STORED,
        refusals: &[PermissionDenied, InvalidTransition, CreationFailed, ActivationFailed, NotYetExpired, ArithmeticOverflow],
    },
    Facts {
        name: "reclaim_session",
        transition: Some(Transition::Reclaim),
        who: "anyone; nobody has to sign but who pays the fee",
        when: "in a later slot than the request, when no children are left",
        events: &[SessionDeleted::NAME],
        loading: &[SessionNotFound, UnsupportedVersion, WrongRentRecipient],
        refusals: &[InvalidTransition, ChildrenRemain, SessionTooNew, ArithmeticOverflow],
    },
];

const BEFORE_DEADLINE: &[SessionError] =
    &[PermissionDenied, InvalidTransition, CreationFailed, ActivationFailed, StepTimedOut, ArithmeticOverflow];

const BEFORE_END: &[SessionError] =
    &[PermissionDenied, InvalidTransition, CreationFailed, ActivationFailed, SessionExpired, ArithmeticOverflow];

/// Errors that wait for instructions of later versions. Their codes are taken.
pub const LATER: &[SessionError] = &[SessionNotActive, QuotaExceeded, PolicyViolation, StaleEpoch];

/// The fields that an InvalidConfiguration can name, and what is right.
pub const FIELDS: &[(&str, &str)] = &[
    ("host", "not the zero address"),
    ("kind", "a byte of [`Kind`](#kind)"),
    ("reserved", "0"),
    ("max_members", "at least 1, at least the active members, and 2 in a point-to-point session"),
    ("max_duration", "at least 1"),
    ("hard_limit", "at least `max_duration`"),
    ("step_timeout", "at least 1"),
    ("invitation_ttl", "at least 1"),
    ("permissions", "only bits of [`Permissions`](#permissions)"),
    ("settings", "only bits of [`Settings`](#settings)"),
    ("quotas.operations", "a sound quota, not below what is used"),
    ("quotas.units", "a sound quota, not below what is used"),
    ("quotas.bytes", "a sound quota, not below what is used"),
    ("changes", "at least one"),
    ("expires_in", "at least 1; from now on not past `hard_end`, before the activation not over `hard_limit`"),
    ("reason", "`close_session`: 1, 2 or 16 to 255; `abort_session`: 0, 2, 3 or 4"),
];
