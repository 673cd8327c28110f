//! Inviting, joining, leaving; rights, session keys, authority.

use super::{acts, passes, refusal};

/// A session of `gm`, who is its host.
const OPEN: &str = "  - { as: gm, do: open_session, with: { id: a, max_duration: 2h, settings: [INVITE_ONLY] }, save: s }\n";
/// The same, and anyone may join.
const OPEN_TO_ALL: &str = "  - { as: gm, do: open_session, with: { id: a, max_duration: 2h }, save: s }\n";

#[test]
fn an_invitation_says_what_it_admits_to_and_is_used_once() {
    let first = crate::FIRST_SLOT;
    let records = passes(&format!(
        "{OPEN}  - {{ as: gm, do: invite_member, with: {{ session: s, member: ana }} }}
  - check: {{ invitation: [s, ana], target: ana, inviter: gm, role: member, member_expires_at: never, expires_at: +10m, quotas: unlimited,
             permissions: [EXECUTE_FUNCTIONS, COMPOSE_FUNCTIONS, WRITE_PROPERTIES, SEND_MESSAGES], payer: gm,
             inviter_join_revision: 1, epoch: {first}, revision: 1, event_revision: 1, version: 1 }}
  - {{ as: gm, do: invite_member, with: {{ session: s, member: ana }}, expect: InvitationAlreadyExists }}
  - as: gm
    do: invite_member
    with: {{ session: s, member: ben, role: moderator, permissions: [INVITE_MEMBERS], ttl: 1m, expires_in: 5m, payer: ana,
            quotas: {{ bytes: 7, operations: {{ limit: 5, window: {{ seconds: 60, limit: 2 }} }} }} }}
  - wait: 10s
  - {{ as: ben, do: accept_invitation, with: {{ session: s, payer: ana }} }}
  - check: {{ member: [s, ben], status: Active, wallet: ben, role: moderator, permissions: [INVITE_MEMBERS], expires_at: +5m, starts_at: +10s,
             quotas: {{ bytes: 7, operations: {{ limit: 5, window: {{ seconds: 60, limit: 2 }} }} }}, usage: {{}}, payer: ana, session_key: none,
             key_permissions: none, key_expires_at: none, join_revision: 1, gone_revision: 0, compute_units: 0 }}
  - check: {{ invitation: [s, ben], absent: true, balance: [ben, 1 SOL] }}
  - {{ as: ben, do: accept_invitation, with: {{ session: s }}, expect: InvitationNotFound }}
  - {{ as: cleo, do: accept_invitation, with: {{ session: s, member: ana }}, expect: InvitationNotForSigner }}
  - {{ as: cleo, do: decline_invitation, with: {{ session: s, member: ana }}, expect: InvitationNotForSigner }}
  - wait: 10m
  - {{ as: ana, do: accept_invitation, with: {{ session: s }}, expect: InvitationExpired }}
  - {{ as: ana, do: decline_invitation, with: {{ session: s }} }}
  - check: {{ events: [InvitationDeclined], invitation: [s, ana], absent: true }}
  - {{ as: ana, do: decline_invitation, with: {{ session: s }}, expect: InvitationNotFound }}
"
    ));
    assert_eq!(acts(&records)[0].actor, "gm");
}

#[test]
fn a_token_admits_who_holds_its_key_as_often_as_it_has_uses() {
    passes(&format!(
        "{OPEN}  - {{ as: ana, do: join_with_token, with: {{ session: s, token: link }}, expect: InvitationNotFound }}
  - {{ as: gm, do: create_invite_token, with: {{ session: s, token: link }} }}
  - {{ as: gm, do: create_invite_token, with: {{ session: s, token: none, uses: 0 }}, expect: InvalidConfiguration }}
  - check: {{ invitation: [s, link], token: link, uses: 1, uses_left: 1, inviter: gm, role: member, expires_at: +10m, payer: gm }}
  - {{ as: gm, do: join_with_token, with: {{ session: s, token: link }}, expect: AlreadyMember }}
  - {{ as: ana, do: join_with_token, with: {{ session: s, token: link }} }}
  - check: {{ events: [InvitationAccepted, MemberJoined], invitation: [s, link], uses: 1, uses_left: 0 }}
  - {{ as: ben, do: join_with_token, with: {{ session: s, token: link }}, expect: InvitationExhausted }}
  - as: gm
    do: create_invite_token
    with: {{ session: s, token: wide, uses: 2, ttl: never, role: observer, expires_in: 1h, quotas: {{ operations: 1 }}, payer: ben }}
  - check: {{ invitation: [s, wide], uses_left: 2, role: observer, permissions: none, expires_at: never, member_expires_at: +1h, payer: ben }}
  - {{ as: ben, do: join_with_token, with: {{ session: s, token: wide }} }}
  - check: {{ member: [s, ben], role: observer, expires_at: +1h, quotas: {{ operations: 1 }} }}
"
    ));
}

