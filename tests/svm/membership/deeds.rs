//! Every instruction about membership, and a session in which each is possible.

use {
    super::{NOTHING, seats},
    sessions_client::{
        core::rules::{
            lifecycle::{Status, Transition, When},
            membership::{MemberChanges, OF_ROLE, Role, Terms},
            permissions::Settings,
        },
        instruction::{self, CreateInviteTokenArgs, InviteMemberArgs, SetSessionKeyArgs},
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_instruction::Instruction,
};

/// Every instruction about membership, as one that is possible in a [`stage`]d session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    InviteMember,
    CreateInviteToken,
    RevokeInvitation,
    RevokeToken,
    AcceptInvitation,
    JoinWithToken,
    JoinSession,
    DeclineInvitation,
    LeaveSession,
    RemoveMember,
    UpdateMember,
    ProposeAuthority,
    AcceptAuthority,
    SetSessionKey,
    ClearSessionKey,
}

impl Deed {
    pub const ALL: [Self; 15] = [
        Self::InviteMember,
        Self::CreateInviteToken,
        Self::RevokeInvitation,
        Self::RevokeToken,
        Self::AcceptInvitation,
        Self::JoinWithToken,
        Self::JoinSession,
        Self::DeclineInvitation,
        Self::LeaveSession,
        Self::RemoveMember,
        Self::UpdateMember,
        Self::ProposeAuthority,
        Self::AcceptAuthority,
        Self::SetSessionKey,
        Self::ClearSessionKey,
    ];

    /// When it is allowed, as it is promised.
    pub const fn when(self) -> When {
        match self {
            Self::InviteMember | Self::CreateInviteToken | Self::AcceptInvitation => When::Joining,
            Self::JoinWithToken | Self::JoinSession | Self::SetSessionKey => When::Joining,
            Self::UpdateMember | Self::ProposeAuthority | Self::AcceptAuthority => When::Ruling,
            Self::RevokeInvitation | Self::RevokeToken | Self::DeclineInvitation => When::Leaving,
            Self::LeaveSession | Self::RemoveMember | Self::ClearSessionKey => When::Leaving,
        }
    }

    /// The instruction, for which the session's payer pays where something is made.
    pub fn instruction(self, world: &World, session: &TestSession) -> Instruction {
        let (at, creator, payer) = (session.address, session.creator.address(), session.payer.address());
        let [member, guest, newcomer, heir] = ["member", "guest", "newcomer", "heir"].map(|name| world.actor(name).address());
        let (terms, another) = (Terms::of(Role::Member), Actor::named("another").address());
        let invitation = || world.invitation(&at, &Actor::named("guest"));
        let token = || world.invite_token(&at, &Actor::named("token"));
        match self {
            Self::InviteMember => {
                instruction::invite_member(creator, payer, at, InviteMemberArgs { member: newcomer, terms, ttl: 0, reserved: 0 })
            }
            Self::CreateInviteToken => {
                instruction::create_invite_token(creator, payer, at, CreateInviteTokenArgs { token: another, terms, ttl: 0, uses: 1 })
            }
            Self::RevokeInvitation => instruction::revoke_invitation(creator, at, &invitation()),
            Self::RevokeToken => instruction::revoke_token(creator, at, &token()),
            Self::AcceptInvitation => instruction::accept_invitation(guest, payer, at, &invitation()),
            Self::JoinWithToken => instruction::join_with_token(newcomer, payer, at, &token()),
            Self::JoinSession => instruction::join_session(newcomer, payer, at),
            Self::DeclineInvitation => instruction::decline_invitation(guest, at, &invitation()),
            Self::LeaveSession => instruction::leave_session(member, at),
            Self::RemoveMember => instruction::remove_member(creator, at, member),
            Self::UpdateMember => instruction::update_member(creator, at, member, MemberChanges { role: Some(Role::Moderator), ..NOTHING }),
            Self::ProposeAuthority => instruction::propose_authority(creator, at, member),
            Self::AcceptAuthority => instruction::accept_authority(heir, at),
            Self::SetSessionKey => {
                instruction::set_session_key(member, at, SetSessionKeyArgs { key: another, permissions: OF_ROLE, ttl: 60 })
            }
            Self::ClearSessionKey => instruction::clear_session_key(member, at),
        }
    }
}

/// Everyone who signs a [`Deed`].
pub fn everyone(world: &World) -> [Actor; 7] {
    ["creator", "payer", "member", "guest", "newcomer", "heir", "token"].map(|name| world.actor(name))
}

/// How long the offers of a stage last: longer than any session.
pub const LONG: u32 = 100_000;

/// Makes a created session one in which every [`Deed`] is possible: the member has a session key, the guest an invitation, there is a token
/// and the heir is proposed to rule. The session's payer pays for it all.
#[track_caller]
fn stage(world: &World, session: &TestSession) {
    let (at, creator, payer) = (session.address, session.creator.address(), session.payer.address());
    let [member, guest, heir, key, token] = ["member", "guest", "heir", "key", "token"].map(|name| world.actor(name).address());
    let terms = Terms::of(Role::Member);
    let actors = everyone(world);
    let steps = [
        instruction::join_session(member, payer, at),
        instruction::join_session(heir, payer, at),
        instruction::set_session_key(member, at, SetSessionKeyArgs { key, permissions: OF_ROLE, ttl: 60 }),
        instruction::invite_member(creator, payer, at, InviteMemberArgs { member: guest, terms, ttl: LONG, reserved: 0 }),
        instruction::create_invite_token(creator, payer, at, CreateInviteTokenArgs { token, terms, ttl: LONG, uses: 2 }),
        instruction::propose_authority(creator, at, heir),
    ];
    for step in steps {
        world.ok_with(&[step], &actors.each_ref());
    }
}

/// A session in `status` in which every [`Deed`] is possible that the status allows. Before it is created nobody can join: that status is
/// forged.
#[track_caller]
pub fn staged(world: &World, id: &str, status: Status) -> TestSession {
    use Transition::{BeginActivation, Close, CompleteActivation, CompleteClose, Pause};
    let session = TestSession::new(world, id, seats(Settings::NONE));
    session.request(world);
    session.advance(world, Status::Created);
    stage(world, &session);
    let steps: &[Transition] = match status {
        Status::Requested | Status::Creating | Status::Created => &[],
        Status::Activating => &[BeginActivation],
        Status::Active => &[BeginActivation, CompleteActivation],
        Status::Paused => &[BeginActivation, CompleteActivation, Pause],
        Status::Closing => &[BeginActivation, CompleteActivation, Close],
        Status::Closed => &[BeginActivation, CompleteActivation, Close, CompleteClose],
    };
    for step in steps {
        let party = session.party(*step);
        world.ok(session.step(world, *step, party), party);
    }
    if status < Status::Created {
        world.forge(&session.address, |state| state.status = status as u8);
    }
    session
}
