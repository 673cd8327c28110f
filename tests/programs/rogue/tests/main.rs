//! What the program of ill will does, called directly: that it works, and what the session program costs a program without a framework.

mod tokens;

use {
    rogue::{
        Instruction as Rogue,
        instruction::{SEED_NEW, WRONG_SIGNERS},
    },
    sessions_client::{
        address,
        core::{
            SessionError, guard,
            rules::{
                functions::Selector,
                lifecycle::Status,
                permissions::{Permissions, Settings},
            },
        },
        failure::Failure,
        instruction::{self, Acting, FunctionCall, NewFunction},
        ledger::Receipt,
    },
    sessions_tests::{
        Actor, World,
        programs::{ROGUE, committed},
        session::{TestSession, config},
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction, error::InstructionError},
};

struct Scene {
    world: World,
    session: TestSession,
    ana: Actor,
}

const EXECUTE: u32 = Permissions::EXECUTE_FUNCTIONS.bits();

fn scene() -> Scene {
    let world = World::new();
    world.deploy(ROGUE, &committed("rogue"));
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let ana = session.joined(&world, "ana");
    Scene { world, session, ana }
}

fn call(instruction: &Rogue, accounts: Vec<AccountMeta>) -> Instruction {
    Instruction { program_id: ROGUE, accounts, data: instruction.data() }
}

/// What was done between the first two lines about compute units; the third says what a line takes.
#[track_caller]
fn measured(receipt: &Receipt) -> u64 {
    let lines = receipt.logs.iter().filter_map(|line| line.strip_prefix("Program consumption: ")?.strip_suffix(" units remaining"));
    let left: Vec<u64> = lines.map(|units| units.parse().unwrap()).collect();
    let [before, after, later] = left[..] else { panic!("{:#?}", receipt.logs) };
    (before - after) - (after - later)
}

/// What the session program took as a callee.
#[track_caller]
fn called(receipt: &Receipt) -> u64 {
    let begins = format!("Program {} consumed ", address::PROGRAM);
    let line = receipt.logs.iter().find_map(|line| line.strip_prefix(&begins)).unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

#[track_caller]
fn fails(world: &World, instruction: Instruction, signers: &[&Actor], code: u32) {
    let receipt = world.send(&[instruction], signers);
    let error = InstructionError::Custom(code);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error }), "{:#?}", receipt.logs);
}

impl Scene {
    /// Signer, session and membership of ana's, and more.
    fn accounts(&self, signer: &Actor, more: &[AccountMeta]) -> Vec<AccountMeta> {
        let member = address::member(&self.session.address, &self.ana.address());
        let own = [
            AccountMeta::new_readonly(signer.address(), true),
            AccountMeta::new_readonly(self.session.address, false),
            AccountMeta::new(member, false),
        ];
        [&own[..], more].concat()
    }

    /// ana calls the program through the session.
    fn through(&self, instruction: &Rogue, accounts: Vec<AccountMeta>, signers: &[&Actor]) -> Receipt {
        let (session, creator) = (self.session.address, &self.session.creator);
        let function = NewFunction { program: ROGUE, selector: Selector::default(), units: 0, composable: false };
        let register = instruction::register_function(creator.address(), self.session.payer.address(), session, function);
        self.world.ok_with(&[register], &[creator, &self.session.payer]);
        let call = FunctionCall { selector: Selector::default(), instruction: call(instruction, accounts) };
        let execute = instruction::execute_function(Acting::wallet(session, self.ana.address()), &call, &[]);
        self.world.send(&[execute], signers)
    }

    fn vault(&self) -> AccountMeta {
        AccountMeta::new(address::vault(&self.session.address), true)
    }
}

#[test]
fn the_guard_lets_a_member_through() {
    let scene = scene();
    let guarded = |signer: &Actor| call(&Rogue::Guarded { permissions: EXECUTE }, scene.accounts(signer, &[]));
    let receipt = scene.world.ok(guarded(&scene.ana), &scene.ana);
    assert!((100..200).contains(&measured(&receipt)), "the guard alone: {}", measured(&receipt));
    fails(&scene.world, guarded(&scene.session.stranger), &[&scene.session.stranger], SessionError::PermissionDenied.code());
    scene.session.close(&scene.world);
    fails(&scene.world, guarded(&scene.ana), &[&scene.ana], SessionError::SessionNotActive.code());
}

#[test]
fn a_call_of_consume_by_hand_charges_a_member() {
    let scene = scene();
    let program = AccountMeta::new_readonly(address::PROGRAM, false);
    let consume = Rogue::Consume { permissions: EXECUTE, units: 7 };
    let receipt = scene.world.ok(call(&consume, scene.accounts(&scene.ana, std::slice::from_ref(&program))), &scene.ana);
    assert!(called(&receipt) < measured(&receipt) && measured(&receipt) < 3_000, "consume: {} {}", called(&receipt), measured(&receipt));
    assert_eq!(scene.world.member(&scene.session.address, &scene.ana).usage.units.total, 7);
    let validate = Rogue::Validate { permissions: EXECUTE, units: 7 };
    let receipt = scene.world.ok(call(&validate, scene.accounts(&scene.ana, &[program])), &scene.ana);
    assert!(called(&receipt) < measured(&receipt) && measured(&receipt) < 3_000, "validate: {} {}", called(&receipt), measured(&receipt));
    assert_eq!(scene.world.member(&scene.session.address, &scene.ana).usage.units.total, 7);
}

