//! A membership: one wallet's account in one session. It begins and ends in [`join`], its rights and its session key change in [`rights`],
//! and [`authorize`] is the only way to act with it. What it executes is counted in [`execute`], what other programs charge it in [`consume`].
//!
//! The account stays until the session is closed, also of one who left or was removed, so that coming back resets nothing that was used.

mod act;
mod consume;
mod execute;
mod join;
mod rights;

pub use {
    act::{Asked, Permit, Single, authorize, permitted},
    consume::Standing,
    execute::Execution,
};

use {
    super::{AccountHeader, Act, SessionState, all_hold, child::child, header::account},
    crate::{
        Address, NOBODY,
        error::{Denial, SessionError},
        events::{Event, EventHeader, EventSink},
        rules::{
            membership::{MemberStatus, Rights},
            permissions::{Permissions, covers},
            quotas::Usage,
            time,
        },
        same,
    },
    bytemuck::{Pod, Zeroable},
};

/// First seed of a member's address; the session's address and the wallet follow.
pub const SEED_MEMBER: &[u8] = b"member";

/// A wallet's membership of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct MemberState {
    /// What every account begins with.
    pub header: AccountHeader,
    /// The address of the session.
    pub session: Address,
    /// Whose membership it is.
    pub wallet: Address,
    /// What the member has.
    pub rights: Rights,
    /// What it has used, in all its time in the session.
    pub usage: Usage,
    /// A key that acts for the member; zero if there is none.
    pub session_key: Address,
    /// When the session key expires, in Unix seconds.
    pub key_expires_at: i64,
    /// When the membership began, or began again.
    pub starts_at: i64,
    /// This account's revision when the membership began, or began again: invitations that this member made before count no more.
    pub join_revision: u64,
    /// The session's revision when the member last left or was removed; 0 if never. An older invitation does not lead one back who was removed,
    /// and widens nothing for one who left.
    pub gone_revision: u64,
    /// How many functions the member executed.
    pub executions: u64,
    /// How many compute units they took, where that is recorded.
    pub compute_units: u64,
    /// When the member last used the session, in Unix seconds; 0 if it never did.
    pub last_active_at: i64,
    /// What the session key may do, as far as its member may: bits of [`Permissions`].
    pub key_permissions: u32,
    /// A byte of [`MemberStatus`].
    pub status: u8,
    /// Zero.
    pub padding: [u8; 3],
    /// What may be done in the execution that is running: bits of [`Permissions`], those of whoever signed it. Programs that are called by it see
    /// them here; between two transactions there are none.
    pub executing: u32,
    /// Zero; for later versions.
    pub reserved: [u8; 4],
}

account!(MemberState = "Member", 0x3613_a215_1da6_11c6, MemberNotFound);
child!(MemberState);

