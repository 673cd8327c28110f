//! That every field can be checked.

use super::*;
use sessions_client::core::{
    rules::allowance::AllowanceTerms,
    state::{AccountHeader, Offer},
};

// A field that is added to an account stops these from compiling: add it to the table too, unless it is only padding.

fn header() -> usize {
    let AccountHeader { payer: _, epoch: _, revision: _, event_revision: _, version: _, bump: _, reserved: _ } = AccountHeader::zeroed();
    6
}

fn offer() -> usize {
    let Offer { inviter: _, inviter_join_revision: _, session_revision: _, expires_at: _, rights: _ } = Offer::zeroed();
    let rights = 4;
    4 + rights
}

#[test]
fn every_field_of_a_session_can_be_checked() {
    let SessionState {
        header: _,
        id: _,
        creator: _,
        authority: _,
        pending_authority: _,
        host: _,
        metadata: _,
        config: _,
        usage: _,
        requested_at: _,
        created_at: _,
        activated_at: _,
        paused_at: _,
        closed_at: _,
        expires_at: _,
        hard_end: _,
        step_deadline: _,
        property_version: _,
        message_sequence: _,
        message_head: _,
        checkpoint_sequence: _,
        checkpoint_root: _,
        vault: _,
        executions: _,
        compute_units: _,
        last_active_at: _,
        members: _,
        children: _,
        status: _,
        close_reason: _,
        vault_bump: _,
        padding: _,
        reserved: _,
    } = SessionState::zeroed();
    let (own, config) = (29, 10);
    assert_eq!(SESSION_FIELDS.len(), own + header() + config);
}

#[test]
fn every_field_of_a_membership_can_be_checked() {
    let MemberState {
        header: _,
        session: _,
        wallet: _,
        rights: _,
        usage: _,
        session_key: _,
        key_expires_at: _,
        starts_at: _,
        join_revision: _,
        gone_revision: _,
        executions: _,
        compute_units: _,
        last_active_at: _,
        key_permissions: _,
        status: _,
        padding: _,
        executing: _,
        reserved: _,
    } = MemberState::zeroed();
    let (own, rights) = (12, 4);
    assert_eq!(MEMBER_FIELDS.len(), own + header() + rights);
}

#[test]
fn every_field_of_an_invitation_and_of_a_token_can_be_checked() {
    let InvitationState { header: _, session: _, target: _, offer: _, reserved: _ } = InvitationState::zeroed();
    assert_eq!(INVITATION_FIELDS.len(), 1 + header() + offer());
    let InviteTokenState { header: _, session: _, token: _, offer: _, uses: _, uses_left: _, reserved: _ } = InviteTokenState::zeroed();
    assert_eq!(TOKEN_FIELDS.len(), 3 + header() + offer());
}

#[test]
fn every_field_of_a_property_can_be_checked() {
    let PropertyState {
        header: _,
        session: _,
        key: _,
        writer: _,
        version: _,
        written_at: _,
        capacity: _,
        length: _,
        key_length: _,
        padding: _,
        reserved: _,
    } = PropertyState::zeroed();
    let (own, value) = (7, 1);
    assert_eq!(PROPERTY_FIELDS.len(), own + header() + value);
}

#[test]
fn every_field_of_a_function_an_allowance_and_a_grant_can_be_checked() {
    let FunctionState {
        header: _,
        session: _,
        program: _,
        units: _,
        selector: _,
        selector_length: _,
        composable: _,
        padding: _,
        reserved: _,
    } = FunctionState::zeroed();
    assert_eq!(FUNCTION_FIELDS.len(), 5 + header());
    let AllowanceState { header: _, session: _, member: _, mint: _, terms: _, used: _, join_revision: _, reserved: _ } =
        AllowanceState::zeroed();
    // The limit and the window are one quota, and the destinations are as many as they are.
    let AllowanceTerms { quota: _, per_call: _, destinations: _, destination_count: _, reserved: _ } = AllowanceTerms::zeroed();
    assert_eq!(ALLOWANCE_FIELDS.len(), 3 + 4 + header());
    let AccessGrantState { header: _, session: _, reader: _, reader_epoch: _, expires_at: _, rights: _, padding: _, reserved: _ } =
        AccessGrantState::zeroed();
    assert_eq!(GRANT_FIELDS.len(), 4 + header());
}

#[test]
fn no_field_stands_twice() {
    for fields in ALL_FIELDS {
        for (i, field) in fields.iter().enumerate() {
            assert!(fields[i + 1..].iter().all(|other| other.name != field.name), "{}", field.name);
        }
    }
}
