//! `execute_function`: who calls what, at which cost, and what is recorded. Accounts are in [`super::accounts`], the vault in [`super::outflow`].

use {
    super::*,
    sessions_client::{
        core::{events::AnyEvent, rules::permissions::Permissions},
        failure::Failure,
    },
    solana_instruction::error::InstructionError,
};

#[test]
fn a_call_is_made_with_the_vaults_signature_and_charged() {
    let stage = stage();
    let Everything { world, session, ana, .. } = &stage.all;
    let act = stage.call(&Rogue::AssertSigner, vec![stage.signer()], &[]);
    assert_eq!(names(&stage.ok(act)), [""; 0]);
    let member = world.member(&session.address, ana);
    assert_eq!((member.usage.operations.total, member.usage.units.total, member.executions), (1, 1, 1));
    assert_eq!((member.last_active_at, member.compute_units), (world.now(), 0));
    // Without shared limits the session counts nothing: its members' counts add up.
    let state = world.session(&session.address);
    assert_eq!((state.executions, state.last_active_at, state.usage.operations.total), (0, 0, 0));
}

#[test]
fn the_data_begin_with_the_selector() {
    let all = Everything::new();
    let (creator, at) = (&all.session.creator, all.session.address);
    let selector = Selector::new(b"say ").unwrap();
    let new = NewFunction { selector, ..memo_function(1) };
    all.world.ok(instruction::register_function(creator.address(), creator.address(), at, new), creator);
    let call = |text| FunctionCall { selector, ..memo_call(&all.session, text) };
    let acting = Acting::wallet(at, all.ana.address());
    all.world.ok(instruction::execute_function(acting, &call("say hello"), &[]), &all.ana);
    all.world.ok(instruction::execute_function(acting, &call("say "), &[]), &all.ana);
    for text in ["say", "sag hello", ""] {
        let act = instruction::execute_function(acting, &call(text), &[]);
        let receipt = all.world.refused(act, &all.ana, SessionError::PolicyViolation);
        assert!(receipt.logs.iter().any(|line| line.contains("does not begin with the bytes")), "{:#?}", receipt.logs);
    }
}

#[test]
fn what_was_never_registered_is_not_called() {
    let all = Everything::new();
    all.world.deploy(ROGUE, &committed("rogue"));
    let act = instruction::execute_function(Acting::wallet(all.session.address, all.ana.address()), &call(&Rogue::Nothing, vec![]), &[]);
    all.world.refused(act.clone(), &all.ana, SessionError::FunctionNotFound);
    // A function of the other session is none of this one's.
    let creator = &all.other.creator;
    let new = NewFunction { program: ROGUE, ..memo_function(1) };
    all.world.ok(instruction::register_function(creator.address(), creator.address(), all.other.address, new), creator);
    let mut crossed = act;
    crossed.accounts[4].pubkey = address::function(&all.other.address, &ROGUE, &Selector::default());
    all.world.refused(crossed, &all.ana, SessionError::WrongSession);
}

#[test]
fn a_target_that_fails_is_not_charged() {
    let stage = stage();
    let before = stage.all.world.program_accounts();
    // A number that the session program has too is still the target's.
    for code in [7, SessionError::PermissionDenied.code()] {
        let receipt = stage.all.world.send(&[stage.call(&Rogue::Fail { code }, vec![], &[])], &[&stage.all.ana]);
        assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::Custom(code) }));
        assert_eq!(stage.all.world.program_accounts(), before);
    }
}

#[test]
fn a_call_back_into_sessions_is_refused_by_the_runtime() {
    let stage = stage();
    let Everything { world, session, ana, .. } = &stage.all;
    let data = instruction::validate_session(stage.acting(), 0, 0).data;
    let accounts = vec![reads(address::PROGRAM), stage.signer(), reads(session.address), reads(stage.member())];
    let receipt = world.send(&[stage.call(&Rogue::CallBack { data }, accounts, &[])], &[ana]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::ReentrancyNotAllowed }));
}

#[test]
fn what_a_program_answers_is_the_answer() {
    let stage = stage();
    let act = stage.call(&Rogue::Answer { data: vec![1, 2, 3] }, vec![], &[]);
    assert_eq!(stage.all.world.answer(&act, &stage.all.ana), (ROGUE, vec![1, 2, 3]));
}

