//! The instructions, one a file: arguments, accounts, checks that bind them together, handler.
//!
//! | folder | what is in it |
//! |---|---|
//! | [`lifecycle`] | a session's steps from its request to its deletion |
//! | [`membership`] | inviting, joining, leaving; rights, session keys, authority |
//! | [`properties`] | shared values |
//! | [`messages`] | messages and checkpoints |
//!
//! What an account must be is said at its field; who may take a step, in which status and when, and that accounts belong to the same life of
//! the same session, is checked by the transition that the handler calls, and nowhere else.

pub mod lifecycle;
pub mod membership;
pub mod messages;
pub mod properties;

pub use {lifecycle::*, membership::*, messages::*, properties::*};

use {
    crate::{
        refusal::refuse,
        state::{Member, Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{Act, MemberState, SessionState, state::At},
};

/// The act of `signer` on the account behind `view`, now.
#[inline(always)]
fn act_now<'a>(view: &'a AccountView, signer: &'a Signer) -> Result<Act<'a>> {
    let clock = Clock::get()?;
    Ok(Act { account: view.address(), signer: signer.address(), now: clock.unix_timestamp, slot: clock.slot })
}

/// Takes a step of the session as `signer`, now.
#[inline(always)]
fn take_step(
    session: &mut Stored<Session>,
    signer: &Signer,
    step: impl FnOnce(&mut SessionState, &Act<'_>) -> sessions_core::Result<()>,
) -> Result<()> {
    let view = *session.account();
    step(&mut session.state, &act_now(&view, signer)?).map_err(refuse)
}

/// Changes a membership as `signer`, now, and leaves its session as it is.
#[inline(always)]
fn change_member<M: crate::state::Absence>(
    member: &mut Stored<Member, M>,
    session: &Stored<Session>,
    signer: &Signer,
    change: impl FnOnce(&mut MemberState, &Act<'_>, At<'_, &SessionState>) -> sessions_core::Result<()>,
) -> Result<()> {
    let view = *member.account();
    let at = At { address: session.account().address(), state: &session.state };
    change(&mut member.state, &act_now(&view, signer)?, at).map_err(refuse)
}