#[test]
fn what_was_offered_can_be_taken_back_by_who_offered_it_and_by_the_authority() {
    passes(&format!(
        "{OPEN}  - {{ as: gm, do: invite_member, with: {{ session: s, member: ana, role: moderator }} }}
  - {{ as: ana, do: accept_invitation, with: {{ session: s }} }}
  - {{ as: ana, do: invite_member, with: {{ session: s, member: ben }} }}
  - {{ as: ana, do: create_invite_token, with: {{ session: s, token: link }} }}
  - {{ as: ben, do: revoke_invitation, with: {{ session: s, member: ben }}, expect: PermissionDenied }}
  - {{ as: ben, do: revoke_invitation, with: {{ session: s, token: link }}, expect: PermissionDenied }}
  - {{ as: ana, do: revoke_invitation, with: {{ session: s, member: ben }} }}
  - {{ as: gm, do: revoke_invitation, with: {{ session: s, token: link }} }}
  - check: {{ events: [InvitationRevoked], invitation: [s, link], absent: true }}
  - {{ as: gm, do: revoke_invitation, with: {{ session: s, token: link }}, expect: InvitationNotFound }}
  - {{ as: gm, do: revoke_invitation, with: {{ session: s, member: ben }}, expect: InvitationNotFound }}
"
    ));
}

#[test]
fn what_a_step_makes_an_instruction_of_the_same_transaction_can_use() {
    passes(&format!(
        "{OPEN}  - {{ as: gm, do: invite_member, with: {{ session: s, member: ana, role: moderator, payer: cleo }} }}
  - {{ as: ana, do: accept_invitation, with: {{ session: s, payer: cleo }}, together: true }}
  - {{ as: ana, do: create_invite_token, with: {{ session: s, token: link, payer: cleo }}, together: true }}
  - {{ as: ben, do: join_with_token, with: {{ session: s, token: link, payer: cleo }}, together: true }}
  - {{ as: ana, do: remove_member, with: {{ session: s, member: ben }}, together: true }}
  - check: {{ member: [s, ben], status: removed, payer: cleo, events: [MemberRemoved] }}

  # Made by one and paid by another before; made again in the transaction that uses it.
  - {{ as: gm, do: invite_member, with: {{ session: s, member: cleo, payer: ben }} }}
  - {{ as: gm, do: revoke_invitation, with: {{ session: s, member: cleo }} }}
  - {{ as: ana, do: invite_member, with: {{ session: s, member: cleo }}, together: true }}
  - {{ as: cleo, do: accept_invitation, with: {{ session: s }}, together: true }}
  - check: {{ member: [s, cleo], status: active, role: member }}

  # What another transaction would have made is not there.
  - {{ as: gm, do: invite_member, with: {{ session: s, member: poor }} }}
  - {{ as: gm, do: revoke_invitation, with: {{ session: s, member: poor }} }}
  - {{ as: poor, do: accept_invitation, with: {{ session: s, payer: gm }}, expect: InvitationNotFound }}
"
    ));
}

