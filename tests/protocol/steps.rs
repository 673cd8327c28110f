//! Every step in every situation that differs: what came of it is what the page's table of facts says, no more and no less.

use {
    sessions_core::{
        Act, Address, SessionError, SessionState,
        events::{AnyEvent, Event, EventSink},
        rules::{
            config::{SessionChanges, SessionConfig},
            lifecycle::{CloseReason, Status, Transition},
            permissions::{Permissions, Settings},
            quotas::{Quota, Quotas},
        },
        state::Request,
    },
    sessions_tests::{
        idl::facts,
        session::{STEP_TIMEOUT, config},
    },
    std::collections::{BTreeMap, BTreeSet},
};

const CREATOR: Address = Address::new_from_array([1; 32]);
const HOST: Address = Address::new_from_array([2; 32]);
const STRANGER: Address = Address::new_from_array([3; 32]);
const NOBODY: Address = Address::new_from_array([0; 32]);
const ACCOUNT: Address = Address::new_from_array([9; 32]);
const START: i64 = 1_000_000;
const SLOT: u64 = 10;

/// What came of an instruction's steps.
#[derive(Default)]
struct Outcomes {
    events: BTreeSet<&'static str>,
    errors: BTreeSet<&'static str>,
    fields: BTreeSet<&'static str>,
}

impl EventSink for Outcomes {
    fn emit<E: Event>(&mut self, event: E) {
        let event: AnyEvent = event.into();
        self.events.insert(event.name());
    }
}

impl Outcomes {
    fn note(&mut self, outcome: sessions_core::Result<()>) {
        if let Err(refusal) = outcome {
            self.errors.insert(refusal.error.name());
            self.fields.extend(refusal.field.map(|field| field.name()));
        }
    }
}

fn act(signer: &Address, now: i64, slot: u64) -> Act<'_> {
    Act { account: &ACCOUNT, signer, now, slot }
}

/// Requests or opens a session.
fn begin(config: &SessionConfig, host: &Address, open: bool, outcomes: &mut Outcomes) -> SessionState {
    let mut state: SessionState = bytemuck::Zeroable::zeroed();
    let request = Request { id: &[5; 32], host, metadata: &[0; 32], config, payer: &CREATOR, bump: 255 };
    let act = act(&CREATOR, START, SLOT);
    let outcome = if open { state.open(&act, &request, outcomes) } else { state.request(&act, &request, outcomes) };
    outcomes.note(outcome);
    state
}

/// Takes a step; `reason` and `changes` are the arguments of those that have some.
fn take(state: &mut SessionState, transition: Transition, act: &Act<'_>, reason: u8, changes: &SessionChanges, outcomes: &mut Outcomes) {
    let outcome = match transition {
        Transition::BeginCreation => state.begin_creation(act, outcomes),
        Transition::CompleteCreation => state.complete_creation(act, outcomes),
        Transition::BeginActivation => state.begin_activation(act, outcomes),
        Transition::CompleteActivation => state.complete_activation(act, outcomes),
        Transition::Pause => state.pause(act, outcomes),
        Transition::Resume => state.resume(act, outcomes),
        Transition::Update => state.update(act, &(*changes).into(), outcomes),
        Transition::Close => state.close(act, reason, outcomes),
        Transition::CompleteClose => state.complete_close(act, outcomes),
        Transition::Abort => state.abort(act, reason, outcomes),
        Transition::Expire => state.expire(act, outcomes),
        Transition::Reclaim => state.reclaim(act, outcomes),
    };
    outcomes.note(outcome);
}

