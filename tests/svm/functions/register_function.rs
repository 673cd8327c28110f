//! `register_function`.

use {super::*, sessions_client::core::rules::functions::FORBIDDEN_PROGRAMS};

fn register(session: &TestSession, by: &Actor, new: NewFunction) -> Instruction {
    instruction::register_function(by.address(), by.address(), session.address, new)
}

fn active() -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    (world, session)
}

#[test]
fn the_authority_registers_a_program_and_what_its_data_begin_with() {
    let (world, session) = active();
    let selector = Selector::new(b"say ").unwrap();
    let new = NewFunction { selector, units: 7, composable: false, ..memo_function(0) };
    assert_eq!(names(&world.ok(register(&session, &session.creator, new), &session.creator)), ["FunctionRegistered"]);
    let function = world.function(&address::function(&session.address, &MEMO, &selector));
    assert_eq!((function.program, function.selector(), function.units, function.composable), (MEMO, selector, 7, 0));
    // The session knows its vault from now on.
    let state = world.session(&session.address);
    assert_eq!((state.vault, state.children), (address::vault(&session.address), 2));
    // A program can be registered for several beginnings, each a function of its own.
    world.ok(register(&session, &session.creator, memo_function(1)), &session.creator);
    world.refused(register(&session, &session.creator, memo_function(2)), &session.creator, SessionError::FunctionAlreadyRegistered);
}

#[test]
fn nobody_but_the_authority_registers() {
    let (world, session) = active();
    let ana = session.invited(&world, "ana", Terms::of(Role::Owner));
    world.refused(register(&session, &ana, memo_function(1)), &ana, SessionError::PermissionDenied);
    let key = world.actor("key");
    world.ok(session.set_key(&session.creator, &key), &session.creator);
    world.refused(register(&session, &key, memo_function(1)), &key, SessionError::PermissionDenied);
}

#[test]
fn a_program_that_moves_value_is_never_registered() {
    let (world, session) = active();
    for program in FORBIDDEN_PROGRAMS.into_iter().chain([address::PROGRAM]) {
        let new = NewFunction { program, ..memo_function(1) };
        let receipt = world.refused(register(&session, &session.creator, new), &session.creator, SessionError::PolicyViolation);
        assert!(receipt.logs.iter().any(|line| line.contains("never called with a session")), "{program}: {:#?}", receipt.logs);
    }
}

#[test]
fn arguments_out_of_range_are_refused_by_name() {
    let (world, session) = active();
    let by = &session.creator;
    let wallet = NewFunction { program: by.address(), ..memo_function(1) };
    let mut crooked = register(&session, by, memo_function(1));
    // The last byte of the selector, which does not count.
    crooked.data[8 + 8 + 7] = 1;
    let selector = Selector { bytes: [0, 0, 0, 0, 0, 0, 0, 1], length: 0 };
    crooked.accounts[5].pubkey = address::function(&session.address, &MEMO, &selector);
    let mut both = register(&session, by, memo_function(1));
    both.data[8 + 8 + 8 + 1] = 2;
    let mut later = register(&session, by, memo_function(1));
    *later.data.last_mut().unwrap() = 1;
    let wallet = register(&session, by, wallet);
    for (act, field) in [(wallet, "program"), (crooked, "selector"), (both, "composable"), (later, "reserved")] {
        let receipt = world.refused(act, by, SessionError::InvalidConfiguration);
        assert!(receipt.logs.contains(&format!("Program log: {field}")), "{field}: {:#?}", receipt.logs);
    }
}

#[test]
fn functions_are_registered_from_created_to_active() {
    for status in Status::ALL {
        let world = World::new();
        let session = TestSession::in_status(&world, config(Settings::NONE), *status);
        let act = register(&session, &session.creator, memo_function(1));
        if matches!(status, Status::Created | Status::Activating | Status::Active) {
            world.ok(act, &session.creator);
        } else {
            world.refused(act, &session.creator, SessionError::SessionNotActive);
        }
    }
    let (world, session) = active();
    world.set_time(world.session(&session.address).expires_at);
    world.refused(register(&session, &session.creator, memo_function(1)), &session.creator, SessionError::SessionExpired);
}

#[test]
fn an_address_that_has_lamports_already_can_be_registered() {
    let (world, session) = active();
    world.ledger.fund(address::function(&session.address, &MEMO, &Selector::default()), 1_000).unwrap();
    world.ok(register(&session, &session.creator, memo_function(1)), &session.creator);
}

#[test]
fn another_sessions_vault_is_not_taken_for_its_own() {
    let (world, session) = active();
    let mut act = register(&session, &session.creator, memo_function(1));
    act.accounts[4].pubkey = address::vault(&session.creator.address());
    world.refused(act, &session.creator, SessionError::WrongSession);
}
