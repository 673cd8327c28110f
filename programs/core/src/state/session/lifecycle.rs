//! The transitions of a session that there is, from its creation to its deletion.
//!
//! Each checks who, then whether the status allows it, then the time, then its arguments; then it counts the write, which can be refused too,
//! and only then changes anything. "From its deadline on, anyone" counts as *who*: before the deadline a stranger meets PermissionDenied,
//! whatever else is wrong.

use {
    super::{Act, SessionState},
    crate::{
        Address, Result,
        error::{InvalidField, SessionError},
        events::{
            EventSink, SessionActivated, SessionActivating, SessionClosed, SessionClosing, SessionCreated, SessionCreating, SessionDeleted,
            SessionExpired, SessionPaused, SessionResumed, SessionUpdated,
        },
        rules::{
            config::{Changed, SessionConfig, SessionUpdate},
            lifecycle::{CloseReason, Status, Transition, may_close_with},
            permissions::Settings,
            time,
        },
        same,
    },
};

impl SessionState {
    /// Requested → Creating, by the host.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, StepTimedOut.
    #[inline(always)]
    pub fn begin_creation(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        only(&self.host, act)?;
        let status = self.before_deadline(Transition::BeginCreation, act)?;
        self.enter_step(status, self.config.step_timeout, act.now)?;
        self.tell(act, events, |_, about| SessionCreating::new(about));
        Ok(())
    }

    /// Creating → Created, by the host.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, StepTimedOut.
    #[inline(always)]
    pub fn complete_creation(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        only(&self.host, act)?;
        let status = self.before_deadline(Transition::CompleteCreation, act)?;
        let SessionConfig { activation_window, step_timeout, .. } = self.config;
        let seconds = if activation_window == 0 { step_timeout } else { activation_window };
        self.enter_step(status, seconds, act.now)?;
        self.created_at = act.now;
        self.tell(act, events, |state, about| SessionCreated::new(about, state.creator, state.config));
        Ok(())
    }

    /// Created → Activating, by the authority.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, StepTimedOut.
    #[inline(always)]
    pub fn begin_activation(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        only(&self.authority, act)?;
        let status = self.before_deadline(Transition::BeginActivation, act)?;
        self.enter_step(status, self.config.step_timeout, act.now)?;
        self.tell(act, events, |_, about| SessionActivating::new(about));
        Ok(())
    }

    /// Activating → Active, by the host. The session's time begins.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, StepTimedOut.
    #[inline(always)]
    pub fn complete_activation(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        only(&self.host, act)?;
        self.before_deadline(Transition::CompleteActivation, act)?;
        self.header.count_write()?;
        self.activate(act.now);
        self.tell(act, events, |state, about| SessionActivated::new(about, state.expires_at, state.hard_end));
        Ok(())
    }

    /// Writes the start of the session's time.
    #[inline(always)]
    pub(super) fn activate(&mut self, now: i64) {
        self.activated_at = now;
        self.expires_at = time::after(now, self.config.max_duration);
        self.hard_end = time::after(now, self.config.hard_limit);
        self.status = Status::Active as u8;
        self.step_deadline = 0;
    }

    /// Active → Paused, by the authority.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, SessionExpired.
    #[inline(always)]
    pub fn pause(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        only(&self.authority, act)?;
        let status = self.before_end(Transition::Pause, act)?;
        self.enter(status)?;
        self.paused_at = act.now;
        self.tell(act, events, |_, about| SessionPaused::new(about));
        Ok(())
    }

    /// Paused → Active, by the authority. If the pause stopped the clock, the expiry moves by its length.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, SessionExpired.
    #[inline(always)]
    pub fn resume(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        only(&self.authority, act)?;
        let status = self.before_end(Transition::Resume, act)?;
        let stopped_since = self.stopped_since();
        self.enter(status)?;
        if let Some(since) = stopped_since {
            self.expires_at = self.expires_at.saturating_add(time::standing(since, act.now));
        }
        self.paused_at = 0;
        self.tell(act, events, |state, about| SessionResumed::new(about, state.expires_at.min(state.hard_end)));
        Ok(())
    }

