//! Every step in every situation that differs: what came of it is what the page's tables of facts say, no more and no less.

mod lifecycle;
mod membership;
mod records;
mod situation;

use {
    sessions_core::SessionError,
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
    all
});

#[test]
fn each_instruction_tells_and_refuses_what_the_page_says() {
    let named: BTreeSet<_> = facts::all().map(|facts| facts.name).collect();
    assert_eq!(OUTCOMES.0.keys().copied().collect::<BTreeSet<_>>(), named);
    for facts in facts::all() {
        let outcomes = &OUTCOMES.0[facts.name];
        assert_eq!(outcomes.events, facts.events.iter().copied().collect(), "{}", facts.name);
        // A status without a name is found by the step, a layout of another version when the account is loaded: it is the same error.
        let mut stepped = outcomes.errors.clone();
        if facts.loading().any(|error| error == SessionError::UnsupportedVersion) {
            stepped.remove(SessionError::UnsupportedVersion.name());
        }
        assert_eq!(stepped, facts.refusals().map(SessionError::name).collect(), "{}", facts.name);
    }
}

#[test]
fn each_field_that_is_refused_has_its_rule_on_the_page() {
    let refused: BTreeSet<_> = OUTCOMES.0.values().flat_map(|outcomes| &outcomes.fields).copied().collect();
    assert_eq!(refused, facts::FIELDS.iter().map(|(field, _)| *field).collect());
}

#[test]
fn each_reason_of_a_denial_is_on_the_page() {
    let told: BTreeSet<_> = OUTCOMES.0.values().flat_map(|outcomes| &outcomes.denials).copied().collect();
    assert_eq!(told, facts::DENIALS.iter().map(|(denial, _)| denial.text()).collect());
}