#[test]
fn members_come_and_go_and_one_who_was_removed_needs_an_invitation() {
    let records = passes(&format!(
        "{OPEN_TO_ALL}  - {{ as: ana, do: join_session, with: {{ session: s }} }}
  - {{ as: ana, do: join_session, with: {{ session: s }}, expect: AlreadyMember }}
  - {{ as: ana, do: leave_session, with: {{ session: s }} }}
  - {{ as: ana, do: leave_session, with: {{ session: s }}, expect: PermissionDenied }}
  - check: {{ member: [s, ana], status: left }}
  - {{ as: ana, do: join_session, with: {{ session: s }} }}
  - {{ as: ana, do: remove_member, with: {{ session: s, member: gm }}, expect: PermissionDenied }}
  - {{ as: ana, do: remove_member, with: {{ session: s, member: ana }}, expect: PermissionDenied }}
  - {{ as: ben, do: remove_member, with: {{ session: s, member: ana }}, expect: PermissionDenied }}
  - {{ as: gm, do: remove_member, with: {{ session: s, member: ben }}, expect: MemberNotFound }}
  - {{ as: gm, do: remove_member, with: {{ session: s, member: ana }} }}
  - {{ as: gm, do: remove_member, with: {{ session: s, member: ana }}, expect: MemberNotActive }}
  - {{ as: ana, do: join_session, with: {{ session: s }}, expect: InvitationRequired }}
  - {{ as: gm, do: leave_session, with: {{ session: s }}, expect: PermissionDenied }}
"
    ));
    let reasons = [(5, "left the session"), (8, "does not have the permission"), (10, "is no member"), (15, "hand the session over")];
    for (number, reason) in reasons {
        assert!(refusal(&records, number).contains(reason), "{number}: {}", refusal(&records, number));
    }
    assert!(refusal(&records, 10).ends_with(" (reason: the signer is no member of the session, or did not act as one)"));
}

#[test]
fn a_membership_that_is_over_is_ended_by_anyone_and_by_oneself() {
    let invited = |who| {
        format!(
            "  - {{ as: gm, do: invite_member, with: {{ session: s, member: {who}, expires_in: 5m }} }}
  - {{ as: {who}, do: accept_invitation, with: {{ session: s }}, together: true }}\n"
        )
    };
    let records = passes(&format!(
        "{OPEN}{}{}  - wait: 299s
  - {{ as: cleo, do: remove_member, with: {{ session: s, member: ana }}, expect: PermissionDenied }}
  - wait: 1s
  - {{ as: ana, do: broadcast_message, with: {{ session: s, data: hi }}, expect: PermissionDenied }}
  - {{ as: cleo, do: remove_member, with: {{ session: s, member: ana }} }}
  - {{ as: ben, do: remove_member, with: {{ session: s, member: ben }} }}
  - check: {{ session: s, members: 1 }}
",
        invited("ana"),
        invited("ben")
    ));
    assert!(refusal(&records, 9).ends_with("(reason: the membership has expired)"));
}

#[test]
fn the_authority_changes_rights_and_hands_itself_over() {
    passes(&format!(
        "{OPEN_TO_ALL}  - {{ as: ana, do: join_session, with: {{ session: s }} }}
  - {{ as: ana, do: update_member, with: {{ session: s, member: ana, role: owner }}, expect: PermissionDenied }}
  - {{ as: gm, do: update_member, with: {{ session: s, member: ana }}, expect: InvalidConfiguration }}
  - {{ as: gm, do: update_member, with: {{ session: s, member: ana, role: owner, expires_in: 90s, quotas: {{ units: 3 }} }} }}
  - check: {{ member: [s, ana], role: owner, permissions: all, expires_at: +90s, quotas: {{ units: 3 }} }}
  - {{ as: gm, do: update_member, with: {{ session: s, member: ana, permissions: [SPEND], expires_in: never, quotas: unlimited }} }}
  - check: {{ member: [s, ana], role: owner, permissions: [SPEND], expires_at: never, quotas: unlimited, events: [MemberUpdated] }}
  - {{ as: gm, do: propose_authority, with: {{ session: s, member: ben }}, expect: MemberNotFound }}
  - {{ as: gm, do: propose_authority, with: {{ session: s, member: ana }} }}
  - check: {{ session: s, authority: gm, pending_authority: ana }}
  - {{ as: ana, do: accept_authority, with: {{ session: s }} }}
  - check: {{ session: s, authority: ana, pending_authority: none, events: [AuthorityTransferred] }}
"
    ));
}

