//! `send_direct_message`.

use {
    super::active,
    sessions_client::{
        core::{SessionError, events::AnyEvent, rules::membership::MemberChanges},
        instruction,
    },
    sessions_tests::{Actor, session::TestSession},
    solana_instruction::Instruction,
};

fn tell(session: &TestSession, from: &Actor, to: &Actor, data: &[u8]) -> Instruction {
    instruction::send_direct_message(from.address(), session.address, from.address(), to.address(), data)
}

#[test]
fn a_direct_message_says_whom_it_is_for() {
    let (world, session, ana, ben) = active();
    world.ok(session.say(&ben, b"to all"), &ben);
    let receipt = world.ok(tell(&session, &ana, &ben, b"psst"), &ana);
    let [AnyEvent::MessageSent(event)] = receipt.events[..] else { panic!("{:?}", receipt.events) };
    assert_eq!((event.sequence, event.sender, event.recipient), (2, ana.address(), ben.address()));
    assert_eq!((event.message.as_slice(), event.head), (&b"psst"[..], world.session(&session.address).message_head));
}

#[test]
fn one_who_is_not_in_the_session_gets_no_message() {
    let (world, session, ana, ben) = active();
    world.refused(tell(&session, &ana, &session.stranger, b"psst"), &ana, SessionError::MemberNotFound);
    world.ok(instruction::leave_session(ben.address(), session.address), &ben);
    world.refused(tell(&session, &ana, &ben, b"psst"), &ana, SessionError::MemberNotActive);
}

#[test]
fn one_whose_time_is_over_gets_no_message() {
    let (world, session, ana, ben) = active();
    let changes = MemberChanges { expires_in: Some(30), ..MemberChanges::default() };
    world.ok(instruction::update_member(session.creator.address(), session.address, ben.address(), changes), &session.creator);
    world.ok(tell(&session, &ana, &ben, b"psst"), &ana);
    world.wait(30);
    world.refused(tell(&session, &ana, &ben, b"psst"), &ana, SessionError::MemberNotActive);
}

#[test]
fn nobody_writes_to_themselves() {
    let (world, session, ana, _) = active();
    world.refused(tell(&session, &ana, &ana, b"note to self"), &ana, SessionError::AccountsMustDiffer);
}
