//! What a member may do: its rights, which the authority changes, and its session key, which it gives itself.

use {
    super::MemberState,
    crate::{
        Address, NOBODY, Result,
        error::{InvalidField, SessionError},
        events::{EventSink, MemberUpdated, SessionKeyCleared, SessionKeySet},
        rules::{
            config::check_permissions,
            lifecycle::When,
            membership::{MemberUpdate, OF_ROLE, Rights, expiry},
            permissions::covers,
        },
        same,
        state::{Act, At, SessionState, session::only},
    },
};

impl MemberState {
    /// Changes the member's rights, by the authority, from Created to Paused. The authority rules, so it may give more than it has itself.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive, StepTimedOut, SessionExpired; MemberNotActive if the member left or was
    /// removed; InvalidConfiguration with the field's name.
    #[inline(always)]
    pub fn update(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &SessionState>,
        update: &MemberUpdate,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        only(&session.state.authority, act)?;
        session.state.check_allows(When::Ruling, act.now)?;
        if !self.is_active() {
            return Err(SessionError::MemberNotActive.into());
        }
        let rights = update.applied_to(&self.rights, &self.usage, session.state.elapsed(act.now))?;
        self.header.count_write()?;
        if self.has_expired(act.now) {
            // The key ended with the membership, and does not come back with it.
            self.drop_key();
        }
        self.usage = self.usage.under(&self.rights.quotas, &rights.quotas, session.state.elapsed(act.now));
        self.rights = rights;
        self.tell(&session.state.id, act.account, act, events, |state, about| {
            let Rights { expires_at, permissions, role, .. } = state.rights;
            MemberUpdated::new(about, state.wallet, expires_at, permissions, role, [0; 3])
        });
        Ok(())
    }

    /// Gives the member a session key for `ttl` seconds, by its wallet, from Created to Active; it replaces an earlier one. `permissions` are
    /// not wider than the member's; [`OF_ROLE`] stands for those. The key acts through [`crate::state::authorize`] and nothing else.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied, with the reason; SessionNotActive, StepTimedOut, SessionExpired; InvalidConfiguration with
    /// the field's name; PermissionsTooWide.
    #[inline(always)]
    pub fn set_session_key(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &SessionState>,
        key: &Address,
        permissions: u32,
        ttl: u32,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        self.check_wallet(act)?;
        self.check_in(act.now)?;
        session.state.check_allows(When::Joining, act.now)?;
        if same(key, &NOBODY) {
            return Err(InvalidField::Key.into());
        }
        if ttl == 0 {
            return Err(InvalidField::Ttl.into());
        }
        let permissions = if permissions == OF_ROLE {
            self.rights.permissions
        } else {
            check_permissions(permissions)?;
            permissions
        };
        if !covers(self.rights.permissions, permissions) {
            return Err(SessionError::PermissionsTooWide.into());
        }
        self.header.count_write()?;
        self.session_key = *key;
        self.key_permissions = permissions;
        self.key_expires_at = expiry(ttl, act.now);
        self.tell(&session.state.id, act.account, act, events, |state, about| SessionKeySet::new(about, state.session_key));
        Ok(())
    }

    /// Takes the session key back, by the wallet, in any status before Closed.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive; SessionKeyNotFound.
    #[inline(always)]
    pub fn clear_session_key(&mut self, act: &Act<'_>, session: At<'_, &SessionState>, events: &mut impl EventSink) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        self.check_wallet(act)?;
        session.state.check_allows(When::Leaving, act.now)?;
        if !self.has_key() {
            return Err(SessionError::SessionKeyNotFound.into());
        }
        self.header.count_write()?;
        self.drop_key();
        self.tell(&session.state.id, act.account, act, events, |state, about| SessionKeyCleared::new(about, state.wallet));
        Ok(())
    }
}
