//! `authorize`: the only way to act with a membership, on every path.

use {
    super::MemberState,
    crate::{
        Address, Result,
        error::{Denial, SessionError},
        rules::{
            lifecycle::When,
            permissions::{Permissions, covers},
            quotas::{Cost, Elapsed, Usage},
            time,
        },
        same,
        state::{Act, Held, SessionState},
    },
};

/// What [`authorize`] gives: the act is permitted, and there is room for it in every quota. What it costs is still to be charged.
#[must_use = "an act that is permitted is still to be charged"]
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    member: Usage,
    shared: Option<Usage>,
    now: i64,
}

/// Whether the signer may act as `member` of `session` (at `address`) with `permission` at this `cost`, now.
///
/// The signer is the member's wallet, or its session key while that has not expired. What is permitted is what the session, the member and,
/// for a session key, the key all permit. The session must be active and its time not over.
///
/// # Errors
/// In this order: WrongSession, StaleEpoch; PermissionDenied, with the reason; SessionNotActive, SessionExpired; QuotaExceeded.
#[inline(always)]
pub fn authorize(
    session: &SessionState,
    member: &MemberState,
    act: &Act<'_>,
    address: &Address,
    permission: Permissions,
    cost: &Cost,
) -> Result<Permit> {
    permitted(session, member, act, address, permission)?;
    let elapsed = session.elapsed(act.now);
    let member = member.usage.plus(cost, &member.rights.quotas, elapsed)?;
    let limits = &session.config.quotas;
    let shared = if limits.are_unlimited() { None } else { Some(shared_usage(session, cost, &elapsed)?) };
    Ok(Permit { member, shared, now: act.now })
}

/// What the signer may do as `member` of `session` (at `address`), if that includes `permission`: [`authorize`] but for the quotas, which is what
/// other programs' guards ask.
///
/// # Errors
/// In this order: WrongSession, StaleEpoch; PermissionDenied, with the reason; SessionNotActive, SessionExpired.
#[inline(always)]
pub fn permitted(session: &SessionState, member: &MemberState, act: &Act<'_>, address: &Address, permission: Permissions) -> Result<u32> {
    member.check_belongs(address, session)?;
    let signed = if same(&member.wallet, act.signer) {
        u32::MAX
    } else if same(&member.session_key, act.signer) {
        if time::has_passed(act.now, member.key_expires_at) {
            return Err(Denial::KeyExpired.into());
        }
        member.key_permissions
    } else {
        return Err(Denial::NotThisMember.into());
    };
    member.permitted(session, signed, permission, act.now)
}

impl MemberState {
    /// What `signer` may do as this member, who is [`permitted`] to act: bits of [`Permissions`].
    #[inline(always)]
    pub(super) fn granted(&self, session: &SessionState, signer: &Address) -> u32 {
        let signed = if same(&self.wallet, signer) { u32::MAX } else { self.key_permissions };
        signed & session.config.permissions & self.rights.permissions
    }

    /// What the member may do by a signature that is good for `signed`, if that includes `permission`; the membership belongs to the session.
    #[inline(always)]
    pub(crate) fn permitted(&self, session: &SessionState, signed: u32, permission: Permissions, now: i64) -> Result<u32> {
        self.check_in(now)?;
        let permissions = signed & session.config.permissions & self.rights.permissions;
        if !covers(permissions, permission.bits()) {
            return Err(Denial::NotPermitted.into());
        }
        session.check_allows(When::Acting, now)?;
        Ok(permissions)
    }
}

/// What all members together will have used.
// Not inlined: it is long, and few sessions have shared limits.
#[inline(never)]
fn shared_usage(session: &SessionState, cost: &Cost, elapsed: &Elapsed) -> core::result::Result<Usage, SessionError> {
    session.usage.plus(cost, &session.config.quotas, *elapsed)
}

/// An act as [`authorize`] is asked for it, by those who can wait a little longer for the answer: what it decides is then not inlined, and the
/// program has it once for all of them.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The session's address.
    pub session: &'a Address,
    /// Who signed.
    pub signer: &'a Address,
    /// Now.
    pub now: i64,
    /// What has to be permitted.
    pub permission: Permissions,
    /// What it costs.
    pub cost: Cost,
}