#[test]
fn with_log_execution_an_event_tells_of_each_call() {
    let stage = stage_with(Everything::with(config(Settings::LOG_EXECUTION)));
    let receipt = stage.ok(stage.call(&Rogue::Nothing, vec![], &[]));
    let [AnyEvent::FunctionExecuted(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.wallet, event.program, event.units, event.compute_units), (stage.all.ana.address(), ROGUE, 1, 0));
    assert_eq!(event.header.address, stage.member());
}

#[test]
fn shared_limits_count_executions_of_all_members() {
    let mut shared = config(Settings::NONE);
    shared.quotas = Quotas { units: Quota { limit: 2, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
    let stage = stage_with(Everything::with(shared));
    let Everything { world, session, .. } = &stage.all;
    stage.ok(stage.call(&Rogue::Nothing, vec![], &[]));
    let state = world.session(&session.address);
    assert_eq!((state.executions, state.usage.units.total, state.last_active_at), (1, 1, world.now()));
    let mut reading = stage.call(&Rogue::Nothing, vec![], &[]);
    reading.accounts[1].is_writable = false;
    stage.refused(reading, SessionError::SessionReadOnly);
    stage.ok(stage.call(&Rogue::Nothing, vec![], &[]));
    stage.refused(stage.call(&Rogue::Nothing, vec![], &[]), SessionError::QuotaExceeded);
}

#[test]
fn with_monitor_performance_the_meter_is_in_the_log() {
    let stage = stage_with(Everything::with(config(Settings::MONITOR_PERFORMANCE)));
    let receipt = stage.ok(stage.call(&Rogue::Nothing, vec![], &[]));
    let meters = receipt.logs.iter().filter(|line| line.starts_with("Program consumption: ")).count();
    assert_eq!(meters, 2);
    assert_eq!(stage.all.world.member(&stage.all.session.address, &stage.all.ana).compute_units, 0);
}

#[test]
fn the_program_that_is_called_sees_its_member_charged() {
    for settings in [Settings::NONE, Settings::LOG_EXECUTION] {
        let stage = stage_with(Everything::with(config(settings)));
        let act = stage.call(&Rogue::ReadAccounts, vec![reads(stage.member())], &[]);
        let Everything { world, ana, .. } = &stage.all;
        // What it answers is the sum of all bytes that it was passed.
        let sum = || world.account(&stage.member()).unwrap().data.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        let (_, mut seen) = world.answer(&act, ana);
        seen.resize(8, 0);
        let event_revision = || world.member(&stage.all.session.address, ana).header.event_revision;
        let (before, told_before) = (sum(), event_revision());
        world.ok(act, ana);
        let seen = u64::from_le_bytes(seen.try_into().unwrap());
        assert_ne!(seen, before, "{settings:?}");
        // While it ran it said what the signer may do; and with a log, its event is told behind it.
        let executing: u64 = u64::from(Permissions::ALL.bits()).to_le_bytes().iter().map(|byte| u64::from(*byte)).sum();
        assert_eq!(seen + event_revision() - told_before, sum() + executing, "{settings:?}");
    }
}

#[test]
fn a_session_key_is_no_wider_by_the_vaults_signature() {
    let stage = stage();
    let Everything { world, session, ana, .. } = &stage.all;
    let key = world.actor("key");
    let held = Permissions::EXECUTE_FUNCTIONS.or(Permissions::SEND_MESSAGES);
    let args = instruction::SetSessionKeyArgs { key: key.address(), permissions: held.bits(), ttl: 60 };
    world.ok(instruction::set_session_key(ana.address(), session.address, args), ana);
    let act = |signer: &Actor, permissions: Permissions| {
        let what = Rogue::GuardedByVault { permissions: permissions.bits() };
        let mut act = stage.call(&what, vec![stage.signer(), reads(session.address), reads(stage.member())], &[]);
        act.accounts[0].pubkey = signer.address();
        act
    };
    world.ok(act(&key, Permissions::SEND_MESSAGES), &key);
    world.ok(act(ana, Permissions::SPEND), ana);
    // The program that is called refuses it, by the guard's answer.
    let denied = Failure::Instruction { instruction: 0, error: InstructionError::Custom(SessionError::PermissionDenied.code()) };
    for permissions in [Permissions::SPEND, held.or(Permissions::WRITE_PROPERTIES)] {
        assert_eq!(world.send(&[act(&key, permissions)], &[&key]).failure, Some(denied.clone()));
    }
    assert_eq!(world.member(&session.address, ana).executing, 0);
}
