//! The instructions, one a file: arguments, accounts, checks that bind them together, handler.
//!
//! | folder | what is in it |
//! |---|---|
//! | [`lifecycle`] | a session's steps from its request to its deletion |
//! | [`membership`] | inviting, joining, leaving; rights, session keys, authority |
//! | [`properties`] | shared values |
//! | [`messages`] | messages and checkpoints |
//! | [`functions`] | calls of other programs, with the vault's signature |
//! | [`vault`] | what goes into the vault, and what members may take out of it |
//! | [`consumption`] | what other programs ask of a membership, and charge it |
//! | [`access`] | properties across sessions |
//!
//! What an account must be is said at its field; who may take a step, in which status and when, and that accounts belong to the same life of
//! the same session, is checked by the transition that the handler calls, and nowhere else.

pub mod access;
pub mod consumption;
pub mod functions;
pub mod lifecycle;
pub mod membership;
pub mod messages;
pub mod properties;
pub mod vault;

pub use {access::*, consumption::*, functions::*, lifecycle::*, membership::*, messages::*, properties::*, vault::*};

use {
    crate::{
        refusal::refuse,
        state::{Member, Session, Stored},
    },
    anchor_lang::{
        pinocchio::sysvars::{clock::CLOCK_ID, get_sysvar_unchecked},
        prelude::*,
    },
    core::mem::MaybeUninit,
    sessions_core::{Act, MemberState, SessionState, state::At},
};

/// The act of `signer` on the account behind `view`, now.
#[inline(always)]
fn act_now<'a>(view: &'a AccountView, signer: &'a Signer) -> Result<Act<'a>> {
    let mut clock = MaybeUninit::<Clock>::uninit();
    if !read_clock(&mut clock) {
        return Err(ProgramError::UnsupportedSysvar);
    }
    // SAFETY: it was read, and any bytes are a clock.
    #[allow(unsafe_code, reason = "a clock that a function gives back is copied, in every instruction")]
    let Clock { unix_timestamp: now, slot, .. } = unsafe { clock.assume_init() };
    Ok(Act { account: view.address(), signer: signer.address(), now, slot })
}

/// Reads the clock; says whether the runtime has it, which it always does. Not inlined: every instruction reads it.
#[inline(never)]
fn read_clock(clock: &mut MaybeUninit<Clock>) -> bool {
    if cfg!(not(target_os = "solana")) {
        // There is no runtime to write it.
        *clock = MaybeUninit::zeroed();
    }
    // SAFETY: there is room for a clock, whose layout is the sysvar's.
    #[allow(unsafe_code, reason = "as above")]
    unsafe { get_sysvar_unchecked(clock.as_mut_ptr().cast(), &CLOCK_ID, 0, size_of::<Clock>()) }.is_ok()
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
