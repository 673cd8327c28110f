//! What neither the IDL nor a type says: who takes a step and when, which events tell of it, and which errors can answer it.
//!
//! Written by hand; the test `protocol` tries every step in every situation and compares the events, errors, fields and reasons that came of
//! it with these tables. Who takes a step and when is prose: `tests/svm` checks it on the program.

mod access;
mod consumption;
mod functions;
mod handlers;
mod lifecycle;
mod membership;
mod messages;
mod properties;
mod values;
mod vault;

pub use {
    consumption::GUARD,
    handlers::{HANDLERS, Handler, handler_of},
    values::{DENIALS, FIELDS, VIOLATIONS},
};

use sessions_core::{
    SessionError::{self, *},
    rules::lifecycle::{Transition, When},
};

/// An instruction, as far as the IDL does not know it.
pub struct Facts {
    /// Its name in the IDL.
    pub name: &'static str,
    /// What kind of step it is, which says when it is possible.
    pub step: Step,
    /// Who may take it.
    pub who: &'static str,
    /// The events that tell of it.
    pub events: &'static [&'static str],
    /// The errors that loading its accounts can give, and what the handler checks of them before the step.
    pub loading: &'static [&'static [SessionError]],
    /// The errors that the step itself can give, and what [`HANDLERS`] adds to them, in the order in which they are checked.
    pub refusals: &'static [&'static [SessionError]],
}

/// What kind of step an instruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Makes a session, at any time.
    Begins,
    /// Is a row in the table of transitions; and when it can be taken where that allows it.
    Takes(Transition, &'static str),
    /// Is allowed in the statuses of this kind.
    Acts(When),
    /// The same, and what else decides.
    ActsOr(When, &'static str),
    /// Is allowed by a rule of its own, which this says.
    Otherwise(&'static str),
}

impl Facts {
    /// The errors that loading its accounts can give.
    pub fn loading(&self) -> impl Iterator<Item = SessionError> {
        self.loading.iter().copied().flatten().copied()
    }

    /// The errors that the step itself can give.
    pub fn refusals(&self) -> impl Iterator<Item = SessionError> {
        self.refusals.iter().copied().flatten().copied()
    }

    /// The kind of act that it is, if it is one.
    pub const fn act(&self) -> Option<When> {
        match self.step {
            Step::Acts(kind) | Step::ActsOr(kind, _) => Some(kind),
            _ => None,
        }
    }

    /// The transition that it takes, if it takes one.
    pub const fn transition(&self) -> Option<Transition> {
        match self.step {
            Step::Takes(transition, _) => Some(transition),
            _ => None,
        }
    }
}

/// Instructions that belong together.
pub struct Group {
    /// Its title on the page.
    pub title: &'static str,
    /// What they are about.
    pub about: &'static str,
    /// The instructions, in the order in which one meets them.
    pub instructions: &'static [Facts],
}

/// Every instruction, in its group.
pub const GROUPS: &[Group] = &[
    Group { title: "Lifecycle", about: "From the request to the last lamport paid back.", instructions: lifecycle::INSTRUCTIONS },
    Group {
        title: "Membership",
        about: "Inviting, joining, leaving; rights, session keys, and who rules.",
        instructions: membership::INSTRUCTIONS,
    },
    Group {
        title: "Properties",
        about: "Values that members share, each under a key of the session.",
        instructions: properties::INSTRUCTIONS,
    },
    Group { title: "Messages", about: "What is recorded: messages and checkpoints.", instructions: messages::INSTRUCTIONS },
    Group {
        title: "Functions and executions",
        about: "Calls of other programs, with the vault's signature: see [Functions](#functions) and [Outflow](#outflow).",
        instructions: functions::INSTRUCTIONS,
    },
    Group {
        title: "Vault and allowances",
        about: "What goes into the vault and what leaves it: see [Allowances](#allowances) and [The vault](#the-vault).",
        instructions: vault::INSTRUCTIONS,
    },
    Group {
        title: "Consumption",
        about: "What other programs ask of a membership, and charge it: see [For other programs](#for-other-programs).",
        instructions: consumption::INSTRUCTIONS,
    },
    Group {
        title: "Access",
        about: "Properties of other sessions: see [Access across sessions](#access-across-sessions).",
        instructions: access::INSTRUCTIONS,
    },
];

/// Every instruction.
pub fn all() -> impl Iterator<Item = &'static Facts> {
    GROUPS.iter().flat_map(|group| group.instructions)
}

/// The facts of the instruction with this name.
pub fn of(name: &str) -> Option<&'static Facts> {
    all().find(|facts| facts.name == name)
}

/// What loading an existing session can give.
const STORED: &[SessionError] = &[SessionNotFound, UnsupportedVersion];
/// What an account answers that is another session's, or of another life of this one.
const BELONGS: &[SessionError] = &[WrongSession, StaleEpoch];
/// What a session that failed answers, in place of its general refusal.
const FAILED: &[SessionError] = &[CreationFailed, ActivationFailed];
/// What an act meets that is possible before Closed, whatever the time.
const GONE: &[SessionError] = &[SessionNotActive, CreationFailed, ActivationFailed];
/// What an act meets that is possible while the session is Active.
const OVER: &[SessionError] = &[SessionNotActive, CreationFailed, ActivationFailed, SessionExpired];
/// What an act meets that is possible in statuses that have a deadline too.
const STANDING: &[SessionError] = &[SessionNotActive, CreationFailed, ActivationFailed, StepTimedOut, SessionExpired];
