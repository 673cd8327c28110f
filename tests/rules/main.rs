//! The pure rules against a naive model, on random lives of a session.

mod members;
mod model;

use {
    model::Model,
    proptest::{prelude::*, test_runner::RngSeed},
    sessions_core::{
        Act, Address, SessionState,
        events::{AnyEvent, Event, EventSink},
        rules::{
            config::{SessionChanges, SessionConfig},
            lifecycle::{Status, Transition, next},
            permissions::{Permissions, Settings},
            quotas::Quotas,
        },
        state::Request,
    },
};

/// Who asked for the session.
pub const CREATOR: Address = Address::new_from_array([1; 32]);
/// Who rules the session.
pub const AUTHORITY: Address = Address::new_from_array([4; 32]);
/// Who serves the session.
pub const HOST: Address = Address::new_from_array([2; 32]);
/// Anyone else.
pub const STRANGER: Address = Address::new_from_array([3; 32]);

const ACCOUNT: Address = Address::new_from_array([9; 32]);
const START: i64 = 1_000_000;

/// One step of a random life: who tries which transition, how long after the step before, with which argument.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Who tries it.
    pub signer: Address,
    /// What they try.
    pub transition: Transition,
    /// Seconds since the step before.
    pub wait: i64,
    /// The reason of a close or abort, or the seconds of an update.
    pub argument: u32,
}

fn config() -> impl Strategy<Value = SessionConfig> {
    (1..200_u32, 0..200_u32, 1..50_u32, 0..100_u32, 0..=Settings::ALL.bits()).prop_map(|(duration, more, timeout, window, settings)| {
        SessionConfig {
            quotas: Quotas::UNLIMITED,
            max_duration: duration,
            hard_limit: duration + more,
            step_timeout: timeout,
            activation_window: window,
            invitation_ttl: 60,
            max_members: 4,
            permissions: Permissions::ALL.bits(),
            settings,
            kind: 0,
            reserved: 0,
        }
    })
}

/// A step before it is known in which status it falls: mostly one that the status allows, by someone who may take it.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    sensible: bool,
    choice: prop::sample::Index,
    step: Step,
}

impl Attempt {
    fn in_status(&self, status: Status) -> Step {
        let possible: Vec<_> =
            Transition::ALL.iter().filter(|t| next(status, **t).is_some() && !matches!(t, Transition::Abort | Transition::Close)).collect();
        if !self.sensible || possible.is_empty() {
            return self.step;
        }
        let transition = **self.choice.get(&possible);
        let signer = match transition {
            Transition::BeginCreation | Transition::CompleteCreation | Transition::CompleteActivation | Transition::CompleteClose => HOST,
            Transition::Abort => CREATOR,
            _ => AUTHORITY,
        };
        Step { signer, transition, ..self.step }
    }
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let signer = prop_oneof![2 => Just(CREATOR), 3 => Just(AUTHORITY), 4 => Just(HOST), 1 => Just(STRANGER)];
    let transition = prop::sample::select(Transition::ALL);
    let wait = prop_oneof![6 => 0..5_i64, 2 => 0..30_i64, 1 => 0..300_i64];
    let argument = prop_oneof![0..8_u32, 0..300_u32];
    let sensible = prop::bool::weighted(0.7);
    (signer, transition, wait, argument, sensible, any::<prop::sample::Index>()).prop_map(
        |(signer, transition, wait, argument, sensible, choice)| Attempt {
            sensible,
            choice,
            step: Step { signer, transition, wait, argument },
        },
    )
}

/// The events of one step.
#[derive(Default)]
struct Told(Vec<AnyEvent>);

impl EventSink for Told {
    fn emit<E: Event>(&mut self, event: &E) {
        self.0.push((*event).into());
    }
}

/// Takes a step of the rules.
fn take(state: &mut SessionState, step: &Step, act: &Act<'_>, told: &mut Told) -> sessions_core::Result<()> {
    let reason = step.argument.min(255) as u8;
    match step.transition {
        Transition::BeginCreation => state.begin_creation(act, told),
        Transition::CompleteCreation => state.complete_creation(act, told),
        Transition::BeginActivation => state.begin_activation(act, told),
        Transition::CompleteActivation => state.complete_activation(act, told),
        Transition::Pause => state.pause(act, told),
        Transition::Resume => state.resume(act, told),
        Transition::Update => {
            state.update(act, &SessionChanges { expires_in: Some(step.argument), ..SessionChanges::default() }.into(), told)
        }
        Transition::Close => state.close(act, reason, told),
        Transition::CompleteClose => state.complete_close(act, told),
        Transition::Abort => state.abort(act, reason, told),
        Transition::Expire => state.expire(act, told),
        Transition::Reclaim => state.reclaim(act, told),
    }
}

/// What belonged to a closed session is reclaimed at once here, so that its own deletion can be tried.
fn forget_children(state: &mut SessionState) {
    if state.status() == Ok(Status::Closed) {
        state.children = 0;
    }
}

