//! What members do with a session: properties and messages; and what the host records.

mod authorize;
mod broadcast_message;
mod commit_checkpoint;
mod delete_property;
mod quotas;
mod send_direct_message;
mod set_property;
mod slots;
mod table;

use {
    sessions_client::{
        core::{
            SessionError,
            rules::{
                lifecycle::Status,
                membership::{Role, Terms},
                permissions::Settings,
            },
        },
        ledger::Receipt,
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
    },
    solana_instruction::Instruction,
};

/// An active session with the members Ana and Ben.
fn active() -> (World, TestSession, Actor, Actor) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let [ana, ben] = ["ana", "ben"].map(|name| session.joined(&world, name));
    (world, session, ana, ben)
}

/// A session in `status` with the member Ana, who was in it from its creation on.
fn with_ana(world: &World, status: Status) -> (TestSession, Actor) {
    let session = TestSession::in_status(world, config(Settings::NONE), Status::Created);
    let ana = session.invited(world, "ana", Terms::of(Role::Member));
    session.advance(world, status);
    (session, ana)
}

/// Sends an act that must be refused with `error`, for the reason that the log gives.
#[track_caller]
fn denied(world: &World, act: Instruction, signer: &Actor, reason: &str) -> Receipt {
    let receipt = world.refused(act, signer, SessionError::PermissionDenied);
    assert!(receipt.logs.contains(&format!("Program log: {reason}")), "{reason}: {:#?}", receipt.logs);
    receipt
}
