//! Executions: calls of other programs with the vault's signature.
//!
//! | module | does |
//! |---|---|
//! | [`stage`] | the accounts of an execution, and which of them a call may have |
//! | [`meter`] | measures what a call takes |
//! | [`outflow`] | looks at what the vault holds before and after each call, and charges what is missing |
//! | [`room`] | the lists of all that, which never grow |
//!
//! A member is charged before the first call, so that the programs that are called see it charged. What a call did is recorded behind it, and so is
//! what it took out of the vault, which is charged behind the last. If anything fails, so does the transaction, and nothing of it happened.

mod meter;
mod outflow;
mod room;
mod stage;

pub use {room::put, stage::Stage};

use {
    crate::{
        events::Log,
        refusal::refuse,
        state::{AsPassed, Denied, Member, Session, Stored},
        vaults::VaultSigner,
    },
    anchor_lang::prelude::*,
    outflow::{Debtor, Holdings},
    sessions_core::{
        Act, FunctionState, SessionError,
        rules::permissions::Settings,
        state::{At, Execution},
    },
};

/// A call of a registered function.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The function.
    pub function: &'a FunctionState,
    /// The accounts that it is called with, each by an index.
    pub accounts: &'a [u8],
    /// What it is called with.
    pub data: &'a [u8],
}

/// Calls that are executed together, all or none of them.
pub struct Calls<'a> {
    /// The accounts.
    pub stage: Stage<'a>,
    /// Who calls.
    pub act: Act<'a>,
    /// The calls, in their order.
    pub calls: &'a [Call<'a>],
    /// Whether they are a composition.
    pub composed: bool,
    /// The session.
    pub session: &'a mut AsPassed<Session>,
    /// The membership.
    pub member: &'a mut Stored<Member, Denied>,
}

/// Executes calls as a member.
///
/// # Errors
/// Those of the transitions; WrongSession for another session's vault or function; PolicyViolation; what the programs that are called fail with.
#[inline(never)]
pub fn execute(calls: Calls<'_>) -> Result<()> {
    let Calls { stage, act, calls, composed, session, member } = calls;
    let (stage, act) = (&stage, &act);
    let address = stage.session.address();
    session.state.check_vault(stage.vault.address())?;
    let mut units: u64 = 0;
    for call in calls.iter() {
        call.function.check_belongs(address, &session.state)?;
        units = units.checked_add(call.function.units).ok_or(SessionError::ArithmeticOverflow)?;
    }
    let bump = [session.state.vault_bump];
    let measures = session.state.config.has(Settings::MONITOR_PERFORMANCE);
    let execution = Execution { calls: calls.len() as u64, units, composed };
    // The state is borrowed anew between calls, and never over one: the program that is called reads it too.
    member.state.begin_execution(act, &mut At { address, state: session.held() }, &execution).map_err(refuse)?;

    let mut holdings = Holdings::of(stage);
    holdings.find(stage, false)?;
    let signer = VaultSigner { session: address, bump };
    let mut buffers = stage.buffers();
    for call in calls.iter() {
        call.function.check_call(call.data, composed).map_err(|violation| refuse(violation.into()))?;
        let start = if measures { meter::start() } else { 0 };
        stage.call(call, &signer, &mut buffers)?;
        let taken = if measures { meter::stop(start) } else { 0 };
        let mut held = At { address, state: session.held() };
        member.state.record_call(act, &mut held, call.function, taken, &mut Log).map_err(refuse)?;
        holdings.follow(stage)?;
    }
    holdings.settle(&Debtor { stage, act, session: At { address, state: &session.state }, member: &member.state })?;
    member.state.end_execution();
    Ok(())
}
