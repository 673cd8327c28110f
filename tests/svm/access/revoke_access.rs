//! `revoke_access`.

use super::*;

fn revoke(all: &Everything, by: &Address) -> Instruction {
    instruction::revoke_access(*by, all.other.address, &all.world.grant(&all.other.address, &all.session.address))
}

#[test]
fn the_authority_takes_a_grant_back_and_its_rent_returns() {
    let all = Everything::new();
    let creator = &all.other.creator;
    let account = address::grant(&all.other.address, &all.session.address);
    let (rent, before) = (all.world.balance(&account), all.world.balance(&creator.address()));
    assert_eq!(names(&all.world.ok(revoke(&all, &creator.address()), creator)), ["AccessRevoked"]);
    assert_eq!((all.world.account(&account), all.world.balance(&creator.address())), (None, before + rent));
}

#[test]
fn nobody_but_the_authority_revokes() {
    let all = Everything::new();
    all.world.refused(revoke(&all, &all.ana.address()), &all.ana, SessionError::PermissionDenied);
}

#[test]
fn nothing_blocks_it_before_the_session_is_closed() {
    for status in [Status::Paused, Status::Closing, Status::Closed] {
        let all = Everything::new();
        all.other.advance(&all.world, status);
        let revoke = revoke(&all, &all.other.creator.address());
        if status == Status::Closed {
            all.world.refused(revoke, &all.other.creator, SessionError::SessionNotActive);
        } else {
            all.world.ok(revoke, &all.other.creator);
        }
    }
    let all = Everything::new();
    all.world.set_time(all.world.session(&all.other.address).hard_end + 1);
    all.world.ok(revoke(&all, &all.other.creator.address()), &all.other.creator);
}

#[test]
fn the_rent_goes_to_its_payer_alone() {
    let all = Everything::new();
    let mut revoke = revoke(&all, &all.other.creator.address());
    revoke.accounts[3].pubkey = all.ana.address();
    all.world.refused(revoke, &all.other.creator, SessionError::WrongRentRecipient);
}

#[test]
fn another_sessions_grant_is_refused() {
    let all = Everything::new();
    let mut revoke = revoke(&all, &all.session.creator.address());
    revoke.accounts[1].pubkey = all.session.address;
    all.world.refused(revoke, &all.session.creator, SessionError::WrongSession);
}

#[test]
fn what_is_revoked_can_be_granted_again_and_what_is_closed_is_reclaimed() {
    let all = Everything::new();
    all.world.ok(revoke(&all, &all.other.creator.address()), &all.other.creator);
    all.world.ok(grant(&all, 3, 60), &all.other.creator);
    all.other.close(&all.world);
    all.world.reclaim_children(&all.other.address);
    all.world.ok(all.other.step(&all.world, Transition::Reclaim, &all.ana), &all.ana);
    assert_eq!(all.world.children(&all.other.address), []);
}
