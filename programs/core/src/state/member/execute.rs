//! What a member executes: calls of registered functions, with the vault's signature.
//!
//! An execution begins before its first call, when it is authorized and charged as a whole, each call is recorded behind it, and it ends behind
//! the last. If a call fails, so does the transaction, and nothing of it happened.

use {
    super::{Asked, MemberState},
    crate::{
        Result,
        error::SessionError,
        events::{EventSink, FunctionExecuted},
        rules::{
            permissions::{Permissions, Settings},
            quotas::Cost,
        },
        state::{Act, At, FunctionState, Held},
    },
};

/// What an execution comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Execution {
    /// How many calls it makes.
    pub calls: u64,
    /// How many units they cost together.
    pub units: u64,
    /// Whether it is a composition, which needs COMPOSE_FUNCTIONS; one call alone needs EXECUTE_FUNCTIONS.
    pub composed: bool,
}

impl MemberState {
    /// Begins an execution, by the member's wallet or session key, while the session is active: one operation for each call, and the units of
    /// all. Until it ends, the membership says what the signer may do.
    ///
    /// # Errors
    /// Those of [`authorize`](crate::state::authorize); SessionReadOnly; ArithmeticOverflow.
    #[inline(always)]
    pub fn begin_execution(&mut self, act: &Act<'_>, session: &mut At<'_, Held<'_>>, execution: &Execution) -> Result<()> {
        let permission = if execution.composed { Permissions::COMPOSE_FUNCTIONS } else { Permissions::EXECUTE_FUNCTIONS };
        let cost = Cost { operations: execution.calls, units: execution.units, bytes: 0 };
        let ask = Asked::new(act, session.address, permission, cost);
        ask.check(&session.state, self)?;
        let executions = self.executions.checked_add(execution.calls).ok_or(SessionError::ArithmeticOverflow)?;
        ask.charge(&mut session.state, self)?;
        self.executions = executions;
        if !session.state.config.quotas.are_unlimited() {
            let session = session.state.write()?;
            session.executions = session.executions.checked_add(execution.calls).ok_or(SessionError::ArithmeticOverflow)?;
        }
        self.executing = self.granted(&session.state, act.signer);
        Ok(())
    }

    /// Records a call of `function` that has returned: the compute units that it took, where the session measures them, and an event, where it
    /// logs executions. Each event tells of a write of its own.
    ///
    /// # Errors
    /// ArithmeticOverflow.
    #[inline(always)]
    pub fn record_call(
        &mut self,
        act: &Act<'_>,
        session: &mut At<'_, Held<'_>>,
        function: &FunctionState,
        compute_units: u64,
        events: &mut impl EventSink,
    ) -> Result<()> {
        if session.state.config.has(Settings::MONITOR_PERFORMANCE) {
            self.compute_units = self.compute_units.checked_add(compute_units).ok_or(SessionError::ArithmeticOverflow)?;
            if !session.state.config.quotas.are_unlimited() {
                let session = session.state.write()?;
                session.compute_units = session.compute_units.checked_add(compute_units).ok_or(SessionError::ArithmeticOverflow)?;
            }
        }
        if session.state.config.has(Settings::LOG_EXECUTION) {
            if self.header.event_revision == self.header.revision {
                self.header.count_write()?;
            }
            self.tell(&session.state.id, act.account, act, events, |state, about| {
                let FunctionState { program, units, selector, selector_length, .. } = *function;
                FunctionExecuted::new(about, state.wallet, program, units, compute_units, selector, selector_length, [0; 7])
            });
        }
        Ok(())
    }

    /// Ends an execution, behind its last call: nobody acts as this member by the vault's signature any more.
    #[inline(always)]
    pub const fn end_execution(&mut self) {
        self.executing = 0;
    }
}