#[test]
fn an_answer_of_another_program_is_none() {
    let scene = scene();
    // Another copy of this program, which answers with what it was sent; it is sent no instruction of its own, and fails.
    let other = Address::new_from_array([3; 32]);
    scene.world.deploy(other, &committed("rogue"));
    let consume =
        call(&Rogue::Consume { permissions: EXECUTE, units: 7 }, scene.accounts(&scene.ana, &[AccountMeta::new_readonly(other, false)]));
    let receipt = scene.world.send(&[consume], &[&scene.ana]);
    assert!(receipt.failure.is_some());
}

#[test]
fn the_vault_signs_and_nobody_else() {
    let scene = scene();
    let ben = scene.world.actor("ben");
    let accounts =
        vec![scene.vault(), AccountMeta::new_readonly(ben.address(), true), AccountMeta::new_readonly(scene.ana.address(), true)];
    let receipt = scene.through(&Rogue::AssertSigner, accounts, &[&scene.ana, &ben]);
    assert_eq!(receipt.failure, None, "{:#?}", receipt.logs);
}

#[test]
fn who_signed_is_left_behind() {
    let scene = scene();
    let ben = scene.world.actor("ben");
    let accounts =
        vec![scene.vault(), AccountMeta::new_readonly(ben.address(), true), AccountMeta::new_readonly(scene.ana.address(), true)];
    let receipt = scene.through(&Rogue::AssertNotSigner, accounts.clone(), &[&scene.ana, &ben]);
    assert_eq!(receipt.failure, None, "{:#?}", receipt.logs);
    // What the assertion is worth.
    let direct: Vec<_> = accounts.into_iter().map(|meta| AccountMeta { is_signer: meta.pubkey == ben.address(), ..meta }).collect();
    fails(&scene.world, call(&Rogue::AssertNotSigner, direct.clone()), &[&ben], WRONG_SIGNERS);
    fails(&scene.world, call(&Rogue::AssertSigner, direct), &[&ben], WRONG_SIGNERS);
}

#[test]
fn the_guard_knows_the_vault() {
    let scene = scene();
    let member = address::member(&scene.session.address, &scene.ana.address());
    let accounts = vec![scene.vault(), AccountMeta::new_readonly(scene.session.address, false), AccountMeta::new_readonly(member, false)];
    let receipt = scene.through(&Rogue::GuardedByVault { permissions: EXECUTE }, accounts, &[&scene.ana]);
    assert_eq!(receipt.failure, None, "{:#?}", receipt.logs);
    assert!((100..200).contains(&measured(&receipt)), "the guard alone: {}", measured(&receipt));
}

#[test]
fn the_session_program_is_not_called_back() {
    let scene = scene();
    let member = address::member(&scene.session.address, &scene.ana.address());
    let accounts = vec![
        AccountMeta::new_readonly(address::PROGRAM, false),
        scene.vault(),
        AccountMeta::new_readonly(scene.session.address, false),
        AccountMeta::new_readonly(member, false),
    ];
    let data = guard::validate_session(Permissions::NONE, 0).to_vec();
    let receipt = scene.through(&Rogue::CallBack { data }, accounts, &[&scene.ana]);
    let error = InstructionError::ReentrancyNotAllowed;
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error }), "{:#?}", receipt.logs);
}

#[test]
fn what_a_wallet_can_do_with_its_lamports_it_does() {
    let scene = scene();
    let system = AccountMeta::new_readonly(Address::default(), false);
    let wallet = AccountMeta::new(scene.ana.address(), true);
    let ben = scene.world.actor("ben");
    let to = AccountMeta::new(ben.address(), false);
    let before = scene.world.balance(&ben.address());
    scene.world.ok(call(&Rogue::DrainLamports { amount: 5 }, vec![wallet.clone(), to, system.clone()]), &scene.ana);
    assert_eq!(scene.world.balance(&ben.address()), before + 5);
    let (new, _) = Address::find_program_address(&[SEED_NEW], &ROGUE);
    let create = Rogue::CreateAccountPaidByVault { lamports: 2_000_000, space: 10 };
    scene.world.ok(call(&create, vec![wallet.clone(), AccountMeta::new(new, false), system.clone()]), &scene.ana);
    assert_eq!(scene.world.account(&new).unwrap().owner, ROGUE);
    scene.world.ok(call(&Rogue::AllocateVault { space: 10 }, vec![wallet.clone(), system.clone()]), &scene.ana);
    scene.world.ok(call(&Rogue::AssignVault { owner: [4; 32] }, vec![wallet, system]), &scene.ana);
    assert_eq!(scene.world.account(&scene.ana.address()).unwrap().owner, Address::new_from_array([4; 32]));
}

#[test]
fn what_it_is_asked_for_it_does() {
    let scene = scene();
    let any = vec![AccountMeta::new_readonly(scene.session.address, false)];
    for instruction in [Rogue::Nothing, Rogue::ReadAccounts, Rogue::Answer { data: vec![1] }, Rogue::Log { text: "hello".to_owned() }] {
        scene.world.ok_with(&[call(&instruction, any.clone())], &[]);
    }
    fails(&scene.world, call(&Rogue::Fail { code: 77 }, any), &[], 77);
}
