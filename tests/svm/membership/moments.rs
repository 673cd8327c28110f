//! When what is allowed: every instruction in every status, after the session's end, after a step's deadline, and in one that failed.

use {
    super::{Deed, Way, Why, everyone, refused_in, seats, staged, why},
    sessions_client::{
        Ledger, address,
        core::{
            InvitationState, InviteTokenState, MemberState, SessionError, SessionState,
            rules::{
                lifecycle::{CloseReason, Status, When, allows},
                permissions::Settings,
            },
        },
        instruction,
    },
    sessions_tests::{World, session::TestSession},
};

/// A world with a session in `status`, in which every deed is possible that the status allows.
fn in_status(status: Status) -> (World, TestSession) {
    let world = World::new();
    let session = staged(&world, "test", status);
    (world, session)
}

/// What a deed would be refused for, if it would. It is not done, so that each deed is tried where no other was.
fn outcome(world: &World, session: &TestSession, deed: Deed) -> Option<Why> {
    let transaction = world.transaction(&[deed.instruction(world, session)], &everyone(world).each_ref());
    why(&pollster::block_on(world.ledger.simulate(transaction)).unwrap())
}

/// Checks what each deed would be refused for.
#[track_caller]
fn assert_outcomes(world: &World, session: &TestSession, expected: impl Fn(Deed) -> Option<SessionError>) {
    let status = world.session(&session.address).status();
    for deed in Deed::ALL {
        assert_eq!(outcome(world, session, deed), expected(deed).map(Why::from), "{deed:?} {status:?}");
    }
}

/// What a deed is refused for in a session in `status`, while nothing is too late.
fn in_time(deed: Deed, status: Status) -> Option<SessionError> {
    (!allows(status, deed.when())).then_some(SessionError::SessionNotActive)
}

/// The same once what the session waits for is too late, which is `error`; to give something up it never is.
fn too_late(deed: Deed, status: Status, error: SessionError) -> Option<SessionError> {
    in_time(deed, status).or((deed.when() != When::Leaving).then_some(error))
}

#[test]
fn each_deed_is_allowed_in_the_statuses_of_the_rules_and_no_others() {
    for status in Status::ALL {
        let (world, session) = in_status(*status);
        assert_outcomes(&world, &session, |deed| in_time(deed, *status));
    }
}

#[test]
fn when_the_sessions_time_is_over_only_what_gives_something_up_is_left() {
    for status in [Status::Active, Status::Paused] {
        let (world, session) = in_status(status);
        let end = world.session(&session.address).expires_at;
        world.set_time(end - 1);
        assert_outcomes(&world, &session, |deed| in_time(deed, status));
        world.set_time(end);
        assert_outcomes(&world, &session, |deed| too_late(deed, status, SessionError::SessionExpired));
    }
}

#[test]
fn after_a_steps_deadline_only_what_gives_something_up_is_left() {
    for status in [Status::Created, Status::Activating, Status::Closing] {
        let (world, session) = in_status(status);
        let deadline = world.session(&session.address).step_deadline;
        world.set_time(deadline - 1);
        assert_outcomes(&world, &session, |deed| in_time(deed, status));
        world.set_time(deadline);
        assert_outcomes(&world, &session, |deed| too_late(deed, status, SessionError::StepTimedOut));
    }
}

/// The host calls the session off.
#[track_caller]
fn fail(world: &World, session: &TestSession) {
    world.ok(instruction::abort_session(session.host.address(), session.address, CloseReason::None as u8), &session.host);
}

#[test]
fn a_session_that_failed_says_which_step_did() {
    let (world, session) = in_status(Status::Activating);
    fail(&world, &session);
    assert_outcomes(&world, &session, |_| Some(SessionError::ActivationFailed));
    // Nobody but its creator can be in a session whose creation failed.
    world.forge(&session.address, |state| state.created_at = 0);
    assert_outcomes(&world, &session, |_| Some(SessionError::CreationFailed));
}

#[test]
fn a_session_whose_creation_failed_takes_nobody_in() {
    let world = World::new();
    let session = TestSession::in_status(&world, seats(Settings::NONE), Status::Creating);
    fail(&world, &session);
    for deed in [Deed::InviteMember, Deed::CreateInviteToken, Deed::JoinSession] {
        let instruction = deed.instruction(&world, &session);
        refused_in(deed, &world, &instruction, &everyone(&world).each_ref(), SessionError::CreationFailed);
    }
}

#[test]
fn a_status_without_a_name_allows_nothing() {
    let (world, session) = in_status(Status::Active);
    world.forge(&session.address, |state| state.status = 8);
    assert_outcomes(&world, &session, |_| Some(SessionError::UnsupportedVersion));
}

#[test]
fn a_write_that_cannot_be_counted_is_refused() {
    // What leaves the session as it is counts its write in the member's account.
    let by_member = |deed| matches!(deed, Deed::UpdateMember | Deed::SetSessionKey | Deed::ClearSessionKey);
    let (world, session) = in_status(Status::Active);
    world.forge(&session.address, |state| state.header.revision = u64::MAX);
    assert_outcomes(&world, &session, |deed| (!by_member(deed)).then_some(SessionError::ArithmeticOverflow));

    let by_member = |deed| by_member(deed) || matches!(deed, Deed::LeaveSession | Deed::RemoveMember);
    let (world, session) = in_status(Status::Active);
    let member = address::member(&session.address, &world.actor("member").address());
    world.forge_as::<MemberState>(&member, |state| state.header.revision = u64::MAX);
    assert_outcomes(&world, &session, |deed| by_member(deed).then_some(SessionError::ArithmeticOverflow));
}

#[test]
fn a_count_that_would_leave_its_range_is_refused() {
    use Deed::*;
    type Change = fn(&mut SessionState);
    let cases: [(Change, &[Deed]); 3] = [
        (|state| state.children = u32::MAX, &[InviteMember, CreateInviteToken, JoinWithToken, JoinSession]),
        (|state| state.children = 0, &[RevokeInvitation, RevokeToken, AcceptInvitation, DeclineInvitation]),
        (|state| state.members = 0, &[LeaveSession, RemoveMember]),
    ];
    for (change, refused) in cases {
        let (world, session) = in_status(Status::Active);
        world.forge(&session.address, change);
        assert_outcomes(&world, &session, |deed| refused.contains(&deed).then_some(SessionError::ArithmeticOverflow));
    }
}

#[test]
fn an_invitation_whose_write_cannot_be_counted_is_not_used_up() {
    let (world, session) = in_status(Status::Active);
    world.forge_as::<InvitationState>(&Way::Invitation.address(&session), |state| state.header.revision = u64::MAX);
    world.forge_as::<InviteTokenState>(&Way::Token.address(&session), |state| state.header.revision = u64::MAX);
    let with_offers = [Deed::AcceptInvitation, Deed::JoinWithToken, Deed::DeclineInvitation, Deed::RevokeInvitation, Deed::RevokeToken];
    assert_outcomes(&world, &session, |deed| with_offers.contains(&deed).then_some(SessionError::ArithmeticOverflow));
}
