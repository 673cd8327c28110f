//! The instructions, one a file: arguments, accounts, handler.
//!
//! What an account must be is said at its field; who may take a step, in which status and when, is checked by the transition that the handler
//! calls, and nowhere else.

mod abort_session;
mod begin_activation;
mod begin_creation;
mod close_session;
mod complete_activation;
mod complete_close;
mod complete_creation;
mod expire_session;
mod open_session;
mod pause_session;
mod reclaim_session;
mod request_session;
mod resume_session;
mod update_session;

pub use {
    abort_session::*, begin_activation::*, begin_creation::*, close_session::*, complete_activation::*, complete_close::*,
    complete_creation::*, expire_session::*, open_session::*, pause_session::*, reclaim_session::*, request_session::*, resume_session::*,
    update_session::*,
};

use {
    crate::{
        refusal::refuse,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{Act, SessionState},
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
