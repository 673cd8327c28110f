//! `reclaim_session`: deletes a closed session and pays its rent back, by anyone.

use {
    crate::{
        events::Log,
        refusal::refuse,
        state::{Session, Stored},
    },
    anchor_lang::{
        pinocchio::cpi::{Seed, Signer as SignerSeeds},
        prelude::*,
    },
    pinocchio_system::instructions::Transfer,
    sessions_core::{
        Act, SessionError,
        state::{SEED_VAULT, SessionState},
    },
};

/// Accounts of `reclaim_session`.
#[derive(Accounts)]
pub struct ReclaimSession {
    /// The session.
    #[account(mut, close = payer)]
    pub session: Stored<Session>,
    /// Who gets the rent back.
    ///
    /// CHECK: its address is the payer's that the session records; it only receives lamports, so it may be the creator too (`unsafe(dup)`).
    #[account(mut, unsafe(dup), address = session.state.header.payer @ SessionError::WrongRentRecipient)]
    pub payer: UncheckedAccount,
    /// Who gets what is left in the vault.
    ///
    /// CHECK: its address is the creator's that the session records; it only receives lamports, so it may be the payer too (`unsafe(dup)`).
    #[account(mut, unsafe(dup), address = session.state.creator @ SessionError::WrongRentRecipient)]
    pub creator: UncheckedAccount,
    /// The session's vault.
    #[account(mut, seeds = [SEED_VAULT, session.account().address().as_ref()], bump)]
    pub vault: SystemAccount,
    /// Moves the vault's lamports.
    pub system_program: Program<System>,
}

impl ReclaimSession {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let ReclaimSession { session, creator, vault, .. } = &mut ctx.accounts;
        let view = *session.account();
        let clock = Clock::get()?;
        // Nobody in particular has to sign for this; the session's address stands for "anyone".
        let act = Act { account: view.address(), signer: view.address(), now: clock.unix_timestamp, slot: clock.slot };
        session.state.reclaim(&act, &mut Log).map_err(refuse)?;
        let balance = vault.account().lamports();
        if balance > 0 {
            let bump = [ctx.bumps.vault];
            let [seed, address] = SessionState::vault_seeds(view.address());
            let seeds = [Seed::from(seed), Seed::from(address), Seed::from(&bump)];
            let (from, to) = (vault.account(), creator.account());
            Transfer { from, to, lamports: balance }.invoke_signed(&[SignerSeeds::from(&seeds)])?;
        }
        Ok(())
    }
}
