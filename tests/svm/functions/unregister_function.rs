//! `unregister_function`.

use super::*;

fn unregister(all: &Everything, by: &Actor) -> Instruction {
    let function = all.world.function(&address::function(&all.session.address, &MEMO, &Selector::default()));
    instruction::unregister_function(by.address(), all.session.address, &function)
}

#[test]
fn what_is_unregistered_is_called_no_more_and_its_rent_returns() {
    let all = Everything::new();
    let creator = &all.session.creator;
    let account = address::function(&all.session.address, &MEMO, &Selector::default());
    let (rent, before) = (all.world.balance(&account), all.world.balance(&creator.address()));
    assert_eq!(names(&all.world.ok(unregister(&all, creator), creator)), ["FunctionUnregistered"]);
    assert_eq!((all.world.account(&account), all.world.balance(&creator.address())), (None, before + rent));
    let acting = Acting::wallet(all.session.address, all.ana.address());
    let act = instruction::execute_function(acting, &memo_call(&all.session, "hi"), &[]);
    all.world.refused(act, &all.ana, SessionError::FunctionNotFound);
    all.world.ok(instruction::register_function(creator.address(), creator.address(), all.session.address, memo_function(2)), creator);
}

#[test]
fn nobody_but_the_authority_unregisters() {
    let all = Everything::new();
    all.world.refused(unregister(&all, &all.ana), &all.ana, SessionError::PermissionDenied);
}

#[test]
fn nothing_blocks_it_before_the_session_is_closed() {
    for status in [Status::Paused, Status::Closing, Status::Closed] {
        let all = Everything::new();
        all.session.advance(&all.world, status);
        let act = unregister(&all, &all.session.creator);
        if status == Status::Closed {
            all.world.refused(act, &all.session.creator, SessionError::SessionNotActive);
            all.world.reclaim_children(&all.session.address);
        } else {
            all.world.ok(act, &all.session.creator);
        }
    }
    let all = Everything::new();
    all.world.set_time(all.world.session(&all.session.address).hard_end + 1);
    all.world.ok(unregister(&all, &all.session.creator), &all.session.creator);
}

#[test]
fn the_rent_goes_to_its_payer_alone() {
    let all = Everything::new();
    let mut act = unregister(&all, &all.session.creator);
    act.accounts[3].pubkey = all.ana.address();
    all.world.refused(act, &all.session.creator, SessionError::WrongRentRecipient);
}

#[test]
fn another_sessions_function_is_refused() {
    let all = Everything::new();
    let mut act = unregister(&all, &all.session.creator);
    act.accounts[1].pubkey = all.other.address;
    all.world.refused(act, &all.session.creator, SessionError::WrongSession);
}
