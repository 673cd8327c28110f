//! Coming in and going out: the creator's membership, joining with and without an invitation, leaving, being removed.

use {
    super::MemberState,
    crate::{
        Address, Result,
        error::{Denial, SessionError},
        events::{EventSink, InvitationAccepted, MemberJoined, MemberLeft, MemberRemoved},
        rules::{
            lifecycle::When,
            membership::{MemberStatus, Rights, Role},
            permissions::{Permissions, Settings, covers},
            quotas::Usage,
            time,
        },
        same,
        state::{AccountHeader, Act, At, Creation, InvitationState, InviteTokenState, SessionState, header::tell},
    },
};

/// How a wallet comes into a session.
struct Entry<'a> {
    /// What it gets.
    rights: Rights,
    /// What it has used of that.
    usage: Usage,
    /// How its account came about, if it was made for this.
    made: Option<Creation<'a>>,
}

impl MemberState {
    /// Makes the creator's membership, together with the session. `self` is the zeroed account; the session counts it already.
    ///
    /// No event tells of it but the session's own: whoever creates a session is its first member.
    #[inline(always)]
    pub fn found(&mut self, act: &Act<'_>, session: &At<'_, &SessionState>, made: &Creation<'_>) {
        self.header = AccountHeader::new(*made.payer, session.state.header.epoch, made.bump);
        self.session = *session.address;
        self.wallet = session.state.creator;
        self.rights = Rights::of(Role::Owner);
        self.starts_at = act.now;
        self.status = MemberStatus::Active as u8;
        self.header.revision = 1;
        self.join_revision = 1;
    }

    /// Joins without an invitation as a member, where the session allows it; one who comes back gets no more than they had.
    ///
    /// # Errors
    /// AlreadyMember; InvitationRequired, under INVITE_ONLY and for one who was removed; SessionNotActive, StepTimedOut, SessionExpired;
    /// PermissionDenied if one who comes back had an end that is over; SessionFull.
    #[inline(always)]
    pub fn join(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        made: Option<Creation<'_>>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.check_may_enter(act, &session, made.is_some())?;
        if session.state.config.has(Settings::INVITE_ONLY) || self.is_removed() {
            return Err(SessionError::InvitationRequired.into());
        }
        session.state.check_allows(When::Joining, act.now)?;
        let rights = self.on_return(Rights::of(Role::Member), made.is_some());
        let usage = self.check_entry(act, session.state, &rights)?;
        self.enter(act, session, &Entry { rights, usage, made }, events)
    }

    /// Joins with the invitation that the wallet was sent, which is used up with it: its account is the caller's to delete.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch, MemberNotFound if `inviter` is not its inviter; InvitationNotForSigner; AlreadyMember; SessionNotActive,
    /// StepTimedOut, SessionExpired; InvitationExpired; InvitationRevoked if the inviter could not give it any more, or if the wallet was
    /// removed after it was made; PermissionDenied if one who comes back had an end that is over; SessionFull; QuotaExceeded if one who comes
    /// back has used up what they would get.
    #[inline(always)]
    pub fn accept_invitation(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        invitation: At<'_, &mut InvitationState>,
        inviter: &MemberState,
        made: Option<Creation<'_>>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: invitation } = invitation;
        inviter.check_is_not(act.signer)?;
        invitation.check_belongs(session.address, session.state)?;
        invitation.offer.check_is_of(inviter, &session)?;
        if !same(&invitation.target, act.signer) {
            return Err(SessionError::InvitationNotForSigner.into());
        }
        self.check_may_enter(act, &session, made.is_some())?;
        session.state.check_allows(When::Joining, act.now)?;
        invitation.offer.check_expiry(act.now)?;
        invitation.offer.check_inviter(inviter, session.state, act.now)?;
        // Who was away when it was made gets what it says; before that it was for the member who they were, and widens nothing.
        let is_older = invitation.offer.session_revision <= self.gone_revision;
        if self.is_removed() && is_older {
            return Err(SessionError::InvitationRevoked.into());
        }
        let offered = invitation.offer.rights;
        let rights = if is_older { self.on_return(offered, made.is_some()) } else { offered };
        let usage = self.check_entry(act, session.state, &rights)?;
        invitation.header.count_write()?;
        tell(&mut invitation.header, &session.state.id, address, act, events, |about| {
            InvitationAccepted::new(about, *act.signer, 0, [0; 4])
        });
        session.state.release()?;
        self.enter(act, session, &Entry { rights, usage, made }, events)
    }

