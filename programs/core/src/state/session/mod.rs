//! The session account: `SessionState` and what can be read off it. It begins in [`request`]; what becomes of it is in [`lifecycle`], who
//! rules it in [`authority`], what members and host record in it in [`record`], and what it acts with is its [`vault`].

mod authority;
mod held;
mod invariant;
mod lifecycle;
mod record;
mod request;
pub mod vault;

pub(super) use lifecycle::only;
pub use {held::Held, request::Request, vault::Vault};

use {
    super::{AccountHeader, Act, header::account},
    crate::{
        Address,
        error::SessionError,
        events::{Event, EventHeader, EventSink},
        rules::{
            config::SessionConfig,
            lifecycle::{CloseReason, Status, Transition, When, allows, next},
            permissions::Settings,
            quotas::{Elapsed, Usage},
            time,
        },
    },
    bytemuck::{Pod, Zeroable},
};

/// First seed of a session's address; the creator and the session id follow.
pub const SEED_SESSION: &[u8] = b"session";
/// First seed of a vault's address; the session's address follows.
pub const SEED_VAULT: &[u8] = b"vault";

/// The state of a session.
///
/// Moments are Unix timestamps in seconds, 0 while they have not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct SessionState {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The creator's name for the session; with the creator it makes the address.
    pub id: [u8; 32],
    /// Who asked for the session.
    pub creator: Address,
    /// Who rules it.
    pub authority: Address,
    /// Who was proposed to rule it; zero if nobody.
    pub pending_authority: Address,
    /// Who serves it.
    pub host: Address,
    /// A hash of what the session is about, kept elsewhere; zero if there is nothing.
    pub metadata: [u8; 32],
    /// What the creator chose, as far as it was not updated.
    pub config: SessionConfig,
    /// What was used of the shared quotas.
    pub usage: Usage,
    /// When the session was requested.
    pub requested_at: i64,
    /// When its creation was completed.
    pub created_at: i64,
    /// When its activation was completed.
    pub activated_at: i64,
    /// When it was paused; 0 if it is not.
    pub paused_at: i64,
    /// When it was closed.
    pub closed_at: i64,
    /// When its time is over; pauses that stop the clock move it.
    pub expires_at: i64,
    /// When it ends in any case.
    pub hard_end: i64,
    /// From when on the present step's timeout exit is the only way on; 0 if the status waits for nobody.
    pub step_deadline: i64,
    /// How often a property of the session was written; a version is the number of the write that made it.
    pub property_version: u64,
    /// The number of the last message.
    pub message_sequence: u64,
    /// The head of the chain of message hashes.
    pub message_head: [u8; 32],
    /// The sequence number of the last checkpoint.
    pub checkpoint_sequence: u64,
    /// The root of the live state at the last checkpoint.
    pub checkpoint_root: [u8; 32],
    /// The vault's address; zero until it is first needed.
    pub vault: Address,
    /// How many functions were executed with the session, while it had shared limits; without them each member counts its own.
    pub executions: u64,
    /// How many compute units they took, where that is recorded.
    pub compute_units: u64,
    /// When a member last used the session, while it had shared limits, in Unix seconds; 0 if none did.
    pub last_active_at: i64,
    /// How many members are active.
    pub members: u32,
    /// How many accounts belong to the session and have to be reclaimed before it.
    pub children: u32,
    /// A byte of [`Status`].
    pub status: u8,
    /// A byte of [`CloseReason`], or the application's own reason.
    pub close_reason: u8,
    /// The canonical bump of the vault's address; 0 until the vault is first needed.
    pub vault_bump: u8,
    /// Zero.
    pub padding: [u8; 5],
    /// Zero; for later versions.
    pub reserved: [u8; 24],
}

account!(SessionState = "Session", 0xf351_4873_d6bc_4890, SessionNotFound);

