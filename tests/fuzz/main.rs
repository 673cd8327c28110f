//! Random lives of several sessions on the program itself, each step predicted by the pure rules: what every account holds afterwards must be
//! what they say, byte for byte, and what the program refuses must be what they refuse. The invariants are checked after every transaction.
//!
//! `SESSIONS_TEST_SEED` is the seed; `SESSIONS_FUZZ_STEPS` how many steps are taken.

mod chance;
mod life;
mod powers;
mod step;

use {
    chance::{Cast, Chance},
    life::{Life, creation, on_ledger},
    sessions_client::address,
    sessions_client::core::{
        Act, MemberState, SessionState,
        rules::{
            lifecycle::{Status, Transition},
            permissions::Settings,
        },
        state::{At, Request},
    },
    sessions_tests::{
        Actor, World,
        programs::{ROGUE, committed},
        session::{TestSession, config},
    },
    solana_address::Address,
    std::collections::BTreeMap,
    step::{Step, Told, What},
};

/// One session of the run; no life while it is not there.
struct Subject {
    session: TestSession,
    life: Option<Life>,
}

/// A number from the environment, printed so that a failing run can be had again.
fn setting(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    println!("{name}={value}");
    value
}

/// Requests the session anew, on the chain and by the rules.
fn request(world: &World, subject: &mut Subject, settings: Settings) {
    subject.session.args.config = config(settings);
    subject.session.request(world);
    let (TestSession { address, args, creator, payer, .. }, clock) = (&subject.session, world.clock());
    let (creator, payer) = (creator.address(), payer.address());
    let bump = creation(&SessionState::seeds(&creator, &args.id), &payer).bump;
    let request = Request { id: &args.id, host: &args.host, metadata: &args.metadata, config: &args.config, payer: &payer, bump };
    let (mut state, mut member): (SessionState, MemberState) = (bytemuck::Zeroable::zeroed(), bytemuck::Zeroable::zeroed());
    let act = Act { account: address, signer: &creator, now: clock.unix_timestamp, slot: clock.slot };
    state.request(&act, &request, &mut Told::default()).unwrap();
    member.found(&act, &At { address, state: &state }, &creation(&MemberState::seeds(address, &creator), &payer));
    subject.life = Some(Life::new(state, member));
}

/// How often each thing succeeded, and how often it was refused, and with what.
#[derive(Debug, Default)]
struct Counts {
    taken: BTreeMap<&'static str, u32>,
    refused: BTreeMap<&'static str, u32>,
}

/// Takes a step on the chain and by the rules, and compares.
fn take(world: &World, subject: &mut Subject, cast: &Cast, step: &Step<'_>, counts: &mut Counts) {
    let before = subject.life.clone().unwrap();
    let instruction = step.instruction(&subject.session, &before);
    let mut signers = vec![step.signer, &subject.session.payer];
    signers.extend(&cast.tokens);
    let receipt = world.send(&[instruction], &signers);

    let (mut after, mut told, clock) = (before.clone(), Told::default(), world.clock());
    let name = step.what.name();
    let rent = world.ledger.with_svm(|svm| svm.minimum_balance_for_rent_exemption(0)).unwrap();
    match step.predict(&subject.session, &mut after, ((clock.unix_timestamp, clock.slot), rent), &mut told) {
        Err(step::Absent) => assert!(receipt.failure.is_some(), "{:?} needs what is not there", step.what),
        Ok(Ok(())) => {
            assert_eq!(receipt.failure, None, "{:?}\n{:#?}\n{before:#?}", step.what, receipt.logs);
            assert_eq!(receipt.events, told.0, "{:?}", step.what);
            *counts.taken.entry(name).or_default() += 1;
            subject.life = (!matches!(step.what, What::Take(Transition::Reclaim, _))).then_some(after);
        }
        Ok(Err(refusal)) => {
            let error = receipt.failure.as_ref().and_then(|failure| failure.session_error());
            assert_eq!(error, Some(refusal.error), "{:?}\n{:#?}\n{before:#?}", step.what, receipt.logs);
            assert_eq!(told.0, [], "what is refused is not told");
            *counts.refused.entry(refusal.error.name()).or_default() += 1;
        }
    }
}