    /// Changes what may change of a session from Created to Paused, by the authority.
    ///
    /// `expires_in` is the time the session has left. Before the activation it is the duration that the activation will give it. While a
    /// pause stops the clock it counts from the pause, which is the same moment as seen from the session.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, StepTimedOut, SessionExpired; InvalidConfiguration with the field's name.
    #[inline(always)]
    pub fn update(&mut self, act: &Act<'_>, update: &SessionUpdate, events: &mut impl EventSink) -> Result<()> {
        only(&self.authority, act)?;
        if self.activated_at == 0 {
            self.before_deadline(Transition::Update, act)?;
        } else {
            self.before_end(Transition::Update, act)?;
        }
        update.validate(&self.config, self.members, &self.usage, self.elapsed(act.now))?;
        let expiry = if update.has(Changed::EXPIRES_IN) { Some(self.expiry_in(update.expires_in, act.now)?) } else { None };

        self.header.count_write()?;
        if let Some((max_duration, expires_at)) = expiry {
            self.config.max_duration = max_duration;
            self.expires_at = expires_at;
        }
        if update.has(Changed::HOST) {
            self.host = update.host;
        }
        if update.has(Changed::METADATA) {
            self.metadata = update.metadata;
        }
        if update.has(Changed::MAX_MEMBERS) {
            self.config.max_members = update.max_members;
        }
        if update.has(Changed::PERMISSIONS) {
            self.config.permissions = update.permissions;
        }
        if update.has(Changed::QUOTAS) {
            self.usage = self.usage.under(&self.config.quotas, &update.quotas, self.elapsed(act.now));
            self.config.quotas = update.quotas;
        }
        self.tell(act, events, |_, about| SessionUpdated::new(about));
        Ok(())
    }

    /// The `max_duration` and `expires_at` of a session that has `seconds` left from `now` on.
    #[inline(always)]
    fn expiry_in(&self, seconds: u32, now: i64) -> core::result::Result<(u32, i64), InvalidField> {
        if seconds == 0 {
            Err(InvalidField::ExpiresIn)
        } else if self.activated_at == 0 {
            if seconds <= self.config.hard_limit { Ok((seconds, self.expires_at)) } else { Err(InvalidField::ExpiresIn) }
        } else if time::after(now, seconds) <= self.hard_end {
            Ok((self.config.max_duration, time::after(self.stopped_since().unwrap_or(now), seconds)))
        } else {
            Err(InvalidField::ExpiresIn)
        }
    }

    /// Active or Paused → Closing, by the authority, for a reason that it may give ([`may_close_with`]).
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, SessionExpired; InvalidConfiguration naming the reason.
    #[inline(always)]
    pub fn close(&mut self, act: &Act<'_>, reason: u8, events: &mut impl EventSink) -> Result<()> {
        only(&self.authority, act)?;
        let status = self.before_end(Transition::Close, act)?;
        if !may_close_with(reason) {
            return Err(InvalidField::Reason.into());
        }
        self.enter_step(status, self.config.step_timeout, act.now)?;
        self.close_reason = reason;
        self.paused_at = 0;
        self.tell(act, events, |_, about| SessionClosing::new(about, reason, [0; 7]));
        Ok(())
    }

    /// Closing → Closed, by the host; from the step's deadline on, by anyone.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition.
    #[inline(always)]
    pub fn complete_close(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        let anyone = self.status()? == Status::Closing && self.is_step_timed_out(act.now);
        if !anyone {
            only(&self.host, act)?;
        }
        let status = self.after(Transition::CompleteClose)?;
        self.finish(status, act)?;
        self.tell(act, events, |state, about| SessionClosed::new(about, state.close_reason, [0; 7]));
        Ok(())
    }

    /// Requested, Creating, Created or Activating → Closed: by the creator as cancelled, by the host as failed; from the step's deadline on
    /// by anyone, and then only as timed out.
    ///
    /// `reason` is what the signer means it to be; [`CloseReason::None`] leaves it to who signs and when, and one who is both creator and
    /// host cancels.
    ///
    /// # Errors
    /// PermissionDenied, also for a reason that is another party's to give; InvalidTransition; StepTimedOut for another reason once the
    /// deadline has passed; NotYetExpired for the timeout before it; InvalidConfiguration naming a reason that ends no unborn session.
    #[inline(always)]
    pub fn abort(&mut self, act: &Act<'_>, reason: u8, events: &mut impl EventSink) -> Result<()> {
        use CloseReason::{Cancelled, Failed, None, TimedOut};
        let (creator, host) = (same(act.signer, &self.creator), same(act.signer, &self.host));
        let timed_out = self.status()? < Status::Active && self.is_step_timed_out(act.now);
        if !(creator || host || timed_out) {
            return Err(SessionError::PermissionDenied.into());
        }
        let status = self.after(Transition::Abort)?;
        let reason = match (CloseReason::from_byte(reason), timed_out) {
            (Some(None | TimedOut), true) => TimedOut,
            (Some(Cancelled | Failed), true) => return Err(SessionError::StepTimedOut.into()),
            (Some(TimedOut), false) => return Err(SessionError::NotYetExpired.into()),
            (Some(None | Cancelled), false) if creator => Cancelled,
            (Some(None | Failed), false) if host => Failed,
            (Some(Cancelled | Failed), false) => return Err(SessionError::PermissionDenied.into()),
            _ => return Err(InvalidField::Reason.into()),
        };
        self.finish(status, act)?;
        self.close_reason = reason as u8;
        self.tell(act, events, |state, about| SessionClosed::new(about, state.close_reason, [0; 7]));
        Ok(())
    }

