//! `compose_functions`.

use {
    super::*,
    sessions_client::{core::events::AnyEvent, failure::Failure},
    solana_instruction::error::InstructionError,
};

fn memos(stage: &Stage, texts: &[&str]) -> Vec<FunctionCall> {
    texts.iter().map(|text| memo_call(&stage.all.session, text)).collect()
}

fn compose(stage: &Stage, calls: &[FunctionCall], allowances: &[Address]) -> Instruction {
    instruction::compose_functions(stage.acting(), calls, allowances)
}

#[test]
fn up_to_eight_calls_are_made_in_their_order_and_charged_together() {
    let stage = stage();
    let texts = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let calls = texts.map(|text| call(&Rogue::Log { text: text.to_owned() }, vec![]));
    let receipt = stage.ok(compose(&stage, &calls, &[]));
    let said: Vec<_> = receipt.logs.iter().filter_map(|line| line.strip_prefix("Program log: ")).collect();
    assert_eq!(said, texts);
    let member = stage.all.world.member(&stage.all.session.address, &stage.all.ana);
    assert_eq!((member.usage.operations.total, member.usage.units.total, member.executions), (8, 8, 8));
    for count in [0, 9] {
        let receipt = stage.refused(compose(&stage, &memos(&stage, &vec!["x"; count]), &[]), SessionError::InvalidConfiguration);
        assert!(receipt.logs.contains(&"Program log: calls".to_owned()), "{:#?}", receipt.logs);
    }
}

#[test]
fn a_composition_whose_third_call_fails_is_undone() {
    let stage = stage();
    let before = stage.all.world.program_accounts();
    let drain =
        call(&Rogue::DrainLamports { amount: 1_000 }, vec![stage.signer(), writes(stage.all.shop.address()), reads(Address::default())]);
    let fail = call(&Rogue::Fail { code: 9 }, vec![]);
    let calls = [drain, memo_call(&stage.all.session, "two"), fail];
    let receipt = stage.all.world.send(&[compose(&stage, &calls, &[stage.allowance()])], &[&stage.all.ana]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::Custom(9) }));
    assert_eq!(stage.all.world.program_accounts(), before);
    assert_eq!(stage.all.world.balance(&stage.vault()), 2 * SOL);
}

#[test]
fn each_function_has_to_be_composable() {
    let stage = stage();
    let (creator, at) = (&stage.all.session.creator, stage.all.session.address);
    let selector = Selector::new(b"alone").unwrap();
    let new = NewFunction { selector, composable: false, ..memo_function(1) };
    stage.all.world.ok(instruction::register_function(creator.address(), creator.address(), at, new), creator);
    let alone = FunctionCall { selector, ..memo_call(&stage.all.session, "alone at last") };
    stage.ok(instruction::execute_function(stage.acting(), &alone, &[]));
    let calls = [memo_call(&stage.all.session, "one"), alone];
    stage.violates(compose(&stage, &calls, &[]), "the function is not registered to be composed");
}

#[test]
fn what_is_composed_has_to_be_registered() {
    let stage = stage();
    let mut act = compose(&stage, &memos(&stage, &["a", "b"]), &[]);
    // The function's account is the first behind the instruction's own.
    act.accounts[4].pubkey = stage.allowance();
    stage.refused(act.clone(), SessionError::FunctionNotFound);
    // An index of its own accounts, or of none, names no function.
    for index in [0, 2, 99] {
        let mut act = compose(&stage, &memos(&stage, &["a", "b"]), &[]);
        act.data[8 + 4] = index;
        let receipt = stage.refused(act, SessionError::InvalidConfiguration);
        assert!(receipt.logs.contains(&"Program log: calls".to_owned()), "{:#?}", receipt.logs);
    }
}

#[test]
fn each_call_has_an_event_that_tells_of_a_write_of_its_own() {
    let stage = stage_with(Everything::with(config(Settings::LOG_EXECUTION)));
    let receipt = stage.ok(compose(&stage, &memos(&stage, &["a", "b", "c"]), &[]));
    let revisions: Vec<_> = receipt.events.iter().map(|event| (event.header().previous, event.header().revision)).collect();
    let first = revisions[0].1;
    assert_eq!(revisions[1..], [(first, first + 1), (first + 1, first + 2)]);
    assert!(receipt.events.iter().all(|event| matches!(event, AnyEvent::FunctionExecuted(_))));
}

#[test]
fn the_quota_is_for_all_of_it() {
    let mut shared = config(Settings::NONE);
    shared.quotas = Quotas { operations: Quota { limit: 3, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
    let stage = stage_with(Everything::with(shared));
    stage.refused(compose(&stage, &memos(&stage, &["a", "b", "c", "d"]), &[]), SessionError::QuotaExceeded);
    stage.ok(compose(&stage, &memos(&stage, &["a", "b", "c"]), &[]));
    stage.refused(compose(&stage, &memos(&stage, &["a"]), &[]), SessionError::QuotaExceeded);
}

#[test]
fn what_several_calls_take_is_charged_as_one_sum() {
    let stage = stage();
    let accounts = || vec![stage.signer(), writes(stage.all.shop.address()), reads(Address::default())];
    let calls = [1_000, 2_000].map(|amount| call(&Rogue::DrainLamports { amount }, accounts()));
    stage.ok(compose(&stage, &calls, &[stage.allowance()]));
    assert_eq!(stage.all.world.allowance(&stage.all.session.address, &stage.all.ana, None).used.total, 3_000);
}
