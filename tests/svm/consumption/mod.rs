//! What other programs ask of a membership. Here it is asked directly, which answers the same; the arena's own tests ask by a call.

mod consume;
mod validate_session;

use {
    sessions_client::{
        core::{
            SessionError,
            rules::{
                lifecycle::Status,
                membership::MemberChanges,
                permissions::{Permissions, Settings},
                quotas::{Quota, Quotas},
            },
            state::Standing,
        },
        instruction::{self, Acting},
        ledger::Receipt,
    },
    sessions_tests::{
        Actor, World,
        session::{MAX_DURATION, TestSession, config},
        world::names,
    },
    solana_instruction::Instruction,
};

/// An active session with the member Ana, who has these limits.
fn with_ana(settings: Settings, own: Quotas, shared: Quotas) -> (World, TestSession, Actor) {
    let world = World::new();
    let mut config = config(settings);
    config.quotas = shared;
    let session = TestSession::in_status(&world, config, Status::Active);
    let ana = session.joined(&world, "ana");
    let changes = MemberChanges { quotas: Some(own), ..MemberChanges::default() };
    world.ok(instruction::update_member(session.creator.address(), session.address, ana.address(), changes), &session.creator);
    (world, session, ana)
}

/// The units that are left to an instruction: as a limit of a quota.
fn units(limit: u64) -> Quotas {
    Quotas { units: Quota { limit, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED }
}

/// What a transaction answered.
fn answer(world: &World, act: &Instruction, signer: &Actor) -> Standing {
    bytemuck::pod_read_unaligned(&world.answer(act, signer).1)
}
