//! Every pair of status and transition, generated from the table and tried on the program.

use {
    sessions_client::core::{
        SessionError,
        rules::{
            lifecycle::{Status, Transition, next},
            permissions::Settings,
        },
    },
    sessions_tests::{
        World,
        session::{MAX_DURATION, TestSession, config},
    },
};

/// A world with a session in `status`, at a moment at which `transition` is in time if the status allows it.
fn before(status: Status, transition: Transition) -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), status);
    match transition {
        Transition::Expire if next(status, transition).is_some() => world.wait(MAX_DURATION),
        Transition::Reclaim if status == Status::Closed => world.reclaim_children(&session.address),
        _ => {}
    }
    (world, session)
}

#[test]
fn the_party_takes_the_tables_transitions_and_no_others() {
    let mut taken = 0;
    for status in Status::ALL {
        for transition in Transition::ALL {
            let (world, session) = before(*status, *transition);
            let party = session.party(*transition);
            let step = session.step(&world, *transition, party);
            let Some(after) = next(*status, *transition) else {
                world.refused(step, party, SessionError::InvalidTransition);
                assert_eq!(world.session(&session.address).status(), Ok(*status), "{status:?} {transition:?}");
                continue;
            };
            world.ok(step, party);
            taken += 1;
            if *transition == Transition::Reclaim {
                assert_eq!(world.account(&session.address), None);
            } else {
                assert_eq!(world.session(&session.address).status(), Ok(after), "{status:?} {transition:?}");
            }
        }
    }
    assert_eq!(taken, 20, "the table has twenty possible pairs");
}

#[test]
fn a_stranger_takes_no_transition_but_to_reclaim() {
    for status in Status::ALL {
        for transition in Transition::ALL {
            let world = World::new();
            let session = TestSession::in_status(&world, config(Settings::NONE), *status);
            let step = session.step(&world, *transition, &session.stranger);
            if *transition != Transition::Reclaim {
                world.refused(step, &session.stranger, SessionError::PermissionDenied);
            } else if *status != Status::Closed {
                world.refused(step, &session.stranger, SessionError::InvalidTransition);
            }
        }
    }
}

/// A world in which `transition` is possible and in time.
fn possible(transition: Transition) -> (World, TestSession) {
    let status = Status::ALL.iter().find(|status| next(**status, transition).is_some()).unwrap();
    before(*status, transition)
}

#[test]
fn the_host_rules_nothing_and_the_authority_serves_nothing() {
    for transition in Transition::ALL.iter().filter(|transition| !matches!(transition, Transition::Reclaim | Transition::Abort)) {
        let (world, session) = possible(*transition);
        let hosts = session.party(*transition).address() == session.host.address();
        let other = if hosts { &session.creator } else { &session.host };
        world.refused(session.step(&world, *transition, other), other, SessionError::PermissionDenied);
    }
}

#[test]
fn an_authority_rules_whoever_created_the_session() {
    use Transition::{Abort, BeginActivation, Close, Expire, Pause, Resume, Update};
    for transition in [BeginActivation, Pause, Resume, Update, Close, Expire] {
        let (world, session) = possible(transition);
        let authority = world.actor("authority");
        world.forge(&session.address, |state| state.authority = authority.address());
        let creator = &session.creator;
        world.refused(session.step(&world, transition, creator), creator, SessionError::PermissionDenied);
        world.ok(session.step(&world, transition, &authority), &authority);
    }
    // To call a session off before it is active stays with whoever asked for it.
    let (world, session) = possible(Abort);
    let authority = world.actor("authority");
    world.forge(&session.address, |state| state.authority = authority.address());
    world.refused(session.step(&world, Abort, &authority), &authority, SessionError::PermissionDenied);
    world.ok(session.step(&world, Abort, &session.creator), &session.creator);
}

#[test]
fn a_write_that_cannot_be_counted_is_refused() {
    for transition in Transition::ALL {
        let (world, session) = possible(*transition);
        world.forge(&session.address, |state| state.header.revision = u64::MAX);
        let party = session.party(*transition);
        world.refused(session.step(&world, *transition, party), party, SessionError::ArithmeticOverflow);
    }
}
