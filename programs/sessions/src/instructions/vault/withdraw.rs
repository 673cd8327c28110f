//! `withdraw`: takes SOL or tokens out of the vault, by the authority; once the session is closed or gone by anyone, all of it and to its
//! creator.

use {
    crate::{
        ID,
        events::Log,
        instructions::act_now,
        refusal::refuse,
        state::{Session, Stored, derive},
        tokens,
        vaults::{self, Movement, TokenRoute, VaultSigner},
    },
    anchor_lang::prelude::*,
    sessions_core::{
        SessionError, SessionState,
        events::{About, EventSink, Withdrawn},
        rules::{lifecycle::Status, outflow::SOL},
        same,
        state::{Vault, session::vault::Withdrawal},
    },
};

/// Arguments of `withdraw`.
#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize, IdlType)]
#[repr(C)]
#[wincode(assert_zero_copy)]
pub struct WithdrawArgs {
    /// How much leaves the vault, in lamports or the mint's smallest parts; 2⁶⁴ − 1 for all of it. Once the session is closed or gone it is all of
    /// it in any case.
    pub amount: u64,
    /// The session's id, by which the session's address is known to be the recipient's where the session is gone; not read otherwise.
    pub session_id: [u8; 32],
}

/// Accounts of `withdraw`.
#[derive(Accounts)]
pub struct Withdraw {
    /// The session's authority; the transition checks it against the stored one. Anyone, once the session is closed or gone.
    pub signer: Signer,
    /// The session, or the address where it was.
    ///
    /// CHECK: an account of this program is loaded as a session; with anything else the session is gone, and the handler derives the address
    /// from the recipient and the session's id.
    #[account(mut)]
    pub session: UncheckedAccount,
    /// The session's vault. It is refused by name where it is the recipient too (`unsafe(dup)`).
    ///
    /// CHECK: the handler compares its address with the session's, or derives it.
    #[account(mut, unsafe(dup))]
    pub vault: UncheckedAccount,
    /// The wallet that gets it; of a session that is closed or gone, its creator. It only receives, so it may be the signer too (`unsafe(dup)`).
    ///
    /// CHECK: the transition, or the session's address that is derived from it, says who it may be.
    #[account(mut, unsafe(dup))]
    pub recipient: UncheckedAccount,
    /// Moves lamports.
    pub system_program: Program<System>,
    /// The mint, for tokens. Where it is SOL this program stands here and in the places behind it.
    ///
    /// CHECK: the handler checks that it is a mint of the token program.
    pub mint: UncheckedAccount,
    /// The vault's token account; writable for tokens.
    ///
    /// CHECK: the handler checks its owner, its mint and its program.
    pub vault_tokens: UncheckedAccount,
    /// The recipient's token account, writable for tokens; once the session is closed or gone the associated one, unless the recipient signs.
    ///
    /// CHECK: the handler checks its owner, its mint and its program, and whether it has to be the associated one.
    pub recipient_tokens: UncheckedAccount,
    /// SPL Token or Token-2022.
    ///
    /// CHECK: the handler checks that it is one of the two.
    pub token_program: UncheckedAccount,
}

impl Withdraw {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, args: &WithdrawArgs) -> Result<()> {
        let Withdraw { signer, session, vault, recipient, mint, vault_tokens, recipient_tokens, token_program, .. } = &mut ctx.accounts;
        let (view, vault, recipient) = (*session.account(), vault.account(), recipient.account());
        if same(recipient.address(), vault.address()) {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        let route = TokenRoute::of(mint, vault_tokens, recipient_tokens, token_program)?;
        let act = act_now(&view, signer)?;
        let (mint, balance, minimum, closes) = match &route {
            None => (SOL, vault.lamports(), vaults::rent_minimum()?, false),
            Some(route) => {
                let balance = route.balance(vault.address(), recipient.address())?;
                (*route.mint.address(), balance, 0, tokens::can_be_closed(&route.from)?)
            }
        };
        let withdrawal = Withdrawal { mint: &mint, amount: args.amount, balance, recipient: recipient.address(), minimum, closes };
        let (amount, bump, is_over) = if same(view.owner(), &ID) {
            let mut session = Stored::<Session>::open(&view)?;
            let is_over = session.state.status()? == Status::Closed;
            let known = match vaults::settle(vault, view.address(), &session.state)? {
                Some(Vault { bump, .. }) => bump,
                None => session.state.vault_bump,
            };
            (session.state.withdraw(&act, &withdrawal, &mut Log).map_err(refuse)?, known, is_over)
        } else {
            // Only this program makes accounts at its addresses, so the session that was here is gone.
            let creator = recipient.address();
            derive(&SessionState::seeds(creator, &args.session_id), view.address()).map_err(|_| SessionError::WrongRentRecipient)?;
            let seeds = SessionState::vault_seeds(view.address());
            let bump = derive(&seeds, vault.address()).map_err(|_| SessionError::WrongSession)?;
            let amount = withdrawal.remainder().map_err(refuse)?;
            let about = About { session_id: &args.session_id, address: view.address(), revision: 0, previous: 0, time: act.now };
            Log.emit(&Withdrawn::new(about, *creator, mint, amount));
            (amount, bump, true)
        };
        if let Some(route) = route.as_ref().filter(|_| is_over && !same(act.signer, recipient.address())) {
            // Whoever comes first does not choose in which of the creator's accounts it ends up.
            tokens::check_associated(&route.to, route.program.address(), &mint, recipient.address())?;
        }
        let signer = VaultSigner { session: view.address(), bump: [bump] };
        signer.sign(|seeds| {
            if amount > 0 {
                Movement { from: vault, to: recipient, route, amount }.make(seeds)?;
            }
            match route {
                Some(route) if is_over && closes => route.close(vault, recipient, seeds),
                _ => Ok(()),
            }
        })
    }
}
