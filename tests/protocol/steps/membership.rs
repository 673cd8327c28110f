//! Inviting, joining, leaving; rights, session keys, authority.

use {
    super::situation::{
        ACCOUNT, All, CREATOR, ELSEWHERE, KEY, MADE, MEMBER, NOBODY, SESSION, SLOT, START, STRANGER, act, at, member, members, standing,
        unsound_quotas, waits,
    },
    bytemuck::Zeroable,
    sessions_core::{
        Address, InvitationState, InviteTokenState, MemberState, SessionState,
        rules::{
            membership::{MemberChanges, MemberUpdate, NEVER, NO_EXPIRY, OF_ROLE, Rights, Role, Terms},
            permissions::Permissions,
            quotas::{Quota, Quotas},
        },
        state::{AccountHeader, At, Offer},
    },
    std::iter::once,
};

/// What every step is tried in: a session, and how long after its start.
fn situations() -> impl Iterator<Item = (SessionState, u32)> {
    standing().into_iter().flat_map(|state| waits(&state.config).map(|wait| (state, wait)))
}

/// Terms of which all but the first are refused to most who give.
fn terms() -> Vec<Terms> {
    let sound = Terms::of(Role::Member);
    let unsound = unsound_quotas().map(|quotas| Terms { quotas, ..sound });
    [
        sound,
        Terms { permissions: Permissions::SPEND.bits(), ..Terms::of(Role::Observer) },
        Terms { permissions: 1 << 9, ..sound },
        Terms { role: 4, ..sound },
        Terms { reserved: [1; 7], ..sound },
    ]
    .into_iter()
    .chain(unsound)
    .collect()
}

/// An offer of MEMBER's, made at the start.
fn offer() -> Offer {
    let rights = Rights::of(Role::Member);
    Offer { inviter: MEMBER, inviter_join_revision: 1, session_revision: 1, expires_at: NEVER, rights }
}

/// Invitations to `target` that differ in what decides about them.
fn invitations(target: Address) -> Vec<InvitationState> {
    let header = AccountHeader { revision: 1, ..AccountHeader::new(CREATOR, SLOT, 255) };
    let one = InvitationState { header, session: SESSION, target, offer: offer(), reserved: [0; 8] };
    let few = Quota { limit: 9, ..Quota::UNLIMITED };
    let limited = Rights { quotas: Quotas { bytes: few, ..Quotas::UNLIMITED }, ..one.offer.rights };
    vec![
        one,
        InvitationState { session: ELSEWHERE, ..one },
        InvitationState { header: AccountHeader { epoch: SLOT - 1, ..header }, ..one },
        InvitationState { header: AccountHeader { revision: u64::MAX, ..header }, ..one },
        InvitationState { offer: Offer { expires_at: START, ..one.offer }, ..one },
        InvitationState { offer: Offer { inviter_join_revision: 2, ..one.offer }, ..one },
        InvitationState { offer: Offer { session_revision: u64::MAX, ..one.offer }, ..one },
        InvitationState { offer: Offer { rights: limited, ..one.offer }, ..one },
    ]
}

/// Tokens that make the same offers, and one that is used up.
fn tokens() -> Vec<InviteTokenState> {
    let token = |it: InvitationState| {
        let InvitationState { header, session, target, offer, reserved } = it;
        InviteTokenState { header, session, token: target, offer, uses: 2, uses_left: 2, reserved }
    };
    let all: Vec<_> = invitations(KEY).into_iter().map(token).collect();
    let used_up = InviteTokenState { uses_left: 0, ..all[0] };
    all.into_iter().chain([used_up]).collect()
}

/// Makes invitations and tokens, declines them and takes them back.
pub fn invites(all: &mut All) {
    for (session, wait) in situations() {
        for (inviter, signer) in members(MEMBER).into_iter().flat_map(|member| [(member, MEMBER), (member, STRANGER)]) {
            let act = act(&ACCOUNT, &signer, wait);
            for terms in terms() {
                for target in [STRANGER, MEMBER] {
                    let mut invitation = InvitationState::zeroed();
                    all.attempt("invite_member", |events| {
                        invitation.invite(&act, at(&mut { session }), &inviter, &target, &terms, [0, 0], &MADE, events)
                    });
                }
                for (key, uses) in [(KEY, 1), (NOBODY, 1), (KEY, 0)] {
                    let mut token = InviteTokenState::zeroed();
                    all.attempt("create_invite_token", |events| {
                        token.create(&act, at(&mut { session }), &inviter, &key, &terms, [0, uses], &MADE, events)
                    });
                }
            }
        }
        for signer in [MEMBER, CREATOR, STRANGER] {
            let act = act(&ACCOUNT, &signer, wait);
            for mut invitation in invitations(STRANGER) {
                all.attempt("decline_invitation", |events| { invitation }.decline(&act, at(&mut { session }), events));
                all.attempt("revoke_invitation", |events| invitation.revoke(&act, at(&mut { session }), events));
            }
            for mut token in tokens() {
                all.attempt("revoke_invitation", |events| token.revoke(&act, at(&mut { session }), events));
            }
        }
    }
}

