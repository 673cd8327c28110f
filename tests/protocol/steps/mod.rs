//! Every step in every situation that differs: what came of it is what the page's tables of facts say, no more and no less.

mod access;
mod consumption;
mod functions;
mod lifecycle;
mod membership;
mod records;
mod situation;
mod vault;

use {
    sessions_core::{
        SessionError,
        error::{Denial, Violation},
    },
    sessions_tests::idl::facts,
    situation::All,
    std::{collections::BTreeSet, sync::LazyLock},
};

/// What came of everything, tried once for all tests.
static OUTCOMES: LazyLock<All> = LazyLock::new(|| {
    let mut all = All::default();
    lifecycle::begins(&mut all);
    lifecycle::takes(&mut all);
    lifecycle::reclaims(&mut all);
    membership::invites(&mut all);
    membership::enters(&mut all);
    membership::goes(&mut all);
    membership::changes(&mut all);
    records::properties(&mut all);
    records::messages(&mut all);
    functions::registers(&mut all);
    functions::executes(&mut all);
    vault::deposits(&mut all);
    vault::allows(&mut all);
    vault::spends(&mut all);
    vault::withdraws(&mut all);
    consumption::consumes(&mut all);
    consumption::guards(&mut all);
    access::grants(&mut all);
    access::uses(&mut all);
    all
});

#[test]
fn each_instruction_tells_and_refuses_what_the_page_says() {
    let named: BTreeSet<_> = facts::all().map(|facts| facts.name).collect();
    assert_eq!(OUTCOMES.steps.keys().copied().collect::<BTreeSet<_>>(), named);
    for facts in facts::all() {
        let outcomes = &OUTCOMES.steps[facts.name];
        assert_eq!(outcomes.events, facts.events.iter().copied().collect(), "{}", facts.name);
        // A status without a name is found by the step, a layout of another version when the account is loaded: it is the same error.
        let mut given = outcomes.errors.clone();
        if facts.loading().any(|error| error == SessionError::UnsupportedVersion) {
            given.remove(SessionError::UnsupportedVersion.name());
        }
        for error in facts::handler_of(facts.name).map_or(&[][..], |handler| handler.errors) {
            assert!(given.insert(error.name()), "the step of {} gives {} itself", facts.name, error.name());
        }
        assert_eq!(given, facts.refusals().map(SessionError::name).collect(), "{}", facts.name);
    }
}

#[test]
fn what_handlers_add_is_of_their_instructions() {
    for handler in facts::HANDLERS {
        let facts = facts::of(handler.instruction).unwrap_or_else(|| panic!("there is no {}", handler.instruction));
        let gives = |error| facts.loading().chain(facts.refusals()).any(|it| it == error);
        assert!(handler.fields.is_empty() || gives(SessionError::InvalidConfiguration), "{}", facts.name);
        assert!(handler.violations.is_empty() || gives(SessionError::PolicyViolation), "{}", facts.name);
    }
}

#[test]
fn the_guard_refuses_what_the_page_says() {
    let named = facts::GUARD.iter().copied().flatten().map(|error| error.name());
    assert_eq!(OUTCOMES.guard.errors, named.collect());
}

#[test]
fn each_field_that_is_refused_has_its_rule_on_the_page() {
    let refused: BTreeSet<_> = OUTCOMES.each(|outcomes| &outcomes.fields);
    let by_handlers = facts::HANDLERS.iter().flat_map(|handler| handler.fields).copied();
    assert_eq!(refused.into_iter().chain(by_handlers).collect::<BTreeSet<_>>(), facts::FIELDS.iter().map(|(field, _)| *field).collect());
}

#[test]
fn each_reason_of_a_denial_is_on_the_page() {
    let told: BTreeSet<_> = OUTCOMES.each(|outcomes| &outcomes.denials);
    assert_eq!(told, facts::DENIALS.iter().map(|(denial, _)| denial.text()).collect());
    assert_eq!(told, Denial::ALL.iter().map(|denial| denial.text()).collect());
}

#[test]
fn each_reason_of_a_violation_is_on_the_page() {
    let told = OUTCOMES.each(|outcomes| &outcomes.violations);
    let by_handlers: BTreeSet<_> =
        facts::HANDLERS.iter().flat_map(|handler| handler.violations).map(|violation| violation.text()).collect();
    assert!(told.is_disjoint(&by_handlers));
    assert_eq!(told.union(&by_handlers).copied().collect::<BTreeSet<_>>(), facts::VIOLATIONS.iter().map(|(it, _)| it.text()).collect());
    assert_eq!(facts::VIOLATIONS.len(), Violation::ALL.len());
}
