//! Who is in a session: inviting, joining, leaving; rights, session keys, authority.

mod accept_authority;
mod accept_invitation;
mod clear_session_key;
mod create_invite_token;
mod decline_invitation;
mod invite_member;
mod join_session;
mod join_with_token;
mod leave_session;
mod propose_authority;
mod remove_member;
mod revoke_invitation;
mod set_session_key;
mod update_member;

pub use {
    accept_authority::*, accept_invitation::*, clear_session_key::*, create_invite_token::*, decline_invitation::*, invite_member::*,
    join_session::*, join_with_token::*, leave_session::*, propose_authority::*, remove_member::*, revoke_invitation::*,
    set_session_key::*, update_member::*,
};

use {
    crate::state::{Member, Stored},
    anchor_lang::prelude::*,
    sessions_core::{MemberState, state::Creation},
};

/// The membership that `wallet` comes in with: the one that it had, or one that is made and paid for now, which is told with it.
#[inline(always)]
fn seat<'a>(
    account: &AccountView,
    session: &Address,
    wallet: &Address,
    payer: &'a AccountView,
) -> Result<(Stored<Member>, Option<Creation<'a>>)> {
    Stored::open_or_create(account, payer, &MemberState::seeds(session, wallet))
}
