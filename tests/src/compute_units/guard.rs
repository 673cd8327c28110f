//! What it costs another program to ask, without a call: measured inside a program without Anchor, between two lines of its log.

use {
    super::in_status,
    crate::{
        World,
        everything::memo_function,
        programs::{ROGUE, committed},
        session::TestSession,
    },
    rogue::Instruction as Rogue,
    sessions_client::{
        address,
        core::rules::{lifecycle::Status, permissions::Permissions},
        instruction::{self, Acting, FunctionCall, NewFunction},
        ledger::Receipt,
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// Everything here.
pub fn measure() -> Vec<(&'static str, u64)> {
    let (world, session) = in_status(Status::Active);
    world.deploy(ROGUE, &committed("rogue"));
    let permissions = Permissions::EXECUTE_FUNCTIONS.bits();
    let (by, wallet) = (&session.creator, session.creator.address());
    let asked = call(&session, &Rogue::Guarded { permissions }, wallet);
    let new = NewFunction { program: ROGUE, ..memo_function(1) };
    world.ok(instruction::register_function(wallet, wallet, session.address, new), by);
    let through = call(&session, &Rogue::GuardedByVault { permissions }, address::vault(&session.address));
    let through = FunctionCall { selector: new.selector, instruction: through };
    let through = instruction::execute_function(Acting::wallet(session.address, wallet), &through, &[]);
    let measured = |world: &World, act| between_lines(&world.ok(act, by));
    vec![("guard::member_may", measured(&world, asked)), ("guard::authorized_by_vault", measured(&world, through))]
}

/// A call of the program in which `signer` signs for the creator's membership.
fn call(session: &TestSession, what: &Rogue, signer: Address) -> Instruction {
    let member = address::member(&session.address, &session.creator.address());
    let reads = |address| AccountMeta::new_readonly(address, false);
    let accounts = vec![AccountMeta::new_readonly(signer, true), reads(session.address), reads(member)];
    Instruction { program_id: ROGUE, accounts, data: what.data() }
}

/// What was done between the first two lines about compute units; the third says what a line takes.
fn between_lines(receipt: &Receipt) -> u64 {
    let lines = receipt.logs.iter().filter_map(|line| line.strip_prefix("Program consumption: ")?.strip_suffix(" units remaining"));
    let left: Vec<u64> = lines.map(|units| units.parse().unwrap()).collect();
    let [before, after, later] = left[..] else { panic!("{:#?}", receipt.logs) };
    (before - after) - (after - later)
}
