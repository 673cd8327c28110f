//! A naive model of a session's life: it keeps the history and works everything out from it anew, with no thought for speed, sharing no
//! rule with `sessions-core` but the names.

use {
    super::{AUTHORITY, CREATOR, HOST, Step},
    sessions_core::{
        SessionError,
        rules::{
            config::SessionConfig,
            lifecycle::{Status, Transition},
            permissions::Settings,
        },
    },
};

/// The session as its history tells it.
pub struct Model {
    config: SessionConfig,
    /// Every status it had, with the moment it came.
    history: Vec<(Status, i64)>,
    /// The time it was last given: from when, how long.
    granted: Option<(i64, i64)>,
    /// The present status.
    pub status: Status,
    /// Why it was closed.
    pub reason: u8,
    /// Whether its account is gone.
    pub deleted: bool,
}

impl Model {
    /// A session requested at `now`.
    pub fn requested(config: SessionConfig, now: i64) -> Self {
        Self { config, history: vec![(Status::Requested, now)], granted: None, status: Status::Requested, reason: 0, deleted: false }
    }

    fn has(&self, setting: Settings) -> bool {
        Settings::from_bits(self.config.settings).unwrap().contains(setting)
    }

    fn first(&self, status: Status) -> Option<i64> {
        self.history.iter().find(|(s, _)| *s == status).map(|(_, at)| *at)
    }

    fn since(&self) -> i64 {
        self.history.last().unwrap().1
    }

    /// Seconds that the clock stood still since `from`, looking at every pause in the history.
    fn stood_still(&self, from: i64, now: i64) -> i64 {
        if !self.has(Settings::PAUSE_STOPS_CLOCK) {
            return 0;
        }
        let ends = self.history.iter().skip(1).map(|(_, at)| *at).chain([now]);
        self.history
            .iter()
            .zip(ends)
            .filter(|((status, _), _)| *status == Status::Paused)
            .map(|((_, begin), end)| (end - (*begin).max(from)).max(0))
            .sum()
    }

    /// When it ends.
    pub fn end(&self, now: i64) -> Option<i64> {
        let active = self.first(Status::Active)?;
        let (from, seconds) = self.granted?;
        let closed = self.history.iter().find(|(s, _)| matches!(s, Status::Closing | Status::Closed)).map(|(_, at)| *at);
        // A pause that a close or the end cut off was never resumed, so it moved nothing for good.
        let counted = if closed.is_some() { self.resumed_standing(from) } else { self.stood_still(from, now) };
        Some((from + seconds + counted).min(active + i64::from(self.config.hard_limit)))
    }

    /// Like [`Model::stood_still`], but only for pauses that were resumed.
    fn resumed_standing(&self, from: i64) -> i64 {
        if !self.has(Settings::PAUSE_STOPS_CLOCK) {
            return 0;
        }
        let mut sum = 0;
        for pair in self.history.windows(2) {
            if let [(Status::Paused, begin), (Status::Active, end)] = pair {
                sum += (*end - (*begin).max(from)).max(0);
            }
        }
        sum
    }

    fn deadline(&self) -> Option<i64> {
        let seconds = match self.status {
            Status::Created if self.config.activation_window > 0 => self.config.activation_window,
            Status::Requested | Status::Creating | Status::Created | Status::Activating | Status::Closing => self.config.step_timeout,
            _ => return None,
        };
        Some(self.since() + i64::from(seconds))
    }

    fn go(&mut self, status: Status, now: i64) -> Result<(), SessionError> {
        self.status = status;
        self.history.push((status, now));
        Ok(())
    }

