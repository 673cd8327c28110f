//! `spend`: pays SOL out of the vault, by a member with SPEND and an allowance.

use {
    crate::{
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Allowance, AsPassed, Denied, Member, Session, Stored},
        vaults::{self, VaultSigner},
    },
    anchor_lang::prelude::*,
    pinocchio_system::instructions::Transfer,
    sessions_core::{
        SessionError,
        rules::outflow::SOL,
        same,
        state::{At, Payment},
    },
};

/// Arguments of `spend`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct SpendArgs {
    /// How much leaves the vault, in lamports.
    pub amount: u64,
}

/// Accounts of `spend`.
#[derive(Accounts)]
pub struct Spend {
    /// The member's wallet or its session key; the transition checks it against the membership.
    pub signer: Signer,
    /// The session; writable if it has shared limits.
    pub session: AsPassed<Session>,
    /// The membership.
    #[account(mut)]
    pub member: Stored<Member, Denied>,
    /// The member's allowance of SOL.
    #[account(mut)]
    pub allowance: Stored<Allowance>,
    /// The session's vault. It is refused by name where it is the destination too (`unsafe(dup)`).
    ///
    /// CHECK: its address is the one that the session knows since the allowance was made.
    #[account(mut, unsafe(dup))]
    pub vault: UncheckedAccount,
    /// The wallet that is paid. It only receives, so it may be the signer too (`unsafe(dup)`).
    ///
    /// CHECK: the transition checks that the allowance lists it.
    #[account(mut, unsafe(dup))]
    pub destination: UncheckedAccount,
    /// Moves lamports.
    pub system_program: Program<System>,
}

impl Spend {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: SpendArgs) -> Result<()> {
        let Spend { signer, session, member, allowance, vault, destination, .. } = &mut ctx.accounts;
        let (view, address, of) = (*allowance.account(), *session.account(), *member.account());
        let (vault, destination) = (vault.account(), destination.account());
        session.state.check_vault(vault.address())?;
        if same(destination.address(), vault.address()) {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        let act = act_now(&view, signer)?;
        let bump = [session.state.vault_bump];
        let payment = Payment { mint: &SOL, amount: args.amount, destination: destination.address() };
        let held = At { address: address.address(), state: session.held() };
        let member = At { address: of.address(), state: &mut member.state };
        allowance.state.spend(&act, held, member, &payment, &mut Log).map_err(refuse)?;
        vaults::check_lamports(vault, args.amount)?;
        let transfer = Transfer { from: vault, to: destination, lamports: args.amount };
        VaultSigner { session: address.address(), bump }.sign(|seeds| transfer.invoke_signed(seeds))
    }
}