/// The seed of all random lives: fixed, or `SESSIONS_TEST_SEED`. It is printed with a failure, as all output of a test is.
fn seed() -> u64 {
    let seed = std::env::var("SESSIONS_TEST_SEED").map_or(20_260_101, |seed| seed.parse().expect("SESSIONS_TEST_SEED is a number"));
    println!("SESSIONS_TEST_SEED={seed}");
    seed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, rng_seed: RngSeed::Fixed(seed()), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_life_goes_as_the_naive_model_says(config in config(), attempts in prop::collection::vec(attempt(), 1..60)) {
        let mut state: SessionState = bytemuck::Zeroable::zeroed();
        let (mut now, mut slot) = (START, 10);
        let request =
            Request { id: &[5; 32], host: &HOST, metadata: &[0; 32], config: &config, payer: &CREATOR, bump: 255 };
        state.request(&Act { account: &ACCOUNT, signer: &CREATOR, now, slot }, &request, &mut Told::default()).unwrap();
        state.authority = AUTHORITY;
        let mut model = Model::requested(config, now);
        let mut told = 1;
        for attempt in &attempts {
            let step = &attempt.in_status(model.status);
            now += step.wait;
            slot += 1;
            forget_children(&mut state);
            let act = Act { account: &ACCOUNT, signer: &step.signer, now, slot };
            let before = state;
            let expected = model.take(step, now);
            let mut events = Told::default();
            match take(&mut state, step, &act, &mut events) {
                Ok(()) => {
                    prop_assert_eq!(events.0.len(), 1);
                    let header = events.0[0].header();
                    prop_assert_eq!(expected, Ok(()), "{:?} in {:?}", step, before.status());
                    prop_assert_eq!((header.previous, header.revision, header.time), (told, told + 1, now));
                    told += 1;
                }
                Err(refusal) => {
                    prop_assert_eq!(expected, Err(refusal.error), "{:?} in {:?}", step, before.status());
                    prop_assert_eq!(before, state, "a refused step changes nothing");
                    prop_assert_eq!(events.0, [], "and tells nothing");
                }
            }
            if model.deleted {
                break;
            }
            prop_assert_eq!(state.status(), Ok(model.status));
            prop_assert_eq!(state.end(now), model.end(now));
            prop_assert_eq!(state.close_reason, model.reason);
            prop_assert_eq!(state.invariant(), Ok(()));
        }
    }
}

#[test]
fn a_random_life_reaches_every_status() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::new(ProptestConfig { rng_seed: RngSeed::Fixed(seed()), ..ProptestConfig::default() });
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let life = (config(), prop::collection::vec(attempt(), 1..60)).new_tree(&mut runner).unwrap().current();
        let mut model = Model::requested(life.0, START);
        let mut now = START;
        for attempt in &life.1 {
            let step = &attempt.in_status(model.status);
            now += step.wait;
            let _ = model.take(step, now);
            reached.insert(model.status);
        }
    }
    assert_eq!(reached.len(), Status::ALL.len(), "{reached:?}: random lives must not be so dull that they prove nothing");
}

#[test]
fn a_write_that_cannot_be_counted_changes_nothing() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::new(ProptestConfig { rng_seed: RngSeed::Fixed(seed()), ..ProptestConfig::default() });
    let mut refused = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let (config, attempts) = (config(), prop::collection::vec(attempt(), 1..60)).new_tree(&mut runner).unwrap().current();
        let mut state: SessionState = bytemuck::Zeroable::zeroed();
        let request = Request { id: &[5; 32], host: &HOST, metadata: &[0; 32], config: &config, payer: &CREATOR, bump: 255 };
        let (mut now, mut slot) = (START, 10);
        state.request(&Act { account: &ACCOUNT, signer: &CREATOR, now, slot }, &request, &mut Told::default()).unwrap();
        state.authority = AUTHORITY;
        for attempt in &attempts {
            let step = attempt.in_status(state.status().unwrap());
            (now, slot) = (now + step.wait, slot + 1);
            forget_children(&mut state);
            let act = Act { account: &ACCOUNT, signer: &step.signer, now, slot };
            let mut uncounted =
                SessionState { header: sessions_core::state::AccountHeader { revision: u64::MAX, ..state.header }, ..state };
            let (before, mut events) = (uncounted, Told::default());
            let with_count = take(&mut state, &step, &act, &mut Told::default());
            let without = take(&mut uncounted, &step, &act, &mut events);
            same_but_for_the_count(with_count, without);
            assert_eq!((uncounted, events.0), (before, vec![]), "{step:?}");
            if with_count.is_ok() {
                refused.insert(step.transition);
            }
            if step.transition == Transition::Reclaim && with_count.is_ok() {
                break;
            }
        }
    }
    assert_eq!(refused.len(), Transition::ALL.len(), "{refused:?}");
}

/// A step that would succeed but for the count is refused for it; any other is refused for its own reason.
fn same_but_for_the_count(with_count: sessions_core::Result<()>, without: sessions_core::Result<()>) {
    match with_count {
        Ok(()) => assert_eq!(without.unwrap_err().error, sessions_core::SessionError::ArithmeticOverflow),
        Err(refusal) => assert_eq!(without, Err(refusal)),
    }
}