    /// Tries a step.
    pub fn take(&mut self, step: &Step, now: i64) -> Result<(), SessionError> {
        use {SessionError as E, Status as S, Transition as T};
        let (creator, authority, host) = (step.signer == CREATOR, step.signer == AUTHORITY, step.signer == HOST);
        let late = self.deadline().is_some_and(|deadline| now >= deadline);
        let over = self.end(now).is_some_and(|end| now >= end);
        let impossible = match (self.status, self.reason) {
            (S::Closed, 3) if self.first(S::Created).is_none() => E::CreationFailed,
            (S::Closed, 3) => E::ActivationFailed,
            _ => E::InvalidTransition,
        };
        let unborn = [S::Requested, S::Creating, S::Created, S::Activating].contains(&self.status);
        let running = [S::Active, S::Paused].contains(&self.status);

        let may = match step.transition {
            T::BeginCreation | T::CompleteCreation | T::CompleteActivation => host,
            T::BeginActivation | T::Pause | T::Resume | T::Update | T::Close => authority,
            T::CompleteClose => host || (self.status == S::Closing && late),
            T::Abort => creator || host || (unborn && late),
            T::Expire => {
                let grace = if self.has(Settings::AUTO_EXPIRE) { 0 } else { i64::from(self.config.step_timeout) };
                authority || (running && now >= self.end(now).unwrap() + grace)
            }
            T::Reclaim => true,
        };
        if !may {
            return Err(E::PermissionDenied);
        }
        let to = match (step.transition, self.status) {
            (T::BeginCreation, S::Requested) => S::Creating,
            (T::CompleteCreation, S::Creating) => S::Created,
            (T::BeginActivation, S::Created) => S::Activating,
            (T::CompleteActivation, S::Activating) | (T::Resume, S::Paused) => S::Active,
            (T::Pause, S::Active) => S::Paused,
            (T::Close, S::Active | S::Paused) => S::Closing,
            (T::CompleteClose, S::Closing) | (T::Reclaim, S::Closed) => S::Closed,
            (T::Update, S::Created | S::Activating) => self.status,
            (T::Update | T::Expire, _) if running => self.status,
            (T::Abort, _) if unborn => S::Closed,
            _ => return Err(impossible),
        };
        match step.transition {
            T::Abort => self.abort(step.argument.min(255), creator, late, now),
            T::Expire if !over => Err(E::NotYetExpired),
            T::Expire => {
                self.reason = 5;
                self.go(S::Closed, now)
            }
            T::CompleteClose => self.go(S::Closed, now),
            T::Reclaim => {
                self.deleted = true;
                Ok(())
            }
            _ if late => Err(E::StepTimedOut),
            _ if over => Err(E::SessionExpired),
            T::Update => self.update(i64::from(step.argument), now),
            T::Close if ![1, 2].contains(&step.argument) && !(16..).contains(&step.argument) => Err(E::InvalidConfiguration),
            T::Close => {
                self.reason = step.argument.min(255) as u8;
                self.go(to, now)
            }
            T::CompleteActivation => {
                self.granted = Some((now, i64::from(self.config.max_duration)));
                self.go(to, now)
            }
            _ => self.go(to, now),
        }
    }

    fn abort(&mut self, reason: u32, creator: bool, late: bool, now: i64) -> Result<(), SessionError> {
        let own = if creator { 2 } else { 3 };
        self.reason = match (reason, late) {
            (0 | 4, true) => 4,
            (2 | 3, true) => return Err(SessionError::StepTimedOut),
            (4, false) => return Err(SessionError::NotYetExpired),
            (0, false) => own,
            (2 | 3, false) if reason == u32::from(own) => own,
            (2 | 3, false) => return Err(SessionError::PermissionDenied),
            _ => return Err(SessionError::InvalidConfiguration),
        };
        self.go(Status::Closed, now)
    }

    fn update(&mut self, seconds: i64, now: i64) -> Result<(), SessionError> {
        let hard_limit = i64::from(self.config.hard_limit);
        let room = self.first(Status::Active).map_or(hard_limit, |active| active + hard_limit - now);
        if seconds == 0 || seconds > room {
            return Err(SessionError::InvalidConfiguration);
        }
        match self.first(Status::Active) {
            None => self.config.max_duration = seconds as u32,
            Some(_) => {
                let stopped = self.status == Status::Paused && self.has(Settings::PAUSE_STOPS_CLOCK);
                self.granted = Some((if stopped { self.since() } else { now }, seconds));
            }
        }
        Ok(())
    }
}
