//! Functions: calls that members of a session may make with its vault's signature.
//!
//! A function is a program and the bytes that the data of a call must begin with. Its authority registers it; whoever has the permission
//! calls it, at the cost that stands here.

use {
    super::{
        AccountHeader, Act, At, Creation, SessionState, all_hold,
        child::child,
        header::{account, tell},
        session::{Vault, only},
    },
    crate::{
        Address, Result,
        error::{InvalidField, Violation},
        events::{EventSink, FunctionRegistered, FunctionUnregistered},
        rules::{
            functions::{MAX_SELECTOR, Selector, is_forbidden},
            lifecycle::When,
        },
    },
    bytemuck::{Pod, Zeroable},
};

/// First seed of a function's address; the session's address, the program and the selector's seed follow.
pub const SEED_FUNCTION: &[u8] = b"function";

/// A call that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct FunctionState {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The address of the session.
    pub session: Address,
    /// The program that may be called.
    pub program: Address,
    /// How many units a call costs.
    pub units: u64,
    /// What the data of a call must begin with, with zeros behind it.
    pub selector: [u8; MAX_SELECTOR],
    /// How many bytes of the selector count; none allows any data.
    pub selector_length: u8,
    /// 1 if it may be composed with others.
    pub composable: u8,
    /// Zero.
    pub padding: [u8; 6],
    /// Zero; for later versions.
    pub reserved: [u8; 8],
}

account!(FunctionState = "Function", 0xfc15_fe49_331a_dc9f, FunctionNotFound);
child!(FunctionState);

/// What an authority registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFunction<'a> {
    /// The program that may be called.
    pub program: &'a Address,
    /// Whether there is a program at that address.
    pub is_executable: bool,
    /// What the data of a call must begin with.
    pub selector: Selector,
    /// How many units a call costs.
    pub units: u64,
    /// 1 if it may be composed with others, or 0.
    pub composable: u8,
    /// Zero; for later versions.
    pub reserved: [u8; 6],
}

impl FunctionState {
    /// The seeds of a function's address, without the bump; the last is [`Selector::seed`].
    pub const fn seeds<'a>(session: &'a Address, program: &'a Address, selector: &'a [u8; 9]) -> [&'a [u8]; 4] {
        [SEED_FUNCTION, session.as_array(), program.as_array(), selector]
    }

    /// What the data of a call must begin with.
    #[inline(always)]
    pub const fn selector(&self) -> Selector {
        Selector { bytes: self.selector, length: self.selector_length }
    }

    /// Registers a function, by the authority, from Created to Active. `self` is the zeroed account; `vault` the session's, if it is not known yet.
    ///
    /// # Errors
    /// PermissionDenied; SessionNotActive, StepTimedOut, SessionExpired; InvalidConfiguration with the field's name; PolicyViolation for a program
    /// that is never called.
    #[inline(always)]
    pub fn register(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        vault: Option<Vault>,
        function: &NewFunction<'_>,
        made: &Creation<'_>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: session } = session;
        only(&session.authority, act)?;
        session.check_allows(When::Joining, act.now)?;
        if is_forbidden(function.program) {
            return Err(Violation::ForbiddenProgram.into());
        }
        if !function.is_executable {
            return Err(InvalidField::Program.into());
        }
        function.selector.check()?;
        if function.composable > 1 {
            return Err(InvalidField::Composable.into());
        }
        if function.reserved != [0; 6] {
            return Err(InvalidField::Reserved.into());
        }
        session.adopt()?;
        session.settle(vault);
        self.header = AccountHeader::new(*made.payer, session.header.epoch, made.bump);
        self.session = *address;
        self.program = *function.program;
        self.units = function.units;
        self.selector = function.selector.bytes;
        self.selector_length = function.selector.length;
        self.composable = function.composable;
        self.header.count_write()?;
        let Self { program, units, selector, selector_length, composable, .. } = *self;
        tell(&mut self.header, &session.id, act.account, act, events, |about| {
            FunctionRegistered::new(about, program, units, selector, selector_length, composable, [0; 6])
        });
        Ok(())
    }

    /// Unregisters the function, by the authority, in any status before Closed. The account is the caller's to delete.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive.
    #[inline(always)]
    pub fn unregister(&mut self, act: &Act<'_>, session: At<'_, &mut SessionState>, events: &mut impl EventSink) -> Result<()> {
        let At { address, state: session } = session;
        self.check_belongs(address, session)?;
        only(&session.authority, act)?;
        session.check_allows(When::Leaving, act.now)?;
        self.header.check_writes(1)?;
        session.release()?;
        self.header.count_write()?;
        let Self { program, selector, selector_length, .. } = *self;
        tell(&mut self.header, &session.id, act.account, act, events, |about| {
            FunctionUnregistered::new(about, program, selector, selector_length, [0; 7])
        });
        Ok(())
    }

    /// Checks that the function allows a call with `data`, alone or as one of several.
    ///
    /// # Errors
    /// SelectorMismatch, NotComposable.
    #[inline(always)]
    pub fn check_call(&self, data: &[u8], composed: bool) -> core::result::Result<(), Violation> {
        if composed && self.composable == 0 {
            Err(Violation::NotComposable)
        } else if self.selector().matches(data) {
            Ok(())
        } else {
            Err(Violation::SelectorMismatch)
        }
    }

    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> core::result::Result<(), &'static str> {
        let rules = [
            (self.padding == [0; 6] && self.reserved == [0; 8], "reserved bytes are zero"),
            (!is_forbidden(&self.program), "what moves value is never called"),
            (self.selector().check().is_ok(), "the selector is written in one way"),
            (self.composable <= 1, "a function is composable or not"),
            (self.header.revision == 1, "a function never changes"),
        ];
        all_hold(self.header.invariant().iter().chain(&rules))
    }
}