#[test]
fn a_session_key_acts_for_its_member_and_administers_nothing() {
    let denied = |step: &str| format!("  - {{ as: ana, key: phone, {step}, expect: PermissionDenied }}\n");
    let administrative: String = [
        "do: invite_member, with: { session: s, member: ben, payer: gm }",
        "do: create_invite_token, with: { session: s, token: link, payer: gm }",
        "do: revoke_invitation, with: { session: s, member: cleo }",
        "do: join_session, with: { session: s, payer: gm }",
        "do: leave_session, with: { session: s }",
        "do: remove_member, with: { session: s, member: gm }",
        "do: update_member, with: { session: s, member: ana, role: owner }",
        "do: propose_authority, with: { session: s, member: ana }",
        "do: accept_authority, with: { session: s }",
        "do: set_session_key, with: { session: s, key: other }",
        "do: clear_session_key, with: { session: s }",
        "do: pause_session, with: { session: s }",
        "do: commit_checkpoint, with: { session: s, sequence: 1, root: x }",
    ]
    .map(denied)
    .concat();
    let records = passes(&format!(
        "{OPEN_TO_ALL}  - {{ as: ana, do: join_session, with: {{ session: s }} }}
  - {{ as: gm, do: update_member, with: {{ session: s, member: ana, role: moderator }} }}
  - {{ as: gm, do: invite_member, with: {{ session: s, member: cleo }} }}
  - {{ as: ana, key: phone, do: broadcast_message, with: {{ session: s, data: hi }}, expect: PermissionDenied }}
  - {{ as: ana, do: set_session_key, with: {{ session: s, key: phone, permissions: [SPEND] }}, expect: PermissionsTooWide }}
  - {{ as: ana, do: set_session_key, with: {{ session: s, key: phone }} }}
  - check: {{ member: [s, ana], session_key: ana/phone, key_expires_at: never, balance: [ana/phone, 0],
             key_permissions: [EXECUTE_FUNCTIONS, COMPOSE_FUNCTIONS, WRITE_PROPERTIES, SEND_MESSAGES, INVITE_MEMBERS, REMOVE_MEMBERS] }}
  - {{ as: ana, key: phone, do: broadcast_message, with: {{ session: s, data: hi }} }}
  - {{ as: ana, key: phone, do: set_property, with: {{ session: s, key: k, value: v }} }}
  - check: {{ property: [s, k], writer: ana, payer: ana }}
  - {{ as: ana, key: phone, do: delete_property, with: {{ session: s, key: k, expect_version: 1 }} }}
  - {{ as: ana, key: phone, do: send_direct_message, with: {{ session: s, to: gm, data: hi }} }}
{administrative}  - {{ as: ana, do: set_session_key, with: {{ session: s, key: tablet, permissions: none, ttl: 5m }} }}
  - {{ as: ana, key: phone, do: broadcast_message, with: {{ session: s, data: hi }}, expect: PermissionDenied }}
  - {{ as: ana, key: tablet, do: broadcast_message, with: {{ session: s, data: hi }}, expect: PermissionDenied }}
  - check: {{ member: [s, ana], session_key: ana/tablet, key_permissions: none, key_expires_at: +5m }}
  - wait: 5m
  - {{ as: ana, key: tablet, do: broadcast_message, with: {{ session: s, data: hi }}, expect: PermissionDenied }}
  - {{ as: ana, do: clear_session_key, with: {{ session: s }} }}
  - {{ as: ana, do: clear_session_key, with: {{ session: s }}, expect: SessionKeyNotFound }}
"
    ));
    assert_eq!(acts(&records)[4].actor, "ana/phone");
    let last = records.len() - 2;
    assert!(refusal(&records, last).ends_with("(reason: the session key has expired)"), "{}", refusal(&records, last));
}

#[test]
fn usage_is_checked_by_its_total_or_in_full() {
    passes(&format!(
        "{OPEN_TO_ALL}  - {{ as: gm, do: broadcast_message, with: {{ session: s, data: hello }} }}
  - check: {{ member: [s, gm], usage: {{ operations: 1, bytes: {{ total: 5 }} }} }}
"
    ));
}
