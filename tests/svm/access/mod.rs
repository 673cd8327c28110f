//! Properties across sessions.

mod grant_access;
mod read_property;
mod revoke_access;
mod write_property;

use {
    sessions_client::{
        address,
        core::{
            AccessGrantState, SessionError, SessionState,
            rules::{
                access::AccessRights,
                lifecycle::{Status, Transition},
                membership::NO_EXPIRY,
                permissions::Settings,
                quotas::{Quota, Quotas},
            },
        },
        instruction::{self, Acting, GrantAccessArgs, SetPropertyArgs},
    },
    sessions_tests::{
        Actor, World,
        everything::Everything,
        session::{TestSession, config},
        world::names,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// The owner's authority grants the reader this.
fn grant(all: &Everything, rights: u32, ttl: u32) -> Instruction {
    let by = all.other.creator.address();
    instruction::grant_access(by, by, all.other.address, all.session.address, GrantAccessArgs { rights, ttl })
}

/// Ana of the reader.
fn ana(all: &Everything) -> Acting {
    Acting::wallet(all.session.address, all.ana.address())
}

fn read(all: &Everything) -> Instruction {
    instruction::read_property(ana(all), all.other.address, b"far")
}

fn write(all: &Everything, value: &[u8], expected_version: u64) -> Instruction {
    let args = SetPropertyArgs { expected_version, capacity: 16, key: b"far", value };
    instruction::write_property(ana(all), all.ana.address(), all.other.address, args)
}

/// Sends both acts, which must be refused.
#[track_caller]
fn both_refused(all: &Everything, error: SessionError) {
    let version = all.world.property(&all.other.address, b"far").0.version;
    all.world.refused(read(all), &all.ana, error);
    all.world.refused(write(all, b"near", version), &all.ana, error);
}

/// Sends what the policy must refuse, for the reason that the log gives.
#[track_caller]
fn violates(world: &World, act: Instruction, signer: &Actor, reason: &str) {
    let receipt = world.refused(act, signer, SessionError::PolicyViolation);
    assert!(receipt.logs.contains(&format!("Program log: {reason}")), "{reason}: {:#?}", receipt.logs);
}

#[test]
fn a_revoked_grant_grants_nothing() {
    let all = Everything::new();
    let state = all.world.grant(&all.other.address, &all.session.address);
    all.world.ok(instruction::revoke_access(all.other.creator.address(), all.other.address, &state), &all.other.creator);
    violates(&all.world, read(&all), &all.ana, "the other session grants this one no access");
    both_refused(&all, SessionError::PolicyViolation);
}

#[test]
fn an_expired_grant_grants_nothing() {
    let all = Everything::new();
    all.world.ok(grant(&all, AccessRights::ALL.bits(), 60), &all.other.creator);
    let until = all.world.grant(&all.other.address, &all.session.address).expires_at;
    all.world.set_time(until - 1);
    all.world.ok(read(&all), &all.ana);
    all.world.set_time(until);
    violates(&all.world, read(&all), &all.ana, "the grant has expired");
    both_refused(&all, SessionError::PolicyViolation);
}

#[test]
fn a_grant_for_the_other_direction_grants_nothing() {
    let all = Everything::new();
    // The owner may now use the reader's properties as well, by another account.
    let by = all.session.creator.address();
    let args = GrantAccessArgs { rights: AccessRights::ALL.bits(), ttl: NO_EXPIRY };
    all.world.ok(instruction::grant_access(by, by, all.session.address, all.other.address, args), &all.session.creator);
    let mut turned = read(&all);
    turned.accounts[4].pubkey = address::grant(&all.session.address, &all.other.address);
    violates(&all.world, turned, &all.ana, "the grant is between other sessions");
}

#[test]
fn a_grant_for_another_session_grants_nothing() {
    let all = Everything::new();
    let third = TestSession::new(&all.world, "third", config(Settings::NONE));
    third.request(&all.world);
    third.advance(&all.world, Status::Active);
    let by = all.other.creator.address();
    let args = GrantAccessArgs { rights: AccessRights::ALL.bits(), ttl: NO_EXPIRY };
    all.world.ok(instruction::grant_access(by, by, all.other.address, third.address, args), &all.other.creator);
    all.world.ok(instruction::grant_access(by, by, third.address, all.session.address, args), &all.other.creator);
    for (owner, reader) in [(&all.other, &third), (&third, &all.session)] {
        for (mut act, slot) in [(read(&all), 4), (write(&all, b"near", 1), 5)] {
            act.accounts[slot].pubkey = address::grant(&owner.address, &reader.address);
            violates(&all.world, act, &all.ana, "the grant is between other sessions");
        }
    }
}

#[test]
fn a_grant_of_a_former_life_of_either_session_is_stale() {
    let all = Everything::new();
    let account = address::grant(&all.other.address, &all.session.address);
    all.world.forge_as::<AccessGrantState>(&account, |state| state.header.epoch -= 1);
    both_refused(&all, SessionError::StaleEpoch);
    let all = Everything::new();
    all.world.forge_as::<AccessGrantState>(&account, |state| state.reader_epoch -= 1);
    both_refused(&all, SessionError::StaleEpoch);
}

#[test]
fn each_right_is_granted_by_itself() {
    let all = Everything::new();
    all.world.ok(grant(&all, AccessRights::READ.bits(), NO_EXPIRY), &all.other.creator);
    all.world.ok(read(&all), &all.ana);
    violates(&all.world, write(&all, b"near", 1), &all.ana, "the grant does not include this right");
    all.world.ok(grant(&all, AccessRights::WRITE.bits(), NO_EXPIRY), &all.other.creator);
    violates(&all.world, read(&all), &all.ana, "the grant does not include this right");
    all.world.ok(write(&all, b"near", 1), &all.ana);
}

#[test]
fn a_session_is_not_another_to_itself() {
    let all = Everything::new();
    let mut own = read(&all);
    own.accounts[3].pubkey = all.session.address;
    all.world.refused(own, &all.ana, SessionError::WrongSession);
}