impl MemberState {
    /// The seeds of a member's address, without the bump.
    pub const fn seeds<'a>(session: &'a Address, wallet: &'a Address) -> [&'a [u8]; 3] {
        [SEED_MEMBER, session.as_array(), wallet.as_array()]
    }

    /// The status.
    ///
    /// # Errors
    /// UnsupportedVersion if the byte is none of this version's.
    pub const fn status(&self) -> Result<MemberStatus, SessionError> {
        match MemberStatus::from_byte(self.status) {
            Some(status) => Ok(status),
            None => Err(SessionError::UnsupportedVersion),
        }
    }

    /// Whether the member is in the session.
    #[inline(always)]
    pub const fn is_active(&self) -> bool {
        self.status == MemberStatus::Active as u8
    }

    /// Whether the membership's time is over.
    #[inline(always)]
    pub const fn has_expired(&self, now: i64) -> bool {
        time::has_passed(now, self.rights.expires_at)
    }

    /// Checks that the member is in the session and its time not over, for one who acts with the membership.
    #[inline(always)]
    pub(super) fn check_in(&self, now: i64) -> Result<(), Denial> {
        if !self.is_active() {
            Err(Denial::NotActive)
        } else if self.has_expired(now) {
            Err(Denial::Expired)
        } else {
            Ok(())
        }
    }

    /// The same for one whom another's act is about.
    #[inline(always)]
    pub(super) fn check_present(&self, now: i64) -> Result<(), SessionError> {
        if self.check_in(now).is_err() { Err(SessionError::MemberNotActive) } else { Ok(()) }
    }

    /// Checks that the wallet itself acts, for what a session key never does.
    #[inline(always)]
    pub(super) fn check_wallet(&self, act: &Act<'_>) -> Result<(), Denial> {
        if same(&self.wallet, act.signer) { Ok(()) } else { Err(Denial::NotTheWallet) }
    }

    /// Refuses this member an invitation that it has made, which is for somebody else: its membership would stand in two places.
    ///
    /// # Errors
    /// InvitationNotForSigner.
    #[inline(always)]
    pub fn check_is_not(&self, wallet: &Address) -> Result<(), SessionError> {
        if same(&self.wallet, wallet) { Err(SessionError::InvitationNotForSigner) } else { Ok(()) }
    }

    /// Refuses this member a token that it has made: its membership would stand in two places.
    ///
    /// # Errors
    /// AlreadyMember; InvitationRevoked if the inviter is in the session no longer, for the offer went with them.
    #[inline(always)]
    pub fn check_has_not_made(&self, wallet: &Address) -> Result<(), SessionError> {
        match (same(&self.wallet, wallet), self.is_active()) {
            (false, _) => Ok(()),
            (true, true) => Err(SessionError::AlreadyMember),
            (true, false) => Err(SessionError::InvitationRevoked),
        }
    }

    /// Checks that the member has `permission` in `session`, whatever the session's status.
    #[inline(always)]
    pub(super) fn check_permitted(&self, session: &SessionState, permission: Permissions) -> Result<(), Denial> {
        let permitted = session.config.permissions & self.rights.permissions;
        if covers(permitted, permission.bits()) { Ok(()) } else { Err(Denial::NotPermitted) }
    }

    /// Forgets the session key.
    #[inline(always)]
    fn drop_key(&mut self) {
        self.session_key = NOBODY;
        self.key_expires_at = 0;
        self.key_permissions = 0;
    }

    /// Whether there is a session key, expired or not.
    #[inline(always)]
    pub fn has_key(&self) -> bool {
        !same(&self.session_key, &NOBODY)
    }

    /// Tells of the write just counted; the account is at `account`.
    #[inline(always)]
    fn tell<E: Event>(
        &mut self,
        session_id: &[u8; 32],
        account: &Address,
        act: &Act<'_>,
        events: &mut impl EventSink,
        event: impl FnOnce(&Self, EventHeader) -> E,
    ) {
        let header = self.header.begin_event(session_id, account, act.now);
        events.emit(&event(self, header));
    }

    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> Result<(), &'static str> {
        let status = self.status().map_err(|_| "the status has a name")?;
        let rights = &self.rights;
        let rules = [
            (self.padding == [0; 3] && self.reserved == [0; 4] && rights.reserved == [0; 3], "reserved bytes are zero"),
            (self.usage.is_within(&rights.quotas), "nothing is used beyond its limit"),
            (Permissions::from_bits(rights.permissions).is_some(), "every permission has a name"),
            (Permissions::from_bits(self.key_permissions).is_some(), "every permission of the key has a name"),
            (self.executing == 0, "no execution runs on"),
            (status == MemberStatus::Active || !self.has_key(), "one who is not in the session has no key"),
            (self.has_key() || (self.key_expires_at == 0 && self.key_permissions == 0), "without a key nothing is said of it"),
            (status == MemberStatus::Active || self.gone_revision > 0, "a departure is known"),
            (self.join_revision > 0 && self.join_revision <= self.header.revision, "the membership began with a write"),
            (self.starts_at != 0, "the membership began"),
        ];
        all_hold(self.header.invariant().iter().chain(&rules))
    }
}
