//! `grant_access`.

use super::*;

#[test]
fn the_authority_grants_another_session_access_and_changes_it() {
    let all = Everything::new();
    let state = all.world.grant(&all.other.address, &all.session.address);
    assert_eq!((state.rights, state.expires_at, state.reader), (AccessRights::ALL.bits(), i64::MAX, all.session.address));
    assert_eq!(state.reader_epoch, all.world.session(&all.session.address).header.epoch);
    let receipt = all.world.ok(grant(&all, AccessRights::READ.bits(), 60), &all.other.creator);
    assert_eq!(names(&receipt), ["AccessGranted"]);
    let state = all.world.grant(&all.other.address, &all.session.address);
    assert_eq!((state.rights, state.expires_at, state.header.revision), (AccessRights::READ.bits(), all.world.now() + 60, 2));
}

#[test]
fn nobody_but_the_authority_grants() {
    let all = Everything::new();
    let args = GrantAccessArgs { rights: 1, ttl: 60 };
    let by = all.ana.address();
    for (owner, reader) in [(&all.other, &all.session), (&all.session, &all.other)] {
        let grant = instruction::grant_access(by, by, owner.address, reader.address, args);
        all.world.refused(grant, &all.ana, SessionError::PermissionDenied);
    }
}

#[test]
fn arguments_out_of_range_are_refused_by_name() {
    let all = Everything::new();
    for (rights, ttl, field) in [(0, 60, "rights"), (4, 60, "rights"), (1, 0, "ttl")] {
        let receipt = all.world.refused(grant(&all, rights, ttl), &all.other.creator, SessionError::InvalidConfiguration);
        assert!(receipt.logs.contains(&format!("Program log: {field}")), "{:#?}", receipt.logs);
    }
}

#[test]
fn a_session_grants_itself_nothing() {
    let all = Everything::new();
    let by = all.other.creator.address();
    let own = instruction::grant_access(by, by, all.other.address, all.other.address, GrantAccessArgs { rights: 1, ttl: 60 });
    all.world.refused(own, &all.other.creator, SessionError::AccountsMustDiffer);
}

#[test]
fn access_is_granted_from_created_to_active() {
    for status in Status::ALL {
        let world = World::new();
        let [owner, reader] = ["owner", "reader"].map(|id| TestSession::new(&world, id, config(Settings::NONE)));
        for session in [&owner, &reader] {
            session.request(&world);
        }
        owner.advance(&world, *status);
        let by = owner.creator.address();
        let grant = instruction::grant_access(by, by, owner.address, reader.address, GrantAccessArgs { rights: 1, ttl: 60 });
        if matches!(status, Status::Created | Status::Activating | Status::Active) {
            world.ok(grant, &owner.creator);
        } else {
            world.refused(grant, &owner.creator, SessionError::SessionNotActive);
        }
    }
}

#[test]
fn there_has_to_be_a_session_that_reads() {
    let all = Everything::new();
    let by = all.other.creator.address();
    let args = GrantAccessArgs { rights: 1, ttl: 60 };
    let nobody = instruction::grant_access(by, by, all.other.address, all.ana.address(), args);
    all.world.refused(nobody, &all.other.creator, SessionError::SessionNotFound);
}

#[test]
fn another_readers_grant_is_not_changed_in_its_place() {
    let all = Everything::new();
    let third = TestSession::new(&all.world, "third", config(Settings::NONE));
    third.request(&all.world);
    let by = all.other.creator.address();
    let mut crossed = instruction::grant_access(by, by, all.other.address, third.address, GrantAccessArgs { rights: 1, ttl: 60 });
    crossed.accounts[4].pubkey = address::grant(&all.other.address, &all.session.address);
    all.world.refused(crossed, &all.other.creator, SessionError::AccessNotFound);
}

#[test]
fn a_later_life_of_the_reader_is_granted_access_anew() {
    let all = Everything::new();
    all.world.forge(&all.session.address, |state: &mut SessionState| state.header.epoch += 1);
    let member = address::member(&all.session.address, &all.ana.address());
    all.world.forge_as::<sessions_client::core::MemberState>(&member, |state| state.header.epoch += 1);
    both_refused(&all, SessionError::StaleEpoch);
    all.world.ok(grant(&all, AccessRights::ALL.bits(), 60), &all.other.creator);
    all.world.ok(read(&all), &all.ana);
}

#[test]
fn an_address_that_has_lamports_already_can_be_made() {
    let all = Everything::new();
    let (creator, at) = (&all.session.creator, all.session.address);
    all.world.ledger.fund(address::grant(&at, &all.other.address), 1_000).unwrap();
    let args = GrantAccessArgs { rights: 1, ttl: 60 };
    all.world.ok(instruction::grant_access(creator.address(), creator.address(), at, all.other.address, args), creator);
}
