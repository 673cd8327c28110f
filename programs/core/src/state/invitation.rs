//! Invitations: to a wallet, used once and then gone; and tokens, which admit whoever holds their key as often as they have uses.
//!
//! Both carry an [`Offer`]: who makes it, what it admits to, until when. It is checked when it is made and again when it is accepted, for the
//! inviter may have lost what it gives.

use {
    super::{
        AccountHeader, Act, At, Creation, MemberState, SessionState, all_hold,
        child::child,
        header::{account, tell},
    },
    crate::{
        Address, NOBODY, Result,
        error::{InvalidField, SessionError},
        events::{EventSink, InvitationDeclined, InvitationRevoked, MemberInvited, TokenCreated},
        rules::{
            lifecycle::When,
            membership::{Rights, Terms, expiry},
            permissions::Permissions,
            time,
        },
        same,
    },
    bytemuck::{Pod, Zeroable},
};

/// First seed of an invitation's address; the session's address and the invited wallet follow.
pub const SEED_INVITATION: &[u8] = b"invitation";
/// First seed of an invite token's address; the session's address and the token's key follow.
pub const SEED_TOKEN: &[u8] = b"token";

/// What an invitation offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct Offer {
    /// The member who makes it.
    pub inviter: Address,
    /// The inviter's join revision then: it counts only as long as they have been in the session without a break.
    pub inviter_join_revision: u64,
    /// The session's revision when it was made.
    pub session_revision: u64,
    /// When it expires, in Unix seconds.
    pub expires_at: i64,
    /// What it admits to.
    pub rights: Rights,
}

impl Offer {
    /// What `inviter` offers by these terms for `ttl` seconds (0: as long as the session says).
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied, with the reason; SessionNotActive, StepTimedOut, SessionExpired; InvalidConfiguration with
    /// the field's name; PermissionsTooWide.
    #[inline(always)]
    fn make(act: &Act<'_>, session: &At<'_, &mut SessionState>, inviter: &MemberState, terms: &Terms, ttl: u32) -> Result<Self> {
        inviter.check_belongs(session.address, session.state)?;
        inviter.check_wallet(act)?;
        let mut offer = Self::endless(session.state, inviter, terms, act.now)?;
        let ttl = if ttl == 0 { session.state.config.invitation_ttl } else { ttl };
        offer.expires_at = expiry(ttl, act.now);
        Ok(offer)
    }

    /// The same without an end.
    // Not inlined: invitations and tokens share it.
    #[inline(never)]
    fn endless(session: &SessionState, inviter: &MemberState, terms: &Terms, now: i64) -> Result<Self> {
        inviter.check_in(now)?;
        inviter.check_permitted(session, Permissions::INVITE_MEMBERS)?;
        session.check_allows(When::Joining, now)?;
        Ok(Self {
            inviter: inviter.wallet,
            inviter_join_revision: inviter.join_revision,
            // Of the write that makes it, which is counted behind this.
            session_revision: session.header.revision,
            expires_at: i64::MAX,
            rights: terms.given_by(&inviter.rights, now)?,
        })
    }

    /// Refuses an offer whose time is over, or that admits to a membership whose time is.
    #[inline(always)]
    pub(super) fn check_expiry(&self, now: i64) -> core::result::Result<(), SessionError> {
        let over = time::has_passed(now, self.expires_at) || time::has_passed(now, self.rights.expires_at);
        if over { Err(SessionError::InvitationExpired) } else { Ok(()) }
    }

    /// Checks that `inviter` is the one who made it, in this life of the session.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; MemberNotFound if `inviter` is somebody else.
    #[inline(always)]
    pub(super) fn check_is_of(&self, inviter: &MemberState, session: &At<'_, &mut SessionState>) -> core::result::Result<(), SessionError> {
        inviter.check_belongs(session.address, session.state)?;
        if same(&inviter.wallet, &self.inviter) { Ok(()) } else { Err(SessionError::MemberNotFound) }
    }