/// A session in every status, failed ones too, under these settings.
fn sessions(settings: Settings) -> Vec<SessionState> {
    use Transition::{BeginActivation, BeginCreation, Close, CompleteActivation, CompleteClose, CompleteCreation, Pause};
    let mut state = begin(&config(settings), &HOST, false, &mut Outcomes::default());
    let mut all = vec![state];
    let none = SessionChanges::default();
    for transition in [BeginCreation, CompleteCreation, BeginActivation, CompleteActivation, Pause, Close, CompleteClose] {
        let signer = if matches!(transition, BeginActivation | Pause | Close) { &CREATOR } else { &HOST };
        take(&mut state, transition, &act(signer, START, SLOT), 1, &none, &mut Outcomes::default());
        all.push(state);
    }
    assert!(all.iter().map(|state| state.status().unwrap()).eq(Status::ALL.iter().copied()));
    for mut unborn in [all[0], all[2]] {
        take(&mut unborn, Transition::Abort, &act(&HOST, START, SLOT), CloseReason::Failed as u8, &none, &mut Outcomes::default());
        all.push(unborn);
    }
    all
}

/// Accounts that differ from those in something that no step above does.
fn variants(state: SessionState) -> Vec<SessionState> {
    let mut all = vec![state; 4];
    all[1].header.revision = u64::MAX;
    all[2].status = u8::MAX;
    all[3].children = 1;
    all
}

const UNSOUND: Quota = Quota { limit: 1, window_limit: 1, window_seconds: 0 };

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

fn unsound_quotas() -> [Quotas; 3] {
    let sound = Quotas::UNLIMITED;
    [Quotas { operations: UNSOUND, ..sound }, Quotas { units: UNSOUND, ..sound }, Quotas { bytes: UNSOUND, ..sound }]
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

/// Takes every step in every situation.
fn outcomes() -> BTreeMap<&'static str, Outcomes> {
    let mut all: BTreeMap<&str, Outcomes> = BTreeMap::new();
    for (name, open) in [("request_session", false), ("open_session", true)] {
        let outcomes = all.entry(name).or_default();
        for config in unsound_configs().iter().chain([&config(Settings::NONE)]) {
            begin(config, &CREATOR, open, outcomes);
            begin(config, &HOST, open, outcomes);
        }
        begin(&config(Settings::NONE), &NOBODY, open, outcomes);
    }
    let states: Vec<_> = [Settings::NONE, Settings::AUTO_EXPIRE, Settings::PAUSE_STOPS_CLOCK].into_iter().flat_map(sessions).collect();
    let (reasons, changes) = ([0, 1, 2, 3, 4, 5, 16, 255, 6], changes());
    assert_eq!(reasons.len(), changes.len());
    for state in states.into_iter().flat_map(variants) {
        let config = state.config;
        for facts in facts::INSTRUCTIONS {
            let Some(transition) = facts.transition else { continue };
            let outcomes = all.entry(facts.name).or_default();
            for signer in [&CREATOR, &HOST, &STRANGER] {
                for wait in [0, STEP_TIMEOUT, config.max_duration, config.hard_limit, config.hard_limit + config.step_timeout] {
                    for slot in [SLOT, SLOT + 1] {
                        let act = act(signer, START + i64::from(wait), slot);
                        for (reason, changes) in reasons.into_iter().zip(&changes) {
                            take(&mut { state }, transition, &act, reason, changes, outcomes);
                        }
                    }
                }
            }
        }
    }
    all
}

#[test]
fn each_instruction_tells_and_refuses_what_the_page_says() {
    let all = outcomes();
    for facts in facts::INSTRUCTIONS {
        let outcomes = &all[facts.name];
        assert_eq!(outcomes.events, facts.events.iter().copied().collect(), "{}", facts.name);
        let names = |errors: &[SessionError]| errors.iter().map(|error| error.name()).collect::<BTreeSet<_>>();
        // A status without a name is found by the step, a layout of another version when the account is loaded: it is the same error.
        let mut stepped = outcomes.errors.clone();
        stepped.retain(|name| !names(facts.loading).contains(name));
        assert_eq!(stepped, names(facts.refusals), "{}", facts.name);
    }
}

#[test]
fn each_field_that_is_refused_has_its_rule_on_the_page() {
    let refused: BTreeSet<_> = outcomes().into_values().flat_map(|outcomes| outcomes.fields).collect();
    assert_eq!(refused, facts::FIELDS.iter().map(|(field, _)| *field).collect());
}