impl SessionState {
    /// The seeds of a session's address, without the bump.
    pub const fn seeds<'a>(creator: &'a Address, id: &'a [u8; 32]) -> [&'a [u8]; 3] {
        [SEED_SESSION, creator.as_array(), id]
    }

    /// The seeds of the vault of the session at `session`, without the bump.
    pub const fn vault_seeds(session: &Address) -> [&[u8]; 2] {
        [SEED_VAULT, session.as_array()]
    }

    /// The status.
    ///
    /// # Errors
    /// UnsupportedVersion if the byte is none of this version's.
    #[inline(always)]
    pub const fn status(&self) -> Result<Status, SessionError> {
        match Status::from_byte(self.status) {
            Some(status) => Ok(status),
            None => Err(SessionError::UnsupportedVersion),
        }
    }

    /// Whether the session was closed because its host could not create or activate it: the error that then answers every act.
    #[inline(always)]
    pub const fn failure(&self) -> Option<SessionError> {
        if self.close_reason != CloseReason::Failed as u8 {
            None
        } else if self.created_at == 0 {
            Some(SessionError::CreationFailed)
        } else {
            Some(SessionError::ActivationFailed)
        }
    }

    /// Since when the session's clock has been standing, if it is: while the session is paused under PAUSE_STOPS_CLOCK.
    #[inline(always)]
    const fn stopped_since(&self) -> Option<i64> {
        if self.status == Status::Paused as u8 && self.config.has(Settings::PAUSE_STOPS_CLOCK) { Some(self.paused_at) } else { None }
    }

    /// When the session ends, by the one rule for it ([`time::end`]); `None` before its activation.
    #[inline(always)]
    pub const fn end(&self, now: i64) -> Option<i64> {
        if self.hard_end == 0 {
            return None;
        }
        Some(time::end(self.expires_at, self.hard_end, self.stopped_since(), now))
    }

    /// Whether the session's time is over.
    #[inline(always)]
    pub const fn is_over(&self, now: i64) -> bool {
        match self.end(now) {
            Some(end) => time::has_passed(now, end),
            None => false,
        }
    }

    /// Whether the present step's deadline has passed.
    #[inline(always)]
    pub const fn is_step_timed_out(&self, now: i64) -> bool {
        self.step_deadline != 0 && time::has_passed(now, self.step_deadline)
    }

    /// The status after `transition`, by the one table for it ([`next`]).
    #[inline(always)]
    fn after(&self, transition: Transition) -> Result<Status, SessionError> {
        match Status::from_byte(self.status).and_then(|status| next(status, transition)) {
            Some(status) => Ok(status),
            None => Err(self.impossible()),
        }
    }

    /// Why a transition is not possible.
    #[cold]
    fn impossible(&self) -> SessionError {
        match self.status() {
            Ok(_) => self.failure().unwrap_or(SessionError::InvalidTransition),
            Err(unknown) => unknown,
        }
    }

    /// Whether an act of this kind is possible now; the status first, then the time.
    ///
    /// # Errors
    /// SessionNotActive, or CreationFailed or ActivationFailed of a session that failed; StepTimedOut, SessionExpired.
    #[inline(always)]
    pub fn check_allows(&self, when: When, now: i64) -> Result<(), SessionError> {
        match Status::from_byte(self.status) {
            Some(status) if allows(status, when) => {}
            Some(_) => return Err(self.failure().unwrap_or(SessionError::SessionNotActive)),
            None => return Err(SessionError::UnsupportedVersion),
        }
        if matches!(when, When::Leaving) {
            Ok(())
        } else if self.step_deadline != 0 {
            if time::has_passed(now, self.step_deadline) { Err(SessionError::StepTimedOut) } else { Ok(()) }
        } else if self.is_over(now) {
            Err(SessionError::SessionExpired)
        } else {
            Ok(())
        }
    }

    /// What time it is for the session's quotas and its members'. Before the activation no time has gone by.
    #[inline(always)]
    pub const fn elapsed(&self, now: i64) -> Elapsed {
        Elapsed { activated_at: if self.activated_at == 0 { now } else { self.activated_at }, now }
    }

    /// Refuses one more member than there are seats.
    #[inline(always)]
    pub(super) const fn check_seat(&self) -> Result<(), SessionError> {
        if self.members < self.config.max_members { Ok(()) } else { Err(SessionError::SessionFull) }
    }

    /// Counts an account that now belongs to the session, which is a write.
    #[inline(always)]
    pub(super) fn adopt(&mut self) -> Result<(), SessionError> {
        self.children = self.children.checked_add(1).ok_or(SessionError::ArithmeticOverflow)?;
        self.header.count_write()
    }

    /// Counts an account that is gone, which is a write.
    #[inline(always)]
    pub(super) fn release(&mut self) -> Result<(), SessionError> {
        self.children = self.children.checked_sub(1).ok_or(SessionError::ArithmeticOverflow)?;
        self.header.count_write()
    }

    /// Notes that an event tells of the write just counted, and gives what it begins with.
    #[inline(always)]
    fn about(&mut self, act: &Act<'_>) -> EventHeader {
        self.header.begin_event(&self.id, act.account, act.now)
    }

    /// Tells of the write just counted.
    #[inline(always)]
    pub(super) fn tell<E: Event>(&mut self, act: &Act<'_>, events: &mut impl EventSink, event: impl FnOnce(&Self, EventHeader) -> E) {
        let header = self.about(act);
        events.emit(&event(self, header));
    }
}