    /// Checks that its inviter could still make it.
    ///
    /// # Errors
    /// InvitationRevoked.
    // Not inlined: invitations and tokens share it.
    #[inline(never)]
    pub(super) fn check_inviter(&self, inviter: &MemberState, session: &SessionState, now: i64) -> core::result::Result<(), SessionError> {
        let still = inviter.check_in(now).is_ok()
            && inviter.join_revision == self.inviter_join_revision
            && inviter.check_permitted(session, Permissions::INVITE_MEMBERS).is_ok()
            && self.rights.are_within(&inviter.rights);
        if still { Ok(()) } else { Err(SessionError::InvitationRevoked) }
    }
}

/// An invitation to a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct InvitationState {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The address of the session.
    pub session: Address,
    /// Who is invited.
    pub target: Address,
    /// What is offered.
    pub offer: Offer,
    /// Zero; for later versions.
    pub reserved: [u8; 8],
}

/// A token that admits whoever holds its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct InviteTokenState {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The address of the session.
    pub session: Address,
    /// The token's key: the public half of the secret that a link carries.
    pub token: Address,
    /// What is offered.
    pub offer: Offer,
    /// How many it admits in all.
    pub uses: u32,
    /// How many it still admits.
    pub uses_left: u32,
    /// Zero; for later versions.
    pub reserved: [u8; 8],
}

account!(InvitationState = "Invitation", 0x2164_1401_5ebe_6f6a, InvitationNotFound);
child!(InvitationState);

impl InvitationState {
    /// The seeds of an invitation's address, without the bump.
    pub const fn seeds<'a>(session: &'a Address, target: &'a Address) -> [&'a [u8]; 3] {
        [SEED_INVITATION, session.as_array(), target.as_array()]
    }

    /// Invites `target`, by a member with INVITE_MEMBERS, from Created to Active. `self` is the zeroed account.
    ///
    /// # Errors
    /// Those of an offer: WrongSession, StaleEpoch; PermissionDenied, with the reason; SessionNotActive, StepTimedOut, SessionExpired;
    /// InvalidConfiguration with the field's name; PermissionsTooWide.
    #[inline(always)]
    pub fn invite(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        inviter: &MemberState,
        target: &Address,
        terms: &Terms,
        [ttl, reserved]: [u32; 2],
        made: &Creation<'_>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let offer = Offer::make(act, &session, inviter, terms, ttl)?;
        if same(target, &inviter.wallet) {
            return Err(InvalidField::Member.into());
        }
        if reserved != 0 {
            return Err(InvalidField::Reserved.into());
        }
        session.state.adopt()?;
        self.header = AccountHeader::new(*made.payer, session.state.header.epoch, made.bump);
        self.session = *session.address;
        self.target = *target;
        self.offer = offer;
        self.offer.session_revision = session.state.header.revision;
        self.header.count_write()?;
        let Offer { inviter, expires_at, rights, .. } = &self.offer;
        tell(&mut self.header, &session.state.id, act.account, act, events, |about| {
            MemberInvited::new(about, *target, *inviter, *expires_at, rights.permissions, rights.role, [0; 3])
        });
        Ok(())
    }

    /// Declines the invitation, by whom it is for, in any status before Closed. Its account is the caller's to delete.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; InvitationNotForSigner; SessionNotActive.
    #[inline(always)]
    pub fn decline(&mut self, act: &Act<'_>, session: At<'_, &mut SessionState>, events: &mut impl EventSink) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        if !same(&self.target, act.signer) {
            return Err(SessionError::InvitationNotForSigner.into());
        }
        session.state.check_allows(When::Leaving, act.now)?;
        session.state.header.check_writes(1)?;
        self.header.count_write()?;
        session.state.release()?;
        tell(&mut self.header, &session.state.id, act.account, act, events, |about| InvitationDeclined::new(about, *act.signer));
        Ok(())
    }

    /// Takes the invitation back, by its inviter or the authority, and by anyone once it has expired, in any status before Closed. Its account
    /// is the caller's to delete.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive.
    #[inline(always)]
    pub fn revoke(&mut self, act: &Act<'_>, session: At<'_, &mut SessionState>, events: &mut impl EventSink) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        revoke(&mut self.header, &self.offer, act, session.state, events)
    }

    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> core::result::Result<(), &'static str> {
        let rules =
            [(self.reserved == [0; 8], "reserved bytes are zero"), (self.target != self.offer.inviter, "nobody invites themselves")];
        all_hold(self.header.invariant().iter().chain(&self.offer.invariant()).chain(&rules))
    }
}