/// Joins, with and without invitations: as one who never was a member, and as one who was or is.
pub fn enters(all: &mut All) {
    let new = MemberState::zeroed();
    let inviters: Vec<_> = members(MEMBER).into_iter().chain([member(CREATOR, Rights::of(Role::Owner))]).collect();
    let known = members(STRANGER).into_iter().chain([member(CREATOR, Rights::of(Role::Owner))]);
    let entrants: Vec<_> = known.map(|member| (member, None)).chain([(new, Some(MADE))]).collect();
    for (session, wait) in situations() {
        for (entrant, made) in &entrants {
            for signer in [&STRANGER, &CREATOR] {
                let act = act(&ACCOUNT, signer, wait);
                all.attempt("join_session", |events| { *entrant }.join(&act, at(&mut { session }), *made, events));
                for (invitation, inviter) in with_inviters(invitations(STRANGER), &inviters) {
                    let invited = At { address: &KEY, state: &mut { invitation } };
                    all.attempt("accept_invitation", |events| {
                        { *entrant }.accept_invitation(&act, at(&mut { session }), invited, inviter, *made, events)
                    });
                }
                for (token, inviter) in with_inviters(tokens(), &inviters) {
                    for holder in [&KEY, &NOBODY] {
                        let tokens = At { address: &ELSEWHERE, state: &mut { token } };
                        all.attempt("join_with_token", |events| {
                            { *entrant }.join_with_token(&act, at(&mut { session }), tokens, holder, inviter, *made, events)
                        });
                    }
                }
            }
        }
    }
}

/// Each offer with a sound inviter, and a sound offer with each inviter.
fn with_inviters<T: Copy>(offers: Vec<T>, inviters: &[MemberState]) -> Vec<(T, &MemberState)> {
    let (first, sound) = (offers[0], &inviters[0]);
    let by_sound = offers.into_iter().map(|offer| (offer, sound));
    by_sound.chain(inviters.iter().map(|inviter| (first, inviter))).collect()
}

/// Leaves and removes.
pub fn goes(all: &mut All) {
    for (session, wait) in situations() {
        for signer in [&MEMBER, &CREATOR, &STRANGER] {
            let act = act(&ACCOUNT, signer, wait);
            for member in members(MEMBER).into_iter().chain(members(CREATOR)) {
                all.attempt("leave_session", |events| { member }.leave(&act, at(&mut { session }), events));
                for remover in once(None).chain(members(CREATOR).into_iter().map(Some)) {
                    all.attempt("remove_member", |events| { member }.remove(&act, at(&mut { session }), remover.as_ref(), events));
                }
            }
        }
    }
}

/// Updates of a membership, sound and not.
fn updates() -> Vec<MemberUpdate> {
    let none = MemberChanges::default();
    let quotas = unsound_quotas().map(|quotas| MemberChanges { quotas: Some(quotas), ..none });
    let sound = MemberUpdate::from(MemberChanges { role: Some(Role::Observer), expires_in: Some(NO_EXPIRY), ..none });
    [none, MemberChanges { permissions: Some(OF_ROLE), ..none }, MemberChanges { expires_in: Some(0), ..none }]
        .into_iter()
        .chain(quotas)
        .map(MemberUpdate::from)
        .chain([sound, MemberUpdate { role: 4, ..sound }, MemberUpdate { reserved: [1; 3], ..sound }])
        .collect()
}

/// Changes rights, session keys and who rules.
pub fn changes(all: &mut All) {
    let keys =
        [(KEY, OF_ROLE, NO_EXPIRY), (NOBODY, 0, 1), (MEMBER, 0, 1), (KEY, 0, 0), (KEY, 1 << 9, 1), (KEY, Permissions::SPEND.bits(), 1)];
    for (session, wait) in situations() {
        for (signer, member) in
            [MEMBER, CREATOR, STRANGER].into_iter().flat_map(|signer| members(MEMBER).into_iter().map(move |it| (signer, it)))
        {
            let change = act(&ACCOUNT, &signer, wait);
            for update in updates() {
                all.attempt("update_member", |events| { member }.update(&change, at(&session), &update, events));
            }
            for (key, permissions, ttl) in keys {
                all.attempt("set_session_key", |events| { member }.set_session_key(&change, at(&session), &key, permissions, ttl, events));
            }
            all.attempt("clear_session_key", |events| { member }.clear_session_key(&change, at(&session), events));

            let rule = act(&SESSION, &signer, wait);
            all.attempt("propose_authority", |events| { session }.propose_authority(&rule, &member, events));
            for proposed in [NOBODY, MEMBER, STRANGER] {
                let mut session = SessionState { pending_authority: proposed, ..session };
                all.attempt("accept_authority", |events| session.accept_authority(&rule, &member, events));
            }
        }
    }
}
