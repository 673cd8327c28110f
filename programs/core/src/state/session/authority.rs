//! Who rules a session: proposing another authority, and accepting it.

use {
    super::{SessionState, lifecycle::only},
    crate::{
        Address, NOBODY, Result,
        error::Denial,
        events::{AuthorityProposed, AuthorityTransferred, EventSink},
        rules::lifecycle::When,
        same,
        state::{Act, MemberState},
    },
};

impl SessionState {
    /// Proposes another authority, by the present one, from Created to Paused. It replaces an earlier proposal; to propose oneself takes that
    /// back.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive, StepTimedOut, SessionExpired; MemberNotActive.
    #[inline(always)]
    pub fn propose_authority(&mut self, act: &Act<'_>, member: &MemberState, events: &mut impl EventSink) -> Result<()> {
        member.check_belongs(act.account, self)?;
        only(&self.authority, act)?;
        self.check_allows(When::Ruling, act.now)?;
        let withdraws = same(&member.wallet, &self.authority);
        if !withdraws {
            member.check_present(act.now)?;
        }
        self.header.count_write()?;
        self.pending_authority = if withdraws { NOBODY } else { member.wallet };
        self.tell(act, events, |state, about| AuthorityProposed::new(about, state.pending_authority));
        Ok(())
    }

    /// Accepts to rule the session, by whom the authority proposed, from Created to Paused. Whoever ruled it stays a member with the rights
    /// that they have.
    ///
    /// # Errors
    /// WrongSession, StaleEpoch; PermissionDenied; SessionNotActive, StepTimedOut, SessionExpired.
    #[inline(always)]
    pub fn accept_authority(&mut self, act: &Act<'_>, member: &MemberState, events: &mut impl EventSink) -> Result<()> {
        member.check_belongs(act.account, self)?;
        only(&self.pending_authority, act)?;
        if !same(&member.wallet, act.signer) {
            return Err(Denial::NotTheWallet.into());
        }
        member.check_in(act.now)?;
        self.check_allows(When::Ruling, act.now)?;
        self.header.count_write()?;
        let from = core::mem::replace(&mut self.authority, *act.signer);
        self.pending_authority = NOBODY;
        self.tell(act, events, |state, about| AuthorityTransferred::new(about, from, state.authority));
        Ok(())
    }

    /// Forgets a proposal to a wallet that is in the session no longer.
    #[inline(always)]
    pub(in crate::state) fn withdraw_proposal(&mut self, wallet: &Address) {
        if same(&self.pending_authority, wallet) {
            self.pending_authority = NOBODY;
        }
    }

    /// Refuses to let the authority out of the session.
    #[inline(always)]
    pub(in crate::state) fn check_may_go(&self, wallet: &Address) -> core::result::Result<(), Denial> {
        if same(&self.authority, wallet) { Err(Denial::AuthorityStays) } else { Ok(()) }
    }
}