account!(InviteTokenState = "InviteToken", 0xc351_1c91_4ed6_6e41, InvitationNotFound);
child!(InviteTokenState);

impl InviteTokenState {
    /// The seeds of a token's address, without the bump.
    pub const fn seeds<'a>(session: &'a Address, token: &'a Address) -> [&'a [u8]; 3] {
        [SEED_TOKEN, session.as_array(), token.as_array()]
    }

    /// Makes a token with this key that admits `uses` wallets, by a member with INVITE_MEMBERS, from Created to Active. `self` is the zeroed
    /// account.
    ///
    /// # Errors
    /// Those of [`InvitationState::invite`].
    #[inline(always)]
    pub fn create(
        &mut self,
        act: &Act<'_>,
        session: At<'_, &mut SessionState>,
        inviter: &MemberState,
        token: &Address,
        terms: &Terms,
        [ttl, uses]: [u32; 2],
        made: &Creation<'_>,
        events: &mut impl EventSink,
    ) -> Result<()> {
        let offer = Offer::make(act, &session, inviter, terms, ttl)?;
        if same(token, &NOBODY) {
            return Err(InvalidField::Token.into());
        }
        if uses == 0 {
            return Err(InvalidField::Uses.into());
        }
        session.state.adopt()?;
        self.header = AccountHeader::new(*made.payer, session.state.header.epoch, made.bump);
        self.session = *session.address;
        self.token = *token;
        self.offer = offer;
        self.offer.session_revision = session.state.header.revision;
        (self.uses, self.uses_left) = (uses, uses);
        self.header.count_write()?;
        let Offer { inviter, expires_at, rights, .. } = &self.offer;
        tell(&mut self.header, &session.state.id, act.account, act, events, |about| {
            TokenCreated::new(about, *token, *inviter, *expires_at, rights.permissions, uses, rights.role, [0; 7])
        });
        Ok(())
    }

    /// Takes the token back, by its inviter or the authority, and by anyone once it has expired, in any status before Closed. Its account is the
    /// caller's to delete.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive.
    #[inline(always)]
    pub fn revoke(&mut self, act: &Act<'_>, session: At<'_, &mut SessionState>, events: &mut impl EventSink) -> Result<()> {
        self.check_belongs(session.address, session.state)?;
        revoke(&mut self.header, &self.offer, act, session.state, events)
    }

    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> core::result::Result<(), &'static str> {
        let rules = [
            (self.reserved == [0; 8], "reserved bytes are zero"),
            (self.uses > 0 && self.uses_left <= self.uses, "a token has as many uses as it was made with, or fewer"),
        ];
        all_hold(self.header.invariant().iter().chain(&self.offer.invariant()).chain(&rules))
    }
}

impl Offer {
    fn invariant(&self) -> [(bool, &'static str); 3] {
        [
            (self.rights.reserved == [0; 3], "reserved bytes of the rights are zero"),
            (Permissions::from_bits(self.rights.permissions).is_some(), "every permission has a name"),
            (self.inviter_join_revision > 0 && self.session_revision > 0, "an invitation has its place in the session's life"),
        ]
    }
}

/// Takes back what either account offers.
// Not inlined: invitations and tokens share it.
#[inline(never)]
fn revoke(header: &mut AccountHeader, offer: &Offer, act: &Act<'_>, session: &mut SessionState, events: &mut impl EventSink) -> Result<()> {
    let anyone = time::has_passed(act.now, offer.expires_at);
    if !(anyone || same(&offer.inviter, act.signer) || same(&session.authority, act.signer)) {
        return Err(SessionError::PermissionDenied.into());
    }
    session.check_allows(When::Leaving, act.now)?;
    session.header.check_writes(1)?;
    header.count_write()?;
    session.release()?;
    tell(header, &session.id, act.account, act, events, |about| InvitationRevoked::new(about, *act.signer));
    Ok(())
}