    /// Active or Paused → Closed once the session's time is over: with AUTO_EXPIRE by anyone; without it by the authority, and by anyone
    /// when a step's timeout has passed since.
    ///
    /// # Errors
    /// PermissionDenied, InvalidTransition, NotYetExpired.
    #[inline(always)]
    pub fn expire(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        let grace = if self.config.has(Settings::AUTO_EXPIRE) { 0 } else { self.config.step_timeout };
        let anyone = match (self.after(Transition::Expire), self.end(act.now)) {
            (Ok(_), Some(end)) => time::has_passed(act.now, time::after(end, grace)),
            _ => false,
        };
        if !anyone {
            only(&self.authority, act)?;
        }
        let status = self.after(Transition::Expire)?;
        if !self.is_over(act.now) {
            return Err(SessionError::NotYetExpired.into());
        }
        self.finish(status, act)?;
        self.close_reason = CloseReason::Expired as u8;
        self.tell(act, events, |_, about| SessionExpired::new(about));
        Ok(())
    }

    /// Closed → gone, by anyone, in a later slot than the request and with no children left. The account itself is the caller's to delete, its
    /// rent to pay back to the payer, and what the vault holds to the creator.
    ///
    /// # Errors
    /// InvalidTransition, ChildrenRemain, SessionTooNew.
    #[inline(always)]
    pub fn reclaim(&mut self, act: &Act<'_>, events: &mut impl EventSink) -> Result<()> {
        self.after(Transition::Reclaim)?;
        if self.children != 0 {
            return Err(SessionError::ChildrenRemain.into());
        }
        if act.slot <= self.header.epoch {
            return Err(SessionError::SessionTooNew.into());
        }
        self.header.count_write()?;
        self.tell(act, events, |state, about| SessionDeleted::new(about, state.header.epoch));
        Ok(())
    }

    /// The status after `transition`, one from a status that waits for someone, if it is possible and the step's deadline has not passed.
    #[inline(always)]
    fn before_deadline(&self, transition: Transition, act: &Act<'_>) -> core::result::Result<Status, SessionError> {
        let status = self.after(transition)?;
        if time::has_passed(act.now, self.step_deadline) { Err(SessionError::StepTimedOut) } else { Ok(status) }
    }

    /// The status after `transition`, if it is possible and the session's time is not over.
    #[inline(always)]
    fn before_end(&self, transition: Transition, act: &Act<'_>) -> core::result::Result<Status, SessionError> {
        let status = self.after(transition)?;
        if self.is_over(act.now) { Err(SessionError::SessionExpired) } else { Ok(status) }
    }

    /// Writes the new status of a step that someone has `seconds` for.
    #[inline(always)]
    pub(super) fn enter_step(&mut self, status: Status, seconds: u32, now: i64) -> Result<()> {
        self.enter(status)?;
        self.step_deadline = time::after(now, seconds);
        Ok(())
    }

    /// Writes the new status of a step that waits for nobody.
    #[inline(always)]
    fn enter(&mut self, status: Status) -> Result<()> {
        self.header.count_write()?;
        self.status = status as u8;
        self.step_deadline = 0;
        Ok(())
    }

    /// Writes the end of the session.
    #[inline(always)]
    fn finish(&mut self, status: Status, act: &Act<'_>) -> Result<()> {
        self.enter(status)?;
        self.closed_at = act.now;
        self.paused_at = 0;
        Ok(())
    }
}

/// Refuses every signer but `party`.
#[inline(always)]
pub(in crate::state) fn only(party: &Address, act: &Act<'_>) -> core::result::Result<(), SessionError> {
    if same(party, act.signer) { Ok(()) } else { Err(SessionError::PermissionDenied) }
}
