//! Random lives of several sessions on the program itself, each step predicted by the pure rules: what the account holds afterwards must be
//! what they say, byte for byte, and what the program refuses must be what they refuse. The invariants are checked after every transaction.
//!
//! `SESSIONS_TEST_SEED` is the seed; `SESSIONS_FUZZ_STEPS` how many steps are taken.

use {
    sessions_client::{
        core::{
            Act, Refusal, SessionState,
            events::{AnyEvent, Event, EventSink},
            rules::{
                config::SessionChanges,
                lifecycle::{CloseReason, Transition, next},
                permissions::Settings,
            },
            state::Request,
        },
        instruction,
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
    },
    std::collections::BTreeMap,
};

#[derive(Default)]
struct Told(Vec<AnyEvent>);

impl EventSink for Told {
    fn emit<E: Event>(&mut self, event: E) {
        self.0.push(event.into());
    }
}

/// One session of the run: what the rules say it holds; `None` while it is not there.
struct Subject {
    session: TestSession,
    predicted: Option<SessionState>,
}

/// A number from the environment, printed so that a failing run can be had again.
fn setting(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    println!("{name}={value}");
    value
}

/// Takes `transition` as the rules have it.
fn predict(
    state: &mut SessionState,
    transition: Transition,
    act: &Act<'_>,
    changes: SessionChanges,
    told: &mut Told,
) -> Result<(), Refusal> {
    match transition {
        Transition::BeginCreation => state.begin_creation(act, told),
        Transition::CompleteCreation => state.complete_creation(act, told),
        Transition::BeginActivation => state.begin_activation(act, told),
        Transition::CompleteActivation => state.complete_activation(act, told),
        Transition::Pause => state.pause(act, told),
        Transition::Resume => state.resume(act, told),
        Transition::Update => state.update(act, &changes.into(), told),
        Transition::Close => state.close(act, CloseReason::Completed as u8, told),
        Transition::CompleteClose => state.complete_close(act, told),
        Transition::Abort => state.abort(act, CloseReason::None as u8, told),
        Transition::Expire => state.expire(act, told),
        Transition::Reclaim => state.reclaim(act, told),
    }
}

/// Requests the session anew, on the chain and by the rules.
fn request(world: &World, subject: &mut Subject, settings: Settings) {
    subject.session.args.config = config(settings);
    subject.session.request(world);
    let (TestSession { address, args, creator, payer, .. }, clock) = (&subject.session, world.clock());
    let request = Request {
        id: &args.id,
        host: &args.host,
        metadata: &args.metadata,
        config: &args.config,
        payer: &payer.address(),
        bump: world.session(address).header.bump,
    };
    let mut state: SessionState = bytemuck::Zeroable::zeroed();
    let act = Act { account: address, signer: &creator.address(), now: clock.unix_timestamp, slot: clock.slot };
    state.request(&act, &request, &mut Told::default()).unwrap();
    assert_eq!(world.session(address), state);
    subject.predicted = Some(state);
}

#[test]
fn the_program_does_what_the_rules_predict() {
    let mut random = fastrand::Rng::with_seed(setting("SESSIONS_TEST_SEED", 20_260_101));
    let steps = setting("SESSIONS_FUZZ_STEPS", 1_500);
    let world = World::new();
    let mut subjects: Vec<_> =
        ["one", "two", "three"].map(|id| Subject { session: TestSession::new(&world, id, config(Settings::NONE)), predicted: None }).into();
    let mut taken: BTreeMap<&str, u32> = BTreeMap::new();
    let mut refused: BTreeMap<&str, u32> = BTreeMap::new();

    for _ in 0..steps {
        if random.u8(..12) == 0 {
            world.wait(*random.choice(&[1, 1, 1, 2, 5, 10, 30, 70, 900, 3_600]).unwrap());
        }
        let subject = random.choice(subjects.iter_mut()).unwrap();
        let Some(before) = subject.predicted else {
            let settings = Settings::from_bits(random.u16(..=Settings::ALL.bits())).unwrap();
            request(&world, subject, settings);
            *taken.entry("Request").or_default() += 1;
            continue;
        };
        // Mostly a step that the status allows, mostly by who may take it; but not always to an early end.
        let possible: Vec<_> = Transition::ALL.iter().filter(|t| next(before.status().unwrap(), **t).is_some()).collect();
        let sensible = random.u8(..10) < 8;
        let transition = if sensible { **random.choice(&possible).unwrap() } else { *random.choice(Transition::ALL).unwrap() };
        let ends = match transition {
            Transition::Abort => 8,
            Transition::Close => 2,
            _ => 1,
        };
        if random.u8(..ends) > 0 {
            continue;
        }
        if transition == Transition::Expire && random.u8(..3) == 0 {
            // Few lives reach their end by themselves.
            world.set_time(before.end(world.now()).unwrap_or_default().max(world.now()));
        }
        let TestSession { creator, host, stranger, .. } = &subject.session;
        let signer: &Actor = match random.u8(..10) {
            0 => stranger,
            1 => creator,
            2 => host,
            _ => subject.session.party(transition),
        };
        let changes = SessionChanges {
            metadata: Some([random.u8(..); 32]),
            max_members: random.bool().then(|| random.u32(..3)),
            expires_in: random.bool().then(|| random.u32(..8_000)),
            ..SessionChanges::default()
        };
        let step = match transition {
            Transition::Update => instruction::update_session(signer.address(), subject.session.address, changes),
            _ => subject.session.step(&world, transition, signer),
        };
        let receipt = world.send(&[step], &[signer]);

        let (mut after, mut told, clock) = (before, Told::default(), world.clock());
        let act = Act { account: &subject.session.address, signer: &signer.address(), now: clock.unix_timestamp, slot: clock.slot };
        match predict(&mut after, transition, &act, changes, &mut told) {
            Ok(()) => {
                assert_eq!(receipt.failure, None, "{transition:?} on {before:#?}");
                assert_eq!(receipt.events, told.0);
                *taken.entry(transition.name()).or_default() += 1;
                subject.predicted = (transition != Transition::Reclaim).then_some(after);
                match subject.predicted {
                    Some(state) => assert_eq!(world.session(&subject.session.address), state),
                    None => assert_eq!(world.account(&subject.session.address), None),
                }
            }
            Err(refusal) => {
                let error = receipt.failure.as_ref().and_then(|failure| failure.session_error());
                assert_eq!(error, Some(refusal.error), "{transition:?} on {before:#?}");
                assert_eq!(before, after, "a refused step changes nothing");
                *refused.entry(refusal.error.name()).or_default() += 1;
            }
        }
    }

    println!("taken: {taken:#?}\nrefused: {refused:#?}");
    if steps >= 1_500 {
        // A run that does nothing proves nothing.
        for transition in Transition::ALL {
            assert!(taken.contains_key(transition.name()), "{transition:?} was never taken: {taken:#?}");
        }
        let wanted = ["PermissionDenied", "InvalidTransition", "StepTimedOut", "NotYetExpired", "InvalidConfiguration"];
        for error in wanted {
            assert!(refused.contains_key(error), "nothing was refused with {error}: {refused:#?}");
        }
    }
}
