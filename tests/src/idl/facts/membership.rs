//! Membership: coming in, going out, rights, session keys, authority.

use {
    super::{BELONGS, Facts, GONE, STANDING, STORED, Step},
    sessions_core::{
        SessionError::{self, *},
        events::{
            AuthorityProposed, AuthorityTransferred, Event, InvitationAccepted, InvitationDeclined,
            InvitationRevoked as InvitationRevokedEvent, MemberInvited, MemberJoined, MemberLeft, MemberRemoved, MemberUpdated,
            SessionKeyCleared, SessionKeySet, TokenCreated,
        },
        rules::lifecycle::When,
    },
};

/// What loading the session and the signer's own membership can give.
const OWN: &[&[SessionError]] = &[STORED, &[PermissionDenied]];
/// What giving something can meet: an invitation, a token, a session key.
const GIVING: &[&[SessionError]] =
    &[BELONGS, &[PermissionDenied], STANDING, &[InvalidConfiguration, PermissionsTooWide, ArithmeticOverflow]];

pub(super) const INSTRUCTIONS: &[Facts] = &[
    Facts {
        name: "invite_member",
        step: Step::Acts(When::Joining),
        who: "a member with INVITE_MEMBERS, by its wallet",
        events: &[MemberInvited::NAME],
        loading: &[STORED, &[PermissionDenied, InvitationAlreadyExists]],
        refusals: GIVING,
    },
    Facts {
        name: "create_invite_token",
        step: Step::Acts(When::Joining),
        who: "a member with INVITE_MEMBERS, by its wallet",
        events: &[TokenCreated::NAME],
        loading: &[STORED, &[PermissionDenied, InvitationAlreadyExists]],
        refusals: GIVING,
    },
    Facts {
        name: "revoke_invitation",
        step: Step::Acts(When::Leaving),
        who: "the inviter, member still or not, or the authority; once it has expired, anyone",
        events: &[InvitationRevokedEvent::NAME],
        loading: &[STORED, &[InvitationNotFound, WrongRentRecipient]],
        refusals: &[BELONGS, &[PermissionDenied], GONE, &[ArithmeticOverflow]],
    },
    Facts {
        name: "accept_invitation",
        step: Step::Acts(When::Joining),
        who: "the invited wallet",
        events: &[InvitationAccepted::NAME, MemberJoined::NAME],
        loading: &[STORED, &[InvitationNotFound, WrongRentRecipient, MemberNotFound]],
        refusals: &[
            BELONGS,
            &[InvitationNotForSigner, PermissionDenied, AlreadyMember],
            STANDING,
            &[InvitationExpired, MemberNotFound, InvitationRevoked, SessionFull, QuotaExceeded, ArithmeticOverflow],
        ],
    },
    Facts {
        name: "join_with_token",
        step: Step::Acts(When::Joining),
        who: "any wallet, together with the token's key; not one that was removed",
        events: &[InvitationAccepted::NAME, MemberJoined::NAME],
        loading: &[STORED, &[InvitationNotFound, MemberNotFound, AlreadyMember]],
        refusals: &[
            BELONGS,
            &[InvitationNotForSigner, PermissionDenied, AlreadyMember, InvitationRequired],
            STANDING,
            &[InvitationExpired, InvitationExhausted, MemberNotFound, InvitationRevoked, SessionFull, QuotaExceeded, ArithmeticOverflow],
        ],
    },
    Facts {
        name: "join_session",
        step: Step::Acts(When::Joining),
        who: "any wallet, unless the session is INVITE_ONLY; not one that was removed",
        events: &[MemberJoined::NAME],
        loading: &[STORED, &[MemberNotFound]],
        refusals: &[BELONGS, &[PermissionDenied, AlreadyMember, InvitationRequired], STANDING, &[SessionFull, ArithmeticOverflow]],
    },
    Facts {
        name: "decline_invitation",
        step: Step::Acts(When::Leaving),
        who: "the invited wallet",
        events: &[InvitationDeclined::NAME],
        loading: &[STORED, &[InvitationNotFound, WrongRentRecipient]],
        refusals: &[BELONGS, &[InvitationNotForSigner], GONE, &[ArithmeticOverflow]],
    },
    Facts {
        name: "leave_session",
        step: Step::Acts(When::Leaving),
        who: "a member, by its wallet; not the authority",
        events: &[MemberLeft::NAME],
        loading: OWN,
        refusals: &[BELONGS, &[PermissionDenied], GONE, &[ArithmeticOverflow]],
    },
    Facts {
        name: "remove_member",
        step: Step::Acts(When::Leaving),
        who: "a member with REMOVE_MEMBERS and every permission of the one that goes, by its wallet; anyone if the membership has expired",
        events: &[MemberRemoved::NAME],
        loading: &[STORED, &[MemberNotFound, PermissionDenied, AccountsMustDiffer]],
        refusals: &[&[AccountsMustDiffer], BELONGS, &[PermissionDenied], GONE, &[MemberNotActive, ArithmeticOverflow]],
    },
    Facts {
        name: "update_member",
        step: Step::Acts(When::Ruling),
        who: "the authority",
        events: &[MemberUpdated::NAME],
        loading: &[STORED, &[MemberNotFound]],
        refusals: &[BELONGS, &[PermissionDenied], STANDING, &[MemberNotActive, InvalidConfiguration, ArithmeticOverflow]],
    },
    Facts {
        name: "set_session_key",
        step: Step::Acts(When::Joining),
        who: "a member, by its wallet",
        events: &[SessionKeySet::NAME],
        loading: OWN,
        refusals: GIVING,
    },
    Facts {
        name: "clear_session_key",
        step: Step::Acts(When::Leaving),
        who: "a member, by its wallet",
        events: &[SessionKeyCleared::NAME],
        loading: OWN,
        refusals: &[BELONGS, &[PermissionDenied], GONE, &[SessionKeyNotFound, ArithmeticOverflow]],
    },
    Facts {
        name: "propose_authority",
        step: Step::Acts(When::Ruling),
        who: "the authority",
        events: &[AuthorityProposed::NAME],
        loading: &[STORED, &[MemberNotFound]],
        refusals: &[BELONGS, &[PermissionDenied], STANDING, &[MemberNotActive, ArithmeticOverflow]],
    },
    Facts {
        name: "accept_authority",
        step: Step::Acts(When::Ruling),
        who: "the proposed wallet, a member still",
        events: &[AuthorityTransferred::NAME],
        loading: OWN,
        refusals: &[BELONGS, &[PermissionDenied], STANDING, &[ArithmeticOverflow]],
    },
];
