//! The lifecycle's steps, and reclaiming what a session leaves.

use {
    super::situation::{
        All, CREATOR, ELSEWHERE, HOST, NOBODY, Outcomes, SESSION, SLOT, STRANGER, act, begin, member, sessions, standing, unsound_quotas,
        waits,
    },
    bytemuck::Zeroable,
    sessions_core::{
        Act, SessionState,
        rules::{
            config::{SessionChanges, SessionConfig},
            lifecycle::Transition,
            membership::{Rights, Role},
            permissions::{Permissions, Settings},
        },
        state::{AccountHeader, Child},
    },
    sessions_tests::{idl::facts, session::config},
};

/// Takes a step; `reason` and `changes` are the arguments of those that have some.
fn take(
    state: &mut SessionState,
    transition: Transition,
    act: &Act<'_>,
    reason: u8,
    changes: &SessionChanges,
    events: &mut Outcomes,
) -> sessions_core::Result<()> {
    match transition {
        Transition::BeginCreation => state.begin_creation(act, events),
        Transition::CompleteCreation => state.complete_creation(act, events),
        Transition::BeginActivation => state.begin_activation(act, events),
        Transition::CompleteActivation => state.complete_activation(act, events),
        Transition::Pause => state.pause(act, events),
        Transition::Resume => state.resume(act, events),
        Transition::Update => state.update(act, &(*changes).into(), events),
        Transition::Close => state.close(act, reason, events),
        Transition::CompleteClose => state.complete_close(act, events),
        Transition::Abort => state.abort(act, reason, events),
        Transition::Expire => state.expire(act, events),
        Transition::Reclaim => state.reclaim(act, events),
    }
}

/// Accounts that differ from this one in something that no step does.
fn variants(state: SessionState) -> [SessionState; 4] {
    let mut all = [state; 4];
    (all[1].header.revision, all[1].children) = (u64::MAX, 0);
    all[2].status = u8::MAX;
    all[3].children = 0;
    all
}

/// Configurations with one field out of its range.
fn unsound_configs() -> Vec<SessionConfig> {
    let sound = config(Settings::NONE);
    let quotas = unsound_quotas().map(|quotas| SessionConfig { quotas, ..sound });
    [
        SessionConfig { kind: 9, ..sound },
        SessionConfig { reserved: 1, ..sound },
        SessionConfig { max_members: 0, ..sound },
        SessionConfig { max_duration: 0, ..sound },
        SessionConfig { hard_limit: 0, ..sound },
        SessionConfig { step_timeout: 0, ..sound },
        SessionConfig { invitation_ttl: 0, ..sound },
        SessionConfig { permissions: !Permissions::ALL.bits(), ..sound },
        SessionConfig { settings: !Settings::ALL.bits(), ..sound },
    ]
    .into_iter()
    .chain(quotas)
    .collect()
}

/// Changes, sound and not.
fn changes() -> Vec<SessionChanges> {
    let none = SessionChanges::default();
    let quotas = unsound_quotas().map(|quotas| SessionChanges { quotas: Some(quotas), ..none });
    [
        none,
        SessionChanges { host: Some(STRANGER), ..none },
        SessionChanges { host: Some(NOBODY), ..none },
        SessionChanges { max_members: Some(0), ..none },
        SessionChanges { permissions: Some(u32::MAX), ..none },
        SessionChanges { expires_in: Some(0), ..none },
    ]
    .into_iter()
    .chain(quotas)
    .collect()
}

/// Requests and opens sessions, sound and not.
pub fn begins(all: &mut All) {
    for (name, open) in [("request_session", false), ("open_session", true)] {
        for config in unsound_configs().iter().chain([&config(Settings::NONE)]) {
            for host in [&CREATOR, &HOST] {
                all.attempt(name, |events| begin(&mut SessionState::zeroed(), config, host, open, events));
            }
        }
        all.attempt(name, |events| begin(&mut SessionState::zeroed(), &config(Settings::NONE), &NOBODY, open, events));
    }
}

/// Takes every step of the lifecycle.
pub fn takes(all: &mut All) {
    let states: Vec<_> = [Settings::NONE, Settings::AUTO_EXPIRE, Settings::PAUSE_STOPS_CLOCK].into_iter().flat_map(sessions).collect();
    let (reasons, changes) = ([0, 1, 2, 3, 4, 5, 16, 255, 6], changes());
    assert_eq!(reasons.len(), changes.len());
    for state in states.into_iter().flat_map(variants) {
        for facts in facts::all() {
            let Some(transition) = facts.transition() else { continue };
            for signer in [&CREATOR, &HOST, &STRANGER] {
                for wait in waits(&state.config) {
                    for slot in [SLOT, SLOT + 1] {
                        let act = Act { slot, ..act(&SESSION, signer, wait) };
                        for (reason, changes) in reasons.into_iter().zip(&changes) {
                            all.attempt(facts.name, |events| take(&mut { state }, transition, &act, reason, changes, events));
                        }
                    }
                }
            }
        }
    }
}

/// Reclaims children of this session and of others.
pub fn reclaims(all: &mut All) {
    let header = member(STRANGER, Rights::of(Role::Member)).header;
    for state in standing().into_iter().flat_map(variants) {
        for (session, epoch) in [(SESSION, SLOT), (ELSEWHERE, SLOT), (SESSION, SLOT - 1)] {
            let child = Child { header: AccountHeader { epoch, ..header }, session };
            all.attempt("reclaim_children", |_| Ok({ state }.reclaim_child(&SESSION, &child)?));
        }
    }
}
