//! `validate_session`.

use super::*;

#[test]
fn it_answers_like_a_charge_and_charges_nothing() {
    let (world, session, ana) = with_ana(Settings::LOG_EXECUTION, units(10), Quotas::UNLIMITED);
    let before = world.member(&session.address, &ana);
    let validate = instruction::validate_session(Acting::wallet(session.address, ana.address()), 0, 10);
    let standing = answer(&world, &validate, &ana);
    assert_eq!((standing.session_id, standing.units_left), (session.args.id, 10));
    assert_eq!(names(&world.ok(validate, &ana)), [""; 0]);
    assert_eq!(world.member(&session.address, &ana), before);
}

#[test]
fn what_could_not_be_charged_is_refused() {
    let (world, session, ana) = with_ana(Settings::NONE, units(10), Quotas::UNLIMITED);
    let ask = |permissions, units| instruction::validate_session(Acting::wallet(session.address, ana.address()), permissions, units);
    world.refused(ask(0, 11), &ana, SessionError::QuotaExceeded);
    world.refused(ask(Permissions::SPEND.bits(), 1), &ana, SessionError::PermissionDenied);
    world.refused(ask(1 << 31, 1), &ana, SessionError::InvalidConfiguration);
    for mut later in [ask(0, 1), instruction::consume(Acting::wallet(session.address, ana.address()), 0, 1)] {
        *later.data.last_mut().unwrap() = 1;
        let receipt = world.refused(later, &ana, SessionError::InvalidConfiguration);
        assert!(receipt.logs.contains(&"Program log: reserved".into()), "{:#?}", receipt.logs);
    }
    session.advance(&world, Status::Closed);
    world.refused(ask(0, 1), &ana, SessionError::SessionNotActive);
}
