//! What the vault holds before and after each call of an execution, and what of it is missing.
//!
//! Only what the transaction passes as writable can change, so only that is looked at. A token account that stands there twice counts once.

use {
    super::{Stage, put},
    crate::{
        events::Log,
        refusal::refuse,
        state::{Allowance, Stored},
        tokens, vaults,
    },
    anchor_lang::{prelude::*, programs::System as SystemProgram},
    sessions_core::{
        Act, Address, AllowanceState, MemberState, SessionError, SessionState,
        rules::functions::MAX_ACCOUNTS,
        rules::outflow::{SOL, TokenHolding, VaultAccount, is_rent_safe},
        same,
        state::At,
    },
};

/// What the vault holds, and what calls took out of it so far.
pub struct Holdings<'a> {
    vault: VaultAccount,
    /// Lamports that left the vault itself.
    lost: u64,
    tokens: Vec<Holding<'a>>,
}

/// A token account of the vault's.
struct Holding<'a> {
    view: &'a AccountView,
    now: TokenHolding,
    /// What left it.
    lost: u64,
}

/// What the vault itself is.
#[inline(always)]
fn vault_account(view: &AccountView) -> VaultAccount {
    VaultAccount { lamports: view.lamports(), is_plain: same(view.owner(), &SystemProgram::id()) && view.data_len() == 0 }
}

/// Whether two views are of one account.
#[inline(always)]
fn is_one(a: &AccountView, b: &AccountView) -> bool {
    core::ptr::eq(a.account_ptr(), b.account_ptr())
}

impl<'a> Holdings<'a> {
    /// The vault itself; its token accounts are still to be [found](Holdings::find).
    #[inline(always)]
    pub fn of(stage: &Stage<'a>) -> Self {
        Self { vault: vault_account(stage.vault), lost: 0, tokens: Vec::with_capacity(MAX_ACCOUNTS) }
    }

    /// Adds the vault's token accounts that are not known yet; `came` if a call made them the vault's, who then has to have them to itself.
    ///
    /// # Errors
    /// InvalidConfiguration naming the accounts, if more of them are the vault's than a call can name; PolicyViolation.
    #[inline(never)]
    pub fn find(&mut self, stage: &Stage<'a>, came: bool) -> Result<()> {
        for view in stage.rest.iter().filter(|view| view.is_writable()) {
            if let Some(now) = tokens::holding(view, stage.vault.address())
                && !self.tokens.iter().any(|known| is_one(known.view, view))
            {
                if came {
                    now.check_new().map_err(|violation| refuse(violation.into()))?;
                }
                put(&mut self.tokens, Holding { view, now, lost: 0 })?;
            }
        }
        Ok(())
    }

    /// Notes what a call took out of the vault, and checks how it left it. Each call is looked at by itself: what one brings in does not pay for
    /// what another takes.
    ///
    /// # Errors
    /// PolicyViolation; ArithmeticOverflow.
    #[inline(always)]
    pub fn follow(&mut self, stage: &Stage<'a>) -> Result<()> {
        let vault = vault_account(stage.vault);
        let lost = self.vault.lost(&vault).map_err(|violation| refuse(violation.into()))?;
        self.lost = self.lost.checked_add(lost).ok_or(SessionError::ArithmeticOverflow)?;
        self.vault = vault;
        for Holding { view, now, lost } in &mut self.tokens {
            let after = tokens::holding(view, stage.vault.address());
            let (after, taken) = now.lost(after).map_err(|violation| refuse(violation.into()))?;
            *lost = lost.checked_add(taken).ok_or(SessionError::ArithmeticOverflow)?;
            *now = after;
        }
        self.find(stage, true)
    }

    /// Charges what calls took to the member's allowances.
    ///
    /// # Errors
    /// VaultBelowRent; AllowanceNotFound; those of [`AllowanceState::charge_outflow`].
    #[inline(always)]
    pub fn settle(mut self, debtor: &Debtor<'_>) -> Result<()> {
        if self.lost > 0 {
            if !is_rent_safe(self.vault.lamports, vaults::rent_minimum()?) {
                return Err(SessionError::VaultBelowRent.into());
            }
            debtor.charge(&SOL, self.lost)?;
        }
        while let Some(Holding { now, mut lost, .. }) = self.tokens.pop() {
            for other in self.tokens.iter_mut().filter(|other| same(&other.now.mint, &now.mint)) {
                lost = lost.checked_add(core::mem::take(&mut other.lost)).ok_or(SessionError::ArithmeticOverflow)?;
            }
            if lost > 0 {
                debtor.charge(&now.mint, lost)?;
            }
        }
        Ok(())
    }
}

/// Who has to pay for what is missing.
pub struct Debtor<'a> {
    /// The accounts, among which the member's allowances are.
    pub stage: &'a Stage<'a>,
    /// Who called.
    pub act: &'a Act<'a>,
    /// The session.
    pub session: At<'a, &'a SessionState>,
    /// The member, whose execution it is.
    pub member: &'a MemberState,
}

impl Debtor<'_> {
    /// Charges what is missing of a mint to the member's allowance.
    #[cold]
    #[inline(never)]
    fn charge(&self, mint: &Address, amount: u64) -> Result<()> {
        let Self { stage, act, session, member } = self;
        for view in stage.rest.iter().filter(|view| same(view.owner(), &crate::ID)) {
            let is_allowance = AllowanceState::read(&view.try_borrow()?).is_ok_and(|state| state.is_of(stage.member.address(), mint));
            if is_allowance {
                let mut allowance = Stored::<Allowance>::open(view)?;
                let act = Act { account: view.address(), ..**act };
                let session = At { address: session.address, state: session.state };
                return allowance.state.charge_outflow(&act, session, member, amount, &mut Log).map_err(refuse);
            }
        }
        Err(SessionError::AllowanceNotFound.into())
    }
}