    /// Joins with a token: whoever holds its key, `holder`, signs as well, so that nobody who only sees the token can use it.
    ///
    /// # Errors
    /// Those of [`MemberState::accept_invitation`], but: InvitationNotForSigner if `holder` is not the token's key, InvitationExhausted if
    /// its uses are used up, InvitationRequired for a wallet that was removed.
    #[inline(always)]
    pub fn join_with_token(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        token: At<'_, &mut InviteTokenState>,
        holder: &Address,
        inviter: &MemberState,
        made: Option<Creation<'_>>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let At { address, state: token } = token;
        inviter.check_has_not_made(act.signer)?;
        token.check_belongs(session.address, session.state)?;
        token.offer.check_is_of(inviter, &session)?;
        if !same(&token.token, holder) {
            return Err(SessionError::InvitationNotForSigner.into());
        }
        self.check_may_enter(act, &session, made.is_some())?;
        if self.is_removed() {
            return Err(SessionError::InvitationRequired.into());
        }
        session.state.check_allows(When::Joining, act.now)?;
        token.offer.check_expiry(act.now)?;
        let uses_left = token.uses_left.checked_sub(1).ok_or(SessionError::InvitationExhausted)?;
        token.offer.check_inviter(inviter, session.state, act.now)?;
        let rights = self.on_return(token.offer.rights, made.is_some());
        let usage = self.check_entry(act, session.state, &rights)?;
        token.header.count_write()?;
        token.uses_left = uses_left;
        tell(&mut token.header, &session.state.id, address, act, events, |about| {
            InvitationAccepted::new(about, *act.signer, uses_left, [0; 4])
        });
        self.enter(act, session, &Entry { rights, usage, made }, events)
    }

