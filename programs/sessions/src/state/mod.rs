//! The accounts as Anchor sees them: the layouts of `sessions-core` behind their discriminators.

mod as_passed;
mod stored;

pub(crate) use stored::derive;
pub use {
    as_passed::AsPassed,
    stored::{Absence, Denied, Layout, Named, Stored},
};

use {
    anchor_lang::prelude::*,
    sessions_core::{
        SessionError,
        state::{
            AccessGrantState, AccountHeader, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState,
            SessionState,
        },
    },
};

/// A session: the PDA of [`SessionState::seeds`].
#[account]
pub struct Session {
    /// Everything about the session.
    pub state: SessionState,
}

/// A wallet's membership of a session: the PDA of [`MemberState::seeds`].
#[account]
pub struct Member {
    /// Everything about the membership.
    pub state: MemberState,
}

/// An invitation to a wallet: the PDA of [`InvitationState::seeds`].
#[account]
pub struct Invitation {
    /// Everything about the invitation.
    pub state: InvitationState,
}

/// A token that admits whoever holds its key: the PDA of [`InviteTokenState::seeds`].
#[account]
pub struct InviteToken {
    /// Everything about the token.
    pub state: InviteTokenState,
}

/// A shared value: the PDA of [`PropertyState::seeds`]. The value itself stands behind the layout.
#[account]
pub struct Property {
    /// Everything about the property but its value.
    pub state: PropertyState,
}

/// A call that members may make: the PDA of [`FunctionState::seeds`].
#[account]
pub struct Function {
    /// Everything about the function.
    pub state: FunctionState,
}

/// What a member may take out of the vault, of one mint: the PDA of [`AllowanceState::seeds`].
#[account]
pub struct Allowance {
    /// Everything about the allowance.
    pub state: AllowanceState,
}

/// What a session lets another do with its properties: the PDA of [`AccessGrantState::seeds`].
#[account]
pub struct AccessGrant {
    /// Everything about the grant.
    pub state: AccessGrantState,
}

macro_rules! layouts {
    ($($name:ident($state:ident): $already_exists:ident;)+) => {
        $(impl Layout for $name {
            const WORD: u64 = u64::from_le_bytes($state::DISCRIMINATOR);
            const NOT_FOUND: SessionError = $state::NOT_FOUND;
            const ALREADY_EXISTS: SessionError = SessionError::$already_exists;

            #[inline(always)]
            fn header(&self) -> &AccountHeader {
                &self.state.header
            }
        })+
    };
}

layouts! {
    Session(SessionState): SessionAlreadyExists;
    Member(MemberState): AlreadyMember;
    Invitation(InvitationState): InvitationAlreadyExists;
    InviteToken(InviteTokenState): InvitationAlreadyExists;
    Property(PropertyState): VersionConflict;
    Function(FunctionState): FunctionAlreadyRegistered;
    Allowance(AllowanceState): AllowanceNotFound;
    AccessGrant(AccessGrantState): AccessNotFound;
}