impl<'a> Asked<'a> {
    /// What `act`, in the session at `session`, asks for.
    #[inline(always)]
    pub const fn new(act: &Act<'a>, session: &'a Address, permission: Permissions, cost: Cost) -> Self {
        Self { session, signer: act.signer, now: act.now, permission, cost }
    }

    /// Whether the act is permitted, and there is room for it in every quota.
    ///
    /// # Errors
    /// Those of [`authorize`].
    #[inline(never)]
    pub fn check(&self, session: &SessionState, member: &MemberState) -> Result<()> {
        let Self { session: address, signer, now, permission, cost } = self;
        let act = Act { account: address, signer, now: *now, slot: 0 };
        authorize(session, member, &act, address, *permission, cost).map(|_permit| ())
    }

    /// Writes what the act costs, which was checked: to the member's account, and to the session's if it has shared limits.
    ///
    /// # Errors
    /// SessionReadOnly; ArithmeticOverflow if the writes of one of them are used up.
    #[inline(never)]
    pub fn charge(&self, session: &mut Held<'_>, member: &mut MemberState) -> Result<()> {
        let Self { now, cost, .. } = self;
        let elapsed = session.elapsed(*now);
        let revision = member.header.next_revision()?;
        if !session.config.quotas.are_unlimited() {
            let shared = shared_usage(session, cost, &elapsed)?;
            let session = session.charged()?;
            session.usage = shared;
            session.last_active_at = *now;
        }
        member.usage.add(cost, &member.rights.quotas, elapsed)?;
        member.header.revision = revision;
        member.last_active_at = *now;
        Ok(())
    }
}

impl Permit {
    /// Writes what the act costs: to the member's account, and to the session's if it has shared limits. The session's own write is the caller's
    /// to count.
    ///
    /// # Errors
    /// ArithmeticOverflow if the member's writes are used up.
    #[inline(always)]
    pub fn charge(self, member: &mut MemberState, session: &mut SessionState) -> core::result::Result<(), SessionError> {
        member.header.count_write()?;
        self.write(member);
        if let Some(shared) = self.shared {
            session.usage = shared;
            session.last_active_at = self.now;
        }
        Ok(())
    }

    /// Writes what the member has used.
    #[inline(always)]
    fn write(&self, member: &mut MemberState) {
        member.usage = self.member;
        member.last_active_at = self.now;
    }
}

/// An act that costs one operation and nothing else, and is done with that: it is checked and charged at once, as by [`Asked`].
#[derive(Clone, Copy, Debug)]
pub struct Single<'a> {
    /// The session's address.
    pub session: &'a Address,
    /// Who signed.
    pub signer: &'a Address,
    /// Now.
    pub now: i64,
    /// What has to be permitted.
    pub permission: Permissions,
}

impl<'a> Single<'a> {
    /// `act`, in the session at `session`.
    #[inline(always)]
    pub const fn new(act: &Act<'a>, session: &'a Address, permission: Permissions) -> Self {
        Self { session, signer: act.signer, now: act.now, permission }
    }

    /// Checks it, and writes nothing.
    ///
    /// # Errors
    /// Those of [`Asked::check`].
    #[cold]
    #[inline(never)]
    pub fn check(&self, session: &SessionState, member: &MemberState) -> Result<()> {
        let Self { session: address, signer, now, permission } = *self;
        Asked { session: address, signer, now, permission, cost: Cost::of_bytes(0) }.check(session, member)
    }

    /// Checks it and writes what it costs; what is refused writes nothing.
    ///
    /// # Errors
    /// Those of [`Asked::check`] and [`Asked::charge`].
    #[inline(never)]
    pub fn take(&self, session: &mut Held<'_>, member: &mut MemberState) -> Result<()> {
        let Self { session: address, signer, now, permission } = self;
        let act = Act { account: address, signer, now: *now, slot: 0 };
        let Permit { member: usage, shared, .. } = authorize(session, member, &act, address, *permission, &Cost::of_bytes(0))?;
        let revision = member.header.next_revision()?;
        if let Some(shared) = shared {
            let session = session.charged()?;
            session.usage = shared;
            session.last_active_at = *now;
        }
        member.usage = usage;
        member.header.revision = revision;
        member.last_active_at = *now;
        Ok(())
    }
}
