//! `authorize`: the only way to act with a membership, on every path.

use {
    super::MemberState,
    crate::{
        Address, Result,
        error::{Denial, SessionError},
        rules::{
            lifecycle::When,
            permissions::{Permissions, covers},
            quotas::{Cost, Usage},
            time,
        },
        same,
        state::{Act, SessionState},
    },
};

/// What [`authorize`] gives: the act is permitted, and there is room for it in every quota. What it costs is still to be charged.
#[must_use = "an act that is permitted is still to be charged"]
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    member: Usage,
    shared: Option<Usage>,
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
    member.check_belongs(address, session)?;
    let permitted = if same(&member.wallet, act.signer) {
        u32::MAX
    } else if same(&member.session_key, act.signer) {
        if time::has_passed(act.now, member.key_expires_at) {
            return Err(Denial::KeyExpired.into());
        }
        member.key_permissions
    } else {
        return Err(Denial::NotThisMember.into());
    };
    member.check_in(act.now)?;
    if !covers(permitted & session.config.permissions & member.rights.permissions, permission.bits()) {
        return Err(Denial::NotPermitted.into());
    }
    session.check_allows(When::Acting, act.now)?;
    let elapsed = session.elapsed(act.now);
    let member = member.usage.plus(cost, &member.rights.quotas, elapsed)?;
    let limits = &session.config.quotas;
    let shared = if limits.are_unlimited() { None } else { Some(session.usage.plus(cost, limits, elapsed)?) };
    Ok(Permit { member, shared })
}

impl Permit {
    /// Writes what the act costs: to the member's account, and to the session's if it has shared limits.
    ///
    /// # Errors
    /// ArithmeticOverflow if the member's writes are used up.
    #[inline(always)]
    pub fn charge(self, member: &mut MemberState, session: &mut SessionState) -> core::result::Result<(), SessionError> {
        member.header.count_write()?;
        member.usage = self.member;
        if let Some(shared) = self.shared {
            session.usage = shared;
        }
        Ok(())
    }
}