#[test]
fn the_program_does_what_the_rules_predict() {
    let mut random = fastrand::Rng::with_seed(setting("SESSIONS_TEST_SEED", 20_260_101));
    let steps = setting("SESSIONS_FUZZ_STEPS", 4_000);
    let world = World::new();
    world.deploy(ROGUE, &committed("rogue"));
    let mut subjects: Vec<_> =
        ["one", "two"].map(|id| Subject { session: TestSession::new(&world, id, config(Settings::NONE)), life: None }).into();
    let cast = Cast {
        wallets: ["creator", "host", "ana", "ben", "cem", "dan"].map(|name| world.actor(name)).into(),
        keys: ["k1", "k2", "k3", "k4", "k5", "k6"].map(Actor::named).into(),
        tokens: ["t1", "t2"].map(Actor::named).into(),
    };
    let mut counts = Counts::default();

    for _ in 0..steps {
        if random.u8(..20) == 0 {
            world.wait(*random.choice(&[1, 1, 1, 2, 5, 5, 10, 30, 70, 300]).unwrap());
        }
        let subject = random.choice(subjects.iter_mut()).unwrap();
        let Some(life) = &subject.life else {
            // Most sessions are open to all, so that there are many members.
            let mut bits = random.u16(..=Settings::ALL.bits());
            if random.u8(..3) > 0 {
                bits &= !Settings::INVITE_ONLY.bits();
            }
            let settings = Settings::from_bits(bits).unwrap();
            request(&world, subject, settings);
            *counts.taken.entry("request_session").or_default() += 1;
            continue;
        };
        let (status, mut chance) = (life.session.status().unwrap(), Chance { random: &mut random, cast: &cast });
        let step = if status == Status::Closed && chance.random.bool() {
            Some(chance.reclaim(&world, &subject.session))
        } else if chance.moves_on(status, life.session.is_over(world.now())) {
            chance.transition(&world, life)
        } else {
            Some(chance.step(&subject.session, life))
        };
        let Some(step) = step else { continue };
        take(&world, subject, &cast, &step, &mut counts);
        let predicted: BTreeMap<Address, Vec<u8>> = subjects
            .iter()
            .filter_map(|subject| subject.life.as_ref().map(|life| life.accounts(&subject.session.address)))
            .flatten()
            .collect();
        assert_eq!(on_ledger(&world), predicted, "{:?}", step.what);
        for subject in &subjects {
            let held = subject.life.as_ref().map_or(0, |life| life.vault);
            assert_eq!(world.balance(&address::vault(&subject.session.address)), held, "{:?}", step.what);
        }
    }

    println!("{counts:#?}");
    // Off chain nothing is left open but what programs do that are called.
    let tally = world.tally();
    let called = ["execute_function", "compose_functions", "an execution that takes something"];
    let called: u32 = called.iter().filter_map(|name| counts.taken.get(name)).sum();
    let (taken, refused): (u32, u32) = (counts.taken.values().sum(), counts.refused.values().sum());
    println!("{tally:#?}");
    assert_eq!((tally.inexact, tally.unpredictable, tally.foreign), (called, 0, 0));
    assert_eq!(tally.exact, taken - called);
    assert!(tally.failed_elsewhere * 20 < refused, "few refusals come from what is called");
    if steps >= 4_000 {
        // A run that does nothing proves nothing.
        let done = [
            "request_session",
            "reclaim_children",
            "invite_member",
            "create_invite_token",
            "revoke_invitation",
            "revoke_invitation, a token",
            "accept_invitation",
            "join_with_token",
            "join_session",
            "decline_invitation",
            "leave_session",
            "remove_member",
            "update_member",
            "propose_authority",
            "accept_authority",
            "set_session_key",
            "clear_session_key",
            "set_property",
            "delete_property",
            "broadcast_message",
            "send_direct_message",
            "commit_checkpoint",
            "deposit",
            "set_allowance",
            "spend",
            "withdraw",
            "register_function",
            "unregister_function",
            "execute_function",
            "compose_functions",
            "an execution that takes something",
            "consume",
        ];
        for name in done.into_iter().chain(Transition::ALL.iter().map(|transition| transition.name())) {
            assert!(counts.taken.contains_key(name), "{name} never succeeded: {counts:#?}");
        }
        let wanted = [
            "PermissionDenied",
            "InvalidTransition",
            "StepTimedOut",
            "InvalidConfiguration",
            "SessionNotActive",
            "SessionExpired",
            "SessionFull",
            "QuotaExceeded",
            "AlreadyMember",
            "InvitationAlreadyExists",
            "InvitationExpired",
            "InvitationRevoked",
            "InvitationExhausted",
            "InvitationRequired",
            "InvitationNotForSigner",
            "PermissionsTooWide",
            "MemberNotActive",
            "VersionConflict",
            "ValueTooLong",
            "SequenceNotRising",
            "SessionKeyNotFound",
            "AccountsMustDiffer",
            "AllowanceExceeded",
            "AllowanceNotFound",
            "FunctionAlreadyRegistered",
            "InsufficientVault",
            "PolicyViolation",
            "VaultBelowRent",
        ];
        for error in wanted {
            assert!(counts.refused.contains_key(error), "nothing was refused with {error}: {counts:#?}");
        }
    }
}
