//! What a function takes out of the vault: lamports. Tokens are in [`super::outflow_tokens`].

use {
    super::*,
    rogue::instruction::SEED_NEW,
    sessions_client::core::{
        events::AnyEvent,
        rules::{membership::MemberChanges, permissions::Permissions},
    },
};

fn drain(stage: &Stage, amount: u64, allowances: &[Address]) -> Instruction {
    let accounts = vec![stage.signer(), writes(stage.all.shop.address()), reads(Address::default())];
    stage.call(&Rogue::DrainLamports { amount }, accounts, allowances)
}

#[test]
fn lamports_that_a_function_takes_are_charged_to_the_callers_allowance() {
    let stage = stage();
    let receipt = stage.ok(drain(&stage, SOL / 4, &[stage.allowance()]));
    let [AnyEvent::AllowanceSpent(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.amount, event.destination, event.mint), (SOL / 4, Address::default(), Address::default()));
    assert_eq!(stage.all.world.allowance(&stage.all.session.address, &stage.all.ana, None).used.total, SOL / 4);
    stage.ok(drain(&stage, 3 * SOL / 4, &[stage.allowance()]));
    stage.refused(drain(&stage, 1, &[stage.allowance()]), SessionError::AllowanceExceeded);
    assert_eq!(stage.all.world.balance(&stage.vault()), SOL);
}

#[test]
fn without_an_allowance_nothing_leaves_the_vault() {
    let stage = stage();
    stage.refused(drain(&stage, 1, &[]), SessionError::AllowanceNotFound);
    // Nor with another member's.
    let creator = &stage.all.session.creator;
    let (by, at) = (creator.address(), stage.all.session.address);
    stage.all.world.ok(instruction::set_allowance(by, by, at, by, None, allowing(SOL, &[])), creator);
    let theirs = address::allowance(&address::member(&at, &by), &Address::default());
    stage.refused(drain(&stage, 1, &[theirs]), SessionError::AllowanceNotFound);
}

#[test]
fn without_spend_nothing_leaves_the_vault() {
    let stage = stage();
    let Everything { world, session, ana, .. } = &stage.all;
    let permissions = Permissions::ALL.bits() & !Permissions::SPEND.bits();
    let changes = MemberChanges { permissions: Some(permissions), ..MemberChanges::default() };
    world.ok(instruction::update_member(session.creator.address(), session.address, ana.address(), changes), &session.creator);
    stage.ok(stage.call(&Rogue::Nothing, vec![], &[]));
    stage.refused(drain(&stage, 1, &[stage.allowance()]), SessionError::PermissionDenied);
}

#[test]
fn a_session_key_without_spend_takes_nothing_by_a_function() {
    let stage = stage();
    let Everything { world, session, ana, .. } = &stage.all;
    let key = world.actor("key");
    for (permissions, takes) in [(Permissions::EXECUTE_FUNCTIONS, false), (Permissions::EXECUTE_FUNCTIONS.or(Permissions::SPEND), true)] {
        let args = instruction::SetSessionKeyArgs { key: key.address(), permissions: permissions.bits(), ttl: 60 };
        world.ok(instruction::set_session_key(ana.address(), session.address, args), ana);
        let mut act = drain(&stage, 1, &[stage.allowance()]);
        act.accounts[0].pubkey = key.address();
        if takes {
            world.ok(act, &key)
        } else {
            world.refused(act, &key, SessionError::PermissionDenied)
        };
    }
}

#[test]
fn an_allowance_with_destinations_pays_for_no_function() {
    let stage = stage();
    let Everything { world, session, ana, shop, .. } = &stage.all;
    let by = session.creator.address();
    let listed = instruction::set_allowance(by, by, session.address, ana.address(), None, allowing(SOL, &[shop.address()]));
    world.ok(listed, &session.creator);
    stage.violates(drain(&stage, 1, &[stage.allowance()]), "an allowance with destinations pays for spend alone");
}

#[test]
fn the_vault_stays_the_system_programs_and_without_data() {
    let stage = stage();
    let reason = "the vault has to stay without data and the system program's";
    let accounts = || vec![stage.signer(), reads(Address::default())];
    stage.violates(stage.call(&Rogue::AssignVault { owner: ROGUE.to_bytes() }, accounts(), &[stage.allowance()]), reason);
    stage.violates(stage.call(&Rogue::AllocateVault { space: 8 }, accounts(), &[stage.allowance()]), reason);
}

#[test]
fn the_rent_that_the_vault_pays_for_an_account_is_charged() {
    let stage = stage();
    let new = Address::find_program_address(&[SEED_NEW], &ROGUE).0;
    let accounts = || vec![stage.signer(), writes(new), reads(Address::default())];
    let make = Rogue::CreateAccountPaidByVault { lamports: 2_000_000, space: 10 };
    stage.refused(stage.call(&make, accounts(), &[]), SessionError::AllowanceNotFound);
    stage.ok(stage.call(&make, accounts(), &[stage.allowance()]));
    assert_eq!(stage.all.world.allowance(&stage.all.session.address, &stage.all.ana, None).used.total, 2_000_000);
}

#[test]
fn the_vault_ends_with_nothing_or_with_its_rent() {
    let stage = stage();
    let Everything { world, session, ana, .. } = &stage.all;
    let by = session.creator.address();
    world.ok(instruction::set_allowance(by, by, session.address, ana.address(), None, allowing(u64::MAX, &[])), &session.creator);
    stage.refused(drain(&stage, 2 * SOL - 1, &[stage.allowance()]), SessionError::VaultBelowRent);
    stage.ok(drain(&stage, 2 * SOL, &[stage.allowance()]));
}

#[test]
fn an_allowance_that_stands_there_twice_is_charged_once() {
    let stage = stage();
    let mut act = drain(&stage, 1_000, &[stage.allowance()]);
    act.accounts.push(writes(stage.allowance()));
    stage.ok(act);
    assert_eq!(stage.all.world.allowance(&stage.all.session.address, &stage.all.ana, None).used.total, 1_000);
}

#[test]
fn an_allowance_has_to_be_writable() {
    let stage = stage();
    let mut act = drain(&stage, 1_000, &[stage.allowance()]);
    act.accounts.last_mut().unwrap().is_writable = false;
    let receipt = stage.all.world.send(&[act], &[&stage.all.ana]);
    assert!(receipt.failure.is_some());
}

#[test]
fn what_a_function_brings_in_is_nobodys_to_take() {
    // A vault that gains lamports is charged nothing, and gives nobody an allowance.
    let stage = stage();
    let before = stage.all.world.allowance(&stage.all.session.address, &stage.all.ana, None);
    stage.ok(stage.call(&Rogue::Nothing, vec![stage.signer()], &[stage.allowance()]));
    assert_eq!(stage.all.world.allowance(&stage.all.session.address, &stage.all.ana, None), before);
}
