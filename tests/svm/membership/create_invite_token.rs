//! `create_invite_token`. What it has in common with invitations is in [`super::offers`].

use {
    super::{TEN_BYTES, about, active, assert_told, header, moderator, refused, written},
    sessions_client::{
        address,
        core::{
            InviteTokenState, SessionError,
            error::InvalidField,
            events::TokenCreated,
            rules::{
                membership::{Rights, Role, Terms},
                permissions::Permissions,
            },
            state::Offer,
        },
        instruction::{self, CreateInviteTokenArgs},
    },
    solana_address::Address,
};

#[test]
fn the_token_holds_what_is_offered_and_the_payer_pays_for_it() {
    let (world, session) = active();
    let (inviter, token) = (moderator(&world, &session, "inviter"), world.actor("token").address());
    let (before, join_revision) = (world.session(&session.address), world.member(&session.address, &inviter).join_revision);
    let inviters_lamports = world.balance(&inviter.address());
    let permissions = Permissions::SEND_MESSAGES.bits();
    let terms = Terms { permissions, expires_in: 500, quotas: TEN_BYTES, ..Terms::of(Role::Observer) };
    let args = CreateInviteTokenArgs { token, terms, ttl: 30, uses: 3 };
    let create = instruction::create_invite_token(inviter.address(), session.payer.address(), session.address, args);
    let receipt = world.ok_with(&[create], &[&inviter, &session.payer]);

    let now = world.now();
    let rights = Rights { quotas: TEN_BYTES, expires_at: now + 500, permissions, role: Role::Observer as u8, reserved: [0; 3] };
    let wallet = inviter.address();
    let expected = InviteTokenState {
        header: header(&world, &session, &session.payer, InviteTokenState::seeds(&session.address, &token), 1),
        session: session.address,
        token,
        offer: Offer {
            inviter: wallet,
            inviter_join_revision: join_revision,
            session_revision: before.header.revision + 1,
            expires_at: now + 30,
            rights,
        },
        uses: 3,
        uses_left: 3,
        reserved: [0; 8],
    };
    assert_eq!(world.invite_token(&session.address, &world.actor("token")), expected);
    assert_eq!(world.session(&session.address), written(&before, |state| state.children += 1));
    assert_eq!(world.balance(&inviter.address()), inviters_lamports);
    let at = address::invite_token(&session.address, &token);
    let about = about(&world, &session, &at, [0, 1]);
    assert_told(&receipt, [TokenCreated::new(about, token, wallet, now + 30, permissions, 3, rights.role, [0; 7]).into()]);
}

#[test]
fn a_token_has_a_key_and_at_least_one_use() {
    let (world, session) = active();
    let creator = &session.creator;
    let sound = CreateInviteTokenArgs { token: world.actor("token").address(), terms: Terms::of(Role::Member), ttl: 0, uses: 1 };
    let cases = [
        (CreateInviteTokenArgs { token: Address::default(), ..sound }, InvalidField::Token),
        (CreateInviteTokenArgs { uses: 0, ..sound }, InvalidField::Uses),
    ];
    for (args, field) in cases {
        let create = instruction::create_invite_token(creator.address(), creator.address(), session.address, args);
        refused(&world, &create, &[creator], field);
    }
    world.ok(instruction::create_invite_token(creator.address(), creator.address(), session.address, sound), creator);
}

#[test]
fn a_key_has_one_token_in_a_session_also_when_it_is_used_up() {
    let (world, session) = active();
    let (token, wallet) = (world.actor("token"), world.actor("wallet"));
    let create = session.tokenize(&session.creator, &token, 1);
    world.ok(create.clone(), &session.creator);
    refused(&world, &create, &[&session.creator], SessionError::InvitationAlreadyExists);
    world.ok_with(&[session.join_with(&world, &token, &wallet)], &[&wallet, &token]);
    refused(&world, &create, &[&session.creator], SessionError::InvitationAlreadyExists);
}