    /// Leaves the session, in any status before Closed. The authority cannot.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied, with the reason; SessionNotActive.
    #[inline(always)]
    pub fn leave(&mut self, act: &Act<'_>, session: At<'_, &mut SessionState>, events: &mut impl EventSink) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        self.check_wallet(act)?;
        if !self.is_active() {
            return Err(Denial::NotActive.into());
        }
        session.state.check_may_go(&self.wallet)?;
        session.state.check_allows(When::Leaving, act.now)?;
        self.exit(session.state, MemberStatus::Left)?;
        self.tell(&session.state.id, act.account, act, events, |state, about| MemberLeft::new(about, state.wallet));
        Ok(())
    }

    /// Removes the member, in any status before Closed: by a member with REMOVE_MEMBERS who has all the permissions that this one has, or by
    /// anyone once the membership has expired. Also one who left is removed so, and then does not come back by themselves. The authority
    /// is never removed.
    ///
    /// # Errors
    /// AccountsMustDiffer for oneself; WrongSession, StaleEpoch; PermissionDenied, with the reason; SessionNotActive; MemberNotActive if the
    /// member was removed before.
    #[inline(always)]
    pub fn remove(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        remover: Option<&MemberState>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        if let Some(remover) = remover {
            if same(&remover.wallet, &self.wallet) {
                return Err(SessionError::AccountsMustDiffer.into());
            }
            remover.check_belongs(session.address, session.state)?;
            remover.check_wallet(act)?;
        }
        if !(self.is_active() && self.has_expired(act.now)) {
            let remover = remover.ok_or(Denial::NotAMember)?;
            remover.check_in(act.now)?;
            remover.check_permitted(session.state, Permissions::REMOVE_MEMBERS)?;
            if !covers(remover.rights.permissions, self.rights.permissions) {
                return Err(Denial::MorePermitted.into());
            }
        }
        session.state.check_may_go(&self.wallet)?;
        session.state.check_allows(When::Leaving, act.now)?;
        if self.is_removed() {
            return Err(SessionError::MemberNotActive.into());
        }
        self.exit(session.state, MemberStatus::Removed)?;
        self.tell(&session.state.id, act.account, act, events, |state, about| MemberRemoved::new(about, state.wallet, *act.signer));
        Ok(())
    }

    /// Whether the member was removed and has not come back.
    #[inline(always)]
    pub const fn is_removed(&self) -> bool {
        self.status == MemberStatus::Removed as u8
    }

    /// What one gets who comes in on their own, by `join_session` or a token: who was in the session before gets nothing that they did not have,
    /// or leaving and coming back would undo whatever the authority has taken from them.
    #[inline(always)]
    fn on_return(&self, rights: Rights, made: bool) -> Rights {
        if made { rights } else { rights.narrowed_to(&self.rights) }
    }

    /// Checks the account that a wallet wants to come in with, unless it was made for this.
    #[inline(always)]
    fn check_may_enter(&self, act: &Act<'_>, session: &At<'_, &mut SessionState>, made: bool) -> Result<()> {
        if made {
            return Ok(());
        }
        self.check_belongs(session.address, session.state)?;
        self.check_wallet(act)?;
        if self.is_active() { Err(SessionError::AlreadyMember.into()) } else { Ok(()) }
    }

    /// Checks what is left to check before anything changes: that the membership is not over before it begins, that there is a seat, that
    /// what was used fits what is given. Gives the usage under these rights.
    // Not inlined: every way into a session shares it.
    #[inline(never)]
    fn check_entry(&self, act: &Act<'_>, session: &SessionState, rights: &Rights) -> Result<Usage> {
        if time::has_passed(act.now, rights.expires_at) {
            // Only one who comes back can have an end that is over: it was theirs.
            return Err(Denial::Expired.into());
        }
        session.check_seat()?;
        let usage = self.usage.under(&self.rights.quotas, &rights.quotas, session.elapsed(act.now));
        if !usage.is_within(&rights.quotas) {
            return Err(SessionError::QuotaExceeded.into());
        }
        session.header.check_writes(2)?;
        self.header.check_writes(1)?;
        Ok(usage)
    }

    /// Takes a seat.
    // Not inlined: every way into a session shares it.
    #[inline(never)]
    fn enter(&mut self, act: &Act<'_>, session: At<'_, &mut SessionState>, entry: &Entry<'_>, events: &mut impl EventSink) -> Result<()> {
        let At { address, state: session } = session;
        session.members = session.members.checked_add(1).ok_or(SessionError::ArithmeticOverflow)?;
        if let Some(made) = entry.made {
            self.header = AccountHeader::new(*made.payer, session.header.epoch, made.bump);
            self.session = *address;
            self.wallet = *act.signer;
            session.adopt()?;
        } else {
            session.header.count_write()?;
        }
        self.header.count_write()?;
        self.rights = entry.rights;
        self.usage = entry.usage;
        self.status = MemberStatus::Active as u8;
        self.starts_at = act.now;
        self.join_revision = self.header.revision;
        self.tell(&session.id, act.account, act, events, |state, about| {
            let Rights { expires_at, permissions, role, .. } = state.rights;
            MemberJoined::new(about, state.wallet, expires_at, permissions, role, [0; 3])
        });
        Ok(())
    }

    /// Gives a seat back, if there is one; the session key ends with it.
    #[inline(always)]
    fn exit(&mut self, session: &mut SessionState, status: MemberStatus) -> Result<()> {
        let seats = u32::from(self.is_active());
        let members = session.members.checked_sub(seats).ok_or(SessionError::ArithmeticOverflow)?;
        session.header.check_writes(1)?;
        self.header.count_write()?;
        session.header.count_write()?;
        session.members = members;
        session.withdraw_proposal(&self.wallet);
        self.status = status as u8;
        self.gone_revision = session.header.revision;
        self.drop_key();
        Ok(())
    }
}
